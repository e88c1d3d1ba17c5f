//! Delivery of what is already paid: Stallkeeper by its download links beside nginx with the same files, with and
//! without `sendfile`, in one run.

use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use hyper::header::HeaderValue;
use hyper::{StatusCode, Uri};
use secp256k1::{All, Secp256k1};
use tokio::process::Command;

use crate::authorization;
use crate::connection::Connection;
use crate::cores::Cores;
use crate::load::{Asking, Bounds, measure};
use crate::offer::Offer;
use crate::payer::Payer;
use crate::process::{Place, Process};
use crate::stallkeeper::Stall;

const CALLERS: usize = 32;
const ROUNDS: usize = 3;
/// What is sold, how long it is, and how often it is asked for.
const FILES: [(&str, usize, usize); 3] =
    [("small", 1 << 10, 40_000), ("middle", 100 << 10, 20_000), ("large", 10 << 20, 300)];
const TIME: Duration = Duration::from_secs(6);
const WANTS_LINK: HeaderValue = HeaderValue::from_static("application/json; profile=stallkeeper-grant");

/// One server and where it has each of [`FILES`].
struct Subject {
    server: Process,
    paths: Vec<Uri>,
}

/// Measures all of them and prints the ratios that the targets are about.
pub(crate) async fn run(
    program: &Path,
    cores: &Cores,
    folder: &Path,
    secp: &Secp256k1<All>,
    payers: &[Payer],
) -> anyhow::Result<()> {
    let files = folder.join("files");
    std::fs::create_dir(&files)?;
    for (name, bytes, _) in FILES {
        std::fs::write(files.join(name), vec![b'x'; bytes])?;
    }
    let subjects = [
        stallkeeper(program, cores, folder, &files, secp, payers).await?,
        nginx("nginx, sendfile", "on", cores, folder, &files).await?,
        nginx("nginx, no sendfile", "off", cores, folder, &files).await?,
    ];
    println!("\ndelivery of what is already paid, {CALLERS} callers, CPU µs per request:");
    for (index, (name, bytes, requests)) in FILES.into_iter().enumerate() {
        let mut medians = Vec::with_capacity(subjects.len());
        let mut rounds = vec![Vec::with_capacity(ROUNDS); subjects.len()];
        for _ in 0..ROUNDS {
            for (subject, measured) in subjects.iter().zip(&mut rounds) {
                let path = subject.paths.get(index).context("a path for each file")?;
                let asking = || Asking::Owned { path: path.clone(), bytes };
                measure(&subject.server, CALLERS, asking(), bounds(requests / 8)).await?;
                measured
                    .push(measure(&subject.server, CALLERS, asking(), bounds(requests)).await?.cpu_micros());
            }
        }
        for measured in &mut rounds {
            measured.sort_by(f64::total_cmp);
            medians.push(measured.get(ROUNDS / 2).copied().context("a median")?);
        }
        let [ours, sendfile, plain] = medians[..] else { anyhow::bail!("three servers are compared") };
        println!(
            "{name:<7} {bytes:>9} B: stallkeeper {ours:.1}, nginx {sendfile:.1} with sendfile and {plain:.1} without: \
             {:.2} × and {:.2} ×",
            ours / sendfile,
            ours / plain
        );
    }
    for subject in subjects {
        subject.server.stop().await?;
    }
    Ok(())
}

const fn bounds(requests: usize) -> Bounds {
    Bounds { requests, time: TIME }
}

/// Sells every file once, and keeps the links by which who bought it receives it again.
async fn stallkeeper(
    program: &Path,
    cores: &Cores,
    folder: &Path,
    files: &Path,
    secp: &Secp256k1<All>,
    payers: &[Payer],
) -> anyhow::Result<Subject> {
    let stall = Stall::new(program, &folder.join("delivery"));
    let server = stall.open(cores, folder).await?;
    let payer = payers.get(..1).context("somebody who pays")?;
    for payer in payer {
        stall.fund(payer).await?;
    }
    let mut paths = Vec::with_capacity(FILES.len());
    for (name, ..) in FILES {
        let path = format!("/{name}");
        stall.sell(&path, &files.join(name)).await?;
        let path: Uri = path.parse()?;
        let mut connection = Connection::open(server.url()).await?;
        let unpaid = connection.get(&path, None, None).await?;
        let payment = authorization::sign(secp, payer, &Offer::read(&unpaid)?, 1)?.pop();
        let bought = connection.get(&path, payment, Some(WANTS_LINK)).await?;
        anyhow::ensure!(bought.status == StatusCode::OK, "it answered {}", bought.in_words());
        let said: serde_json::Value = serde_json::from_slice(&bought.body)?;
        paths.push(said["grant"].as_str().context("an answer without a link")?.parse()?);
    }
    Ok(Subject { server, paths })
}

/// One nginx without children, so that its process is all of it.
async fn nginx(
    name: &'static str,
    sendfile: &str,
    cores: &Cores,
    folder: &Path,
    files: &Path,
) -> anyhow::Result<Subject> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let place = folder.join(format!("nginx-{sendfile}"));
    std::fs::create_dir(&place)?;
    let (at, files) = (place.display(), files.display());
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {at}/{kind};"))
        .concat();
    let configuration = format!(
        "daemon off; master_process off; pid {at}/pid; error_log {at}/error.log; events {{ worker_connections 256; }}
         http {{ access_log off; {temporary} sendfile {sendfile}; tcp_nopush {sendfile}; keepalive_requests 1000000;
                 server {{ listen 127.0.0.1:{port}; root {files}; }} }}"
    );
    std::fs::write(place.join("nginx.conf"), configuration)?;
    // It says nothing when it is ready, so a shell says it beforehand and becomes nginx.
    let mut command = Command::new("sh");
    let ready = format!("{{\"ready\":true,\"url\":\"http://127.0.0.1:{port}\"}}");
    let script = "echo \"$1\"; PATH=$PATH:/usr/sbin; exec nginx -p \"$2\" -c nginx.conf";
    command.args(["-c", script, "sh", &ready]).arg(&place);
    let server = Process::start(name, command, Place::Measured, cores, &place.join("log")).await?;
    let paths = FILES.iter().map(|(name, ..)| format!("/{name}").parse()).collect::<Result<_, _>>()?;
    for _ in 0..100 {
        if Connection::open(server.url()).await.is_ok() {
            return Ok(Subject { server, paths });
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("{name} does not listen: {}", server.last_words())
}
