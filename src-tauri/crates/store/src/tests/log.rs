//! T64: the log beside the file stays bounded, whoever reads in it.

use std::ops::Range;
use std::time::{Duration, Instant};

use futures::future::join_all;

use super::fixture::{Stall, new};
use crate::file::LOG;

/// What each of the clients buys.
const PURCHASES: u64 = 20;

/// Writes as many megabytes, none of them as what stood there before: that would write nothing.
async fn write(stall: &Stall, numbers: Range<u64>) {
    for number in numbers {
        let text = number.to_string().repeat((1 << 20) / number.to_string().len());
        stall.store.set_setting("large".to_owned(), text).await.unwrap();
    }
}

/// I15.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_keeps_the_log_long_and_nobody_waiting_and_then_it_is_short_again() {
    let stall = Stall::open().await;
    let mut reader = stall.look().await;
    sqlx::query("begin").execute(&mut reader).await.unwrap();
    sqlx::query("select count(*) from payments").fetch_one(&mut reader).await.unwrap();
    write(&stall, 0..(LOG >> 20) + 8).await;
    assert!(stall.store.log_bytes() > LOG, "whoever reads holds the log");

    let clients = (0..64_u64).map(async |client| {
        let mut slowest = Duration::ZERO;
        for purchase in 0..PURCHASES {
            let began = Instant::now();
            new(stall.store.accept(stall.song(client * PURCHASES + purchase, 0)).await.unwrap());
            slowest = slowest.max(began.elapsed());
        }
        slowest
    });
    let slowest = join_all(clients).await.into_iter().max().unwrap();
    assert!(slowest < Duration::from_secs(3), "a sale took {slowest:?}");

    sqlx::query("rollback").execute(&mut reader).await.unwrap();
    write(&stall, 1_000..1_002).await;
    assert!(stall.store.log_bytes() <= LOG, "the log is {} bytes long", stall.store.log_bytes());
    assert_eq!(stall.number("select count(*) from payments").await, 64 * 20);
    stall.assert_conserved().await;
}
