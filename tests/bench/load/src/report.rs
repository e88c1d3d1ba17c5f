//! One table, and the ratios that the targets are about.

use std::time::Duration;

use crate::comparison::{Subject, Task};
use crate::latencies::Latencies;

const UNPAID: [Task; 2] = [Task { paid: false, callers: 1 }, Task { paid: false, callers: 64 }];
const PAID: [Task; 2] = [Task { paid: true, callers: 1 }, Task { paid: true, callers: 64 }];

/// Prints everything. The first subject is compared with the others.
pub(crate) fn print(subjects: &[Subject], idle_syncs: &Latencies, busy_syncs: &Latencies) {
    print_table(subjects);
    println!();
    for (when, syncs) in [("idle machine", idle_syncs), ("busy core", busy_syncs)] {
        println!(
            "raw fdatasync of 4 KiB appends, {when}: {} times, p50 {:.3} ms, p99 {:.3} ms",
            syncs.count(),
            milliseconds(syncs.percentile(50)),
            milliseconds(syncs.percentile(99)),
        );
    }
    println!(
        "Stallkeeper verifies and stores every paid request; the peers ask a stub facilitator, whose CPU is not counted."
    );
    println!(
        "CPU is the server's own process on a core of its own; the median of the rounds by CPU is shown.\n"
    );
    let Some((ours, peers)) = subjects.split_first() else { return };
    print_ratios(ours, peers);
    println!();
    print_tail(ours, idle_syncs, busy_syncs);
}

fn print_table(subjects: &[Subject]) {
    println!();
    println!(
        "{:<15} {:<11} {:>7} {:>9} {:>11} {:>11} {:>9} {:>9}",
        "server", "work", "callers", "requests", "requests/s", "CPU µs/req", "p50 ms", "p99 ms"
    );
    for task in UNPAID.into_iter().chain(PAID) {
        for subject in subjects {
            let Some(measured) = subject.median(task) else { continue };
            println!(
                "{:<15} {:<11} {:>7} {:>9} {:>11.0} {:>11.1} {:>9.3} {:>9.3}",
                subject.name(),
                work(task),
                task.callers,
                measured.requests,
                measured.rate(),
                measured.cpu_micros(),
                milliseconds(measured.latencies.percentile(50)),
                milliseconds(measured.latencies.percentile(99)),
            );
        }
    }
}

fn print_ratios(ours: &Subject, peers: &[Subject]) {
    for task in UNPAID.into_iter().chain(PAID) {
        for peer in peers {
            let (Some(mine), Some(theirs)) = (ours.median(task), peer.median(task)) else { continue };
            println!(
                "{:<11} {:>2} callers: CPU of {} = {:.2} × {} ({:.1} times less)",
                work(task),
                task.callers,
                ours.name(),
                mine.cpu_micros() / theirs.cpu_micros(),
                peer.name(),
                theirs.cpu_micros() / mine.cpu_micros(),
            );
        }
    }
}

/// The slow answers beside what they cannot be faster than: a sync, and everybody's turn on the one core.
fn print_tail(ours: &Subject, idle_syncs: &Latencies, busy_syncs: &Latencies) {
    for task in PAID {
        let Some(mine) = ours.median(task) else { continue };
        let p99 = milliseconds(mine.latencies.percentile(99));
        println!(
            "{:<11} {:>2} callers: p99 of {} = {:.2} × raw fdatasync p99 on the idle machine, {:.2} × on the busy core; \
             {} × CPU per request alone is {:.3} ms",
            work(task),
            task.callers,
            ours.name(),
            p99 / milliseconds(idle_syncs.percentile(99)),
            p99 / milliseconds(busy_syncs.percentile(99)),
            task.callers,
            mine.cpu_micros() * task.callers as f64 / 1e3,
        );
    }
}

fn work(task: Task) -> &'static str {
    if task.paid { "paid" } else { "unpaid 402" }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
