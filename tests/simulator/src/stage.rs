//! What schedules are played on, and what one of them leaves behind.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use alloy_primitives::Address;
use integration::unix_now;
use serde_json::json;
use tempfile::TempDir;

use crate::clock::HandClock;
use crate::ground::{BEGIN, Ground};
use crate::judge::{self, Case};
use crate::life::{Life, WALLET};
use crate::people::{Asked, People, content};
use crate::play::Play;
use crate::proxy::{Proxy, Shown};
use crate::schedule::{GOODS, Schedule};
use crate::weather::Weather;

/// A node, what stands before it, and a port: what one schedule after the other plays on.
pub(crate) struct Stage {
    pub(crate) ground: Ground,
    /// Two ways to the node, which an engine takes for two nodes.
    ways: [Proxy; 2],
    pub(crate) port: u16,
}

/// What is left when a schedule is over.
pub(crate) struct Remains {
    pub(crate) schedule: Schedule,
    pub(crate) people: People,
    /// Every address that the money went to.
    pub(crate) payouts: Vec<Address>,
    pub(crate) asked: Vec<Asked>,
    /// What was asked for that is not sold, and the status of the answer.
    pub(crate) strays: Vec<(&'static str, String)>,
    pub(crate) shown: Vec<Shown>,
    pub(crate) faults: u64,
    /// What did not come to its end, one sentence each.
    pub(crate) unfinished: Vec<String>,
    /// The data folder of the last engine.
    pub(crate) folder: PathBuf,
    /// Everything else; goes when this is dropped.
    pub(crate) _root: TempDir,
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
    /// Starts the node, for schedules whose clock is moved by hand or for one in the time of day.
    pub(crate) async fn prepare(is_real: bool) -> Self {
        let ground = Ground::prepare(if is_real { unix_now() } else { BEGIN }).await;
        let url = ground.node().url();
        let ways = [Proxy::before(url).await, Proxy::before(url).await];
        let probe = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        Self { ground, ways, port: probe.local_addr().expect("its address").port() }
    }

    /// Plays one schedule and judges it. `tells` says what happens while it does.
    pub(crate) async fn play(&mut self, schedule: &Schedule, tells: bool) -> Ending {
        let remains = self.perform(schedule, tells).await;
        let (payments, found) = judge::judge(&remains.case(), &self.ground, &remains.folder).await;
        let mut wrong = remains.unfinished;
        wrong.extend(found);
        Ending { wrong, payments, faults: remains.faults }
    }

    /// Plays one schedule to its end.
    pub(crate) async fn perform(&mut self, schedule: &Schedule, tells: bool) -> Remains {
        let clock = if schedule.is_real { HandClock::Real } else { HandClock::at(BEGIN) };
        let clock = Arc::new(clock);
        self.ground.reset(clock.seconds()).await;
        for way in &self.ways {
            way.begin(Arc::clone(&clock), schedule.seed);
        }
        let people = People::of(schedule.seed);
        self.ground.fund(&people.purses()).await;
        self.ground.coins(WALLET, 10).await;
        let root = TempDir::with_prefix("simulated-").expect("a temporary folder");
        let folder = root.path().join("data");
        Life::furnish(&folder);
        let life = Life::begin(&folder, self.port, &clock).await;
        let nodes: Vec<_> = self.ways.iter().take(schedule.nodes).map(Proxy::url).collect();
        life.set_up(&nodes, people.pay_to(0)).await;
        offer(&life, &root).await;
        Play::new(self, schedule, clock, people, life, folder, tells).through(root).await
    }

    /// From now on faults are drawn from this number.
    pub(crate) fn reseed(&self, seed: u64) {
        for (way, place) in self.ways.iter().zip(0..) {
            way.reseed(seed.rotate_left(place));
        }
    }

    /// How one of the nodes fares from now on.
    pub(crate) fn turn(&self, node: usize, weather: &Weather) {
        self.ways[node].set(weather.clone());
    }

    /// How all nodes fare from now on.
    pub(crate) fn turn_all(&self, weather: &Weather) {
        for way in &self.ways {
            way.set(weather.clone());
        }
    }

    /// How the nodes fare.
    pub(crate) fn weather(&self) -> [Weather; 2] {
        self.ways.each_ref().map(Proxy::weather)
    }

    /// Whether the weather leaves the engine alone for a moment.
    pub(crate) fn spare(&self, spared: bool) {
        for way in &self.ways {
            way.spare(spared);
        }
    }

    /// The ways to the node, to be cut at once.
    pub(crate) fn ways(&self) -> [Proxy; 2] {
        self.ways.clone()
    }

    /// Another engine may ask.
    pub(crate) fn mend(&self) {
        for way in &self.ways {
            way.mend();
        }
    }

    /// For how long nobody has asked anything, while nothing is under way.
    pub(crate) fn idle(&self) -> Duration {
        self.ways.iter().map(Proxy::idle).min().unwrap_or_default()
    }

    /// What the node was shown of payments, in the order of time, and how many questions met a fault.
    pub(crate) fn seen(&self) -> (Vec<Shown>, u64) {
        let (mut shown, mut faults) = (Vec::new(), 0);
        for way in &self.ways {
            let (here, struck) = way.seen();
            shown.extend(here);
            faults += struck;
        }
        shown.sort_by_key(|shown| shown.at);
        (shown, faults)
    }
}

impl Remains {
    /// What of it is judged beside chain and database.
    pub(crate) fn case(&self) -> Case<'_> {
        Case {
            schedule: &self.schedule,
            people: &self.people,
            payouts: &self.payouts,
            asked: self.asked.clone(),
            strays: self.strays.clone(),
            shown: self.shown.clone(),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// I1–I14, I16, for a few schedules that are always the same; `cargo xtask simulate` plays new ones.
    #[tokio::test(flavor = "multi_thread")]
    async fn after_a_few_schedules_of_misfortune_nothing_is_lost_and_nothing_is_there_twice() {
        let mut stage = Stage::prepare(false).await;
        let mut payments = 0;
        for seed in (1..).filter(|seed| !Schedule::of(*seed).is_real).take(6) {
            let ending = stage.play(&Schedule::of(seed), false).await;
            assert!(ending.wrong.is_empty(), "seed {seed}: {:#?}", ending.wrong);
            payments += ending.payments;
        }
        assert!(payments > 12, "only {payments} were sold");
    }
}
