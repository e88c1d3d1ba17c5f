//! What narrows a list of payments beyond its states, its endpoint and its payer.

use std::collections::HashMap;

use domain::{Amount, AssetId};
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use crate::StoreError;

/// A UTC day in milliseconds.
const DAY: i64 = 86_400_000;

/// What else is asked of the payments of a list.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    /// Only those accepted on these UTC days, counted from 1970, both included.
    pub days: Option<(i64, i64)>,
    /// Only those in one of these assets.
    pub assets: Option<Vec<AssetId>>,
    /// Only those of at least this much.
    pub least: Option<Amount>,
    /// Only those of at most this much.
    pub most: Option<Amount>,
    /// Only those whose id, payer, nonce or transaction begins with these hexadecimal digits, four at least,
    /// or whose endpoint has this in its name or path.
    pub text: Option<String>,
}

impl Narrow {
    /// Whether it asks for the amount.
    pub(crate) const fn is_of_amounts(&self) -> bool {
        self.least.is_some() || self.most.is_some()
    }

    /// All of it as conditions on payments `p`.
    pub(crate) fn push(&self, query: &mut QueryBuilder<Sqlite>) {
        self.push_terms(query);
        if let Some(text) = &self.text {
            query.push(" and (p.endpoint_id in (");
            named(query, text);
            query.push(")");
            if let Some(digits) = digits(text) {
                query.push(" or p.seq in (");
                beginning_with(query, &digits);
                query.push(")");
            }
            query.push(")");
        }
    }

    /// All but the text as conditions on payments `p`.
    pub(crate) fn push_terms(&self, query: &mut QueryBuilder<Sqlite>) {
        self.push_days(query);
        self.push_kinds(query, "p.");
    }

    /// The days as conditions on payments `p`.
    pub(crate) fn push_days(&self, query: &mut QueryBuilder<Sqlite>) {
        if let Some((first, last)) = self.days {
            query.push(" and p.accepted_at >= ").push_bind(first.saturating_mul(DAY));
            query.push(" and p.accepted_at < ").push_bind(last.saturating_add(1).saturating_mul(DAY));
        }
    }

    /// The assets and amounts as conditions on columns of a table.
    pub(crate) fn push_kinds(&self, query: &mut QueryBuilder<Sqlite>, table: &str) {
        if let Some(assets) = &self.assets {
            query.push(" and ").push(table).push("asset_id in (");
            let mut ids = query.separated(", ");
            for asset in assets {
                ids.push_bind(asset.0);
            }
            query.push(")");
        }
        for (amount, is) in [(self.least, ">="), (self.most, "<=")] {
            if let Some(amount) = amount {
                query.push(" and ").push(table).push("amount ").push(is).push(" ");
                query.push_bind(amount.as_i64());
            }
        }
    }
}

/// Between which places in the order of acceptance the payments of some days lie, both left out. No clock is trusted to
/// have gone forward only: between them may be payments of other days.
pub(crate) async fn bounds(
    db: &mut SqliteConnection,
    days: Option<(i64, i64)>,
) -> Result<(i64, i64), StoreError> {
    let Some((first, last)) = days else { return Ok((i64::MIN, i64::MAX)) };
    let row = sqlx::query(
        "select coalesce(min(first_seq), 1) as first, coalesce(max(last_seq), 0) as last from payment_days
         where day between $1 and $2",
    )
    .bind(first)
    .bind(last)
    .fetch_one(db)
    .await?;
    Ok((row.try_get::<i64, _>("first")? - 1, row.try_get::<i64, _>("last")? + 1))
}

/// Remembers between which places the days lie on which some payments were accepted.
pub(crate) async fn remember_days(
    db: &mut SqliteConnection,
    accepted: impl Iterator<Item = (i64, i64)>,
) -> Result<(), StoreError> {
    let mut days: HashMap<i64, (i64, i64)> = HashMap::new();
    for (day, seq) in accepted {
        let (first, last) = days.entry(day).or_insert((seq, seq));
        *first = seq.min(*first);
        *last = seq.max(*last);
    }
    for (day, (first, last)) in days {
        sqlx::query(
            "insert into payment_days (day, first_seq, last_seq) values ($1, $2, $3)
             on conflict (day) do update set
                first_seq = case when excluded.first_seq < payment_days.first_seq
                    then excluded.first_seq else payment_days.first_seq end,
                last_seq = case when excluded.last_seq > payment_days.last_seq
                    then excluded.last_seq else payment_days.last_seq end",
        )
        .bind(day)
        .bind(first)
        .bind(last)
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// The endpoints that have a text in their name or path.
pub(crate) fn named(query: &mut QueryBuilder<Sqlite>, text: &str) {
    let like = format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    query.push("select id from endpoints where lower(title) like lower(").push_bind(like.clone());
    query.push(") escape '\\' or path like ").push_bind(like).push(" escape '\\'");
}

/// The hexadecimal digits of a text, where it can be how an id, a payer, a nonce or a transaction begins.
pub(crate) fn digits(text: &str) -> Option<String> {
    let digits: String = text.trim_start_matches("0x").chars().filter(|sign| *sign != '-').collect();
    let can_be = (4..=64).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    can_be.then_some(digits)
}

/// The payments whose id, payer, nonce or transaction begins with some digits; each of the ways has an index.
pub(crate) fn beginning_with(query: &mut QueryBuilder<Sqlite>, digits: &str) {
    if let Some((low, high)) = beginning::<32>(digits) {
        query.push("select seq from payments where evidence_transaction between ").push_bind(low.clone());
        query.push(" and ").push_bind(high.clone());
        query.push(
            " union select seq from payments where batch_id in (
                select batch_id from attempts where rail = 'direct' and hash between ",
        );
        query.push_bind(low.clone()).push(" and ").push_bind(high.clone());
        query.push(") union select seq from payments where substr(nonce, 1, 8) between ");
        query.push_bind(low.iter().copied().take(8).collect::<Vec<_>>()).push(" and ");
        query.push_bind(high.iter().copied().take(8).collect::<Vec<_>>());
        query.push(" and nonce between ").push_bind(low).push(" and ").push_bind(high);
    }
    if let Some((low, high)) = beginning::<16>(digits) {
        query.push(" union select seq from payments where id between ").push_bind(low);
        query.push(" and ").push_bind(high);
    }
    if let Some((low, high)) = beginning::<20>(digits) {
        query.push(
            " union select seq from payments where asset_id in (select id from assets) and payer between ",
        );
        query.push_bind(low).push(" and ").push_bind(high);
    }
}

/// The least and the greatest bytes that begin with the digits; none where those are too many.
fn beginning<const N: usize>(digits: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let filled = |with: &str| {
        let text = format!("{digits}{}", with.repeat((2 * N).checked_sub(digits.len())?));
        alloy_primitives::hex::decode(text).ok()
    };
    Some((filled("0")?, filled("f")?))
}
