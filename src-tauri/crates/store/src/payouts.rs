//! Where the money goes: what the seller changed, and which addresses are known to be the seller's.

use std::fmt;
use std::str::FromStr;

use alloy_primitives::Address;
use chrono::{DateTime, Utc};
use domain::{NetworkId, PaymentId};
use sqlx::SqliteConnection;

use crate::column::{Columns, signed};
use crate::requote::{Terms, requote};
use crate::{Change, Store, StoreError};

/// A change of a payout address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutChange {
    /// On which network.
    pub network: NetworkId,
    /// Where the money went before, if it was said.
    pub from: Option<Address>,
    /// Where it goes since.
    pub to: Address,
    /// When.
    pub at: DateTime<Utc>,
}

/// How a seller showed that a payout address is theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofKind {
    /// The address signed a message.
    Signature,
    /// A payment arrived there, and the seller found it.
    Payment,
}

/// That a payout address is the seller's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutProof {
    /// The network on which it was shown.
    pub network: NetworkId,
    /// The address.
    pub address: Address,
    /// How.
    pub how: ProofKind,
    /// The signature in hexadecimal digits, or the payment's id.
    pub proof: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl ProofKind {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Payment => "payment",
        }
    }
}

impl fmt::Display for ProofKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ProofKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Signature, Self::Payment].into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

impl Store {
    /// Pays a network's sales to another address from now on: the address, the record of the change and new quotes at
    /// the same prices stand together or not at all. What was sold before keeps its address.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the network was not set up.
    pub async fn set_payout(
        &self,
        network: NetworkId,
        pay_to: Address,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    change(db, network, pay_to, at).await?;
                    requote(db, network, Terms { pay_to: Some(pay_to), ..Terms::default() }, at).await?;
                    Ok(((), vec![Change::Settings, Change::Endpoints]))
                })
            })
            .await
    }

    /// Where a network's sales were last quoted to be paid, also after the network was removed; none where nothing was.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn last_paid_to(&self, network: NetworkId) -> Result<Option<Address>, StoreError> {
        last_paid_to(&mut *self.reader().await?, network).await
    }

    /// The changes of payout addresses since then, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn payout_changes(&self, since: DateTime<Utc>) -> Result<Vec<PayoutChange>, StoreError> {
        changes(&mut *self.reader().await?, since).await
    }

    /// Notes that an address was shown to be the seller's.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn note_payout_proof(&self, proof: PayoutProof) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move { Ok((note_proof(db, &proof).await?, vec![Change::Settings])) })
            })
            .await
    }

    /// How the address was shown to be the seller's on this network, the latest time; none when it was not.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn payout_proof(
        &self,
        network: NetworkId,
        address: Address,
    ) -> Result<Option<PayoutProof>, StoreError> {
        proof(&mut *self.reader().await?, network, address).await
    }

    /// The newest payment that arrived at the address for good.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn final_payment_to(
        &self,
        network: NetworkId,
        address: Address,
    ) -> Result<Option<PaymentId>, StoreError> {
        final_payment_to(&mut *self.reader().await?, network, address).await
    }
}

async fn change(
    db: &mut SqliteConnection,
    network: NetworkId,
    pay_to: Address,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let chain_id = signed(network.chain_id());
    let row = sqlx::query("select pay_to from networks where chain_id = $1")
        .bind(chain_id)
        .fetch_optional(&mut *db)
        .await?
        .ok_or(StoreError::NotFound("network"))?;
    let from = Columns::of("networks", &row).optional_address("pay_to")?;
    if from == Some(pay_to) {
        return Ok(());
    }
    sqlx::query("update networks set pay_to = $2, changed_at = $3 where chain_id = $1")
        .bind(chain_id)
        .bind(pay_to.to_vec())
        .bind(at.timestamp_millis())
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "insert into payout_changes (chain_id, from_address, to_address, changed_at) values ($1, $2, $3, $4)",
    )
    .bind(chain_id)
    .bind(from.map(|address| address.to_vec()))
    .bind(pay_to.to_vec())
    .bind(at.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

async fn last_paid_to(db: &mut SqliteConnection, network: NetworkId) -> Result<Option<Address>, StoreError> {
    let row = sqlx::query(
        "select o.pay_to from offers o join assets a on a.id = o.asset_id where a.chain_id = $1
         order by o.id desc limit 1",
    )
    .bind(signed(network.chain_id()))
    .fetch_optional(db)
    .await?;
    row.map(|row| Columns::of("offers", &row).address("pay_to")).transpose()
}

async fn changes(db: &mut SqliteConnection, since: DateTime<Utc>) -> Result<Vec<PayoutChange>, StoreError> {
    let rows = sqlx::query("select * from payout_changes where changed_at >= $1 order by id desc")
        .bind(since.timestamp_millis())
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("payout_changes", row);
            Ok(PayoutChange {
                network: NetworkId::from_chain_id(columns.unsigned("chain_id")?),
                from: columns.optional_address("from_address")?,
                to: columns.address("to_address")?,
                at: columns.time("changed_at")?,
            })
        })
        .collect()
}

async fn note_proof(db: &mut SqliteConnection, proof: &PayoutProof) -> Result<(), StoreError> {
    sqlx::query(
        "insert into payout_proofs (chain_id, address, how, proof, proved_at) values ($1, $2, $3, $4, $5)
         on conflict (chain_id, address, how) do update set proof = excluded.proof, proved_at = excluded.proved_at",
    )
    .bind(signed(proof.network.chain_id()))
    .bind(proof.address.to_vec())
    .bind(proof.how.as_str())
    .bind(&proof.proof)
    .bind(proof.at.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// A key signs alike on every network, so its signature counts on all of them.
async fn proof(
    db: &mut SqliteConnection,
    network: NetworkId,
    address: Address,
) -> Result<Option<PayoutProof>, StoreError> {
    let row = sqlx::query(
        "select * from payout_proofs where address = $1 and (chain_id = $2 or how = 'signature')
         order by proved_at desc limit 1",
    )
    .bind(address.to_vec())
    .bind(signed(network.chain_id()))
    .fetch_optional(db)
    .await?;
    let Some(row) = &row else { return Ok(None) };
    let columns = Columns::of("payout_proofs", row);
    Ok(Some(PayoutProof {
        network: NetworkId::from_chain_id(columns.unsigned("chain_id")?),
        address: columns.address("address")?,
        how: columns.word("how")?,
        proof: columns.get("proof")?,
        at: columns.time("proved_at")?,
    }))
}

/// Looks at the latest payments only: it is asked for soon after an address was set, and shown to a person.
async fn final_payment_to(
    db: &mut SqliteConnection,
    network: NetworkId,
    address: Address,
) -> Result<Option<PaymentId>, StoreError> {
    let row = sqlx::query(
        "select id from (
            select p.id, p.pay_to, p.final_at, a.chain_id from payments p join assets a on a.id = p.asset_id
            where p.state in ('settled', 'settled_elsewhere') order by p.seq desc limit 1000
         ) latest
         where chain_id = $1 and pay_to = $2 and final_at is not null limit 1",
    )
    .bind(signed(network.chain_id()))
    .bind(address.to_vec())
    .fetch_optional(db)
    .await?;
    row.map(|row| Columns::of("payments", &row).uuid("id").map(PaymentId)).transpose()
}
