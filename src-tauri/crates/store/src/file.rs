//! Opening a data file: settings that durability rests on, checks, backup, migrations.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::migrate::{Migrate as _, MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Row as _, SqliteConnection};

use crate::whole::{self, Depth};
use crate::{StoreError, answers, deliveries, restored};

pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("../../../migrations");

/// How long a connection waits for another one. There is one writer, so this is only ever a reader
/// that meets a checkpoint.
const BUSY: Duration = Duration::from_secs(5);

/// Enough for every statement of the product, including the few sizes of grouped ones.
const STATEMENTS: usize = 256;

/// Pages that the writer keeps in memory, in KiB with a minus sign. The keys of payments are random: what does not fit
/// is read again for each of them, and written early.
const CACHE: &str = "-65536";

/// Pages that each reader keeps. What a screen asks for again and again is far less, and the system keeps the file's
/// pages once for all of them.
const READER_CACHE: &str = "-8192";

/// Pages in the log before they are moved to the file. Random keys touch the same pages again and
/// again: the rarer this is, the fewer there are to move.
const CHECKPOINT: &str = "4000";

/// How many bytes of the log are kept for further use once everything in it is in the file. More is there only while
/// somebody reads what is older (T64).
pub(crate) const LOG: u64 = 64 << 20;

/// Rows of an answer that may wait to be read: those of the largest group, so that its statement is
/// never held up.
const ROWS: usize = 256;

/// What was noticed while opening.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// The file did not exist before.
    pub created: bool,
    /// The program did not close it in order the last time; everything was checked, unless it is still unread.
    pub after_unclean_stop: bool,
    /// It is too large to be read whole before it is used: [`Store::read_whole`](crate::Store::read_whole) does that
    /// beside the work.
    pub unread: bool,
    /// The copy made before the file was brought to a newer schema.
    pub backup: Option<PathBuf>,
    /// It is an older copy that was put back, or it comes from another place.
    pub restored: bool,
}

pub(crate) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .statement_cache_capacity(STATEMENTS)
        // Without these a Mac hands the bytes to a disk that may still lose them (T60).
        .pragma("fullfsync", "on")
        .pragma("checkpoint_fullfsync", "on")
        .pragma("wal_autocheckpoint", CHECKPOINT)
        .pragma("journal_size_limit", LOG.to_string())
        // A statement that inserts many payments remembers every page it touches, to undo itself.
        .pragma("temp_store", "memory")
        .pragma("cache_size", CACHE)
        .row_buffer_size(ROWS)
        .disable_statement_logging()
}

/// As [`options`], for a connection that only looks.
pub(crate) fn reading(path: &Path) -> SqliteConnectOptions {
    options(path).create_if_missing(false).pragma("query_only", "on").pragma("cache_size", READER_CACHE)
}

/// Opens the file for writing, up to date, and read whole up to `at_once` bytes; answers with how what is larger must
/// still be read. Whatever its size, it is one of ours, as long as it says, its log is taken in, and a file that was
/// found to be damaged, or is about to be changed by a newer version, was read whole.
pub(crate) async fn open(
    path: &Path,
    now: DateTime<Utc>,
    at_once: u64,
) -> Result<(SqliteConnection, Opened, Option<Depth>), StoreError> {
    let created = !path.exists();
    if created {
        // Before anything is in it: the files beside it get its permissions.
        std::fs::File::create_new(path).map_err(StoreError::file(path))?;
    }
    restrict(path)?;
    let mut db = options(path).create_if_missing(false).connect().await?;
    assert_durable(&mut db).await?;
    let mut opened = Opened { created, ..Opened::default() };
    let mut unread = None;
    if !created {
        opened.after_unclean_stop = was_left_open(&mut db).await?;
        let depth = whole::wanted(&mut db, opened.after_unclean_stop).await?;
        let small =
            std::fs::metadata(path).map_err(StoreError::file(path))?.len() + log_bytes(path) <= at_once;
        if small || whole::was_found_damaged(path) || is_older(&mut db).await? {
            whole::look(&mut db, depth).await?;
        } else {
            unread = Some(depth);
        }
        opened.unread = unread.is_some();
        opened.backup = back_up_before_migrating(&mut db, path, now).await?;
    }
    // Not `run`: its future is not `Send`, and with it nothing that opens a store would be.
    MIGRATIONS.run_direct(None, &mut db, false).await.map_err(|error| match error {
        MigrateError::VersionMissing(_) => StoreError::Newer,
        MigrateError::Execute(error) => StoreError::from(error),
        other => StoreError::from(sqlx::Error::from(other)),
    })?;
    whole::note(&mut db, unread).await?;
    if unread.is_none() {
        whole::forget_damage(path)?;
    }
    if !created {
        answers::give_up_awaiting(&mut db, now).await?;
        deliveries::break_off_unfinished(&mut db).await?;
    }
    opened.restored = restored::note_opening(&mut db, path, created, now).await?;
    sqlx::query(
        "insert into meta (key, value) values ('open', '1') on conflict (key) do update set value = '1'",
    )
    .execute(&mut db)
    .await?;
    Ok((db, opened, unread))
}

