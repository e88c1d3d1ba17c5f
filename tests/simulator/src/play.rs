//! Plays a schedule: moves the people, the chain, the weather and the clock around one engine after the other.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use alloy_primitives::{Address, B256, U256};
use integration::{Buyer, Signed, Terms, Version, Visitor, exchange};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::clock::HandClock;
use crate::ground::BEGIN;
use crate::leave;
use crate::life::{Death, Life, WALLET};
use crate::people::{Answered, Asked, People, content, version};
use crate::proxy::Proxy;
use crate::schedule::{GOODS, HONEST, Lie, STRAY, Schedule, Spelling, Step, Trick};
use crate::stage::{Remains, Stage};

/// For how long the node must not have been asked before all is said to be quiet, and how long that is waited for.
const QUIET: Duration = Duration::from_millis(3);
const LONGEST_QUIET: Duration = Duration::from_millis(120);

/// How long a part of the time takes that passes where no clock is moved.
const REAL_STEP: Duration = Duration::from_millis(200);

/// How many minutes the computer sleeps at most after an outage: who sleeps through the little time that is left, in the
/// moment in which a reorganisation takes a payment back, can be helped by nobody.
const LATE_SLEEP: u64 = 30;

/// How long a start waits for its node.
const STARTED_WITHIN: Duration = Duration::from_millis(500);

/// A schedule that is being played.
pub(crate) struct Play<'s> {
    pub(crate) stage: &'s mut Stage,
    pub(crate) schedule: &'s Schedule,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) people: People,
    /// Always there but for the moment between two lives.
    pub(crate) life: Option<Life>,
    pub(crate) folder: PathBuf,
    asked: Arc<Mutex<Vec<Asked>>>,
    strays: Vec<(&'static str, String)>,
    payouts: Vec<Address>,
    /// Everything that was signed as asked, by whom and for what.
    signed: Vec<(usize, usize, Signed)>,
    pub(crate) visits: JoinSet<()>,
    tells: bool,
    /// Whether an outage has left little time to some payment.
    is_late: bool,
}

impl<'s> Play<'s> {
    pub(crate) fn new(
        stage: &'s mut Stage,
        schedule: &'s Schedule,
        clock: Arc<HandClock>,
        people: People,
        life: Life,
        folder: PathBuf,
        tells: bool,
    ) -> Self {
        let payouts = vec![people.pay_to(0)];
        Self {
            stage,
            schedule,
            clock,
            people,
            life: Some(life),
            folder,
            asked: Arc::default(),
            strays: Vec::new(),
            payouts,
            signed: Vec::new(),
            visits: JoinSet::new(),
            tells,
            is_late: false,
        }
    }

