use alloy_primitives::{U256, uint};
use domain::{
    FailureReason, LONGEST_SIGNATURE, Mode, Outcome, PayerSignature, PayerStanding, PaymentState,
    RequestBinding, Signature,
};
use futures::future::join_all;

use super::fixture::{BLOCK, PRICE, Stall, after, amount, evidence, get, mined, new, payer};
use crate::{Acceptance, Accepted, Store, StoreError, Use};

const ORDER: U256 = uint!(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141_U256);

/// All of them at once: on one thread the writer sees them as one group.
async fn together(store: &Store, requests: impl IntoIterator<Item = Acceptance>) -> Vec<Accepted> {
    // Without the scheduler's turns, which would send a part of them later.
    tokio::task::unconstrained(join_all(requests.into_iter().map(|request| store.accept(request))))
        .await
        .into_iter()
        .collect::<Result<_, _>>()
        .unwrap()
}

fn count(accepted: &[Accepted], of: impl Fn(&Accepted) -> bool) -> usize {
    accepted.iter().filter(|one| of(one)).count()
}

/// I1, T01.
#[tokio::test]
async fn a_hundred_copies_at_once_make_one_row_one_hold_and_one_grant() {
    let stall = Stall::open().await;
    let accepted = together(&stall.store, (0..100).map(|_| stall.song(0, 0))).await;
    let first = new(accepted[0].clone());
    for other in &accepted[1..] {
        assert!(matches!(other, Accepted::Repeat(same) if *same == first), "{other:?}");
    }
    assert_eq!(stall.number("select count(*) from payments").await, 1);
    assert_eq!(stall.number("select count(*) from grants").await, 1);
    assert_eq!(stall.held(0).await, PRICE);
    stall.assert_conserved().await;
}

/// I1, T01: the unique key is the last line even where two writers share a file.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn copies_that_race_through_two_writers_of_one_file_still_make_one_row() {
    let stall = Stall::open().await;
    let (other, _) = Store::open(&stall.path(), after(0)).await.unwrap();
    let racing = (0..100).map(|number| {
        let store = if number % 2 == 0 { stall.store.clone() } else { other.clone() };
        let request = stall.song(0, 0);
        tokio::spawn(async move { store.accept(request).await.unwrap() })
    });
    let accepted: Vec<Accepted> = join_all(racing).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(count(&accepted, |one| matches!(one, Accepted::New(_))), 1);
    assert_eq!(count(&accepted, |one| matches!(one, Accepted::Repeat(_))), 99);
    stall.assert_conserved().await;
}

/// I1, T15: v 0 or 27, high s, the compact form, and both protocol versions.
#[tokio::test]
async fn every_spelling_of_one_authorization_is_the_same_row() {
    let stall = Stall::open().await;
    let plain = stall.song(0, 0).signature.as_bytes().to_vec();
    let mut short_v = plain.clone();
    short_v[64] = 0;
    let mut high_s = plain.clone();
    let s = U256::from_be_slice(&plain[32..64]);
    high_s[32..64].copy_from_slice(&(ORDER - s).to_be_bytes::<32>());
    high_s[64] = 28;
    let spellings = [&plain[..], &short_v[..], &high_s[..], &plain[..64]];
    let requests = spellings.iter().flat_map(|bytes| {
        [1, 2].map(|protocol| Acceptance {
            signature: Signature::normalise(bytes).unwrap().into(),
            protocol,
            ..stall.song(0, 0)
        })
    });
    let accepted = together(&stall.store, requests).await;
    assert_eq!(count(&accepted, |one| matches!(one, Accepted::New(_))), 1);
    assert_eq!(count(&accepted, |one| matches!(one, Accepted::Repeat(_))), 7);
    let stored = stall.store.queued(stall.asset, crate::Choice::All, 9).await.unwrap();
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0].signature.as_bytes(), plain);
}

