//! The engine behind the window: in this process, or in the one that owns the data folder already.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
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

type Opened = watch::Receiver<Option<Result<Stall, ApiError>>>;

/// A stall that is opening, open, or could not be opened.
pub(crate) struct Engine {
    /// Whoever holds it closes the stall and opens another one.
    alone: tokio::sync::Mutex<()>,
    overrides: Mutex<Overrides>,
    tell: Arc<dyn Fn(AppEvent) + Send + Sync>,
    opened: Arc<Mutex<Opened>>,
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
    pub(crate) fn start(overrides: Overrides, tell: impl Fn(AppEvent) + Send + Sync + 'static) -> Self {
        let tell: Arc<dyn Fn(AppEvent) + Send + Sync> = Arc::new(tell);
        let nothing = Arc::new(Mutex::new(watch::channel(None).1));
        let alone = tokio::sync::Mutex::default();
        let engine = Self { alone, overrides: Mutex::new(overrides), tell, opened: nothing };
        engine.start_again();
        engine
    }

    fn begin(&self, overrides: Overrides) -> Opened {
        let (opening, opened) = watch::channel(None);
        let (tell, current) = (Arc::clone(&self.tell), Arc::clone(&self.opened));
        spawn(async move {
            let stall = open(overrides).await;
            if let Err(error) = &stall {
                tracing::error!(%error, "the stall cannot be opened");
            }
            // Listened to before anybody can ask: no answer is older than what is told.
            let told = stall.as_ref().ok().map(Told::by);
            let broken = match &stall {
                Ok(Stall::Here(app)) => Some(app.broken()),
                Ok(Stall::Elsewhere(_)) | Err(_) => None,
            };
            opening.send_replace(Some(stall));
            // It would keep the stall from being given up.
            drop(opening);
            let telling = async {
                if let Some(told) = told {
                    told.to(&*tell).await;
                }
            };
            let breaking = async {
                if let Some(broken) = broken
                    && let Some(error) = broken.await
                {
                    close_broken(&current, error).await;
                    tell(AppEvent::everything());
                }
            };
            tokio::join!(telling, breaking);
        });
        opened
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
        matches!(*self.now().borrow(), Some(Ok(Stall::Here(_))))
    }

    /// Closes the stall, if it is this process that keeps it open. Nobody is answered any more, until [`Self::start_again`].
    pub(crate) async fn stop(&self) {
        if let Ok(Ok(Stall::Here(app))) = timeout(LAST_START, self.opened()).await {
            app.stop().await;
            // It would keep the folder from being given up.
            *self.opened.lock().unwrap_or_else(PoisonError::into_inner) = watch::channel(None).1;
        }
    }

    /// Waits until nobody else closes the stall to open one in its place.
    pub(crate) async fn alone(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.alone.lock().await
    }

    /// Opens the stall again after it was closed.
    pub(crate) fn start_again(&self) {
        let overrides = self.overrides.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let opened = self.begin(overrides);
        *self.opened.lock().unwrap_or_else(PoisonError::into_inner) = opened;
    }

    /// Closes the stall, and opens that of another environment in its place: now and at the next start. One that cannot
    /// be opened leaves everything as it was.
    pub(crate) async fn switch(&self, environment: Environment) -> Result<(), ApiError> {
        let _alone = self.alone().await;
        let Stall::Here(app) = self.opened().await? else {
            return Err(ApiError::new(
                ErrorCode::Conflict,
                "Another program runs this stall. End it, and start it with the environment that you want.",
            ));
        };
        let (before, data_dir) = (app.environment(), Config::data_dir(self.chosen_folder())?);
        drop(app);
        if before == environment {
            return Ok(());
        }
        Config::choose_environment(&data_dir, environment)?;
        self.move_to(environment).await;
        let opened = self.opened().await;
        let Err(error) = opened else { return Ok(()) };
        Config::choose_environment(&data_dir, before)?;
        self.move_to(before).await;
        self.opened().await?;
        Err(error)
    }

    async fn move_to(&self, environment: Environment) {
        self.stop().await;
        self.overrides.lock().unwrap_or_else(PoisonError::into_inner).environment = Some(environment);
        self.go_on();
    }

    /// Opens the stall again after it was closed. What was asked meanwhile failed, and is asked again.
    pub(crate) fn go_on(&self) {
        self.start_again();
        (self.tell)(AppEvent::everything());
    }

