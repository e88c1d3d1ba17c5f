//! A file that is too large to be read whole before it is used is read beside the work (T63).

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::{ConnectOptions as _, Connection as _};
use tempfile::TempDir;

use super::fixture::{Stall, after};
use crate::{Opened, Store, StoreError, file};

/// Opens any file as one that is too large.
async fn open(path: &Path) -> Result<(Store, Opened), StoreError> {
    Store::open_reading(path, after(0), 0).await
}

fn is_damaged<T>(found: &Result<T, StoreError>) -> bool {
    matches!(found, Err(StoreError::Damaged(_)))
}

/// T63: what is found beside the work is as much as a start finds, and the next start asks first.
#[tokio::test]
async fn damage_in_a_large_file_is_found_beside_the_work_and_refuses_the_next_start() {
    let stall = Stall::open().await;
    stall.sell_songs(20).await;
    stall.store.close().await.unwrap();
    let whole = fs::read(stall.path()).unwrap();
    let page = usize::from(u16::from_be_bytes([whole[16], whole[17]]));
    let mut found_later = 0;
    for start in (0..whole.len()).step_by(page * 5) {
        let elsewhere = TempDir::new().unwrap();
        let path = elsewhere.path().join("stall.db");
        let mut damaged = whole.clone();
        damaged[start] ^= 0xff;
        fs::write(&path, damaged).unwrap();
        let (store, opened) = match open(&path).await {
            Ok(open) => open,
            refused => {
                assert!(is_damaged(&refused), "page at {start}: {refused:?}");
                continue;
            }
        };
        assert!(opened.unread);
        let found = store.read_whole().await;
        assert!(is_damaged(&found), "page at {start}: {found:?}");
        store.close().await.unwrap();
        assert!(is_damaged(&open(&path).await), "page at {start}");
        found_later += 1;
        // A copy that is put back is read whole once, and is like any other from then on.
        fs::write(&path, &whole).unwrap();
        for unread in [false, true] {
            let (store, opened) = open(&path).await.unwrap();
            assert_eq!(opened.unread, unread);
            store.close().await.unwrap();
        }
    }
    assert!(found_later > 5, "{found_later}");
}

#[tokio::test]
async fn a_large_file_that_is_whole_is_sold_from_while_it_is_read() {
    let stall = Stall::open().await;
    stall.sell_songs(3).await;
    stall.store.close().await.unwrap();
    let (store, opened) = open(&stall.path()).await.unwrap();
    assert_eq!(opened, Opened { unread: true, ..Opened::default() });
    let (found, sold) = tokio::join!(store.read_whole(), store.accept(stall.song(9, 9)));
    found.unwrap();
    sold.unwrap();
    store.close().await.unwrap();
    // A small one has nothing left to read.
    let (store, opened) = Store::open(&stall.path(), after(0)).await.unwrap();
    assert_eq!(opened, Opened::default());
    store.read_whole().await.unwrap();
}

/// A file that is cut short is not opened, however large it is.
#[tokio::test]
async fn a_large_file_that_lost_its_end_is_refused_at_once() {
    let stall = Stall::open().await;
    stall.sell_songs(3).await;
    stall.store.close().await.unwrap();
    let whole = fs::read(stall.path()).unwrap();
    fs::write(stall.path(), &whole[..whole.len() - 8192]).unwrap();
    assert!(is_damaged(&open(&stall.path()).await));
}

/// Neither does a stop wait for the reading, nor does it make an unclean stop be forgotten.
#[tokio::test]
async fn a_stop_ends_the_reading_and_the_next_start_looks_as_closely_again() {
    let stall = Stall::open().await;
    stall.sell_songs(1).await;
    stall.store.close().await.unwrap();
    let mut db = file::options(&stall.path()).foreign_keys(false).connect().await.unwrap();
    for statement in [
        // Only a full look sees it.
        "delete from offers",
        "update meta set value = '1' where key = 'open'",
        "create table long (row integer not null)",
        "insert into long
         with recursive count(row) as (select 1 union all select row + 1 from count where row < 1000000)
         select row from count",
    ] {
        sqlx::query(statement).execute(&mut db).await.unwrap();
    }
    db.close().await.unwrap();
    let (store, opened) = open(&stall.path()).await.unwrap();
    assert!(opened.after_unclean_stop && opened.unread);
    let reading = tokio::spawn({
        let store = store.clone();
        async move { store.read_whole().await }
    });
    let deadline = Instant::now() + Duration::from_secs(10);
    while !store.unread.is_at_work() {
        assert!(Instant::now() < deadline);
        tokio::task::yield_now().await;
    }
    store.close().await.unwrap();
    let ended = reading.await.unwrap();
    assert!(matches!(ended, Err(StoreError::Closed)), "{ended:?}");

    let mut db = file::options(&stall.path()).connect().await.unwrap();
    sqlx::query("drop table long").execute(&mut db).await.unwrap();
    db.close().await.unwrap();
    let (store, opened) = open(&stall.path()).await.unwrap();
    assert!(!opened.after_unclean_stop && opened.unread);
    let found = store.read_whole().await;
    assert!(is_damaged(&found), "{found:?}");
}
