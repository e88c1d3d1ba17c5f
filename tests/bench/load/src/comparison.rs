//! The whole run: start everything, see that it sells correctly, measure in rounds, report, end everything.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use hyper::{StatusCode, Uri};
use secp256k1::{All, Secp256k1};
use tokio::sync::oneshot;

use crate::connection::{Connection, PATH};
use crate::cores::Cores;
use crate::fsync::Syncs;
use crate::latencies::Latencies;
use crate::load::{Asking, Bounds, Measured, measure};
use crate::offer::Offer;
use crate::payer::Payer;
use crate::process::Process;
use crate::stallkeeper::Stall;
use crate::{authorization, fsync, peers, report};

/// Each server is measured this often, in turn; the table shows the middle one.
const ROUNDS: usize = 3;
const PAYERS: usize = 64;
const GOODS: [u8; 1024] = [b'x'; 1024];

/// One line of the table, before it is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Task {
    pub(crate) paid: bool,
    pub(crate) callers: usize,
}

/// What is measured of every server, with its bounds.
const TASKS: [(Task, Bounds); 4] = [
    (Task { paid: false, callers: 1 }, Bounds { requests: 20_000, time: Duration::from_secs(3) }),
    (Task { paid: false, callers: 64 }, Bounds { requests: 40_000, time: Duration::from_secs(4) }),
    (Task { paid: true, callers: 1 }, Bounds { requests: 2_000, time: Duration::from_secs(5) }),
    (Task { paid: true, callers: 64 }, Bounds { requests: 8_000, time: Duration::from_secs(8) }),
];

/// Before the clock starts: caches are filled, code is compiled.
const WARM_UP: Bounds = Bounds { requests: 1_000, time: Duration::from_secs(2) };

/// A server of the comparison with what was measured of it.
pub(crate) struct Subject {
    server: Process,
    offer: Offer,
    /// In the order of the rounds.
    results: Vec<(Task, Measured)>,
}

impl Subject {
    /// What it is called in the table.
    pub(crate) fn name(&self) -> &'static str {
        self.server.name()
    }

    /// The round with the median CPU time per request.
    pub(crate) fn median(&self, task: Task) -> Option<&Measured> {
        let mut rounds: Vec<&Measured> =
            self.results.iter().filter(|(measured, _)| *measured == task).map(|(_, result)| result).collect();
        rounds.sort_by(|a, b| a.cpu_micros().total_cmp(&b.cpu_micros()));
        rounds.get(rounds.len() / 2).copied()
    }
}

/// Compares the Stallkeeper at `program` with its peers and prints the report.
pub(crate) async fn run(program: &Path, cores: &Cores, folder: &Path) -> anyhow::Result<()> {
    let secp = Secp256k1::new();
    let payers = (0..PAYERS).map(|_| Payer::draw(&secp)).collect::<anyhow::Result<Vec<_>>>()?;

    let facilitator = peers::stub_facilitator(cores, folder).await?;
    let servers = [
        stallkeeper(program, cores, folder, &payers).await?,
        peers::x402_axum(facilitator.url(), cores, folder).await?,
        peers::express(facilitator.url(), cores, folder).await?,
    ];
    let mut subjects = Vec::with_capacity(servers.len());
    for server in servers {
        let offer = see_that_it_sells(&server, &secp, &payers)
            .await
            .with_context(|| format!("{} does not sell correctly: {}", server.name(), server.last_words()))?;
        subjects.push(Subject { server, offer, results: Vec::new() });
    }

    let mut syncs = Syncs::default();
    for round in 1..=ROUNDS {
        eprintln!("round {round} of {ROUNDS}");
        syncs.idle.extend(fsync::raw_appends(folder)?);
        if let Some(subject) = subjects.first() {
            syncs.busy.extend(syncs_while_busy(&subject.server, cores, folder).await?);
        }
        for subject in &mut subjects {
            measure_all(subject, &secp, &payers)
                .await
                .with_context(|| format!("measuring {}: {}", subject.name(), subject.server.last_words()))?;
        }
    }
    report::print(&subjects, &Latencies::new(syncs.idle), &Latencies::new(syncs.busy));

    for subject in subjects {
        subject.server.stop().await?;
    }
    facilitator.stop().await
}

async fn stallkeeper(
    program: &Path,
    cores: &Cores,
    folder: &Path,
    payers: &[Payer],
) -> anyhow::Result<Process> {
    let goods = folder.join("goods.bin");
    std::fs::write(&goods, GOODS)?;
    let stall = Stall::new(program, &folder.join("data"));
    let server = stall.open(cores, folder).await?;
    stall.sell(PATH, &goods).await?;
    for payer in payers {
        stall.fund(payer).await?;
    }
    Ok(server)
}

/// Asks once without paying and once with a payment, and looks closely at both answers.
async fn see_that_it_sells(
    server: &Process,
    secp: &Secp256k1<All>,
    payers: &[Payer],
) -> anyhow::Result<Offer> {
    let mut connection = Connection::open(server.url()).await?;
    let path = Uri::from_static(PATH);
    let unpaid = connection.get(&path, None, None).await?;
    anyhow::ensure!(
        unpaid.status == StatusCode::PAYMENT_REQUIRED,
        "unpaid, it answered {}",
        unpaid.in_words()
    );
    let offer = Offer::read(&unpaid)?;
    let payment = authorization::sign(secp, payers, &offer, 1)?.pop();
    let paid = connection.get(&path, payment, None).await?;
    anyhow::ensure!(paid.status == StatusCode::OK, "paid, it answered {}", paid.in_words());
    anyhow::ensure!(paid.body == GOODS.as_slice(), "it delivered something else");
    anyhow::ensure!(paid.headers.contains_key("payment-response"), "it gave no PAYMENT-RESPONSE");
    Ok(offer)
}

/// Raw syncs beside a server that is busy with answers which need no disk.
async fn syncs_while_busy(server: &Process, cores: &Cores, folder: &Path) -> anyhow::Result<Vec<Duration>> {
    let folder = folder.to_owned();
    let (done, appended) = oneshot::channel();
    cores.on_the_servers(|| std::thread::spawn(move || done.send(fsync::raw_appends(&folder))))?;
    let until_done = Bounds { requests: usize::MAX, time: Duration::from_secs(60) };
    tokio::select! {
        durations = appended => durations.context("the appending thread ended early")?,
        ended = measure(server, 64, Asking::Unpaid, until_done) => {
            ended?;
            anyhow::bail!("the disk answered too slowly")
        }
    }
}

async fn measure_all(subject: &mut Subject, secp: &Secp256k1<All>, payers: &[Payer]) -> anyhow::Result<()> {
    for (task, bounds) in TASKS {
        let asking = |requests| {
            Ok::<_, anyhow::Error>(if task.paid {
                let payments = authorization::sign(secp, payers, &subject.offer, requests)?;
                Asking::Paid { payments, bytes: GOODS.len() as u64 }
            } else {
                Asking::Unpaid
            })
        };
        let warm_up = Bounds { requests: WARM_UP.requests.min(bounds.requests / 8), ..WARM_UP };
        measure(&subject.server, task.callers, asking(warm_up.requests)?, warm_up).await?;
        let measured = measure(&subject.server, task.callers, asking(bounds.requests)?, bounds).await?;
        subject.results.push((task, measured));
    }
    Ok(())
}
