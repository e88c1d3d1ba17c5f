//! The stall in the tray. Everything works from its menu: on some desktops a click on the icon is told to nobody, and a
//! text beside it is shown nowhere.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tauri::image::Image;
use tauri::menu::{CheckMenuItem, Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Manager as _, Runtime};

use crate::clipboard::Clipboard;
use crate::engine::Engine;
use crate::news::{News, Wake};
use crate::quit;
use crate::shell;
use crate::wants::{Place, show_at};
use crate::words::{Spoken, Words, fill};

/// What can be chosen, by the names under which the menu tells it.
const OPEN: &str = "open";
const PAUSE: &str = "pause";
const COPY: &str = "copy";
const VISIT: &str = "visit";
const SETTLE: &str = "settle";
const ATTENTION: &str = "attention";
const SHOW: &str = "show";
const SETTINGS: &str = "settings";
const QUIT: &str = "quit";

pub(crate) struct Tray<R: Runtime>(Mutex<State<R>>);

struct State<R: Runtime> {
    parts: Option<Parts<R>>,
    news: Option<News>,
}

impl<R: Runtime> Default for Tray<R> {
    fn default() -> Self {
        Self(Mutex::new(State { parts: None, news: None }))
    }
}

/// A menu cannot be replaced everywhere, only edited.
struct Parts<R: Runtime> {
    icon: TrayIcon<R>,
    line: MenuItem<R>,
    open: CheckMenuItem<R>,
    pause: MenuItem<R>,
    copy: MenuItem<R>,
    visit: MenuItem<R>,
    settle: MenuItem<R>,
    attention: MenuItem<R>,
    show: MenuItem<R>,
    settings: MenuItem<R>,
    quit: MenuItem<R>,
    look: Option<Look>,
}

/// Shapes differ, not only colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Open,
    /// Something is leaving, or on its way to the chain.
    Working,
    Paused,
    Attention,
    Offline,
}

impl Look {
    fn of(news: Option<&News>) -> Self {
        match news {
            None => Self::Offline,
            Some(news) if news.selling && news.offline_reason.is_some() => Self::Offline,
            Some(news) if news.attention > 0 => Self::Attention,
            Some(news) if !news.selling => Self::Paused,
            Some(news) if news.delivering + news.settling > 0 => Self::Working,
            Some(_) => Self::Open,
        }
    }

    fn picture(self) -> tauri::Result<Image<'static>> {
        Image::from_bytes(match self {
            Self::Open => include_bytes!("../../icons/tray/open.png"),
            Self::Working => include_bytes!("../../icons/tray/working.png"),
            Self::Paused => include_bytes!("../../icons/tray/paused.png"),
            Self::Attention => include_bytes!("../../icons/tray/attention.png"),
            Self::Offline => include_bytes!("../../icons/tray/offline.png"),
        })
    }
}

impl<R: Runtime> Tray<R> {
    fn state(&self) -> MutexGuard<'_, State<R>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_built(&self) -> bool {
        self.state().parts.is_some()
    }

    /// Puts the icon into the tray.
    pub(crate) fn build(&self, handle: &AppHandle<R>) {
        on_main_thread(handle, |handle| {
            let built = Parts::build(handle);
            match built {
                Ok(parts) => handle.state::<Self>().state().parts = Some(parts),
                Err(error) => tracing::warn!(%error, "there is no icon in the tray"),
            }
            handle.state::<Self>().refresh(handle);
        });
    }

    /// Shows how the stall stands; none while nobody knows.
    pub(crate) fn show(&self, handle: &AppHandle<R>, news: Option<News>) {
        self.state().news = news;
        self.speak(handle);
    }

    /// Says the same in the words that are spoken now.
    pub(crate) fn speak(&self, handle: &AppHandle<R>) {
        on_main_thread(handle, |handle| handle.state::<Self>().refresh(handle));
    }

    fn refresh(&self, handle: &AppHandle<R>) {
        let words = handle.state::<Spoken>().get();
        let mut state = self.state();
        let news = state.news.clone();
        let Some(parts) = &mut state.parts else { return };
        if let Err(error) = parts.edit(&words, news.as_ref()) {
            tracing::debug!(%error, "the tray's menu is not what it should be");
        }
    }
}

fn on_main_thread<R: Runtime>(handle: &AppHandle<R>, run: impl FnOnce(&AppHandle<R>) + Send + 'static) {
    let own = handle.clone();
    if let Err(error) = handle.run_on_main_thread(move || run(&own)) {
        tracing::debug!(%error, "the tray is not reached");
    }
}

