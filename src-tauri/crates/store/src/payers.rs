//! Who has paid: what became of it, and how far each payer is trusted.

use std::str::FromStr;

use alloy_primitives::{Address, hex};
use chrono::{DateTime, Utc};
use domain::{Amount, AssetId, PayerStanding, PaymentId, PaymentState};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::column::Columns;
use crate::{Change, Store, StoreError};

/// Payments and what they come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tallied {
    /// How many.
    pub payments: u64,
    /// What they come to.
    pub amount: Amount,
}

/// What is known of a payer in one asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayerRow {
    /// Who.
    pub payer: Address,
    /// In which asset; none for a payer who was given a standing and never paid.
    pub asset: Option<AssetId>,
    /// When the first payment was accepted.
    pub first_seen_at: Option<DateTime<Utc>>,
    /// When the last one was.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// All that was accepted and not dropped again.
    pub accepted: Tallied,
    /// What came on chain.
    pub settled: Tallied,
    /// What failed, expired, was cancelled, diverted or written off.
    pub lost: Tallied,
    /// What is open and did not wait for its money.
    pub exposed: Tallied,
    /// How far the payer is trusted.
    pub standing: StandingRow,
}

/// How far a payer is trusted, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StandingRow {
    /// How far.
    pub standing: PayerStanding,
    /// The outcome that put the payer there; none where the seller chose.
    pub because: Option<PaymentState>,
    /// The payment that had that outcome.
    pub payment: Option<PaymentId>,
    /// Since when.
    pub changed_at: Option<DateTime<Utc>>,
}

/// By what payers are sorted, the largest or newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PayerOrder {
    /// When they first paid.
    #[default]
    FirstSeen,
    /// What they had settled; leaves out who had nothing.
    Settled,
    /// What is open; leaves out who has nothing open.
    Exposed,
    /// What was lost; leaves out who lost nothing.
    Lost,
    /// Those who stand there, whoever got there last first, those who never paid included.
    Standing(PayerStanding),
}

/// Where a page of payers ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayerPlace {
    key: i64,
    payer: Address,
    asset: i64,
}

impl std::fmt::Display for PayerPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}-{}", self.key, hex::encode(self.payer), self.asset)
    }
}

impl FromStr for PayerPlace {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        let mut parts = text.splitn(3, '-');
        let mut next = || parts.next().ok_or(StoreError::NotFound("page"));
        let missing = |_| StoreError::NotFound("page");
        Ok(Self {
            key: next()?.parse().map_err(missing)?,
            payer: next()?.parse().map_err(|_| StoreError::NotFound("page"))?,
            asset: next()?.parse().map_err(missing)?,
        })
    }
}

/// A page of payers.
#[derive(Clone, Debug, Default)]
pub struct PayerPage {
    /// In the order asked for.
    pub items: Vec<PayerRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<PayerPlace>,
}

impl Store {
    /// Payers, one row for each asset they paid in.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn payers(
        &self,
        order: PayerOrder,
        before: Option<PayerPlace>,
        limit: u32,
    ) -> Result<PayerPage, StoreError> {
        page(&mut *self.reader().await?, order, before, limit).await
    }

    /// One payer: a row for each asset, one without asset for a standing alone, none when unknown.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn payer(&self, payer: Address) -> Result<Vec<PayerRow>, StoreError> {
        of(&mut *self.reader().await?, payer).await
    }

    /// The payers who are sold nothing.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn blocked_payers(&self) -> Result<Vec<Address>, StoreError> {
        let db = &mut *self.reader().await?;
        let rows = sqlx::query("select payer from payer_standings where standing = 'blocked'");
        let rows = rows.fetch_all(db).await?;
        rows.iter().map(|row| Columns::of("payer_standings", row).address("payer")).collect()
    }

    /// Says how far a payer is trusted from now on.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_standing(
        &self,
        payer: Address,
        standing: PayerStanding,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    Ok((set_standing(db, payer, standing, now).await?, vec![Change::Settings]))
                })
            })
            .await
    }
}

const FROM_PAYERS: &str = "
    select p.*, s.standing, s.because, s.changed_at, w.id as because_of
    from payers p left join payer_standings s on s.payer = p.payer
    left join payments w on w.seq = s.payment_seq";

const FROM_STANDINGS: &str = "
    select s.payer, p.asset_id, p.first_seen_at, p.last_seen_at,
        coalesce(p.accepted, 0) as accepted, coalesce(p.accepted_amount, 0) as accepted_amount,
        coalesce(p.settled, 0) as settled, coalesce(p.settled_amount, 0) as settled_amount,
        coalesce(p.lost, 0) as lost, coalesce(p.lost_amount, 0) as lost_amount,
        coalesce(p.exposed, 0) as exposed, coalesce(p.exposed_amount, 0) as exposed_amount,
        s.standing, s.because, s.changed_at, w.id as because_of
    from payer_standings s left join payers p on p.payer = s.payer
    left join payments w on w.seq = s.payment_seq";

