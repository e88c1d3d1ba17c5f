//! A program whose answers are sold, on a real stall, to the published clients.

use alloy_primitives::{U256, hex};
use integration::{Books, Client, PRICE, Stall, UNITS, Upstream};
use sha2::{Digest as _, Sha256};

use crate::shared::crowd;

/// T31, I16: what came back well is charged and arrives, what did not is not charged; each is asked once.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_answers_is_sold_to_every_client_and_its_failures_are_not() {
    let stall = Stall::start().await;
    let program = Upstream::start();
    let upstream = program.url();
    let add = ["endpoint", "add", "--service", &upstream, "--path", "/api", "--pattern", "/{city}"];
    let add = [&add[..], &["--methods", "GET,POST", "--timeout", "5s", "--price", PRICE]].concat();
    assert_eq!(stall.cli(&add).await["content"]["methods"], serde_json::json!(["GET", "POST"]));
    let tested = stall.cli(&["endpoint", "test", "/api", "--path", "/paris"]).await;
    assert_eq!((&tested["well"], &tested["status"]), (&true.into(), &200.into()), "{tested}");

    let books = Books::open(&stall).await;
    let origin = stall.url().trim_end_matches('/').to_owned();
    let digest = |text: String| hex::encode(Sha256::digest(text));
    let [paris, fail] = ["/api/paris?days=2", "/api/fail"].map(|path| format!("{origin}{path}"));
    let (mut sold, mut asked) = (0_u64, program.asked());
    for (client, buyer) in Client::ALL.into_iter().zip(crowd(&stall, Client::ALL.len()).await) {
        let [got, failed] = &client.buy_each(&[&paris, &fail], &buyer).await[..] else {
            panic!("two answers")
        };
        assert!(got["error"].is_null(), "{client:?}: {got}");
        assert_eq!(got["sha256"], digest(Upstream::says("GET /v1/paris?days=2", b"")), "{client:?}");
        assert_eq!(failed["status"], 500, "{client:?}: {failed}");
        (sold, asked) = (sold + 1, asked + 2);
        if matches!(client, Client::Fetch1 | Client::Fetch2 | Client::Axios2) {
            let got = client.post(&format!("{origin}/api/paris"), &buyer, "{\"a\":1}").await;
            assert!(got["error"].is_null(), "{client:?}: {got}");
            assert_eq!(got["sha256"], digest(Upstream::says("POST /v1/paris", b"{\"a\":1}")), "{client:?}");
            (sold, asked) = (sold + 1, asked + 1);
        }
        assert_eq!(program.asked(), asked, "{client:?}: asked once for each");
    }
    let settled = stall.settle().await;
    assert_eq!(settled.code, 0, "{}", settled.in_words());
    assert_eq!(books.agree(&stall).await, U256::from(sold * UNITS));
}
