//! What is told by the system's notifications and in the window: sales, several at once, what goes wrong when it begins,
//! and nothing twice.

use std::collections::HashMap;
use std::time::Duration;

use tauri::{AppHandle, Manager as _, Runtime};
use tauri_plugin_notification::NotificationExt as _;
use tokio::time::Instant;

use crate::news::{Alert, Event, News, Notify};
use crate::wants::{self, Notice, Place};
use crate::words::{Spoken, fill, one_line};

/// How long a first sale waits for others that come with it.
const RUSH: Duration = Duration::from_secs(2);

/// Between two notifications lies at least this.
const QUIET: Duration = Duration::from_secs(60);

/// What was heard of one environment's stall.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    environment: String,
    pub(crate) bundle: Bundle,
    pub(crate) alerts: Alerts,
}

impl Heard {
    /// Begins anew where another environment answers: what it sold, or lacked, before it was opened is no news.
    pub(crate) fn is_of(&mut self, environment: &str) {
        if self.environment != environment {
            *self = Self { environment: environment.to_owned(), ..Self::default() };
        }
    }
}

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

/// What was wrong when somebody looked last, so that each thing is told once: when it begins, or concerns more payments.
#[derive(Debug, Default)]
pub(crate) struct Alerts {
    known: Option<HashMap<String, u64>>,
    told: HashMap<String, Instant>,
}

