//! How much gas money a network's transactions take within a day, and how much the seller allows (I11).

use std::collections::HashMap;

use alloy_primitives::U256;
use alloy_primitives::utils::parse_ether;
use chrono::{DateTime, TimeDelta, Utc};
use domain::NetworkId;
use sqlx::SqliteConnection;

use crate::column::{Columns, signed};
use crate::{Store, StoreError, settings};

/// Begins the name of the setting that holds how many coins a network's transactions may take within a
/// day; the network follows.
pub const GAS_A_DAY: &str = "gas-a-day-";

/// How long a transaction counts.
const DAY: TimeDelta = TimeDelta::hours(24);

/// The gas money of the last 24 hours on one network, in wei.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GasOfADay {
    /// The most that the seller allows; none where that was left open.
    pub limit: Option<U256>,
    /// What was spent, and what the transactions on their way take at most; zero where nothing limits it.
    pub taken: U256,
}

impl GasOfADay {
    /// What a further transaction may take at most; none where nothing limits it.
    pub fn left(&self) -> Option<U256> {
        self.limit.map(|limit| limit.saturating_sub(self.taken))
    }
}

impl Store {
    /// What a network's transactions of the last 24 hours take of what the seller allows.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn gas_of_a_day(
        &self,
        network: NetworkId,
        now: DateTime<Utc>,
    ) -> Result<GasOfADay, StoreError> {
        let mut db = self.reader().await?;
        let limit = settings::one(&mut db, &format!("{GAS_A_DAY}{network}")).await?;
        let Some(limit) = limit.and_then(|coins| parse_ether(&coins).ok()) else {
            return Ok(GasOfADay::default());
        };
        Ok(GasOfADay { limit: Some(limit), taken: taken(&mut db, network, now - DAY).await? })
    }
}

/// Each wallet nonce is used once: by the transaction that was mined, or by the dearest of those that
/// still may be. What is left of a closed batch can do nothing any more.
async fn taken(
    db: &mut SqliteConnection,
    network: NetworkId,
    since: DateTime<Utc>,
) -> Result<U256, StoreError> {
    let rows = sqlx::query(
        "select t.wallet, t.nonce, t.gas_limit, t.max_fee_per_gas, r.cost_wei,
            b.state in ('preparing', 'submitted') as open
         from attempts t join batches b on b.id = t.batch_id left join receipts r on r.attempt_id = t.id
         where t.chain_id = $1 and t.saved_at > $2 and t.rail = 'direct'",
    )
    .bind(signed(network.chain_id()))
    .bind(since.timestamp_millis())
    .fetch_all(db)
    .await?;
    let mut nonces: HashMap<_, (Option<U256>, U256)> = HashMap::new();
    for row in &rows {
        let columns = Columns::of("attempts", row);
        let nonce = (columns.address("wallet")?, columns.unsigned::<u64>("nonce")?);
        let (mined, most) = nonces.entry(nonce).or_default();
        if columns.get::<Option<&str>>("cost_wei")?.is_some() {
            *mined = Some(columns.wei("cost_wei")?);
        } else if columns.get::<bool>("open")? {
            let fee: u128 = columns.word("max_fee_per_gas")?;
            let worst = U256::from(columns.unsigned::<u64>("gas_limit")?).saturating_mul(U256::from(fee));
            *most = worst.max(*most);
        }
    }
    Ok(nonces.into_values().map(|(mined, most)| mined.unwrap_or(most)).fold(U256::ZERO, U256::saturating_add))
}
