use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::{Clock, Environment};
use serde_json::Value;
use store::{FolderLock, Store, StoreError};
use tokio::sync::{Mutex, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::control::ControlSocket;
use crate::engine::Engine;
use crate::folder::{EnvironmentFolder, control_socket};
use crate::health::{self, Seen};
use crate::keys::Keys;
use crate::reach::Outside;
use crate::webhooks::{self, Webhooks};
use crate::{
    ApiError, Config, Events, api, backups, core_dumps, deletion, files, notices, price_changes, readiness,
    retention,
};

/// How long the parts may take to finish what they are doing when the app stops.
const LAST_WORK: Duration = Duration::from_secs(15);

/// A stall at work, or at least its memory. A clone is another handle to the same one.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    config: Config,
    store: Store,
    keys: Keys,
    engine: Option<Engine>,
    health: watch::Sender<Option<Seen>>,
    webhooks: Webhooks,
    exports: api::Exports,
    one_backup: Arc<Mutex<()>>,
    broken: watch::Sender<Option<ApiError>>,
    stop: CancellationToken,
    tasks: TaskTracker,
    // Given up last of all.
    lock: FolderLock,
}

impl App {
    /// Opens the memory only: enough for looking, not for selling.
    ///
    /// # Errors
    /// When the folder is in use, or the data file cannot be used.
    pub async fn open(config: Config) -> Result<Self, ApiError> {
        core_dumps::forbid(config.environment);
        let (store, keys, lock, folder) = remember(&config, Opens::ForOneCommand).await?;
        Ok(Self(Arc::new(Inner {
            config,
            store,
            keys,
            engine: None,
            health: watch::Sender::new(None),
            webhooks: Webhooks::closed(&folder),
            exports: api::Exports::default(),
            one_backup: Arc::default(),
            broken: watch::Sender::new(None),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            lock,
        })))
    }

    /// Starts everything: what was under way is taken up again before anything is sold.
    ///
    /// # Errors
    /// When the folder is in use, the address is taken, or a part cannot start.
    pub async fn start(config: Config) -> Result<Self, ApiError> {
        core_dumps::forbid(config.environment);
        let opens = if config.for_one_command { Opens::ForOneCommand } else { Opens::Stall };
        let (store, keys, lock, folder) = remember(&config, opens).await?;
        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();
        let started = Engine::start(&config, store.clone(), &folder, keys.clone(), &stop, &tasks).await;
        let started = started.and_then(|(store, engine)| {
            let webhooks = Webhooks::open(&config, &folder, &store, &engine)?;
            Ok((store, engine, webhooks))
        });
        let (store, engine, webhooks) = match started {
            Ok(started) => started,
            Err(error) => {
                stop.cancel();
                tasks.close();
                tasks.wait().await;
                drop(store.close().await);
                return Err(error);
            }
        };
        let health = watch::Sender::new(None);
        let engine = Some(engine);
        let exports = api::Exports::default();
        let one_backup = Arc::default();
        let inner = Inner {
            config,
            store,
            keys,
            engine,
            health,
            webhooks,
            exports,
            one_backup,
            broken: watch::Sender::new(None),
            stop,
            tasks,
            lock,
        };
        let app = Self(Arc::new(inner));
        let socket = match ControlSocket::open(&app.0.config.data_dir) {
            Ok(socket) => socket,
            Err(error) => {
                app.stop().await;
                return Err(error);
            }
        };
        tracing::info!(control = %socket.path().display(), "open for commands");
        app.0.tasks.spawn(socket.serve(app.clone(), app.0.stop.clone()));
        app.0.tasks.spawn(app.0.stop.clone().run_until_cancelled_owned(health::follow(app.clone())));
        app.0.tasks.spawn(app.0.stop.clone().run_until_cancelled_owned(app.keys().clone().watch_idleness()));
        app.0.tasks.spawn(app.0.stop.clone().run_until_cancelled_owned(api::keep_switch(app.clone())));
        app.0.tasks.spawn(app.0.stop.clone().run_until_cancelled_owned(readiness::follow(app.clone())));
        app.0.tasks.spawn(app.0.stop.clone().run_until_cancelled_owned(files::follow(app.clone())));
        app.0.tasks.spawn(app.0.stop.clone().run_until_cancelled_owned(price_changes::follow(app.clone())));
        app.0.tasks.spawn(app.0.stop.clone().run_until_cancelled_owned(backups::follow(app.clone())));
        app.0.tasks.spawn(app.0.stop.clone().run_until_cancelled_owned(retention::follow(app.clone())));
        app.0.tasks.spawn(app.0.stop.clone().run_until_cancelled_owned(webhooks::follow(app.clone())));
        app.0.tasks.spawn(app.0.stop.clone().run_until_cancelled_owned(notices::follow(app.clone())));
        app.0.tasks.spawn(webhooks::keep(app.clone(), app.0.stop.clone()));
        app.0.tasks.spawn(app.0.stop.clone().run_until_cancelled_owned(read_whole(app.clone())));
        Ok(app)
    }

