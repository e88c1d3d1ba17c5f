use std::any::Any;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Clock;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::kind::Kind;
use crate::state::State;
use crate::wish::{Token, Wish};
use crate::{lan, ngrok, tunnel};

const FIRST_BACK_OFF: Duration = Duration::from_secs(2);
const LONGEST_BACK_OFF: Duration = Duration::from_secs(300);
/// A way that stood this long did not fail because of how it was opened.
const HEALTHY_AFTER: Duration = Duration::from_secs(120);

/// Opens a further address of the listener; what it answers with closes it when it is dropped.
pub type Listen = Arc<dyn Fn(SocketAddr) -> Result<Box<dyn Any + Send>, String> + Send + Sync>;

/// What ways are made of.
#[derive(Clone)]
pub struct Surroundings {
    /// Where buyers are listened to on this computer. Tunnels lead there and nowhere else (T78).
    pub listener: SocketAddr,
    /// Opens further addresses.
    pub listen: Listen,
    /// A program that answers [`SUPERVISOR_COMMAND`](crate::SUPERVISOR_COMMAND) with [`supervise`](crate::supervise):
    /// the running one, or the command line beside it.
    pub executable: PathBuf,
    /// Folders that are searched for programs before all others.
    pub tools: Vec<PathBuf>,
    /// The system's search path.
    pub search_path: Option<OsString>,
    /// A folder for what programs need.
    pub folder: PathBuf,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
}

/// The way to the stall. A clone is another handle to the same one.
#[derive(Clone)]
pub struct Reach {
    wish: watch::Sender<Wish>,
    state: watch::Sender<State>,
    again: Arc<Notify>,
}

/// Keeps the way open.
pub struct Runner {
    surroundings: Surroundings,
    reach: Reach,
    wishes: watch::Receiver<Wish>,
}

/// Where a way plays while it is open.
pub(crate) struct Stage<'r> {
    pub(crate) surroundings: &'r Surroundings,
    pub(crate) over: CancellationToken,
    state: &'r watch::Sender<State>,
}

/// How an attempt ended.
pub(crate) enum Ended {
    /// Nobody wants it any more.
    Over,
    /// It is worth another try.
    Failed(String),
    /// Somebody has to do something first.
    Waits(String),
}

impl Reach {
    /// A way that is not open yet.
    pub fn new(surroundings: Surroundings, wish: Wish) -> (Self, Runner) {
        let state = watch::Sender::new(first_state(&wish));
        let reach = Self { wish: watch::Sender::new(wish), state, again: Arc::default() };
        let wishes = reach.wish.subscribe();
        (reach.clone(), Runner { surroundings, reach, wishes })
    }

    /// Another way from now on. The one before is closed first.
    pub fn set(&self, wish: Wish) {
        self.state.send_replace(first_state(&wish));
        self.wish.send_replace(wish);
    }

    /// What the seller chose.
    pub fn wish(&self) -> Wish {
        self.wish.borrow().clone()
    }

    /// How it stands, now and later.
    pub fn state(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    /// Tries at once what would be tried later.
    pub fn try_again(&self) {
        self.again.notify_one();
    }
}

fn first_state(wish: &Wish) -> State {
    match wish.kind {
        Kind::ThisComputer => State::Off,
        _ => State::Starting,
    }
}

impl Runner {
    /// Keeps the way open that is wanted, until `stop`; then closes it and returns.
    pub async fn run(mut self, stop: CancellationToken) {
        loop {
            let wish = self.wishes.borrow_and_update().clone();
            let over = stop.child_token();
            let Self { surroundings, reach, wishes } = &mut self;
            let stage = Stage { surroundings, over: over.clone(), state: &reach.state };
            stage.tell(first_state(&wish));
            let kept = keep(&stage, &wish, &reach.again);
            tokio::pin!(kept);
            tokio::select! {
                () = &mut kept => {}
                _ = wishes.changed() => {
                    over.cancel();
                    kept.await;
                    continue;
                }
            }
            if stop.is_cancelled() || wishes.changed().await.is_err() {
                return;
            }
        }
    }
}

/// Opens a way, and opens it again whenever it fails, until it is over.
async fn keep(stage: &Stage<'_>, wish: &Wish, again: &Notify) {
    match wish.kind {
        Kind::ThisComputer => stage.tell(State::Off),
        Kind::OwnUrl => match &wish.url {
            Some(url) => stage.tell(State::Online { url: url.clone(), also: Vec::new() }),
            None => stage.tell(State::Failing { why: "Say at which address.".to_owned(), next_try: None }),
        },
        Kind::ThisNetwork => return lan::keep(stage, wish).await,
        Kind::CloudflareQuick | Kind::CloudflareNamed | Kind::Ngrok | Kind::TailscaleFunnel => {
            return keep_tunnel(stage, wish, again).await;
        }
    }
    stage.over.cancelled().await;
}

async fn keep_tunnel(stage: &Stage<'_>, wish: &Wish, again: &Notify) {
    let mut back_off = FIRST_BACK_OFF;
    loop {
        let began = Instant::now();
        let ended = match (&wish.token, wish.kind) {
            (Token::Locked, kind) if kind.takes_token() => {
                Ended::Waits("The token of your tunnel is locked. Unlock it.".to_owned())
            }
            (_, Kind::Ngrok) => ngrok::hold(stage, wish).await,
            _ => tunnel::hold(stage, wish).await,
        };
        if began.elapsed() > HEALTHY_AFTER {
            back_off = FIRST_BACK_OFF;
        }
        let (why, pause) = match ended {
            Ended::Over => return,
            Ended::Failed(why) => (why, back_off),
            // What a person does elsewhere, such as installing a program, is noticed within a minute.
            Ended::Waits(why) => (why, LONGEST_BACK_OFF.min(Duration::from_secs(60))),
        };
        tracing::warn!(kind = %wish.kind, why, "the stall cannot be reached from outside");
        stage.tell(State::Failing { why, next_try: stage.after(pause) });
        tokio::select! {
            () = stage.over.cancelled() => return,
            () = again.notified() => back_off = FIRST_BACK_OFF,
            () = sleep(pause) => back_off = LONGEST_BACK_OFF.min(back_off * 2),
        }
    }
}

impl Stage<'_> {
    /// Says how it stands, unless that is over or known.
    pub(crate) fn tell(&self, state: State) {
        if self.over.is_cancelled() {
            return;
        }
        self.state.send_if_modified(|known| {
            let is_new = *known != state;
            *known = state;
            is_new
        });
    }

    /// When it will be, some time from now.
    pub(crate) fn after(&self, pause: Duration) -> Option<DateTime<Utc>> {
        self.surroundings.clock.now().checked_add_signed(TimeDelta::from_std(pause).ok()?)
    }

    /// Waits, and says whether it is over by then.
    pub(crate) async fn is_over_after(&self, pause: Duration) -> bool {
        timeout(pause, self.over.cancelled()).await.is_ok()
    }
}
