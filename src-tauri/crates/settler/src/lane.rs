use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use chain::ChainError;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Asset, AssetId, BatchId, Clock, PaymentSeq};
use futures::FutureExt as _;
use store::{Change, Changes, MinedAttempt, OpenBatch, SettleRequest, Store, Verdict};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::appetite::Appetite;
use crate::asked::Asked;
use crate::calling::Calling;
use crate::calls::Answered;
use crate::deadline::Due;
use crate::exposure_watch::Exposed;
use crate::flight::Flight;
use crate::halt::Halt;
use crate::intake::Standing;
use crate::pace::{Backoff, PutBack, Return, pause};
use crate::scheduled::Scheduled;
use crate::{LaneConfig, LaneState, SettleError, judge};

/// The most transactions of one lane that wait to be mined at the same time (T42).
const IN_FLIGHT: usize = 2;

/// How long a lane rests when nothing calls it. Short, because after the computer slept this is what
/// brings the deadlines back to mind (T67).
const LONGEST_REST: TimeDelta = TimeDelta::seconds(15);

/// The distance between two looks at the queue, so that a rush of sales is read in groups: at least
/// this, and as many times as long as reading it took, so that a long queue does not eat a processor.
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);
const MOST_BETWEEN_LOOKS: Duration = Duration::from_millis(500);
const READING_SHARE: u32 = 20;

const FIRST_RETRY: TimeDelta = TimeDelta::seconds(1);
const LONGEST_RETRY: TimeDelta = TimeDelta::seconds(15);

/// What a lane can be asked.
pub(crate) enum Command {
    /// Settle what somebody asked for. Answers with the batches that are then under way, or under a key
    /// with those that it made, now or at any earlier time.
    Settle(Asked, oneshot::Sender<Result<Vec<BatchId>, SettleError>>),
    /// Batches are open again because their block is gone.
    Adopt,
    /// Some payers' payments should not wait any longer.
    Exposed(Exposed),
}

/// A batch that was opened and is not signed yet.
pub(crate) struct Chosen {
    pub(crate) batch: OpenBatch,
    pub(crate) asset: Asset,
    /// Its buyers wait.
    pub(crate) instant: bool,
    /// What was read of chain and wallet just before it was opened; good for one try.
    pub(crate) standing: Option<Standing>,
    /// When the first of its payments has to be on its way whatever else happens (I6).
    pub(crate) settle_by: DateTime<Utc>,
}

impl Chosen {
    pub(crate) fn new(batch: OpenBatch, asset: Asset, instant: bool, standing: Option<Standing>) -> Self {
        let settle_by = batch.payments.iter().map(store::OpenPayment::settle_by).min();
        let settle_by = settle_by.unwrap_or(DateTime::<Utc>::MAX_UTC);
        Self { batch, asset, instant, standing, settle_by }
    }
}

/// All settling work of one network, one step after the other. It is the only place that takes wallet
/// nonces on its network, so being in a step is the wallet's lock (I9).
pub(crate) struct Lane {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) config: LaneConfig,
    pub(crate) stop: CancellationToken,
    pub(crate) assets: Vec<(AssetId, Asset)>,
    pub(crate) ready: VecDeque<Chosen>,
    pub(crate) flights: Vec<Flight>,
    /// What a facilitator is asked to settle.
    pub(crate) callings: Vec<Calling>,
    /// The payments whose answer from it is waited for, and the waiting itself.
    pub(crate) asking: HashSet<PaymentSeq>,
    pub(crate) answers: JoinSet<Answered>,
    pub(crate) put_back: PutBack,
    pub(crate) due: Due,
    pub(crate) scheduled: Scheduled,
    /// By how much the chain's clock is ahead of this computer's.
    pub(crate) chain_ahead: TimeDelta,
    /// What is on disk was taken in.
    pub(crate) recovered: bool,
    /// The highest wallet nonce that was seen mined, and when.
    pub(crate) last_mined: Option<(u64, DateTime<Utc>)>,
    /// The named request that batches are being opened for.
    pub(crate) request: Option<SettleRequest>,
    /// How long the last look at the queue took.
    pub(crate) reading_took: Duration,
    /// How much goes into one transaction of an asset, where that is not what the network allows.
    pub(crate) appetites: HashMap<AssetId, Appetite>,
    /// What the watch over payers wants settled early.
    pub(crate) exposed: Vec<Exposed>,
    /// The last transaction was an instant one.
    instant_went_last: bool,
    mailbox: mpsc::Receiver<Command>,
    changes: Changes,
    state: watch::Sender<LaneState>,
    /// Paces the watching of transactions while the node is away.
    away: Backoff,
    /// Paces new work after it was hindered.
    held: Backoff,
    /// Why the watching and new work are held up.
    hindrances: [Option<String>; 2],
}

