//! What the links know by which buyers receive again what they bought.

use alloy_primitives::B256;
use chrono::{DateTime, Utc};
use domain::{EndpointId, FailureReason, Part, PaymentId, PaymentSeq, PaymentState};
use sqlx::SqliteConnection;

use crate::column::{Columns, signed};
use crate::payments::{self, PaymentRef};
use crate::{Change, Store, StoreError};

/// What one payment bought, as far as handing it out again needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bought {
    /// The payment.
    pub payment: PaymentRef,
    /// What it bought of which endpoint.
    pub endpoint: EndpointId,
    /// Which part of it.
    pub part: Part,
    /// The digest of what it bought; none where that is not known.
    pub sha256: Option<B256>,
    /// When it was accepted.
    pub accepted_at: DateTime<Utc>,
    /// How long the buyer owns it.
    pub owned_until: DateTime<Utc>,
    /// Whether it is still the buyer's: the money came, or may still come.
    pub is_owed: bool,
    /// How often the payment's links were revoked.
    pub epoch: u32,
    /// How many bytes left through them, where that is counted.
    pub link_bytes: u64,
}

async fn find(db: &mut SqliteConnection, id: PaymentId) -> Result<Option<Bought>, StoreError> {
    let row = sqlx::query(
        "select p.*, g.part, g.sha256, g.owned_until, g.link_epoch, g.link_bytes
         from payments p join grants g on g.payment_seq = p.seq where p.id = $1",
    )
    .bind(id.0.as_bytes().as_slice())
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let columns = Columns::of("payments", &row);
    let payment = payments::reference(&row)?;
    let reason = columns.optional_word::<FailureReason>("reason")?;
    let is_owed = payment.state.is_open()
        || payment.state.is_paid()
        || (payment.state == PaymentState::WrittenOff && reason == Some(FailureReason::NotWorthGas));
    Ok(Some(Bought {
        payment,
        endpoint: EndpointId(columns.uuid("endpoint_id")?),
        part: columns.word("part")?,
        sha256: columns.optional_hash("sha256")?,
        accepted_at: columns.time("accepted_at")?,
        owned_until: columns.time("owned_until")?,
        is_owed,
        epoch: columns.unsigned("link_epoch")?,
        link_bytes: columns.unsigned("link_bytes")?,
    }))
}

async fn revoke(db: &mut SqliteConnection, id: PaymentId) -> Result<u32, StoreError> {
    let row = sqlx::query(
        "update grants set link_epoch = link_epoch + 1
         where payment_seq = (select seq from payments where id = $1) returning link_epoch",
    )
    .bind(id.0.as_bytes().as_slice())
    .fetch_optional(db)
    .await?
    .ok_or(StoreError::NotFound("payment"))?;
    Columns::of("grants", &row).unsigned("link_epoch")
}

impl Store {
    /// What a payment bought.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn bought(&self, id: PaymentId) -> Result<Option<Bought>, StoreError> {
        find(&mut *self.reader().await?, id).await
    }

    /// Ends the links that were made for a payment. Answers with how often that was done; the buyer may prove again who
    /// they are and gets a new one.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such payment.
    pub async fn revoke_links(&self, id: PaymentId) -> Result<u32, StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(
                    async move { Ok((revoke(db, id).await?, vec![Change::Endpoints, Change::Payments])) },
                )
            })
            .await
    }

    /// Adds to what left through a payment's links.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn note_link_bytes(&self, payment: PaymentSeq, bytes: u64) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    sqlx::query("update grants set link_bytes = link_bytes + $2 where payment_seq = $1")
                        .bind(payment.0)
                        .bind(signed(bytes))
                        .execute(db)
                        .await?;
                    Ok(((), Vec::new()))
                })
            })
            .await
    }
}
