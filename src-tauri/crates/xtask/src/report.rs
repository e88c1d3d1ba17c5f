//! Runs the steps of `test` and `check`, goes on after a failure, and says at the end what failed.

use std::panic::resume_unwind;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use crate::counts::Counts;

/// What the steps so far have shown.
pub(crate) struct Report {
    began: Instant,
    counts: Counts,
    durations: Vec<(String, Duration)>,
    failures: Vec<String>,
}

impl Default for Report {
    fn default() -> Self {
        Self { began: Instant::now(), counts: Counts::default(), durations: Vec::new(), failures: Vec::new() }
    }
}

impl Report {
    /// Does `other` steps beside these, which mostly wait for the network or keep one core busy, and answers when both are
    /// done.
    pub(crate) fn beside(&mut self, other: impl FnOnce(&mut Self) + Send, these: impl FnOnce(&mut Self)) {
        let beside = thread::scope(|scope| {
            let beside = scope.spawn(|| {
                let mut report = Self::default();
                other(&mut report);
                report
            });
            these(self);
            beside.join()
        });
        let beside = beside.unwrap_or_else(|panic| resume_unwind(panic));
        self.counts += beside.counts;
        self.durations.extend(beside.durations);
        self.failures.extend(beside.failures);
    }

    /// A step that proves or prepares something without counting tests.
    pub(crate) fn step(&mut self, name: &str, work: impl FnOnce() -> Result<(), String>) {
        self.counted(name, || (Counts::default(), work()));
    }

    /// A step that counts tests. A failure its runner did not count counts as one.
    pub(crate) fn counted(&mut self, name: &str, work: impl FnOnce() -> (Counts, Result<(), String>)) {
        let (mut counts, took, ended) = announced(name, work);
        if let Err(reason) = ended {
            if counts.failed == 0 {
                counts.failed = 1;
            }
            self.failures.push(format!("{name}: {reason}"));
        }
        self.counts += counts;
        self.durations.push((name.to_owned(), took));
    }

    /// Prints the durations and the failures on stderr, and the sum as the last line on stdout.
    pub(crate) fn finish(self) -> ExitCode {
        eprintln!("\nStep durations:");
        for (name, took) in &self.durations {
            eprintln!("  {:>7.1} s  {name}", took.as_secs_f64());
        }
        eprintln!("  {:>7.1} s  in all, some beside others", self.began.elapsed().as_secs_f64());
        if !self.failures.is_empty() {
            eprintln!("\nFailed:");
            for failure in &self.failures {
                eprintln!("  - {failure}");
            }
        }
        println!("{}", self.summary());
        if self.counts.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn summary(&self) -> String {
        format!("{} passed, {} failed", self.counts.passed, self.counts.failed)
    }
}

/// Does one step of a run that stops at its first failure.
pub(crate) fn must(name: &str, work: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    announced(name, || (Counts::default(), work())).2.map_err(|reason| format!("{name}: {reason}"))
}

fn announced(
    name: &str,
    work: impl FnOnce() -> (Counts, Result<(), String>),
) -> (Counts, Duration, Result<(), String>) {
    eprintln!("\n==> {name}");
    let began = Instant::now();
    let (counts, ended) = work();
    let took = began.elapsed();
    let word = if ended.is_ok() { "done" } else { "FAILED" };
    eprintln!("    {word} in {:.1} s: {name}", took.as_secs_f64());
    (counts, took, ended)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(passed: u64, failed: u64) -> Counts {
        Counts { passed, failed }
    }

    #[test]
    fn the_sum_covers_all_runners() {
        let mut report = Report::default();
        report.counted("cargo test", || (ran(5, 0), Ok(())));
        report.step("formatting", || Ok(()));
        report.counted("npm test", || (ran(2, 1), Err("`npm test` ended with exit status: 1".into())));
        assert_eq!(report.summary(), "7 passed, 1 failed");
        assert_eq!(report.failures, ["npm test: `npm test` ended with exit status: 1"]);
    }

    #[test]
    fn what_is_done_beside_counts_as_well() {
        let mut report = Report::default();
        report.beside(
            |other| {
                other.counted("npm test", || (ran(0, 1), Err("`npm test` ended with exit status: 1".into())));
            },
            |these| these.counted("cargo test", || (ran(5, 0), Ok(()))),
        );
        assert_eq!(report.summary(), "5 passed, 1 failed");
        assert_eq!(report.failures, ["npm test: `npm test` ended with exit status: 1"]);
    }

    #[test]
    fn a_runner_that_fails_without_counting_is_one_failure_and_the_rest_still_runs() {
        let mut report = Report::default();
        report.step("lints", || Err("`cargo clippy` ended with exit status: 101".into()));
        report.counted("cargo test", || (ran(3, 0), Ok(())));
        assert_eq!(report.summary(), "3 passed, 1 failed");
    }

    #[test]
    fn passed_tests_do_not_hide_that_a_runner_ended_badly() {
        let mut report = Report::default();
        report.counted("cargo test", || (ran(3, 0), Err("a crate does not compile".into())));
        assert_eq!(report.summary(), "3 passed, 1 failed");
    }
}
