//! Whose pictures the stall's pages show. The pictures themselves are files, and nothing here has to do with them.

use std::collections::HashMap;

use alloy_primitives::B256;
use domain::EndpointId;
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::column::Columns;
use crate::{Change, Store, StoreError};

/// A picture, by the digests of its two sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureRow {
    /// For the page of one thing.
    pub large: B256,
    /// For lists.
    pub small: B256,
    /// Of the larger one, in pixels.
    pub width: u32,
    /// Of the larger one, in pixels.
    pub height: u32,
}

/// The seller's own.
const SELLER: &[u8] = &[];

impl Store {
    /// Shows another cover of an endpoint, or none; the seller's own picture where no endpoint is named.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_picture(
        &self,
        endpoint: Option<EndpointId>,
        picture: Option<PictureRow>,
    ) -> Result<(), StoreError> {
        let change = if endpoint.is_some() { Change::Endpoints } else { Change::Settings };
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    let owner = endpoint.as_ref().map_or(SELLER, |id| id.0.as_bytes());
                    set(db, owner, picture.as_ref()).await?;
                    Ok(((), vec![change]))
                })
            })
            .await
    }

    /// The seller's own picture.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn seller_picture(&self) -> Result<Option<PictureRow>, StoreError> {
        let row = sqlx::query("select * from pictures where owner = $1")
            .bind(SELLER)
            .fetch_optional(&mut *self.reader().await?)
            .await?;
        row.as_ref().map(picture).transpose()
    }

    /// Every picture that is somebody's.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn pictures(&self) -> Result<Vec<PictureRow>, StoreError> {
        let rows = sqlx::query("select * from pictures").fetch_all(&mut *self.reader().await?).await?;
        rows.iter().map(picture).collect()
    }
}

/// Shows another picture of its owner, or none.
pub(crate) async fn set(
    db: &mut SqliteConnection,
    owner: &[u8],
    picture: Option<&PictureRow>,
) -> Result<(), StoreError> {
    sqlx::query("delete from pictures where owner = $1").bind(owner).execute(&mut *db).await?;
    if let Some(PictureRow { large, small, width, height }) = picture {
        sqlx::query("insert into pictures (owner, large, small, width, height) values ($1, $2, $3, $4, $5)")
            .bind(owner)
            .bind(large.as_slice())
            .bind(small.as_slice())
            .bind(i64::from(*width))
            .bind(i64::from(*height))
            .execute(db)
            .await?;
    }
    Ok(())
}

fn picture(row: &SqliteRow) -> Result<PictureRow, StoreError> {
    let columns = Columns::of("pictures", row);
    Ok(PictureRow {
        large: columns.hash("large")?,
        small: columns.hash("small")?,
        width: columns.unsigned("width")?,
        height: columns.unsigned("height")?,
    })
}

/// The cover of every endpoint that has one.
pub(crate) async fn covers(db: &mut SqliteConnection) -> Result<HashMap<EndpointId, PictureRow>, StoreError> {
    let rows = sqlx::query("select * from pictures where length(owner) = 16").fetch_all(db).await?;
    let cover = |row: &SqliteRow| {
        let owner: Uuid = Columns::of("pictures", row).uuid("owner")?;
        Ok((EndpointId(owner), picture(row)?))
    };
    rows.iter().map(cover).collect()
}
