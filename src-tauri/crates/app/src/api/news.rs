//! The stall in a line: for a tray, a notification, or whatever else sits beside it.

use domain::{PaymentSeq, PaymentState};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::money::{Summing, decimals_of};
use crate::api::selling::{is_chosen, paused_until};
use crate::api::{AlertView, MoneyCount, NotifyView, attention, notify};
use crate::{ApiError, App, clock};

/// Since when sales are news.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct NewsQuery {
    /// The `next` of the last answer. Without it nothing is news yet.
    pub since: Option<String>,
}

/// How the stall stands in a line, and what was sold since somebody asked last.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NewsView {
    /// practice, test or live.
    pub environment: String,
    /// Where buyers reach it; null while it is closed.
    pub url: Option<String>,
    /// Whether the seller has it open for sales; never while no stall runs.
    pub selling: bool,
    /// When it opens by itself after a pause, in Unix milliseconds; null while it is not paused.
    pub paused_until: Option<i64>,
    /// The same as the wall clock here shows it, such as `18:05`.
    pub paused_until_time: Option<String>,
    /// Why nothing can be sold now, whatever the seller chose; null when sales are possible.
    pub offline_reason: Option<String>,
    /// What was sold since the last midnight, UTC.
    pub sold_today: MoneyCount,
    /// What came on chain since the last midnight, UTC.
    pub settled_today: MoneyCount,
    /// What is sold and not on chain.
    pub pending: MoneyCount,
    /// How many things the seller should look at.
    pub attention: u64,
    /// How many payments' bytes are leaving.
    pub delivering: u64,
    /// How many payments are on their way to the chain.
    pub settling: u64,
    /// What is told of beside sales, for as long as it lasts.
    pub alerts: Vec<AlertView>,
    /// How it is told.
    pub notify: NotifyView,
    /// What was sold since, at as much as the seller wants to hear of. The seller's own purchases are left out, and
    /// instant ones wait until they are decided.
    pub sales: MoneyCount,
    /// What was bought, where it was one payment.
    pub title: Option<String>,
    /// Where the next question begins.
    pub next: String,
}

pub(crate) async fn news(app: &App, query: NewsQuery) -> Result<NewsView, ApiError> {
    let since = query.since.as_deref().map(place).transpose()?;
    let now = app.clock().now();
    let decimals = decimals_of(&app.store().assets().await?);
    let today = i64::from(now.date_naive().to_epoch_days());
    let totals = app.store().totals_by_day(today, today).await?;
    let sold = Summing::of(totals.iter().map(|(_, total)| total));
    let arrived = app.store().arrived_on_day_of(now).await?;
    let totals = app.store().totals().await?;
    let settling = totals.iter().filter(|total| total.state == PaymentState::Settling);
    let settling = settling.map(|total| total.payments).sum();
    let summary = Summing::of(&totals).view(decimals);
    let attention = attention::list(app, ()).await?.items;
    let news = app.store().sold_since(since, notify::least(app).await?, now).await?;
    let offline = app.health().await.offline;
    let paused_until = paused_until(app).await?;
    let chosen = match app.engine() {
        Some(engine) => *engine.selling().borrow(),
        None => is_chosen(app.store(), app.environment(), now).await?,
    };
    let selling = chosen && app.engine().is_some();
    Ok(NewsView {
        environment: app.environment().to_string(),
        url: app.url(),
        selling,
        paused_until: paused_until.map(|until| until.timestamp_millis()),
        paused_until_time: paused_until.map(|until| clock::local_zone().time(until).to_string()),
        alerts: AlertView::of(&attention, offline.as_deref().filter(|_| selling)),
        offline_reason: offline,
        sold_today: sold.all(decimals),
        settled_today: MoneyCount::of(arrived.payments, arrived.amount, decimals),
        pending: summary.pending,
        attention: u64::try_from(attention.len()).unwrap_or(u64::MAX),
        delivering: app.store().delivering().await?,
        settling,
        notify: notify::show(app, ()).await?,
        sales: MoneyCount::of(news.payments, news.amount, decimals),
        title: news.title,
        next: news.until.0.to_string(),
    })
}

fn place(text: &str) -> Result<PaymentSeq, ApiError> {
    text.parse()
        .ok()
        .filter(|seq| *seq >= 0)
        .map(PaymentSeq)
        .ok_or_else(|| ApiError::invalid("News begin at the \"next\" of an earlier answer."))
}
