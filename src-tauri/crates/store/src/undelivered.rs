//! What was paid for and has not arrived.

use alloy_primitives::Address;
use domain::{Delivery, EndpointId, PaymentSeq, PaymentState};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::narrow::Narrow;
use crate::payments::{self, PaymentPage};
use crate::sums::{self, Total};
use crate::{Store, StoreError};

/// Which of them.
#[derive(Clone, Debug)]
pub struct Undelivered {
    /// Broken off, or not begun.
    pub delivery: Delivery,
    /// Only those in one of these states; in all in which the money came or may come, when there is none.
    pub states: Vec<PaymentState>,
    /// Only those for this endpoint.
    pub endpoint: Option<EndpointId>,
    /// Only those that this payer made.
    pub payer: Option<Address>,
    /// What else is asked of them.
    pub narrow: Narrow,
}

/// Queued or paid: nothing is owed for the others.
const OWED: [PaymentState; 4] =
    [PaymentState::Queued, PaymentState::Settling, PaymentState::Settled, PaymentState::SettledElsewhere];

impl Undelivered {
    fn narrow(&self, query: &mut QueryBuilder<Sqlite>) {
        // The same words as in the index, or it would not be used.
        query.push(" where p.delivery in ('waiting', 'interrupted') and p.delivery = ");
        query.push_bind(self.delivery.as_str()).push(" and p.state in (");
        let mut names = query.separated(", ");
        for state in if self.states.is_empty() { &OWED } else { &*self.states } {
            names.push_bind(state.as_str());
        }
        query.push(")");
        if let Some(endpoint) = self.endpoint {
            query.push(" and p.endpoint_id = ").push_bind(endpoint.0.as_bytes().to_vec());
        }
        if let Some(payer) = self.payer {
            query.push(" and p.payer = ").push_bind(payer.to_vec());
        }
        self.narrow.push(query);
    }
}

pub(crate) fn page_query(
    wanted: &Undelivered,
    before: Option<PaymentSeq>,
    limit: u32,
) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(payments::SELECT);
    wanted.narrow(&mut query);
    query.push(" and p.seq < ").push_bind(before.map_or(i64::MAX, |seq| seq.0));
    query.push(" order by p.seq desc limit ").push_bind(i64::from(limit) + 1);
    query
}

async fn page(
    db: &mut SqliteConnection,
    mut query: QueryBuilder<Sqlite>,
    limit: u32,
) -> Result<PaymentPage, StoreError> {
    let rows = query.build().fetch_all(db).await?;
    let mut items = rows.iter().map(payments::payment).collect::<Result<Vec<_>, _>>()?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = if more { items.last().map(|last| last.seq) } else { None };
    Ok(PaymentPage { items, next })
}

async fn totals(db: &mut SqliteConnection, wanted: &Undelivered) -> Result<Vec<Total>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "select p.asset_id, p.state, count(*) as payments, sum(p.amount) as amount from payments p",
    );
    wanted.narrow(&mut query);
    query.push(" group by p.asset_id, p.state order by p.asset_id, p.state");
    let rows = query.build().fetch_all(db).await?;
    rows.iter().map(sums::total).collect()
}

/// What was paid for and has not arrived.
impl Store {
    /// A page of it, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn undelivered(
        &self,
        wanted: &Undelivered,
        before: Option<PaymentSeq>,
        limit: u32,
    ) -> Result<PaymentPage, StoreError> {
        page(&mut *self.reader().await?, page_query(wanted, before, limit), limit).await
    }

    /// The sums of all of it by state.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn undelivered_totals(&self, wanted: &Undelivered) -> Result<Vec<Total>, StoreError> {
        totals(&mut *self.reader().await?, wanted).await
    }
}
