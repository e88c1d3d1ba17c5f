//! How buyers reach the stall: keeps the way open that the seller chose, puts its address into every quote, and asks from
//! outside whether it is really this stall that answers there.

use std::any::Any;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ::reach::check::{NotFound, Question};
use ::reach::{Kind, Reach, Runner, State, Surroundings, Token, Wish};
use chrono::{DateTime, TimeDelta, Utc};
use domain::Clock;
use server::{Doors, Forwarding, Proof, PublicUrl, Ways};
use store::Store;
use tokio::sync::{Mutex, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::credentials::Credentials;
use crate::engine::local_url;
use crate::error::sentence;
use crate::folder::EnvironmentFolder;
use crate::{ApiError, Config, random};

/// The settings that say which way, where it leads, and what the stall is called in its network.
pub(crate) const KIND: &str = "reach";
pub(crate) const ADDRESS: &str = "reach-address";
pub(crate) const NAME: &str = "reach-name";
/// Says that a token was given; the kind follows.
pub(crate) const TOKEN: &str = "reach-token-";
const KEPT: &str = "kept";

/// The name in the own network unless another is chosen.
const USUAL_NAME: &str = "stallkeeper";

/// How often it is asked from outside while all is well.
const ASK_AGAIN: TimeDelta = TimeDelta::minutes(5);
/// The first pause while it is not, because names need a moment until the world knows them; the pauses grow with each
/// answer that is missing, to this many times the first.
const ASK_SOON: TimeDelta = TimeDelta::seconds(3);
const MOST_PAUSES: i32 = 20;
/// How many answers in a row must be missing before it is called out.
const MISSED: u32 = 3;

/// The way to the stall, and what was found at its end. A clone is another handle to the same.
#[derive(Clone)]
pub(crate) struct Outside(Arc<Inner>);

struct Inner {
    reach: Reach,
    ways: watch::Sender<Ways>,
    public_url: watch::Sender<PublicUrl>,
    local: PublicUrl,
    checked: watch::Sender<Option<Checked>>,
    addresses: watch::Sender<Addresses>,
    news: watch::Sender<()>,
    clock: Arc<dyn Clock>,
    /// One question at a time.
    asking: Mutex<()>,
}

/// Where buyers outside reached the stall since the way was chosen.
#[derive(Default)]
struct Addresses {
    last: Option<String>,
    before: Option<String>,
}

/// What was found when it was asked from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    pub(crate) at: DateTime<Utc>,
    /// Where.
    pub(crate) url: String,
    pub(crate) found: Result<(), NotFound>,
    pub(crate) took: Duration,
    /// How many times in a row it was not found.
    pub(crate) missed: u32,
}

/// What the way is made of.
pub(crate) struct Ground {
    pub(crate) address: SocketAddr,
    pub(crate) doors: Doors,
    pub(crate) folder: EnvironmentFolder,
}

/// What the seller chose; this computer, or an address of the seller's, where nothing was chosen.
pub(crate) async fn wish(store: &Store, credentials: &Credentials) -> Result<Wish, ApiError> {
    let settings = store.settings().await?;
    let setting = |name: &str| {
        let found = settings.iter().find(|(key, value)| key == name && !value.is_empty());
        found.map(|(_, value)| value.clone())
    };
    let public_url = setting(crate::api::PUBLIC_URL);
    let kind = setting(KIND).and_then(|word| word.parse().ok());
    let unsaid = if public_url.is_some() { Kind::OwnUrl } else { Kind::ThisComputer };
    let kind: Kind = kind.unwrap_or(unsaid);
    Ok(Wish {
        kind,
        url: if kind == Kind::OwnUrl { public_url } else { setting(ADDRESS) },
        name: setting(NAME).unwrap_or_else(|| USUAL_NAME.to_owned()),
        token: token(&settings, credentials, kind),
    })
}

/// Opens the token of the chosen way, if that takes no person. What stays locked keeps nothing from being sold here.
pub(crate) async fn open_token(store: &Store, credentials: &Credentials) -> Result<(), ApiError> {
    let Wish { kind, token, .. } = wish(store, credentials).await?;
    if matches!(token, Token::Locked)
        && let Err(error) = credentials.unlock_tunnel(kind, None).await
    {
        tracing::warn!(%kind, %error, "the token of the tunnel stays locked");
    }
    Ok(())
}

fn token(settings: &[(String, String)], credentials: &Credentials, kind: Kind) -> Token {
    let name = format!("{TOKEN}{kind}");
    let was_given = settings.iter().any(|(key, value)| *key == name && value == KEPT);
    if kind.takes_token() { credentials.tunnel(kind, was_given) } else { Token::None }
}

