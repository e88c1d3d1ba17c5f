//! Caps on what is given before its money has arrived, and who is given it.

use chrono::TimeDelta;
use domain::{
    Amount, Beyond, Cap, ExposurePolicy, FailureReason, Mode, Outcome, PayerStanding, PaymentState,
};
use futures::future::join_all;

use super::fixture::{PRICE, Stall, after, amount, evidence, new, payer};
use crate::{Acceptance, Accepted, PayerOrder, Store};

/// Without bounds but for what is said.
const OPEN: ExposurePolicy = ExposurePolicy {
    per_sale: None,
    per_payer: None,
    per_new_payer: None,
    per_network: None,
    total: None,
    oldest: None,
    beyond: Beyond::Refuse,
};

fn songs(count: u64) -> Option<Amount> {
    Some(amount(count * PRICE))
}

async fn stall(policy: ExposurePolicy) -> Stall {
    let stall = Stall::open().await;
    stall.store.set_exposure_policy(policy, after(0)).await.unwrap();
    stall
}

async fn together(store: &Store, requests: impl IntoIterator<Item = Acceptance>) -> Vec<Accepted> {
    let accepting = requests.into_iter().map(|request| store.accept(request));
    tokio::task::unconstrained(join_all(accepting)).await.into_iter().collect::<Result<_, _>>().unwrap()
}

fn modes(accepted: &[Accepted]) -> [usize; 3] {
    let mut counts = [0; 3];
    for one in accepted {
        match one {
            Accepted::New(payment) if payment.mode == Mode::Batched => counts[0] += 1,
            Accepted::New(_) => counts[1] += 1,
            Accepted::Capped(_) => counts[2] += 1,
            other => panic!("{other:?}"),
        }
    }
    counts
}

async fn exposed(stall: &Stall) -> (u64, u64) {
    let all = stall.store.exposures().await.unwrap();
    (all[0].payments, all[0].amount.atomic())
}

/// I5, T05: each cap, from one payer and from a hundred, in one group and one after the other.
#[tokio::test]
async fn a_hundred_sales_never_pass_a_cap_however_they_arrive() {
    let cases = [
        (1, Cap::Payer, ExposurePolicy { per_payer: songs(7), ..OPEN }),
        (1, Cap::NewPayer, ExposurePolicy { per_new_payer: songs(7), per_payer: songs(50), ..OPEN }),
        (100, Cap::Network, ExposurePolicy { per_network: songs(7), per_new_payer: songs(1), ..OPEN }),
        (100, Cap::Total, ExposurePolicy { total: songs(7), per_network: songs(90), ..OPEN }),
    ];
    for (payers, cap, policy) in cases {
        for (beyond, at_once) in [Beyond::Refuse, Beyond::Instant].into_iter().zip([true, false]) {
            let stall = stall(ExposurePolicy { beyond, ..policy }).await;
            let requests = (0..100).map(|number| stall.song(number % payers, number));
            let accepted = if at_once {
                together(&stall.store, requests).await
            } else {
                let mut accepted = Vec::new();
                for request in requests {
                    accepted.push(stall.store.accept(request).await.unwrap());
                }
                accepted
            };
            match beyond {
                Beyond::Refuse => {
                    assert_eq!(modes(&accepted), [7, 0, 93], "{cap:?}");
                    let named = |one: &&Accepted| matches!(one, Accepted::Capped(named) if *named == cap);
                    assert_eq!(accepted.iter().filter(named).count(), 93);
                }
                Beyond::Instant => assert_eq!(modes(&accepted), [7, 93, 0], "{cap:?}"),
            }
            assert_eq!(exposed(&stall).await, (7, 7 * PRICE));
            stall.assert_conserved().await;
        }
    }
}

/// I5: an instant sale gives nothing before its money has arrived.
#[tokio::test]
async fn an_instant_sale_has_no_exposure_and_passes_every_cap() {
    let none = ExposurePolicy { per_payer: songs(0), total: songs(0), ..OPEN };
    let stall = stall(none).await;
    let sold = stall.sell(Acceptance { mode: Mode::Instant, ..stall.song(0, 0) }).await;
    assert_eq!(sold.mode, Mode::Instant);
    assert_eq!(exposed(&stall).await, (0, 0));
    assert!(matches!(
        stall.store.accept(stall.song(0, 1)).await.unwrap(),
        Accepted::Capped(Cap::NewPayer | Cap::Payer)
    ));
    stall.assert_conserved().await;
}

