use chrono::{DateTime, Utc};
use domain::Environment;
use serde::{Deserialize, Serialize};

/// The form of the file that this version writes, and the latest that it reads.
pub(crate) const FORM: u32 = 1;

/// What a backup says of itself, before anything in it is put anywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The form of the file.
    pub(crate) form: u32,
    /// The version of the product that made it.
    pub version: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// What each environment holds.
    pub environments: Vec<Contents>,
}

/// What a backup holds of one environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contents {
    /// Which environment.
    pub environment: Environment,
    /// How many endpoints are on sale.
    pub endpoints: u64,
    /// How many payments are known.
    pub payments: u64,
    /// How many of them are neither settled nor given up.
    pub open: u64,
    /// Where buyers' money goes.
    pub payout: Vec<String>,
    /// Whose key pays for settlement.
    pub gas_wallet: Option<String>,
}

impl Manifest {
    /// A manifest of what is being packed.
    pub fn new(version: &str, made_at: DateTime<Utc>, environments: Vec<Contents>) -> Self {
        Self { form: FORM, version: version.to_owned(), made_at, environments }
    }
}
