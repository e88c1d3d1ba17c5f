//! I5: what is promised stays set aside until a balance shows that it left.

use domain::{Outcome, PaymentState};

use super::fixture::{PRICE, Stall, amount, evidence, hash};
use crate::{Acceptance, Accepted};

/// A payer with `balance` at `block` tries to buy a song.
async fn try_to_buy(stall: &Stall, nonce: u64, balance: u64, block: u64) -> Accepted {
    let request = Acceptance { balance: amount(balance), block, ..stall.song(0, nonce) };
    stall.store.accept(request).await.unwrap()
}

#[tokio::test]
async fn a_hold_is_let_go_by_a_balance_read_at_or_after_its_block_and_not_by_an_older_one() {
    let stall = Stall::open().await;
    let sold = stall.sell(stall.song(0, 0)).await;
    stall.settle_one(sold.seq, 0, 120).await;
    assert_eq!(stall.held(0).await, PRICE);
    // One block before, the money was still there.
    let refused = try_to_buy(&stall, 1, PRICE, 119).await;
    assert!(matches!(refused, Accepted::Overdrawn { held, .. } if held == amount(PRICE)), "{refused:?}");
    assert_eq!(stall.held(0).await, PRICE);
    assert!(matches!(try_to_buy(&stall, 1, PRICE, 120).await, Accepted::New(_)));
    assert_eq!(stall.held(0).await, PRICE);
    stall.assert_conserved().await;
}

/// A node that lags behind answers with what the payer held before it paid.
#[tokio::test]
async fn a_balance_older_than_the_one_that_let_a_hold_go_buys_nothing_twice() {
    let stall = Stall::open().await;
    let sold = stall.sell(stall.song(0, 0)).await;
    stall.settle_one(sold.seq, 0, 120).await;
    assert!(matches!(try_to_buy(&stall, 1, 0, 125).await, Accepted::Overdrawn { .. }));
    assert_eq!(stall.held(0).await, 0);
    let stale = try_to_buy(&stall, 2, PRICE, 119).await;
    assert!(matches!(stale, Accepted::Overdrawn { held, .. } if held == amount(PRICE)), "{stale:?}");
    // Old, but of the block that settled it: nothing is hidden from this one.
    assert!(matches!(try_to_buy(&stall, 2, PRICE, 120).await, Accepted::New(_)));
    stall.assert_conserved().await;
}

#[tokio::test]
async fn the_stale_balance_is_seen_through_within_one_group_too() {
    let stall = Stall::open().await;
    let sold = stall.sell(stall.song(0, 0)).await;
    stall.settle_one(sold.seq, 0, 120).await;
    let (fresh, stale) = tokio::join!(try_to_buy(&stall, 1, 0, 125), try_to_buy(&stall, 2, PRICE, 119));
    assert!(matches!(fresh, Accepted::Overdrawn { .. }));
    assert!(matches!(stale, Accepted::Overdrawn { .. }), "{stale:?}");
    stall.assert_conserved().await;
}

#[tokio::test]
async fn only_what_is_proved_up_to_the_block_is_let_go() {
    let stall = Stall::open().await;
    for (nonce, block) in [(0, 110), (1, 120), (2, 130)] {
        let sold = stall.sell(stall.song(0, nonce)).await;
        stall.settle_one(sold.seq, nonce, block).await;
    }
    stall.sell(stall.song(0, 3)).await;
    assert_eq!(stall.held(0).await, 4 * PRICE);
    assert!(matches!(try_to_buy(&stall, 4, 0, 125).await, Accepted::Overdrawn { .. }));
    assert_eq!(stall.held(0).await, 2 * PRICE);
    stall.assert_conserved().await;
}