    /// Runs one command of the list in [`api`].
    ///
    /// # Errors
    /// What the command says; nothing was changed then.
    pub async fn dispatch(&self, name: &str, body: Value) -> Result<Value, ApiError> {
        if let Some(error) = self.0.broken.borrow().clone() {
            return Err(error);
        }
        // Its folder may be another one's by now.
        if self.0.tasks.is_closed() {
            return Err(ApiError::not_open());
        }
        api::dispatch(self, name, body).await
    }

    /// Finishes what is being written, ends every part, and gives the folder up.
    pub async fn stop(&self) {
        if let Some(engine) = &self.0.engine {
            engine.stop().await;
        }
        webhooks::tell_the_end(self).await;
        self.0.stop.cancel();
        self.0.tasks.close();
        if tokio::time::timeout(LAST_WORK, self.0.tasks.wait()).await.is_err() {
            tracing::warn!("a part did not end in time");
        }
        if let Some(engine) = &self.0.engine {
            engine.end_practice().await;
        }
        if let Err(error) = self.0.store.close().await {
            tracing::warn!(%error, "the data file was not closed in order");
        }
        // A command that takes long may hold this stall for hours yet: nobody waits for that to open it again.
        if let Err(error) = self.0.lock.give_up() {
            tracing::warn!(%error, "the folder is given up once nothing holds it any more");
        }
    }

