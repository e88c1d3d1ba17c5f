//! One table, and the ratios that the targets are about.

use std::time::Duration;

use crate::comparison::{Subject, Task};
use crate::latencies::Latencies;

const UNPAID: [Task; 2] = [Task { paid: false, callers: 1 }, Task { paid: false, callers: 64 }];
const PAID: [Task; 2] = [Task { paid: true, callers: 1 }, Task { paid: true, callers: 64 }];

/// Prints everything. The first subject is compared with the others.
pub(crate) fn print(subjects: &[Subject], fsyncs: &Latencies) {
    println!();
    println!(
        "{:<15} {:<20} {:>7} {:>9} {:>11} {:>13} {:>9} {:>9}",
        "server", "work", "callers", "requests", "requests/s", "CPU µs/req", "p50 ms", "p99 ms"
    );
    for task in UNPAID.into_iter().chain(PAID) {
        for subject in subjects {
            let Some(measured) = subject.median(task) else { continue };
            println!(
                "{:<15} {:<20} {:>7} {:>9} {:>11.0} {:>13.1} {:>9.3} {:>9.3}",
                subject.name(),
                if task.paid { "paid" } else { "unpaid 402" },
                task.callers,
                measured.requests,
                measured.rate(),
                measured.cpu_micros(),
                milliseconds(measured.latencies.percentile(50)),
                milliseconds(measured.latencies.percentile(99)),
            );
        }
    }
    println!(
        "\nraw fdatasync of 4 KiB appends in the same folder: {} times, p50 {:.3} ms, p99 {:.3} ms",
        fsyncs.count(),
        milliseconds(fsyncs.percentile(50)),
        milliseconds(fsyncs.percentile(99)),
    );
    println!(
        "Stallkeeper verifies and stores every paid request; the peers ask a stub facilitator, whose CPU is not counted."
    );
    println!(
        "CPU is the server's own process on a core of its own; the median of the rounds by CPU is shown.\n"
    );

    let Some((ours, peers)) = subjects.split_first() else { return };
    for task in UNPAID.into_iter().chain(PAID) {
        for peer in peers {
            let (Some(mine), Some(theirs)) = (ours.median(task), peer.median(task)) else { continue };
            println!(
                "{:<10} {:>2} callers: CPU of {} = {:.2} × {} ({:.1} times less)",
                if task.paid { "paid" } else { "unpaid 402" },
                task.callers,
                ours.name(),
                mine.cpu_micros() / theirs.cpu_micros(),
                peer.name(),
                theirs.cpu_micros() / mine.cpu_micros(),
            );
        }
    }
    for task in PAID {
        if let Some(mine) = ours.median(task) {
            println!(
                "paid       {:>2} callers: p99 of {} = {:.2} × raw fdatasync p99",
                task.callers,
                ours.name(),
                milliseconds(mine.latencies.percentile(99)) / milliseconds(fsyncs.percentile(99)),
            );
        }
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