/// T19: code judges by rules of its own, so not a byte of what it is shown may change.
#[tokio::test]
async fn what_code_judges_is_kept_as_it_came_whatever_its_length() {
    let stall = Stall::open().await;
    let high_s = [&[7; 32][..], &[0xfe; 32], &[31]].concat();
    for (number, bytes) in [vec![], high_s, vec![0xab; LONGEST_SIGNATURE]].into_iter().enumerate() {
        let signature = PayerSignature::Code(bytes.into());
        let request = Acceptance { signature, mode: Mode::Instant, ..stall.song(number as u64, 0) };
        stall.sell(request.clone()).await;
        let stored = stall.store.queued(stall.asset, crate::Choice::Instant, 9).await.unwrap();
        assert_eq!(stored.last().map(|payment| &payment.signature), Some(&request.signature));
    }
    stall.assert_conserved().await;
}

/// I11, T19: code that refused once what it had accepted before would make us pay for the next try too.
#[tokio::test]
async fn code_that_let_a_payment_fail_is_not_believed_again_until_the_seller_says_so() {
    let stall = Stall::open().await;
    let of_code = |nonce| Acceptance {
        signature: PayerSignature::Code(vec![1; 96].into()),
        mode: Mode::Instant,
        ..stall.song(0, nonce)
    };
    let sold = stall.sell(of_code(0)).await;
    let batch = stall.batch(&[sold.seq]).await.id;
    stall.record(batch, &[(sold.seq, Outcome::Failed(FailureReason::SignatureRefused))]).await;
    assert!(matches!(stall.store.accept(of_code(1)).await.unwrap(), Accepted::Distrusted));
    // A key cannot change its mind, so whoever signs with one pays first, and that is enough.
    let plain = stall.sell(stall.guide(0, 2)).await;
    assert_eq!(plain.mode, Mode::Instant);
    stall.assert_conserved().await;
    // The seller's word lifts it.
    stall.store.set_standing(payer(0), PayerStanding::Trusted, after(20)).await.unwrap();
    stall.sell(of_code(1)).await;
}

/// I11, T19: an account is quickly made, so its code is not believed either once others made us pay for nothing; whoever
/// has paid is, and so is everybody a day later.
#[tokio::test]
async fn after_three_mined_failures_of_code_in_a_day_only_code_that_has_paid_is_believed() {
    let stall = Stall::open().await;
    let of_code = |who, nonce, seconds| Acceptance {
        signature: PayerSignature::Code(vec![1; 96].into()),
        mode: Mode::Instant,
        at: after(seconds),
        ..stall.song(who, nonce)
    };
    let known = stall.sell(of_code(9, 0, 0)).await;
    stall.settle_one(known.seq, 0, BLOCK + 1).await;
    let refused = Outcome::Failed(FailureReason::SignatureRefused);
    for who in 0..3 {
        // What was found out without a transaction cost nothing.
        let free = stall.sell(of_code(20 + who, 0, 0)).await;
        let batch = stall.batch(&[free.seq]).await.id;
        stall.record(batch, &[(free.seq, refused)]).await;
        let sold = stall.sell(of_code(who, 1, 0)).await;
        let batch = stall.batch(&[sold.seq]).await.id;
        let attempt = stall.attempt(batch, who + 1).await;
        stall.record_mined(batch, Some(mined(&attempt, BLOCK + 1)), &[(sold.seq, refused)]).await;
    }
    let fresh = stall.store.accept(of_code(3, 1, 0)).await.unwrap();
    assert!(matches!(fresh, Accepted::Distrusted), "{fresh:?}");
    stall.sell(of_code(9, 1, 0)).await;
    stall.sell(stall.song(4, 0)).await;
    stall.store.set_standing(payer(5), PayerStanding::Trusted, after(0)).await.unwrap();
    stall.sell(of_code(5, 0, 0)).await;
    stall.sell(of_code(3, 2, 2 * 86_400)).await;
    stall.assert_conserved().await;
}