#[tokio::test]
async fn what_settles_is_dropped_or_fails_makes_room_again() {
    let stall = stall(ExposurePolicy { per_network: songs(3), ..OPEN }).await;
    let sold = stall.sell_songs(3).await;
    let full =
        || async { matches!(stall.store.accept(stall.song(9, 9)).await.unwrap(), Accepted::Capped(_)) };
    assert!(full().await);
    stall.settle_one(sold[0], 0, 5).await;
    assert!(stall.store.void(sold[1], after(20)).await.unwrap());
    let batch = stall.batch(&[sold[2]]).await.id;
    assert_eq!(exposed(&stall).await, (1, PRICE));
    stall.record(batch, &[(sold[2], Outcome::Failed(FailureReason::Underfunded))]).await;
    assert_eq!(exposed(&stall).await, (0, 0));
    for number in 10..13 {
        stall.sell(stall.song(number, 0)).await;
    }
    assert!(full().await);
    // A reorganisation exposes again what had settled, whatever the caps say.
    stall.store.take_back(stall.asset, evidence(5).block_hash).await.unwrap();
    assert_eq!(exposed(&stall).await, (4, 4 * PRICE));
    stall.assert_conserved().await;
}

#[tokio::test]
async fn caps_bound_new_sales_once_something_waits_too_long() {
    let stall = stall(ExposurePolicy { oldest: Some(TimeDelta::hours(1)), ..OPEN }).await;
    let at = |seconds, nonce| Acceptance { at: after(seconds), ..stall.song(nonce, nonce) };
    let first = stall.sell(at(10, 0)).await;
    stall.sell(at(3_610, 1)).await;
    assert!(matches!(stall.store.accept(at(3_611, 2)).await.unwrap(), Accepted::Capped(Cap::Oldest)));
    stall.settle_one(first.seq, 0, 5).await;
    stall.sell(at(3_611, 2)).await;
    stall.assert_conserved().await;
}

#[tokio::test]
async fn a_sale_made_instant_by_a_cap_is_settled_as_one_and_stays_one_when_repeated() {
    let stall = stall(ExposurePolicy { total: songs(0), beyond: Beyond::Instant, ..OPEN }).await;
    let accepted = together(&stall.store, [stall.guide(0, 0), stall.guide(0, 0), stall.guide(0, 1)]).await;
    let first = new(accepted[0].clone());
    assert_eq!(first.mode, Mode::Instant);
    assert!(matches!(&accepted[1], Accepted::Repeat(same) if *same == first));
    assert!(matches!(&accepted[2], Accepted::Owned(same) if *same == first));
    assert!(
        matches!(stall.store.accept(stall.guide(0, 0)).await.unwrap(), Accepted::Repeat(same) if same == first)
    );
    assert_eq!(stall.payment(first.seq).await.mode, Mode::Instant);
    assert_eq!(stall.store.queue(stall.asset).await.unwrap().instant, 1);
    stall.assert_conserved().await;
}

