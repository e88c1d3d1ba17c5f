//! The seller's choices and the file's own facts, by key.

use sqlx::{Row as _, SqliteConnection};

use crate::StoreError;

pub(crate) async fn all(db: &mut SqliteConnection) -> Result<Vec<(String, String)>, StoreError> {
    let rows = sqlx::query("select key, value from settings order by key").fetch_all(db).await?;
    rows.iter().map(|row| Ok((row.try_get("key")?, row.try_get("value")?))).collect()
}

pub(crate) async fn one(db: &mut SqliteConnection, key: &str) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("select value from settings where key = $1 and value <> ''")
        .bind(key)
        .fetch_optional(db)
        .await?;
    Ok(row.map(|row| row.try_get("value")).transpose()?)
}

pub(crate) async fn set(db: &mut SqliteConnection, key: &str, value: &str) -> Result<(), StoreError> {
    sqlx::query(
        "insert into settings (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value",
    )
    .bind(key)
    .bind(value)
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn fact(db: &mut SqliteConnection, key: &str) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("select value from meta where key = $1").bind(key).fetch_optional(db).await?;
    Ok(row.map(|row| row.try_get("value")).transpose()?)
}

pub(crate) async fn set_fact(db: &mut SqliteConnection, key: &str, value: &str) -> Result<(), StoreError> {
    sqlx::query("insert into meta (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value")
        .bind(key)
        .bind(value)
        .execute(db)
        .await?;
    Ok(())
}
