//! What is not worth its gas.

use chrono::{DateTime, Utc};
use domain::{Amount, AssetId, FailureReason, NetworkId, PaymentSeq, PaymentState};
use sqlx::SqliteConnection;

use crate::column::Columns;
use crate::totals::Totals;
use crate::{Change, Store, StoreError, costs, holds, queue, watched};

impl Store {
    /// What one of a network's coins is worth in millionths of a dollar: as the seller said, else as its price feed told not
    /// long before `at`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn coin_price(
        &self,
        network: NetworkId,
        at: DateTime<Utc>,
    ) -> Result<Option<Amount>, StoreError> {
        costs::coin_price(&mut *self.reader().await?, network, at).await
    }

    /// Writes down what a network's price feed told, and when it had found it out.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn note_coin_price(
        &self,
        network: NetworkId,
        price: Amount,
        told_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    Ok((costs::note_price(db, network, price, told_at).await?, vec![Change::Settings]))
                })
            })
            .await
    }

    /// Gives up those of the payments that are still queued, because settling them would cost more than
    /// they bring (T25). Their buyers did what was asked of them and keep what they own. Until their windows are over it is
    /// looked whether gas became cheaper.
    ///
    /// # Errors
    /// When the file cannot be written; nothing of it stands then.
    pub async fn write_off_unworthy(
        &self,
        payments: Vec<PaymentSeq>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    let mut totals = Totals::default();
                    for seq in payments {
                        write_off(db, seq, now, &mut totals).await?;
                    }
                    totals.write(db).await?;
                    Ok(((), vec![Change::Payments]))
                })
            })
            .await
    }
}

async fn write_off(
    db: &mut SqliteConnection,
    seq: PaymentSeq,
    at: DateTime<Utc>,
    totals: &mut Totals,
) -> Result<(), StoreError> {
    let row = sqlx::query(
        "update payments set state = 'written_off', reason = $3, held = 0, decided_at = $2, written_off_at = $2
         where seq = $1 and state = 'queued' returning *",
    )
    .bind(seq.0)
    .bind(at.timestamp_millis())
    .bind(FailureReason::NotWorthGas.as_str())
    .fetch_optional(&mut *db)
    .await?;
    let Some(row) = row else { return Ok(()) };
    let asset = AssetId(Columns::of("payments", &row).get("asset_id")?);
    let payment = queue::open_payment(&row)?;
    watched::begin(db, seq, at).await?;
    holds::drop_hold(db, asset, payment.authorization.from, payment.amount).await?;
    let accepted = payment.accepted_at;
    totals.take(asset, payment.endpoint, accepted, PaymentState::Queued, payment.amount);
    totals.add(asset, payment.endpoint, accepted, PaymentState::WrittenOff, payment.amount);
    Ok(())
}
