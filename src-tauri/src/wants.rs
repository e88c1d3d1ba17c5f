//! What the program wants of its page: to show a place, or to ask whether to quit. The page is told by an event that
//! there is something, and asks what it is, so that a page that is not listening yet loses nothing.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde_json::Value;
use tauri::{AppHandle, Emitter as _, Manager as _, Runtime};

/// What the page hears when something of the program's own is not what it was: it carries no news itself.
pub(crate) const EVENT: &str = "shell-event";

/// Where the page is to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "page", rename_all = "lowercase")]
pub(crate) enum Place {
    Home,
    Payment {
        payment: String,
    },
    /// The dialog that settles. Opening it settles nothing.
    Settle,
    Attention,
    Payments,
    /// The settings of backups.
    Backups,
    /// The settings of this computer.
    Computer,
}

/// Something that is told in the window for a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Notice {
    /// Good news, or bad.
    pub(crate) is_good: bool,
    pub(crate) title: String,
    pub(crate) text: String,
    /// Where more is said.
    pub(crate) place: Place,
}

/// The most that a page which does not listen is told later.
const MOST_NOTICES: usize = 3;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Wanted {
    /// Told once: whoever asks goes there.
    place: Option<Place>,
    /// Told once, the newest last.
    notices: Vec<Notice>,
    /// What is at stake, as `quit_preview` tells it; null while nobody wants to quit.
    quit: Option<Value>,
}

#[derive(Default)]
pub(crate) struct Wants(Mutex<Wanted>);

impl Wants {
    fn change<T>(&self, change: impl FnOnce(&mut Wanted) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn go_to(&self, place: Place) {
        self.change(|wanted| wanted.place = Some(place));
    }

    fn note(&self, notice: Notice) {
        self.change(|wanted| {
            wanted.notices.push(notice);
            let over = wanted.notices.len().saturating_sub(MOST_NOTICES);
            wanted.notices.drain(..over);
        });
    }

    /// What is wanted now. The page goes where it is told and asks what it is told, until [`Self::stay`].
    pub(crate) fn take(&self) -> Wanted {
        self.change(|wanted| Wanted {
            place: wanted.place.take(),
            notices: std::mem::take(&mut wanted.notices),
            quit: wanted.quit.clone(),
        })
    }

    /// Asks whether to quit; says whether that was asked already.
    pub(crate) fn ask_to_quit(&self, at_stake: Value) -> bool {
        self.change(|wanted| wanted.quit.replace(at_stake)).is_some()
    }

    /// Nobody wants to quit any more.
    pub(crate) fn stay(&self) {
        self.change(|wanted| wanted.quit = None);
    }
}

/// Tells the page that something of the program's own is not what it was.
pub(crate) fn tell<R: Runtime>(handle: &AppHandle<R>) {
    if let Err(error) = handle.emit(EVENT, ()) {
        tracing::debug!(%error, "the window did not hear what is wanted of it");
    }
}

/// Tells something in the window, for a moment.
pub(crate) fn note<R: Runtime>(handle: &AppHandle<R>, notice: Notice) {
    handle.state::<Wants>().note(notice);
    tell(handle);
}

/// Shows the window at a place.
pub(crate) fn show_at<R: Runtime>(handle: &AppHandle<R>, place: Place) {
    handle.state::<Wants>().go_to(place);
    crate::window::show(handle);
    tell(handle);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_is_gone_to_once_and_a_question_stands_until_it_is_answered() {
        let wants = Wants::default();
        wants.go_to(Place::Payment { payment: "7".to_owned() });
        assert!(!wants.ask_to_quit(json!({ "payments": 3 })));
        assert_eq!(
            json!(wants.take()),
            json!({ "place": { "page": "payment", "payment": "7" }, "notices": [], "quit": { "payments": 3 } })
        );
        assert_eq!(json!(wants.take()), json!({ "place": null, "notices": [], "quit": { "payments": 3 } }));
        assert!(wants.ask_to_quit(json!({})));
        wants.stay();
        assert_eq!(json!(wants.take()), json!({ "place": null, "notices": [], "quit": null }));
    }

    #[test]
    fn a_page_that_comes_late_is_told_the_newest_notices_and_each_once() {
        let wants = Wants::default();
        for title in ["1", "2", "3", "4"] {
            let (title, text) = (title.to_owned(), String::new());
            wants.note(Notice { is_good: true, title, text, place: Place::Payments });
        }
        let titles = || wants.take().notices.into_iter().map(|notice| notice.title).collect::<String>();
        assert_eq!((titles(), titles()), ("234".to_owned(), String::new()));
    }
}
