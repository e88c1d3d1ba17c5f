//! What the chain proved of payments and could still take back.

use alloy_primitives::Address;
use domain::{Amount, AssetId, AuthorizationKey, Evidence, PaymentSeq, PaymentState};
use sqlx::SqliteConnection;

use crate::column::{Columns, signed};
use crate::{Store, StoreError};

/// A payment's outcome with where it was seen, for whoever wants it confirmed before it is final.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proved {
    /// Of which payment.
    pub payment: PaymentSeq,
    /// Where.
    pub evidence: Evidence,
    /// The token's contract.
    pub asset: Address,
    /// Which authorization.
    pub key: AuthorizationKey,
    /// Where it should have been paid to.
    pub pay_to: Address,
    /// How much.
    pub amount: Amount,
    /// What became of it.
    pub state: PaymentState,
}

impl Store {
    /// What was proved up to a block and is not final, in the order of the chain.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn proved(&self, asset: AssetId, up_to_block: u64) -> Result<Vec<Proved>, StoreError> {
        proved(&mut *self.reader().await?, asset, up_to_block).await
    }
}

async fn proved(
    db: &mut SqliteConnection,
    asset: AssetId,
    up_to_block: u64,
) -> Result<Vec<Proved>, StoreError> {
    let rows = sqlx::query(
        "select p.seq, p.evidence_block, p.evidence_hash, p.evidence_transaction, p.payer, p.nonce, p.pay_to, p.amount,
            p.state, a.address
         from payments p join assets a on a.id = p.asset_id
         where p.asset_id = $1 and p.evidence_block is not null and p.evidence_block <= $2 and p.final_at is null
         order by p.evidence_block, p.evidence_transaction",
    )
    .bind(asset.0)
    .bind(signed(up_to_block))
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("payments", row);
            Ok(Proved {
                payment: PaymentSeq(columns.get("seq")?),
                evidence: Evidence {
                    block: columns.unsigned("evidence_block")?,
                    block_hash: columns.hash("evidence_hash")?,
                    transaction: columns.hash("evidence_transaction")?,
                },
                asset: columns.address("address")?,
                key: AuthorizationKey { payer: columns.address("payer")?, nonce: columns.hash("nonce")? },
                pay_to: columns.address("pay_to")?,
                amount: columns.amount("amount")?,
                state: columns.word("state")?,
            })
        })
        .collect()
}
