//! The end of a schedule: nothing goes wrong any more, and time passes until everything is over.

use std::time::{Duration, Instant};

use alloy_primitives::{Address, B256};
use serde_json::{Value, json};
use sqlx::{Row as _, SqliteConnection};
use tokio::time::sleep;

use crate::life::{WALLET, read_only};
use crate::play::Play;
use crate::weather::Weather;

/// How long a node that answers again may not be noticed.
const CONNECTED_WITHIN: Duration = Duration::from_secs(75);

/// How many rounds of seconds, and how much time of day, it may take until everything is over once nothing goes wrong any
/// more. A node that had failed often is left alone for a minute that no clock of ours moves.
const ROUNDS: usize = 240;
const PATIENCE: Duration = Duration::from_secs(75);
const REAL_PATIENCE: Duration = Duration::from_secs(240);

/// How often everything may come to its end and begin again before that counts as never.
const ENDINGS: usize = 3;

/// How many seconds before the first window ends an outage does, and how many rounds it then takes at most until nothing
/// can be taken back.
const OUTAGE_ENDS: u64 = 8 * 60;
const AFTER_OUTAGE: usize = 100;

/// What is not over yet, by state, and when the first of it must be; and our transactions that a block may still take with
/// it.
const OPEN: &str = "select state, count(*) as payments, min(valid_before) as first from payments
     where state in ('queued', 'settling') or (evidence_block is not null and final_at is null)
     group by state
     union all
     select 'mined', count(*), null from receipts r join attempts a on a.id = r.attempt_id
     where a.ended_at is null having count(*) > 0";

/// What failed and is looked at again, and when next.
const LOOKED_AT: &str = "select payer, nonce, next_look_at from payments where next_look_at is not null";

