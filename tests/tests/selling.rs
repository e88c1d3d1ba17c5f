//! A file sold to the published clients of both versions, and settled.

use alloy_primitives::U256;
use alloy_primitives::hex;
use integration::{Books, Buyer, Client, Stall, UNITS};

/// I14, I16: what they get is what was published, and the payout balance grows by exactly the sum.
#[tokio::test(flavor = "multi_thread")]
async fn the_published_clients_of_both_versions_buy_a_file_and_every_payment_settles() {
    let stall = Stall::start().await;
    // More than one read of a large file, and not a multiple of any block.
    let goods: Vec<u8> =
        (0..700_001_u32).flat_map(|n| (n ^ (n >> 7)).to_le_bytes().into_iter().take(1)).collect();
    let endpoint = stall.sell("/film.bin", &goods, &[]).await;
    let books = Books::open(&stall).await;
    let sum = U256::from(Client::ALL.len() as u64 * UNITS);
    let url = format!("{}/film.bin", stall.url().trim_end_matches('/'));

    for client in Client::ALL {
        let buyer = Buyer::new();
        stall.fund(buyer.address(), "0.10").await;
        for line in client.buy(&url, &buyer, 1).await {
            assert!(line["error"].is_null(), "{client:?}: {line}");
            assert_eq!(line["status"], 200, "{client:?}: {line}");
            assert_eq!(line["bytes"], goods.len(), "{client:?}");
            assert_eq!(line["sha256"].as_str().unwrap(), sha256(&goods), "{client:?}");
            assert_eq!(line["paymentResponse"]["success"], true, "{client:?}: {line}");
        }
    }
    assert_eq!(stall.states().await, ["queued"; Client::ALL.len()]);
    assert_eq!(books.received(&stall.node().await).await, U256::ZERO);
    assert_eq!(stall.exposure().await, sum);

    // Nobody but the practice chain itself makes blocks here.
    let settled = stall.run(&["settle", "--wait"]).await;
    assert_eq!(settled.code, 0, "{}", settled.in_words());
    assert_eq!(stall.states().await, ["settled"; Client::ALL.len()]);
    assert_eq!(books.agree(&stall).await, sum);
    assert_eq!(stall.exposure().await, U256::ZERO);
    for payment in stall.payments().await {
        assert_eq!(payment["endpointId"], endpoint["id"]);
        assert!(payment["transaction"].as_str().unwrap().starts_with("0x"), "{payment}");
    }
}

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

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(bytes))
}
