//! Who came, and who paid in the end.

use domain::Outcome;

use super::fixture::{Stall, evidence, hash, payer};
use crate::{Change, Visits};

async fn all(stall: &Stall) -> Vec<Visits> {
    stall.store.visits(None, (i64::MIN, i64::MAX)).await.unwrap()
}

#[tokio::test]
async fn what_is_counted_adds_up_day_by_day() {
    let stall = Stall::open().await;
    let (guide, song) = (stall.guide.endpoint, stall.song.endpoint);
    let visits = |endpoint, day, shown| Visits { endpoint, day, shown, signed: 2, delivered: 1, settled: 0 };
    stall
        .store
        .count_visits(vec![visits(guide, 5, 7), visits(song, 5, 1), visits(guide, 6, 1)])
        .await
        .unwrap();
    stall.store.count_visits(vec![visits(guide, 5, 3)]).await.unwrap();
    let days = stall.store.visits(Some(guide), (0, 5)).await.unwrap();
    assert_eq!(days, [Visits { shown: 10, signed: 4, delivered: 2, ..visits(guide, 5, 0) }]);
    assert_eq!(all(&stall).await.len(), 3);
    let stranger = domain::EndpointId::from_random([9; 16]);
    assert!(stall.store.count_visits(vec![visits(guide, 5, 1), visits(stranger, 5, 1)]).await.is_err());
    assert_eq!(stall.store.visits(Some(guide), (5, 5)).await.unwrap()[0].shown, 10, "nothing by halves");
}

#[tokio::test]
async fn a_payment_counts_as_settled_as_long_as_it_is_and_the_sellers_own_never_do() {
    let stall = Stall::open().await;
    stall.store.note_own_payers(vec![payer(1), payer(1), payer(9)]).await.unwrap();
    stall.store.note_own_payers(vec![payer(1)]).await.unwrap();
    let (own, other) = (stall.sell(stall.song(1, 1)).await, stall.sell(stall.song(2, 2)).await);
    let batch = stall.batch(&[own.seq, other.seq]).await.id;
    let elsewhere = |seq| (seq, Outcome::SettledElsewhere(evidence(120)));
    stall.record(batch, &[elsewhere(own.seq), elsewhere(other.seq)]).await;
    let visits = all(&stall).await;
    assert_eq!(visits.len(), 1, "{visits:?}");
    assert_eq!((visits[0].endpoint, visits[0].settled), (stall.song.endpoint, 1));
    stall.store.take_back(stall.asset, hash(120)).await.unwrap();
    assert_eq!(all(&stall).await[0].settled, 0);
}

#[tokio::test]
async fn letting_go_of_who_came_has_nobody_read_the_endpoints_again() {
    let stall = Stall::open().await;
    let days = 0..1100;
    let visits = days.map(|day| Visits {
        endpoint: stall.song.endpoint,
        day,
        shown: 1,
        signed: 0,
        delivered: 0,
        settled: 0,
    });
    stall.store.count_visits(visits.collect()).await.unwrap();
    let mut changes = stall.store.changes();
    assert_eq!(stall.store.forget_visits(1090).await.unwrap(), 1090);
    assert_eq!(all(&stall).await.len(), 10);
    stall.store.set_setting("n".to_owned(), "1".to_owned()).await.unwrap();
    assert_eq!(changes.next().await, Some(Change::Settings));
}
