//! What the system's notifications tell: sales, several at once, and nothing twice.

use std::time::Duration;

use tauri::{AppHandle, Manager as _, Runtime};
use tauri_plugin_notification::NotificationExt as _;
use tokio::time::Instant;

use crate::news::News;
use crate::words::{Spoken, fill, one_line};

/// How long a first sale waits for others that come with it.
const RUSH: Duration = Duration::from_secs(2);

/// Between two notifications lies at least this.
const QUIET: Duration = Duration::from_secs(60);

/// Gathers sales, so that those of a minute become one notification. The engine adds them up: it is asked for all sales
/// since the last that was told.
#[derive(Debug, Default)]
pub(crate) struct Bundle {
    since: Option<String>,
    due: Option<Instant>,
    quiet_until: Option<Instant>,
}

impl Bundle {
    /// Since when sales are wanted.
    pub(crate) fn since(&self) -> Option<&str> {
        self.since.as_deref()
    }

    /// When what was gathered has to be told.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Whether these sales are told now. What is not wanted is never told later.
    pub(crate) fn is_told(&mut self, news: &News, wanted: bool, now: Instant) -> bool {
        let is_news = self.since.is_some() && wanted && news.sales.payments > 0;
        if !is_news {
            self.since = Some(news.next.clone());
            self.due = None;
            return false;
        }
        let due = *self.due.get_or_insert_with(|| {
            let rush = now + RUSH;
            self.quiet_until.map_or(rush, |quiet| quiet.max(rush))
        });
        if now < due {
            return false;
        }
        self.since = Some(news.next.clone());
        self.due = None;
        self.quiet_until = Some(now + QUIET);
        true
    }
}

/// Shows the window to whoever clicks a notification.
pub(crate) fn follow_clicks<R: Runtime>(handle: &AppHandle<R>) {
    let own = handle.clone();
    if let Err(error) = handle.notification().on_action(move |_| crate::window::show(&own)) {
        tracing::debug!(%error, "clicks on notifications are not heard");
    }
}

/// Tells of sales.
pub(crate) fn sold<R: Runtime>(handle: &AppHandle<R>, news: &News) {
    let words = handle.state::<Spoken>().get();
    let title = match &news.title {
        Some(title) => fill(&words.sold_one, &[("title", title)]),
        None => fill(&words.sold_many, &[("count", &news.sales.payments.to_string())]),
    };
    let amount = words.amount(&news.sales.formatted);
    show(handle, &title, &fill(&words.sold_for, &[("amount", &amount)]));
}

/// Says once where the window went.
pub(crate) fn went_into_tray<R: Runtime>(handle: &AppHandle<R>) {
    let words = handle.state::<Spoken>().get();
    show(handle, &words.in_tray, &words.in_tray_text);
}

fn show<R: Runtime>(handle: &AppHandle<R>, title: &str, text: &str) {
    let notice = handle.notification().builder().title(one_line(title)).body(one_line(text));
    if let Err(error) = notice.show() {
        tracing::debug!(%error, "the system shows no notification");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::news::Sum;

    fn news(sales: u64, next: &str) -> News {
        let none = || Sum { payments: 0, formatted: "0.00".to_owned() };
        News {
            url: None,
            selling: true,
            offline_reason: None,
            sold_today: none(),
            settled_today: none(),
            pending: none(),
            attention: 0,
            delivering: 0,
            sales: Sum { payments: sales, formatted: "0.05".to_owned() },
            title: None,
            next: next.to_owned(),
        }
    }

    #[test]
    fn the_sales_of_a_minute_become_one_notification() {
        let (mut bundle, start) = (Bundle::default(), Instant::now());
        let after = |seconds| start + Duration::from_secs(seconds);
        // What was sold before anybody listened is not news.
        assert!(!bundle.is_told(&news(7, "7"), true, start));
        assert!(!bundle.is_told(&news(1, "8"), true, start));
        assert_eq!((bundle.since(), bundle.due()), (Some("7"), Some(after(2))));
        assert!(bundle.is_told(&news(2, "9"), true, after(2)));
        assert_eq!((bundle.since(), bundle.due()), (Some("9"), None));
        for seconds in 3..62 {
            assert!(!bundle.is_told(&news(seconds, "20"), true, after(seconds)), "{seconds}");
        }
        assert_eq!(bundle.since(), Some("9"));
        assert!(bundle.is_told(&news(60, "69"), true, after(62)));
        assert!(!bundle.is_told(&news(0, "69"), true, after(63)));
        assert_eq!(bundle.due(), None);
    }

    #[test]
    fn what_was_sold_while_notifications_were_off_is_not_told_later() {
        let (mut bundle, now) = (Bundle::default(), Instant::now());
        assert!(!bundle.is_told(&news(0, "1"), false, now));
        assert!(!bundle.is_told(&news(3, "4"), false, now));
        assert_eq!((bundle.since(), bundle.due()), (Some("4"), None));
        assert!(!bundle.is_told(&news(0, "4"), true, now + QUIET));
    }
}
