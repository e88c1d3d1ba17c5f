use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use store::{Change, Changes};
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use ts_rs::TS;

use crate::health::Seen;
use crate::keys::Kept;

/// How long changes are gathered after the first: they come in rushes, and one look answers many.
const RUSH: Duration = Duration::from_millis(200);

/// Something of which an earlier answer may be wrong now. Whoever shows it asks again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum Stale {
    /// All of it.
    Everything,
    /// What is for sale, and whether its files are as they were published.
    Endpoints,
    /// Payments, their states and their sums.
    Payments,
    /// Batches and their attempts.
    Batches,
    /// Settings and networks.
    Settings,
    /// How far deliveries have got.
    Deliveries,
    /// Webhooks, and what they were told.
    Webhooks,
    /// What the seller was told.
    Notices,
    /// Whether sales and settling are possible: the switch, the node, the gas wallet and its lock.
    Status,
    /// How buyers reach the stall, and whether it was found at the end of that way.
    Reach,
}

impl From<Change> for Stale {
    fn from(change: Change) -> Self {
        match change {
            Change::Everything => Self::Everything,
            Change::Endpoints => Self::Endpoints,
            Change::Payments => Self::Payments,
            Change::Batches => Self::Batches,
            Change::Settings => Self::Settings,
            Change::Deliveries => Self::Deliveries,
            Change::Webhooks => Self::Webhooks,
            Change::Notices => Self::Notices,
        }
    }
}

/// What a window hears. It carries no news itself, so a lost one loses nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AppEvent {
    /// Each at most once, and nothing else beside [`Stale::Everything`].
    pub stale: Vec<Stale>,
}

impl AppEvent {
    /// Says that every earlier answer may be wrong now.
    pub fn everything() -> Self {
        Self { stale: vec![Stale::Everything] }
    }

    fn of(stale: BTreeSet<Stale>) -> Self {
        if stale.contains(&Stale::Everything) {
            return Self::everything();
        }
        Self { stale: stale.into_iter().collect() }
    }
}

/// The changes of a stall, gathered into events. While there is one, the node is looked at.
pub struct Events {
    changes: Changes,
    health: watch::Receiver<Option<Seen>>,
    selling: watch::Receiver<bool>,
    keys: watch::Receiver<Option<Kept>>,
    files: watch::Receiver<()>,
    reach: watch::Receiver<()>,
}

impl std::fmt::Debug for Events {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}

impl Events {
    pub(crate) fn new(
        changes: Changes,
        health: watch::Receiver<Option<Seen>>,
        selling: Option<watch::Receiver<bool>>,
        keys: watch::Receiver<Option<Kept>>,
        files: Option<watch::Receiver<()>>,
        reach: Option<watch::Receiver<()>>,
    ) -> Self {
        // A switch that nobody can turn tells nothing, nor do files that nobody sells, nor ways that lead nowhere.
        let selling = selling.unwrap_or_else(|| watch::Sender::new(true).subscribe());
        let files = files.unwrap_or_else(|| watch::Sender::new(()).subscribe());
        let reach = reach.unwrap_or_else(|| watch::Sender::new(()).subscribe());
        Self { changes, health, selling, keys, files, reach }
    }

    /// The next event, at most five a second; none once the stall is closed.
    pub async fn next(&mut self) -> Option<AppEvent> {
        let mut stale = BTreeSet::from([self.one().await?]);
        let end = Instant::now() + RUSH;
        while let Ok(Some(one)) = timeout_at(end, self.one()).await {
            stale.insert(one);
        }
        Some(AppEvent::of(stale))
    }

    async fn one(&mut self) -> Option<Stale> {
        tokio::select! {
            change = self.changes.next() => change.map(Stale::from),
            Ok(()) = self.health.changed() => Some(Stale::Status),
            Ok(()) = self.selling.changed() => Some(Stale::Status),
            Ok(()) = self.keys.changed() => Some(Stale::Status),
            Ok(()) = self.files.changed() => Some(Stale::Endpoints),
            Ok(()) = self.reach.changed() => Some(Stale::Reach),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rush_of_changes_names_each_thing_once() {
        let stale = BTreeSet::from([Stale::Payments, Stale::Batches, Stale::Payments]);
        assert_eq!(AppEvent::of(stale).stale, [Stale::Payments, Stale::Batches]);
    }

    #[test]
    fn everything_says_it_all() {
        assert_eq!(
            AppEvent::of(BTreeSet::from([Stale::Payments, Stale::Everything])),
            AppEvent::everything()
        );
        assert_eq!(
            serde_json::to_value(AppEvent::everything()).unwrap(),
            serde_json::json!({ "stale": ["everything"] })
        );
    }
}
