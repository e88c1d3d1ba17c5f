//! How much is given before its money has arrived, and the caps on it.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use domain::{
    Amount, Asset, AssetId, Beyond, CAP_DECIMALS, Environment, ExposurePolicy, NetworkId, in_millionths,
};
use serde::{Deserialize, Serialize};
use store::{AssetExposure, PayerOrder, Store};
use ts_rs::TS;

use crate::api::{MoneyCount, MoneyView};
use crate::{ApiError, App};

/// How many of the most exposed payers are shown.
const SHOWN_PAYERS: u32 = 10;

/// What is given before its money has arrived, held against the seller's caps. Amounts are tokens,
/// whichever they are, with six decimal places.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ExposureView {
    /// The caps.
    pub caps: CapsView,
    /// Whether they are those of the environment, because the seller chose no others.
    pub is_default: bool,
    /// All of it.
    pub total: ExposureShareView,
    /// By network.
    pub networks: Vec<NetworkExposureView>,
    /// The most exposed payers, ten at most, with one item for each token.
    pub payers: Vec<PayerExposureView>,
    /// What the caps mean, for a person.
    pub sentence: String,
}

/// The caps; null does not bound.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CapsView {
    /// The price above which a sale is always instant.
    pub per_sale: Option<MoneyView>,
    /// Of one payer.
    pub per_payer: Option<MoneyView>,
    /// Of one payer who has not had a payment settled.
    pub per_new_payer: Option<MoneyView>,
    /// Of all payers of one network.
    pub per_network: Option<MoneyView>,
    /// Of the whole stall.
    pub total: Option<MoneyView>,
    /// The longest that anything may stay unsettled, in seconds.
    pub oldest_seconds: Option<i64>,
    /// What becomes of a sale beyond a cap: instant or refuse.
    pub beyond: String,
}

/// An exposure and its cap.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ExposureShareView {
    /// What is delivered, or about to be, and not settled.
    #[serde(flatten)]
    pub exposed: MoneyCount,
    /// The cap.
    pub cap: Option<MoneyView>,
    /// How much of the cap is used, in whole hundredths, rounded up; null without cap.
    pub share_percent: Option<u64>,
}

/// A network's exposure.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NetworkExposureView {
    /// CAIP-2.
    pub network: String,
    /// How much.
    #[serde(flatten)]
    pub share: ExposureShareView,
    /// Since when the oldest of it waits, as RFC 3339.
    pub oldest_at: Option<String>,
}

/// A payer's exposure in one token.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PayerExposureView {
    /// Who.
    pub payer: String,
    /// CAIP-2.
    pub network: String,
    /// How much.
    #[serde(flatten)]
    pub share: ExposureShareView,
    /// How far the payer is trusted.
    pub standing: String,
}

/// Changes caps; what is missing stays as it is. Amounts are decimals such as 20 or 0.50, and none
/// lifts a cap.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[ts(export, optional_fields)]
pub struct ExposureSet {
    /// The price above which a sale is always instant.
    pub per_sale: Option<String>,
    /// Of one payer.
    pub per_payer: Option<String>,
    /// Of one payer who has not had a payment settled.
    pub per_new_payer: Option<String>,
    /// Of all payers of one network.
    pub per_network: Option<String>,
    /// Of the whole stall.
    pub total: Option<String>,
    /// The longest that anything may stay unsettled: minutes, hours or days, such as 90m, 12h or 2d.
    pub oldest: Option<String>,
    /// What becomes of a sale beyond a cap: instant or refuse.
    pub beyond: Option<String>,
    /// Begin with the environment's own caps instead of those that stand.
    #[ts(as = "Option<bool>", optional)]
    pub defaults: bool,
}

/// The word that lifts a cap.
const NONE: &str = "none";

/// Writes the environment's caps into a data file that has none yet.
pub(crate) async fn ensure_policy(
    store: &Store,
    environment: Environment,
    now: DateTime<Utc>,
) -> Result<(), ApiError> {
    let default = ExposurePolicy::default_for(environment);
    // A file without any has no bounds.
    if default != ExposurePolicy::default() && store.exposure_policy().await?.is_none() {
        store.set_exposure_policy(default, now).await?;
    }
    Ok(())
}

