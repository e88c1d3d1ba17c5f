//! The newest payments that a list wants, found group by group, so that a page costs its own length, however many payments
//! there are and however rare the wanted ones.

use alloy_primitives::Address;
use domain::PaymentState;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use crate::narrow::{self, Narrow};
use crate::payments::PaymentQuery;
use crate::{StoreError, payments};

/// More groups than this are not asked one by one.
const MANY: u32 = 400;

/// How many payments are looked through, newest first, before others are looked for by themselves.
const NEAR: i64 = 20_000;

/// Payments that an index keeps in the order of acceptance. What is not named may be anything.
#[derive(Default)]
pub(crate) struct Group {
    state: Option<String>,
    endpoint: Option<Vec<u8>>,
    /// The asset and the amount.
    kind: Option<(i64, i64)>,
}

#[cfg(test)]
impl Group {
    /// What is settled at an offer's price.
    pub(crate) fn of_one(offer: &domain::Offer) -> Self {
        Self {
            state: Some(PaymentState::Settled.to_string()),
            endpoint: Some(offer.endpoint.0.as_bytes().to_vec()),
            kind: Some((1, offer.amount.as_i64())),
        }
    }
}

/// Between which places in the order of acceptance, both left out.
pub(crate) type Bounds = (i64, i64);

/// The places of the newest payments that are wanted, newest first and one more than the page has where there are more.
pub(crate) async fn seqs(db: &mut SqliteConnection, wanted: &PaymentQuery) -> Result<Vec<i64>, StoreError> {
    let (after, until) = narrow::bounds(db, wanted.narrow.days).await?;
    let bounds = (after, wanted.before.map_or(until, |seq| seq.0.min(until)));
    let mut found = Found { seqs: Vec::new(), limit: wanted.limit as usize + 1 };
    if let Some(payer) = wanted.payer {
        if !buys_much(db, payer).await? {
            found.add(db, payer_query(wanted, payer, bounds)).await?;
            return Ok(found.seqs);
        }
        found.add(db, near_query(wanted, bounds)).await?;
        if !found.is_full() {
            found.add(db, payer_query(wanted, payer, bounds)).await?;
        }
        return Ok(found.seqs);
    }
    if let Some(digits) = wanted.narrow.text.as_deref().and_then(narrow::digits) {
        found.add(db, digits_query(wanted, &digits, bounds)).await?;
    }
    match groups(db, wanted).await? {
        Some(groups) => {
            for group in groups {
                let bounds = (found.last_wanted().map_or(bounds.0, |last| last.max(bounds.0)), bounds.1);
                found.add(db, group_query(wanted, &group, bounds)).await?;
            }
        }
        None => {
            found.add(db, near_query(wanted, bounds)).await?;
            if !found.is_full() {
                found.add(db, all_groups_query(wanted, bounds)).await?;
            }
        }
    }
    Ok(found.seqs)
}

/// The newest of what was found so far.
struct Found {
    seqs: Vec<i64>,
    limit: usize,
}

impl Found {
    async fn add(
        &mut self,
        db: &mut SqliteConnection,
        mut query: QueryBuilder<Sqlite>,
    ) -> Result<(), StoreError> {
        query.push(" order by p.seq desc limit ").push_bind(i64::try_from(self.limit).unwrap_or(i64::MAX));
        for row in query.build().fetch_all(db).await? {
            self.seqs.push(row.try_get(0)?);
        }
        self.seqs.sort_unstable_by(|one, other| other.cmp(one));
        self.seqs.dedup();
        self.seqs.truncate(self.limit);
        Ok(())
    }

    const fn is_full(&self) -> bool {
        self.seqs.len() >= self.limit
    }

    /// What is older than this is of no use any more.
    fn last_wanted(&self) -> Option<i64> {
        if self.is_full() { self.seqs.last().copied() } else { None }
    }
}

/// The groups that have what is wanted; none where they are too many.
async fn groups(db: &mut SqliteConnection, wanted: &PaymentQuery) -> Result<Option<Vec<Group>>, StoreError> {
    if !by_kind(&wanted.narrow) && wanted.endpoint.is_none() && wanted.narrow.text.is_none() {
        let of = |state: &PaymentState| Group { state: Some(state.to_string()), ..Group::default() };
        let of_states = wanted.states.iter().map(of).collect::<Vec<_>>();
        return Ok(Some(if of_states.is_empty() { vec![Group::default()] } else { of_states }));
    }
    let mut query = groups_query(wanted);
    query.push(" limit ").push_bind(i64::from(MANY) + 1);
    let rows = query.build().fetch_all(db).await?;
    if rows.len() > MANY as usize {
        return Ok(None);
    }
    let of = |row: &SqliteRow| {
        let kind = if by_kind(&wanted.narrow) {
            Some((row.try_get("asset_id")?, row.try_get("amount")?))
        } else {
            None
        };
        let (state, endpoint) = (Some(row.try_get("state")?), Some(row.try_get("endpoint_id")?));
        Ok(Group { state, endpoint, kind })
    };
    rows.iter().map(of).collect::<Result<Vec<_>, StoreError>>().map(Some)
}

