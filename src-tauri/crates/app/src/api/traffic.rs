//! Who came, and what became of it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::EndpointId;
use serde::{Deserialize, Serialize};
use server::Wanted;
use store::Visits;
use ts_rs::TS;

use crate::api::endpoints::find;
use crate::{ApiError, App};

/// The most days of one answer: a leap year.
const MOST_DAYS: u32 = 366;
const USUAL_DAYS: u32 = 30;

/// As many requests are remembered at most.
const MOST_REQUESTS: u32 = 1000;
const USUAL_REQUESTS: u32 = 100;

/// Whose funnel to show, and how far back.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct FunnelQuery {
    /// Only that of the endpoint of this path or id.
    pub endpoint: Option<String>,
    /// How many days, today included; 30 by default, 366 at most.
    pub days: Option<u32>,
}

/// How far visits came. The seller's own purchases in practice are left out; what was counted in the last seconds before a
/// crash is lost.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FunnelView {
    /// All days and endpoints together.
    #[serde(flatten)]
    pub all: FunnelSteps,
    /// Of each endpoint to which anybody came, those that were shown to most first.
    pub items: Vec<FunnelOfEndpoint>,
    /// Of each day, the oldest first; the last is today.
    pub days: Vec<FunnelDay>,
    /// Where the days' midnights are.
    pub zone: String,
}

/// How many came how far.
#[derive(Clone, Copy, Debug, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FunnelSteps {
    /// How often terms were shown: 402.
    pub shown: u64,
    /// How often something came with the payer's signature over them, what comes again after a break included.
    pub signed: u64,
    /// How often all of what was bought arrived, once for each payment.
    pub delivered: u64,
    /// How many payments settled so far, by the day of their sale.
    pub settled: u64,
}

/// How far visits to one endpoint came.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FunnelOfEndpoint {
    /// Its path.
    pub endpoint: String,
    /// Its id.
    pub endpoint_id: String,
    /// Its name.
    pub title: String,
    /// How far they came.
    #[serde(flatten)]
    pub steps: FunnelSteps,
}

/// How far visits of one day came.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FunnelDay {
    /// The day, such as `2026-11-21`.
    pub day: String,
    /// How far they came.
    #[serde(flatten)]
    pub steps: FunnelSteps,
}

impl FunnelSteps {
    fn add(&mut self, visits: &Visits) {
        self.shown += visits.shown;
        self.signed += visits.signed;
        self.delivered += visits.delivered;
        self.settled += visits.settled;
    }
}

/// How many requests to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct RequestQuery {
    /// At most this many, 100 by default, 1000 at most.
    pub limit: Option<u32>,
    /// Only those for the endpoint of this path or id.
    pub endpoint: Option<String>,
    /// The `next` of the page before.
    pub before: Option<String>,
}

/// The newest requests since the stall was opened.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RequestList {
    /// The latest first. A download is there once it has ended.
    pub items: Vec<RequestView>,
    /// Whether the stall is open; while it is not, nothing is remembered.
    pub open: bool,
    /// Where the next page begins; null when this is the last.
    pub next: Option<String>,
}

/// A request that was answered.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RequestView {
    /// When it came, in Unix milliseconds.
    pub at: i64,
    /// GET mostly.
    pub method: String,
    /// The path.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// What that means: `terms` (a price was shown), `sold` (what was paid for was answered), `free` (answered without a
    /// payment), `refused` (a payment that did not do), `not_found`, `too_many`, `unavailable` or `failed`.
    pub outcome: String,
    /// How many microseconds passed until the answer began.
    pub took: u64,
    /// How many bytes of content left.
    pub bytes: u64,
    /// Who paid, where a payment of theirs came along.
    pub payer: Option<String>,
    /// From which network address, if the setting `request-addresses` is on.
    pub address: Option<String>,
    /// Whether the built-in buyer made it.
    pub own: bool,
}

