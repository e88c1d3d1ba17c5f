//! Writes down what the seller is told: sales as they come, what needs a look, backups, another version.

use std::time::Duration;

use domain::Amount;
use store::{News, NoticeKind, Trouble};
use tokio::time::{Instant, sleep, timeout_at};

use crate::api::{AttentionList, AttentionView};
use crate::{ApiError, App, api, backups};

/// How long sales are gathered: many come in rushes, and one note tells of all.
const RUSH: Duration = Duration::from_secs(3);

/// How often it is looked whether anything needs a look. At the start everything is still being connected.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// The facts that say what was told last.
const VERSION: &str = "notices_version";
const BACKUP: &str = "notices_backup";

/// Follows the stall as long as it is open.
pub(crate) async fn follow(app: App) {
    let mut changes = app.store().changes();
    let mut look_at = Instant::now() + LOOK_AGAIN;
    let mut looked = false;
    loop {
        changes.skip_missed();
        let is_time = Instant::now() >= look_at;
        let told = if is_time {
            look_at = Instant::now() + LOOK_AGAIN;
            looked = true;
            look(&app).await
        } else if looked {
            look_what_is_over(&app).await
        } else {
            sales(&app).await
        };
        if let Err(error) = told {
            tracing::warn!(error = %error.message, "what happened could not be noted for the seller");
        }
        sleep(RUSH).await;
        if timeout_at(look_at, changes.of_payments()).await == Ok(false) {
            return;
        }
    }
}

async fn sales(app: &App) -> Result<(), ApiError> {
    Ok(app.store().tell_sales(app.clock().now()).await?)
}

/// Notes all that is new.
pub(crate) async fn look(app: &App) -> Result<(), ApiError> {
    sales(app).await?;
    let now = app.clock().now();
    let AttentionList { items } = api::attention(app).await?;
    app.store().tell_trouble(now, items.iter().map(trouble).collect()).await?;
    let version = env!("CARGO_PKG_VERSION");
    let news = News { kind: NoticeKind::Version, about: version.to_owned(), sentence: String::new() };
    app.store().tell_once(now, VERSION, version.to_owned(), false, news).await?;
    if let Some(at) = backups::made_at(app.store()).await? {
        let news = News { kind: NoticeKind::Backup, about: String::new(), sentence: String::new() };
        app.store().tell_once(now, BACKUP, at.timestamp_millis().to_string(), true, news).await?;
    }
    Ok(())
}

/// Notes sales, and which of the troubles that were told are over: that is told sooner than what may not last.
pub(crate) async fn look_what_is_over(app: &App) -> Result<(), ApiError> {
    sales(app).await?;
    let mut over = app.store().open_troubles().await?;
    if over.is_empty() {
        return Ok(());
    }
    for view in api::attention(app).await?.items {
        over.remove(&name(&view));
    }
    Ok(app.store().end_troubles(over).await?)
}

fn name(view: &AttentionView) -> String {
    [view.kind.as_str(), &view.reason, &view.network, view.endpoint.as_deref().unwrap_or_default()].join(" ")
}

fn trouble(view: &AttentionView) -> Trouble {
    let about = view.kind.as_str();
    let amount = view.amount.as_ref().and_then(|money| money.amount.parse().ok()).unwrap_or(Amount::ZERO);
    Trouble {
        name: name(view),
        about: about.to_owned(),
        sentence: view.sentence.clone(),
        payments: view.payments,
        amount,
    }
}
