//! Payments that failed and whose signature still holds: looked at until their window is over, tried
//! again while that can help, and decided when somebody else submits them.

use chrono::{DateTime, Utc};
use domain::{
    AssetId, Delivery, Evidence, FailureReason, Mode, Outcome, PaymentId, PaymentSeq, PaymentState,
};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::column::{Columns, signed};
use crate::queue::{self, OpenPayment};
use crate::totals::Totals;
use crate::{StoreError, holds, loose, verdict};

/// A failed or given up payment whose time for a look has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// With all that submitting it takes.
    pub payment: OpenPayment,
    /// Where it stands.
    pub state: PaymentState,
    /// Why.
    pub reason: Option<FailureReason>,
    /// How far its bytes got: what was never delivered is not collected by itself.
    pub delivery: Delivery,
    /// How often it was looked at since it failed first.
    pub looks: u32,
}

impl Watched {
    /// Whether it may be tried again without anybody asking: its buyer has what was paid for, and was
    /// not told that the payment failed, as the buyer of an instant sale was.
    pub fn may_be_retried(&self) -> bool {
        self.state == PaymentState::Failed
            && self.payment.mode == Mode::Batched
            && self.delivery != Delivery::Waiting
    }

    /// Whether it was given up only because gas cost more than it brings, and never sent.
    pub fn was_unworthy(&self) -> bool {
        self.state == PaymentState::WrittenOff && self.reason == Some(FailureReason::NotWorthGas)
    }
}

/// What a look at a failed payment showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The chain decided it.
    Proved(Outcome),
    /// It would be paid now, or is worth its gas again, so it goes back to the queue.
    Retry,
    /// Its window is over for good with its nonce unused: there is nothing left to look for.
    Over,
    /// Nothing new; the next look is then.
    Again(DateTime<Utc>),
}

/// The first look at a payment that failed: soon at first, and later each time it failed before.
pub(crate) async fn begin(
    db: &mut SqliteConnection,
    payment: PaymentSeq,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "update payments set next_look_at = $2 + case when looks > 5 then 3600000 else 60000 * (1 << looks) end
         where seq = $1",
    )
    .bind(payment.0)
    .bind(at.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) const DUE: &str = "
    select * from payments where asset_id = $1 and next_look_at is not null and next_look_at <= $2
    order by next_look_at limit $3";

fn watched(row: &SqliteRow) -> Result<Watched, StoreError> {
    let columns = Columns::of("payments", row);
    Ok(Watched {
        payment: queue::open_payment(row)?,
        state: columns.word("state")?,
        reason: columns.optional_word("reason")?,
        delivery: columns.word("delivery")?,
        looks: columns.unsigned("looks")?,
    })
}

