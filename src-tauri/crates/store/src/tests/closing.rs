//! A file that was closed stays closed.

use chrono::DateTime;
use futures::{future::join_all, poll};
use tokio::task::yield_now;

use crate::Store;

/// Another program may own the folder by then, or have put another file in its place.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reading_that_nobody_waits_for_does_not_open_the_file_after_it_was_closed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stall.sqlite");
    let logs = || {
        let files = std::fs::read_dir(folder.path()).unwrap();
        files
            .map(|file| file.unwrap().file_name())
            .filter(|name| name.to_str().unwrap().contains('-'))
            .count()
    };
    for looks in 0..100 {
        let (store, _) = Store::open(&path, DateTime::UNIX_EPOCH).await.unwrap();
        let mut readings = join_all((0..4).map(|_| Box::pin(store.catalogue())));
        for _ in 0..looks {
            drop(poll!(&mut readings));
            yield_now().await;
        }
        drop(readings);
        store.close().await.unwrap();
        assert_eq!(logs(), 0);
    }
    folder.close().expect("nothing is written while the folder is deleted");
}
