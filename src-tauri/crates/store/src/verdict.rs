//! What the chain said, written down: one transaction for a batch's payments, holds, sums and state.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{B256, U256};
use chrono::{DateTime, Utc};
use domain::{
    AssetId, AttemptId, BatchId, Evidence, FailureReason, Outcome, PaymentResult, PaymentSeq, PaymentState,
};
use sqlx::{Row as _, SqliteConnection};

use crate::column::{Columns, signed};
use crate::queue::{self, OpenPayment};
use crate::totals::{Totals, day};
use crate::{StoreError, holds};

/// What is known about payments of a batch now.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The batch.
    pub batch: BatchId,
    /// The attempt that was mined, if one was.
    pub attempt: Option<MinedAttempt>,
    /// What became of which payment. Payments that are not listed stay as they are.
    pub outcomes: Vec<(PaymentSeq, Outcome)>,
    /// When it was seen.
    pub at: DateTime<Utc>,
}

/// A signed transaction that is in a block.
#[derive(Clone, Debug)]
pub struct MinedAttempt {
    /// Which.
    pub attempt: AttemptId,
    /// Where.
    pub evidence: Evidence,
    /// Whether the outer call succeeded.
    pub succeeded: bool,
    /// Gas used.
    pub gas_used: u64,
    /// Wei paid, publishing fees included.
    pub cost: U256,
}

/// A block that proved something and is not beyond reorganisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinal {
    /// Its number.
    pub block: u64,
    /// Its hash.
    pub block_hash: B256,
    /// The transactions that proved something.
    pub transactions: Vec<B256>,
    /// The batches whose own transactions they are.
    pub batches: Vec<BatchId>,
}

/// The step that an outcome means for a payment.
struct Step {
    state: PaymentState,
    result: PaymentResult,
    evidence: Option<Evidence>,
    reason: Option<FailureReason>,
}

impl Step {
    const fn of(outcome: Outcome) -> Self {
        let (state, result, evidence, reason) = match outcome {
            Outcome::Settled(evidence) => {
                (PaymentState::Settled, PaymentResult::Settled, Some(evidence), None)
            }
            Outcome::SettledElsewhere(evidence) => {
                (PaymentState::SettledElsewhere, PaymentResult::SettledElsewhere, Some(evidence), None)
            }
            Outcome::Cancelled(evidence) => (
                PaymentState::Cancelled,
                PaymentResult::Excluded,
                Some(evidence),
                Some(FailureReason::NonceUsed),
            ),
            Outcome::Diverted(evidence) => (
                PaymentState::Diverted,
                PaymentResult::Excluded,
                Some(evidence),
                Some(FailureReason::NonceUsed),
            ),
            Outcome::Expired => {
                (PaymentState::Expired, PaymentResult::Excluded, None, Some(FailureReason::Expired))
            }
            Outcome::Failed(reason) if reason.is_passing() => {
                (PaymentState::Queued, PaymentResult::Returned, None, Some(reason))
            }
            Outcome::Failed(reason) => (PaymentState::Failed, PaymentResult::Excluded, None, Some(reason)),
            Outcome::Unknown => (PaymentState::Queued, PaymentResult::Returned, None, None),
        };
        Self { state, result, evidence, reason }
    }

    /// Whether the payer's balance shows the payment from the evidence's block on.
    const fn moved_money(&self) -> bool {
        matches!(self.state, PaymentState::Settled | PaymentState::SettledElsewhere | PaymentState::Diverted)
    }
}

pub(crate) async fn record(db: &mut SqliteConnection, verdict: &Verdict) -> Result<(), StoreError> {
    let asset = asset_of(db, verdict.batch).await?;
    if let Some(mined) = &verdict.attempt {
        insert_receipt(db, mined, verdict.at).await?;
    }
    let pending = queue::in_batch(db, verdict.batch).await?;
    let mut totals = Totals::default();
    for (seq, outcome) in &verdict.outcomes {
        // Decided before: the first evidence stands until a reorganisation takes it back.
        let Some(payment) = pending.iter().find(|payment| payment.seq == *seq) else { continue };
        apply(db, asset, verdict.batch, payment, &Step::of(*outcome), &mut totals).await?;
    }
    totals.write(db).await?;
    settle_state(db, verdict.batch, verdict.at).await
}

async fn asset_of(db: &mut SqliteConnection, batch: BatchId) -> Result<AssetId, StoreError> {
    let row = sqlx::query("select asset_id from batches where id = $1")
        .bind(batch.0)
        .fetch_optional(db)
        .await?
        .ok_or(StoreError::NotFound("batch"))?;
    Ok(AssetId(row.try_get("asset_id")?))
}

