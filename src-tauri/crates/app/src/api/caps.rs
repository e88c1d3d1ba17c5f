//! Caps that are used up where the seller chose to refuse what goes beyond one (I5).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    Admission, Amount, Beyond, CAP_DECIMALS, Cap, EndpointState, Exposed, ExposurePolicy, Mode, NetworkId,
    PayerStanding, in_millionths,
};

use crate::api::exposure::policy;
use crate::networks::title;
use crate::{ApiError, App};

/// A cap that even the cheapest thing on sale would pass, whoever buys it.
pub(crate) struct UsedUp {
    pub(crate) cap: Cap,
    /// Which network's; none for the cap of all.
    pub(crate) network: Option<NetworkId>,
    /// How many payments use it.
    pub(crate) payments: u64,
    /// What they come to, in millionths of a token.
    pub(crate) exposed: Amount,
    /// What it means and what to do.
    pub(crate) sentence: String,
}

#[derive(Clone, Copy, Default)]
struct Waiting {
    payments: u64,
    amount: Amount,
    oldest: Option<DateTime<Utc>>,
}

impl Waiting {
    fn add(&mut self, payments: u64, amount: Amount, oldest: Option<DateTime<Utc>>) {
        self.payments += payments;
        self.amount = self.amount.checked_add(amount).unwrap_or(Amount::MAX);
        self.oldest = self.oldest.into_iter().chain(oldest).min();
    }
}

/// The caps for which every buyer is refused now, that of all before those of networks.
pub(crate) async fn used_up(app: &App) -> Result<Vec<UsedUp>, ApiError> {
    let policy = policy(app).await?;
    if policy.beyond != Beyond::Refuse {
        return Ok(Vec::new());
    }
    let assets = app.store().assets().await?;
    let mut total = Waiting::default();
    let mut networks: BTreeMap<NetworkId, Waiting> = BTreeMap::new();
    for exposure in app.store().exposures().await? {
        let Some((_, asset)) = assets.iter().find(|(id, _)| *id == exposure.asset) else { continue };
        let amount = in_millionths(exposure.amount, asset.decimals);
        for sum in [&mut total, networks.entry(asset.network).or_default()] {
            sum.add(exposure.payments, amount, exposure.oldest);
        }
    }
    let now = app.clock().now();
    let mut full = BTreeMap::new();
    for (network, price) in cheapest(app, &policy).await? {
        let here = networks.get(&network).copied().unwrap_or_default();
        let exposed = Exposed {
            payer: Amount::ZERO,
            payer_has_settled: true,
            network: here.amount,
            total: total.amount,
            oldest: here.oldest,
        };
        // Whom the caps of a single payer do not hold meets those of all.
        let Admission::Refused(cap) = policy.admit(PayerStanding::Trusted, &exposed, price, now) else {
            continue;
        };
        let (of, waiting) = if cap == Cap::Total { (None, total) } else { (Some(network), here) };
        full.insert(
            of,
            UsedUp {
                cap,
                network: of,
                payments: waiting.payments,
                exposed: waiting.amount,
                sentence: sentence(&policy, cap, network, &waiting),
            },
        );
    }
    Ok(full.into_values().collect())
}

/// The lowest price on each network of what is sold before its money has arrived.
async fn cheapest(app: &App, policy: &ExposurePolicy) -> Result<BTreeMap<NetworkId, Amount>, ApiError> {
    let mut cheapest: BTreeMap<NetworkId, Amount> = BTreeMap::new();
    for listing in app.store().catalogue().await? {
        let endpoint = &listing.endpoint;
        if endpoint.state != EndpointState::Live || endpoint.mode != Mode::Batched {
            continue;
        }
        for offer in listing.current() {
            let price = in_millionths(offer.amount, offer.asset.decimals);
            // What costs more than a single sale may is instant anyway.
            if policy.per_sale.is_none_or(|cap| price <= cap) {
                let lowest = cheapest.entry(offer.asset.network).or_insert(price);
                *lowest = price.min(*lowest);
            }
        }
    }
    Ok(cheapest)
}

fn sentence(policy: &ExposurePolicy, cap: Cap, network: NetworkId, waiting: &Waiting) -> String {
    let money = |amount: Amount| format!("${}", amount.to_decimal(CAP_DECIMALS));
    let title = title(network);
    let used = match cap {
        Cap::Oldest => {
            format!("Payments on {title} have waited longer to be settled than you allow")
        }
        Cap::Network => {
            let cap = money(policy.per_network.unwrap_or(Amount::MAX));
            format!("{} of the {cap} that you give on credit on {title} is used", money(waiting.amount))
        }
        Cap::Total | Cap::Payer | Cap::NewPayer => {
            let cap = money(policy.total.unwrap_or(Amount::MAX));
            format!("{} of the {cap} that you give on credit is used", money(waiting.amount))
        }
    };
    format!("{used}, so buyers are refused. Settle what waits, or raise the cap in Settings.")
}
