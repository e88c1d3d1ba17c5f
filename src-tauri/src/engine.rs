//! The engine behind the window: in this process, or in the one that owns the data folder already.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use app::{ApiError, App, AppEvent, Config, Control, Environment, ErrorCode, Events, Overrides, Watching};
use serde_json::Value;
use tauri::async_runtime::spawn;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

/// How long to wait for a program that owns the folder but does not answer: it may be starting, or
/// about to give the folder up.
const OTHER_ANSWERS: Duration = Duration::from_secs(10);
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// How long to wait before another program's engine is listened to again after it ended.
const LISTEN_AGAIN: Duration = Duration::from_secs(2);

/// How long a start that is under way may take to finish when the program ends.
const LAST_START: Duration = Duration::from_secs(30);

/// A stall that is opening, open, or could not be opened.
pub(crate) struct Engine {
    opened: watch::Receiver<Option<Result<Stall, ApiError>>>,
}

#[derive(Clone)]
enum Stall {
    /// This process runs it.
    Here(App),
    /// Another program runs it, and this one is its window.
    Elsewhere(Arc<Elsewhere>),
}

struct Elsewhere {
    data_dir: PathBuf,
    asked_for: Option<Environment>,
}

impl Engine {
    /// Begins to open the stall; the window need not wait. `tell` hears what goes stale once it is open.
    pub(crate) fn start(overrides: Overrides, tell: impl Fn(AppEvent) + Send + 'static) -> Self {
        let (opening, opened) = watch::channel(None);
        spawn(async move {
            let stall = open(overrides).await;
            if let Err(error) = &stall {
                tracing::error!(%error, "the stall cannot be opened");
            }
            // Listened to before anybody can ask: no answer is older than what is told.
            let told = stall.as_ref().ok().map(Told::by);
            opening.send_replace(Some(stall));
            // It would keep the stall from being given up.
            drop(opening);
            if let Some(told) = told {
                told.to(tell).await;
            }
        });
        Self { opened }
    }

    /// Runs one command of the app's list, as soon as the stall is open.
    pub(crate) async fn dispatch(&self, name: &str, body: Value) -> Result<Value, ApiError> {
        app::api::needs(name)?;
        match self.opened().await? {
            Stall::Here(app) => app.dispatch(name, body).await,
            Stall::Elsewhere(other) => other.dispatch(name, body).await,
        }
    }

    /// Whether this process runs the stall, as far as is known by now.
    pub(crate) fn runs_here(&self) -> bool {
        matches!(*self.opened.borrow(), Some(Ok(Stall::Here(_))))
    }

    /// Closes the stall, if it is this process that keeps it open.
    pub(crate) async fn stop(&self) {
        if let Ok(Ok(Stall::Here(app))) = timeout(LAST_START, self.opened()).await {
            app.stop().await;
        }
    }

    async fn opened(&self) -> Result<Stall, ApiError> {
        let mut opened = self.opened.clone();
        let opened = opened.wait_for(Option::is_some).await.ok().and_then(|opened| opened.clone());
        opened.unwrap_or_else(|| Err(ApiError::new(ErrorCode::Internal, "The stall was not opened.")))
    }
}

/// What a stall says of itself. It does not keep the stall from being given up.
enum Told {
    Here(Events),
    Elsewhere(Arc<Elsewhere>),
}

impl Told {
    fn by(stall: &Stall) -> Self {
        match stall {
            Stall::Here(app) => Self::Here(app.events()),
            Stall::Elsewhere(other) => Self::Elsewhere(Arc::clone(other)),
        }
    }

    async fn to(self, tell: impl Fn(AppEvent) + Send) {
        match self {
            Self::Here(mut events) => {
                while let Some(event) = events.next().await {
                    tell(event);
                }
            }
            Self::Elsewhere(other) => loop {
                if let Ok(mut watching) = other.watch().await {
                    // Whatever was told before nobody listened was missed.
                    tell(AppEvent::everything());
                    while let Some(event) = watching.next().await {
                        tell(event);
                    }
                    // What is shown is no longer so: its engine ended.
                    tell(AppEvent::everything());
                }
                sleep(LISTEN_AGAIN).await;
            },
        }
    }
}

impl Elsewhere {
    /// A connection carries one command at a time and some take long, so each gets its own.
    async fn dispatch(&self, name: &str, body: Value) -> Result<Value, ApiError> {
        self.connect().await?.call(name, body, self.asked_for).await
    }

