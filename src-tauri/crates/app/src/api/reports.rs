//! The books: what came, what it cost, what was given back and what is left.

use std::collections::HashMap;

use alloy_primitives::U256;
use chrono::NaiveDate;
use domain::{Amount, Asset, AssetId, Environment};
use serde::{Deserialize, Serialize};
use store::{BookLine, ReportBy};
use ts_rs::TS;

use crate::api::batches::asset_of;
use crate::api::money::{coin, native};
use crate::api::{FeesView, MoneyView};
use crate::{ApiError, App};

/// The days of a report that names none, today included.
const USUAL_DAYS: i64 = 28;
/// The most days of one report: ten years.
const MOST_DAYS: i64 = 3660;
/// The most payers of one report.
const MOST_PAYERS: u32 = 200;
/// The decimal places of dollars here.
const DOLLAR_DECIMALS: u8 = 6;

/// Which days to report on, and by what.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct ReportQuery {
    /// The first UTC day, such as `2026-11-01`; 28 days before the last by default.
    pub from: Option<String>,
    /// The last UTC day; today by default.
    pub to: Option<String>,
    /// day (default), endpoint, payer or network.
    pub by: Option<String>,
}

/// The books of some days.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReportView {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// Where their midnights are.
    pub zone: String,
    /// What the items are about: day, endpoint, payer or network.
    pub by: String,
    /// Whether this is play money.
    pub test: bool,
    /// Days in their order; endpoints, payers and networks by how much came. Of payers the first 200.
    pub items: Vec<ReportLine>,
    /// All of it by network.
    pub totals: Vec<ReportLine>,
}

/// A line of the books. Costs count on the day of their transaction, whatever came of it.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReportLine {
    /// The day, the endpoint's path, the payer's address or the network.
    pub key: String,
    /// The endpoint's name.
    pub title: Option<String>,
    /// CAIP-2.
    pub network: String,
    /// How many payments came on chain.
    pub payments: u64,
    /// What they came to.
    pub gross: MoneyView,
    /// What settling them cost in the network's coin, failed transactions included.
    pub cost: CoinView,
    /// The part of it that was spent on payments that were not settled by it.
    pub lost: CoinView,
    /// What of the cost has a known worth, in dollars.
    pub cost_value: MoneyView,
    /// The part of the cost for which the price of the coin was not known (`settings set coin-price-…`); `net` leaves it out.
    pub unpriced: CoinView,
    /// How many refunds were recorded.
    pub refunds: u64,
    /// What was given back.
    pub refunded: MoneyView,
    /// Gross without refunds and the costs whose worth is known; null where nothing is known of any, or the token cannot
    /// tell so small a sum.
    pub net: Option<SignedMoneyView>,
}

/// An amount of a network's own coin.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CoinView {
    /// Wei in decimal digits.
    pub wei: String,
    /// With the point.
    pub formatted: String,
    /// The coin's symbol.
    pub coin: String,
}

/// An amount that can be below zero.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SignedMoneyView {
    /// Atomic units in decimal digits, with a minus sign below zero.
    pub amount: String,
    /// How many of the digits stand behind the point.
    pub decimals: u8,
    /// With the point: `-0.05`.
    pub formatted: String,
}

fn by(name: Option<&str>) -> Result<&'static str, ApiError> {
    match name.unwrap_or("day") {
        "day" => Ok("day"),
        "endpoint" => Ok("endpoint"),
        "payer" => Ok("payer"),
        "network" => Ok("network"),
        other => {
            let other: String = other.chars().take(40).collect();
            Err(ApiError::invalid(format!("A report is by day, endpoint, payer or network, not by {other}.")))
        }
    }
}

/// A UTC day, counted from 1970.
pub(crate) fn day_of(text: &str) -> Result<i64, ApiError> {
    let day: NaiveDate =
        text.trim().parse().map_err(|_| ApiError::invalid("A day is written such as 2026-11-21."))?;
    Ok(i64::from(day.to_epoch_days()))
}

pub(crate) fn day_name(day: i64) -> String {
    let date = i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days);
    date.map(|date| date.to_string()).unwrap_or_default()
}

