//! The names that buyers give their payments (`payment-identifier`).

use alloy_primitives::B256;
use domain::PaymentId;
use sqlx::SqliteConnection;

use crate::column::Columns;
use crate::{Store, StoreError};

/// A name counts while there is a payment under it that was not dropped again: before and after that it is anybody's.
async fn find(db: &mut SqliteConnection, name: B256) -> Result<Option<(B256, PaymentId)>, StoreError> {
    let row = sqlx::query(
        "select n.fingerprint, n.payment_id from payment_names n join payments p on p.id = n.payment_id
         where n.name = $1 and p.state <> 'voided'",
    )
    .bind(name.as_slice())
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let columns = Columns::of("payment_names", &row);
    Ok(Some((columns.hash("fingerprint")?, PaymentId(columns.uuid("payment_id")?))))
}

async fn remember(
    db: &mut SqliteConnection,
    name: B256,
    fingerprint: B256,
    payment: PaymentId,
) -> Result<(), StoreError> {
    if find(db, name).await?.is_some() {
        return Ok(());
    }
    sqlx::query(
        "insert into payment_names (name, fingerprint, payment_id)
         select $1, $2, p.id from payments p
         where p.id = $3 and not exists (select 1 from payment_names n where n.payment_id = p.id)
         on conflict (name) do update set fingerprint = excluded.fingerprint, payment_id = excluded.payment_id",
    )
    .bind(name.as_slice())
    .bind(fingerprint.as_slice())
    .bind(payment.0.as_bytes().as_slice())
    .execute(db)
    .await?;
    Ok(())
}

impl Store {
    /// The fingerprint and the payment that were accepted under a name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn named(&self, name: B256) -> Result<Option<(B256, PaymentId)>, StoreError> {
        find(&mut *self.reader().await?, name).await
    }

    /// Keeps the name under which a payment was accepted. One that counts already stays what it is.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn name_payment(
        &self,
        name: B256,
        fingerprint: B256,
        payment: PaymentId,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    remember(db, name, fingerprint, payment).await?;
                    Ok(((), Vec::new()))
                })
            })
            .await
    }
}