/// T05, T06.
#[tokio::test]
async fn whoever_lets_a_payment_fail_pays_first_until_the_seller_says_otherwise() {
    let stall = stall(OPEN).await;
    for (number, outcome, because) in [
        (0, Outcome::Failed(FailureReason::Underfunded), PaymentState::Failed),
        (1, Outcome::Cancelled(evidence(5)), PaymentState::Cancelled),
        (2, Outcome::Diverted(evidence(5)), PaymentState::Diverted),
    ] {
        let sold = stall.sell(stall.song(number, 0)).await;
        assert_eq!(sold.mode, Mode::Batched);
        let batch = stall.batch(&[sold.seq]).await.id;
        stall.record(batch, &[(sold.seq, outcome)]).await;
        let known = stall.store.payer(payer(number)).await.unwrap().remove(0);
        assert_eq!(known.standing.standing, PayerStanding::InstantOnly);
        assert_eq!((known.standing.because, known.standing.payment), (Some(because), Some(sold.id)));
        assert_eq!((known.lost.payments, known.lost.amount), (1, amount(PRICE)));
        assert_eq!(stall.sell(stall.song(number, 1)).await.mode, Mode::Instant);
        stall.store.set_standing(payer(number), PayerStanding::Normal, after(30)).await.unwrap();
        assert_eq!(stall.sell(stall.song(number, 2)).await.mode, Mode::Batched);
    }
    // The seller's own doing is no reason to mistrust anybody.
    let sold = stall.sell(stall.song(3, 0)).await;
    let batch = stall.batch(&[sold.seq]).await.id;
    stall.record(batch, &[(sold.seq, Outcome::Expired)]).await;
    assert_eq!(stall.sell(stall.song(3, 1)).await.mode, Mode::Batched);
}

#[tokio::test]
async fn the_blocked_buy_nothing_in_any_mode_and_the_trusted_more_than_others() {
    let stall = stall(ExposurePolicy { per_payer: songs(1), total: songs(3), ..OPEN }).await;
    stall.store.set_standing(payer(0), PayerStanding::Blocked, after(0)).await.unwrap();
    stall.store.set_standing(payer(1), PayerStanding::Trusted, after(0)).await.unwrap();
    let instant = Acceptance { mode: Mode::Instant, ..stall.song(0, 0) };
    for request in [stall.song(0, 0), instant] {
        assert!(matches!(stall.store.accept(request).await.unwrap(), Accepted::Blocked));
    }
    assert_eq!(stall.store.blocked_payers().await.unwrap(), [payer(0)]);
    let accepted = together(&stall.store, (0..4).map(|nonce| stall.song(1, nonce))).await;
    assert_eq!(modes(&accepted), [3, 0, 1]);
    assert!(matches!(accepted[3], Accepted::Capped(Cap::Total)));
    assert_eq!(stall.number("select count(*) from payments").await, 3);
    stall.assert_conserved().await;
}

#[tokio::test]
async fn payers_are_listed_by_what_matters_page_by_page() {
    let stall = stall(OPEN).await;
    for number in 0..5 {
        for nonce in 0..=number {
            let at = after(10 + i64::try_from(number).unwrap());
            stall.sell(Acceptance { at, ..stall.song(number, nonce) }).await;
        }
    }
    for order in [PayerOrder::FirstSeen, PayerOrder::Exposed] {
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = stall.store.payers(order, before, 2).await.unwrap();
            seen.extend(page.items.iter().map(|row| row.payer));
            // What a page ends with survives being written down.
            let Some(next) = page.next else { break };
            before = Some(next.to_string().parse().unwrap());
        }
        assert_eq!(seen, (0..5).rev().map(payer).collect::<Vec<_>>(), "{order:?}");
    }
    assert!(stall.store.payers(PayerOrder::Lost, None, 9).await.unwrap().items.is_empty());
    let unknown = payer(77);
    stall.store.set_standing(unknown, PayerStanding::Blocked, after(50)).await.unwrap();
    let blocked = PayerOrder::Standing(PayerStanding::Blocked);
    let blocked = stall.store.payers(blocked, None, 9).await.unwrap().items;
    assert_eq!((blocked.len(), blocked[0].payer, blocked[0].asset), (1, unknown, None));
    assert_eq!(stall.store.payer(unknown).await.unwrap(), blocked);
    assert!(stall.store.payer(payer(78)).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_chosen_caps_are_read_back_as_they_were() {
    let stall = Stall::open().await;
    assert_eq!(stall.store.exposure_policy().await.unwrap(), None);
    let policy = ExposurePolicy { total: songs(3), oldest: Some(TimeDelta::hours(5)), ..OPEN };
    stall.store.set_exposure_policy(policy, after(0)).await.unwrap();
    let stall = stall.restart().await;
    assert_eq!(stall.store.exposure_policy().await.unwrap(), Some(policy));
}
