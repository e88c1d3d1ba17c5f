//! What became of those who came to an endpoint, day by day.

use alloy_primitives::Address;
use domain::EndpointId;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::accept::runs;
use crate::column::{Columns, signed};
use crate::{Store, StoreError};

/// Who came to one endpoint on one UTC day, the seller's own purchases left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visits {
    /// Where.
    pub endpoint: EndpointId,
    /// Days since 1970.
    pub day: i64,
    /// How often terms were shown.
    pub shown: u64,
    /// How often something came with a signature of the payer's over terms of ours.
    pub signed: u64,
    /// How often everything arrived that was bought.
    pub delivered: u64,
    /// How many payments settled that were accepted on this day. Not counted by hand: it follows the payments.
    pub settled: u64,
}

async fn add(db: &mut SqliteConnection, visits: &[Visits]) -> Result<(), StoreError> {
    for run in runs(visits) {
        let mut query =
            QueryBuilder::<Sqlite>::new("insert into visits (endpoint_id, day, shown, signed, delivered) ");
        query.push_values(run, |mut row, visits| {
            row.push_bind(visits.endpoint.0.as_bytes().to_vec())
                .push_bind(visits.day)
                .push_bind(signed(visits.shown))
                .push_bind(signed(visits.signed))
                .push_bind(signed(visits.delivered));
        });
        query.push(
            " on conflict (endpoint_id, day) do update set shown = visits.shown + excluded.shown,
              signed = visits.signed + excluded.signed, delivered = visits.delivered + excluded.delivered",
        );
        query.build().execute(&mut *db).await?;
    }
    Ok(())
}

async fn list(
    db: &mut SqliteConnection,
    endpoint: Option<EndpointId>,
    (first, last): (i64, i64),
) -> Result<Vec<Visits>, StoreError> {
    let rows = sqlx::query(
        "select * from visits where day between $1 and $2 and ($3 is null or endpoint_id = $3)
         order by day, endpoint_id",
    )
    .bind(first)
    .bind(last)
    .bind(endpoint.map(|endpoint| endpoint.0.as_bytes().to_vec()))
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("visits", row);
            // A reorganisation may take back what settled before anybody counted.
            let settled = columns.get::<i64>("settled")?.max(0).unsigned_abs();
            Ok(Visits {
                endpoint: EndpointId(columns.uuid("endpoint_id")?),
                day: columns.get("day")?,
                shown: columns.unsigned("shown")?,
                signed: columns.unsigned("signed")?,
                delivered: columns.unsigned("delivered")?,
                settled,
            })
        })
        .collect()
}

async fn note_own(db: &mut SqliteConnection, payers: &[Address]) -> Result<(), StoreError> {
    for run in runs(payers) {
        let mut query = QueryBuilder::<Sqlite>::new("insert into own_payers (payer) ");
        query.push_values(run, |mut row, payer| {
            row.push_bind(payer.to_vec());
        });
        query.push(" on conflict (payer) do nothing");
        query.build().execute(&mut *db).await?;
    }
    Ok(())
}

/// Who came.
impl Store {
    /// Adds what was counted since the last time.
    ///
    /// # Errors
    /// When the file cannot be written, or an endpoint is not known; nothing is added then.
    pub async fn count_visits(&self, visits: Vec<Visits>) -> Result<(), StoreError> {
        self.writer.run(move |db| Box::pin(async move { Ok((add(db, &visits).await?, Vec::new())) })).await
    }

    /// Who came to one endpoint or to all, day by day; both ends included, days on which nobody came left out.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn visits(
        &self,
        endpoint: Option<EndpointId>,
        days: (i64, i64),
    ) -> Result<Vec<Visits>, StoreError> {
        list(&mut *self.reader().await?, endpoint, days).await
    }

    /// Says that purchases of these payers, from now on, are the seller's own.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn note_own_payers(&self, payers: Vec<Address>) -> Result<(), StoreError> {
        self.writer
            .run(move |db| Box::pin(async move { Ok((note_own(db, &payers).await?, Vec::new())) }))
            .await
    }
}
