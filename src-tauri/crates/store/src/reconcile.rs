//! What the books say came to a payout address between two blocks (I16).

use alloy_primitives::{Address, B256};
use domain::{Amount, AssetId, PaymentId};
use sqlx::SqliteConnection;

use crate::StoreError;
use crate::column::{Columns, signed};

/// A payment that the chain proved to have come to an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    /// The payment.
    pub payment: PaymentId,
    /// Who paid it.
    pub payer: Address,
    /// How much.
    pub amount: Amount,
    /// The transaction that carried it.
    pub transaction: B256,
    /// Its block.
    pub block: u64,
}

/// The payout addresses that any offer ever named, with their assets.
pub(crate) async fn addresses(db: &mut SqliteConnection) -> Result<Vec<(AssetId, Address)>, StoreError> {
    let rows = sqlx::query("select distinct asset_id, pay_to from offers order by asset_id, pay_to")
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("offers", row);
            Ok((AssetId(columns.get("asset_id")?), columns.address("pay_to")?))
        })
        .collect()
}

/// The block below which nothing can have come to any address: that of the first acceptance.
pub(crate) async fn first_block(
    db: &mut SqliteConnection,
    asset: AssetId,
) -> Result<Option<u64>, StoreError> {
    let row = sqlx::query("select accepted_block from payments where asset_id = $1 order by seq limit 1")
        .bind(asset.0)
        .fetch_optional(db)
        .await?;
    row.map(|row| Columns::of("payments", &row).unsigned("accepted_block")).transpose()
}

pub(crate) const BOOKED: &str = "
    select id, payer, amount, evidence_transaction, evidence_block from payments
    where asset_id = $1 and evidence_block is not null and evidence_block between $2 and $3 and pay_to = $4
        and state in ('settled', 'settled_elsewhere') order by evidence_block, seq";

/// What the books hold for an address in these blocks, both ends included.
pub(crate) async fn booked(
    db: &mut SqliteConnection,
    asset: AssetId,
    pay_to: Address,
    from_block: u64,
    to_block: u64,
) -> Result<Vec<Booked>, StoreError> {
    let rows = sqlx::query(BOOKED)
        .bind(asset.0)
        .bind(signed(from_block))
        .bind(signed(to_block))
        .bind(pay_to.as_slice())
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("payments", row);
            Ok(Booked {
                payment: PaymentId(columns.uuid("id")?),
                payer: columns.address("payer")?,
                amount: columns.amount("amount")?,
                transaction: columns.hash("evidence_transaction")?,
                block: columns.unsigned("evidence_block")?,
            })
        })
        .collect()
}
