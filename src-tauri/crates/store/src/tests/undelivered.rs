//! What was paid for and has not arrived.

use domain::{Delivery, FailureReason, Outcome};
use sqlx::Row as _;

use super::fixture::{PRICE, Stall, amount, payer};
use crate::undelivered::page_query;
use crate::{Narrow, PaymentPage, Total, Undelivered};

fn broken() -> Undelivered {
    Undelivered {
        delivery: Delivery::Interrupted,
        states: Vec::new(),
        endpoint: None,
        payer: None,
        narrow: Narrow::default(),
    }
}

async fn found(stall: &Stall, wanted: &Undelivered) -> (PaymentPage, Vec<Total>) {
    let page = stall.store.undelivered(wanted, None, 10).await.unwrap();
    (page, stall.store.undelivered_totals(wanted).await.unwrap())
}

#[tokio::test]
async fn what_broke_off_is_listed_until_it_has_arrived_unless_nothing_is_owed_for_it() {
    let stall = Stall::open().await;
    let (song, guide) = (stall.sell(stall.song(1, 1)).await, stall.sell(stall.guide(2, 2)).await);
    let waiting = stall.sell(stall.song(3, 3)).await;
    let failed = stall.sell(stall.song(4, 4)).await;
    for payment in [&song, &guide, &failed] {
        stall.store.record_delivery(payment.seq, Delivery::Interrupted, 7);
    }
    let batch = stall.batch(&[failed.seq]).await.id;
    stall.record(batch, &[(failed.seq, Outcome::Failed(FailureReason::SignatureRefused))]).await;
    let seqs = |(page, _): (PaymentPage, _)| page.items.iter().map(|item| item.seq).collect::<Vec<_>>();
    let (page, totals) = found(&stall, &broken()).await;
    assert_eq!((totals.len(), totals[0].payments, totals[0].amount), (1, 2, amount(2 * PRICE)));
    assert_eq!(page.items.iter().map(|item| item.seq).collect::<Vec<_>>(), [guide.seq, song.seq]);
    let of_one = Undelivered { payer: Some(payer(1)), ..broken() };
    assert_eq!(seqs(found(&stall, &of_one).await), [song.seq]);
    let of_guide = Undelivered { endpoint: Some(stall.guide.endpoint), ..broken() };
    assert_eq!(seqs(found(&stall, &of_guide).await), [guide.seq]);
    let not_begun = Undelivered { delivery: Delivery::Waiting, ..broken() };
    assert_eq!(seqs(found(&stall, &not_begun).await), [waiting.seq]);
    let first = stall.store.undelivered(&broken(), None, 1).await.unwrap();
    let rest = stall.store.undelivered(&broken(), first.next, 1).await.unwrap();
    assert_eq!((rest.items[0].seq, rest.next), (song.seq, None));
    stall.store.record_delivery(song.seq, Delivery::Delivered, 9);
    // Whatever is asked to be written next is written with it.
    stall.sell(stall.guide(5, 5)).await;
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while seqs(found(&stall, &broken()).await) != [guide.seq] {
        assert!(std::time::Instant::now() < deadline, "what has arrived is still listed");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn it_is_found_without_a_look_at_what_has_arrived() {
    let stall = Stall::open().await;
    let query = page_query(&broken(), None, 50);
    let plan = format!("explain query plan {}", query.sql().as_str());
    let mut db = stall.look().await;
    let rows = sqlx::query(sqlx::AssertSqlSafe(plan)).fetch_all(&mut db).await.unwrap();
    let steps: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
    assert!(steps.iter().any(|step| step.contains("payments_undelivered")), "{steps:?}");
    assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{steps:?}");
}
