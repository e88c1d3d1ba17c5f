//! Questions that are asked all the time are answered from their indexes, however much there is.

use sqlx::{AssertSqlSafe, Row as _};

use super::fixture::Stall;
use crate::payers::page_query;
use crate::{
    PayerOrder, burnt, deliveries, exposure, failures, finality, loose, messages, queue, schedules, stake,
    watched,
};

/// What the planner does for a query, one step a line.
async fn plan(query: &str) -> Vec<String> {
    let stall = Stall::open().await;
    let rows = sqlx::query(AssertSqlSafe(format!("explain query plan {query}")))
        .fetch_all(&mut stall.look().await)
        .await
        .unwrap();
    rows.iter().map(|row| row.try_get("detail").unwrap()).collect()
}

#[tokio::test]
async fn instant_sales_are_found_without_reading_the_queue() {
    for (query, index) in [(queue::QUEUED_INSTANT, "payments_instant"), (queue::QUEUED, "payments_queued")] {
        let steps = plan(query).await;
        assert_eq!(steps[0], format!("SEARCH payments USING INDEX {index} (asset_id=?)"));
        assert!(steps[1..].iter().all(|step| !step.contains("payments")), "{steps:?}");
        assert!(steps.iter().any(|step| step.contains("answers_awaited")), "{steps:?}");
    }
    assert!(plan(messages::DUE).await.iter().any(|step| step.contains("webhook_deliveries_due")));
}

#[tokio::test]
async fn what_is_asked_after_every_change_never_reads_all_payments() {
    for query in [
        queue::EXPOSURE,
        queue::IS_ANYTHING_OPEN,
        finality::UNFINISHED,
        schedules::QUEUED_SUM,
        stake::FIRST_QUEUED,
        stake::IN_FLIGHT,
        failures::BARRED,
        burnt::BURNT,
        watched::LOOKED_AT_UNTIL,
    ] {
        for step in plan(query).await {
            let reads_all = ["SCAN payments", "SCAN p"].iter().any(|whole| step == *whole);
            assert!(!reads_all, "{step} in {query}");
        }
    }
}

/// Until both have ended nothing is shown or sold.
#[tokio::test]
async fn what_broke_off_before_a_start_is_found_without_reading_all_payments() {
    for query in [deliveries::MAKE_CLAIMABLE, deliveries::BREAK_OFF] {
        let steps = plan(query).await;
        for index in ["payments_streaming", "payments_undelivered"] {
            let found = format!("SEARCH payments USING INDEX {index} (delivery=?)");
            assert!(steps.contains(&found), "{steps:?} in {query}");
        }
        assert!(steps.iter().all(|step| !step.starts_with("SCAN")), "{steps:?} in {query}");
    }
}

#[tokio::test]
async fn no_sale_and_no_watch_reads_all_payers_or_payments() {
    for (query, index) in [
        (exposure::OLDEST_EXPOSED, "payments_exposed"),
        (exposure::QUEUED_OF, "sqlite_autoindex_payments_2 (asset_id=? AND payer=?)"),
        (exposure::EXPOSED_PAYERS, "payers_by_exposed"),
        (loose::LOOSE, "attempts_loose"),
    ] {
        let steps = plan(query).await;
        assert!(steps[0].contains(index), "{steps:?}");
        assert!(query != exposure::OLDEST_EXPOSED || steps.len() == 1, "{steps:?}");
    }
    for (order, index) in [
        (PayerOrder::FirstSeen, "payers_by_first_seen"),
        (PayerOrder::Settled, "payers_by_settled"),
        (PayerOrder::Exposed, "payers_by_exposed"),
        (PayerOrder::Lost, "payers_by_lost"),
    ] {
        let steps = plan(page_query(order, None, 5).into_string().as_str()).await;
        assert!(steps[0].contains(index), "{steps:?}");
        assert!(steps.iter().all(|step| !step.contains("TEMP B-TREE")), "{steps:?}");
    }
}
