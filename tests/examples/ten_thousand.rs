//! Ten thousand payments of three thousand payers, sold over HTTP and settled on the practice chain: none twice, none
//! left, in as few transactions as fit (design: 250 payments each). Prints what it took.
//!
//! Not one of the usual tests, because it takes minutes: `cargo run -p integration --example ten_thousand`, after
//! `cargo build -p cli`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that is run by hand, and says what it took"
)]

use std::time::{Duration, Instant};

use alloy_primitives::U256;
use futures::{StreamExt as _, stream};
use integration::{Books, Buyer, Stall, UNITS, Version};
use tokio::time::sleep;

const PAYMENTS: usize = 10_000;
const PAYERS: usize = 3_000;
const PER_TRANSACTION: usize = 250;
const PATH: &str = "/goods";

/// How many MiB more the engine may hold in the end: as much as it takes to work on the largest batches, and not more for
/// more payments.
const GROWTH: u64 = 256;

/// How many buyers come at the same time.
const AT_ONCE: usize = 16;

#[tokio::main]
async fn main() {
    let stall = Stall::start().await;
    stall.sell(PATH, b"what the buyer pays for", &["--owned-for", "0"]).await;
    let node = stall.node().await;
    let began = Instant::now();
    let buyers: Vec<_> = (0..PAYERS).map(|_| Buyer::new()).collect();
    let addresses: Vec<_> = buyers.iter().map(Buyer::address).collect();
    let blocks = async {
        loop {
            node.mine(1).await;
            sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::select! {
        () = node.mint(&addresses, U256::from(10 * UNITS)) => {}
        () = blocks => unreachable!("it never ends"),
    }
    println!("{PAYERS} payers have money after {:.1?}", began.elapsed());
    let at_first = stall.memory();
    let books = Books::open(&stall).await;

    let began = Instant::now();
    let visitor = stall.visitor();
    let terms = visitor.terms(PATH).await;
    let sales = (0..PAYMENTS).map(|number| {
        let payment = buyers[number % PAYERS].sign(&terms).payment(Version::Two);
        let visitor = &visitor;
        async move { visitor.pay(PATH, &payment).await.status }
    });
    let answers: Vec<_> = stream::iter(sales).buffer_unordered(AT_ONCE).collect().await;
    assert!(answers.iter().all(|status| *status == 200), "a sale was refused");
    println!("{PAYMENTS} payments are queued after {:.1?}", began.elapsed());
    let queued = stall.memory();

    let wallet = stall.cli(&["status"]).await["gasWallet"]["address"].as_str().unwrap().parse().unwrap();
    let before = node.transactions_of(wallet).await;
    let began = Instant::now();
    let settled = stall.settle().await.succeeded();
    let transactions = node.transactions_of(wallet).await - before;
    println!("they are settled and final after {:.1?}, in {transactions} transactions", began.elapsed());
    println!(
        "memory in MiB: {at_first} at first, {queued} when all were queued, {} in the end",
        stall.memory()
    );
    assert!(stall.memory() < at_first + GROWTH, "the engine keeps growing");
    assert_eq!(settled["left"], 0);
    assert_eq!(transactions, PAYMENTS.div_ceil(PER_TRANSACTION) as u64);
    assert_eq!(stall.states().await, vec!["settled".to_owned(); PAYMENTS]);
    assert_eq!(books.agree(&stall).await, U256::from(PAYMENTS) * U256::from(UNITS));
}
