//! Caps on what is given before its money has arrived, and payers.

use chrono::TimeDelta;
use domain::{Delivery, FailureReason, Mode, Outcome};
use serde_json::{Value, json};
use store::Payment;

use super::fixture::{Stall, evidence, until};

async fn payment(stall: &Stall, id: domain::PaymentId) -> Payment {
    stall.app.store().payment(id).await.unwrap().unwrap()
}

/// I5: real money is bounded from the first start on, without anybody's doing.
#[tokio::test]
async fn a_stall_outside_practice_begins_with_caps_and_keeps_what_the_seller_chose() {
    let stall = Stall::open().await;
    let shown = stall.ask("exposure_show", Value::Null).await;
    assert_eq!(shown["isDefault"], true);
    assert_eq!(shown["caps"]["perNewPayer"]["formatted"], "5.00");
    assert_eq!(shown["caps"]["beyond"], "instant");
    assert!(stall.app.store().exposure_policy().await.unwrap().is_some());
    let request = json!({ "total": "0.50", "perPayer": "none", "oldest": "12h", "beyond": "refuse" });
    let changed = stall.ask("exposure_set", request).await;
    assert_eq!(changed["caps"]["total"]["amount"], "500000");
    assert_eq!(changed["caps"]["perPayer"], Value::Null);
    assert_eq!(changed["caps"]["perNewPayer"]["formatted"], "5.00");
    assert_eq!((&changed["caps"]["oldestSeconds"], &changed["isDefault"]), (&json!(43_200), &json!(false)));
    let stall = stall.restart().await;
    assert_eq!(stall.ask("exposure_show", Value::Null).await["caps"], changed["caps"]);
    for wrong in [json!({ "total": "-1" }), json!({ "oldest": "soon" }), json!({ "beyond": "whatever" })] {
        stall.refused("exposure_set", wrong).await;
    }
    assert_eq!(stall.ask("exposure_set", json!({ "defaults": true })).await["caps"], shown["caps"]);
    stall.app.stop().await;
}

#[tokio::test]
async fn exposure_is_shown_against_its_caps() {
    let mut stall = Stall::open().await;
    let guide = stall.add("/guide").await;
    stall.ask("exposure_set", json!({ "total": "0.40", "perNetwork": "0.20", "perNewPayer": "0.05" })).await;
    for _ in 0..3 {
        stall.sell(&guide).await;
    }
    let shown = stall.ask("exposure_show", Value::Null).await;
    assert_eq!((&shown["total"]["formatted"], &shown["total"]["sharePercent"]), (&json!("0.15"), &json!(38)));
    let network = &shown["networks"][0];
    assert_eq!((&network["network"], &network["sharePercent"]), (&json!("eip155:84532"), &json!(75)));
    assert!(network["oldestAt"].as_str().unwrap().ends_with('Z'));
    assert_eq!(shown["payers"].as_array().unwrap().len(), 3);
    assert_eq!(shown["payers"][0]["sharePercent"], 100);
    stall.sell(&guide).await;
    // The network's cap is full: the fifth pays first.
    let fifth = stall.sell(&guide).await;
    assert_eq!(payment(&stall, fifth.id).await.mode, Mode::Instant);
    assert_eq!(stall.ask("exposure_show", Value::Null).await["networks"][0]["sharePercent"], 100);
    stall.app.stop().await;
}

/// I5: a stall that refuses everybody says so, and what helps.
#[tokio::test]
async fn a_cap_that_is_used_up_where_sales_are_refused_needs_a_look() {
    let mut stall = Stall::open().await;
    let guide = stall.add("/guide").await;
    stall.ask("exposure_set", json!({ "total": "0.12", "beyond": "refuse" })).await;
    stall.sell(&guide).await;
    assert_eq!(stall.ask("status", Value::Null).await["refusing"], Value::Null);
    stall.sell(&guide).await;
    let caps = async || {
        let items = stall.ask("attention_list", Value::Null).await["items"].take();
        let caps = items.as_array().unwrap().iter().filter(|item| item["kind"] == "cap").cloned();
        let refusing = stall.ask("status", Value::Null).await["refusing"].take();
        (caps.collect::<Vec<_>>(), refusing)
    };
    let (full, refusing) = caps().await;
    let [full] = &full[..] else { panic!("{full:?}") };
    assert_eq!((&full["reason"], &full["action"]), (&json!("cap_total"), &json!("settle_or_raise_cap")));
    assert_eq!((&full["payments"], &full["amount"]["formatted"]), (&json!(2), &json!("0.10")));
    let sentence = full["sentence"].as_str().unwrap();
    assert!(
        sentence.starts_with("$0.10 of the $0.12 that you give on credit is used, so buyers"),
        "{sentence}"
    );
    assert!(sentence.ends_with("raise the cap in Settings."), "{sentence}");
    assert_eq!(refusing, full["sentence"]);
    // Where such sales become instant, nobody is refused.
    stall.ask("exposure_set", json!({ "beyond": "instant" })).await;
    assert_eq!(caps().await, (Vec::new(), Value::Null));
    let one_network = json!({ "total": "none", "perNetwork": "0.10", "beyond": "refuse" });
    stall.ask("exposure_set", one_network).await;
    let (full, _) = caps().await;
    assert_eq!((&full[0]["reason"], &full[0]["network"]), (&json!("cap_network"), &json!("eip155:84532")));
    stall.ask("endpoint_pause", json!({ "endpoint": "/guide" })).await;
    assert_eq!(caps().await, (Vec::new(), Value::Null), "nobody comes for what is not for sale");
    stall.app.stop().await;
}