pub(crate) async fn policy(app: &App) -> Result<ExposurePolicy, ApiError> {
    let chosen = app.store().exposure_policy().await?;
    Ok(chosen.unwrap_or_else(|| ExposurePolicy::default_for(app.environment())))
}

pub(crate) async fn show(app: &App, (): ()) -> Result<ExposureView, ApiError> {
    let policy = policy(app).await?;
    let assets = app.store().assets().await?;
    let exposures = app.store().exposures().await?;
    let mut networks: BTreeMap<NetworkId, Sum> = BTreeMap::new();
    let mut total = Sum::default();
    let mut payers = Vec::new();
    for exposure in &exposures {
        let Some((_, asset)) = assets.iter().find(|(id, _)| *id == exposure.asset) else { continue };
        let network = networks.entry(asset.network).or_default();
        for sum in [&mut total, network] {
            sum.add(exposure, asset);
        }
    }
    let page = app.store().payers(PayerOrder::Exposed, None, SHOWN_PAYERS).await?;
    for row in page.items {
        let Some((asset, _)) = of_asset(&assets, row.asset) else { continue };
        let counted = in_millionths(row.exposed.amount, asset.decimals);
        let cap = if row.settled.payments == 0 {
            policy.per_new_payer.into_iter().chain(policy.per_payer).min()
        } else {
            policy.per_payer
        };
        payers.push(PayerExposureView {
            payer: row.payer.to_string(),
            network: asset.network.to_string(),
            share: share(row.exposed.payments, counted, cap),
            standing: row.standing.standing.to_string(),
        });
    }
    Ok(ExposureView {
        caps: caps(&policy),
        is_default: policy == ExposurePolicy::default_for(app.environment()),
        total: share(total.payments, total.amount, policy.total),
        networks: networks
            .into_iter()
            .map(|(network, sum)| NetworkExposureView {
                network: network.to_string(),
                share: share(sum.payments, sum.amount, policy.per_network),
                oldest_at: sum.oldest.map(rfc3339),
            })
            .collect(),
        payers,
        sentence: sentence(&policy).to_owned(),
    })
}

pub(crate) async fn set(app: &App, request: ExposureSet) -> Result<ExposureView, ApiError> {
    let mut chosen = match request.defaults {
        true => ExposurePolicy::default_for(app.environment()),
        false => policy(app).await?,
    };
    for (cap, text) in [
        (&mut chosen.per_sale, request.per_sale),
        (&mut chosen.per_payer, request.per_payer),
        (&mut chosen.per_new_payer, request.per_new_payer),
        (&mut chosen.per_network, request.per_network),
        (&mut chosen.total, request.total),
    ] {
        if let Some(text) = text {
            *cap = read_cap(&text)?;
        }
    }
    if let Some(text) = request.oldest {
        chosen.oldest = if text.trim() == NONE { None } else { Some(read_age(text.trim())?) };
    }
    if let Some(word) = request.beyond {
        chosen.beyond = word.parse().map_err(|_| {
            ApiError::invalid(
                "A sale beyond a cap is either made instant or refused: write instant or refuse.",
            )
        })?;
    }
    app.store().set_exposure_policy(chosen, app.clock().now()).await?;
    show(app, ()).await
}

fn read_cap(text: &str) -> Result<Option<Amount>, ApiError> {
    match text.trim() {
        NONE => Ok(None),
        text => Amount::from_decimal(text, CAP_DECIMALS)
            .map(Some)
            .map_err(|error| ApiError::invalid(format!("A cap of {text:?}: {error}; none lifts it."))),
    }
}