#[tokio::test]
async fn what_must_be_settled_first_is_not_sold_while_nothing_can_be_settled() {
    let stall = Stall::open().await;
    let instant = || Acceptance { mode: Mode::Instant, settles_now: false, ..stall.song(0, 0) };
    assert!(matches!(stall.store.accept(instant()).await.unwrap(), Accepted::NotNow));
    stall.sell(Acceptance { mode: Mode::Batched, ..instant() }).await;
    stall.assert_conserved().await;
}

#[tokio::test]
async fn what_was_signed_is_kept_to_the_letter() {
    let stall = Stall::open().await;
    let request = stall.song(3, 4);
    let sold = stall.sell(request.clone()).await;
    let stored = stall.store.queued(stall.asset, crate::Choice::All, 1).await.unwrap().remove(0);
    assert_eq!(stored.authorization, request.authorization);
    assert_eq!(stored.signature, request.signature);
    assert_eq!(stored.accepted_block, request.block);
    let shown = stall.store.payment(sold.id).await.unwrap().unwrap();
    assert_eq!((shown.state, shown.payer, shown.amount), (PaymentState::Queued, payer(3), amount(PRICE)));
    assert_eq!((shown.seq, shown.path.as_str(), shown.transaction), (sold.seq, "/song", None));
    assert!(sold.settle_by.timestamp().cast_unsigned() < sold.valid_before);
}

/// I4, T13.
#[tokio::test]
async fn an_authorization_buys_nothing_but_what_it_was_first_used_for() {
    let stall = Stall::open().await;
    let with_query = Acceptance {
        binding: RequestBinding::new("GET", &"/song".parse().unwrap(), Some("hd"), b""),
        ..stall.song(0, 0)
    };
    let elsewhere = stall.guide(0, 0);
    // Another endpoint that names the first one's request.
    let disguised = Acceptance { binding: get("/song"), ..stall.guide(0, 0) };
    for at_once in [true, false] {
        let stall = if at_once { &stall } else { &Stall::open().await };
        let requests = [stall.song(0, 0), with_query.clone(), elsewhere.clone(), disguised.clone()];
        let mut accepted = Vec::new();
        if at_once {
            accepted = together(&stall.store, requests).await;
        } else {
            for request in requests {
                accepted.push(stall.store.accept(request).await.unwrap());
            }
        }
        new(accepted.remove(0));
        for refused in accepted {
            assert!(matches!(refused, Accepted::Used(Use::Other)), "{refused:?}");
        }
        stall.assert_conserved().await;
    }
}

/// Once it was handed over its signature is public and proves nothing (T03).
#[tokio::test]
async fn a_repeat_gets_the_same_grant_only_until_the_authorization_is_handed_over() {
    let stall = Stall::open().await;
    let sold = stall.sell(stall.song(0, 0)).await;
    let again = || async { stall.store.accept(stall.song(0, 0)).await.unwrap() };
    assert!(matches!(again().await, Accepted::Repeat(same) if same == sold));
    let batch = stall.batch(&[sold.seq]).await.id;
    assert!(matches!(again().await, Accepted::InFlight(same) if same.seq == sold.seq));
    // Back in the queue it stays public.
    stall.record(batch, &[(sold.seq, Outcome::Unknown)]).await;
    assert_eq!(stall.state(sold.seq).await, PaymentState::Queued);
    assert!(matches!(again().await, Accepted::InFlight(_)));
    stall.settle_one(sold.seq, 0, 120).await;
    assert!(matches!(again().await, Accepted::Used(Use::Paid)));
    assert_eq!(stall.number("select count(*) from payments").await, 1);
    let failed = stall.sell(stall.song(1, 0)).await;
    let batch = stall.batch(&[failed.seq]).await.id;
    stall.record(batch, &[(failed.seq, Outcome::Failed(FailureReason::Underfunded))]).await;
    let replayed = stall.store.accept(stall.song(1, 0)).await.unwrap();
    assert!(matches!(replayed, Accepted::Used(Use::Unpaid)), "{replayed:?}");
    stall.assert_conserved().await;
}