    /// Waits until the stall cannot go on, and says why: in the words that a start would have been refused with. From
    /// then on it sells and answers nothing more, and whoever started it stops it. Does not keep it from being given up;
    /// none when it was.
    pub fn broken(&self) -> impl Future<Output = Option<ApiError>> + Send + 'static {
        let mut broken = self.0.broken.subscribe();
        async move { broken.wait_for(Option::is_some).await.ok().and_then(|error| error.clone()) }
    }

    /// Whether [`broken`](Self::broken) has said why.
    pub fn is_broken(&self) -> bool {
        self.0.broken.borrow().is_some()
    }

    fn give_up(&self, error: ApiError) {
        tracing::error!(%error, "the stall is closed");
        self.0.broken.send_replace(Some(error));
        self.0.stop.cancel();
    }

    /// What goes stale from now on, for whoever shows it.
    pub fn events(&self) -> Events {
        let selling = self.engine().map(|engine| engine.selling().subscribe());
        let keys = self.keys().subscribe();
        let files = self.engine().map(|engine| engine.shelf().news());
        let reach = self.outside().map(Outside::news);
        Events::new(self.0.store.changes(), self.0.health.subscribe(), selling, keys, files, reach)
    }

    /// The environment this stall works in.
    pub fn environment(&self) -> Environment {
        self.0.config.environment
    }

    /// Where buyers reach it, while it sells.
    pub fn url(&self) -> Option<String> {
        let Config { listen, for_one_command, .. } = &self.0.config;
        // Nobody knows the port yet that such a stall will take.
        let is_open_end = *for_one_command && listen.port() == 0;
        self.0.engine.as_ref().map(Engine::url).filter(|_| !is_open_end)
    }

    /// Where the command line reaches it.
    pub fn control_path(&self) -> std::path::PathBuf {
        control_socket(&self.0.config.data_dir)
    }

    /// What was seen last of node and gas wallet; nothing while nobody watches.
    pub(crate) fn seen_health(&self) -> &watch::Sender<Option<Seen>> {
        &self.0.health
    }

    /// The exports that are being written.
    pub(crate) fn exports(&self) -> &api::Exports {
        &self.0.exports
    }

    /// Whoever holds it makes the only backup.
    pub(crate) fn one_backup(&self) -> Arc<Mutex<()>> {
        self.0.one_backup.clone()
    }

    /// Where things of its environment are.
    pub(crate) fn folder(&self) -> Result<EnvironmentFolder, ApiError> {
        EnvironmentFolder::of(self.data_dir(), self.environment())
    }

    pub(crate) fn webhooks(&self) -> &Webhooks {
        &self.0.webhooks
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.0.keys
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.0.config.clock.as_ref()
    }

    pub(crate) fn shared_clock(&self) -> Arc<dyn Clock> {
        self.0.config.clock.clone()
    }

    pub(crate) fn data_dir(&self) -> &Path {
        &self.0.config.data_dir
    }

    /// Programs that the seller brought.
    pub(crate) fn tools(&self) -> std::path::PathBuf {
        self.0.config.tools()
    }

    /// How buyers reach it, while it is open for them.
    pub(crate) fn outside(&self) -> Option<&Outside> {
        self.engine().filter(|_| !self.0.config.for_one_command).map(Engine::outside)
    }

    pub(crate) fn engine(&self) -> Option<&Engine> {
        self.0.engine.as_ref()
    }

    /// Does work that opens data files of its own, to the end, also when nobody waits for it any more: a stop waits for it
    /// before it gives the folder up, as long as it waits for anything, and afterwards none begins.
    pub(crate) async fn to_the_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, ApiError>> + Send + 'static,
    ) -> Result<T, ApiError> {
        let waited_for = self.0.tasks.token();
        if self.0.tasks.is_closed() {
            return Err(ApiError::not_open());
        }
        let work = tokio::spawn(async move {
            let _waited_for = waited_for;
            work.await
        });
        work.await.map_err(ApiError::internal)?
    }

    /// Returns when buyers get what the memory now says is on sale.
    pub(crate) async fn on_the_shelf(&self) {
        if let Some(engine) = self.engine() {
            engine.shelf().caught_up().await;
        }
    }

    /// The engine, for commands that need it.
    pub(crate) fn working(&self) -> Result<&Engine, ApiError> {
        self.engine().ok_or_else(ApiError::not_open)
    }
}

/// T63: what was too large to be read before the stall opened is read beside it.
async fn read_whole(app: App) {
    match app.store().read_whole().await {
        Ok(()) => tracing::debug!("the data file is whole"),
        Err(StoreError::Closed) => {}
        Err(error @ StoreError::Damaged(_)) => app.give_up(error.into()),
        Err(error) => tracing::warn!(%error, "the data file could not be read whole"),
    }
}

/// What is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opens {
    /// The stall itself: a backup that waits takes the place of what is there.
    Stall,
    /// As much as one command needs, which leaves what waits to the next start.
    ForOneCommand,
}

