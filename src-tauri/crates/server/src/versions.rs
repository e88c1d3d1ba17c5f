//! What owners of an earlier version receive.

use std::sync::Arc;

use alloy_primitives::B256;
use store::PaymentRef;

use crate::catalogue::Item;
use crate::content::Problem;
use crate::shop::Shop;
use crate::stop::Stop;

/// What a payment's buyer receives in the place of an item: the version that was bought, where the seller chose so and it is
/// still there as it was. None where that is what is sold now.
pub(crate) async fn theirs(
    shop: &Shop,
    item: &Item,
    payment: &PaymentRef,
) -> Result<Option<Arc<Item>>, Stop> {
    if item.earlier.is_empty() {
        return Ok(None);
    }
    version(shop, item, shop.store.bought_version(payment.seq).await?).await
}

/// The same, for who has the digest of what was bought at hand: a link's downloads ask the store nothing.
pub(crate) async fn version(
    shop: &Shop,
    item: &Item,
    bought: Option<B256>,
) -> Result<Option<Arc<Item>>, Stop> {
    let Some(earlier) = item.earlier.iter().find(|earlier| Some(earlier.sha256) == bought) else {
        return Ok(None);
    };
    match earlier.goods.sellable(&shop.checks).await {
        Ok(_) => Ok(Some(Arc::clone(earlier))),
        // Whether it is still there is known in a moment.
        Err(Problem::Checking) => Err(Problem::Checking.into()),
        Err(problem) => {
            tracing::debug!(path = %item.path, %problem, "an earlier version is gone; its owner gets the newest");
            Ok(None)
        }
    }
}
