//! Nobody receives more than the chain says they can pay (I5).

use alloy_primitives::U256;
use futures::future::join_all;
use integration::{Buyer, Stall, UNITS, Version};

use crate::shared::{GOODS, PATH, delivered, funded, stall};

/// Signs `count` authorizations and presents all of them at once; answers how many were accepted.
async fn race(stall: &Stall, buyer: &Buyer, count: usize) -> usize {
    let visitor = stall.visitor();
    let terms = visitor.terms(PATH).await;
    let payments: Vec<_> = (0..count)
        .map(|n| buyer.sign(&terms).payment(if n % 2 == 0 { Version::One } else { Version::Two }))
        .collect();
    let answers = join_all(payments.iter().map(|payment| visitor.pay(PATH, payment))).await;
    let (accepted, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    for answer in &accepted {
        delivered(answer, GOODS);
    }
    for answer in refused {
        assert_eq!(answer.status, 402, "{}", answer.in_words());
        assert_eq!(answer.code(), "insufficient_funds");
    }
    accepted.len()
}

/// T04.
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_authorizations_over_one_balance_buy_exactly_what_it_covers() {
    let (stall, books) = stall().await;
    // Ten purchases, and one unit less than an eleventh.
    let buyer = funded(&stall, "0.549999").await;
    assert_eq!(race(&stall, &buyer, 100).await, 10);
    assert_eq!(stall.exposure().await, U256::from(10 * UNITS));
    assert_eq!(race(&stall, &buyer, 20).await, 0);
    assert_eq!(stall.settle().await.code, 0);
    assert_eq!(stall.states().await, ["settled"; 10]);
    assert_eq!(books.agree(&stall).await, U256::from(10 * UNITS));
}

/// T04, I5: a hold goes only when the balance that covered it has been read again.
#[tokio::test(flavor = "multi_thread")]
async fn after_some_have_settled_the_rest_of_the_balance_covers_exactly_the_rest() {
    let (stall, books) = stall().await;
    let buyer = funded(&stall, "0.90").await;
    assert_eq!(race(&stall, &buyer, 6).await, 6);
    assert_eq!(stall.settle().await.code, 0);
    assert_eq!(stall.states().await, ["settled"; 6]);
    assert_eq!(race(&stall, &buyer, 100).await, 12);
    assert_eq!(stall.settle().await.code, 0);
    assert_eq!(race(&stall, &buyer, 10).await, 0);

    stall.fund(buyer.address(), "0.10").await;
    assert_eq!(race(&stall, &buyer, 10).await, 2);
    assert_eq!(stall.settle().await.code, 0);
    assert_eq!(stall.states().await, ["settled"; 20]);
    assert_eq!(books.agree(&stall).await, U256::from(20 * UNITS));
}

/// I5: in the moment of settling, neither the old balance nor the hold may be forgotten.
#[tokio::test(flavor = "multi_thread")]
async fn a_race_during_settlement_overdraws_nothing() {
    let (stall, books) = stall().await;
    let buyer = funded(&stall, "1.00").await;
    let mut accepted = race(&stall, &buyer, 8).await;
    assert_eq!(accepted, 8);
    let settle = stall.settle();
    let buying = async {
        let mut more = 0;
        for _ in 0..8 {
            more += race(&stall, &buyer, 8).await;
        }
        more
    };
    let (settled, more) = tokio::join!(settle, buying);
    assert!([0, 6].contains(&settled.code), "{}", settled.in_words());
    accepted += more;
    assert_eq!(accepted, 20, "one dollar at five cents each");
    assert_eq!(stall.settle().await.code, 0);
    assert_eq!(stall.states().await, ["settled"; 20]);
    assert_eq!(books.agree(&stall).await, U256::from(20 * UNITS));
}