enum Event {
    Stop,
    Asked(Command),
    Answered(Answered),
    Changed(Change),
    Rested,
}

impl Lane {
    pub(crate) fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        config: LaneConfig,
        stop: CancellationToken,
        mailbox: mpsc::Receiver<Command>,
        state: watch::Sender<LaneState>,
    ) -> Self {
        let now = clock.now();
        Self {
            changes: store.changes(),
            store,
            clock,
            config,
            stop,
            assets: Vec::new(),
            ready: VecDeque::new(),
            flights: Vec::new(),
            callings: Vec::new(),
            asking: HashSet::new(),
            answers: JoinSet::new(),
            put_back: PutBack::default(),
            due: Due::default(),
            scheduled: Scheduled::default(),
            chain_ahead: TimeDelta::zero(),
            recovered: false,
            last_mined: None,
            request: None,
            reading_took: Duration::ZERO,
            appetites: HashMap::new(),
            exposed: Vec::new(),
            instant_went_last: false,
            mailbox,
            state,
            away: Backoff::new(FIRST_RETRY, LONGEST_RETRY, now),
            held: Backoff::new(FIRST_RETRY, LONGEST_RETRY, now),
            hindrances: [None, None],
        }
    }

    /// Works until it is told to stop.
    pub(crate) async fn run(mut self) {
        loop {
            let looked = tokio::time::Instant::now();
            if self.work().await.is_err() {
                break;
            }
            self.tell();
            // A rush is read in groups; a single sale after a rest is not kept waiting.
            let spacing = (self.reading_took * READING_SHARE).clamp(BETWEEN_LOOKS, MOST_BETWEEN_LOOKS);
            if !self.rest(looked + spacing).await {
                break;
            }
        }
    }

    /// One round: what is due goes first, then what is on its way is looked after, then comes new work
    /// (I6, T67). Fails only when it is to stop.
    async fn work(&mut self) -> Result<(), Stopped> {
        let now = self.clock.now();
        // A node that was away may be back for the watching before new work is tried again.
        let may_be_back = self.hindrances[0].is_some() && self.away.is_due(now);
        if (may_be_back || self.held.is_due(now))
            && let Err(halt) = self.begin().await
        {
            self.note_held(Err(halt))?;
        }
        if self.away.is_due(now) {
            let followed = match self.follow().await {
                Ok(()) => self.follow_calls().await,
                Err(Halt::Chain(error)) => self.follow_calls().await.and(Err(Halt::Chain(error))),
                Err(halt) => Err(halt),
            };
            self.note_away(followed)?;
        }
        // The network may have come back in this very round.
        if self.held.is_due(self.clock.now()) && self.recovered {
            let sent = self.take_and_send().await;
            self.note_held(sent)?;
        }
        Ok(())
    }

    /// Takes in what is on disk, and sends what its deadline calls for ahead of everything else.
    async fn begin(&mut self) -> Result<(), Halt> {
        if !self.recovered {
            self.recover().await?;
        }
        match self.take_due().await {
            // What else there is may be smaller; it is said when that was tried.
            Err(halt) if halt.is_about_gas() => {}
            taken => taken?,
        }
        // One more than otherwise: those on their way may be mined by now, which is looked at later.
        while self.flying() <= IN_FLIGHT {
            let due = self.ready.iter().position(|chosen| chosen.settle_by <= self.judging_time());
            let Some(chosen) = due.and_then(|place| self.ready.remove(place)) else { break };
            match self.send_next(chosen).await {
                Err(halt) if halt.is_about_gas() => break,
                sent => sent?,
            }
        }
        Ok(())
    }

    async fn send_next(&mut self, chosen: Chosen) -> Result<(), Halt> {
        self.state.send_if_modified(|state| turn_to(state, LaneState::Preparing));
        self.instant_went_last = chosen.instant;
        self.send(chosen).await
    }

    /// Takes what is due, to be tried again, or instant, and sends while there is room. Gas money that does not
    /// cover the one keeps no other from being tried (I10).
    async fn take_and_send(&mut self) -> Result<(), Halt> {
        let hindered = match self.take_what_waits().await {
            Err(halt) if halt.is_about_gas() => Some(halt),
            taken => taken.map(|()| None)?,
        };
        if !self.has_room() && self.sells_beside_flights() {
            // Its questions need no room among our own transactions.
            self.take_instant().await?;
        }
        while self.has_room() {
            let waiting = self.ready.front().map(|chosen| chosen.instant);
            // Buyers who wait go first, but not always: what is due must not starve behind them.
            if waiting.is_none() || (waiting == Some(false) && !self.instant_went_last) {
                self.take_instant().await?;
            }
            let Some(chosen) = self.ready.pop_front() else { break };
            self.send_next(chosen).await?;
        }
        self.finish_run().await?;
        hindered.map_or(Ok(()), Err)
    }

    async fn take_what_waits(&mut self) -> Result<(), Halt> {
        self.take_due().await?;
        self.take_exposed().await?;
        self.take_scheduled().await?;
        self.take_again().await
    }

    /// Writes down what the chain said, and remembers what came back to the queue.
    pub(crate) async fn record(
        &mut self,
        batch: BatchId,
        attempt: Option<MinedAttempt>,
        outcomes: Vec<(domain::PaymentSeq, domain::Outcome)>,
        way: Return,
    ) -> Result<(), Halt> {
        let now = self.clock.now();
        self.store.record(Verdict { batch, attempt, outcomes: outcomes.clone(), at: now }).await?;
        for (payment, outcome) in outcomes {
            if outcome == domain::Outcome::Unknown {
                self.put_back.put(payment, way, now);
            } else if judge::returns(outcome) {
                self.put_back.put(payment, Return::Wait, now);
            } else {
                self.put_back.forget(payment);
            }
        }
        Ok(())
    }

    /// Whether another transaction may be sent.
    fn has_room(&self) -> bool {
        self.flying() < IN_FLIGHT
    }

    /// How many transactions may still be mined.
    fn flying(&self) -> usize {
        self.flights.iter().filter(|flight| flight.is_flying()).count()
    }

    /// The batches that are under way.
    pub(crate) fn running(&self) -> Vec<BatchId> {
        let flying = self.flights.iter().map(|flight| flight.batch.id);
        let called = self.callings.iter().map(|calling| calling.batch.id);
        flying.chain(self.ready.iter().map(|chosen| chosen.batch.id)).chain(called).collect()
    }

    /// Waits for a reason to look again. False when the lane is to stop.
    async fn rest(&mut self, not_before: tokio::time::Instant) -> bool {
        loop {
            let nap = self.next_look().signed_duration_since(self.clock.now());
            let nap = nap.clamp(TimeDelta::zero(), LONGEST_REST);
            let Self { mailbox, changes, clock, stop, answers, .. } = self;
            let event = tokio::select! {
                biased;
                () = stop.cancelled() => Event::Stop,
                asked = mailbox.recv() => asked.map_or(Event::Stop, Event::Asked),
                Some(answered) = answers.join_next() => match answered {
                    Ok(answered) => Event::Answered(answered),
                    Err(_) => continue,
                },
                changed = changes.next() => changed.map_or(Event::Stop, Event::Changed),
                () = pause(&**clock, nap) => Event::Rested,
            };
            match event {
                Event::Stop => return false,
                Event::Rested => return true,
                Event::Answered(answered) => {
                    return match self.hear(answered).await {
                        Ok(()) => true,
                        Err(halt) => self.after(halt).is_ok(),
                    };
                }
                Event::Asked(Command::Settle(asked, reply)) => {
                    let settled = self.settle(asked).await;
                    let answer = match &settled {
                        Ok(running) => Ok(running.clone()),
                        Err(halt) => Err(halt.into()),
                    };
                    let noted = self.note_held(settled.map(drop));
                    self.tell();
                    // Whoever asked may have gone; what was begun goes on all the same.
                    drop(reply.send(answer));
                    return noted.is_ok();
                }
                Event::Asked(Command::Exposed(exposed)) => {
                    self.note_exposed(exposed);
                    return true;
                }
                Event::Asked(Command::Adopt) => {
                    self.recovered = false;
                    return true;
                }
                Event::Changed(change) => {
                    if self.is_reason(change) {
                        tokio::select! {
                            () = self.stop.cancelled() => return false,
                            () = tokio::time::sleep_until(not_before) => {}
                        }
                        while let Some(Some(change)) = self.changes.next().now_or_never() {
                            self.is_reason(change);
                        }
                        return true;
                    }
                }
            }
        }
    }

    /// Whether a change is a reason to look at the queue.
    fn is_reason(&mut self, change: Change) -> bool {
        match change {
            Change::Everything | Change::Settings => {
                self.assets.clear();
                self.scheduled.forget();
                true
            }
            Change::Payments => true,
            Change::Endpoints | Change::Batches | Change::Deliveries | Change::Webhooks | Change::Notices => {
                false
            }
        }
    }

    /// When there is something to do without being called.
    fn next_look(&self) -> DateTime<Utc> {
        let now = self.clock.now();
        let mut next = now + LONGEST_REST;
        if let Some(look) = self.flights.iter().map(Flight::next_look).min() {
            next = next.min(if self.away.is_due(now) { look } else { look.max(self.away.next()) });
        }
        if let Some(call) = self.next_call() {
            next = next.min(if self.away.is_due(now) { call } else { call.max(self.away.next()) });
        }
        let due = self.due.next.map(|due| due - self.chain_ahead);
        let work = [due, self.scheduled.next, self.put_back.next(now)].into_iter().flatten().min();
        if !self.held.is_due(now) {
            next.min(self.held.next())
        } else if !self.has_room() {
            next
        } else {
            work.map_or(next, |work| next.min(work))
        }
    }

    /// Notes how following went; after a failure, the node is asked again at growing distances.
    fn note_away(&mut self, followed: Result<(), Halt>) -> Result<(), Stopped> {
        let now = self.clock.now();
        let [away, _] = &mut self.hindrances;
        match followed {
            Ok(()) => {
                if away.take().is_some() {
                    // The network is back: what is due must not wait until it is tried again.
                    self.held.restart(now);
                    self.due.forget();
                }
                self.away.restart(now);
                Ok(())
            }
            Err(halt) => {
                *away = Some(halt.sentence());
                self.away.missed(now);
                self.after(halt)
            }
        }
    }

    /// The same for new work.
    fn note_held(&mut self, done: Result<(), Halt>) -> Result<(), Stopped> {
        let now = self.clock.now();
        let [_, held] = &mut self.hindrances;
        match done {
            Ok(()) => {
                *held = None;
                self.held.restart(now);
                Ok(())
            }
            Err(halt) => {
                *held = Some(halt.sentence());
                self.held.missed(now);
                self.after(halt)
            }
        }
    }

    fn after(&mut self, halt: Halt) -> Result<(), Stopped> {
        match halt {
            Halt::Stopped => Err(Stopped),
            Halt::Store(error) => {
                tracing::error!(network = %self.config.network, %error, "settling could not use the store");
                // What is on disk decides, not what this lane believes it wrote.
                self.flights.clear();
                self.callings.clear();
                self.ready.clear();
                self.recovered = false;
                self.scheduled.interrupted();
                Ok(())
            }
            Halt::Chain(error) => {
                tracing::warn!(network = %self.config.network, %error, "settling waits for the chain");
                Ok(())
            }
            Halt::Wallet(error) => {
                tracing::warn!(network = %self.config.network, %error, "the gas wallet did not sign");
                Ok(())
            }
            Halt::NoGasMoney => {
                tracing::warn!(network = %self.config.network, "the gas wallet holds too little");
                Ok(())
            }
            Halt::DayIsSpent => {
                tracing::warn!(network = %self.config.network, "the gas money of a day is spent");
                Ok(())
            }
        }
    }

    /// Publishes what the lane is doing.
    fn tell(&self) {
        let hindered = self.hindrances.iter().flatten().next().cloned();
        let hindered = hindered.or_else(|| self.flights.iter().find_map(Flight::hindered));
        let hindered = hindered.or_else(|| self.call_trouble());
        let next = if let Some(sentence) = hindered {
            LaneState::Blocked(sentence)
        } else if let Some(hash) = self.flights.iter().find_map(Flight::hash) {
            LaneState::Waiting { hash }
        } else if !self.callings.is_empty() {
            LaneState::Asking
        } else if self.ready.is_empty() {
            LaneState::Idle
        } else {
            LaneState::Preparing
        };
        self.state.send_if_modified(|state| turn_to(state, next));
    }
}

/// The lane is to stop.
#[derive(Debug)]
struct Stopped;

fn turn_to(state: &mut LaneState, next: LaneState) -> bool {
    let differs = *state != next;
    *state = next;
    differs
}

impl From<&Halt> for SettleError {
    fn from(halt: &Halt) -> Self {
        match halt {
            Halt::Stopped => Self::Stopped,
            Halt::Chain(error) => Self::Chain(error.clone()),
            Halt::Store(error) => Self::Store(error.clone()),
            Halt::Wallet(error) => Self::Wallet(error.clone()),
            Halt::NoGasMoney => Self::Chain(ChainError::OutOfGasMoney),
            Halt::DayIsSpent => Self::DayIsSpent,
        }
    }
}
