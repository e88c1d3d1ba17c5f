//! Plays a schedule: moves the people, the chain, the weather and the clock around one engine after the other.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use integration::{Buyer, Signed, Terms, Version, Visitor};
use serde_json::{Value, json};
use sqlx::{Row as _, SqliteConnection};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::clock::HandClock;
use crate::ground::{BEGIN, Ground};
use crate::judge::{self, Case};
use crate::life::{Death, Life, WALLET, read_only};
use crate::people::{Answered, Asked, People, content, version};
use crate::proxy::Proxy;
use crate::schedule::{GOODS, HONEST, Lie, Schedule, Spelling, Step, Trick};
use crate::weather::Weather;

/// For how long the node must not have been asked before all is said to be quiet, and how long that is waited for.
const QUIET: Duration = Duration::from_millis(3);
const LONGEST_QUIET: Duration = Duration::from_millis(120);

/// How long a start waits for its node, and how long a node that answers again may not be noticed.
const STARTED_WITHIN: Duration = Duration::from_millis(500);
const CONNECTED_WITHIN: Duration = Duration::from_secs(20);

/// How many rounds of an hour and less it may take until everything is over once nothing goes wrong any more.
const ROUNDS: usize = 240;

/// How often everything may come to its end and begin again before that counts as never.
const ENDINGS: usize = 3;

/// What is not over yet, by state, and when the first of it must be.
const OPEN: &str = "select state, count(*) as payments, min(valid_before) as first from payments
     where state in ('queued', 'settling') or (evidence_block is not null and final_at is null)
     group by state";

/// A node, the proxy before it, and a port: what one schedule after the other plays on.
pub(crate) struct Stage {
    ground: Ground,
    proxy: Proxy,
    port: u16,
}

/// What a schedule came to.
#[derive(Debug, Default)]
pub(crate) struct Ending {
    /// What is wrong, one sentence each.
    pub(crate) wrong: Vec<String>,
    /// How many payments were stored, and how many questions met a fault.
    pub(crate) payments: usize,
    pub(crate) faults: u64,
}

impl Stage {
    /// Starts the node.
    pub(crate) async fn prepare() -> Self {
        let ground = Ground::prepare().await;
        let proxy = Proxy::before(ground.node().url()).await;
        let probe = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        Self { ground, proxy, port: probe.local_addr().expect("its address").port() }
    }

    /// Plays one schedule and judges it. `tells` says what happens while it does.
    pub(crate) async fn play(&mut self, schedule: &Schedule, tells: bool) -> Ending {
        self.ground.reset().await;
        let clock = Arc::new(HandClock::at(BEGIN));
        self.proxy.begin(Arc::clone(&clock), schedule.seed);
        let people = People::of(schedule.seed);
        self.ground.fund(&people.purses()).await;
        self.ground.coins(WALLET, 10).await;
        let root = TempDir::with_prefix("simulated-").expect("a temporary folder");
        let folder = root.path().join("data");
        Life::furnish(&folder);
        let life = Life::begin(&folder, self.port, &clock).await;
        life.set_up(&self.proxy.url(), people.pay_to()).await;
        offer(&life, &root).await;
        let mut play = Play {
            stage: self,
            schedule,
            clock,
            people,
            life: Some(life),
            folder,
            asked: Arc::default(),
            signed: Vec::new(),
            visits: JoinSet::new(),
            tells,
        };
        for (number, turn) in schedule.turns.iter().enumerate() {
            play.stage.proxy.reseed(schedule.seed.wrapping_add(number as u64));
            play.step(&turn.step).await;
            if turn.waits {
                play.quiet().await;
            }
        }
        play.end().await
    }
}

/// Puts everything up for sale.
async fn offer(life: &Life, root: &TempDir) {
    let shelf = root.path().canonicalize().expect("a real path").join("goods");
    std::fs::create_dir_all(&shelf).expect("a folder for goods");
    for goods in &GOODS {
        let file = shelf.join(format!("{}.bin", goods.path.trim_start_matches('/')));
        std::fs::write(&file, content(goods)).expect("the goods can be written");
        let mode = if goods.instant { "instant" } else { "batched" };
        let endpoint = json!({
            "file": file, "path": goods.path, "price": goods.price, "mode": mode, "ownedFor": goods.owned_for,
        });
        life.ask("endpoint_add", endpoint).await.expect("it can be offered");
    }
}

