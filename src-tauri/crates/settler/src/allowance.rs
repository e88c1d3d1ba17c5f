//! What the seller allows settling to take within a day (I11).

use alloy_primitives::U256;

use crate::halt::Halt;
use crate::lane::Lane;

impl Lane {
    /// What is left of the day, in wei; none where nothing limits it.
    pub(crate) async fn allowed_of_a_day(&self) -> Result<Option<U256>, Halt> {
        Ok(self.store.gas_of_a_day(self.config.network, self.clock.now()).await?.left())
    }

    /// Whether a transaction with so much gas at so many wei fits into what is left of the day. What it
    /// takes at most counts until it is known what it took, so that the limit holds whatever happens;
    /// deadlines and the seller's own hand included.
    pub(crate) async fn day_allows(&self, gas_limit: u64, wei_per_gas: u128) -> Result<bool, Halt> {
        let most = U256::from(gas_limit).saturating_mul(U256::from(wei_per_gas));
        Ok(self.allowed_of_a_day().await?.is_none_or(|left| most <= left))
    }
}
