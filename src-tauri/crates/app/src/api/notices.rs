//! What the seller was told, and what of it was seen.

use serde::{Deserialize, Serialize};
use store::Notice;
use ts_rs::TS;

use crate::api::MoneyCount;
use crate::api::money::decimals_of;
use crate::{ApiError, App};

const LARGEST_PAGE: u32 = 100;
const USUAL_PAGE: u32 = 30;

/// Which notices to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct NoticeQuery {
    /// At most this many, 30 by default, 100 at most.
    pub limit: Option<u32>,
    /// The `next` of the page before.
    pub before: Option<String>,
}

/// Says what was seen.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct NoticesSeen {
    /// All up to the notice of this id; all there are by default.
    pub until: Option<String>,
}

/// What the seller was told, the newest 500 at most.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NoticeList {
    /// The last first.
    pub items: Vec<NoticeView>,
    /// How many were not seen yet.
    pub unread: u64,
    /// Where the next page begins; null when this is the last.
    pub next: Option<String>,
}

/// One thing that the seller was told.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NoticeView {
    /// Its id.
    pub id: String,
    /// When it began, in Unix milliseconds.
    pub at: i64,
    /// When something was last added to it, in Unix milliseconds.
    pub until: i64,
    /// sales, attention, backup or version.
    pub kind: String,
    /// Of a single sale, what was bought; of what needs a look, what that is about (`payments`, `network`, `gas`, `reach`,
    /// `file`, `cap`, `webhook`, `backup`); of a version, its number; empty otherwise.
    pub about: String,
    /// What there is to say of it; empty where the numbers say it.
    pub sentence: String,
    /// The payments it concerns.
    pub money: MoneyCount,
    /// Whether it was not seen yet and is not over.
    pub unread: bool,
    /// Whether what needed a look does not any more.
    pub over: bool,
}

pub(crate) async fn list(app: &App, query: NoticeQuery) -> Result<NoticeList, ApiError> {
    let limit = query.limit.unwrap_or(USUAL_PAGE);
    if limit == 0 || limit > LARGEST_PAGE {
        return Err(ApiError::invalid(format!("A page has 1 to {LARGEST_PAGE} notices.")));
    }
    let before = query.before.as_deref().map(id).transpose()?;
    let mut notices = app.store().notices(before, limit + 1).await?;
    let more = notices.len() > limit as usize;
    notices.truncate(limit as usize);
    let (seen, unread) = app.store().unseen_notices().await?;
    let decimals = decimals_of(&app.store().assets().await?);
    let next = notices.last().filter(|_| more).map(|notice| notice.seq.to_string());
    let items = notices.into_iter().map(|notice| view(notice, seen, decimals)).collect();
    Ok(NoticeList { items, unread, next })
}

pub(crate) async fn see(app: &App, seen: NoticesSeen) -> Result<NoticeList, ApiError> {
    let until = seen.until.as_deref().map(id).transpose()?;
    app.store().see_notices(until.unwrap_or(i64::MAX)).await?;
    list(app, NoticeQuery::default()).await
}

fn id(text: &str) -> Result<i64, ApiError> {
    text.parse().ok().filter(|seq| *seq >= 0).ok_or_else(|| ApiError::not_found("notice", text))
}

fn view(notice: Notice, seen: i64, decimals: u8) -> NoticeView {
    NoticeView {
        id: notice.seq.to_string(),
        at: notice.at.timestamp_millis(),
        until: notice.until.timestamp_millis(),
        kind: notice.kind.to_string(),
        about: notice.about,
        sentence: notice.sentence,
        money: MoneyCount::of(notice.payments, notice.amount, decimals),
        unread: notice.seq > seen && !notice.over,
        over: notice.over,
    }
}