/// Notes that everything was closed in order.
pub(crate) async fn note_clean_stop(db: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query("update meta set value = '0' where key = 'open'").execute(db).await?;
    Ok(())
}

/// How long the log beside the file is, in bytes.
pub(crate) fn log_bytes(path: &Path) -> u64 {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).map_or(0, |log| log.len())
}

#[cfg(unix)]
fn restrict(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(StoreError::file(path))
}

#[cfg(not(unix))]
fn restrict(_path: &Path) -> Result<(), StoreError> {
    Ok(())
}

/// I2 rests on these two; a file that cannot have them is refused.
async fn assert_durable(db: &mut SqliteConnection) -> Result<(), StoreError> {
    let journal: String = sqlx::query("pragma journal_mode").fetch_one(&mut *db).await?.try_get(0)?;
    let synchronous: i64 = sqlx::query("pragma synchronous").fetch_one(&mut *db).await?.try_get(0)?;
    if journal != "wal" || synchronous != 2 {
        return Err(StoreError::Damaged(format!(
            "it cannot be written durably here (journal {journal}, synchronous {synchronous})"
        )));
    }
    Ok(())
}

pub(crate) async fn has_table(db: &mut SqliteConnection, name: &str) -> Result<bool, StoreError> {
    let found = sqlx::query("select 1 from sqlite_schema where type = 'table' and name = $1")
        .bind(name)
        .fetch_optional(db)
        .await?;
    Ok(found.is_some())
}

async fn was_left_open(db: &mut SqliteConnection) -> Result<bool, StoreError> {
    if !has_table(db, "meta").await? {
        return Ok(false);
    }
    let open = sqlx::query("select value from meta where key = 'open'").fetch_optional(db).await?;
    Ok(open.is_some_and(|row| row.try_get::<&str, _>(0).is_ok_and(|value| value == "1")))
}

/// Whether this version has migrations that the file has not had.
async fn is_older(db: &mut SqliteConnection) -> Result<bool, StoreError> {
    if !has_table(db, "_sqlx_migrations").await? {
        return Ok(true);
    }
    let applied = db.list_applied_migrations("_sqlx_migrations").await.map_err(|error| match error {
        MigrateError::Execute(error) => StoreError::from(error),
        other => StoreError::from(sqlx::Error::from(other)),
    })?;
    let known = MIGRATIONS.iter().filter(|migration| !migration.migration_type.is_down_migration()).count();
    Ok(applied.len() < known)
}

async fn back_up_before_migrating(
    db: &mut SqliteConnection,
    path: &Path,
    now: DateTime<Utc>,
) -> Result<Option<PathBuf>, StoreError> {
    if !has_table(db, "_sqlx_migrations").await? || !is_older(db).await? {
        return Ok(None);
    }
    let name = format!("{}.before-{}", path.display(), now.format("%Y%m%dT%H%M%SZ"));
    sqlx::query("vacuum into $1").bind(&name).execute(db).await?;
    let backup = PathBuf::from(name);
    restrict(&backup)?;
    std::fs::File::open(&backup).and_then(|copy| copy.sync_all()).map_err(StoreError::file(&backup))?;
    Ok(Some(backup))
}

pub(crate) async fn close(db: SqliteConnection) -> Result<(), StoreError> {
    Ok(db.close().await?)
}
