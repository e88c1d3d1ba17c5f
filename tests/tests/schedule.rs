//! Settling that nobody has to ask for.

use alloy_primitives::U256;
use integration::{UNITS, eventually};

use crate::shared::{PATH, buy, crowd, stall};

/// As many as the seller said are settled on a real chain without any further word, also after a restart.
#[tokio::test(flavor = "multi_thread")]
async fn as_many_payments_as_the_seller_said_settle_by_themselves() {
    let (mut stall, books) = stall().await;
    let chosen = stall.cli(&["schedule", "set", "--at-count", "3"]).await;
    assert_eq!(chosen["atCount"], 3);
    let buyers = crowd(&stall, 3).await;
    buy(&stall, &buyers[0]).await;
    buy(&stall, &buyers[1]).await;
    assert_eq!(stall.states().await, ["queued", "queued"]);
    stall.restart().await;
    buy(&stall, &buyers[2]).await;
    eventually("settling by count", async || stall.states().await.iter().all(|state| state == "settled"))
        .await;
    let batches = stall.cli(&["batch", "list"]).await;
    assert_eq!(
        (&batches["items"][0]["startedBy"], &batches["items"][0]["payments"]),
        (&"schedule".into(), &3.into())
    );
    assert_eq!(books.agree(&stall).await, U256::from(3 * UNITS));
}

/// I6: what buyers sign for follows the schedule, and a schedule that comes too late is refused.
#[tokio::test(flavor = "multi_thread")]
async fn buyers_sign_for_as_long_as_the_schedule_needs() {
    let (stall, _) = stall().await;
    stall.cli(&["schedule", "set", "--every", "2h"]).await;
    assert_eq!(stall.cli(&["endpoint", "show", PATH]).await["windowSeconds"], 9_000);
    let buyers = crowd(&stall, 1).await;
    buy(&stall, &buyers[0]).await;
    let refused = stall.run(&["schedule", "set", "--every", "3h"]).await;
    assert_eq!(refused.code, 4);
    assert!(refused.in_words().contains("Settle it first"), "{}", refused.in_words());
    let shown = stall.cli(&["schedule", "show"]).await;
    assert_eq!((&shown["items"][0]["every"], &shown["items"][0]["applied"]), (&"2h".into(), &true.into()));
}
