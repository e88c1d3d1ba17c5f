//! The data file itself: what durability and trust rest on (T60–T66).

use std::fs;
use std::path::Path;

use domain::Outcome;
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use tempfile::TempDir;

use super::fixture::{Stall, after, assert_conserved, evidence};
use crate::{FolderLock, Store, StoreError, file};

async fn open(path: &Path) -> Result<(Store, crate::Opened), StoreError> {
    Store::open(path, after(0)).await
}

/// The file and its log as a power loss would leave them, `log` bytes of the latter.
fn crash(stall: &Stall, into: &Path, log: usize) {
    fs::copy(stall.path(), into.join("stall.db")).unwrap();
    let written = fs::read(stall.folder().join("stall.db-wal")).unwrap();
    fs::write(into.join("stall.db-wal"), &written[..log.min(written.len())]).unwrap();
}

/// I2, T60.
#[tokio::test]
async fn every_connection_writes_ahead_and_waits_for_the_disk() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("stall.db");
    let (mut db, opened, _) = file::open(&path, after(0), 0).await.unwrap();
    assert_eq!(opened, crate::Opened { created: true, ..crate::Opened::default() });
    for (pragma, expected) in [
        ("pragma journal_mode", "wal"),
        ("pragma synchronous", "2"),
        ("pragma foreign_keys", "1"),
        ("pragma fullfsync", "1"),
        ("pragma checkpoint_fullfsync", "1"),
    ] {
        let row = sqlx::query(pragma).fetch_one(&mut db).await.unwrap();
        let value = row.try_get::<String, _>(0).or_else(|_| row.try_get::<i64, _>(0).map(|n| n.to_string()));
        assert_eq!(value.unwrap(), expected, "{pragma}");
    }
    assert!(fs::metadata(folder.path().join("stall.db-wal")).is_ok());
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_its_log_and_its_folder_are_for_the_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let outside = TempDir::new().unwrap();
    let folder = outside.path().join("data");
    let _lock = FolderLock::take(&folder).unwrap();
    let (store, _) = open(&folder.join("stall.db")).await.unwrap();
    store.set_setting("a".to_owned(), "b".to_owned()).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for name in ["stall.db", "stall.db-wal", "stall.db-shm"] {
        assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
    }
}

/// T66.
#[test]
fn a_folder_has_one_owner_at_a_time() {
    let outside = TempDir::new().unwrap();
    let folder = outside.path().join("deep/data");
    let lock = FolderLock::take(&folder).unwrap();
    assert_eq!(lock.folder(), folder);
    let second = FolderLock::take(&folder);
    assert!(matches!(second, Err(StoreError::InUse(ref path)) if *path == folder), "{second:?}");
    lock.give_up().unwrap();
    let second = FolderLock::take(&folder).unwrap();
    drop(lock);
    assert!(matches!(FolderLock::take(&folder), Err(StoreError::InUse(_))), "it is the second one's now");
    drop(second);
    FolderLock::take(&folder).unwrap();
}

#[tokio::test]
async fn a_file_closed_in_order_is_opened_without_suspicion() {
    let stall = Stall::open().await;
    stall.sell_songs(3).await;
    stall.store.close().await.unwrap();
    assert!(!stall.folder().join("stall.db-wal").exists(), "everything is in the one file");
    let (store, opened) = open(&stall.path()).await.unwrap();
    assert_eq!(opened, crate::Opened::default());
    assert_eq!(store.queue(stall.asset).await.unwrap().count, 3);
}

