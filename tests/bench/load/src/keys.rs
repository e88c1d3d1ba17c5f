//! What the stall's own keys take: seeing what a download link grants, and signing a receipt.

use std::hint::black_box;
use std::path::Path;

use alloy_primitives::B256;
use anyhow::Context as _;
use domain::PaymentId;
use rustix::time::{ClockId, clock_gettime};
use wallet::{GrantKey, ReceiptKey};

use crate::cores::Cores;
use crate::payer::random_word;

const LINKS: usize = 1024;
const ROUNDS: usize = 200;
const RECEIPTS: usize = 5000;

/// Uses both on the servers' core and prints what each took.
pub(crate) fn run(cores: &Cores, folder: &Path) -> anyhow::Result<()> {
    let key = GrantKey::open_or_create(&folder.join("grants.key"), random_word()?)?;
    let mut links = Vec::with_capacity(LINKS);
    for _ in 0..LINKS {
        let payment: PaymentId = hex::encode(&random_word()?[..16]).parse().context("an id")?;
        links.push(key.issue(payment, u64::MAX, 0));
    }
    let (opened, took) = cores.on_the_servers(|| {
        let began = cpu();
        let open = |_| links.iter().filter(|link| key.open(black_box(link.as_str()), 0).is_ok()).count();
        ((0..ROUNDS).map(open).sum::<usize>(), cpu() - began)
    })?;
    anyhow::ensure!(opened == LINKS * ROUNDS, "a link was refused");
    println!("\nopening a download link: {:.2} µs of CPU", took as f64 / opened as f64 / 1e3);

    let key = ReceiptKey::open_or_create(&folder.join("receipts.key"), random_word()?)?;
    let digests = (0..RECEIPTS).map(|_| random_word().map(B256::from)).collect::<Result<Vec<_>, _>>()?;
    let took = cores.on_the_servers(|| {
        let began = cpu();
        for digest in &digests {
            black_box(key.sign_receipt(digest));
        }
        cpu() - began
    })?;
    println!("signing a receipt: {:.2} µs of CPU", took as f64 / RECEIPTS as f64 / 1e3);
    Ok(())
}

/// CPU time of this thread in nanoseconds.
fn cpu() -> i64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}
