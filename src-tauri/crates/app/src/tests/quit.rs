use domain::Outcome;
use serde_json::{Value, json};

use super::fixture::{Stall, evidence};

/// T67: before the program ends, it is known what waits and until when, on its way or not.
#[tokio::test]
async fn what_is_at_stake_is_known_before_the_program_ends() {
    let mut stall = Stall::open().await;
    let nothing = stall.ask("quit_preview", json!(null)).await;
    assert_eq!(nothing["payments"], 0);
    assert_eq!(nothing["settleBy"], Value::Null);
    assert_eq!(nothing["sentence"], "Nothing waits to be settled.");
    assert_eq!(nothing["items"], json!([]));
    assert_eq!(nothing["delivering"], 0);

    let guide = stall.add("/guide").await;
    let first = stall.sell(&guide).await;
    stall.sell(&guide).await;
    let waiting = stall.ask("quit_preview", json!(null)).await;
    assert_eq!(waiting["payments"], 2);
    assert_eq!(waiting["inFlight"], 0);
    let (by, lost) = (waiting["settleBy"].as_i64().unwrap(), waiting["lostFrom"].as_i64().unwrap());
    assert!(by < lost, "a payment is sent before it is lost");

    let batch = stall.batch(&[first.seq]).await;
    let flying = stall.ask("quit_preview", json!(null)).await;
    assert_eq!(flying["payments"], 2, "what is on its way is not there yet");
    assert_eq!(flying["lostFrom"], lost);
    assert_eq!(flying["items"][0]["inFlight"], json!([batch.0]));
    assert_eq!(flying["amount"], flying["items"][0]["amount"]);

    stall.record(batch, &[(first.seq, Outcome::Settled(evidence(7)))]).await;
    let rest = stall.ask("quit_preview", json!(null)).await;
    assert_eq!((&rest["payments"], &rest["inFlight"]), (&json!(1), &json!(0)));
    stall.app.stop().await;
}