/// I2, T61: what was reported is there after a stop in whatever way.
#[tokio::test]
async fn what_was_accepted_is_there_after_an_unclean_stop() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(5).await;
    let batch = stall.batch(&sold[..2]).await.id;
    stall.attempt(batch, 3).await;
    let elsewhere = TempDir::new().unwrap();
    crash(&stall, elsewhere.path(), usize::MAX);
    let (store, opened) = open(&elsewhere.path().join("stall.db")).await.unwrap();
    assert!(opened.after_unclean_stop && !opened.created);
    assert_eq!(store.queue(stall.asset).await.unwrap().count, 3);
    let open_batches = store.open_batches(stall.asset).await.unwrap();
    assert_eq!((open_batches[0].payments.len(), open_batches[0].attempts.len()), (2, 1));
    store.close().await.unwrap();
    let (_, opened) = open(&elsewhere.path().join("stall.db")).await.unwrap();
    assert!(!opened.after_unclean_stop);
}

/// I8, T61: wherever the log ends, the file holds whole steps and all that came before them.
#[tokio::test]
async fn a_log_torn_anywhere_leaves_whole_steps_from_the_start() {
    let stall = Stall::open().await;
    for number in 0..6 {
        let sold = stall.sell(stall.guide(number, number)).await;
        if number % 2 == 0 {
            stall.settle_one(sold.seq, number, 120 + number).await;
        }
    }
    let log = fs::metadata(stall.folder().join("stall.db-wal")).unwrap().len() as usize;
    let mut before = 0;
    let mut torn = 0;
    for cut in (0..log).step_by(log / 40).chain([log]) {
        let elsewhere = TempDir::new().unwrap();
        crash(&stall, elsewhere.path(), cut);
        let path = elsewhere.path().join("stall.db");
        let (store, _) = open(&path).await.unwrap();
        store.close().await.unwrap();
        let mut db = file::options(&path).connect().await.unwrap();
        assert_conserved(&mut db).await;
        let row = sqlx::query("select count(*) from payments").fetch_one(&mut db).await.unwrap();
        let found: i64 = row.try_get(0).unwrap();
        assert!(found >= before, "{found} after {before} at {cut}");
        torn += usize::from(found < 6);
        before = found;
    }
    assert_eq!(before, 6);
    assert!(torn > 0);
}

/// T63.
#[tokio::test]
async fn a_flipped_byte_at_the_head_of_any_page_is_noticed() {
    let stall = Stall::open().await;
    stall.sell_songs(20).await;
    stall.store.close().await.unwrap();
    let whole = fs::read(stall.path()).unwrap();
    let page = usize::from(u16::from_be_bytes([whole[16], whole[17]]));
    assert!(whole.len() / page > 20);
    for start in (0..whole.len()).step_by(page) {
        let elsewhere = TempDir::new().unwrap();
        let path = elsewhere.path().join("stall.db");
        let mut damaged = whole.clone();
        damaged[start] ^= 0xff;
        fs::write(&path, damaged).unwrap();
        let found = open(&path).await;
        assert!(matches!(found, Err(StoreError::Damaged(_))), "page at {start}: {found:?}");
    }
    let (_, opened) = open(&stall.path()).await.unwrap();
    assert!(!opened.after_unclean_stop);
}

/// T63: after an unclean stop indexes are compared with their tables, and rows with each other.
#[tokio::test]
async fn an_unclean_stop_is_followed_by_a_full_check() {
    let stall = Stall::open().await;
    stall.sell_songs(1).await;
    stall.store.close().await.unwrap();
    let mut db = file::options(&stall.path()).foreign_keys(false).connect().await.unwrap();
    sqlx::query("delete from offers").execute(&mut db).await.unwrap();
    sqlx::query("update meta set value = '1' where key = 'open'").execute(&mut db).await.unwrap();
    db.close().await.unwrap();
    let found = open(&stall.path()).await;
    assert!(matches!(found, Err(StoreError::Damaged(_))), "{found:?}");
}

#[tokio::test]
async fn what_is_no_data_file_is_called_damaged_and_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("stall.db");
    let text = b"Dear diary, today I sold a song.\n".repeat(200);
    fs::write(&path, &text).unwrap();
    let found = open(&path).await;
    assert!(matches!(found, Err(StoreError::Damaged(_))), "{found:?}");
    assert_eq!(fs::read(&path).unwrap(), text);
    let missing = open(&folder.path().join("no/such/folder/stall.db")).await;
    assert!(matches!(missing, Err(StoreError::File { .. })), "{missing:?}");
}

