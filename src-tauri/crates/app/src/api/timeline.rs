//! What happened to one payment, step by step.

use chrono::{DateTime, Utc};
use domain::{Delivery, FailureReason, Mode, PaymentResult, PaymentState};
use serde::Serialize;
use store::{History, Payment, PaymentCost, Stay};
use ts_rs::TS;

use crate::api::money::{coin, native};
use crate::api::reports::{in_token, signed};
use crate::api::{PaymentView, SignedMoneyView};

/// A payment with what happened to it.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PaymentDetailView {
    /// The payment.
    #[serde(flatten)]
    pub payment: PaymentView,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineStep>,
    /// The buyer's own receipt: whoever has this link reads what was bought. Null while the stall is closed, and of a payment
    /// that was dropped.
    pub receipt: Option<String>,
    /// What the seller wrote beside it.
    pub note: Option<String>,
    /// What settling it cost; null where none of our transactions carried it.
    pub cost: Option<PaymentCostView>,
}

/// A payment's part of what the transactions cost that carried it.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PaymentCostView {
    /// In the network's own coin, with the point.
    pub coin_amount: String,
    /// That coin's symbol.
    pub coin: String,
    /// In dollars; null where the price of the coin was not known.
    pub dollars: Option<String>,
    /// What is left of the payment; null where that is not known.
    pub net: Option<SignedMoneyView>,
}

impl PaymentCostView {
    fn of(payment: &Payment, cost: PaymentCost) -> Option<Self> {
        let wei = cost.wei?;
        let decimals = payment.asset.decimals;
        let left = |value| Some(i128::from(payment.amount.atomic()) - in_token(value, decimals)?);
        Some(Self {
            coin_amount: native(wei),
            coin: coin(Some(payment.asset.network)).to_owned(),
            dollars: cost.value.map(|value| value.to_decimal(6)),
            net: cost
                .value
                .filter(|_| payment.state.is_paid())
                .and_then(left)
                .map(|left| signed(left, decimals)),
        })
    }
}

/// Something that happened to a payment.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TimelineStep {
    /// What.
    pub step: TimelineStepName,
    /// When, in Unix milliseconds; null when that was not noted.
    pub at: Option<i64>,
    /// In which batch.
    pub batch: Option<i64>,
    /// In which transaction.
    pub transaction: Option<String>,
    /// In which block.
    pub block: Option<u64>,
    /// Why, for a person.
    pub sentence: Option<String>,
}

/// A kind of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum TimelineStepName {
    /// The authorization was checked and stored.
    Accepted,
    /// All bytes left.
    Delivered,
    /// The delivery broke off.
    Interrupted,
    /// It was taken into a batch; from here on its signature counts as public.
    HandedOver,
    /// A transaction that settles it was handed to a node.
    Sent,
    /// That transaction is in a block.
    Mined,
    /// It went back to the queue.
    Returned,
    /// The money arrived by our transaction.
    Settled,
    /// The money arrived by somebody else's transaction.
    SettledElsewhere,
    /// The outcome is beyond reorganisation.
    Final,
    /// It was refused on chain.
    Failed,
    /// Its window passed.
    Expired,
    /// The payer cancelled it.
    Cancelled,
    /// The payer used its nonce for another transfer.
    Diverted,
    /// The seller gave it up.
    WrittenOff,
    /// It was dropped unsubmitted because nothing was delivered.
    Voided,
}

impl PaymentDetailView {
    pub(crate) fn of(
        payment: &Payment,
        history: &History,
        receipt: Option<String>,
        note: Option<String>,
        cost: PaymentCost,
    ) -> Self {
        let receipt = receipt.filter(|_| payment.state != PaymentState::Voided);
        let cost = PaymentCostView::of(payment, cost);
        let (payment, timeline) = (PaymentView::from(payment), timeline(payment, history));
        Self { payment, timeline, receipt, note, cost }
    }
}

impl TimelineStep {
    fn new(step: TimelineStepName, at: Option<DateTime<Utc>>) -> Self {
        let at = at.map(|at| at.timestamp_millis());
        Self { step, at, batch: None, transaction: None, block: None, sentence: None }
    }

    fn because(mut self, reason: Option<FailureReason>) -> Self {
        self.sentence = reason.map(|reason| reason.sentence().to_owned());
        self
    }
}