#[tokio::test]
async fn a_settled_payment_makes_room_exactly_once() {
    let stall = Stall::open().await;
    // A balance for ten; four of them settle; the balance shrinks by as much.
    let mut seqs = Vec::new();
    for nonce in 0..10 {
        let accepted = try_to_buy(&stall, nonce, 10 * PRICE, 100).await;
        seqs.push(super::fixture::new(accepted).seq);
    }
    let batch = stall.batch(&seqs[..4]).await.id;
    let outcomes: Vec<_> = seqs[..4].iter().map(|seq| (*seq, Outcome::Settled(evidence(120)))).collect();
    stall.record(batch, &outcomes).await;
    assert!(matches!(try_to_buy(&stall, 20, 6 * PRICE, 121).await, Accepted::Overdrawn { .. }));
    assert!(matches!(try_to_buy(&stall, 21, 7 * PRICE, 122).await, Accepted::New(_)));
    assert!(matches!(try_to_buy(&stall, 22, 7 * PRICE, 122).await, Accepted::Overdrawn { .. }));
    stall.assert_conserved().await;
}

#[tokio::test]
async fn what_will_not_move_money_is_let_go_at_once() {
    let stall = Stall::open().await;
    for (nonce, outcome) in [
        Outcome::Cancelled(evidence(120)),
        Outcome::Expired,
        Outcome::Failed(domain::FailureReason::Underfunded),
    ]
    .into_iter()
    .enumerate()
    {
        let sold = stall.sell(stall.song(0, nonce as u64)).await;
        let batch = stall.batch(&[sold.seq]).await.id;
        stall.record(batch, &[(sold.seq, outcome)]).await;
        assert_eq!(stall.held(0).await, 0, "{outcome:?}");
    }
    stall.assert_conserved().await;
}

#[tokio::test]
async fn a_reorganisation_holds_again_what_had_been_let_go() {
    let stall = Stall::open().await;
    let sold = stall.sell(stall.song(0, 0)).await;
    stall.settle_one(sold.seq, 0, 120).await;
    assert!(matches!(try_to_buy(&stall, 1, 0, 121).await, Accepted::Overdrawn { .. }));
    assert_eq!(stall.held(0).await, 0);
    stall.store.take_back(stall.asset, hash(120)).await.unwrap();
    assert_eq!(stall.state(sold.seq).await, PaymentState::Settling);
    assert_eq!(stall.held(0).await, PRICE);
    assert!(matches!(try_to_buy(&stall, 1, PRICE, 122).await, Accepted::Overdrawn { .. }));
    stall.assert_conserved().await;
}

#[tokio::test]
async fn holds_of_different_payers_do_not_touch() {
    let stall = Stall::open().await;
    stall.sell_songs(3).await;
    for number in 0..3 {
        assert_eq!(stall.held(number).await, PRICE);
    }
}

/// T68: sums at the edge of what can be kept end in a refusal.
#[tokio::test]
async fn a_promise_too_large_to_keep_is_refused() {
    let stall = Stall::open().await;
    let endpoint = stall.song.endpoint;
    let dear = super::fixture::new_offer(stall.asset, i64::MAX.cast_unsigned());
    stall.store.quote(vec![(endpoint, dear)], super::fixture::after(1)).await.unwrap();
    let listing = stall.store.catalogue().await.unwrap();
    let offer = listing.iter().find(|one| one.endpoint.id == endpoint).unwrap().offers[0].clone();
    let offer = std::sync::Arc::new(offer);
    let buy = |payer, nonce| {
        let mut request = super::fixture::acceptance(&offer, domain::OwnedFor::NEVER, "/song", payer, nonce);
        request.balance = domain::Amount::MAX;
        stall.store.accept(request)
    };
    assert!(matches!(buy(0, 0).await.unwrap(), Accepted::New(_)));
    assert!(matches!(buy(0, 1).await.unwrap(), Accepted::Overdrawn { .. }));
    // Another payer's would make the day's sum too large.
    assert!(buy(1, 0).await.is_err());
    let (one, other) = tokio::join!(buy(2, 0), buy(3, 0));
    assert!(one.is_err() && other.is_err());
    assert_eq!(stall.number("select count(*) from payments").await, 1);
    // All that is sold in an hour must fit as well.
    stall.sell(crate::Acceptance { at: super::fixture::after(7200), ..stall.guide(1, 5) }).await;
    stall.assert_conserved().await;
}