/// A first start that was cut short before anything was written.
#[tokio::test]
async fn an_empty_file_becomes_a_data_file() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("stall.db");
    fs::write(&path, b"").unwrap();
    let (store, opened) = open(&path).await.unwrap();
    assert_eq!(opened.backup, None);
    assert!(store.catalogue().await.unwrap().is_empty());
}

/// T65: a downgrade is refused before anything is touched.
#[tokio::test]
async fn a_file_of_a_newer_version_is_refused_untouched() {
    let stall = Stall::open().await;
    stall.store.close().await.unwrap();
    let mut db = stall.look().await;
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         values (9999, 'from the future', 1, x'00', 0)",
    )
    .execute(&mut db)
    .await
    .unwrap();
    db.close().await.unwrap();
    let before = fs::read(stall.path()).unwrap();
    let found = open(&stall.path()).await;
    assert!(matches!(found, Err(StoreError::Newer)), "{found:?}");
    assert_eq!(fs::read(stall.path()).unwrap(), before);
}

/// A file that knows of migrations and has had none of ours.
async fn older_file(path: &Path, table: &'static str) {
    let mut db = file::options(path).connect().await.unwrap();
    for statement in [
        "create table _sqlx_migrations (
            version bigint primary key, description text not null,
            installed_on timestamp not null default current_timestamp, success boolean not null,
            checksum blob not null, execution_time bigint not null
         )",
        table,
    ] {
        sqlx::query(statement).execute(&mut db).await.unwrap();
    }
    db.close().await.unwrap();
}

/// T65.
#[tokio::test]
async fn a_copy_is_made_before_an_older_file_is_changed() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("stall.db");
    older_file(&path, "create table keepsake as select 'old' as what").await;
    let (_, opened) = open(&path).await.unwrap();
    let backup = opened.backup.unwrap();
    assert_eq!(backup, folder.path().join("stall.db.before-20270115T080000Z"));
    let mut old = file::options(&backup).connect().await.unwrap();
    let tables = sqlx::query("select name from sqlite_schema where type = 'table' order by name")
        .fetch_all(&mut old)
        .await
        .unwrap();
    let names: Vec<&str> = tables.iter().map(|row| row.try_get(0).unwrap()).collect();
    assert_eq!(names, ["_sqlx_migrations", "keepsake"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

/// T65: half a migration does not exist.
#[tokio::test]
async fn a_migration_that_fails_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("stall.db");
    // The last table to be made is there already.
    older_file(&path, "create table totals (other integer)").await;
    assert!(open(&path).await.is_err());
    let mut db = file::options(&path).connect().await.unwrap();
    let row = sqlx::query("select count(*) from sqlite_schema where type = 'table'")
        .fetch_one(&mut db)
        .await
        .unwrap();
    assert_eq!(row.try_get::<i64, _>(0).unwrap(), 2);
}

/// A file from before batches knew since when they are final learns it from their payments.
#[tokio::test]
async fn an_older_files_batches_become_final_when_their_payments_did() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("stall.db");
    let mut db = file::options(&path).foreign_keys(false).connect().await.unwrap();
    file::MIGRATIONS.run_direct(Some(1), &mut db, false).await.unwrap();
    for (batch, state) in [(1, "final"), (2, "partly_settled"), (3, "partly_settled"), (4, "failed")] {
        sqlx::query(
            "insert into batches (id, asset_id, started_by, state, opened_at, closed_at)
             values ($1, 1, 'seller', $2, 10, 20)",
        )
        .bind(batch)
        .bind(state)
        .execute(&mut db)
        .await
        .unwrap();
    }
    // Which payment of which batch was proved in which block, and since when that is final.
    for (seq, batch, block, final_at) in [
        (1_u8, 1, Some(5), Some(100)),
        (2, 1, Some(6), Some(200)),
        (3, 2, Some(5), Some(100)),
        (4, 2, None, None),
        (5, 3, Some(5), Some(100)),
        (6, 3, Some(6), None),
        (7, 4, None, None),
    ] {
        sqlx::query(
            "insert into payments (
                seq, id, asset_id, payer, nonce, offer_id, endpoint_id, pay_to, amount, valid_after,
                valid_before, signature, protocol, mode, state, accepted_at, accepted_block, batch_id,
                evidence_block, evidence_hash, evidence_transaction, final_at, held, delivery, bytes_sent
             ) values (
                $1, $2, 1, zeroblob(20), $3, 1, zeroblob(16), zeroblob(20), 1, 0, 1, zeroblob(65), 2, 'batched',
                iif($5 is null, 'failed', 'settled'), 10, 1, $4, $5, $3, $3, $6, 0, 'delivered', 1
             )",
        )
        .bind(seq)
        .bind([seq; 16].to_vec())
        .bind([seq; 32].to_vec())
        .bind(batch)
        .bind(block)
        .bind(final_at)
        .execute(&mut db)
        .await
        .unwrap();
    }
    file::MIGRATIONS.run_direct(None, &mut db, false).await.unwrap();
    let rows = sqlx::query("select final_at from batches order by id").fetch_all(&mut db).await.unwrap();
    let final_at: Vec<Option<i64>> = rows.iter().map(|row| row.try_get(0).unwrap()).collect();
    assert_eq!(final_at, [Some(200), Some(100), None, None]);
}