#[tokio::test]
async fn what_was_delivered_and_failed_is_exposed_as_long_as_it_can_be_saved() {
    let mut stall = Stall::open().await;
    let guide = stall.add("/guide").await;
    let (one, two) = (stall.sell(&guide).await, stall.sell(&guide).await);
    stall.sell(&guide).await;
    let exposure = async |stall: &Stall| stall.ask("status", Value::Null).await["exposureFormatted"].take();
    assert_eq!(exposure(&stall).await, "0.15");
    stall.app.store().record_delivery(one.seq, Delivery::Delivered, 6);
    until(async || payment(&stall, one.id).await.delivery == Delivery::Delivered).await;
    let failed = Outcome::Failed(FailureReason::Underfunded);
    let batch = stall.batch(&[one.seq, two.seq]).await;
    stall.record(batch, &[(one.seq, failed), (two.seq, failed)]).await;
    // The buyer of the second one got nothing.
    assert_eq!(exposure(&stall).await, "0.10");
    let batch = stall.ask("batch_show", json!({ "batch": batch.0 })).await;
    assert_eq!((&batch["payments"], &batch["formatted"]), (&json!(0), &json!("0.00")), "nothing was sent");
    assert_eq!(batch["items"].as_array().unwrap().len(), 2);
    stall.clock.advance(TimeDelta::days(4));
    assert_eq!(exposure(&stall).await, "0.05");
    stall.app.stop().await;
}

/// T05, T06.
#[tokio::test]
async fn a_payer_who_cancelled_is_shown_so_and_can_be_blocked_unblocked_and_trusted() {
    let mut stall = Stall::open().await;
    let guide = stall.add("/guide").await;
    let sold = stall.sell(&guide).await;
    let payer = payment(&stall, sold.id).await.payer.to_string();
    let batch = stall.batch(&[sold.seq]).await;
    stall.record(batch, &[(sold.seq, Outcome::Cancelled(evidence(7)))]).await;

    let listed = stall.ask("payer_list", json!({ "sort": "lost" })).await["items"].take();
    assert_eq!((&listed[0]["payer"], &listed[0]["standing"]), (&json!(payer), &json!("instant_only")));
    assert_eq!(
        (&listed[0]["lost"]["payments"], &listed[0]["lost"]["formatted"]),
        (&json!(1), &json!("0.05"))
    );
    let shown = stall.ask("payer_show", json!({ "payer": payer })).await;
    assert_eq!(
        (&shown["standingBecause"], &shown["standingPayment"]),
        (&json!("cancelled"), &json!(sold.id.to_string()))
    );
    assert!(shown["standingSentence"].as_str().unwrap().contains("cancelled"));

    // A block that is lifted leaves the caution that was there before.
    let unblock = json!({ "payer": payer, "standing": "unblocked" });
    let refused = stall.refused("payer_set", unblock.clone()).await;
    assert!(refused.message.contains("not blocked"), "{refused}");
    assert!(refused.command.as_deref().is_some_and(|how| how.contains("payer reset")), "{refused}");
    stall.ask("payer_set", json!({ "payer": payer, "standing": "blocked" })).await;
    assert_eq!(stall.ask("payer_set", unblock).await["standing"], "instant_only");

    for standing in ["blocked", "normal", "trusted", "instant_only"] {
        let set = stall.ask("payer_set", json!({ "payer": payer, "standing": standing })).await;
        assert_eq!((&set["standing"], &set["standingBecause"]), (&json!(standing), &Value::Null));
    }
    let there = stall.ask("payer_list", json!({ "standing": "instant_only" })).await;
    assert_eq!((&there["items"][0]["payer"], &there["next"]), (&json!(payer), &Value::Null));
    // Also somebody who never came can be kept out.
    let stranger = "0x00000000000000000000000000000000000000fe";
    stall.refused("payer_show", json!({ "payer": stranger })).await;
    stall.ask("payer_set", json!({ "payer": stranger, "standing": "blocked" })).await;
    assert_eq!(stall.ask("payer_show", json!({ "payer": stranger })).await["tokens"], json!([]));
    let unblocked = stall.ask("payer_set", json!({ "payer": stranger, "standing": "unblocked" })).await;
    assert_eq!(unblocked["standing"], "normal");
    for wrong in
        [json!({ "payer": "ada", "standing": "blocked" }), json!({ "payer": payer, "standing": "loved" })]
    {
        stall.refused("payer_set", wrong).await;
    }
    stall.refused("payer_list", json!({ "before": "x" })).await;
    stall.app.stop().await;
}

#[tokio::test]
async fn the_payments_of_one_payer_are_listed_with_sums_of_their_own() {
    let mut stall = Stall::open().await;
    let guide = stall.add("/guide").await;
    let sold = stall.sell(&guide).await;
    stall.sell(&guide).await;
    let payer = payment(&stall, sold.id).await.payer.to_string();
    let listed = stall.ask("payment_list", json!({ "payer": payer })).await;
    assert_eq!((&listed["items"][0]["id"], &listed["total"]), (&json!(sold.id.to_string()), &json!(1)));
    assert_eq!(listed["summary"]["pending"]["formatted"], "0.05");
    let settled = stall.ask("payment_list", json!({ "payer": payer, "states": ["settled"] })).await;
    assert_eq!((&settled["items"], &settled["total"]), (&json!([]), &json!(0)));
    stall.refused("payment_list", json!({ "payer": "ada" })).await;
    stall.app.stop().await;
}
