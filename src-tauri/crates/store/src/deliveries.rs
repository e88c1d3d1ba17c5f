//! How far the bytes of each payment have got.

use std::collections::HashMap;

use domain::{Delivery, PaymentSeq};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::StoreError;
use crate::accept::runs;
use crate::column::signed;

/// A note about one delivery.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    pub(crate) payment: PaymentSeq,
    pub(crate) delivery: Delivery,
    pub(crate) bytes_sent: u64,
}

impl Progress {
    fn then(self, later: Self) -> Self {
        let delivery =
            if self.delivery == Delivery::Delivered { Delivery::Delivered } else { later.delivery };
        Self { delivery, bytes_sent: self.bytes_sent.max(later.bytes_sent), ..later }
    }
}

/// Keeps the newest note of each payment. A finished delivery stays finished whatever a later
/// download of the same thing does.
pub(crate) async fn note(db: &mut SqliteConnection, notes: &[Progress]) -> Result<(), StoreError> {
    let mut newest: HashMap<PaymentSeq, Progress> = HashMap::with_capacity(notes.len());
    for note in notes {
        newest.entry(note.payment).and_modify(|earlier| *earlier = earlier.then(*note)).or_insert(*note);
    }
    let newest: Vec<Progress> = newest.into_values().collect();
    for run in runs(&newest) {
        let mut query = QueryBuilder::<Sqlite>::new("with noted (seq, delivery, bytes) as (");
        query.push_values(run, |mut row, note| {
            row.push_bind(note.payment.0)
                .push_bind(note.delivery.as_str())
                .push_bind(signed(note.bytes_sent));
        });
        query.push(
            ") update payments set delivery = noted.delivery, bytes_sent = max(payments.bytes_sent, noted.bytes)
               from noted where payments.seq = noted.seq and payments.delivery <> 'delivered'",
        );
        query.build().execute(&mut *db).await?;
    }
    let broken: Vec<PaymentSeq> = newest
        .iter()
        .filter(|note| note.delivery == Delivery::Interrupted)
        .map(|note| note.payment)
        .collect();
    // What broke off can be claimed with a fresh signature even where nothing is owned.
    for run in runs(&broken) {
        let mut query = QueryBuilder::<Sqlite>::new("update grants set claimable = 1 where payment_seq in (");
        let mut list = query.separated(", ");
        for seq in run {
            list.push_bind(seq.0);
        }
        query.push(") and (select delivery from payments where seq = grants.payment_seq) = 'interrupted'");
        query.build().execute(&mut *db).await?;
    }
    Ok(())
}

/// At the start no connection is left from before: whatever had not ended broke off.
pub(crate) async fn break_off_unfinished(db: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query(
        "update grants set claimable = 1 where payment_seq in (
            select seq from payments where delivery in ('waiting', 'streaming') and state <> 'voided'
         )",
    )
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "update payments set delivery = 'interrupted'
         where delivery in ('waiting', 'streaming') and state <> 'voided'",
    )
    .execute(db)
    .await?;
    Ok(())
}
