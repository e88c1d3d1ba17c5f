use std::collections::HashMap;

use domain::EndpointId;
use store::Visits;

/// How many endpoints and days are counted before they are written; what comes beyond it is not counted.
const MOST: usize = 4096;

/// What a visit came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Terms were shown.
    Shown,
    /// The payer signed them, and it was taken.
    Signed,
    /// All of it arrived.
    Delivered,
}

/// What was counted and is not written yet.
#[derive(Debug, Default)]
pub(crate) struct Counts(HashMap<(EndpointId, i64), Visits>);

impl Counts {
    pub(crate) fn count(&mut self, endpoint: EndpointId, day: i64, step: Step) {
        let Some(visits) = self.of(endpoint, day) else { return };
        match step {
            Step::Shown => visits.shown += 1,
            Step::Signed => visits.signed += 1,
            Step::Delivered => visits.delivered += 1,
        }
    }

    pub(crate) fn take(&mut self) -> Vec<Visits> {
        self.0.drain().map(|(_, visits)| visits).collect()
    }

    /// Keeps what could not be written.
    pub(crate) fn put_back(&mut self, taken: &[Visits]) {
        for earlier in taken {
            let Some(visits) = self.of(earlier.endpoint, earlier.day) else { continue };
            visits.shown += earlier.shown;
            visits.signed += earlier.signed;
            visits.delivered += earlier.delivered;
        }
    }

    fn of(&mut self, endpoint: EndpointId, day: i64) -> Option<&mut Visits> {
        if self.0.len() >= MOST && !self.0.contains_key(&(endpoint, day)) {
            return None;
        }
        let none = Visits { endpoint, day, shown: 0, signed: 0, delivered: 0, settled: 0 };
        Some(self.0.entry((endpoint, day)).or_insert(none))
    }
}
