//! What payers have promised (I5). Only here are balances compared.

use std::collections::HashMap;

use alloy_primitives::Address;
use domain::{Amount, AssetId};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::StoreError;
use crate::accept::runs;
use crate::column::{Columns, signed};

type Payer = (AssetId, Address);

#[derive(Clone, Copy, Debug, Default)]
struct Hold {
    /// All that counts against the payer's balance.
    amount: Amount,
    /// The part of it that is on chain, waiting for a balance that shows it.
    proved: Amount,
    /// The newest block of a balance that let something go.
    read_at: u64,
    touched: bool,
}

/// The holds of the payers of one group.
pub(crate) struct Holds(HashMap<Payer, Hold>);

impl Holds {
    /// Reads what stands for each payer.
    pub(crate) async fn read(
        db: &mut SqliteConnection,
        payers: impl Iterator<Item = Payer>,
    ) -> Result<Self, StoreError> {
        let mut holds: HashMap<Payer, Hold> = payers.map(|payer| (payer, Hold::default())).collect();
        let known: Vec<Payer> = holds.keys().copied().collect();
        for run in runs(&known) {
            // A join in this order, because a list of pairs would be looked for in every hold.
            let mut query = QueryBuilder::<Sqlite>::new("with asked (asset_id, payer) as (");
            query.push_values(run, |mut row, (asset, payer)| {
                row.push_bind(asset.0).push_bind(payer.to_vec());
            });
            query.push(
                ") select h.asset_id, h.payer, h.amount, h.proved, h.read_at_block from asked cross join holds h
                   where h.asset_id = asked.asset_id and h.payer = asked.payer",
            );
            for row in query.build().fetch_all(&mut *db).await? {
                let columns = Columns::of("holds", &row);
                let payer = (AssetId(columns.get("asset_id")?), columns.address("payer")?);
                let hold = Hold {
                    amount: columns.amount("amount")?,
                    proved: columns.amount("proved")?,
                    read_at: columns.unsigned("read_at_block")?,
                    touched: false,
                };
                holds.insert(payer, hold);
            }
        }
        Ok(Self(holds))
    }

    /// Sets `amount` aside out of a balance that was read at `block`; answers with what was held
    /// already when that is not covered.
    pub(crate) async fn place(
        &mut self,
        db: &mut SqliteConnection,
        asset: AssetId,
        payer: Address,
        amount: Amount,
        balance: Amount,
        block: u64,
    ) -> Result<Result<(), Amount>, StoreError> {
        let hold = self.0.entry((asset, payer)).or_default();
        if hold.proved > Amount::ZERO {
            let released = release(db, asset, payer, block).await?;
            if released > Amount::ZERO {
                hold.amount = hold.amount.checked_sub(released).unwrap_or(Amount::ZERO);
                hold.proved = hold.proved.checked_sub(released).unwrap_or(Amount::ZERO);
                hold.read_at = hold.read_at.max(block);
                hold.touched = true;
            }
        }
        let unseen =
            if block < hold.read_at { left_since(db, asset, payer, block).await? } else { Amount::ZERO };
        let Some(promised) = hold.amount.checked_add(unseen) else { return Ok(Err(Amount::MAX)) };
        if promised.checked_add(amount).is_some_and(|sum| sum <= balance) {
            hold.amount = hold.amount.checked_add(amount).unwrap_or(Amount::MAX);
            hold.touched = true;
            Ok(Ok(()))
        } else {
            Ok(Err(promised))
        }
    }

    /// Writes what changed.
    pub(crate) async fn write(self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        let changed: Vec<(Payer, Hold)> = self.0.into_iter().filter(|(_, hold)| hold.touched).collect();
        for run in runs(&changed) {
            let mut query = QueryBuilder::<Sqlite>::new(
                "insert into holds (asset_id, payer, amount, proved, read_at_block) ",
            );
            query.push_values(run, |mut row, ((asset, payer), hold)| {
                row.push_bind(asset.0)
                    .push_bind(payer.as_slice())
                    .push_bind(hold.amount.as_i64())
                    .push_bind(hold.proved.as_i64())
                    .push_bind(signed(hold.read_at));
            });
            query.push(
                " on conflict (asset_id, payer) do update set amount = excluded.amount, proved = excluded.proved,
                    read_at_block = excluded.read_at_block",
            );
            query.build().execute(&mut *db).await?;
        }
        Ok(())
    }
}

/// Lets go of what a balance read at `block` already shows as spent; answers with how much it was.
async fn release(
    db: &mut SqliteConnection,
    asset: AssetId,
    payer: Address,
    block: u64,
) -> Result<Amount, StoreError> {
    let rows = sqlx::query(
        "update payments set held = 0
         where asset_id = $1 and payer = $2 and held = 1 and evidence_block is not null and evidence_block <= $3
         returning amount",
    )
    .bind(asset.0)
    .bind(payer.as_slice())
    .bind(signed(block))
    .fetch_all(db)
    .await?;
    rows.iter().try_fold(Amount::ZERO, |sum, row| {
        let amount = Columns::of("payments", row).amount("amount")?;
        sum.checked_add(amount).ok_or(StoreError::Inconsistent { table: "payments", column: "amount" })
    })
}

/// What left the payer after `block` and is no longer held, because a newer balance showed it: a
/// balance read at `block` by a node that lags behind still counts it in.
async fn left_since(
    db: &mut SqliteConnection,
    asset: AssetId,
    payer: Address,
    block: u64,
) -> Result<Amount, StoreError> {
    let row = sqlx::query(
        "select coalesce(sum(amount), 0) as amount from payments
         where asset_id = $1 and payer = $2 and held = 0 and evidence_block > $3
           and state in ('settled', 'settled_elsewhere', 'diverted')",
    )
    .bind(asset.0)
    .bind(payer.as_slice())
    .bind(signed(block))
    .fetch_one(db)
    .await?;
    Columns::of("payments", &row).amount("amount")
}

/// A payment whose money moved on chain at a known block: its hold waits for a balance that shows it.
pub(crate) async fn prove(
    db: &mut SqliteConnection,
    asset: AssetId,
    payer: Address,
    amount: Amount,
) -> Result<(), StoreError> {
    sqlx::query("update holds set proved = proved + $3 where asset_id = $1 and payer = $2")
        .bind(asset.0)
        .bind(payer.as_slice())
        .bind(amount.as_i64())
        .execute(db)
        .await?;
    Ok(())
}

/// A payment that will not move money: nothing is set aside for it any more.
pub(crate) async fn drop_hold(
    db: &mut SqliteConnection,
    asset: AssetId,
    payer: Address,
    amount: Amount,
) -> Result<(), StoreError> {
    sqlx::query("update holds set amount = max(amount - $3, 0) where asset_id = $1 and payer = $2")
        .bind(asset.0)
        .bind(payer.as_slice())
        .bind(amount.as_i64())
        .execute(db)
        .await?;
    Ok(())
}

/// A payment whose evidence a reorganisation took back: it counts against the balance again.
/// `was_held` says whether its hold had not been let go of yet.
pub(crate) async fn unprove(
    db: &mut SqliteConnection,
    asset: AssetId,
    payer: Address,
    amount: Amount,
    was_held: bool,
) -> Result<(), StoreError> {
    let query = if was_held {
        sqlx::query("update holds set proved = max(proved - $3, 0) where asset_id = $1 and payer = $2")
    } else {
        sqlx::query("update holds set amount = amount + $3 where asset_id = $1 and payer = $2")
    };
    query.bind(asset.0).bind(payer.as_slice()).bind(amount.as_i64()).execute(db).await?;
    Ok(())
}
