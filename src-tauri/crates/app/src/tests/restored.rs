use serde_json::json;

use super::fixture::Stall;

/// T63: a backup of the whole folder brings its own count along, so the seller says it.
#[tokio::test]
async fn that_a_backup_was_put_back_can_be_said_and_is_remembered() {
    let stall = Stall::open().await;
    assert_eq!(stall.app.store().restored_at().await.unwrap(), None);
    let said = stall.ask("backup_restored", json!(null)).await;
    assert_eq!(said["refusedUntil"], domain::Clock::now(&*stall.clock).timestamp_millis());
    let stall = stall.restart().await;
    let restored = stall.app.store().restored_at().await.unwrap().unwrap();
    assert_eq!(restored.timestamp_millis(), said["refusedUntil"]);
    stall.app.stop().await;
}
