//! What happened to one payment, step by step.

use serde::Serialize;
use ts_rs::TS;

use crate::api::PaymentView;

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
