//! Notices that an older copy was put back: a count stands in the file and beside it, and a file that counts less than
//! what lies beside it has been somewhere else in between (T63). It moves when the file is opened and closed and with
//! each batch, so that a copy is older than what follows it also where the program runs for weeks.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use domain::NetworkId;
use sqlx::SqliteConnection;

use crate::{Change, Store, StoreError, settings};

/// How often the count moved.
const OPENED: &str = "opened";

/// When it was noticed, or said, that a copy was put back.
const RESTORED_AT: &str = "restored_at";

fn rescanned(network: NetworkId) -> String {
    format!("rescanned {network}")
}

/// The count beside the file. It is not part of any copy that the database makes of itself.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".opened");
    PathBuf::from(name)
}

async fn inside(db: &mut SqliteConnection) -> Result<Option<u64>, StoreError> {
    Ok(settings::fact(db, OPENED).await?.and_then(|text| text.parse().ok()))
}

/// Moves the count in the file; [`Store::put_beside`] follows once that is durable.
pub(crate) async fn count(db: &mut SqliteConnection) -> Result<(), StoreError> {
    let next = inside(db).await?.unwrap_or(0).saturating_add(1);
    settings::set_fact(db, OPENED, &next.to_string()).await
}

/// Counts an opening. True when the file is an older copy of what was opened here before, or when it
/// comes from another place. When in doubt it counts as put back: that costs a buyer a signature.
pub(crate) async fn note_opening(
    db: &mut SqliteConnection,
    path: &Path,
    created: bool,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let place = beside(path);
    let outside: Option<u64> = fs::read_to_string(&place).ok().and_then(|text| text.trim().parse().ok());
    let inside = inside(db).await?;
    let is_restored = !created && inside.is_some_and(|inside| outside.is_none_or(|outside| inside < outside));
    if is_restored {
        settings::set_fact(db, RESTORED_AT, &now.timestamp_millis().to_string()).await?;
    }
    let next = inside.unwrap_or(0).max(outside.unwrap_or(0)).saturating_add(1);
    // Inside first: a crash between the two leaves the file ahead, which is no sign of anything.
    settings::set_fact(db, OPENED, &next.to_string()).await?;
    write(&place, &next.to_string()).map_err(StoreError::file(&place))?;
    Ok(is_restored)
}

/// Replaced as a whole, so that no crash leaves half a number.
fn write(place: &Path, count: &str) -> std::io::Result<()> {
    let mut draft = place.as_os_str().to_owned();
    draft.push(".new");
    let draft = PathBuf::from(draft);
    let mut file = File::create(&draft)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    file.write_all(count.as_bytes())?;
    file.sync_all()?;
    fs::rename(&draft, place)
}

impl Store {
    /// Moves the count.
    pub(crate) async fn count(&self) -> Result<(), StoreError> {
        self.writer.run(|db| Box::pin(async move { Ok((count(db).await?, Vec::new())) })).await?;
        self.put_beside().await;
        Ok(())
    }

    /// Puts beside the file what stands in it. A file that is ahead of that is no older copy, so a failure loses a notice
    /// and nothing else.
    pub(crate) async fn put_beside(&self) {
        let place = beside(&self.path);
        let put = self.writer.run(move |db| {
            Box::pin(async move {
                let counted = inside(db).await?.unwrap_or(0);
                write(&place, &counted.to_string()).map_err(StoreError::file(&place))?;
                Ok(((), Vec::new()))
            })
        });
        if let Err(error) = put.await {
            tracing::warn!(%error, "what the data file counts could not be put beside it");
        }
    }

    /// When a copy was put back, if one ever was. Nothing that was signed before is accepted: what was
    /// sold between the copy and then is not known any more.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn restored_at(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let fact = self.fact(RESTORED_AT).await?;
        let at = fact.map(|text| text.parse().ok().and_then(DateTime::from_timestamp_millis));
        at.map(|at| at.ok_or(StoreError::Inconsistent { table: "meta", column: RESTORED_AT })).transpose()
    }

    /// Says that a copy of everything was put back, which the file cannot notice by itself.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn note_restored(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    settings::set_fact(db, RESTORED_AT, &now.timestamp_millis().to_string()).await?;
                    Ok(((), vec![Change::Settings]))
                })
            })
            .await
    }

    /// Whether the queue was compared with the chain since a copy was put back.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn is_rescanned(&self, network: NetworkId) -> Result<bool, StoreError> {
        let Some(restored) = self.restored_at().await? else { return Ok(true) };
        let at = self.fact(&rescanned(network)).await?;
        Ok(at.and_then(|text| text.parse::<i64>().ok()).is_some_and(|at| at >= restored.timestamp_millis()))
    }

    /// Notes that the queue was compared with the chain.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn note_rescanned(&self, network: NetworkId) -> Result<(), StoreError> {
        let Some(restored) = self.restored_at().await? else { return Ok(()) };
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    let at = restored.timestamp_millis().to_string();
                    Ok((settings::set_fact(db, &rescanned(network), &at).await?, Vec::new()))
                })
            })
            .await
    }
}