async fn insert_receipt(
    db: &mut SqliteConnection,
    mined: &MinedAttempt,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into receipts (attempt_id, block, block_hash, succeeded, gas_used, cost_wei, seen_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (attempt_id) do update set block = excluded.block, block_hash = excluded.block_hash,
            succeeded = excluded.succeeded, gas_used = excluded.gas_used, cost_wei = excluded.cost_wei",
    )
    .bind(mined.attempt.0)
    .bind(signed(mined.evidence.block))
    .bind(mined.evidence.block_hash.as_slice())
    .bind(i64::from(mined.succeeded))
    .bind(signed(mined.gas_used))
    .bind(mined.cost.to_string())
    .bind(at.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

async fn apply(
    db: &mut SqliteConnection,
    asset: AssetId,
    batch: BatchId,
    payment: &OpenPayment,
    step: &Step,
    totals: &mut Totals,
) -> Result<(), StoreError> {
    let held = step.moved_money() || step.state == PaymentState::Queued;
    sqlx::query(
        "update payments set state = $2, reason = $3, evidence_block = $4, evidence_hash = $5,
            evidence_transaction = $6, held = $7 where seq = $1",
    )
    .bind(payment.seq.0)
    .bind(step.state.as_str())
    .bind(step.reason.map(FailureReason::as_str))
    .bind(step.evidence.map(|evidence| signed(evidence.block)))
    .bind(step.evidence.map(|evidence| evidence.block_hash.to_vec()))
    .bind(step.evidence.map(|evidence| evidence.transaction.to_vec()))
    .bind(i64::from(held))
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "update batch_payments set result = $3, reason = $4 where batch_id = $1 and payment_seq = $2",
    )
    .bind(batch.0)
    .bind(payment.seq.0)
    .bind(step.result.as_str())
    .bind(step.reason.map(FailureReason::as_str))
    .execute(&mut *db)
    .await?;
    let payer = payment.authorization.from;
    if step.moved_money() {
        holds::prove(db, asset, payer, payment.amount).await?;
    } else if !held {
        holds::drop_hold(db, asset, payer, payment.amount).await?;
    }
    if step.state.needs_attention() {
        // What was not paid for is not owned.
        sqlx::query("update grants set claimable = 0 where payment_seq = $1")
            .bind(payment.seq.0)
            .execute(&mut *db)
            .await?;
    }
    let accepted = day(payment.accepted_at);
    totals.take(asset, payment.endpoint, accepted, PaymentState::Settling, payment.amount);
    totals.add(asset, payment.endpoint, accepted, step.state, payment.amount);
    Ok(())
}

/// A batch is as far as its payments are.
async fn settle_state(
    db: &mut SqliteConnection,
    batch: BatchId,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = sqlx::query(
        "select count(*) as held, coalesce(sum(result = 'pending'), 0) as pending,
            coalesce(sum(result = 'settled'), 0) as settled,
            exists (select 1 from attempts where batch_id = $1) as attempted
         from batch_payments where batch_id = $1",
    )
    .bind(batch.0)
    .fetch_one(&mut *db)
    .await?;
    let (held, pending, settled): (i64, i64, i64) =
        (row.try_get("held")?, row.try_get("pending")?, row.try_get("settled")?);
    if pending > 0 {
        return Ok(());
    }
    let state = if settled == held {
        "settled"
    } else if settled > 0 {
        "partly_settled"
    } else if row.try_get::<i64, _>("attempted")? != 0 {
        "failed"
    } else {
        "dissolved"
    };
    sqlx::query("update batches set state = $2, closed_at = $3 where id = $1")
        .bind(batch.0)
        .bind(state)
        .bind(at.timestamp_millis())
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) async fn unfinal(db: &mut SqliteConnection, asset: AssetId) -> Result<Vec<Unfinal>, StoreError> {
    let rows = sqlx::query(
        "select distinct evidence_block, evidence_hash, evidence_transaction, batch_id, state from payments
         where asset_id = $1 and evidence_block is not null and final_at is null order by evidence_block",
    )
    .bind(asset.0)
    .fetch_all(db)
    .await?;
    let mut blocks: BTreeMap<(u64, B256), (BTreeSet<B256>, BTreeSet<BatchId>)> = BTreeMap::new();
    for row in &rows {
        let columns = Columns::of("payments", row);
        let block = (columns.unsigned("evidence_block")?, columns.hash("evidence_hash")?);
        let (transactions, batches) = blocks.entry(block).or_default();
        transactions.insert(columns.hash("evidence_transaction")?);
        if columns.word::<PaymentState>("state")? == PaymentState::Settled
            && let Some(batch) = columns.get::<Option<i64>>("batch_id")?
        {
            batches.insert(BatchId(batch));
        }
    }
    Ok(blocks
        .into_iter()
        .map(|((block, block_hash), (transactions, batches))| Unfinal {
            block,
            block_hash,
            transactions: transactions.into_iter().collect(),
            batches: batches.into_iter().collect(),
        })
        .collect())
}

pub(crate) async fn finalise(
    db: &mut SqliteConnection,
    asset: AssetId,
    up_to_block: u64,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "update payments set final_at = $3
         where asset_id = $1 and evidence_block is not null and evidence_block <= $2 and final_at is null",
    )
    .bind(asset.0)
    .bind(signed(up_to_block))
    .bind(at.timestamp_millis())
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "update batches set state = 'final' where asset_id = $1 and state = 'settled' and not exists (
            select 1 from payments p where p.batch_id = batches.id and p.state = 'settled' and p.final_at is null
         )",
    )
    .bind(asset.0)
    .execute(db)
    .await?;
    Ok(())
}

