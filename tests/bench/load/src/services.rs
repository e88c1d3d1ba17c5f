//! What a service costs beside the service's own work: Stallkeeper, which gives its answers away here, beside nginx with `proxy_pass` and
//! connections that are kept open, before the same upstream.

use std::path::Path;
use std::time::Duration;

use crate::cores::Cores;
use crate::load::Bounds;
use crate::nginx;
use crate::process::Place;
use crate::rounds::{Subject, Work, medians};
use crate::stallkeeper::Stall;

/// A seller gives away at most so many a day at one path, so each round has a path of its own.
const GIVEN_AWAY: usize = 10_000;
const ROUNDS: usize = 3;
const TIME: Duration = Duration::from_secs(8);

const ANSWERS: [Work; 2] = [answer("1 KiB", 1 << 10), answer("100 KiB", 100 << 10)];

const fn answer(name: &'static str, bytes: u64) -> Work {
    let warm_up = Bounds { requests: GIVEN_AWAY / 5, time: TIME };
    let bounds = Bounds { requests: GIVEN_AWAY / 5 * 4, time: TIME };
    Work { name, bytes, callers: 32, warm_up, bounds }
}

/// Measures both and prints the ratio that the target is about.
pub(crate) async fn run(program: &Path, cores: &Cores, folder: &Path) -> anyhow::Result<()> {
    let files = folder.join("files");
    std::fs::create_dir(&files)?;
    for (number, answer) in ANSWERS.iter().enumerate() {
        std::fs::File::create(files.join(number.to_string()))?.set_len(answer.bytes)?;
    }
    let says = format!("root {}; sendfile on; tcp_nopush on;", files.display());
    let upstream = nginx::start("upstream", Place::Beside, ("", &says), cores, folder).await?;
    let address = upstream.url().strip_prefix("http://").unwrap_or_default();

    let stall = Stall::new(program, &folder.join("data"));
    let server = stall.open(cores, folder).await?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for number in 0..ANSWERS.len() {
        let mut paths = Vec::with_capacity(ROUNDS);
        for round in 0..ROUNDS {
            let path = format!("/answer-{number}-{round}");
            stall.give_away(&path, &format!("http://{address}/{number}"), GIVEN_AWAY).await?;
            paths.push(path.parse()?);
        }
        ours.push(paths);
        theirs.push(vec![format!("/{number}").parse()?]);
    }
    let before = format!("upstream beside {{ server {address}; keepalive 64; keepalive_requests 1000000; }}");
    let says =
        "location / { proxy_pass http://beside; proxy_http_version 1.1; proxy_set_header Connection \"\"; }";
    let proxy = nginx::start("nginx, proxy_pass", Place::Measured, (&before, says), cores, folder).await?;
    let subjects = [Subject { server, paths: ours }, Subject { server: proxy, paths: theirs }];
    println!("\na service, payment aside, CPU µs per request:");
    for (number, work) in ANSWERS.into_iter().enumerate() {
        let measured = medians(&subjects, number, work).await?;
        let [ours, theirs] = measured[..] else { anyhow::bail!("two servers are compared") };
        println!(
            "{:<8} stallkeeper {ours:.1}, nginx proxy_pass {theirs:.1}: {:.2} ×",
            work.name,
            ours / theirs
        );
    }
    for subject in subjects {
        subject.server.stop().await?;
    }
    upstream.stop().await
}