/// T02.
#[tokio::test]
async fn a_restart_forgets_no_authorization() {
    let stall = Stall::open().await;
    let sold = stall.sell(stall.song(0, 0)).await;
    let done = stall.sell(stall.song(1, 0)).await;
    stall.settle_one(done.seq, 0, 120).await;
    let stall = stall.restart().await;
    assert!(
        matches!(stall.store.accept(stall.song(0, 0)).await.unwrap(), Accepted::Repeat(same) if same.seq == sold.seq)
    );
    let replayed = stall.store.accept(stall.song(1, 0)).await.unwrap();
    assert!(matches!(replayed, Accepted::Used(Use::Paid)));
    stall.assert_conserved().await;
}

/// I5, T04.
#[tokio::test]
async fn of_two_authorizations_over_one_balance_one_is_refused() {
    let stall = Stall::open().await;
    let requests = (0..2).map(|nonce| Acceptance { balance: amount(PRICE), ..stall.song(0, nonce) });
    let accepted = together(&stall.store, requests).await;
    new(accepted[0].clone());
    assert!(
        matches!(&accepted[1], Accepted::Overdrawn { balance, held } if *balance == amount(PRICE) && *held == amount(PRICE)),
        "{accepted:?}"
    );
    assert_eq!(stall.number("select count(*) from payments").await, 1);
    stall.assert_conserved().await;
}

/// I5, T04.
#[tokio::test]
async fn a_balance_sells_exactly_as_much_as_it_covers_together_and_one_by_one() {
    for at_once in [true, false] {
        let stall = Stall::open().await;
        let requests =
            (0..100).map(|nonce| Acceptance { balance: amount(10 * PRICE + 9), ..stall.song(0, nonce) });
        let mut accepted = Vec::new();
        if at_once {
            accepted = together(&stall.store, requests).await;
        } else {
            for request in requests {
                accepted.push(stall.store.accept(request).await.unwrap());
            }
        }
        assert_eq!(count(&accepted, |one| matches!(one, Accepted::New(_))), 10);
        assert_eq!(count(&accepted, |one| matches!(one, Accepted::Overdrawn { .. })), 90);
        assert_eq!(stall.held(0).await, 10 * PRICE);
        stall.assert_conserved().await;
    }
}

/// T01 with T04: copies of what cannot be afforded must not trip up their group.
#[tokio::test]
async fn copies_of_an_overdrawn_authorization_are_each_told_so() {
    let stall = Stall::open().await;
    let poor = || Acceptance { balance: amount(PRICE - 1), ..stall.song(0, 0) };
    let accepted = together(&stall.store, [poor(), stall.song(1, 0), poor(), stall.song(0, 0), poor()]).await;
    assert!(matches!(accepted[0], Accepted::Overdrawn { .. }));
    assert!(matches!(accepted[1], Accepted::New(_)));
    assert!(matches!(accepted[2], Accepted::Overdrawn { .. }));
    // The balance that came with this copy is enough.
    let sold = new(accepted[3].clone());
    assert!(matches!(&accepted[4], Accepted::Repeat(same) if *same == sold));
    assert_eq!(stall.number("select count(*) from payments").await, 2);
    stall.assert_conserved().await;
}

/// I10.
#[tokio::test]
async fn a_group_with_good_and_refused_requests_keeps_the_good_ones() {
    let stall = Stall::open().await;
    stall.sell(stall.song(7, 0)).await;
    let requests = [
        stall.song(1, 0),
        Acceptance { balance: amount(0), ..stall.song(2, 0) },
        stall.song(7, 0),
        stall.guide(7, 0),
        stall.song(3, 0),
        stall.song(3, 0),
    ];
    let accepted = together(&stall.store, requests).await;
    assert!(
        matches!(
            accepted.as_slice(),
            [
                Accepted::New(_),
                Accepted::Overdrawn { .. },
                Accepted::Repeat(_),
                Accepted::Used(Use::Other),
                Accepted::New(_),
                Accepted::Repeat(_)
            ]
        ),
        "{accepted:?}"
    );
    assert_eq!(stall.number("select count(*) from payments").await, 3);
    stall.assert_conserved().await;
}