fn read_age(text: &str) -> Result<chrono::TimeDelta, ApiError> {
    let wrong =
        || ApiError::invalid("An age is written as minutes, hours or days: 90m, 12h or 2d; none lifts it.");
    let mut digits = text.chars();
    let unit = match digits.next_back() {
        Some('m') => 60,
        Some('h') => 3_600,
        Some('d') => 86_400,
        _ => return Err(wrong()),
    };
    let count: u32 = digits.as_str().parse().map_err(|_| wrong())?;
    if count == 0 {
        return Err(wrong());
    }
    Ok(chrono::TimeDelta::seconds(i64::from(count) * unit))
}

#[derive(Clone, Copy, Default)]
struct Sum {
    payments: u64,
    amount: Amount,
    oldest: Option<DateTime<Utc>>,
}

impl Sum {
    fn add(&mut self, exposure: &AssetExposure, asset: &Asset) {
        self.payments += exposure.payments;
        let counted = in_millionths(exposure.amount, asset.decimals);
        self.amount = self.amount.checked_add(counted).unwrap_or(Amount::MAX);
        self.oldest = self.oldest.into_iter().chain(exposure.oldest).min();
    }
}

fn of_asset(assets: &[(AssetId, Asset)], id: Option<AssetId>) -> Option<(&Asset, AssetId)> {
    assets.iter().find(|(known, _)| Some(*known) == id).map(|(id, asset)| (asset, *id))
}

/// An exposure against its cap.
pub(crate) fn share(payments: u64, exposed: Amount, cap: Option<Amount>) -> ExposureShareView {
    let hundredths = |cap: Amount| match cap.atomic() {
        0 if exposed == Amount::ZERO => 0,
        0 => 100,
        cap => {
            u64::try_from((u128::from(exposed.atomic()) * 100).div_ceil(u128::from(cap))).unwrap_or(u64::MAX)
        }
    };
    ExposureShareView {
        exposed: MoneyCount::of(payments, exposed, CAP_DECIMALS),
        cap: cap.map(|cap| MoneyView::with_decimals(cap, CAP_DECIMALS)),
        share_percent: cap.map(hundredths),
    }
}

fn caps(policy: &ExposurePolicy) -> CapsView {
    let view = |cap: Option<Amount>| cap.map(|cap| MoneyView::with_decimals(cap, CAP_DECIMALS));
    CapsView {
        per_sale: view(policy.per_sale),
        per_payer: view(policy.per_payer),
        per_new_payer: view(policy.per_new_payer),
        per_network: view(policy.per_network),
        total: view(policy.total),
        oldest_seconds: policy.oldest.map(|oldest| oldest.num_seconds()),
        beyond: policy.beyond.to_string(),
    }
}

const fn sentence(policy: &ExposurePolicy) -> &'static str {
    let bounded = policy.per_sale.is_some()
        || policy.per_payer.is_some()
        || policy.per_new_payer.is_some()
        || policy.per_network.is_some()
        || policy.total.is_some()
        || policy.oldest.is_some();
    match (bounded, policy.beyond) {
        (false, _) => "There are no caps: everything batched is delivered before its money has arrived.",
        (true, Beyond::Instant) => "Beyond a cap, a buyer gets the goods once the money has arrived.",
        (true, Beyond::Refuse) => "Beyond a cap, a sale is refused until earlier payments have settled.",
    }
}

pub(crate) fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read_in_minutes_hours_and_days() {
        for (text, seconds) in [("90m", 5_400), ("12h", 43_200), ("2d", 172_800)] {
            assert_eq!(read_age(text).unwrap().num_seconds(), seconds);
        }
        for wrong in ["", "h", "0h", "12", "-1h", "1.5h", "9é", "99999999999d"] {
            assert!(read_age(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_share_is_never_shown_smaller_than_it_is() {
        let amount = |units| Amount::from_atomic(units).unwrap();
        let percent = |exposed, cap| share(1, amount(exposed), Some(amount(cap))).share_percent;
        assert_eq!(percent(1, 1_000), Some(1));
        assert_eq!(percent(1_000, 1_000), Some(100));
        assert_eq!((percent(1, 0), percent(0, 0)), (Some(100), Some(0)));
        assert_eq!(share(1, amount(1), None).share_percent, None);
    }
}