/// What payers did before anybody kept count is counted when the file is brought up to date.
#[tokio::test]
async fn an_older_files_payers_and_exposure_are_counted_and_trusted_as_they_deserve() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(4).await;
    stall.sell(stall.song(0, 1)).await;
    stall.settle_one(sold[0], 0, 5).await;
    let batch = stall.batch(&sold[1..3]).await.id;
    let outcomes = [
        (sold[1], Outcome::Cancelled(evidence(6))),
        (sold[2], Outcome::Failed(domain::FailureReason::Underfunded)),
    ];
    stall.record(batch, &outcomes).await;
    let mut db = stall.look().await;
    let before = kept(&mut db).await;
    // As the file was before: without any of it.
    for gone in [
        "drop trigger payments_changed",
        "drop trigger payments_went_wrong",
        "drop index payments_exposed",
        "drop table payers",
        "drop table exposures",
        "drop table payer_standings",
        "drop table exposure_policy",
    ] {
        sqlx::query(gone).execute(&mut db).await.unwrap();
    }
    let migration = file::MIGRATIONS.iter().find(|migration| migration.version == 6).unwrap();
    sqlx::raw_sql(migration.sql.clone()).execute(&mut db).await.unwrap();
    assert_eq!(kept(&mut db).await, before);
    assert_conserved(&mut db).await;
}

/// All that is known of payers and exposure, in one order.
async fn kept(db: &mut sqlx::SqliteConnection) -> Vec<String> {
    let mut kept = Vec::new();
    for query in [
        "select hex(payer) || ' ' || concat_ws(' ', first_seen_at, last_seen_at, accepted, accepted_amount, settled,
            settled_amount, lost, lost_amount, exposed, exposed_amount) as said from payers order by payer",
        "select concat_ws(' ', payments, amount) as said from exposures order by asset_id",
        "select hex(payer) || ' ' || concat_ws(' ', standing, because, payment_seq) as said from payer_standings
         order by payer",
    ] {
        for row in sqlx::query(query).fetch_all(&mut *db).await.unwrap() {
            kept.push(row.try_get("said").unwrap());
        }
    }
    kept
}

