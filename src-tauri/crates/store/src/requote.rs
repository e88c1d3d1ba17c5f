//! The same things at the same prices, under other terms of one network.

use alloy_primitives::Address;
use chrono::{DateTime, Utc};
use domain::{NetworkId, Window};
use sqlx::SqliteConnection;

use crate::StoreError;
use crate::column::{Columns, signed};
use crate::offers::GRACE;

/// What changes; what is none stays.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Terms {
    pub(crate) pay_to: Option<Address>,
    pub(crate) window: Option<Window>,
}

/// Replaces the current offers of every endpoint whose terms on the network are other ones. All of an
/// endpoint's offers get the new version, those on other networks with the terms they have. It happens in
/// the transaction that changes the terms, so that nothing is quoted by what was read before.
pub(crate) async fn requote(
    db: &mut SqliteConnection,
    network: NetworkId,
    terms: Terms,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let chain_id = signed(network.chain_id());
    let pay_to = terms.pay_to.map(|address| address.to_vec());
    let window = terms.window.map(|window| i64::from(window.seconds()));
    let endpoints = sqlx::query(
        "select endpoint_id, max(version) as version from offers where endpoint_id in (
            select o.endpoint_id from offers o join assets a on a.id = o.asset_id
            where a.chain_id = $1 and o.honoured_until is null
                and (o.pay_to <> coalesce($2, o.pay_to) or o.window_seconds <> coalesce($3, o.window_seconds))
         ) group by endpoint_id",
    )
    .bind(chain_id)
    .bind(&pay_to)
    .bind(window)
    .fetch_all(&mut *db)
    .await?;
    for row in &endpoints {
        let columns = Columns::of("offers", row);
        let (endpoint, version): (&[u8], i64) = (columns.get("endpoint_id")?, columns.get("version")?);
        sqlx::query(
            "insert into offers (
                endpoint_id, part, audience, version, asset_id, pay_to, amount, window_seconds, created_at
             ) select o.endpoint_id, o.part, o.audience, $2, o.asset_id,
                case a.chain_id when $3 then coalesce($4, o.pay_to) else o.pay_to end, o.amount,
                case a.chain_id when $3 then coalesce($5, o.window_seconds) else o.window_seconds end, $6
             from offers o join assets a on a.id = o.asset_id
             where o.endpoint_id = $1 and o.honoured_until is null",
        )
        .bind(endpoint)
        .bind(version + 1)
        .bind(chain_id)
        .bind(&pay_to)
        .bind(window)
        .bind(at.timestamp_millis())
        .execute(&mut *db)
        .await?;
        sqlx::query(
            "update offers set honoured_until = $3
             where endpoint_id = $1 and honoured_until is null and version <= $2",
        )
        .bind(endpoint)
        .bind(version)
        .bind((at + GRACE).timestamp_millis())
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}