impl Alerts {
    /// What began since. What is wrong at the start is shown by the window; what comes and goes is told once in a while.
    pub(crate) fn begun(&mut self, news: &News, now: Instant) -> Vec<Alert> {
        let seen = news.alerts.iter().map(|alert| (alert.id.clone(), alert.payments)).collect();
        let Some(known) = self.known.replace(seen) else { return Vec::new() };
        self.told.retain(|_, told| now < *told + QUIET);
        let mut begun = Vec::new();
        for alert in &news.alerts {
            let is_news = known.get(&alert.id).is_none_or(|payments| alert.payments > *payments);
            if !is_news {
                continue;
            }
            if !self.told.contains_key(&alert.id) {
                self.told.insert(alert.id.clone(), now);
                begun.push(alert.clone());
            } else if let (Some(seen), Some(payments)) = (&mut self.known, known.get(&alert.id)) {
                // More payments than were told of: that is told later.
                seen.insert(alert.id.clone(), *payments);
            }
        }
        begun
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
    let text = fill(&words.sold_for, &[("amount", &amount)]);
    tell(handle, &news.notify, Event::Sale, Notice { is_good: true, title, text, place: Place::Payments });
}

/// Tells of something that went wrong. What exactly stands in the engine's sentence.
pub(crate) fn began<R: Runtime>(handle: &AppHandle<R>, notify: &Notify, alert: &Alert) {
    let words = handle.state::<Spoken>().get();
    let (title, place) = match alert.event {
        Event::Failure => (words.failed, Place::Attention),
        Event::Gas => (words.gas, Place::Attention),
        Event::Offline => (words.unreached, Place::Attention),
        Event::Backup => (words.unsaved, Place::Backups),
        // These are told where they happen.
        Event::Sale | Event::Update => return,
    };
    tell(handle, notify, alert.event, Notice { is_good: false, title, text: alert.sentence.clone(), place });
}

/// Tells of a newer version.
pub(crate) fn newer<R: Runtime>(handle: &AppHandle<R>, notify: &Notify, version: &str) {
    let words = handle.state::<Spoken>().get();
    let title = fill(&words.update, &[("version", version)]);
    let notice = Notice { is_good: true, title, text: words.update_text, place: Place::Computer };
    tell(handle, notify, Event::Update, notice);
}

/// In the ways that the seller chose.
fn tell<R: Runtime>(handle: &AppHandle<R>, notify: &Notify, event: Event, notice: Notice) {
    let ways = notify.ways(event);
    if ways.system {
        show(handle, &notice.title, &notice.text, ways.sound);
    }
    if ways.toast {
        let (title, text) = (one_line(&notice.title), one_line(&notice.text));
        wants::note(handle, Notice { title, text, ..notice });
    }
}

/// Says once where the window went.
pub(crate) fn went_into_tray<R: Runtime>(handle: &AppHandle<R>) {
    let words = handle.state::<Spoken>().get();
    show(handle, &words.in_tray, &words.in_tray_text, false);
}

/// The system's own sound for a message, by the name that it has there.
const SOUND: &str = if cfg!(target_os = "linux") { "message-new-instant" } else { "Default" };

fn show<R: Runtime>(handle: &AppHandle<R>, title: &str, text: &str, sound: bool) {
    let mut notice = handle.notification().builder().title(one_line(title)).body(one_line(text));
    if sound {
        notice = notice.sound(SOUND);
    }
    if let Err(error) = notice.show() {
        tracing::debug!(%error, "the system shows no notification");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::news::{Sum, Ways};

    fn news(sales: u64, next: &str) -> News {
        let none = || Sum { payments: 0, formatted: "0.00".to_owned() };
        News {
            environment: "practice".to_owned(),
            url: None,
            selling: true,
            offline_reason: None,
            sold_today: none(),
            settled_today: none(),
            pending: none(),
            attention: 0,
            delivering: 0,
            settling: 0,
            alerts: Vec::new(),
            notify: Notify::default(),
            paused_until_time: None,
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

    fn with(alerts: &[(Event, u64)]) -> News {
        let alert = |(event, payments): &(Event, u64)| Alert {
            event: *event,
            id: format!("{event:?}"),
            payments: *payments,
            sentence: "It is so.".to_owned(),
        };
        News { alerts: alerts.iter().map(alert).collect(), ..news(0, "1") }
    }

    #[test]
    fn what_goes_wrong_is_told_when_it_begins_and_not_again_while_it_lasts() {
        let (mut alerts, start) = (Alerts::default(), Instant::now());
        let mut told = |news: News, seconds| {
            let begun = alerts.begun(&news, start + Duration::from_secs(seconds));
            begun.into_iter().map(|alert| alert.event).collect::<Vec<_>>()
        };
        assert_eq!(told(with(&[(Event::Gas, 0)]), 0), []);
        assert_eq!(told(with(&[(Event::Gas, 0), (Event::Failure, 1)]), 1), [Event::Failure]);
        assert_eq!(told(with(&[(Event::Failure, 2), (Event::Offline, 0)]), 2), [Event::Offline]);
        // What comes and goes tells nobody each time.
        assert_eq!(told(with(&[(Event::Failure, 2)]), 3), []);
        assert_eq!(told(with(&[(Event::Failure, 2), (Event::Offline, 0)]), 4), []);
        assert_eq!(told(with(&[(Event::Failure, 1)]), 70), []);
        assert_eq!(
            told(with(&[(Event::Failure, 3), (Event::Offline, 0)]), 71),
            [Event::Failure, Event::Offline]
        );
    }

    #[test]
    fn what_another_environment_sold_or_lacked_before_is_not_news() {
        let (mut before, now) = (Heard::default(), Instant::now());
        let mut told = |environment: &str, news: News, seconds| {
            let now = now + Duration::from_secs(seconds);
            before.is_of(environment);
            let is_told = before.bundle.is_told(&news, true, now) || before.bundle.due().is_some();
            (is_told, before.alerts.begun(&news, now).len(), before.bundle.since().map(str::to_owned))
        };
        let since = |next: &str| Some(next.to_owned());
        assert_eq!(told("practice", news(0, "12"), 0), (false, 0, since("12")));
        let live = News { alerts: with(&[(Event::Gas, 0)]).alerts, ..news(888, "900") };
        assert_eq!(told("live", live, 1), (false, 0, since("900")));
        assert_eq!(told("live", news(1, "901"), 2), (true, 0, since("900")));
        // A bundle that waits is not taken along.
        assert_eq!(told("practice", news(12, "12"), 3), (false, 0, since("12")));
        assert_eq!(told("practice", with(&[(Event::Gas, 0)]), 4).1, 1);
    }

    #[test]
    fn another_trouble_of_one_kind_is_told_at_once_and_more_payments_of_the_same_later() {
        let (mut alerts, start) = (Alerts::default(), Instant::now());
        let mut told = |networks: &[&str], payments, seconds| {
            let mut all = vec![(Event::Failure, payments)];
            all.extend(networks.iter().map(|_| (Event::Gas, 0)));
            let mut news = with(&all);
            for (alert, network) in news.alerts.iter_mut().skip(1).zip(networks) {
                alert.id = format!("gas {network}");
            }
            let begun = alerts.begun(&news, start + Duration::from_secs(seconds));
            begun.into_iter().map(|alert| alert.id).collect::<Vec<_>>()
        };
        assert!(told(&[], 0, 0).is_empty());
        assert_eq!(told(&["base"], 1, 1), ["Failure", "gas base"]);
        assert_eq!(told(&["base", "avalanche"], 2, 30), ["gas avalanche"]);
        assert!(told(&["base", "avalanche"], 2, 60).is_empty());
        assert_eq!(told(&["base", "avalanche"], 2, 61), ["Failure"]);
        assert!(told(&["base", "avalanche"], 2, 200).is_empty());
    }

    #[test]
    fn while_it_is_quiet_only_the_window_says_anything() {
        let items = vec![Ways { event: Event::Sale, toast: true, system: true, sound: true }];
        let ways = |quiet_now| Notify { items: items.clone(), quiet_now }.ways(Event::Sale);
        assert_eq!(ways(false), items[0]);
        assert_eq!(ways(true), Ways { system: false, sound: false, ..items[0] });
        let silent = Ways { system: false, ..items[0] };
        let notify = Notify { items: vec![silent], quiet_now: false };
        assert!(!notify.ways(Event::Sale).sound, "a sound comes with the system's notification");
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