/// A file of the version before there were two rails keeps its batches, transactions and receipts, and
/// everything that points at them.
#[tokio::test]
async fn an_older_files_batches_and_transactions_are_kept_when_their_tables_are_made_anew() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("stall.db");
    let mut db = file::options(&path).connect().await.unwrap();
    file::MIGRATIONS.run_direct(Some(3), &mut db, false).await.unwrap();
    for statement in [
        "insert into assets (id, chain_id, address, name, version, decimals)
         values (1, 84532, zeroblob(20), 'USDC', '2', 6)",
        "insert into endpoints (
            id, path, title, kind, file_path, file_name, media_type, bytes, sha256, mode, owned_for, state,
            created_at
         ) values (zeroblob(16), '/a', 'a', 'file', 'f', 'f', 't', 1, zeroblob(32), 'batched', 0, 'live', 0)",
        "insert into offers (id, endpoint_id, version, asset_id, pay_to, amount, window_seconds, created_at)
         values (1, zeroblob(16), 1, 1, zeroblob(20), 5, 60, 0)",
        "insert into batches (id, asset_id, started_by, state, opened_at, final_at, request_key)
         values (7, 1, 'seller', 'submitted', 5, null, 'a key')",
        "insert into settle_requests (key, chain_id, asked_at) values ('a key', 84532, 5)",
        "insert into payments (
            seq, id, asset_id, payer, nonce, offer_id, endpoint_id, pay_to, amount, valid_after, valid_before,
            signature, protocol, mode, state, accepted_at, accepted_block, batch_id, held, delivery, bytes_sent
         ) values (
            1, zeroblob(16), 1, zeroblob(20), zeroblob(32), 1, zeroblob(16), zeroblob(20), 5, 0, 9,
            unhex(replace(hex(zeroblob(64)), '00', '01') || '1b'), 2, 'batched', 'settling', 1, 1, 7, 1,
            'delivered', 1
         )",
        "insert into batch_payments (batch_id, payment_seq, result) values (7, 1, 'pending')",
        "insert into attempts (
            id, batch_id, rail, chain_id, wallet, nonce, hash, raw, gas_limit, max_fee_per_gas,
            max_priority_fee_per_gas, saved_at, sent_at
         ) values (3, 7, 'direct', 84532, zeroblob(20), 4, zeroblob(32), x'01', 100, '7', '1', 5, 6)",
        "insert into receipts (attempt_id, block, block_hash, succeeded, gas_used, cost_wei, seen_at)
         values (3, 9, zeroblob(32), 1, 50, '350', 6)",
    ] {
        sqlx::query(statement).execute(&mut db).await.unwrap();
    }
    db.close().await.unwrap();

    let (store, opened) = open(&path).await.unwrap();
    assert!(opened.backup.is_some());
    let [batch] = <[_; 1]>::try_from(store.open_batches(domain::AssetId(1)).await.unwrap()).unwrap();
    assert_eq!((batch.id.0, batch.payments.len(), batch.attempts.len()), (7, 1, 1));
    assert_eq!((batch.attempts[0].nonce(), batch.attempts[0].gas_limit()), (4, 100));
    let summary = store.batch(batch.id).await.unwrap().unwrap().summary;
    assert_eq!(summary.attempts[0].1.as_ref().unwrap().gas_used, 50);
    assert_eq!(store.requested_batches("a key", None).await.unwrap(), Some(vec![batch.id]));
    store.close().await.unwrap();

    let mut db = file::options(&path).connect().await.unwrap();
    assert!(sqlx::query("pragma foreign_key_check").fetch_all(&mut db).await.unwrap().is_empty());
    let orphan = sqlx::query("delete from batches where id = 7").execute(&mut db).await;
    assert!(orphan.is_err(), "what points at a batch still holds it");
    let incomplete = "insert into attempts (batch_id, rail, purpose, chain_id, saved_at)
        values (7, 'direct', 'settle', 84532, 5)";
    assert!(sqlx::query(incomplete).execute(&mut db).await.is_err());
    let asked = "insert into attempts (batch_id, rail, purpose, chain_id, payment_seq, request, saved_at)
        values (7, 'facilitator', 'settle', 84532, 1, '{}', 5)";
    sqlx::query(asked).execute(&mut db).await.unwrap();
}

