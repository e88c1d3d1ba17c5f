//! Very many payments at once.

use std::time::{Duration, Instant};

use integration::Stall;

use crate::seed::a_hundred_thousand;
use crate::shared::{CHARGED_EACH_TIME, GOODS, PATH, buy, funded};

/// Two seconds are the aim; the bound is for a busy computer, and what it took is printed.
const SELLS_WITHIN: Duration = Duration::from_secs(10);

/// How many more things are sold then, and how many MiB that may cost: next to nothing, but for what an allocator keeps.
const SALES: usize = 100;
const GROWTH: u64 = 128;

/// A stall that was closed with 100,000 payments in its queue is opened again, and sells.
#[tokio::test(flavor = "multi_thread")]
async fn a_restart_with_a_hundred_thousand_queued_payments_sells_at_once() {
    let mut stall = Stall::start().await;
    stall.sell(PATH, GOODS, CHARGED_EACH_TIME).await;
    let buyer = funded(&stall, "10.00").await;
    buy(&stall, &buyer).await;
    stall.close();
    a_hundred_thousand(&stall.data().join("practice/stall.sqlite")).await;

    let began = Instant::now();
    stall.open().await;
    let ready = began.elapsed();
    buy(&stall, &buyer).await;
    let sold = began.elapsed();
    let at_first = stall.memory();
    println!(
        "100,000 queued payments: ready after {ready:.1?}, the first sale after {sold:.1?}, in {at_first} MiB of memory"
    );
    assert!(sold < SELLS_WITHIN, "{sold:?}");
    let pending = &stall.cli(&["status"]).await["money"]["pending"]["payments"];
    assert_eq!(*pending, 100_001, "all of them still wait");

    for _ in 0..SALES {
        buy(&stall, &buyer).await;
    }
    let in_the_end = stall.memory();
    println!("{SALES} sales later it holds {in_the_end} MiB");
    assert!(in_the_end < at_first + GROWTH, "{at_first} MiB became {in_the_end} MiB");
}
