//! What the seller should look at, and giving up what cannot be settled.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::MoneyView;
use crate::{ApiError, App, ErrorCode};

/// What the seller should look at.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AttentionList {
    /// What stops everything first, then payments by reason, the biggest sum first.
    pub items: Vec<AttentionView>,
}

/// One thing to look at.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AttentionView {
    /// What it is about.
    pub kind: AttentionKind,
    /// Why, as one word.
    pub reason: String,
    /// The same as a sentence.
    pub sentence: String,
    /// How many payments it concerns.
    pub payments: u64,
    /// What those come to; null when it concerns none in particular.
    pub amount: Option<MoneyView>,
    /// What the seller can do.
    pub action: AttentionAction,
    /// CAIP-2.
    pub network: String,
}

/// What a thing to look at is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AttentionKind {
    /// Payments that were not settled.
    Payments,
    /// A network that cannot be used.
    Network,
    /// The gas wallet.
    Gas,
}

/// What the seller can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AttentionAction {
    /// Send some of the network's coin to the gas wallet.
    FundGas,
    /// Look after the node, or choose another one.
    CheckNode,
    /// Give the payments up.
    WriteOff,
    /// Nothing; it passes by itself.
    None,
}

/// Gives payments up in the open.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct PaymentWriteOff {
    /// Their ids, 1000 at most.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub payments: Vec<String>,
    /// Or all that need attention for this reason.
    pub reason: Option<String>,
}

/// What was given up.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct WrittenOff {
    /// How many payments; those that were closed before, or still may be settled, are left as they are.
    pub closed: u64,
}

pub(crate) async fn list(_app: &App, (): ()) -> Result<AttentionList, ApiError> {
    Err(ApiError::new(ErrorCode::NotYet, "Not yet."))
}

pub(crate) async fn write_off(_app: &App, _request: PaymentWriteOff) -> Result<WrittenOff, ApiError> {
    Err(ApiError::new(ErrorCode::NotYet, "Not yet."))
}