    async fn watch(&self) -> Result<Watching, ApiError> {
        self.connect().await?.watch(self.asked_for).await
    }

    async fn connect(&self) -> Result<Control, ApiError> {
        Control::connect(&self.data_dir).await.ok_or_else(|| {
            ApiError::new(
                ErrorCode::Unavailable,
                "The Stallkeeper this window belongs to has ended. Close the window and start again.",
            )
        })
    }
}

/// Opens the stall here, or finds the program that has it open.
async fn open(overrides: Overrides) -> Result<Stall, ApiError> {
    let asked_for = overrides.environment;
    let config = Config::resolve(overrides)?;
    let end = Instant::now() + OTHER_ANSWERS;
    loop {
        match App::start(config.clone()).await {
            Ok(app) => return Ok(Stall::Here(app)),
            Err(error) if error.code == ErrorCode::InUse => {
                if Control::connect(&config.data_dir).await.is_some() {
                    return Ok(Stall::Elsewhere(Arc::new(Elsewhere {
                        data_dir: config.data_dir,
                        asked_for,
                    })));
                }
                if Instant::now() >= end {
                    return Err(error);
                }
                sleep(LOOK_AGAIN).await;
            }
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::mpsc::Receiver;

    use app::Stale;
    use tauri::async_runtime::block_on;

    use super::*;

    /// A stall that needs no chain, on any free port.
    fn overrides(folder: &Path) -> Overrides {
        Overrides {
            data_dir: Some(folder.to_owned()),
            environment: Some(Environment::Test),
            listen: Some("127.0.0.1:0".parse().unwrap()),
        }
    }

    fn set_url(url: &str) -> Value {
        serde_json::json!({ "key": "public-url", "value": url })
    }

    async fn url(engine: &Engine) -> Value {
        engine.dispatch("status", Value::Null).await.unwrap()["url"].clone()
    }

    fn until_told(events: &Receiver<AppEvent>, stale: Stale) {
        while !events.recv_timeout(OTHER_ANSWERS).unwrap().stale.contains(&stale) {}
    }

    #[test]
    fn a_stall_opens_answers_says_what_went_stale_and_gives_its_folder_up() {
        let folder = tempfile::tempdir().unwrap();
        let (told, events) = std::sync::mpsc::channel();
        block_on(async {
            let engine = Engine::start(overrides(folder.path()), move |event| told.send(event).unwrap());
            assert!(url(&engine).await.as_str().unwrap().starts_with("http://127.0.0.1:"));
            engine.dispatch("settings_set", set_url("https://stall.example")).await.unwrap();
            engine.stop().await;
            drop(engine);
            let again = App::start(Config::resolve(overrides(folder.path())).unwrap()).await.unwrap();
            again.stop().await;
        });
        until_told(&events, Stale::Settings);
    }

    #[test]
    fn a_folder_that_is_in_use_gets_a_window_on_the_engine_that_uses_it() {
        let folder = tempfile::tempdir().unwrap();
        let (told, events) = std::sync::mpsc::channel();
        block_on(async {
            let owner = App::start(Config::resolve(overrides(folder.path())).unwrap()).await.unwrap();
            let engine = Engine::start(overrides(folder.path()), move |event| drop(told.send(event)));
            engine.dispatch("status", Value::Null).await.unwrap();
            assert_eq!(events.recv_timeout(OTHER_ANSWERS).unwrap(), AppEvent::everything());
            engine.dispatch("settings_set", set_url("https://stall.example")).await.unwrap();
            until_told(&events, Stale::Settings);
            assert_eq!(owner.url().as_deref(), Some("https://stall.example"));
            assert_eq!(url(&engine).await, "https://stall.example");

            let practice = Overrides { environment: Some(Environment::Practice), ..overrides(folder.path()) };
            let refused = Engine::start(practice, |_| {}).dispatch("status", Value::Null).await;
            assert_eq!(refused.unwrap_err().code, ErrorCode::Conflict);

            engine.stop().await;
            assert!(owner.dispatch("status", Value::Null).await.is_ok());
            owner.stop().await;
            drop(owner);
            let gone = engine.dispatch("status", Value::Null).await;
            assert_eq!(gone.unwrap_err().code, ErrorCode::Unavailable);
        });
        // It also says that the owner ended.
        until_told(&events, Stale::Everything);
    }
}