/// Notes whether a token was given.
pub(crate) async fn note_token(store: &Store, kind: Kind, given: bool) -> Result<(), ApiError> {
    let value = if given { KEPT } else { "" };
    Ok(store.set_setting(format!("{TOKEN}{kind}"), value.to_owned()).await?)
}

/// The address that stands in quotes before anything was opened.
pub(crate) fn first_url(wish: &Wish, address: SocketAddr) -> Result<PublicUrl, ApiError> {
    let local = local_url(address);
    let text = wish.fixed_url().unwrap_or(&local);
    text.parse().map_err(|error: server::PublicUrlError| ApiError::invalid(sentence(&error.to_string())))
}

impl Outside {
    /// A way that is opened by [`Outside::keep`].
    pub(crate) fn new(
        config: &Config,
        wish: Wish,
        ground: Ground,
        ways: watch::Sender<Ways>,
        public_url: watch::Sender<PublicUrl>,
    ) -> Result<(Self, Runner), ApiError> {
        let Ground { address, doors, folder } = ground;
        let local = first_url(&Wish::this_computer(), address)?;
        let surroundings = Surroundings {
            listener: address,
            listen: Arc::new(move |address| match doors.open(address) {
                Ok(door) => Ok(Box::new(door) as Box<dyn Any + Send>),
                Err(error) => Err(sentence(&error.to_string())),
            }),
            executable: config.executable.clone(),
            tools: vec![config.tools()],
            search_path: std::env::var_os("PATH"),
            folder: folder.reach(),
            clock: config.clock.clone(),
        };
        let (reach, runner) = Reach::new(surroundings, wish);
        let inner = Inner {
            reach,
            ways,
            public_url,
            local,
            checked: watch::Sender::new(None),
            addresses: watch::Sender::default(),
            news: watch::Sender::new(()),
            clock: config.clock.clone(),
            asking: Mutex::new(()),
        };
        Ok((Self(Arc::new(inner)), runner))
    }

    /// Keeps the way open until `stop`, which is the tasks' affair to wait for.
    pub(crate) fn keep(&self, runner: Runner, stop: &CancellationToken, tasks: &TaskTracker) {
        tasks.spawn(runner.run(stop.clone()));
        tasks.spawn(stop.clone().run_until_cancelled_owned(self.clone().follow()));
        tasks.spawn(stop.clone().run_until_cancelled_owned(self.clone().keep_asking()));
    }

    /// Another way from now on.
    pub(crate) fn set(&self, wish: Wish) {
        self.0.checked.send_replace(None);
        self.0.addresses.send_replace(Addresses::default());
        self.0.reach.set(wish);
        self.apply();
    }

    /// What the seller chose.
    pub(crate) fn wish(&self) -> Wish {
        self.0.reach.wish()
    }

    /// How the way stands.
    pub(crate) fn state(&self) -> State {
        self.0.reach.state().borrow().clone()
    }

    /// What was found last at its end.
    pub(crate) fn checked(&self) -> Option<Checked> {
        self.0.checked.borrow().clone()
    }

    /// Where buyers outside reached the stall before the way got another address by itself.
    pub(crate) fn address_before(&self) -> Option<String> {
        self.0.addresses.borrow().before.clone()
    }

    /// Hears when any of these is another.
    pub(crate) fn news(&self) -> watch::Receiver<()> {
        self.0.news.subscribe()
    }

    /// Waits until the way is open or has failed.
    pub(crate) async fn opened(&self, patience: Duration) {
        let mut state = self.0.reach.state();
        let opened = state.wait_for(|state| !matches!(state, State::Starting));
        drop(tokio::time::timeout(patience, opened).await);
    }

    /// Tries at once what would be tried later, and waits a while until it is open.
    pub(crate) async fn try_again(&self, patience: Duration) {
        self.0.reach.try_again();
        let mut state = self.0.reach.state();
        let opened = state.wait_for(|state| matches!(state, State::Online { .. }));
        drop(tokio::time::timeout(patience, opened).await);
    }

    /// Puts the address of the way into quotes, and lets the server know how buyers come.
    fn apply(&self) {
        let (state, wish) = (self.state(), self.wish());
        let fixed = wish.fixed_url().map(str::to_owned);
        let url = match &state {
            State::Online { url, .. } => Some(url.clone()),
            State::Off => Some(self.0.local.to_string()),
            State::Starting => Some(fixed.unwrap_or_else(|| self.0.local.to_string())),
            // What was quoted stays quoted: an address that comes back is the same, and another one is told when it is there.
            State::Failing { .. } => fixed,
        };
        if let Some(Ok(url)) = url.map(|url| url.parse::<PublicUrl>()) {
            self.0.public_url.send_if_modified(|known| {
                let is_new = *known != url;
                *known = url;
                is_new
            });
        }
        if let (State::Online { url, .. }, false) = (&state, wish.kind == Kind::ThisComputer) {
            self.0.addresses.send_modify(|addresses| addresses.note(url));
        }
        let (names, tunnel) = match &state {
            State::Online { url, also } => (names(url, also), forwarding(wish.kind)),
            State::Off | State::Starting | State::Failing { .. } => (Vec::new(), None),
        };
        self.0.ways.send_modify(|ways| (ways.names, ways.tunnel) = (names, tunnel));
        self.0.news.send_replace(());
    }

