//! Several servers that do the same work in turn, several times.

use anyhow::Context as _;
use hyper::Uri;

use crate::load::{Asking, Bounds, measure};
use crate::process::Process;

const ROUNDS: usize = 3;

/// A server, and where it answers.
pub(crate) struct Subject {
    pub(crate) server: Process,
    /// One path for each work, or one for each round of each work.
    pub(crate) paths: Vec<Vec<Uri>>,
}

/// So much is asked of each, by so many at a time, for an answer of so many bytes.
#[derive(Clone, Copy)]
pub(crate) struct Work {
    pub(crate) name: &'static str,
    pub(crate) bytes: u64,
    pub(crate) callers: usize,
    pub(crate) warm_up: Bounds,
    pub(crate) bounds: Bounds,
}

/// The median CPU time per request in microseconds of each subject for the work of this number.
pub(crate) async fn medians(subjects: &[Subject], number: usize, work: Work) -> anyhow::Result<Vec<f64>> {
    let mut measured = vec![Vec::with_capacity(ROUNDS); subjects.len()];
    for round in 0..ROUNDS {
        for (subject, measured) in subjects.iter().zip(&mut measured) {
            let paths = subject.paths.get(number).context("paths for each work")?;
            let path = paths.get(round % paths.len().max(1)).context("a path")?;
            let asking = || Asking::Free { path: path.clone(), bytes: work.bytes };
            measure(&subject.server, work.callers, asking(), work.warm_up).await?;
            let all = measure(&subject.server, work.callers, asking(), work.bounds).await?;
            measured.push(all.cpu_micros());
        }
    }
    let median = |mut rounds: Vec<f64>| {
        rounds.sort_by(f64::total_cmp);
        rounds.get(ROUNDS / 2).copied().context("a median")
    };
    measured.into_iter().map(median).collect()
}