fn timeline(payment: &Payment, history: &History) -> Vec<TimelineStep> {
    use TimelineStepName as Name;
    let mut steps = vec![TimelineStep::new(Name::Accepted, Some(payment.accepted_at))];
    let delivery = delivery(payment.delivery);
    if payment.mode == Mode::Batched {
        steps.extend(delivery.clone());
    }
    let outcome = outcome(payment);
    for (place, stay) in history.stays.iter().enumerate() {
        stayed(stay, &mut steps);
        let is_told_below =
            outcome.is_some() && payment.batch == Some(stay.batch) && payment.reason == stay.reason;
        if stay.result == PaymentResult::Excluded && !is_told_below {
            steps.push(came_to_nothing(stay, history.stays.get(place + 1)));
        }
    }
    if let Some(name) = outcome {
        let decided = TimelineStep::new(name, history.decided_at);
        steps.push(TimelineStep {
            batch: payment.batch.map(|batch| batch.0),
            transaction: payment.block.and(payment.transaction).map(|hash| hash.to_string()),
            block: payment.block,
            ..decided.because(payment.reason)
        });
    }
    if payment.mode == Mode::Instant {
        steps.extend(delivery);
    }
    if payment.final_at.is_some() {
        steps.push(TimelineStep::new(Name::Final, payment.final_at));
    }
    if payment.state == PaymentState::WrittenOff {
        steps.push(TimelineStep::new(Name::WrittenOff, history.written_off_at));
    }
    steps
}

/// When bytes left is not noted, only how far they got.
fn delivery(delivery: Delivery) -> Option<TimelineStep> {
    match delivery {
        Delivery::Delivered => Some(TimelineStep::new(TimelineStepName::Delivered, None)),
        Delivery::Interrupted => Some(TimelineStep::new(TimelineStepName::Interrupted, None)),
        Delivery::Waiting | Delivery::Streaming => None,
    }
}

fn stayed(stay: &Stay, steps: &mut Vec<TimelineStep>) {
    use TimelineStepName as Name;
    let batch = Some(stay.batch.0);
    // Past its window it was decided by evidence alone; nobody was handed anything.
    if stay.reason != Some(FailureReason::Expired) {
        steps.push(TimelineStep { batch, ..TimelineStep::new(Name::HandedOver, Some(stay.opened_at)) });
    }
    for call in &stay.calls {
        if call.sent_at().is_some() {
            let sent = TimelineStep::new(Name::Sent, call.sent_at());
            let sentence = Some(format!("{} was asked to settle it.", call.facilitator()));
            steps.push(TimelineStep { batch, sentence, ..sent });
        }
    }
    // What was excluded may not have been in the batch's transaction.
    if stay.result != PaymentResult::Excluded {
        for sending in &stay.sendings {
            let transaction = Some(sending.hash.to_string());
            if sending.sent_at.is_some() {
                let sent = TimelineStep::new(Name::Sent, sending.sent_at);
                steps.push(TimelineStep { batch, transaction: transaction.clone(), ..sent });
            }
            if let Some((block, seen_at)) = sending.mined {
                let mined = TimelineStep::new(Name::Mined, Some(seen_at));
                steps.push(TimelineStep { batch, transaction, block: Some(block), ..mined });
            }
        }
    }
    if stay.result == PaymentResult::Returned {
        let returned = TimelineStep::new(Name::Returned, stay.closed_at).because(stay.reason);
        steps.push(TimelineStep { batch, ..returned });
    }
}

/// The end of a stay that turned out not to be the payment's.
fn came_to_nothing(stay: &Stay, next: Option<&Stay>) -> TimelineStep {
    use TimelineStepName as Name;
    let name = if stay.reason == Some(FailureReason::Expired) { Name::Expired } else { Name::Failed };
    // A batch may be under way long after one of its payments has left it.
    let at = stay.closed_at.filter(|at| next.is_none_or(|next| *at <= next.opened_at));
    TimelineStep { batch: Some(stay.batch.0), ..TimelineStep::new(name, at).because(stay.reason) }
}

fn outcome(payment: &Payment) -> Option<TimelineStepName> {
    use TimelineStepName as Name;
    match payment.state {
        PaymentState::Queued | PaymentState::Settling => None,
        PaymentState::Settled => Some(Name::Settled),
        PaymentState::SettledElsewhere => Some(Name::SettledElsewhere),
        PaymentState::Failed => Some(Name::Failed),
        PaymentState::Expired => Some(Name::Expired),
        PaymentState::Cancelled => Some(Name::Cancelled),
        PaymentState::Diverted => Some(Name::Diverted),
        // Before it was given up it had come to this.
        PaymentState::WrittenOff if payment.reason == Some(FailureReason::Expired) => Some(Name::Expired),
        PaymentState::WrittenOff => Some(Name::Failed),
        PaymentState::Voided => Some(Name::Voided),
    }
}
