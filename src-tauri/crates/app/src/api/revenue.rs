//! What came in by hour, day or month: how it compares with the time before, what it cost, what sold best.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Months, NaiveDate};
use domain::EndpointId;
use serde::{Deserialize, Serialize};
use store::Total;
use ts_rs::TS;

use crate::api::money::{Summing, decimals_of};
use crate::api::reports::{books_of_all, day_name, day_of, signed};
use crate::api::traffic::{FunnelSteps, steps};
use crate::api::{CoinView, MoneyCount, MoneySummary, MoneyView, SignedMoneyView};
use crate::{ApiError, App};

/// The most days of one answer by days: a leap year.
const MOST_DAYS: i64 = 366;
/// The most days of one answer by hours: a week.
const MOST_DAYS_BY_HOUR: i64 = 7;
/// The most days of one answer by months: ten years.
const MOST_DAYS_BY_MONTH: i64 = 3660;
/// Up to so many days are listed by days, more by months, unless somebody says otherwise.
const BY_DAY_UP_TO: i64 = 92;
const USUAL_MONTHS: u32 = 12;

/// How many of those that sold best are named.
const BEST: u32 = 5;

const HOURS: i64 = 24;

/// Which days to list, and by what.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct RevenueQuery {
    /// How many days up to the last; 366 at most. Without it and `from`, the calendar months of a year.
    pub days: Option<u32>,
    /// The first UTC day, such as `2026-11-01`, where `days` does not say it.
    pub from: Option<String>,
    /// The last UTC day; today by default.
    pub to: Option<String>,
    /// hour (of seven days at most), day or month (of ten years at most); by default what suits the days.
    pub by: Option<String>,
}

/// Hours, days or months without a gap.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RevenueView {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// hour, day or month.
    pub by: String,
    /// Oldest first. Of today's hours, those to come are there too.
    pub items: Vec<RevenueDay>,
    /// All of them together.
    pub total: MoneySummary,
    /// The time before, of the same length.
    pub before: RevenueBefore,
    /// What settling cost in these days.
    pub fees: FeesView,
    /// What was bought most often in these days, the best first.
    pub best: Vec<BestSeller>,
    /// How far visits came in these days.
    pub visits: FunnelSteps,
    /// Where their midnights are.
    pub zone: String,
}

/// The payments of one hour, day or month, by when they were accepted and by how they stand now.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RevenueDay {
    /// The day, such as `2026-11-21`; the hour, such as `2026-11-21T13`; or the month, such as `2026-11`.
    pub day: String,
    /// Their sums.
    #[serde(flatten)]
    pub summary: MoneySummary,
    /// What of the hour, day or month at the same place in the time before is settled.
    pub before: MoneyCount,
}

/// The time before what was asked for.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RevenueBefore {
    /// Its first day.
    pub from: String,
    /// Its last day.
    pub to: String,
    /// Whether its hours are counted only as far as today has come.
    pub so_far: bool,
    /// Its sums.
    #[serde(flatten)]
    pub summary: MoneySummary,
    /// How much more is settled of the time that was asked for than of the time before.
    pub more: SignedMoneyView,
}

/// What settling cost.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FeesView {
    /// What of it has a known worth, in dollars.
    pub value: MoneyView,
    /// In the coins of the networks, those without any left out.
    pub coins: Vec<CoinView>,
    /// The part of the coins whose price was not known.
    pub unpriced: Vec<CoinView>,
}

/// Something that sold well.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct BestSeller {
    /// Its id.
    pub endpoint_id: String,
    /// Its name.
    pub title: String,
    /// How often it was bought.
    pub sales: u64,
    /// What of that is on chain.
    pub settled: MoneyView,
}

/// By what sums are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Hour,
    Day,
    Month,
}

impl By {
    fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
        }
    }

    const fn most_days(self) -> i64 {
        match self {
            Self::Hour => MOST_DAYS_BY_HOUR,
            Self::Day => MOST_DAYS,
            Self::Month => MOST_DAYS_BY_MONTH,
        }
    }
}

/// Which UTC days are asked for, both ends included, and by what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    by: By,
    first: i64,
    last: i64,
}