struct Play<'s> {
    stage: &'s mut Stage,
    schedule: &'s Schedule,
    clock: Arc<HandClock>,
    people: People,
    /// Always there but for the moment between two lives.
    life: Option<Life>,
    folder: PathBuf,
    asked: Arc<Mutex<Vec<Asked>>>,
    /// Everything that was signed as asked, by whom and for what.
    signed: Vec<(usize, usize, Signed)>,
    visits: JoinSet<()>,
    tells: bool,
}

impl Play<'_> {
    fn life(&self) -> &Life {
        self.life.as_ref().expect("an engine lives")
    }

    fn chain_time(&self) -> u64 {
        self.clock.seconds().saturating_add_signed(self.schedule.skew)
    }

    async fn step(&mut self, step: &Step) {
        if self.tells {
            println!("{:>8} {step:?}", self.clock.seconds() - BEGIN);
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
            Step::Again { purchase, spelling } => self.again(*purchase, *spelling),
            Step::Cheat { who, what, lie } => self.cheat(*who, *what, *lie).await,
            Step::Trick { purchase, trick } => self.trick(*purchase, *trick).await,
            Step::Settle => self.life().tell("settle", json!({ "wait": false })),
            Step::Pass { seconds, blocks } => self.pass(*seconds, *blocks).await,
            Step::Sleep { minutes } => {
                self.clock.advance(minutes * 60_000);
                self.stage.ground.mine(self.chain_time()).await;
            }
            Step::Turn(weather) => self.stage.proxy.set(weather.clone()),
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
            Lie::Cheaper => authorization.value -= alloy_primitives::U256::from(1),
            Lie::OtherReceiver => authorization.to = authorization.from,
            Lie::Short => authorization.valid_before = now + 60,
            Lie::OtherSigner => signer = Buyer::with_key(alloy_primitives::B256::repeat_byte(0x77)),
        }
        let signed = signer.sign_this(&terms, authorization);
        self.visit(what, signed, version(who), false, None);
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
    async fn pass(&mut self, seconds: u64, blocks: u64) {
        let steps = blocks.max(1);
        for number in 0..steps {
            self.clock.advance(seconds * 1000 / steps);
            if number < blocks {
                self.stage.ground.mine(self.chain_time()).await;
            }
            self.quiet().await;
        }
    }

    /// Waits until nobody asks the node anything.
    async fn quiet(&self) {
        let begun = Instant::now();
        sleep(QUIET).await;
        while self.stage.proxy.idle() < QUIET && begun.elapsed() < LONGEST_QUIET {
            sleep(Duration::from_millis(1)).await;
        }
    }

    async fn die(&mut self, death: Death) {
        let proxy = self.stage.proxy.clone();
        if let Some(life) = self.life.take() {
            self.folder = life.die(death, || proxy.sever()).await;
        }
        self.begin().await;
    }

    async fn restart(&mut self) {
        if let Some(life) = self.life.take() {
            life.stop().await;
        }
        self.begin().await;
    }

    async fn begin(&mut self) {
        self.stage.proxy.mend();
        let life = Life::begin(&self.folder, self.stage.port, &self.clock).await;
        // A node that fails at the start is asked again only seconds later, by a clock that nobody moves. So it mostly
        // answers then.
        if self.schedule.spares_starts {
            self.stage.proxy.spare(true);
            life.connected(STARTED_WITHIN).await;
            self.stage.proxy.spare(false);
        }
        self.life = Some(life);
    }

    /// Nothing goes wrong any more, and time passes until everything is over; then all of it is judged.
    async fn end(mut self) -> Ending {
        self.stage.proxy.set(Weather::Clear);
        self.stage.ground.coins(WALLET, 10).await;
        self.stage.ground.base_fee(1).await;
        self.stage.ground.pause(false).await;
        let mut wrong = Vec::new();
        if !self.life().connected(CONNECTED_WITHIN).await {
            wrong.push("liveness: the node answers and is not used".to_owned());
        }
        for _ in 0..ENDINGS {
            let rested = self.rest().await;
            while let Some(visit) = self.visits.join_next().await {
                visit.expect("a visit does not panic");
            }
            if let Some(life) = self.life.take() {
                life.stop().await;
            }
            if let Err(open) = rested {
                wrong.push(format!("liveness: {open}"));
                break;
            }
            let mut reader = read_only(&self.folder).await;
            if sqlx::query(OPEN).fetch_all(&mut reader).await.expect("the database can be read").is_empty() {
                break;
            }
            // What had failed was found payable, and taken up again, in the very last moment.
            self.begin().await;
        }
        if let Some(life) = self.life.take() {
            life.stop().await;
        }
        let (shown, faults) = self.stage.proxy.seen();
        let asked = std::mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner));
        let case = Case { schedule: self.schedule, people: &self.people, asked, shown };
        let (payments, found) = judge::judge(&case, &self.stage.ground, &self.folder).await;
        wrong.extend(found);
        Ending { wrong, payments, faults }
    }

    /// Time passes until every payment is decided for good.
    async fn rest(&mut self) -> Result<(), String> {
        let mut reader = read_only(&self.folder).await;
        let mut open = String::new();
        for round in 0..ROUNDS {
            let rows = sqlx::query(OPEN);
            let rows = rows.fetch_all(&mut reader).await.expect("the database can be read");
            if rows.is_empty() && self.visits.is_empty() {
                return Ok(());
            }
            while self.visits.try_join_next().is_some() {}
            open = rows
                .iter()
                .map(|row| format!("{} {}", row.get::<i64, _>("payments"), row.get::<String, _>("state")))
                .collect::<Vec<_>>()
                .join(", ");
            let queued = rows.iter().find(|row| row.get::<String, _>("state") == "queued");
            let deadline = queued.map(|row| row.get::<i64, _>("first").cast_unsigned());
            if self.schedule.pressed || round >= ROUNDS / 2 {
                if round % 20 == 0 {
                    self.life().tell("settle", json!({ "wait": false }));
                }
            } else if let Some(deadline) = deadline.filter(|_| rows.len() == 1) {
                // Nothing but the deadline brings it on: time may as well pass quickly until then.
                let before = deadline.saturating_sub(15 * 60 + self.schedule.skew.unsigned_abs());
                let ahead = before.saturating_sub(self.clock.seconds());
                self.clock.advance(ahead * 1000);
            }
            self.pass(4, 1).await;
        }
        let why = self.standing(&mut reader).await;
        Err(format!("{open} after {ROUNDS} rounds without any fault, {} who wait; {why}", self.visits.len()))
    }

    /// What may keep the rest from being settled: the gas wallet's numbers, what the engine says, its open attempts.
    async fn standing(&self, reader: &mut SqliteConnection) -> String {
        let mined = self.stage.ground.node().transactions_of(WALLET).await;
        let pool = self.stage.ground.call("txpool_status", json!([])).await;
        let attempts = sqlx::query(
            "select a.batch_id, a.nonce, a.max_fee_per_gas as fee from attempts a join batches b on b.id = a.batch_id
             where b.state in ('preparing', 'submitted') order by a.id",
        );
        let attempts = attempts.fetch_all(reader).await.expect("the database can be read");
        let attempts = attempts.iter().map(|row| {
            let fee = row.get::<Option<String>, _>("fee").unwrap_or_default();
            format!("batch {} nonce {:?} fee {fee}", row.get::<i64, _>(0), row.get::<Option<i64>, _>(1))
        });
        let attempts = attempts.collect::<Vec<_>>().join(", ");
        let status = self.life().ask("attention_list", Value::Null).await.unwrap_or_default();
        format!("the wallet's nonce is {mined}, pool {pool}, open are [{attempts}]; {status}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I1–I12, I16, for a few schedules that are always the same; `cargo xtask simulate` plays new ones.
    #[tokio::test(flavor = "multi_thread")]
    async fn after_a_few_schedules_of_misfortune_nothing_is_lost_and_nothing_is_there_twice() {
        let mut stage = Stage::prepare().await;
        let mut payments = 0;
        for seed in 1..=6 {
            let ending = stage.play(&Schedule::of(seed), false).await;
            assert!(ending.wrong.is_empty(), "seed {seed}: {:#?}", ending.wrong);
            payments += ending.payments;
        }
        assert!(payments > 12, "only {payments} were sold");
    }
}