impl<R: Runtime> Parts<R> {
    fn build(handle: &AppHandle<R>) -> tauri::Result<Self> {
        let item = |name: &str| MenuItem::with_id(handle, name, "", true, None::<&str>);
        let line = MenuItem::with_id(handle, "line", "", false, None::<&str>)?;
        let open = CheckMenuItem::with_id(handle, OPEN, "", true, false, None::<&str>)?;
        let (pause, copy, visit) = (item(PAUSE)?, item(COPY)?, item(VISIT)?);
        let (settle, attention) = (item(SETTLE)?, item(ATTENTION)?);
        let (show, settings, quit) = (item(SHOW)?, item(SETTINGS)?, item(QUIT)?);
        let between = || PredefinedMenuItem::separator(handle);
        let menu = Menu::with_items(
            handle,
            &[
                &line,
                &between()?,
                &open,
                &pause,
                &copy,
                &visit,
                &settle,
                &attention,
                &between()?,
                &show,
                &settings,
                &between()?,
                &quit,
            ],
        )?;
        let icon = TrayIconBuilder::with_id("stall")
            .icon(Look::Offline.picture()?)
            .tooltip("Stallkeeper")
            .menu(&menu)
            .on_menu_event(|handle, event| chosen(handle, event.id().as_ref()))
            .build(handle)?;
        Ok(Self { icon, line, open, pause, copy, visit, settle, attention, show, settings, quit, look: None })
    }

    fn edit(&mut self, words: &Words, news: Option<&News>) -> tauri::Result<()> {
        let look = Look::of(news);
        if self.look != Some(look) {
            self.icon.set_icon(Some(look.picture()?))?;
            self.look = Some(look);
        }
        self.line.set_text(line(words, news))?;
        self.open.set_text(&words.open)?;
        self.open.set_checked(news.is_some_and(|news| news.selling))?;
        self.open.set_enabled(news.is_some())?;
        self.pause.set_text(pause(words, news))?;
        self.pause.set_enabled(news.is_some_and(|news| news.selling))?;
        let has_link = news.is_some_and(|news| news.url.is_some());
        self.copy.set_text(&words.copy)?;
        self.copy.set_enabled(has_link)?;
        self.visit.set_text(&words.visit)?;
        self.visit.set_enabled(has_link)?;
        self.settle.set_text(settle(words, news))?;
        self.settle.set_enabled(news.is_some_and(|news| news.pending.payments > 0))?;
        self.attention.set_text(attention(words, news))?;
        self.show.set_text(&words.show)?;
        self.settings.set_text(&words.settings)?;
        self.quit.set_text(&words.quit)
    }
}

/// The day in a line.
fn line(words: &Words, news: Option<&News>) -> String {
    let Some(news) = news else { return words.starting.clone() };
    let state = match (news.selling, &news.offline_reason) {
        (true, Some(_)) => &words.offline,
        (true, None) => &words.selling,
        (false, _) => &words.paused,
    };
    fill(
        &words.line,
        &[
            ("state", state),
            ("sold", &news.sold_today.payments.to_string()),
            ("settled", &words.amount(&news.settled_today.formatted)),
            ("pending", &words.amount(&news.pending.formatted)),
        ],
    )
}

fn pause(words: &Words, news: Option<&News>) -> String {
    match news.and_then(|news| news.paused_until_time.as_ref()) {
        Some(time) => fill(&words.paused_until, &[("time", time)]),
        None => words.pause.clone(),
    }
}

fn settle(words: &Words, news: Option<&News>) -> String {
    match news.filter(|news| news.pending.payments > 0) {
        Some(news) => fill(&words.settle, &[("pending", &words.amount(&news.pending.formatted))]),
        None => words.settle_nothing.clone(),
    }
}

fn attention(words: &Words, news: Option<&News>) -> String {
    match news.map(|news| news.attention).filter(|count| *count > 0) {
        Some(count) => fill(&words.attention, &[("count", &count.to_string())]),
        None => words.attention_none.clone(),
    }
}

/// Does what was chosen. Nothing here settles: that is confirmed in the window, beside the sums.
fn chosen<R: Runtime>(handle: &AppHandle<R>, name: &str) {
    match name {
        OPEN => {
            let selling = handle.state::<Tray<R>>().state().news.as_ref().is_some_and(|news| news.selling);
            turn(handle, json!({ "selling": !selling }));
        }
        PAUSE => turn(handle, json!({ "selling": false, "minutes": 60 })),
        COPY => copy(handle),
        VISIT => visit(handle),
        SETTLE => show_at(handle, Place::Settle),
        ATTENTION => show_at(handle, Place::Attention),
        SHOW => crate::window::show(handle),
        SETTINGS => show_at(handle, Place::Computer),
        QUIT => quit::requested(handle),
        _ => {}
    }
}

