//! What the chain said, written down: one transaction for a batch's payments, holds, sums and state.

use std::collections::BTreeMap;

use alloy_primitives::U256;
use chrono::{DateTime, Utc};
use domain::{
    AssetId, AttemptId, BatchId, Evidence, FailureReason, Outcome, PaymentResult, PaymentSeq, PaymentState,
};
use sqlx::{Row as _, SqliteConnection};

use crate::column::{Columns, signed};
use crate::queue::{self, OpenPayment};
use crate::totals::Totals;
use crate::{StoreError, answers, costs, holds, loose, watched};

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

    /// The same, but what a transaction of ours did is ours, also where it was signed for another batch, which a
    /// reorganisation had taken it from before it came again. Answers with that batch.
    async fn found(
        db: &mut SqliteConnection,
        outcome: Outcome,
        batch: BatchId,
    ) -> Result<(Self, Option<BatchId>), StoreError> {
        let Outcome::SettledElsewhere(evidence) = outcome else { return Ok((Self::of(outcome), None)) };
        Ok(match loose::made_for(db, evidence.transaction).await? {
            None => (Self::of(outcome), None),
            Some(made_for) if made_for == batch => (Self::of(Outcome::Settled(evidence)), None),
            Some(made_for) => {
                let step = Self { state: PaymentState::Settled, ..Self::of(outcome) };
                (step, Some(made_for))
            }
        })
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
    let mut pending: BTreeMap<PaymentSeq, OpenPayment> =
        queue::in_batch(db, verdict.batch).await?.into_iter().map(|payment| (payment.seq, payment)).collect();
    let mut totals = Totals::default();
    for (seq, outcome) in &verdict.outcomes {
        // Decided before: the first evidence stands until a reorganisation takes it back.
        let Some(payment) = pending.remove(seq) else { continue };
        let (step, came_of) = Step::found(db, *outcome, verdict.batch).await?;
        apply(db, asset, verdict, &payment, &step, &mut totals).await?;
        if let Some(batch) = came_of {
            credit(db, batch, *seq, verdict.at).await?;
        }
    }
    totals.write(db).await?;
    costs::spread(db, verdict.batch).await?;
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
    verdict: &Verdict,
    payment: &OpenPayment,
    step: &Step,
    totals: &mut Totals,
) -> Result<(), StoreError> {
    let held = step.moved_money() || step.state == PaymentState::Queued;
    sqlx::query(
        // What the seller insists on stays so until it is decided.
        "update payments set state = $2,
            reason = case when $2 = 'queued' and reason = 'not_worth_gas' then reason else $3 end,
            evidence_block = $4, evidence_hash = $5, evidence_transaction = $6, held = $7, decided_at = $8
         where seq = $1",
    )
    .bind(payment.seq.0)
    .bind(step.state.as_str())
    .bind(step.reason.map(FailureReason::as_str))
    .bind(step.evidence.map(|evidence| signed(evidence.block)))
    .bind(step.evidence.map(|evidence| evidence.block_hash.to_vec()))
    .bind(step.evidence.map(|evidence| evidence.transaction.to_vec()))
    .bind(i64::from(held))
    .bind((step.state != PaymentState::Queued).then(|| verdict.at.timestamp_millis()))
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "update batch_payments set result = $3, reason = $4 where batch_id = $1 and payment_seq = $2",
    )
    .bind(verdict.batch.0)
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
    if step.state == PaymentState::Failed {
        watched::begin(db, payment.seq, verdict.at).await?;
    }
    let accepted = payment.accepted_at;
    totals.take(asset, payment.endpoint, accepted, PaymentState::Settling, payment.amount);
    totals.add(asset, payment.endpoint, accepted, step.state, payment.amount);
    if step.state.is_paid() {
        totals.arrive(asset, payment.endpoint, verdict.at, payment.amount);
    }
    Ok(())
}

/// A batch is as far as its payments are.
async fn settle_state(
    db: &mut SqliteConnection,
    batch: BatchId,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(state) = state_of(db, batch).await? else { return Ok(()) };
    // What is closed already stays as it is: it may be final.
    sqlx::query("update batches set state = $2, closed_at = $3 where id = $1 and closed_at is null")
        .bind(batch.0)
        .bind(state)
        .bind(at.timestamp_millis())
        .execute(db)
        .await?;
    Ok(())
}

/// Where its payments lead a batch; nowhere while one of them is undecided.
async fn state_of(db: &mut SqliteConnection, batch: BatchId) -> Result<Option<&'static str>, StoreError> {
    let row = sqlx::query(
        "select count(*) as held, coalesce(sum(result = 'pending'), 0) as pending,
            coalesce(sum(result = 'settled'), 0) as settled,
            exists (select 1 from attempts where batch_id = $1) as attempted
         from batch_payments where batch_id = $1",
    )
    .bind(batch.0)
    .fetch_one(db)
    .await?;
    let (held, pending, settled): (i64, i64, i64) =
        (row.try_get("held")?, row.try_get("pending")?, row.try_get("settled")?);
    if pending > 0 {
        return Ok(None);
    }
    Ok(Some(if settled == held {
        "settled"
    } else if settled > 0 {
        "partly_settled"
    } else if row.try_get::<i64, _>("attempted")? != 0 {
        "failed"
    } else {
        "dissolved"
    }))
}

/// A payment was settled by the transaction of an earlier batch after all: it belongs to that one again, which was closed.
pub(crate) async fn credit(
    db: &mut SqliteConnection,
    batch: BatchId,
    payment: PaymentSeq,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("update payments set batch_id = $2 where seq = $1")
        .bind(payment.0)
        .bind(batch.0)
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "update batch_payments set result = 'settled', reason = null where batch_id = $1 and payment_seq = $2",
    )
    .bind(batch.0)
    .bind(payment.0)
    .execute(&mut *db)
    .await?;
    if let Some(state) = state_of(db, batch).await? {
        sqlx::query(
            "update batches set state = $2, final_at = null, closed_at = coalesce(closed_at, $3) where id = $1",
        )
        .bind(batch.0)
        .bind(state)
        .bind(at.timestamp_millis())
        .execute(&mut *db)
        .await?;
    }
    costs::spread(db, batch).await
}

/// Drops an authorization that bought nothing: it was never shown to a node and no byte was sent.
pub(crate) async fn void(
    db: &mut SqliteConnection,
    seq: PaymentSeq,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "update payments set state = 'voided', held = 0, decided_at = $2
         where seq = $1 and state = 'queued' and handed_over_at is null
           and delivery = 'waiting' and bytes_sent = 0 returning *",
    )
    .bind(seq.0)
    .bind(at.timestamp_millis())
    .fetch_optional(&mut *db)
    .await?;
    let Some(row) = row else { return Ok(false) };
    let asset = AssetId(Columns::of("payments", &row).get("asset_id")?);
    let payment = queue::open_payment(&row)?;
    holds::drop_hold(db, asset, payment.authorization.from, payment.amount).await?;
    sqlx::query("delete from grants where payment_seq = $1").bind(seq.0).execute(&mut *db).await?;
    answers::forget(db, seq).await?;
    let mut totals = Totals::default();
    let accepted = payment.accepted_at;
    totals.take(asset, payment.endpoint, accepted, PaymentState::Queued, payment.amount);
    totals.add(asset, payment.endpoint, accepted, PaymentState::Voided, payment.amount);
    totals.write(db).await?;
    Ok(true)
}