    /// Plays it to its end.
    pub(crate) async fn through(mut self, root: TempDir) -> Remains {
        for (number, turn) in self.schedule.turns.iter().enumerate() {
            self.stage.reseed(self.schedule.seed.wrapping_add(number as u64));
            self.step(&turn.step).await;
            if turn.waits {
                self.quiet().await;
            }
        }
        let unfinished = self.end().await;
        let (shown, faults) = self.stage.seen();
        let asked = std::mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner));
        Remains {
            schedule: self.schedule.clone(),
            people: self.people,
            payouts: self.payouts,
            asked,
            strays: self.strays,
            shown,
            faults,
            unfinished,
            folder: self.folder,
            _root: root,
        }
    }

    pub(crate) fn life(&self) -> &Life {
        self.life.as_ref().expect("an engine lives")
    }

    pub(crate) fn chain_time(&self) -> u64 {
        self.clock.seconds().saturating_add_signed(self.schedule.skew)
    }

    async fn step(&mut self, step: &Step) {
        if self.tells {
            println!("{:>8} {step:?}", self.clock.seconds().saturating_sub(BEGIN));
        }
        match step {
            Step::Buy { who, what, copies } => {
                if let Some(terms) = self.terms(*what).await {
                    let signed = self.sign(*who, *what, &terms);
                    for copy in 0..*copies {
                        self.visit(*what, signed.clone(), version(copy), true, None);
                    }
                }
            }
            Step::Rush { who, what, count } => {
                if let Some(terms) = self.terms(*what).await {
                    for number in 0..*count {
                        let signed = self.sign(*who, *what, &terms);
                        self.visit(*what, signed, version(number), true, None);
                    }
                }
            }
            Step::HangUp { who, what, after } => {
                if let Some(terms) = self.terms(*what).await {
                    let signed = self.sign(*who, *what, &terms);
                    let url = self.life().url().to_owned();
                    let header = signed.payment(version(*who)).header();
                    let (path, after) = (GOODS[*what].path, *after);
                    self.visits.spawn(async move { leave::after(&url, path, &header, after).await });
                }
            }
            Step::Stray { spelling } => {
                let path = STRAY[*spelling];
                let request = format!("GET {path} HTTP/1.1\r\nhost: stall\r\nconnection: close\r\n\r\n");
                let answer = exchange(self.life().url(), request.as_bytes()).await;
                self.strays.push((path, answer.split_whitespace().nth(1).unwrap_or_default().to_owned()));
            }
            Step::Lock(locked) => self.life().lock(*locked).await,
            Step::Payout => {
                let next = self.people.pay_to(self.payouts.len() as u64);
                if self.life().pay_to(next).await {
                    self.payouts.push(next);
                }
            }
            Step::Again { purchase, spelling } => self.again(*purchase, *spelling),
            Step::Cheat { who, what, lie } => self.cheat(*who, *what, *lie).await,
            Step::Trick { purchase, trick } => self.trick(*purchase, *trick).await,
            Step::Settle => self.life().tell("settle", json!({ "wait": false })),
            Step::Pass { seconds, blocks } => self.pass(*seconds, *blocks).await,
            Step::Sleep { minutes } => {
                let minutes = if self.is_late { (*minutes).min(LATE_SLEEP) } else { *minutes };
                self.clock.advance(minutes * 60_000);
                self.stage.ground.mine(self.chain_time()).await;
            }
            Step::Turn { node, weather } => self.stage.turn(*node, weather),
            Step::Outage => {
                self.is_late = true;
                self.outage().await;
            }
            Step::Reorganise { depth } => self.stage.ground.reorganise(*depth).await,
            Step::DropPool => self.stage.ground.drop_pool().await,
            Step::GasMoney(plenty) => self.stage.ground.coins(WALLET, if *plenty { 10 } else { 0 }).await,
            Step::BaseFee { gwei } => self.stage.ground.base_fee(*gwei).await,
            Step::ForeignTransaction => self.stage.ground.foreign_transaction(WALLET).await,
            Step::Paused(paused) => self.stage.ground.pause(*paused).await,
            Step::Block { who } => self.stage.ground.block(self.people.buyer(*who).address()).await,
            Step::Die(death) => self.die(*death).await,
            Step::Restart => self.restart().await,
        }
    }

    /// What a thing costs now; nothing while the stall does not say.
    async fn terms(&self, what: usize) -> Option<Terms> {
        let answer = Visitor::new(self.life().url()).try_get(GOODS[what].path, &[]).await.ok()?;
        (answer.status == 402).then(|| Terms::read(&answer))
    }

    fn sign(&mut self, who: usize, what: usize, terms: &Terms) -> Signed {
        let authorization = self.people.authorization(who, terms, self.clock.seconds());
        let signed = self.people.buyer(who).sign_this(terms, authorization);
        self.signed.push((who, what, signed.clone()));
        signed
    }

    /// Somebody sends a payment and waits for the answer while other things happen.
    fn visit(&mut self, what: usize, signed: Signed, version: Version, fair: bool, spelt: Option<[u8; 65]>) {
        let signature = spelt.unwrap_or(signed.signature);
        let payment = signed.payment_with(version, &signature);
        let began = self.clock.milliseconds();
        let visitor = Visitor::new(self.life().url());
        let mut dead = self.life().dead();
        let asked = Arc::clone(&self.asked);
        self.visits.spawn(async move {
            let answer = tokio::select! {
                biased;
                _ = dead.wait_for(|dead| *dead) => None,
                answer = visitor.try_pay(GOODS[what].path, &payment) => answer.ok(),
            };
            let answered = answer.map_or(Answered::Lost, |answer| Answered::With {
                status: answer.status,
                goods: answer.body == content(&GOODS[what]),
                payment: answer
                    .decoded("payment-response")
                    .and_then(|receipt| Some(receipt["extra"]["commitmentId"].as_str()?.to_owned())),
                code: serde_json::from_slice::<Value>(&answer.body)
                    .ok()
                    .and_then(|body| Some(body["error"].as_str()?.to_owned()))
                    .unwrap_or_default(),
            });
            let mut all = asked.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(Asked { what, signed, fair, began, answered });
        });
    }

    fn again(&mut self, purchase: usize, spelling: Spelling) {
        if self.signed.is_empty() {
            return;
        }
        let (_, what, signed) = self.signed[purchase % self.signed.len()].clone();
        match spelling {
            Spelling::Same => self.visit(what, signed, Version::Two, true, None),
            Spelling::OtherVersion => self.visit(what, signed, Version::One, true, None),
            Spelling::HighS => {
                let spelt = signed.high_s();
                self.visit(what, signed, Version::Two, true, Some(spelt));
            }
            Spelling::LowV => {
                let spelt = signed.low_v();
                self.visit(what, signed, Version::One, true, Some(spelt));
            }
            // The two that cost the same, so that only what it was signed for can tell.
            Spelling::Elsewhere => {
                let elsewhere = match what {
                    0 => 3,
                    3 => 0,
                    other => (other + 1) % GOODS.len(),
                };
                self.visit(elsewhere, signed, Version::One, true, None);
            }
        }
    }

    async fn cheat(&mut self, who: usize, what: usize, lie: Lie) {
        let Some(terms) = self.terms(what).await else { return };
        let now = self.clock.seconds();
        let mut authorization = self.people.authorization(who, &terms, now);
        let mut signer = self.people.buyer(who).clone();
        match lie {
            Lie::Cheaper => authorization.value -= U256::from(1),
            Lie::OtherReceiver => authorization.to = authorization.from,
            Lie::Short => authorization.valid_before = now + 60,
            Lie::OtherSigner => signer = Buyer::with_key(B256::repeat_byte(0x77)),
        }
        let signed = signer.sign_this(&terms, authorization);
        // What has little time left is no lie: it may be settled at once.
        self.visit(what, signed, version(who), lie == Lie::Short, None);
    }

    async fn trick(&mut self, purchase: usize, trick: Trick) {
        let theirs: Vec<_> = self.signed.iter().filter(|(who, ..)| *who >= HONEST).collect();
        // Anybody may submit what an honest payer signed; the rest only who signed it can do.
        let chosen = match trick {
            Trick::FrontRun => self.signed.get(purchase % self.signed.len().max(1)),
            Trick::Drain | Trick::Cancel | Trick::Divert => {
                theirs.get(purchase % theirs.len().max(1)).copied()
            }
        };
        let Some((who, _, signed)) = chosen else { return };
        let buyer = self.people.buyer(*who);
        let ground = &self.stage.ground;
        match trick {
            Trick::FrontRun => ground.by_stranger(signed.call()).await,
            Trick::Cancel => {
                let nonce = signed.authorization.nonce;
                ground.by_stranger(buyer.cancellation(&signed.terms.domain, nonce)).await;
            }
            Trick::Divert => {
                let mut other = signed.authorization;
                other.to = buyer.address();
                ground.by_stranger(buyer.sign_this(&signed.terms, other).call()).await;
            }
            Trick::Drain => {
                let balance = ground.node().balance(buyer.address()).await;
                ground.move_tokens(buyer.address(), balance).await;
            }
        }
    }

    /// Time passes in even steps, some of which bring a block.
    pub(crate) async fn pass(&self, seconds: u64, blocks: u64) {
        let steps = blocks.max(1);
        for number in 0..steps {
            self.clock.advance(seconds * 1000 / steps);
            if self.clock.is_real() {
                sleep(REAL_STEP).await;
            }
            if number < blocks {
                self.stage.ground.mine(self.chain_time()).await;
            }
            self.quiet().await;
        }
    }

    /// Waits until nobody asks the node anything.
    pub(crate) async fn quiet(&self) {
        let begun = Instant::now();
        sleep(QUIET).await;
        while self.stage.idle() < QUIET && begun.elapsed() < LONGEST_QUIET {
            sleep(Duration::from_millis(1)).await;
        }
    }

    async fn die(&mut self, death: Death) {
        let ways = self.stage.ways();
        if let Some(life) = self.life.take() {
            self.folder = life.die(death, || ways.iter().for_each(Proxy::sever)).await;
        }
        self.begin().await;
    }

    async fn restart(&mut self) {
        if let Some(life) = self.life.take() {
            life.stop().await;
        }
        self.begin().await;
    }

    pub(crate) async fn begin(&mut self) {
        self.stage.mend();
        let life = Life::begin(&self.folder, self.stage.port, &self.clock).await;
        // A node that fails at the start is asked again only seconds later, by a clock that nobody moves. So it mostly
        // answers then.
        if self.schedule.spares_starts {
            self.stage.spare(true);
            life.connected(STARTED_WITHIN).await;
            self.stage.spare(false);
        }
        self.life = Some(life);
    }
}