/// Opens the stall for sales, closes it, or pauses it.
fn turn<R: Runtime>(handle: &AppHandle<R>, wanted: Value) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        let engine = handle.state::<Engine>();
        if let Err(error) = engine.dispatch("stall_set", wanted).await {
            tracing::warn!(%error, "the switch was not turned");
            // The window says why, and what is missing.
            show_at(&handle, Place::Home);
        }
        // The system has set or taken the tick already.
        handle.state::<Tray<R>>().speak(&handle);
        handle.state::<Wake>().wake();
    });
}

fn copy<R: Runtime>(handle: &AppHandle<R>) {
    let url = handle.state::<Tray<R>>().state().news.as_ref().and_then(|news| news.url.clone());
    if let Some(url) = url {
        handle.state::<Clipboard>().put(url);
    }
}

fn visit<R: Runtime>(handle: &AppHandle<R>) {
    let url = handle.state::<Tray<R>>().state().news.as_ref().and_then(|news| news.url.clone());
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        if let Some(url) = url
            && let Err(error) = shell::open_url(&handle.state::<Engine>(), &url).await
        {
            tracing::warn!(%error, "the stall's page was not shown");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::news::{Notify, Sum};

    fn news(selling: bool, offline: bool, pending: u64, attention: u64) -> News {
        let sum = |payments, formatted: &str| Sum { payments, formatted: formatted.to_owned() };
        News {
            environment: "live".to_owned(),
            url: None,
            selling,
            offline_reason: offline.then(|| "The node is silent.".to_owned()),
            sold_today: sum(12, "7.60"),
            settled_today: sum(9, "6.40"),
            pending: sum(pending, "1.20"),
            attention,
            delivering: 0,
            settling: 0,
            alerts: Vec::new(),
            notify: Notify::default(),
            paused_until_time: None,
            sales: sum(0, "0.00"),
            title: None,
            next: "12".to_owned(),
        }
    }

    /// Statement 22 of a seller's expectations.
    #[test]
    fn the_menu_says_how_the_day_goes_in_the_sellers_words() {
        let words = Words::default();
        let selling = news(true, false, 3, 2);
        assert_eq!(line(&words, Some(&selling)), "Selling · 12 sold today · $6.40 settled ($1.20 pending)");
        assert_eq!(settle(&words, Some(&selling)), "Settle $1.20…");
        assert_eq!(attention(&words, Some(&selling)), "Needs attention (2)");
        let quiet = news(false, true, 0, 0);
        assert!(line(&words, Some(&quiet)).starts_with("Paused · "));
        assert_eq!(settle(&words, Some(&quiet)), "Nothing to settle");
        assert_eq!(attention(&words, Some(&quiet)), "Nothing needs attention");
        assert!(line(&words, Some(&news(true, true, 0, 0))).starts_with("Offline · "));
        assert_eq!(pause(&words, Some(&quiet)), "Pause for 1 hour");
        let paused = News { paused_until_time: Some("18:05".to_owned()), ..quiet };
        assert_eq!(pause(&words, Some(&paused)), "Paused until 18:05");
        assert_eq!(line(&words, None), "Starting…");
        let german = Words { amount: "{amount} $".to_owned(), point: ",".to_owned(), ..words };
        assert!(line(&german, Some(&selling)).contains("6,40 $ settled (1,20 $ pending)"));
    }

    #[test]
    fn the_icon_shows_the_worst_and_every_look_is_a_picture() {
        let looks = [
            (Look::of(None), Look::Offline),
            (Look::of(Some(&news(true, true, 0, 1))), Look::Offline),
            (Look::of(Some(&news(true, false, 0, 1))), Look::Attention),
            (Look::of(Some(&news(false, true, 0, 0))), Look::Paused),
            (Look::of(Some(&news(true, false, 0, 0))), Look::Open),
            (Look::of(Some(&News { delivering: 1, ..news(true, false, 0, 0) })), Look::Working),
            (Look::of(Some(&News { settling: 1, ..news(true, false, 1, 0) })), Look::Working),
        ];
        let mut pictures = std::collections::HashSet::new();
        for (look, expected) in looks {
            assert_eq!(look, expected);
            let picture = look.picture().unwrap();
            assert_eq!(picture.width(), 32);
            // Where it covers something: shapes differ, not only colours.
            let shape: Vec<_> = picture.rgba().chunks_exact(4).map(|dot| dot[3] > 0).collect();
            pictures.insert(shape);
        }
        assert_eq!(pictures.len(), 5, "two looks have one shape");
    }
}
