//! A file sold to the built-in buyer, and settled.

use alloy_primitives::U256;
use integration::{Books, Stall, UNITS};

/// The same money moves whichever way the command line's own buyer pays.
#[tokio::test(flavor = "multi_thread")]
async fn the_built_in_buyer_buys_in_both_versions() {
    let stall = Stall::start().await;
    stall.sell("/song", b"la", &[]).await;
    let books = Books::open(&stall).await;
    for protocol in ["v1", "v2"] {
        stall.cli(&["practice", "buy", "/song", "--times", "3", "--protocol", protocol]).await;
    }
    let settled = stall.settle().await;
    assert_eq!(settled.code, 0, "{}", settled.in_words());
    assert_eq!(stall.states().await, ["settled"; 6]);
    assert_eq!(books.agree(&stall).await, U256::from(6 * UNITS));
}
