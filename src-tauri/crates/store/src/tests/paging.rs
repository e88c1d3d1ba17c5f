use domain::{BatchId, Outcome, PaymentSeq, PaymentState};

use super::fixture::{Stall, after, evidence};
use crate::{Acceptance, Narrow, PaymentQuery};

async fn all_pages(stall: &Stall, states: &[PaymentState], limit: u32) -> Vec<Vec<i64>> {
    let mut pages = Vec::new();
    let mut before = None;
    loop {
        let page = stall
            .store
            .payments(PaymentQuery { states: states.to_vec(), before, limit, ..PaymentQuery::default() })
            .await
            .unwrap();
        pages.push(page.items.iter().map(|one| one.seq.0).collect());
        match page.next {
            Some(next) => before = Some(next),
            None => return pages,
        }
    }
}

#[tokio::test]
async fn pages_of_payments_follow_each_other_without_a_gap_or_an_overlap() {
    let stall = Stall::open().await;
    assert_eq!(all_pages(&stall, &[], 3).await, [Vec::<i64>::new()]);
    let sold = stall.sell_songs(7).await;
    let newest_first: Vec<i64> = sold.iter().rev().map(|seq| seq.0).collect();
    for limit in [1, 2, 3, 6, 7, 8, u32::MAX] {
        let pages = all_pages(&stall, &[], limit).await;
        assert_eq!(pages.concat(), newest_first, "{limit}");
        assert!(pages.iter().all(|page| !page.is_empty() && page.len() as u64 <= u64::from(limit)));
    }
}

#[tokio::test]
async fn a_page_is_not_moved_by_what_is_sold_meanwhile() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(4).await;
    let query = PaymentQuery { limit: 2, ..PaymentQuery::default() };
    let first = stall.store.payments(query.clone()).await.unwrap();
    stall.sell(stall.song(9, 0)).await;
    let second = stall.store.payments(PaymentQuery { before: first.next, ..query }).await.unwrap();
    assert_eq!(second.items.iter().map(|one| one.seq).collect::<Vec<_>>(), [sold[1], sold[0]]);
    assert_eq!(second.next, None);
}

#[tokio::test]
async fn payments_are_listed_by_state() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(6).await;
    let batch = stall.batch(&sold[..3]).await.id;
    stall.record(batch, &[(sold[0], Outcome::Settled(evidence(9))), (sold[1], Outcome::Expired)]).await;
    for (state, expected) in [
        (PaymentState::Queued, vec![sold[5].0, sold[4].0, sold[3].0]),
        (PaymentState::Settling, vec![sold[2].0]),
        (PaymentState::Settled, vec![sold[0].0]),
        (PaymentState::Expired, vec![sold[1].0]),
        (PaymentState::Voided, vec![]),
    ] {
        assert_eq!(all_pages(&stall, &[state], 2).await.concat(), expected, "{state}");
    }
}

/// A computer whose clock is two hours ahead until it has asked for the time: each day's last payments come after some that
/// bear the next day's date.
#[tokio::test]
async fn no_clock_that_was_ahead_hides_a_payment_from_its_day() {
    const HOUR: i64 = 3_600;
    let stall = Stall::open().await;
    let noon = after(4 * HOUR);
    let first = noon.timestamp() / 86_400;
    let mut number = 0;
    for day in 0..4 {
        for at in [0, 0, 13 * HOUR + 1_800, 13 * HOUR + 1_800, 13 * HOUR + 1_800, 11 * HOUR, 11 * HOUR] {
            let at = noon + chrono::TimeDelta::seconds(day * 24 * HOUR + at);
            stall.sell(Acceptance { at, ..stall.song(number, number) }).await;
            number += 1;
        }
    }
    for (days, expected) in [
        ((first, first), 4),
        ((first + 1, first + 1), 7),
        ((first + 2, first + 2), 7),
        ((first + 3, first + 3), 7),
        ((first + 4, first + 4), 3),
        ((first, first + 1), 11),
        ((first + 3, i64::MAX), 10),
        ((0, first - 1), 0),
        ((first + 5, i64::MAX), 0),
    ] {
        let narrow = Narrow { days: Some(days), ..Narrow::default() };
        let mut wanted = PaymentQuery { narrow, limit: 3, ..PaymentQuery::default() };
        let summed = stall.store.totals_of(wanted.clone()).await.unwrap();
        assert_eq!(summed.iter().map(|total| total.payments).sum::<u64>(), expected, "{days:?}");
        let mut listed = 0;
        loop {
            let page = stall.store.payments(wanted.clone()).await.unwrap();
            listed += page.items.len() as u64;
            wanted.before = page.next;
            if page.next.is_none() {
                break;
            }
        }
        assert_eq!(listed, expected, "{days:?}");
    }
    stall.assert_conserved().await;
}

#[tokio::test]
async fn batches_are_listed_newest_first_and_told_in_full() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(5).await;
    let mut ids = Vec::new();
    for seq in &sold {
        ids.push(stall.batch(&[*seq]).await.id);
    }
    let list = async |before, limit| {
        let batches = stall.store.batches(before, limit).await.unwrap();
        batches.into_iter().map(|one| one.id).collect::<Vec<BatchId>>()
    };
    assert_eq!(list(None, 2).await, [ids[4], ids[3]]);
    assert_eq!(list(Some(ids[3]), 2).await, [ids[2], ids[1]]);
    assert_eq!(list(Some(ids[1]), 2).await, [ids[0]]);
    assert!(list(Some(ids[0]), 2).await.is_empty());
    let detail = stall.store.batch(ids[2]).await.unwrap().unwrap();
    assert_eq!(detail.summary.started_by, "seller");
    assert_eq!(detail.summary.opened_at, after(60));
    assert_eq!(detail.payments.len(), 1);
    assert_eq!(detail.payments[0].state, PaymentState::Settling);
    assert_eq!(stall.store.batch(BatchId(99)).await.unwrap(), None);
    assert_eq!(stall.payment(PaymentSeq(sold[2].0)).await.batch, Some(ids[2]));
}
