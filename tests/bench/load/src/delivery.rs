//! Delivery of what is already paid: Stallkeeper by its download links beside nginx with the same files, with and
//! without `sendfile`, in one run.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use hyper::Uri;

use crate::cores::Cores;
use crate::load::Bounds;
use crate::nginx;
use crate::process::Place;
use crate::rounds::{Subject, Work, medians};
use crate::stallkeeper::Stall;

const TIME: Duration = Duration::from_secs(6);

/// What is sold, and how often it is asked for.
const FILES: [Work; 4] = [
    file("1 KiB", 1 << 10, 32, 40_000),
    file("100 KiB", 100 << 10, 32, 20_000),
    file("10 MiB", 10 << 20, 32, 320),
    file("1 GiB", 1 << 30, 4, 4),
];

const fn file(name: &'static str, bytes: u64, callers: usize, requests: usize) -> Work {
    // A warm-up of the longest is one.
    let warm_up = Bounds { requests: if requests < 8 { 1 } else { requests / 8 }, time: TIME };
    Work { name, bytes, callers, warm_up, bounds: Bounds { requests, time: TIME } }
}

/// Measures all of them and prints the ratios that the targets are about.
pub(crate) async fn run(program: &Path, cores: &Cores, folder: &Path) -> anyhow::Result<()> {
    let files = folder.join("files");
    std::fs::create_dir(&files)?;
    for (number, file) in FILES.iter().enumerate() {
        // Sparse: what is measured is in the memory of the system anyway.
        std::fs::File::create(files.join(number.to_string()))?.set_len(file.bytes)?;
    }
    let stall = Stall::new(program, &folder.join("data"));
    let server = stall.open(cores, folder).await?;
    let mut paths = Vec::with_capacity(FILES.len());
    for number in 0..FILES.len() {
        let link = stall.sold(&server, &format!("/{number}"), &files.join(number.to_string())).await?;
        paths.push(vec![link]);
    }
    let mut subjects = vec![Subject { server, paths }];
    for (name, sendfile) in [("nginx, sendfile", "on"), ("nginx, no sendfile", "off")] {
        let says = format!("root {}; sendfile {sendfile}; tcp_nopush {sendfile};", files.display());
        let server = nginx::start(name, Place::Measured, ("", &says), cores, folder).await?;
        let path = |number: usize| Ok(vec![format!("/{number}").parse::<Uri>()?]);
        let paths = (0..FILES.len()).map(path).collect::<anyhow::Result<_>>()?;
        subjects.push(Subject { server, paths });
    }
    println!("\ndelivery of what is already paid, CPU µs per request:");
    println!(
        "{:<8} {:>7} {:>12} {:>15} {:>18} {:>9} {:>9}",
        "file", "callers", "stallkeeper", "nginx sendfile", "nginx no sendfile", "× first", "× second"
    );
    for (number, work) in FILES.into_iter().enumerate() {
        let measured = medians(&subjects, number, work).await?;
        let [ours, sendfile, plain] = measured[..] else { anyhow::bail!("three servers are compared") };
        println!(
            "{:<8} {:>7} {ours:>12.1} {sendfile:>15.1} {plain:>18.1} {:>9.2} {:>9.2}",
            work.name,
            work.callers,
            ours / sendfile,
            ours / plain
        );
    }
    for subject in subjects {
        subject.server.stop().await.context("the end of a server")?;
    }
    Ok(())
}