    async fn follow(self) {
        let mut states = self.0.reach.state();
        loop {
            states.mark_unchanged();
            self.apply();
            if states.changed().await.is_err() {
                return;
            }
        }
    }

    /// Asks again and again while the way is open.
    async fn keep_asking(self) {
        let mut states = self.0.reach.state();
        loop {
            let state = states.borrow_and_update().clone();
            let pause = match (state, self.wish().kind) {
                (State::Online { .. }, kind) if kind != Kind::ThisComputer => {
                    self.ask().await;
                    let missed = self.checked().map_or(0, |checked| checked.missed);
                    let soon = ASK_SOON * i32::try_from(missed).unwrap_or(i32::MAX).min(MOST_PAUSES);
                    Some(if missed == 0 { ASK_AGAIN } else { soon })
                }
                _ => {
                    if self.0.checked.send_replace(None).is_some() {
                        self.0.news.send_replace(());
                    }
                    None
                }
            };
            let asleep = async {
                match pause {
                    Some(pause) => self.0.clock.sleep_until(self.0.clock.now() + pause).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                changed = states.changed() => if changed.is_err() { return },
                () = asleep => {}
            }
        }
    }

    /// Asks once, from outside as far as one can from inside.
    pub(crate) async fn ask(&self) {
        let Some(url) = self.place() else { return };
        match self.ask_at(url).await {
            Ok(checked) => {
                if let Err(why) = &checked.found {
                    tracing::warn!(url = checked.url, %why, "the stall was not found from outside");
                }
                self.0.checked.send_replace(Some(checked));
                self.0.news.send_replace(());
            }
            Err(error) => tracing::warn!(%error, "it cannot be asked from outside"),
        }
    }

    /// Where it is asked. Not every computer knows the names that its network gives, so a number is better where there is
    /// one.
    fn place(&self) -> Option<String> {
        match (self.state(), self.wish().kind) {
            (State::Online { url, also }, Kind::ThisNetwork) => Some(also.into_iter().next().unwrap_or(url)),
            (State::Online { url, .. }, _) => Some(url),
            (State::Off | State::Starting | State::Failing { .. }, _) => None,
        }
    }

    async fn ask_at(&self, url: String) -> Result<Checked, ApiError> {
        let _turn = self.0.asking.lock().await;
        let question = Question::new(random::bytes()?);
        let Question { nonce, answer } = question.clone();
        self.0.ways.send_modify(|ways| ways.proof = Some(Proof { nonce, answer }));
        let began = Instant::now();
        let found = question.ask(&url).await;
        let took = began.elapsed();
        self.0.ways.send_modify(|ways| ways.proof = None);
        let before = self.checked().filter(|before| before.url == url).map_or(0, |before| before.missed);
        let missed = if found.is_ok() { 0 } else { before.saturating_add(1) };
        Ok(Checked { at: self.0.clock.now(), url, found, took, missed })
    }

    /// Why nobody outside reaches the stall although the seller wants it, in a sentence. What may pass within moments is
    /// none.
    pub(crate) fn trouble(&self) -> Option<String> {
        match self.state() {
            State::Failing { why, .. } => Some(why),
            State::Online { .. } => {
                let checked = self.checked().filter(|checked| checked.missed >= MISSED)?;
                checked.found.err().map(|why| why.to_string())
            }
            State::Off | State::Starting => None,
        }
    }
}

impl Addresses {
    fn note(&mut self, url: &str) {
        if self.last.as_deref() != Some(url) {
            self.before = self.last.replace(url.to_owned());
        }
    }
}

/// The names among addresses.
fn names(url: &str, also: &[String]) -> Vec<String> {
    let urls = std::iter::once(url).chain(also.iter().map(String::as_str));
    let hosts = urls.filter_map(|url| url.parse::<PublicUrl>().ok()).map(|url| url.host().to_owned());
    hosts.filter(|host| host.parse::<std::net::IpAddr>().is_err() && !host.starts_with('[')).collect()
}

/// How the tunnel says who asks.
const fn forwarding(kind: Kind) -> Option<Forwarding> {
    match kind {
        Kind::CloudflareQuick | Kind::CloudflareNamed => Some(Forwarding::Cloudflare),
        Kind::Ngrok | Kind::TailscaleFunnel => Some(Forwarding::Standard),
        Kind::ThisComputer | Kind::ThisNetwork | Kind::OwnUrl => None,
    }
}