/// Whose time has come, the longest waiting first.
pub(crate) async fn due(
    db: &mut SqliteConnection,
    asset: AssetId,
    now: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<Watched>, StoreError> {
    let rows = sqlx::query(DUE)
        .bind(asset.0)
        .bind(now.timestamp_millis())
        .bind(i64::from(limit))
        .fetch_all(db)
        .await?;
    rows.iter().map(watched).collect()
}

/// When the next look is due.
pub(crate) async fn next_due(
    db: &mut SqliteConnection,
    asset: AssetId,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let row = sqlx::query(
        "select min(next_look_at) as next from payments where asset_id = $1 and next_look_at is not null",
    )
    .bind(asset.0)
    .fetch_one(db)
    .await?;
    Columns::of("payments", &row).optional_time("next")
}

pub(crate) const LOOKED_AT_UNTIL: &str = "
    select max(valid_before) as until from payments
    where asset_id = $1 and next_look_at is not null and valid_before > $2";

/// When the last window ends of what is looked at, if one is open.
pub(crate) async fn until(
    db: &mut SqliteConnection,
    asset: AssetId,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let row = sqlx::query(LOOKED_AT_UNTIL).bind(asset.0).bind(now.timestamp()).fetch_one(db).await?;
    let until = Columns::of("payments", &row).get::<Option<i64>>("until")?;
    Ok(until.map(|until| DateTime::from_timestamp(until, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)))
}

/// One payment as it is looked at.
pub(crate) async fn find(
    db: &mut SqliteConnection,
    id: PaymentId,
) -> Result<Option<(AssetId, Watched)>, StoreError> {
    let row = sqlx::query("select * from payments where id = $1")
        .bind(id.0.as_bytes().as_slice())
        .fetch_optional(db)
        .await?;
    row.map(|row| Ok((AssetId(Columns::of("payments", &row).get("asset_id")?), watched(&row)?))).transpose()
}

/// Writes looks down; answers with the payments that they changed.
pub(crate) async fn note(
    db: &mut SqliteConnection,
    looks: &[(PaymentSeq, Look)],
    at: DateTime<Utc>,
) -> Result<Vec<PaymentSeq>, StoreError> {
    let mut totals = Totals::default();
    let mut changed = Vec::new();
    for (seq, look) in looks {
        let row = sqlx::query("select * from payments where seq = $1")
            .bind(seq.0)
            .fetch_optional(&mut *db)
            .await?
            .ok_or(StoreError::NotFound("payment"))?;
        let moved = match look {
            Look::Proved(outcome) => prove(db, &row, *outcome, at, &mut totals).await?,
            Look::Retry => requeue(db, &row, &mut totals).await?,
            Look::Over => {
                look_again(db, *seq, None).await?;
                false
            }
            Look::Again(next) => {
                look_again(db, *seq, Some(*next)).await?;
                false
            }
        };
        if moved {
            changed.push(*seq);
        }
    }
    totals.write(db).await?;
    Ok(changed)
}

async fn look_again(
    db: &mut SqliteConnection,
    seq: PaymentSeq,
    next: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    sqlx::query(
        "update payments set looks = looks + 1,
            next_look_at = case when state in ('failed', 'written_off') then $2 else null end where seq = $1",
    )
    .bind(seq.0)
    .bind(next.map(|next| next.timestamp_millis()))
    .execute(db)
    .await?;
    Ok(())
}

/// Where evidence that came late leads a payment that is in no batch; none where it changes nothing.
const fn late(was: PaymentState, outcome: Outcome) -> Option<(PaymentState, Evidence)> {
    let (state, evidence) = match outcome {
        // No transaction of ours is waited for.
        Outcome::Settled(evidence) | Outcome::SettledElsewhere(evidence) => {
            (PaymentState::SettledElsewhere, evidence)
        }
        Outcome::Cancelled(evidence) => (PaymentState::Cancelled, evidence),
        Outcome::Diverted(evidence) => (PaymentState::Diverted, evidence),
        Outcome::Expired | Outcome::Failed(_) | Outcome::Unknown => return None,
    };
    match was {
        PaymentState::Failed | PaymentState::Queued => Some((state, evidence)),
        // What was given up stays so unless the money came.
        PaymentState::WrittenOff if state.is_paid() => Some((state, evidence)),
        _ => None,
    }
}

/// I7: the chain's word about a payment that nobody waits for any more.
async fn prove(
    db: &mut SqliteConnection,
    row: &SqliteRow,
    outcome: Outcome,
    at: DateTime<Utc>,
    totals: &mut Totals,
) -> Result<bool, StoreError> {
    let columns = Columns::of("payments", row);
    let was: PaymentState = columns.word("state")?;
    let payment = queue::open_payment(row)?;
    let Some((state, evidence)) = late(was, outcome) else { return Ok(false) };
    // A transaction of ours that a reorganisation had taken, and nobody waited for any more, may have come again.
    let came_of = match state {
        PaymentState::SettledElsewhere => loose::made_for(db, evidence.transaction).await?,
        _ => None,
    };
    let state = if came_of.is_some() { PaymentState::Settled } else { state };
    if columns.optional_unsigned::<u64>("evidence_block")?.is_some() {
        return Ok(false);
    }
    let asset = AssetId(columns.get("asset_id")?);
    let moved_money = state != PaymentState::Cancelled;
    let held = columns.get::<i64>("held")? != 0 && moved_money;
    sqlx::query(
        // From where it was given up stays known: a reorganisation may take the evidence back.
        "update payments set state = $2, reason = $3, evidence_block = $4, evidence_hash = $5,
            evidence_transaction = $6, held = $7, decided_at = $8, handed_over_at = coalesce(handed_over_at, $8),
            written_off_at = null, next_look_at = null where seq = $1",
    )
    .bind(payment.seq.0)
    .bind(state.as_str())
    .bind((!state.is_paid()).then_some(FailureReason::NonceUsed.as_str()))
    .bind(signed(evidence.block))
    .bind(evidence.block_hash.as_slice())
    .bind(evidence.transaction.as_slice())
    .bind(i64::from(held))
    .bind(at.timestamp_millis())
    .execute(&mut *db)
    .await?;
    let payer = payment.authorization.from;
    if was == PaymentState::Queued {
        if moved_money {
            holds::prove(db, asset, payer, payment.amount).await?;
        } else {
            holds::drop_hold(db, asset, payer, payment.amount).await?;
        }
    }
    // What had failed in a later batch is kept with it: there it is known why.
    if let (PaymentState::Queued, Some(batch)) = (was, came_of) {
        verdict::credit(db, batch, payment.seq, at).await?;
    }
    if state.is_paid() {
        own_again(db, &payment).await?;
    } else {
        sqlx::query("update grants set claimable = 0 where payment_seq = $1")
            .bind(payment.seq.0)
            .execute(&mut *db)
            .await?;
    }
    let accepted = payment.accepted_at;
    totals.take(asset, payment.endpoint, accepted, was, payment.amount);
    totals.add(asset, payment.endpoint, accepted, state, payment.amount);
    if state.is_paid() {
        totals.arrive(asset, payment.endpoint, at, payment.amount);
    }
    Ok(true)
}

/// What is paid for, or to be paid for, can be claimed as before the payment failed.
async fn own_again(db: &mut SqliteConnection, payment: &OpenPayment) -> Result<(), StoreError> {
    sqlx::query(
        "update grants set claimable = 1 where payment_seq = $1 and (
            owned_until > $2 or (select delivery from payments where seq = $1) = 'interrupted'
         )",
    )
    .bind(payment.seq.0)
    .bind(payment.accepted_at.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Puts a failed payment, or one that was not worth its gas, back into the queue.
async fn requeue(
    db: &mut SqliteConnection,
    row: &SqliteRow,
    totals: &mut Totals,
) -> Result<bool, StoreError> {
    let columns = Columns::of("payments", row);
    let watched = watched(row)?;
    if watched.state != PaymentState::Failed && !watched.was_unworthy() {
        return Ok(false);
    }
    let asset = AssetId(columns.get("asset_id")?);
    let payment = queue::open_payment(row)?;
    sqlx::query(
        "update payments set state = 'queued', reason = null, held = 1, decided_at = null,
            written_off_at = null, looks = looks + 1, next_look_at = null where seq = $1",
    )
    .bind(payment.seq.0)
    .execute(&mut *db)
    .await?;
    holds::unprove(db, asset, payment.authorization.from, payment.amount, false).await?;
    own_again(db, &payment).await?;
    let accepted = payment.accepted_at;
    totals.take(asset, payment.endpoint, accepted, watched.state, payment.amount);
    totals.add(asset, payment.endpoint, accepted, PaymentState::Queued, payment.amount);
    Ok(true)
}

/// Takes a payment up again that was given up: it stands where it stood. What was not worth its gas is in the queue
/// again while its window is open, and is not given up for that a second time. False when it was not given up, or it is
/// not known from where.
pub(crate) async fn reopen(
    db: &mut SqliteConnection,
    id: PaymentId,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "select * from payments where id = $1 and state = 'written_off'
            and (written_off_from is not null or reason = 'not_worth_gas')",
    )
    .bind(id.0.as_bytes().as_slice())
    .fetch_optional(&mut *db)
    .await?;
    let Some(row) = row else { return Ok(false) };
    if watched(&row)?.was_unworthy() {
        return insist(db, &row, at).await;
    }
    let columns = Columns::of("payments", &row);
    let payment = queue::open_payment(&row)?;
    let (asset, state): (_, PaymentState) =
        (AssetId(columns.get("asset_id")?), columns.word("written_off_from")?);
    sqlx::query(
        "update payments set state = written_off_from, written_off_at = null, written_off_from = null,
            next_look_at = case written_off_from when 'failed' then $2 else null end where seq = $1",
    )
    .bind(payment.seq.0)
    .bind(at.timestamp_millis())
    .execute(&mut *db)
    .await?;
    let mut totals = Totals::default();
    let accepted = payment.accepted_at;
    totals.take(asset, payment.endpoint, accepted, PaymentState::WrittenOff, payment.amount);
    totals.add(asset, payment.endpoint, accepted, state, payment.amount);
    totals.write(db).await?;
    Ok(true)
}

/// Queues what was not worth its gas again; its reason tells that the seller wants it sent all the same.
async fn insist(db: &mut SqliteConnection, row: &SqliteRow, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let payment = queue::open_payment(row)?;
    if payment.authorization.valid_before <= at.timestamp().max(0).cast_unsigned() {
        return Ok(false);
    }
    let mut totals = Totals::default();
    let moved = requeue(db, row, &mut totals).await?;
    sqlx::query("update payments set reason = $2 where seq = $1")
        .bind(payment.seq.0)
        .bind(FailureReason::NotWorthGas.as_str())
        .execute(&mut *db)
        .await?;
    totals.write(db).await?;
    Ok(moved)
}
