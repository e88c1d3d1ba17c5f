//! What the chain may still take back, what it no longer can, and what it did take back.

use std::collections::BTreeSet;

use alloy_primitives::B256;
use chrono::{DateTime, Utc};
use domain::{AssetId, BatchId, FailureReason, PaymentResult, PaymentState};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::accept::runs;
use crate::column::Columns;
use crate::totals::Totals;
use crate::{OpenPayment, Proved, StoreError, costs, holds, loose, queue, watched};

/// A block that proved something and is not beyond reorganisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfinal {
    /// Its number.
    pub block: u64,
    /// Its hash.
    pub block_hash: B256,
}

pub(crate) async fn unfinal(db: &mut SqliteConnection, asset: AssetId) -> Result<Vec<Unfinal>, StoreError> {
    let rows = sqlx::query(
        "select distinct evidence_block, evidence_hash from payments
         where asset_id = $1 and evidence_block is not null and final_at is null
         order by evidence_block, evidence_hash",
    )
    .bind(asset.0)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("payments", row);
            Ok(Unfinal {
                block: columns.unsigned("evidence_block")?,
                block_hash: columns.hash("evidence_hash")?,
            })
        })
        .collect()
}

pub(crate) async fn finalise(
    db: &mut SqliteConnection,
    asset: AssetId,
    proved: &[Proved],
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    for run in runs(proved) {
        let mut query =
            QueryBuilder::<Sqlite>::new("with confirmed (seq, block_hash, transaction_hash) as (");
        query.push_values(run, |mut row, one| {
            row.push_bind(one.payment.0)
                .push_bind(one.evidence.block_hash.to_vec())
                .push_bind(one.evidence.transaction.to_vec());
        });
        query.push(") update payments set final_at = ").push_bind(at.timestamp_millis()).push(
            " from confirmed where payments.seq = confirmed.seq and final_at is null
                and evidence_hash = confirmed.block_hash and evidence_transaction = confirmed.transaction_hash",
        );
        query.build().execute(&mut *db).await?;
    }
    loose::end_proved(db, proved, at).await?;
    sqlx::query(
        "update batches set final_at = $2, state = case state when 'settled' then 'final' else state end
         where asset_id = $1 and state in ('settled', 'partly_settled') and final_at is null and not exists (
            select 1 from payments p
            where p.batch_id = batches.id and p.evidence_block is not null and p.final_at is null
         )",
    )
    .bind(asset.0)
    .bind(at.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Batches that are open, or whose payments could still be taken back.
pub(crate) const UNFINISHED: &str = "
    select id from batches where asset_id = $1 and state in ('preparing', 'submitted')
    union
    select batch_id from payments
    where asset_id = $1 and evidence_block is not null and final_at is null and batch_id is not null
    order by 1";

pub(crate) async fn unfinished_batches(
    db: &mut SqliteConnection,
    asset: AssetId,
) -> Result<Vec<BatchId>, StoreError> {
    let rows = sqlx::query(UNFINISHED).bind(asset.0).fetch_all(db).await?;
    rows.iter().map(|row| Ok(BatchId(Columns::of("batches", row).get("id")?))).collect()
}

/// Whether anything in the asset waits, is on its way, or could still be taken back, or has failed and could still be
/// paid.
pub(crate) async fn is_anything_left(
    db: &mut SqliteConnection,
    asset: AssetId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    if watched::until(db, asset, now).await?.is_some() {
        return Ok(true);
    }
    let row = sqlx::query(
        "select exists (select 1 from payments where asset_id = $1 and state = 'queued')
            or exists (select 1 from batches where asset_id = $1 and state in ('preparing', 'submitted'))
            or exists (
                select 1 from payments where asset_id = $1 and evidence_block is not null and final_at is null
            ) as something",
    )
    .bind(asset.0)
    .fetch_one(db)
    .await?;
    Ok(Columns::of("payments", &row).unsigned::<u8>("something")? != 0)
}

/// A block is gone: what it proved is open again. Payments of our own transactions wait for those
/// transactions once more, what had failed or was given up before somebody submitted it stands where it
/// stood, and the others go back to the queue.
pub(crate) async fn take_back(
    db: &mut SqliteConnection,
    asset: AssetId,
    block_hash: B256,
) -> Result<Vec<BatchId>, StoreError> {
    let rows = sqlx::query(
        "select * from payments where asset_id = $1 and evidence_hash = $2 and final_at is null order by seq",
    )
    .bind(asset.0)
    .bind(block_hash.as_slice())
    .fetch_all(&mut *db)
    .await?;
    let mut totals = Totals::default();
    let mut batches = BTreeSet::new();
    for row in &rows {
        let columns = Columns::of("payments", row);
        let batch = columns.get::<Option<i64>>("batch_id")?.map(BatchId);
        if let Some(reason) = failed_for(db, row).await? {
            stand_again(db, asset, row, reason, &mut totals).await?;
        } else if let (PaymentState::Settled, Some(batch)) = (columns.word("state")?, batch) {
            batches.insert(batch);
            reopen(db, asset, row, PaymentState::Settling, &mut totals).await?;
        } else {
            reopen(db, asset, row, PaymentState::Queued, &mut totals).await?;
        }
    }
    for batch in &batches {
        sqlx::query("update batches set state = 'submitted', closed_at = null where id = $1")
            .bind(batch.0)
            .execute(&mut *db)
            .await?;
        // What its transaction could not settle in the block that is gone, it may settle in another. But what it never
        // carried it cannot, and an instant sale that failed is not collected later: its buyer was told.
        let refused = sqlx::query(
            "select p.* from payments p
             join batch_payments b on b.batch_id = p.batch_id and b.payment_seq = p.seq
             where p.batch_id = $1 and p.state = 'failed' and b.carried = 1
                and (p.mode = 'batched' or p.delivery <> 'waiting')
             order by p.seq",
        )
        .bind(batch.0)
        .fetch_all(&mut *db)
        .await?;
        for row in &refused {
            reopen(db, asset, row, PaymentState::Settling, &mut totals).await?;
        }
    }
    totals.write(db).await?;
    let gone = sqlx::query(
        "delete from receipts where block_hash = $1 and attempt_id in (
            select t.id from attempts t join batches b on b.id = t.batch_id where b.asset_id = $2
         ) returning (select batch_id from attempts where id = attempt_id) as batch_id",
    )
    .bind(block_hash.as_slice())
    .bind(asset.0)
    .fetch_all(&mut *db)
    .await?;
    for row in &gone {
        costs::spread(db, BatchId(Columns::of("attempts", row).get("batch_id")?)).await?;
    }
    Ok(batches.into_iter().collect())
}

/// Why a payment had failed in its batch before another transaction decided it, if it had.
async fn failed_for(db: &mut SqliteConnection, row: &SqliteRow) -> Result<Option<FailureReason>, StoreError> {
    let columns = Columns::of("payments", row);
    let failed = sqlx::query(
        "select reason from batch_payments
         where batch_id = $1 and payment_seq = $2 and result = 'excluded' and reason <> $3",
    )
    .bind(columns.get::<Option<i64>>("batch_id")?)
    .bind(columns.get::<i64>("seq")?)
    // That is what the evidence itself says where our own batch was waiting for it.
    .bind(FailureReason::NonceUsed.as_str())
    .fetch_optional(db)
    .await?;
    failed.map(|row| Columns::of("batch_payments", &row).word("reason")).transpose()
}

/// Takes away what somebody else's transaction made of a payment that had failed, or was given up after that: it is
/// neither owed nor owned, and is looked at soon.
async fn stand_again(
    db: &mut SqliteConnection,
    asset: AssetId,
    row: &SqliteRow,
    reason: FailureReason,
    totals: &mut Totals,
) -> Result<(), StoreError> {
    let columns = Columns::of("payments", row);
    let payment = queue::open_payment(row)?;
    let given_up = columns.optional_word::<PaymentState>("written_off_from")?.is_some();
    let again = if given_up { PaymentState::WrittenOff } else { PaymentState::Failed };
    if columns.get("held")? {
        holds::unprove(db, asset, payment.authorization.from, payment.amount, true).await?;
        holds::drop_hold(db, asset, payment.authorization.from, payment.amount).await?;
    }
    sqlx::query(
        "update payments set state = $2, reason = $3, held = 0, evidence_block = null, evidence_hash = null,
            evidence_transaction = null, next_look_at = decided_at,
            written_off_at = case $2 when 'written_off' then decided_at end where seq = $1",
    )
    .bind(payment.seq.0)
    .bind(again.as_str())
    .bind(reason.as_str())
    .execute(&mut *db)
    .await?;
    sqlx::query("update grants set claimable = 0 where payment_seq = $1")
        .bind(payment.seq.0)
        .execute(&mut *db)
        .await?;
    move_sums(asset, row, &payment, again, totals)
}

/// Moves a payment from the sums of the state it is read in to those of another.
fn move_sums(
    asset: AssetId,
    row: &SqliteRow,
    payment: &OpenPayment,
    again: PaymentState,
    totals: &mut Totals,
) -> Result<(), StoreError> {
    let columns = Columns::of("payments", row);
    let was: PaymentState = columns.word("state")?;
    let accepted = payment.accepted_at;
    totals.take(asset, payment.endpoint, accepted, was, payment.amount);
    totals.add(asset, payment.endpoint, accepted, again, payment.amount);
    if was.is_paid()
        && let Some(decided) = columns.optional_time("decided_at")?
    {
        totals.leave(asset, payment.endpoint, decided, payment.amount);
    }
    Ok(())
}

/// Takes a payment's outcome away, with all that followed from it.
async fn reopen(
    db: &mut SqliteConnection,
    asset: AssetId,
    row: &SqliteRow,
    again: PaymentState,
    totals: &mut Totals,
) -> Result<(), StoreError> {
    let columns = Columns::of("payments", row);
    let payment = queue::open_payment(row)?;
    let was_held: bool = columns.get("held")?;
    holds::unprove(db, asset, payment.authorization.from, payment.amount, was_held).await?;
    sqlx::query(
        "update payments set state = $2, reason = null, held = 1, evidence_block = null,
            evidence_hash = null, evidence_transaction = null, decided_at = null where seq = $1",
    )
    .bind(payment.seq.0)
    .bind(again.as_str())
    .execute(&mut *db)
    .await?;
    let result =
        if again == PaymentState::Settling { PaymentResult::Pending } else { PaymentResult::Returned };
    sqlx::query(
        "update batch_payments set result = $3, reason = null where batch_id = $1 and payment_seq = $2",
    )
    .bind(columns.get::<Option<i64>>("batch_id")?)
    .bind(payment.seq.0)
    .bind(result.as_str())
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "update grants set claimable = 1 where payment_seq = $1 and (
            owned_until > $2 or (select delivery from payments where seq = $1) = 'interrupted'
         )",
    )
    .bind(payment.seq.0)
    .bind(payment.accepted_at.timestamp_millis())
    .execute(&mut *db)
    .await?;
    move_sums(asset, row, &payment, again, totals)
}