impl Play<'_> {
    /// Lets time pass until every payment is decided for good. Answers what was not, one sentence each.
    pub(crate) async fn end(&mut self) -> Vec<String> {
        self.stage.turn_all(&Weather::Clear);
        self.provide().await;
        let mut wrong = Vec::new();
        if !self.life().connected(CONNECTED_WITHIN).await {
            let status = self.life().ask("status", Value::Null).await.unwrap_or_default();
            wrong.push(format!("liveness: the node answers and is not used: {}", status["networks"]));
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
        wrong
    }

    /// Nothing but the nodes stands in the way any more, and the engine looks whether it is so.
    async fn provide(&self) {
        self.stage.ground.coins(WALLET, 10).await;
        self.stage.ground.base_fee(1).await;
        self.stage.ground.pause(false).await;
        self.stage.ground.mine(self.chain_time()).await;
        self.life().lock(false).await;
        self.life().tell("network_check", json!({ "network": "eip155:84532" }));
    }

    /// No node answers until shortly before the first window ends. Then they do for a while, and that must be enough: all
    /// that is on the way then becomes final (I6).
    pub(crate) async fn outage(&mut self) {
        let before = self.stage.weather();
        self.stage.turn_all(&Weather::Away);
        let mut reader = read_only(&self.folder).await;
        let first = first_deadline(&mut reader, self.clock.seconds()).await;
        if let (Some(first), false) = (first, self.clock.is_real()) {
            let skew = self.schedule.skew.unsigned_abs();
            let ahead = first.saturating_sub(OUTAGE_ENDS + skew).saturating_sub(self.clock.seconds());
            self.clock.advance(ahead * 1000);
        }
        self.quiet().await;
        self.stage.turn_all(&Weather::Clear);
        self.noticed().await;
        self.provide().await;
        for _ in 0..AFTER_OUTAGE {
            self.pass(4, 1).await;
            let next = first_deadline(&mut reader, self.clock.seconds()).await;
            let is_open = self.open(&mut reader).await.iter().any(|(state, _)| state != "queued");
            if !is_open && next.is_none_or(|next| first.is_none_or(|first| next > first)) {
                break;
            }
        }
        for (node, weather) in before.iter().enumerate() {
            self.stage.turn(node, weather);
        }
    }

    /// Waits until a node is asked again. One that had failed often is left alone for a while of real time, which a clock
    /// that is moved must not outrun.
    async fn noticed(&self) {
        let began = Instant::now();
        while self.stage.idle() >= began.elapsed() && began.elapsed() < CONNECTED_WITHIN {
            self.life().ask("status", Value::Null).await.map(drop).unwrap_or_default();
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// How many payments are in which state of those that are not over.
    async fn open(&self, reader: &mut SqliteConnection) -> Vec<(String, i64)> {
        let rows = sqlx::query(OPEN).fetch_all(reader).await.expect("the database can be read");
        rows.iter().map(|row| (row.get("state"), row.get("payments"))).collect()
    }

    /// Time passes until every payment is decided for good.
    async fn rest(&mut self) -> Result<(), String> {
        let mut reader = read_only(&self.folder).await;
        let patience = if self.clock.is_real() { REAL_PATIENCE } else { PATIENCE };
        let (mut round, began) = (0, Instant::now());
        let open = loop {
            let open = self.open(&mut reader).await;
            if open.is_empty() && self.visits.is_empty() {
                let Some(look) = self.unseen(&mut reader).await else { return Ok(()) };
                let ahead = look.saturating_sub(self.clock.milliseconds()).max(0);
                self.clock.advance(ahead.cast_unsigned());
            }
            if round >= ROUNDS && began.elapsed() > patience {
                break open;
            }
            while self.visits.try_join_next().is_some() {}
            if self.schedule.pressed || round >= ROUNDS / 2 {
                if round % 20 == 0 {
                    self.life().tell("settle", json!({ "wait": false }));
                }
            } else if let [(state, _)] = open.as_slice()
                && state == "queued"
                && let Some(deadline) = first_deadline(&mut reader, self.clock.seconds()).await
            {
                // Nothing but the deadline brings it on: time may as well pass quickly until then.
                let before = deadline.saturating_sub(15 * 60 + self.schedule.skew.unsigned_abs());
                let ahead = before.saturating_sub(self.clock.seconds());
                self.clock.advance(ahead * 1000);
            }
            self.pass(4, 1).await;
            round += 1;
        };
        let open: Vec<_> = open.iter().map(|(state, payments)| format!("{payments} {state}")).collect();
        let why = self.standing(&mut reader).await;
        let open = open.join(", ");
        Err(format!("{open} after {round} rounds without any fault, {} who wait; {why}", self.visits.len()))
    }

    /// When the engine looks next at what failed and was submitted by somebody afterwards, in Unix milliseconds; none once
    /// it has seen all of that. An hour passes between two looks at most, so that much is let pass only where there is
    /// something to see.
    async fn unseen(&self, reader: &mut SqliteConnection) -> Option<i64> {
        let rows = sqlx::query(LOOKED_AT).fetch_all(reader).await.expect("the database can be read");
        let mut first = None;
        for row in rows {
            let (payer, nonce) = (row.get::<Vec<u8>, _>("payer"), row.get::<Vec<u8>, _>("nonce"));
            let is_used =
                self.stage.ground.is_used(Address::from_slice(&payer), B256::from_slice(&nonce)).await;
            let look: i64 = row.get("next_look_at");
            if is_used && first.is_none_or(|first| look < first) {
                first = Some(look);
            }
        }
        first
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

/// When the first window ends of what waits, or may wait again because a block that is not final holds it, with some of its
/// window left: that block may be gone already, and the engine not know yet.
async fn first_deadline(reader: &mut SqliteConnection, now: u64) -> Option<u64> {
    let undecided = "select min(valid_before) as first from payments
         where state in ('queued', 'settling') 
            or (evidence_block is not null and final_at is null and valid_before > ?)";
    let row = sqlx::query(undecided)
        .bind(now.cast_signed())
        .fetch_one(reader)
        .await
        .expect("the database can be read");
    row.get::<Option<i64>, _>("first").map(i64::cast_unsigned)
}