pub(crate) async fn funnel(app: &App, query: FunnelQuery) -> Result<FunnelView, ApiError> {
    let days = query.days.unwrap_or(USUAL_DAYS);
    if days == 0 || days > MOST_DAYS {
        return Err(ApiError::invalid(format!("A funnel has 1 to {MOST_DAYS} days.")));
    }
    let endpoint = match &query.endpoint {
        Some(name) => Some(find(app, name).await?.endpoint.id),
        None => None,
    };
    if let Some(engine) = app.engine() {
        engine.shelf().traffic().write(app.store()).await?;
    }
    let last = i64::from(app.clock().now().date_naive().to_epoch_days());
    let first = last - i64::from(days) + 1;
    let mut all = FunnelSteps::default();
    let mut by_day: BTreeMap<i64, FunnelSteps> =
        (first..=last).map(|day| (day, FunnelSteps::default())).collect();
    let mut by_endpoint: BTreeMap<EndpointId, FunnelSteps> = BTreeMap::new();
    for visits in app.store().visits(endpoint, (first, last)).await? {
        all.add(&visits);
        by_day.entry(visits.day).or_default().add(&visits);
        by_endpoint.entry(visits.endpoint).or_default().add(&visits);
    }
    let listings = app.store().catalogue().await?;
    let mut items: Vec<_> = listings
        .into_iter()
        .filter_map(|listing| {
            let steps = by_endpoint.remove(&listing.endpoint.id)?;
            Some(FunnelOfEndpoint {
                endpoint: listing.endpoint.path.to_string(),
                endpoint_id: listing.endpoint.id.to_string(),
                title: listing.endpoint.title,
                steps,
            })
        })
        .collect();
    items.sort_by(|a, b| b.steps.shown.cmp(&a.steps.shown).then_with(|| a.endpoint.cmp(&b.endpoint)));
    let days = by_day.into_iter().filter_map(|(day, steps)| {
        let day = NaiveDate::from_epoch_days(i32::try_from(day).ok()?)?.to_string();
        Some(FunnelDay { day, steps })
    });
    Ok(FunnelView { all, items, days: days.collect(), zone: "UTC".to_owned() })
}

/// How far visits came in some UTC days, both ends included.
pub(crate) async fn steps(app: &App, days: (i64, i64)) -> Result<FunnelSteps, ApiError> {
    if let Some(engine) = app.engine() {
        engine.shelf().traffic().write(app.store()).await?;
    }
    let mut all = FunnelSteps::default();
    for visits in app.store().visits(None, days).await? {
        all.add(&visits);
    }
    Ok(all)
}

pub(crate) async fn requests(app: &App, query: RequestQuery) -> Result<RequestList, ApiError> {
    let limit = query.limit.unwrap_or(USUAL_REQUESTS);
    if limit == 0 || limit > MOST_REQUESTS {
        return Err(ApiError::invalid(format!("1 to {MOST_REQUESTS} requests can be listed.")));
    }
    let endpoint = match &query.endpoint {
        Some(name) => Some(find(app, name).await?.endpoint.id),
        None => None,
    };
    let before = query.before.as_deref().map(str::parse::<u64>).transpose();
    let before =
        before.map_err(|_| ApiError::invalid("The page's begin is not one that a page before it gave."))?;
    let engine = app.engine();
    let wanted = Wanted { endpoint, before, limit: limit as usize + 1 };
    let mut requests = engine.map(|engine| engine.shelf().traffic().requests(wanted)).unwrap_or_default();
    let more = requests.len() > limit as usize;
    requests.truncate(limit as usize);
    let next = requests.last().filter(|_| more).map(|(number, _)| number.to_string());
    let items = requests.into_iter().map(|(_, request)| RequestView {
        at: request.at.timestamp_millis(),
        method: request.method.to_string(),
        path: request.path,
        status: request.status,
        outcome: outcome(request.status, request.payer.is_some()).to_owned(),
        took: u64::try_from(request.took.as_micros()).unwrap_or(u64::MAX),
        bytes: request.bytes,
        payer: request.payer.map(|payer| payer.to_string()),
        address: request.address.map(|address| address.to_canonical().to_string()),
        own: request.is_own,
    });
    Ok(RequestList { items: items.collect(), open: engine.is_some(), next })
}

/// What an answer means, as one word.
const fn outcome(status: u16, paid: bool) -> &'static str {
    match (status, paid) {
        (200..400, true) => "sold",
        (200..400, false) => "free",
        (402, false) => "terms",
        (404, _) => "not_found",
        (429, _) => "too_many",
        (503, _) => "unavailable",
        (500.., _) => "failed",
        _ => "refused",
    }
}