/// T63: yesterday's copy in the place of today's file is noticed, whatever it is put back by.
#[tokio::test]
async fn an_older_copy_that_was_put_back_is_noticed_once() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("stall.db");
    let copy = folder.path().join("yesterday.db");
    let (store, opened) = open(&path).await.unwrap();
    assert!(!opened.restored);
    store.close().await.unwrap();
    fs::copy(&path, &copy).unwrap();
    for day in 1..3 {
        let (store, opened) = Store::open(&path, after(day)).await.unwrap();
        assert!(!opened.restored, "a restart is no restoration");
        assert_eq!(store.restored_at().await.unwrap(), None);
        assert!(store.is_rescanned(domain::NetworkId::BASE_SEPOLIA).await.unwrap());
        store.close().await.unwrap();
    }
    fs::copy(&copy, &path).unwrap();
    let (store, opened) = Store::open(&path, after(3)).await.unwrap();
    assert!(opened.restored);
    assert_eq!(store.restored_at().await.unwrap(), Some(after(3)));
    assert!(!store.is_rescanned(domain::NetworkId::BASE_SEPOLIA).await.unwrap());
    store.note_rescanned(domain::NetworkId::BASE_SEPOLIA).await.unwrap();
    store.close().await.unwrap();
    let (store, opened) = Store::open(&path, after(4)).await.unwrap();
    assert!(!opened.restored);
    assert_eq!(store.restored_at().await.unwrap(), Some(after(3)), "what was signed before stays refused");
    assert!(store.is_rescanned(domain::NetworkId::BASE_SEPOLIA).await.unwrap());
    store.note_restored(after(5)).await.unwrap();
    assert!(!store.is_rescanned(domain::NetworkId::BASE_SEPOLIA).await.unwrap());
}

/// T63: a stall that runs for weeks is copied while it runs, and sells and settles on.
#[tokio::test]
async fn a_copy_that_was_made_while_the_file_was_open_is_noticed_too() {
    for settles in [true, false] {
        let stall = Stall::open().await;
        let copy = stall.folder().join("copy.db");
        sqlx::query("vacuum into $1").bind(copy.to_str()).execute(&mut stall.look().await).await.unwrap();
        let sold = stall.sell_songs(2).await;
        let place = TempDir::new().unwrap();
        if settles {
            // The power fails.
            stall.batch(&sold).await;
        } else {
            stall.store.close().await.unwrap();
        }
        fs::copy(&copy, place.path().join("stall.db")).unwrap();
        fs::copy(stall.folder().join("stall.db.opened"), place.path().join("stall.db.opened")).unwrap();
        assert!(open(&place.path().join("stall.db")).await.unwrap().1.restored, "{settles}");
    }
}

/// T63: the file alone was carried to another place.
#[tokio::test]
async fn a_file_from_another_place_counts_as_put_back() {
    let (here, there) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let path = here.path().join("stall.db");
    open(&path).await.unwrap().0.close().await.unwrap();
    let moved = there.path().join("stall.db");
    fs::copy(&path, &moved).unwrap();
    assert!(open(&moved).await.unwrap().1.restored);
}

/// A row that no version writes is named instead of guessed at.
#[tokio::test]
async fn an_impossible_value_is_named_with_its_table_and_column() {
    let stall = Stall::open().await;
    let sold = stall.sell(stall.song(0, 0)).await;
    sqlx::query("update payments set reason = 'bad weather'").execute(&mut stall.look().await).await.unwrap();
    let found = stall.store.payment(sold.id).await;
    assert!(
        matches!(found, Err(StoreError::Inconsistent { table: "payments", column: "reason" })),
        "{found:?}"
    );
}

/// A store can be opened from any task, also one that moves between threads.
#[tokio::test]
async fn opening_needs_no_thread_of_its_own() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("stall.db");
    let opened = tokio::spawn(async move { open(&path).await.unwrap().1 }).await.unwrap();
    assert!(opened.created);
}
