//! What came in day by day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::MoneySummary;
use crate::api::money::{Summing, decimals_of};
use crate::{ApiError, App};

/// The most days of one answer: a leap year.
const MOST_DAYS: u32 = 366;

/// Which days to list.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct RevenueQuery {
    /// How many, today included; 366 at most.
    pub days: u32,
}

/// Days without a gap.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RevenueView {
    /// Oldest first; the last is today.
    pub items: Vec<RevenueDay>,
    /// Where their midnights are.
    pub zone: String,
}

/// The payments of one day, by when they were accepted and by how they stand now.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RevenueDay {
    /// The day, such as `2026-11-21`.
    pub day: String,
    /// Their sums.
    #[serde(flatten)]
    pub summary: MoneySummary,
}

pub(crate) async fn revenue(app: &App, query: RevenueQuery) -> Result<RevenueView, ApiError> {
    if query.days == 0 || query.days > MOST_DAYS {
        return Err(ApiError::invalid(format!("Revenue is listed for 1 to {MOST_DAYS} days.")));
    }
    let today = app.clock().now().date_naive();
    let last = i64::from(today.to_epoch_days());
    let first = last - i64::from(query.days) + 1;
    let decimals = decimals_of(&app.store().assets().await?);
    let mut sums: BTreeMap<i64, Summing> = (first..=last).map(|day| (day, Summing::default())).collect();
    for (day, total) in app.store().totals_by_day(first, last).await? {
        sums.entry(day).or_default().add(&total);
    }
    let items = sums.into_iter().filter_map(|(day, sums)| {
        let day = NaiveDate::from_epoch_days(i32::try_from(day).ok()?)?;
        Some(RevenueDay { day: day.to_string(), summary: sums.view(decimals) })
    });
    Ok(RevenueView { items: items.collect(), zone: "UTC".to_owned() })
}