#[tokio::test]
async fn groups_of_every_size_are_stored_whole() {
    let stall = Stall::open().await;
    let mut stored = 0;
    for size in [1, 2, 3, 5, 7, 8, 31, 64, 100, 127, 128, 129, 255, 256, 257, 300] {
        let accepted =
            together(&stall.store, (0..size).map(|number| stall.song(number % 9, stored + number))).await;
        let mut seqs: Vec<i64> = accepted.into_iter().map(|one| new(one).seq.0).collect();
        seqs.dedup();
        assert_eq!(seqs.len() as u64, size);
        assert!(seqs.is_sorted());
        stored += size;
    }
    assert_eq!(stall.number("select count(*) from payments").await.cast_unsigned(), stored);
    assert_eq!(stall.number("select count(*) from grants").await.cast_unsigned(), stored);
    stall.assert_conserved().await;
}

/// I3, T68: what the database cannot keep is refused, never bent.
#[tokio::test]
async fn a_time_that_cannot_be_kept_is_refused_and_harms_nobody_else() {
    let stall = Stall::open().await;
    let mut endless = stall.song(0, 0);
    endless.authorization.valid_before = u64::MAX;
    let (refused, sold) = tokio::join!(stall.store.accept(endless), stall.store.accept(stall.song(1, 0)));
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    new(sold.unwrap());
    assert_eq!(stall.number("select count(*) from payments").await, 1);
}

/// I8: void is for what was neither shown to a node nor delivered.
#[tokio::test]
async fn a_payment_is_voided_only_before_its_hand_over_and_its_first_byte() {
    let stall = Stall::open().await;
    let dropped = stall.sell(stall.song(0, 0)).await;
    assert!(stall.store.void(dropped.seq, after(20)).await.unwrap());
    assert_eq!(stall.state(dropped.seq).await, PaymentState::Voided);
    assert_eq!(stall.held(0).await, 0);
    assert!(!stall.store.void(dropped.seq, after(20)).await.unwrap());
    let again = stall.store.accept(stall.song(0, 0)).await.unwrap();
    assert!(matches!(again, Accepted::Used(Use::Other)), "nobody paid: {again:?}");

    let on_its_way = stall.sell(stall.song(1, 0)).await;
    let batch = stall.batch(&[on_its_way.seq]).await.id;
    assert!(!stall.store.void(on_its_way.seq, after(20)).await.unwrap());
    stall.record(batch, &[(on_its_way.seq, Outcome::Unknown)]).await;
    assert!(!stall.store.void(on_its_way.seq, after(20)).await.unwrap());
    assert_eq!(stall.state(on_its_way.seq).await, PaymentState::Queued);

    let begun = stall.sell(stall.song(2, 0)).await;
    stall.store.record_delivery(begun.seq, domain::Delivery::Streaming, 1);
    assert!(!stall.store.void(begun.seq, after(20)).await.unwrap());

    let settled = stall.sell(stall.song(3, 0)).await;
    let batch = stall.batch(&[settled.seq]).await.id;
    stall.record(batch, &[(settled.seq, Outcome::Settled(evidence(9)))]).await;
    assert!(!stall.store.void(settled.seq, after(20)).await.unwrap());
    stall.assert_conserved().await;
}

#[tokio::test]
async fn after_the_end_everything_is_refused_as_closed() {
    let stall = Stall::open().await;
    stall.store.close().await.unwrap();
    assert!(matches!(stall.store.accept(stall.song(0, 0)).await, Err(StoreError::Closed)));
    assert!(stall.store.catalogue().await.is_err());
    stall.store.close().await.unwrap();
}
