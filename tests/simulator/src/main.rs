//! `simulator`: plays schedules of misfortune against the whole product and judges what is left.
//!
//! A seed makes a schedule: who buys, who cheats, when the node fails, lies or forgets, when the engine dies. The
//! engine is real, and so are its database and its node; only time is moved by hand. What happens between two steps of
//! a schedule is left to the machine, so the same seed plays the same schedule and not the same microseconds.

#![expect(clippy::expect_used, clippy::panic, reason = "a harness that cannot go on ends its schedule")]
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

mod arguments;
mod clock;
mod end;
mod ground;
mod judge;
mod leave;
mod lie;
mod life;
mod people;
mod play;
mod points;
mod program;
mod proxy;
mod schedule;
mod stage;
mod weather;

use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use futures::FutureExt as _;

use crate::arguments::Arguments;
use crate::schedule::Schedule;
use crate::stage::{Ending, Stage};

/// After so many schedules a node is replaced: it forgets nothing by itself.
const PLAYS_ON_ONE_NODE: usize = 100;

/// After so many schedules it is said how many there were.
const TOLD_EVERY: u64 = 100;

fn main() -> ExitCode {
    let arguments = match Arguments::read(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(sentence) => {
            println!("{sentence}");
            return ExitCode::from(2);
        }
    };
    if let Some(every) = arguments.points {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(points::run(every));
        return ExitCode::SUCCESS;
    }
    if let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("STALLKEEPER_LOG") {
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    }
    run(&arguments)
}

/// Plays until the schedules or the minutes are over.
fn run(arguments: &Arguments) -> ExitCode {
    println!("schedules from seed {} on", arguments.seed);
    let (next, began) = (AtomicU64::new(0), Instant::now());
    let done: Vec<_> = std::thread::scope(|scope| {
        let worker = || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.expect("a runtime").block_on(work(arguments, &next, began))
        };
        let workers: Vec<_> = (0..arguments.workers).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker ends")).collect()
    });
    let (played, mut payments, mut faults, mut failed) = (done.len(), 0, 0, Vec::new());
    for (seed, ending) in done {
        payments += ending.payments;
        faults += ending.faults;
        if !ending.wrong.is_empty() {
            failed.push(seed);
        }
    }
    failed.sort_unstable();
    let seconds = began.elapsed().as_secs();
    println!(
        "{played} schedules from seed {} on in {seconds} s: {payments} payments, {faults} faults, {} failed",
        arguments.seed,
        failed.len()
    );
    for seed in &failed {
        println!("again: cargo xtask simulate --seed {seed} --schedules 1 --tell");
    }
    if failed.is_empty() && played > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn work(arguments: &Arguments, next: &AtomicU64, began: Instant) -> Vec<(u64, Ending)> {
    let mut done = Vec::new();
    let mut stage = None;
    loop {
        let number = next.fetch_add(1, Ordering::SeqCst);
        if arguments.is_over(number, began) {
            return done;
        }
        if done.len().is_multiple_of(PLAYS_ON_ONE_NODE) {
            stage = None;
        }
        let schedule = Schedule::of(arguments.seed.wrapping_add(number));
        let mut on = match stage.take() {
            Some(stage) if !schedule.is_real => stage,
            // Its node's time is not of our day: it waits for the next one.
            kept => {
                let fresh = Stage::prepare(schedule.is_real).await;
                stage = kept;
                fresh
            }
        };
        let (seed, tells, started) = (schedule.seed, arguments.tells, Instant::now());
        let ending = match AssertUnwindSafe(on.play(&schedule, tells)).catch_unwind().await {
            Ok(ending) => {
                if !schedule.is_real {
                    stage = Some(on);
                }
                ending
            }
            Err(_) => Ending { wrong: vec!["the schedule broke off".to_owned()], ..Ending::default() },
        };
        if arguments.tells {
            println!("seed {seed}: {ending:?} in {:?}", started.elapsed());
        }
        for sentence in &ending.wrong {
            println!("seed {seed}: {sentence}");
        }
        done.push((seed, ending));
        if (number + 1).is_multiple_of(TOLD_EVERY) {
            println!("{} schedules after {} s", number + 1, began.elapsed().as_secs());
        }
    }
}