    fn chosen_folder(&self) -> Option<PathBuf> {
        self.overrides.lock().unwrap_or_else(PoisonError::into_inner).data_dir.clone()
    }

    fn now(&self) -> Opened {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn opened(&self) -> Result<Stall, ApiError> {
        let mut opened = self.now();
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

    async fn to(self, tell: &(dyn Fn(AppEvent) + Send + Sync)) {
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

/// Closes a stall that cannot go on; from then on it is one that could not be opened.
async fn close_broken(current: &Mutex<Opened>, error: ApiError) {
    let broken = || {
        let opened = current.lock().unwrap_or_else(PoisonError::into_inner);
        match &*opened.borrow() {
            Some(Ok(Stall::Here(app))) if app.is_broken() => Some(app.clone()),
            Some(Ok(_) | Err(_)) | None => None,
        }
    };
    let Some(app) = broken() else { return };
    app.stop().await;
    // Nobody closed it or opened another one meanwhile.
    if broken().is_some() {
        *current.lock().unwrap_or_else(PoisonError::into_inner) = watch::channel(Some(Err(error))).1;
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
    fn another_environment_takes_the_place_of_this_one_now_and_at_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let (told, events) = std::sync::mpsc::channel();
        let environment = async |engine: &Engine| {
            let status = engine.dispatch("status", Value::Null).await.unwrap();
            status["environment"].as_str().unwrap().to_owned()
        };
        block_on(async {
            let engine = Engine::start(overrides(folder.path()), move |event| drop(told.send(event)));
            assert_eq!(environment(&engine).await, "test");
            engine.switch(Environment::Test).await.unwrap();
            let Ok(Stall::Here(busy)) = engine.opened().await else { panic!("the stall is not open") };
            // Whatever still holds the stall that is left, and also where somebody asks twice.
            let (one, other) =
                tokio::join!(engine.switch(Environment::Live), engine.switch(Environment::Live));
            assert_eq!((one, other), (Ok(()), Ok(())));
            assert_eq!(environment(&engine).await, "live");
            let refused = busy.dispatch("status", Value::Null).await.unwrap_err();
            assert_eq!(refused.code, ErrorCode::Unavailable, "its folder is another one's");
            drop(busy);
            until_told(&events, Stale::Everything);
            engine.stop().await;
            // One that cannot be opened leaves this one. While nothing runs: each stall looks into the others' settings.
            let there = folder.path().join("test");
            std::fs::remove_dir_all(&there).unwrap();
            std::fs::write(&there, "in the way").unwrap();
            engine.start_again();
            assert_eq!(environment(&engine).await, "live");
            assert_eq!(engine.switch(Environment::Test).await.unwrap_err().code, ErrorCode::File);
            assert_eq!(environment(&engine).await, "live");
            engine.stop().await;
        });
        let next = Overrides { environment: None, ..overrides(folder.path()) };
        assert_eq!(Config::resolve(next).unwrap().environment, Environment::Live);
    }

    /// T63.
    #[test]
    fn a_stall_whose_large_file_is_found_damaged_becomes_one_that_could_not_be_opened() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("test/stall.sqlite");
        block_on(async {
            App::open(Config::resolve(overrides(folder.path())).unwrap()).await.unwrap().stop().await;
            let mut bytes = std::fs::read(&file).unwrap();
            let page = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
            let length = bytes.len();
            // As long as one that is read beside the work.
            bytes.resize(8 << 20, 0);
            // The last page that no start looks at: most belong to what an empty stall does not have.
            for damaged in (0..length).step_by(page).rev() {
                bytes[damaged] ^= 0xff;
                std::fs::write(&file, &bytes).unwrap();
                bytes[damaged] ^= 0xff;
                let (told, events) = std::sync::mpsc::channel();
                let engine = Engine::start(overrides(folder.path()), move |event| drop(told.send(event)));
                if engine.opened().await.is_err() {
                    continue;
                }
                until_told(&events, Stale::Everything);
                let error = engine.dispatch("status", Value::Null).await.unwrap_err();
                assert_eq!(error.code, ErrorCode::File);
                engine.start_again();
                assert_eq!(engine.dispatch("status", Value::Null).await.unwrap_err(), error);
                return;
            }
            panic!("every page is looked at by a start");
        });
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

            let refused = engine.switch(Environment::Live).await.unwrap_err();
            assert_eq!(refused.code, ErrorCode::Conflict, "another program's stall stays as it is");

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