/// Whether groups are those of an asset and an amount too.
const fn by_kind(narrow: &Narrow) -> bool {
    narrow.is_of_amounts() || narrow.assets.is_some()
}

/// The groups that are not empty, as the sums know them.
pub(crate) fn groups_query(wanted: &PaymentQuery) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("");
    push_groups(&mut query, wanted);
    query
}

fn push_groups(query: &mut QueryBuilder<Sqlite>, wanted: &PaymentQuery) {
    query.push("select distinct ");
    if by_kind(&wanted.narrow) {
        query.push("asset_id, amount, endpoint_id, state from amount_totals where asset_id in (select id from assets)");
        wanted.narrow.push_kinds(query, "");
        if let Some((first, last)) = wanted.narrow.days {
            query.push(" and day between ").push_bind(first).push(" and ").push_bind(last);
        }
        query.push(" and payments <> 0");
    } else {
        query.push("endpoint_id, state from endpoint_totals where payments <> 0");
    }
    payments::in_states(query, "", &wanted.states, wanted.endpoint);
    if let Some(text) = &wanted.narrow.text {
        query.push(" and endpoint_id in (");
        narrow::named(query, text);
        query.push(")");
    }
}

fn between(query: &mut QueryBuilder<Sqlite>, (after, before): Bounds) {
    query.push(" and p.seq > ").push_bind(after).push(" and p.seq < ").push_bind(before);
}

/// One group's newest.
pub(crate) fn group_query(wanted: &PaymentQuery, group: &Group, bounds: Bounds) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("select p.seq from payments p where true");
    if let Some((asset, amount)) = group.kind {
        query.push(" and p.asset_id = ").push_bind(asset).push(" and p.amount = ").push_bind(amount);
    }
    if let Some(endpoint) = &group.endpoint {
        query.push(" and p.endpoint_id = ").push_bind(endpoint.clone());
    }
    if let Some(state) = &group.state {
        query.push(" and p.state = ").push_bind(state.clone());
    }
    between(&mut query, bounds);
    wanted.narrow.push_days(&mut query);
    query
}

/// All groups together.
pub(crate) fn all_groups_query(wanted: &PaymentQuery, bounds: Bounds) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("select p.seq from (");
    push_groups(&mut query, wanted);
    query.push(") g join payments p on p.endpoint_id = g.endpoint_id and p.state = g.state");
    if by_kind(&wanted.narrow) {
        query.push(" and p.asset_id = g.asset_id and p.amount = g.amount");
    }
    query.push(" where true");
    between(&mut query, bounds);
    wanted.narrow.push_days(&mut query);
    query
}

/// Those among the newest of all.
pub(crate) fn near_query(wanted: &PaymentQuery, (after, before): Bounds) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(
        "select p.seq from payments p where p.seq > (select coalesce(max(seq), 0) from payments where seq < ",
    );
    query.push_bind(before).push(") - ").push_bind(NEAR);
    if let Some(payer) = wanted.payer {
        query.push(" and p.payer = ").push_bind(payer.to_vec());
    }
    between(&mut query, (after, before));
    payments::in_states(&mut query, "p.", &wanted.states, wanted.endpoint);
    wanted.narrow.push(&mut query);
    query
}

/// Those whose id, payer, nonce or transaction begins with some digits.
pub(crate) fn digits_query(wanted: &PaymentQuery, digits: &str, bounds: Bounds) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("select p.seq from payments p where p.seq in (");
    narrow::beginning_with(&mut query, digits);
    query.push(")");
    between(&mut query, bounds);
    payments::in_states(&mut query, "p.", &wanted.states, wanted.endpoint);
    wanted.narrow.push_terms(&mut query);
    query
}

/// Those of one payer.
pub(crate) fn payer_query(wanted: &PaymentQuery, payer: Address, bounds: Bounds) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("select p.seq from payments p where true");
    payments::of_payer(&mut query, payer, &wanted.states, wanted.endpoint);
    between(&mut query, bounds);
    wanted.narrow.push(&mut query);
    query
}

/// Whether a payer has so many payments that a page of them is most likely near.
async fn buys_much(db: &mut SqliteConnection, payer: Address) -> Result<bool, StoreError> {
    let row = sqlx::query("select coalesce(sum(accepted), 0) from payers where payer = $1")
        .bind(payer.to_vec())
        .fetch_one(db)
        .await?;
    Ok(row.try_get::<i64, _>(0)? > NEAR)
}