impl Span {
    fn of(query: &RevenueQuery, today: i64) -> Result<Self, ApiError> {
        let last = query.to.as_deref().map(day_of).transpose()?.unwrap_or(today);
        let by = match query.by.as_deref() {
            None => None,
            Some("hour") => Some(By::Hour),
            Some("day") => Some(By::Day),
            Some("month") => Some(By::Month),
            Some(_) => return Err(ApiError::invalid("Revenue is listed by hour, day or month.")),
        };
        let first = match (query.days, query.from.as_deref()) {
            (Some(_), Some(_)) => {
                return Err(ApiError::invalid("Revenue begins so many days before its last, or on a day."));
            }
            (Some(days), None) => last - i64::from(days) + 1,
            (None, Some(from)) => day_of(from)?,
            (None, None) => first_of_month(last, USUAL_MONTHS - 1)?,
        };
        let days = last - first + 1;
        let usual = if days <= 1 {
            By::Hour
        } else if days <= BY_DAY_UP_TO || query.days.is_some() {
            By::Day
        } else {
            By::Month
        };
        let by = by.unwrap_or(usual);
        if days < 1 || days > by.most_days() {
            let most = by.most_days();
            return Err(ApiError::invalid(format!(
                "Revenue by {} is listed for 1 to {most} days.",
                by.as_str()
            )));
        }
        Ok(Self { by, first, last })
    }

    /// The time before it, of the same length: of whole months, as many months.
    fn before(self) -> Result<Self, ApiError> {
        let last = self.first - 1;
        let first = match self.by {
            By::Month if date(self.first)?.day() == 1 => {
                let months = u32::try_from(self.months()?.len()).unwrap_or(USUAL_MONTHS);
                first_of_month(last, months.saturating_sub(1))?
            }
            By::Hour | By::Day | By::Month => last - (self.last - self.first),
        };
        Ok(Self { first, last, ..self })
    }

    /// The names of its months, in their order.
    fn months(self) -> Result<Vec<String>, ApiError> {
        let (mut month, last) = (date(first_of_month(self.first, 0)?)?, date(self.last)?);
        let mut names = Vec::new();
        while month <= last {
            names.push(month_name(month));
            month = month.checked_add_months(Months::new(1)).ok_or_else(too_far)?;
        }
        Ok(names)
    }

    /// Its sums, each with its name, without a gap.
    async fn sums(self, app: &App) -> Result<Vec<(String, Summing)>, ApiError> {
        let (first, last) = match self.by {
            By::Hour => (self.first * HOURS, self.last * HOURS + HOURS - 1),
            By::Day | By::Month => (self.first, self.last),
        };
        let totals: Vec<(i64, Total)> = match self.by {
            By::Hour => app.store().totals_by_hour(first, last).await?,
            By::Day | By::Month => app.store().totals_by_day(first, last).await?,
        };
        let mut sums: BTreeMap<String, Summing> = match self.by {
            By::Hour | By::Day => (first..=last).map(|at| (self.name(at), Summing::default())).collect(),
            By::Month => self.months()?.into_iter().map(|month| (month, Summing::default())).collect(),
        };
        for (at, total) in totals {
            sums.entry(self.name(at)).or_default().add(&total);
        }
        Ok(sums.into_iter().collect())
    }

    /// Of an hour, a day, or the month of a day. Their order is that of the time.
    fn name(self, at: i64) -> String {
        match self.by {
            By::Hour => format!("{}T{:02}", day_name(at.div_euclid(HOURS)), at.rem_euclid(HOURS)),
            By::Day => day_name(at),
            By::Month => date(at).map(month_name).unwrap_or_default(),
        }
    }
}

fn too_far() -> ApiError {
    ApiError::invalid("These days are too far away.")
}

fn date(day: i64) -> Result<NaiveDate, ApiError> {
    i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days).ok_or_else(too_far)
}

fn month_name(day: NaiveDate) -> String {
    day.format("%Y-%m").to_string()
}

/// The first day of a day's month, or of one some months before.
fn first_of_month(day: i64, months_before: u32) -> Result<i64, ApiError> {
    let first = date(day)?.with_day(1).and_then(|first| first.checked_sub_months(Months::new(months_before)));
    first.map(|first| i64::from(first.to_epoch_days())).ok_or_else(too_far)
}

