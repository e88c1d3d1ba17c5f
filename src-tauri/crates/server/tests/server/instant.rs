//! Instant sales: the money first (T46).

use std::fs::{self, File};
use std::time::Duration;

use alloy_primitives::B256;
use domain::{Clock as _, Evidence, FailureReason, Mode, Outcome, OwnedFor, PaymentState};
use server::Limits;
use store::{NewBatch, Payment, Trigger, Verdict};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::buyer::Version;
use crate::http;
use crate::stall::{GOODS, Goods, Stall, eventually};

const INSTANT: Goods = Goods { mode: Mode::Instant, ..GOODS };
const TRANSACTION: B256 = B256::repeat_byte(0xaa);

fn evidence() -> Evidence {
    Evidence { block: 9, block_hash: B256::repeat_byte(0xbb), transaction: TRANSACTION }
}

async fn stall() -> Stall {
    let stall = Stall::open().await;
    stall.add("/song", "song.txt", b"la la la", INSTANT).await;
    stall
}

/// Does to the one queued payment what the settler would.
async fn settle(stall: &Stall, outcome: Outcome) -> Payment {
    eventually("a payment waits", async || !queued(stall).await.is_empty()).await;
    let payment = queued(stall).await.remove(0);
    let at = stall.clock.now();
    let batch =
        NewBatch { asset: stall.asset_id, payments: vec![payment.seq], trigger: Trigger::Instant, at };
    let batch = stall.store.open_batch(batch).await.unwrap().id;
    let verdict = Verdict { batch, attempt: None, outcomes: vec![(payment.seq, outcome)], at };
    stall.store.record(verdict).await.unwrap();
    payment
}

async fn queued(stall: &Stall) -> Vec<Payment> {
    let mut payments = stall.payments().await;
    payments.retain(|payment| payment.state == PaymentState::Queued);
    payments
}

#[tokio::test]
async fn the_content_leaves_with_the_transaction_that_paid_for_it() {
    let stall = stall().await;
    let buyer = stall.buyer("ada");
    for outcome in [Outcome::Settled(evidence()), Outcome::SettledElsewhere(evidence())] {
        let buyer = if matches!(outcome, Outcome::Settled(_)) { &buyer } else { &stall.buyer("bob") };
        let ((_, reply), _) = tokio::join!(stall.buy(buyer, "/song", Version::Two), settle(&stall, outcome));
        assert_eq!((reply.status, reply.body.as_slice()), (200, &b"la la la"[..]));
        let response = reply.decoded("PAYMENT-RESPONSE");
        assert_eq!(response["transaction"], TRANSACTION.to_string());
        assert_eq!(response["extra"]["settlement"]["status"], "settled");
        assert_eq!(reply.decoded("X-PAYMENT-RESPONSE")["transaction"], TRANSACTION.to_string());
    }
}

#[tokio::test]
async fn a_settlement_that_failed_delivers_nothing_and_says_why() {
    for (outcome, code) in [
        (Outcome::Failed(FailureReason::Underfunded), "insufficient_funds"),
        (Outcome::Cancelled(evidence()), "invalid_transaction_state"),
        (Outcome::Diverted(evidence()), "invalid_transaction_state"),
        (Outcome::Expired, "payment_expired"),
        (Outcome::Failed(FailureReason::Blocked), "unexpected_settle_error"),
    ] {
        let stall = stall().await;
        let buyer = stall.buyer("ada");
        let ((_, reply), _) = tokio::join!(stall.buy(&buyer, "/song", Version::Two), settle(&stall, outcome));
        assert_eq!((reply.status, reply.error().as_str()), (402, code));
        let response = reply.decoded("PAYMENT-RESPONSE");
        assert_eq!((&response["success"], &response["errorReason"]), (&false.into(), &code.into()));
        assert_eq!(reply.header("payment-required"), None);
        // Who did not pay can pay again.
        let ((_, reply), _) = tokio::join!(
            stall.buy(&buyer, "/song", Version::Two),
            settle(&stall, Outcome::Settled(evidence()))
        );
        assert_eq!(reply.status, 200, "{code}");
    }
}

