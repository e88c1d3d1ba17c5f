//! What narrows a list of payments beyond its states, its endpoint and its payer.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Amount, AssetId};
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use crate::StoreError;

/// How many payments are looked through, newest first, for what no index finds. More would take longer
/// than somebody waits for a list.
pub const REACH: u32 = 50_000;

/// Clocks are set back, so the order of acceptance is not quite that of time.
const SLACK: TimeDelta = TimeDelta::hours(1);

/// What else is asked of the payments of a list.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    /// Only those accepted then.
    pub accepted: Option<Range<DateTime<Utc>>>,
    /// Only those in one of these assets, among the newest [`REACH`].
    pub assets: Option<Vec<AssetId>>,
    /// Only those of at least this much, among the newest [`REACH`].
    pub least: Option<Amount>,
    /// Only those of at most this much, among the newest [`REACH`].
    pub most: Option<Amount>,
    /// Only those whose id, payer or transaction begins with these hexadecimal digits, or whose endpoint
    /// has this in its name or path; of the newest [`REACH`] also by nonce.
    pub text: Option<String>,
}

impl Narrow {
    /// Whether payments have to be looked through, and not only found.
    #[must_use]
    pub const fn looks_through(&self) -> bool {
        self.assets.is_some() || self.least.is_some() || self.most.is_some()
    }

    /// Whether the sums that are kept do not know of it, so that it has to be counted.
    #[must_use]
    pub const fn is_counted(&self) -> bool {
        self.looks_through() || self.text.is_some()
    }

    /// The same as conditions on payments `p`.
    pub(crate) fn push(&self, query: &mut QueryBuilder<Sqlite>) {
        if let Some(Range { start, end }) = &self.accepted {
            query.push(" and p.accepted_at >= ").push_bind(start.timestamp_millis());
            query.push(" and p.accepted_at < ").push_bind(end.timestamp_millis());
        }
        if let Some(assets) = &self.assets {
            query.push(" and p.asset_id in (");
            let mut ids = query.separated(", ");
            for asset in assets {
                ids.push_bind(asset.0);
            }
            query.push(")");
        }
        if let Some(least) = self.least {
            query.push(" and p.amount >= ").push_bind(least.as_i64());
        }
        if let Some(most) = self.most {
            query.push(" and p.amount <= ").push_bind(most.as_i64());
        }
        if let Some(text) = &self.text {
            query.push(" and p.seq in (");
            found_by(query, text);
            query.push(")");
        }
    }
}

/// Between which places in the order of acceptance the payments of a time lie, both left out.
pub(crate) async fn bounds(
    db: &mut SqliteConnection,
    accepted: Option<&Range<DateTime<Utc>>>,
) -> Result<(i64, i64), StoreError> {
    let Some(Range { start, end }) = accepted else { return Ok((i64::MIN, i64::MAX)) };
    let first = first_since(db, *start - SLACK).await?;
    let last = first_since(db, *end + SLACK).await?;
    Ok((first.saturating_sub(1), last))
}

/// The place of the first payment that was accepted since, found by halving; behind all where none was.
async fn first_since(db: &mut SqliteConnection, since: DateTime<Utc>) -> Result<i64, StoreError> {
    let row = sqlx::query("select coalesce(min(seq), 0) as low, coalesce(max(seq), 0) as high from payments")
        .fetch_one(&mut *db)
        .await?;
    let (mut low, mut high): (i64, i64) = (row.try_get("low")?, row.try_get::<i64, _>("high")? + 1);
    while low < high {
        let middle = low.midpoint(high);
        let at: Option<i64> =
            sqlx::query("select accepted_at from payments where seq >= $1 order by seq limit 1")
                .bind(middle)
                .fetch_optional(&mut *db)
                .await?
                .map(|row| row.try_get(0))
                .transpose()?;
        if at.is_none_or(|at| at >= since.timestamp_millis()) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(low)
}

/// The payments that a text names. Each of the ways has an index, but the last.
fn found_by(query: &mut QueryBuilder<Sqlite>, text: &str) {
    let like = format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    query.push("select seq from payments where endpoint_id in (select id from endpoints where lower(title) like lower(");
    query.push_bind(like.clone()).push(") escape '\\' or path like ").push_bind(like).push(" escape '\\')");
    let digits: String = text.trim_start_matches("0x").chars().filter(|sign| *sign != '-').collect();
    if digits.len() < 4 {
        return;
    }
    if let Some((low, high)) = beginning::<16>(&digits) {
        query.push(" union select seq from payments where id between ").push_bind(low);
        query.push(" and ").push_bind(high);
    }
    if let Some((low, high)) = beginning::<20>(&digits) {
        query.push(
            " union select seq from payments where asset_id in (select id from assets) and payer between ",
        );
        query.push_bind(low).push(" and ").push_bind(high);
    }
    if let Some((low, high)) = beginning::<32>(&digits) {
        query.push(
            " union select seq from payments where batch_id in (
                select batch_id from attempts where rail = 'direct' and hash between ",
        );
        query.push_bind(low.clone()).push(" and ").push_bind(high.clone());
        query.push(") union select seq from payments where seq > (select max(seq) from payments) - ");
        query.push_bind(i64::from(REACH)).push(" and (nonce between ").push_bind(low.clone());
        query.push(" and ").push_bind(high.clone()).push(" or evidence_transaction between ").push_bind(low);
        query.push(" and ").push_bind(high).push(")");
    }
}

/// The least and the greatest bytes that begin with the digits; none where they are not or too many.
fn beginning<const N: usize>(digits: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let filled = |with: &str| {
        let text = format!("{digits}{}", with.repeat((2 * N).checked_sub(digits.len())?));
        alloy_primitives::hex::decode(text).ok()
    };
    Some((filled("0")?, filled("f")?))
}