pub(crate) async fn revenue(app: &App, query: RevenueQuery) -> Result<RevenueView, ApiError> {
    let now = app.clock().now();
    let today = i64::from(now.date_naive().to_epoch_days());
    let span = Span::of(&query, today)?;
    let before = span.before()?;
    let decimals = decimals_of(&app.store().assets().await?);
    let (sums, mut earlier) = (span.sums(app).await?, before.sums(app).await?);
    let mut together = Summing::default();
    for (_, sum) in &sums {
        together.merge(sum);
    }
    let at_place: Vec<Summing> = earlier.iter().map(|(_, sum)| *sum).collect();
    let so_far = span.by == By::Hour && span.last == today;
    if so_far {
        let to_come = HOURS - 1 - now.timestamp().div_euclid(3600).rem_euclid(HOURS);
        earlier.truncate(earlier.len().saturating_sub(usize::try_from(to_come).unwrap_or_default()));
    }
    let mut all_before = Summing::default();
    for (_, sum) in &earlier {
        all_before.merge(sum);
    }
    let items = sums.into_iter().enumerate().map(|(place, (day, sum))| {
        let before = at_place.get(place).copied().unwrap_or_default().view(decimals).settled;
        RevenueDay { day, summary: sum.view(decimals), before }
    });
    let more = i128::from(together.settled().atomic()) - i128::from(all_before.settled().atomic());
    let days = (span.first, span.last);
    Ok(RevenueView {
        from: day_name(span.first),
        to: day_name(span.last),
        by: span.by.as_str().to_owned(),
        items: items.collect(),
        total: together.view(decimals),
        before: RevenueBefore {
            from: day_name(before.first),
            to: day_name(before.last),
            so_far,
            summary: all_before.view(decimals),
            more: signed(more, decimals),
        },
        fees: books_of_all(app, days).await?,
        best: best(app, days, decimals).await?,
        visits: steps(app, days).await?,
        zone: "UTC".to_owned(),
    })
}

async fn best(app: &App, days: (i64, i64), decimals: u8) -> Result<Vec<BestSeller>, ApiError> {
    let mut sold: BTreeMap<EndpointId, (u64, Summing)> = BTreeMap::new();
    for (endpoint, total) in app.store().best_sellers(days, BEST).await? {
        let (sales, sums) = sold.entry(endpoint).or_default();
        *sales += if total.state == domain::PaymentState::Voided { 0 } else { total.payments };
        sums.add(&total);
    }
    if sold.is_empty() {
        return Ok(Vec::new());
    }
    let listings = app.store().catalogue().await?;
    let mut best: Vec<_> = sold
        .into_iter()
        .map(|(endpoint, (sales, sums))| {
            let listing = listings.iter().find(|listing| listing.endpoint.id == endpoint);
            BestSeller {
                endpoint_id: endpoint.to_string(),
                title: listing.map(|listing| listing.endpoint.title.clone()).unwrap_or_default(),
                sales,
                settled: MoneyView::with_decimals(sums.settled(), decimals),
            }
        })
        .collect();
    best.sort_by(|one, other| other.sales.cmp(&one.sales).then_with(|| one.title.cmp(&other.title)));
    Ok(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(query: &RevenueQuery) -> Result<(&'static str, String, String), ApiError> {
        let today = day_of("2026-11-21")?;
        Span::of(query, today).map(|span| (span.by.as_str(), day_name(span.first), day_name(span.last)))
    }

    fn days(days: u32) -> RevenueQuery {
        RevenueQuery { days: Some(days), ..RevenueQuery::default() }
    }

    fn from(from: &str, to: &str) -> RevenueQuery {
        RevenueQuery { from: Some(from.to_owned()), to: Some(to.to_owned()), ..RevenueQuery::default() }
    }

    #[test]
    fn a_day_is_listed_by_hours_a_quarter_by_days_and_a_year_by_months() {
        let listed = |query: &RevenueQuery| span(query).unwrap();
        let at = |by, first: &str| (by, first.to_owned(), "2026-11-21".to_owned());
        assert_eq!(listed(&days(1)), at("hour", "2026-11-21"));
        assert_eq!(listed(&days(28)), at("day", "2026-10-25"));
        assert_eq!(listed(&RevenueQuery::default()), at("month", "2025-12-01"));
        assert_eq!(listed(&from("2026-08-22", "2026-11-21")).0, "day");
        assert_eq!(listed(&from("2026-08-21", "2026-11-21")).0, "month");
        for wrong in [days(0), days(367), from("2026-11-22", "2026-11-21"), from("2016-01-01", "2026-11-21")]
        {
            assert!(span(&wrong).is_err(), "{wrong:?}");
        }
        let hours = RevenueQuery { by: Some("hour".to_owned()), ..days(8) };
        assert!(span(&hours).is_err());
    }

    #[test]
    fn before_a_year_of_months_lies_another_and_before_some_days_as_many() {
        let before = |query: &RevenueQuery| {
            let before = Span::of(query, day_of("2026-11-21").unwrap()).unwrap().before().unwrap();
            (day_name(before.first), day_name(before.last))
        };
        let of = |first: &str, last: &str| (first.to_owned(), last.to_owned());
        assert_eq!(before(&RevenueQuery::default()), of("2024-12-01", "2025-11-30"));
        assert_eq!(before(&days(1)), of("2026-11-20", "2026-11-20"));
        assert_eq!(before(&days(28)), of("2026-09-27", "2026-10-24"));
        assert_eq!(before(&from("2026-01-15", "2026-11-14")), of("2025-03-17", "2026-01-14"));
    }
}
