//! The names that buyers give their payments (`payment-identifier`).

use alloy_primitives::B256;
use domain::PaymentId;
use sqlx::SqliteConnection;

use crate::column::Columns;
use crate::{Store, StoreError};

/// A name's hash counts once there is a payment under it that was not dropped again: until then it is anybody's.
async fn remember(
    db: &mut SqliteConnection,
    name: B256,
    fingerprint: B256,
    payment: PaymentId,
) -> Result<Option<(B256, PaymentId)>, StoreError> {
    let row = sqlx::query(
        "select n.fingerprint, n.payment_id from payment_names n join payments p on p.id = n.payment_id
         where n.name = $1 and p.state <> 'voided'",
    )
    .bind(name.as_slice())
    .fetch_optional(&mut *db)
    .await?;
    if let Some(row) = row {
        let columns = Columns::of("payment_names", &row);
        return Ok(Some((columns.hash("fingerprint")?, PaymentId(columns.uuid("payment_id")?))));
    }
    sqlx::query(
        "insert into payment_names (name, fingerprint, payment_id) values ($1, $2, $3)
         on conflict (name) do update set fingerprint = excluded.fingerprint, payment_id = excluded.payment_id",
    )
    .bind(name.as_slice())
    .bind(fingerprint.as_slice())
    .bind(payment.0.as_bytes().as_slice())
    .execute(db)
    .await?;
    Ok(None)
}

impl Store {
    /// Notes under which name a payment comes, before it is accepted. Answers with the fingerprint and the payment that
    /// were accepted under this name before, if there are any; nothing is changed then.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn name_payment(
        &self,
        name: B256,
        fingerprint: B256,
        payment: PaymentId,
    ) -> Result<Option<(B256, PaymentId)>, StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move { Ok((remember(db, name, fingerprint, payment).await?, Vec::new())) })
            })
            .await
    }
}