pub(crate) async fn report(app: &App, query: ReportQuery) -> Result<ReportView, ApiError> {
    let by = by(query.by.as_deref())?;
    let today = i64::from(app.clock().now().date_naive().to_epoch_days());
    let last = query.to.as_deref().map(day_of).transpose()?.unwrap_or(today);
    let first = query.from.as_deref().map(day_of).transpose()?.unwrap_or(last - USUAL_DAYS + 1);
    if first > last {
        return Err(ApiError::invalid("The first day of a report comes before the last."));
    }
    if last - first >= MOST_DAYS {
        return Err(ApiError::invalid(format!("A report covers at most {MOST_DAYS} days.")));
    }
    let store = app.store();
    let assets = store.assets().await?;
    let mut lines = match by {
        "endpoint" => store.books(ReportBy::Endpoint, first, last).await?,
        "payer" => store.books_by_payer(first, last, MOST_PAYERS).await?,
        "network" => store.books(ReportBy::Asset, first, last).await?,
        _ => store.books(ReportBy::Day, first, last).await?,
    };
    if by != "day" {
        lines.sort_by_key(|line| std::cmp::Reverse(line.gross));
    }
    let mut titles = HashMap::new();
    if by == "endpoint" {
        for listing in store.catalogue().await? {
            let endpoint = listing.endpoint;
            titles.insert(endpoint.id, (endpoint.path.to_string(), endpoint.title));
        }
    }
    let view = |line: &BookLine| {
        let asset = asset_of(&assets, line.asset)?;
        let (key, title) = match (line.day, line.endpoint, line.payer) {
            (Some(day), _, _) => (day_name(day), None),
            (_, Some(endpoint), _) => match titles.get(&endpoint) {
                Some((path, title)) => (path.clone(), Some(title.clone())),
                None => (endpoint.to_string(), None),
            },
            (_, _, Some(payer)) => (payer.to_string(), None),
            (None, None, None) => (asset.network.to_string(), None),
        };
        Ok(line_view(line, asset, key, title))
    };
    let items = lines.iter().map(view).collect::<Result<_, ApiError>>()?;
    let totals = store.books(ReportBy::Asset, first, last).await?;
    let totals = totals.iter().map(|line| total(line, &assets)).collect::<Result<_, ApiError>>()?;
    Ok(ReportView {
        from: day_name(first),
        to: day_name(last),
        zone: "UTC".to_owned(),
        by: by.to_owned(),
        test: app.environment() != Environment::Live,
        items,
        totals,
    })
}

/// What settling cost in some UTC days, both ends included.
pub(crate) async fn books_of_all(app: &App, (first, last): (i64, i64)) -> Result<FeesView, ApiError> {
    let assets = app.store().assets().await?;
    let (mut value, mut coins, mut unpriced) = (Amount::ZERO, Vec::new(), Vec::new());
    for line in app.store().books(ReportBy::Asset, first, last).await? {
        let line = total(&line, &assets)?;
        let worth = line.cost_value.amount.parse().unwrap_or(Amount::MAX);
        value = value.checked_add(worth).unwrap_or(Amount::MAX);
        coins.extend(Some(line.cost).filter(|cost| cost.wei != "0"));
        unpriced.extend(Some(line.unpriced).filter(|cost| cost.wei != "0"));
    }
    Ok(FeesView { value: MoneyView::with_decimals(value, DOLLAR_DECIMALS), coins, unpriced })
}

fn total(line: &BookLine, assets: &[(AssetId, Asset)]) -> Result<ReportLine, ApiError> {
    let asset = asset_of(assets, line.asset)?;
    Ok(line_view(line, asset, asset.network.to_string(), None))
}

fn line_view(line: &BookLine, asset: &Asset, key: String, title: Option<String>) -> ReportLine {
    let coin_view = |wei: U256| CoinView {
        wei: wei.to_string(),
        formatted: native(wei),
        coin: coin(Some(asset.network)).to_owned(),
    };
    ReportLine {
        key,
        title,
        network: asset.network.to_string(),
        payments: line.payments,
        gross: MoneyView::of(line.gross, asset),
        cost: coin_view(line.paid.saturating_add(line.lost)),
        lost: coin_view(line.lost),
        cost_value: MoneyView::with_decimals(line.cost_value, DOLLAR_DECIMALS),
        unpriced: coin_view(line.unpriced),
        refunds: line.refunds,
        refunded: MoneyView::of(line.refunded, asset),
        net: is_priced(line).then(|| net(line, asset.decimals)).flatten(),
    }
}

fn net(line: &BookLine, decimals: u8) -> Option<SignedMoneyView> {
    let cost = in_token(line.cost_value, decimals)?;
    let net = i128::from(line.gross.atomic()) - i128::from(line.refunded.atomic()) - cost;
    Some(signed(net, decimals))
}

/// Micro-dollars in a token, which count as what it is worth. None where it cannot tell so small a sum.
pub(crate) fn in_token(dollars: domain::Amount, decimals: u8) -> Option<i128> {
    let more = decimals.checked_sub(DOLLAR_DECIMALS)?;
    i128::from(dollars.atomic()).checked_mul(10_i128.checked_pow(u32::from(more))?)
}

pub(crate) fn signed(amount: i128, decimals: u8) -> SignedMoneyView {
    let whole = u64::try_from(amount.unsigned_abs()).ok();
    let whole =
        whole.and_then(|units| domain::Amount::from_atomic(units).ok()).unwrap_or(domain::Amount::MAX);
    let sign = if amount < 0 { "-" } else { "" };
    SignedMoneyView {
        amount: format!("{sign}{whole}"),
        decimals,
        formatted: format!("{sign}{}", whole.to_decimal(decimals)),
    }
}

/// Whether the worth of anything that was spent is known, or nothing was spent.
fn is_priced(line: &BookLine) -> bool {
    line.unpriced < line.paid.saturating_add(line.lost) || line.unpriced.is_zero()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_below_zero_says_so() {
        for (amount, formatted) in [(50_000, "0.05"), (0, "0.00"), (-1, "-0.000001"), (-2_500_000, "-2.50")] {
            assert_eq!(signed(amount, 6).formatted, formatted);
            assert_eq!(signed(amount, 6).amount, amount.to_string());
        }
    }
}