fn tallied(
    columns: &Columns<'_>,
    payments: &'static str,
    amount: &'static str,
) -> Result<Tallied, StoreError> {
    Ok(Tallied { payments: columns.unsigned(payments)?, amount: columns.amount(amount)? })
}

fn row(row: &SqliteRow) -> Result<PayerRow, StoreError> {
    let columns = Columns::of("payers", row);
    Ok(PayerRow {
        payer: columns.address("payer")?,
        asset: columns.get::<Option<i64>>("asset_id")?.map(AssetId),
        first_seen_at: columns.optional_time("first_seen_at")?,
        last_seen_at: columns.optional_time("last_seen_at")?,
        accepted: tallied(&columns, "accepted", "accepted_amount")?,
        settled: tallied(&columns, "settled", "settled_amount")?,
        lost: tallied(&columns, "lost", "lost_amount")?,
        exposed: tallied(&columns, "exposed", "exposed_amount")?,
        standing: StandingRow {
            standing: columns.optional_word("standing")?.unwrap_or_default(),
            because: columns.optional_word("because")?,
            payment: columns.optional_uuid("because_of")?.map(PaymentId),
            changed_at: columns.optional_time("changed_at")?,
        },
    })
}

/// A page's query; each in the words of the index that serves it.
pub(crate) fn page_query(order: PayerOrder, before: Option<PayerPlace>, limit: u32) -> QueryBuilder<Sqlite> {
    let (from, key, payer, only) = match order {
        PayerOrder::FirstSeen => (FROM_PAYERS, "p.first_seen_at", "p.payer", "1 = 1"),
        PayerOrder::Settled => (FROM_PAYERS, "p.settled_amount", "p.payer", "p.settled > 0"),
        PayerOrder::Exposed => (FROM_PAYERS, "p.exposed_amount", "p.payer", "p.exposed > 0"),
        PayerOrder::Lost => (FROM_PAYERS, "p.lost_amount", "p.payer", "p.lost > 0"),
        PayerOrder::Standing(_) => (FROM_STANDINGS, "s.changed_at", "s.payer", "s.standing = "),
    };
    let asset = match order {
        PayerOrder::Standing(_) => "coalesce(p.asset_id, 0)",
        _ => "p.asset_id",
    };
    let mut query = QueryBuilder::<Sqlite>::new(from);
    query.push(" where ").push(only);
    if let PayerOrder::Standing(standing) = order {
        query.push_bind(standing.as_str());
    }
    if let Some(PayerPlace { key: last, payer: who, asset: what }) = before {
        query.push(format!(" and ({key}, {payer}, {asset}) < ("));
        query.push_bind(last).push(", ").push_bind(who.to_vec()).push(", ").push_bind(what).push(")");
    }
    query.push(format!(" order by {key} desc, {payer} desc, {asset} desc limit "));
    query.push_bind(i64::from(limit) + 1);
    query
}

async fn page(
    db: &mut SqliteConnection,
    order: PayerOrder,
    before: Option<PayerPlace>,
    limit: u32,
) -> Result<PayerPage, StoreError> {
    let rows = page_query(order, before, limit).build().fetch_all(db).await?;
    let mut items = rows.iter().map(row).collect::<Result<Vec<_>, _>>()?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|last| PayerPlace {
        key: match order {
            PayerOrder::FirstSeen => last.first_seen_at.map_or(0, |at| at.timestamp_millis()),
            PayerOrder::Settled => last.settled.amount.as_i64(),
            PayerOrder::Exposed => last.exposed.amount.as_i64(),
            PayerOrder::Lost => last.lost.amount.as_i64(),
            PayerOrder::Standing(_) => last.standing.changed_at.map_or(0, |at| at.timestamp_millis()),
        },
        payer: last.payer,
        asset: last.asset.map_or(0, |asset| asset.0),
    });
    Ok(PayerPage { items, next })
}

async fn of(db: &mut SqliteConnection, payer: Address) -> Result<Vec<PayerRow>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(FROM_PAYERS);
    query.push(" where p.payer = ").push_bind(payer.to_vec()).push(" order by p.asset_id");
    let mut rows = query.build().fetch_all(&mut *db).await?;
    if rows.is_empty() {
        let mut query = QueryBuilder::<Sqlite>::new(FROM_STANDINGS);
        query.push(" where s.payer = ").push_bind(payer.to_vec());
        rows = query.build().fetch_all(db).await?;
    }
    rows.iter().map(row).collect()
}

async fn set_standing(
    db: &mut SqliteConnection,
    payer: Address,
    standing: PayerStanding,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if standing == PayerStanding::Normal {
        sqlx::query("delete from payer_standings where payer = $1")
            .bind(payer.as_slice())
            .execute(db)
            .await?;
        return Ok(());
    }
    sqlx::query(
        "insert into payer_standings (payer, standing, changed_at) values ($1, $2, $3)
         on conflict (payer) do update set standing = excluded.standing, because = null, payment_seq = null,
            changed_at = excluded.changed_at",
    )
    .bind(payer.as_slice())
    .bind(standing.as_str())
    .bind(now.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}
