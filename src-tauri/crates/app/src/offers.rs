//! The offers of every endpoint, for each network that is set up.

use chrono::{DateTime, Utc};
use domain::{Asset, AssetId, EndpointState};
use store::{NewOffer, Store, StoreError};

/// Quotes everything that is for sale in the network's token too, at the prices that it has elsewhere; and no longer in
/// another token of that network.
pub(crate) async fn extend(
    store: &Store,
    (asset_id, asset): (AssetId, &Asset),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let network = asset.network;
    let rows = store.networks().await?;
    let Some(pay_to) = rows.iter().find(|row| row.network == network).and_then(|row| row.pay_to) else {
        return Ok(());
    };
    let mut quotes = Vec::new();
    let mut window = None;
    for listing in store.catalogue().await? {
        let lacks = !listing.current().any(|offer| offer.asset_id == asset_id);
        let on_sale = listing.endpoint.state != EndpointState::Removed;
        let like = listing.usual().find(|offer| offer.asset.decimals == asset.decimals);
        let elsewhere = like.map(|like| like.asset_id);
        let priced = listing.current().filter(|offer| Some(offer.asset_id) == elsewhere);
        for like in priced.filter(|_| lacks && on_sale) {
            let window = match window {
                Some(window) => window,
                None => *window.insert(store.schedule(network).await?.policy.window()),
            };
            quotes.push((
                listing.endpoint.id,
                NewOffer {
                    part: like.part.clone(),
                    audience: like.audience.clone(),
                    asset: asset_id,
                    pay_to,
                    amount: like.amount,
                    window,
                },
            ));
        }
    }
    if !quotes.is_empty() {
        store.quote(quotes, now).await?;
    }
    for (id, other) in store.assets().await? {
        if other.network == network && id != asset_id {
            store.withdraw_offers(id, now).await?;
        }
    }
    Ok(())
}
