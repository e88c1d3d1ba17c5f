//! Nobody pays twice for a file they own (T03).

use alloy_primitives::U256;
use integration::{Books, Stall, UNITS, Version};

use crate::shared::{delivered, funded};

const PATH: &str = "/book";
const BOOK: &[u8] = b"Once upon a time";

#[tokio::test(flavor = "multi_thread")]
async fn an_owners_fresh_authorization_is_discarded_and_not_charged() {
    let mut stall = Stall::start().await;
    stall.sell(PATH, BOOK, &["--owned-for", "30d"]).await;
    let books = Books::open(&stall).await;
    let buyer = funded(&stall, "1.00").await;

    // What a buyer who has the link already knows, also when the endpoint is gone.
    let mut terms = stall.visitor().terms(PATH).await;
    for round in ["new", "settled", "started again", "dearer", "removed"] {
        match round {
            "settled" => assert_eq!(stall.settle().await.code, 0),
            "started again" => stall.restart().await,
            "dearer" => {
                stall.cli(&["endpoint", "set-price", PATH, "0.08"]).await;
                terms = stall.visitor().terms(PATH).await;
                assert_eq!(terms.amount, U256::from(80_000));
            }
            "removed" => {
                stall.cli(&["endpoint", "remove", PATH]).await;
                assert_eq!(stall.visitor().ask(PATH).await.status, 404, "gone for strangers");
            }
            _ => {}
        }
        for version in [Version::One, Version::Two] {
            let answer = stall.visitor().pay(PATH, &buyer.sign(&terms).payment(version)).await;
            assert_eq!(answer.status, 200, "{round}: {}", answer.in_words());
            delivered(&answer, BOOK);
        }
        assert_eq!(stall.payments().await.len(), 1, "{round}");
    }
    assert_eq!(stall.states().await, ["settled"]);
    assert_eq!(books.agree(&stall).await, U256::from(UNITS));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_owned_for_no_time_is_charged_each_time() {
    let stall = Stall::start().await;
    stall.sell(PATH, BOOK, &["--owned-for", "0"]).await;
    let books = Books::open(&stall).await;
    let buyer = funded(&stall, "0.15").await;
    let visitor = stall.visitor();
    let terms = visitor.terms(PATH).await;
    for _ in 0..3 {
        delivered(&visitor.pay(PATH, &buyer.sign(&terms).payment(Version::Two)).await, BOOK);
    }
    let fourth = visitor.pay(PATH, &buyer.sign(&terms).payment(Version::Two)).await;
    assert_eq!((fourth.status, fourth.code().as_str()), (402, "insufficient_funds"));
    assert_eq!(stall.settle().await.code, 0);
    assert_eq!(stall.states().await, ["settled"; 3]);
    assert_eq!(books.agree(&stall).await, U256::from(3 * UNITS));
}