/// A block is gone: what it proved is open again. Payments of our own transactions wait for those
/// transactions once more, the others go back to the queue.
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
        let payment = queue::open_payment(row)?;
        let state: PaymentState = columns.word("state")?;
        let batch = columns.get::<Option<i64>>("batch_id")?.map(BatchId);
        let (next, result) = match (state, batch) {
            (PaymentState::Settled, Some(batch)) => {
                batches.insert(batch);
                (PaymentState::Settling, PaymentResult::Pending)
            }
            _ => (PaymentState::Queued, PaymentResult::Returned),
        };
        let was_held: bool = columns.get("held")?;
        holds::unprove(db, asset, payment.authorization.from, payment.amount, was_held).await?;
        sqlx::query(
            "update payments set state = $2, reason = null, held = 1, evidence_block = null,
                evidence_hash = null, evidence_transaction = null where seq = $1",
        )
        .bind(payment.seq.0)
        .bind(next.as_str())
        .execute(&mut *db)
        .await?;
        sqlx::query("update batch_payments set result = $3 where batch_id = $1 and payment_seq = $2")
            .bind(batch.map(|batch| batch.0))
            .bind(payment.seq.0)
            .bind(result.as_str())
            .execute(&mut *db)
            .await?;
        sqlx::query("update grants set claimable = 1 where payment_seq = $1 and owned_until > $2")
            .bind(payment.seq.0)
            .bind(payment.accepted_at.timestamp_millis())
            .execute(&mut *db)
            .await?;
        let accepted = day(payment.accepted_at);
        totals.take(asset, payment.endpoint, accepted, state, payment.amount);
        totals.add(asset, payment.endpoint, accepted, next, payment.amount);
    }
    totals.write(db).await?;
    sqlx::query("delete from receipts where block_hash = $1")
        .bind(block_hash.as_slice())
        .execute(&mut *db)
        .await?;
    for batch in &batches {
        sqlx::query("update batches set state = 'submitted', closed_at = null where id = $1")
            .bind(batch.0)
            .execute(&mut *db)
            .await?;
    }
    Ok(batches.into_iter().collect())
}

/// Drops an authorization that bought nothing: it was never shown to a node and no byte was sent.
pub(crate) async fn void(db: &mut SqliteConnection, seq: PaymentSeq) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "update payments set state = 'voided', held = 0
         where seq = $1 and state = 'queued' and handed_over_at is null returning *",
    )
    .bind(seq.0)
    .fetch_optional(&mut *db)
    .await?;
    let Some(row) = row else { return Ok(false) };
    let asset = AssetId(Columns::of("payments", &row).get("asset_id")?);
    let payment = queue::open_payment(&row)?;
    holds::drop_hold(db, asset, payment.authorization.from, payment.amount).await?;
    sqlx::query("delete from grants where payment_seq = $1").bind(seq.0).execute(&mut *db).await?;
    let mut totals = Totals::default();
    let accepted = day(payment.accepted_at);
    totals.take(asset, payment.endpoint, accepted, PaymentState::Queued, payment.amount);
    totals.add(asset, payment.endpoint, accepted, PaymentState::Voided, payment.amount);
    totals.write(db).await?;
    Ok(true)
}