// T46
#[tokio::test]
async fn a_settlement_that_takes_long_is_neither_paid_nor_failed_and_is_claimed_later() {
    for owned_for in [OwnedFor::DEFAULT, OwnedFor::NEVER] {
        let limits = Limits { settlement: Duration::from_millis(100), ..Limits::default() };
        let stall = Stall::with_limits(limits).await;
        stall.add("/slow", "slow.txt", b"patience", Goods { owned_for, ..INSTANT }).await;
        let buyer = stall.buyer("ada");
        let (signed, reply) = stall.buy(&buyer, "/slow", Version::Two).await;
        assert_eq!((reply.status, reply.error().as_str()), (503, "settlement_pending"));
        assert!(reply.header("retry-after").is_some());
        eventually("it can be claimed", async || {
            stall.payment().await.delivery == domain::Delivery::Interrupted
        })
        .await;
        settle(&stall, Outcome::Settled(evidence())).await;
        let (_, reply) = stall.buy(&buyer, "/slow", Version::Two).await;
        assert_eq!((reply.status, reply.body.as_slice()), (200, &b"patience"[..]));
        assert_eq!(stall.payments().await.len(), 1);
        // The old signature is public now.
        let reply = stall.pay("/slow", &signed, Version::Two).await;
        assert_eq!((reply.status, reply.error().as_str()), (402, "invalid_transaction_state"));
    }
}

#[tokio::test]
async fn a_settlement_that_is_put_off_keeps_the_buyer_waiting() {
    let stall = stall().await;
    let buyer = stall.buyer("ada");
    let settling = async {
        settle(&stall, Outcome::Failed(FailureReason::Paused)).await;
        settle(&stall, Outcome::Settled(evidence())).await
    };
    let ((_, reply), _) = tokio::join!(stall.buy(&buyer, "/song", Version::Two), settling);
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn a_buyer_who_hangs_up_while_it_settles_claims_it_later() {
    let stall = Stall::open().await;
    stall.add("/song", "song.txt", b"la la la", Goods { owned_for: OwnedFor::NEVER, ..INSTANT }).await;
    let buyer = stall.buyer("ada");
    let (name, value) = stall.sign(&buyer, "/song").await.header(Version::Two);
    let mut stream = TcpStream::connect(stall.address).await.unwrap();
    stream.write_all(http::get("/song", &[(name, &value)]).as_bytes()).await.unwrap();
    eventually("a payment waits", async || !queued(&stall).await.is_empty()).await;
    drop(stream);
    eventually("it can be claimed", async || stall.payment().await.delivery == domain::Delivery::Interrupted)
        .await;
    // Freshly signed, and it waits for the same payment.
    let ((_, reply), _) =
        tokio::join!(stall.buy(&buyer, "/song", Version::Two), settle(&stall, Outcome::Settled(evidence())));
    assert_eq!((reply.status, reply.body.as_slice()), (200, &b"la la la"[..]));
    assert_eq!(stall.payments().await.len(), 1);
}

// T31
#[tokio::test]
async fn a_file_that_breaks_while_it_settles_is_owed_and_not_charged_again() {
    let stall = Stall::open().await;
    let content = vec![5; 1024 * 1024];
    stall.add("/film", "film.bin", &content, Goods { owned_for: OwnedFor::NEVER, ..INSTANT }).await;
    let buyer = stall.buyer("ada");
    let breaking = async {
        eventually("a payment waits", async || !queued(&stall).await.is_empty()).await;
        File::options().write(true).open(stall.file("film.bin")).unwrap().set_len(1).unwrap();
        settle(&stall, Outcome::Settled(evidence())).await
    };
    let ((_, reply), _) = tokio::join!(stall.buy(&buyer, "/film", Version::Two), breaking);
    assert_eq!((reply.status, reply.error().as_str()), (503, "content_unavailable"));
    assert!(reply.json()["message"].as_str().unwrap().contains("not charged again"));
    fs::write(stall.file("film.bin"), &content).unwrap();
    let (_, reply) = stall.buy(&buyer, "/film", Version::Two).await;
    assert!(reply.status == 200 && reply.body == content);
    assert_eq!(stall.payments().await.len(), 1);
}