async fn remember(
    config: &Config,
    opens: Opens,
) -> Result<(Store, Keys, FolderLock, EnvironmentFolder), ApiError> {
    let lock = FolderLock::take(&config.data_dir)?;
    backups::forget_broken_off(&config.data_dir);
    if opens == Opens::Stall {
        backups::put_in_place(&config.data_dir, config.clock.now())?;
        deletion::carry_out(&config.data_dir).await;
    }
    deletion::may_open(&config.data_dir, config.environment)?;
    let folder = EnvironmentFolder::of(&config.data_dir, config.environment)?;
    let keys = Keys::look(config, &folder)?;
    let (store, opened) = Store::open(&folder.database(), config.clock.now()).await?;
    api::ensure_policy(&store, config.environment, config.clock.now()).await?;
    if opened.after_unclean_stop {
        let checked = if opened.unread { "is checked while it works" } else { "was checked and is whole" };
        tracing::info!("the stall was not closed in order the last time; its data file {checked}");
    }
    if opened.restored {
        tracing::warn!(
            "older data was put back: nothing that buyers signed before now is accepted, and the queue is compared with the chain first"
        );
    }
    keys.lock_after(api::lock_after(&store).await?);
    Ok((store, keys, lock, folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorCode, Overrides};

    fn config(folder: &Path, listen: &str) -> Config {
        Config::resolve(Overrides {
            data_dir: Some(folder.to_owned()),
            environment: Some(Environment::Test),
            listen: Some(listen.parse().unwrap()),
        })
        .unwrap()
    }

    /// T66: selling on without owning the folder would be a second writer beside the next engine.
    #[tokio::test]
    async fn what_cannot_be_reached_by_commands_does_not_stay_open() {
        let folder = tempfile::tempdir().unwrap();
        let in_the_way = control_socket(folder.path());
        std::fs::create_dir_all(in_the_way.join("something")).unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let config = config(folder.path(), &free.to_string());
        let refused = App::start(config.clone()).await.err().unwrap();
        assert_eq!(refused.code, ErrorCode::File);
        std::fs::remove_dir_all(in_the_way).unwrap();
        App::start(config).await.unwrap().stop().await;
    }

    /// T63: what is damaged in a file that was too large to be read before closes the stall in the words of a start.
    #[tokio::test]
    async fn damage_that_is_found_beside_the_work_ends_all_selling_and_refuses_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path(), "127.0.0.1:0");
        let app = App::open(config.clone()).await.unwrap();
        let file = app.folder().unwrap().database();
        // Pages at the end of the file that no start looks at.
        app.store().set_fact("filler", "-".repeat(100_000)).await.unwrap();
        app.stop().await;
        drop(app);
        let mut bytes = std::fs::read(&file).unwrap();
        let page = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
        let flipped = bytes.len() - 12 * page;
        bytes[flipped] ^= 0xff;
        // As long as a large file is; the database leaves what is behind its last page alone.
        bytes.resize(8 << 20, 0);
        std::fs::write(&file, bytes).unwrap();

        let app = App::start(config.clone()).await.unwrap();
        let address = app.engine().unwrap().address();
        let deadline = Duration::from_secs(20);
        let error = tokio::time::timeout(deadline, app.broken()).await.unwrap().unwrap();
        assert_eq!(error.code, ErrorCode::File);
        assert!(error.message.starts_with("The data file is damaged: "), "{error}");
        assert_eq!(app.dispatch("status", Value::Null).await.unwrap_err(), error);
        let closed = async {
            while tokio::net::TcpStream::connect(address).await.is_ok() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(deadline, closed).await.unwrap();
        app.stop().await;
        drop(app);
        assert_eq!(App::start(config).await.err(), Some(error));
    }

    #[tokio::test]
    async fn the_folder_is_not_given_up_while_a_file_in_it_is_read_for_somebody_who_left() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(config(folder.path(), "127.0.0.1:0")).await.unwrap();
        let (end, ended) = tokio::sync::oneshot::channel();
        let mut asked = Box::pin(app.to_the_end(async { ended.await.map_err(|_| ApiError::not_open()) }));
        assert!(futures::poll!(asked.as_mut()).is_pending());
        drop(asked);
        let mut stopping = Box::pin(app.stop());
        while !app.0.tasks.is_closed() {
            assert!(futures::poll!(stopping.as_mut()).is_pending());
            tokio::task::yield_now().await;
        }
        let late = app.to_the_end(async { Ok(()) }).await;
        assert_eq!(late.unwrap_err().code, ErrorCode::Unavailable, "it would be open after the stop");
        assert!(FolderLock::take(folder.path()).is_err(), "it is another one's already");
        end.send(()).unwrap();
        stopping.await;
        FolderLock::take(folder.path()).unwrap();
    }

    #[tokio::test]
    async fn what_one_command_opens_tells_where_the_stall_will_sell_and_listens_elsewhere() {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        for (listen, url) in
            [(address, Some(format!("http://{address}"))), ("127.0.0.1:0".parse().unwrap(), None)]
        {
            let folder = tempfile::tempdir().unwrap();
            let config = config(folder.path(), &listen.to_string());
            let config = Config { for_one_command: true, ..config };
            let app = App::start(config).await.unwrap();
            assert_eq!(app.url(), url);
            app.stop().await;
        }
    }

    #[test]
    fn a_stall_can_be_opened_by_a_task_that_moves_between_threads() {
        const fn moves<F: Send>(_: &F) {}
        let folder = tempfile::tempdir().unwrap();
        let overrides = Overrides { data_dir: Some(folder.path().to_owned()), ..Overrides::default() };
        let starting = App::start(Config::resolve(overrides).unwrap());
        moves(&starting);
        drop(starting);
    }
}
