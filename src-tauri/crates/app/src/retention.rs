//! How long is kept what the books do not need, and letting go of the rest: who came, what webhooks were told, the log.
//! Payments, batches, attempts, offers and refunds stay for good.

use chrono::TimeDelta;
use domain::Environment;
use store::{Change, Store};

use crate::folder::EnvironmentFolder;
use crate::{ApiError, App, failure_reports, logs};

/// Something that is kept for some days, by the name of its setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// The setting.
    pub(crate) key: &'static str,
    /// What it is, as a setting says it.
    pub(crate) meaning: &'static str,
    /// For how many days unless the seller says otherwise.
    pub(crate) usual: u32,
    pub(crate) least: u32,
    pub(crate) most: u32,
}

/// Who came to which endpoint, day by day; a year can be compared with the one before it.
pub(crate) const VISITS: Kept = Kept {
    key: "keep-visits",
    meaning: "For how many days is kept how many came to each endpoint and how far they went.",
    usual: 800,
    least: 31,
    most: 3650,
};

/// What webhooks were told.
pub(crate) const MESSAGES: Kept = Kept {
    key: "keep-messages",
    meaning: "For how many days is kept what webhooks were told, buyers' addresses included.",
    usual: 30,
    least: 1,
    most: 30,
};

/// The log in the data folder.
pub(crate) const LOGS: Kept = Kept {
    key: "keep-logs",
    meaning: "For how many days the log in the data folder is kept; of several environments the longest counts.",
    usual: 14,
    least: 1,
    most: 90,
};

/// All that is kept for some days.
pub(crate) const ALL: [Kept; 3] = [VISITS, MESSAGES, LOGS];

/// The most reports of failures that are kept, here as where they are written.
const REPORTS: usize = 10;

/// How often it is looked at while nothing changes.
const AGAIN: TimeDelta = TimeDelta::hours(6);

impl Kept {
    /// For how many days it is kept now.
    pub(crate) async fn days(self, store: &Store) -> Result<u32, ApiError> {
        let settings = store.settings().await?;
        Ok(self.chosen(settings.iter().find(|(key, _)| key == self.key).map(|(_, value)| value.as_str())))
    }

    fn chosen(self, value: Option<&str>) -> u32 {
        let chosen = value.and_then(|value| value.parse().ok());
        chosen.filter(|days| (self.least..=self.most).contains(days)).unwrap_or(self.usual)
    }

    /// For how many days at most one of the environments keeps what all of them share.
    async fn longest(self, app: &App) -> Result<u32, ApiError> {
        let mut longest = self.days(app.store()).await?;
        for environment in Environment::ALL {
            if environment == app.environment() {
                continue;
            }
            let Some(folder) = EnvironmentFolder::existing(app.data_dir(), environment) else { continue };
            let reading = async move { Ok(store::setting_at_rest(&folder.database(), self.key).await?) };
            longest = longest.max(match app.to_the_end(reading).await {
                Ok(value) => self.chosen(value.as_deref()),
                // What cannot be read may have chosen anything, and its log is wanted now.
                Err(_) => self.most,
            });
        }
        Ok(longest)
    }
}

/// For how many days each is kept.
async fn days(store: &Store) -> Result<[u32; 3], ApiError> {
    let [visits, messages, logs] = ALL;
    Ok([visits.days(store).await?, messages.days(store).await?, logs.days(store).await?])
}

/// Lets go of what is old by now.
pub(crate) async fn let_go(app: &App) -> Result<(), ApiError> {
    let now = app.clock().now();
    let [visits, messages, _] = days(app.store()).await?;
    let first = (now - TimeDelta::days(i64::from(visits))).timestamp().div_euclid(86_400);
    app.store().forget_visits(first).await?;
    app.store().forget_messages(now - TimeDelta::days(i64::from(messages))).await?;
    logs::keep(app.data_dir(), LOGS.longest(app).await?, now);
    let reports = app.data_dir().join(failure_reports::REPORTS);
    if let Err(error) = failure_reports::keep_newest_reports(&reports, REPORTS) {
        tracing::warn!(%error, "an old report stays");
    }
    Ok(())
}

/// Lets go of what is old now and then, and when the seller chooses another span.
pub(crate) async fn follow(app: App) {
    let mut changes = app.store().changes();
    loop {
        changes.skip_missed();
        let chosen = days(app.store()).await;
        if let Err(error) = let_go(&app).await {
            tracing::warn!(error = %error.message, "what is old could not be let go of");
        }
        let chosen_anew = async {
            loop {
                match changes.next().await {
                    Some(Change::Settings | Change::Everything) => {
                        if days(app.store()).await != chosen {
                            return true;
                        }
                    }
                    Some(_) => {}
                    None => return false,
                }
            }
        };
        let goes_on = tokio::select! {
            () = app.clock().sleep_until(app.clock().now() + AGAIN) => true,
            goes_on = chosen_anew => goes_on,
        };
        if !goes_on {
            return;
        }
    }
}
