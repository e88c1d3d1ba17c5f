//! Crash points: the real program, killed at each of its syncs in turn, or with a disk that fails or is full from each of
//! them on. After each it is opened again, and what it had sold must be there, settle, and agree with the chain (I1, I2,
//! I8, I9, I16; T40, T61, T62).

use std::collections::HashSet;
use std::time::Duration;

use alloy_primitives::U256;
use integration::{Answer, Books, Buyer, Node, Stall, Terms, UNITS, Version, Visitor};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

const PATH: &str = "/goods";
const GOODS: &[u8] = b"what the buyer pays for";

/// How many things are bought before they are settled, and how many after.
const PURCHASES: usize = 2;

/// How long settling may take while calls fail.
const SETTLED_WITHIN: Duration = Duration::from_secs(6);

/// What happens at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The power goes in the middle of making a file durable.
    PowerCut,
    /// The disk says once that it could not.
    BadDisk,
    /// The disk is full from then on.
    FullDisk,
}

impl Failure {
    pub(crate) const ALL: [Self; 3] = [Self::PowerCut, Self::BadDisk, Self::FullDisk];

    /// In the words of strace: which calls, what, from which of them on.
    fn at(self, nth: u64) -> String {
        match self {
            Self::PowerCut => format!("fsync,fdatasync:signal=KILL:when={nth}"),
            Self::BadDisk => format!("fsync,fdatasync:error=EIO:when={nth}"),
            Self::FullDisk => format!("pwrite64,fsync,fdatasync:error=ENOSPC:when={nth}+"),
        }
    }
}

/// A stall that goes through one point after the other.
pub(crate) struct Points {
    stall: Stall,
    books: Books,
    buyer: Buyer,
    /// The payments that answers with the goods named.
    served: HashSet<String>,
}

impl Points {
    /// A stall with something to sell and a buyer who has enough.
    pub(crate) async fn prepare() -> Self {
        let stall = Stall::start().await;
        stall.sell(PATH, GOODS, &["--owned-for", "0"]).await;
        let books = Books::open(&stall).await;
        let buyer = somebody_new(&stall).await;
        Self { stall, books, buyer, served: HashSet::new() }
    }

    /// Sells and settles with that failure at the `nth` call of a thread, opens again, and checks all there is. Answers
    /// whether there was such a call.
    pub(crate) async fn pass(&mut self, failure: Failure, nth: u64) -> bool {
        self.stall.close();
        let folder = tempfile::tempdir().expect("a folder for the trace");
        let trace = folder.path().join("trace");
        let mut lost = Vec::new();
        if self.stall.open_failing(&failure.at(nth), &trace).await {
            lost = self.sell_and_settle().await;
        }
        let died = !self.stall.is_alive();
        self.stall.kill9();
        // A call that was made to fail says so in the trace; one that killed does not return.
        let struck = died || std::fs::read_to_string(&trace).unwrap_or_default().contains("(INJECTED)");
        self.stall.open().await;
        self.check(failure, nth, lost).await;
        // Whoever bought just before the end may receive that once more for a fresh signature, because nobody had noted
        // yet that it had arrived. Somebody new buys.
        self.buyer = somebody_new(&self.stall).await;
        struck
    }

    /// Buys, settles, and buys again, as far as it comes. Answers the payments that were not answered.
    async fn sell_and_settle(&mut self) -> Vec<integration::Payment> {
        let visitor = self.stall.visitor();
        let mut lost = self.buy(&visitor).await;
        let status = self.stall.run(&["status"]).await;
        let node = serde_json::from_str::<Value>(&status.stdout).ok();
        let node = node.and_then(|status| Some(status["networks"][0]["rpcUrl"].as_str()?.to_owned()));
        let blocks = async {
            let Some(node) = node.as_deref().map(Node::at) else { return std::future::pending().await };
            loop {
                // It may be gone together with the program.
                drop(node.try_call("evm_mine", json!([])).await);
                sleep(Duration::from_millis(150)).await;
            }
        };
        tokio::select! {
            _ = timeout(SETTLED_WITHIN, self.stall.run(&["settle", "--wait"])) => {}
            () = blocks => {}
        }
        lost.extend(self.buy(&visitor).await);
        lost
    }

    async fn buy(&mut self, visitor: &Visitor) -> Vec<integration::Payment> {
        let mut lost = Vec::new();
        for version in [Version::One, Version::Two].into_iter().cycle().take(PURCHASES) {
            let Ok(asked) = visitor.try_get(PATH, &[]).await else { break };
            if asked.status != 402 {
                continue;
            }
            let payment = self.buyer.sign(&Terms::read(&asked)).payment(version);
            match visitor.try_pay(PATH, &payment).await {
                Ok(answer) => self.note(&answer),
                Err(_) => lost.push(payment),
            }
        }
        lost
    }

    fn note(&mut self, answer: &Answer) {
        match answer.status {
            200 => {
                assert_eq!(answer.body, GOODS);
                let id =
                    answer.receipt()["extra"]["commitmentId"].as_str().expect("the payment's id").to_owned();
                self.served.insert(id);
            }
            402 | 503 => assert_ne!(answer.body, GOODS, "goods for nothing: {}", answer.in_words()),
            _ => panic!("{}", answer.in_words()),
        }
    }

    async fn check(&mut self, failure: Failure, nth: u64, lost: Vec<integration::Payment>) {
        let visitor = self.stall.visitor();
        for payment in lost {
            self.note(&visitor.pay(PATH, &payment).await);
        }
        let mut open = Vec::new();
        for _ in 0..40 {
            self.stall.settle().await;
            open = self.stall.payments().await;
            let ids: HashSet<_> = open.iter().filter_map(|payment| payment["id"].as_str()).collect();
            let forgotten: Vec<_> = self.served.iter().filter(|id| !ids.contains(id.as_str())).collect();
            assert!(forgotten.is_empty(), "{failure:?} at {nth}: served and not stored: {forgotten:?}");
            open.retain(|payment| {
                payment["state"] != "voided"
                    && (payment["state"] != "settled" || payment["finalAt"].is_null())
            });
            if open.is_empty() {
                break;
            }
            sleep(Duration::from_millis(100)).await;
        }
        assert!(open.is_empty(), "{failure:?} at {nth}: neither settled nor final: {open:#?}");
        let sum = self.books.agree(&self.stall).await;
        assert!(sum >= U256::from(self.served.len() as u64 * UNITS), "{failure:?} at {nth}: {sum}");
    }
}

/// A buyer with enough money.
async fn somebody_new(stall: &Stall) -> Buyer {
    let buyer = Buyer::new();
    stall.fund(buyer.address(), "10.00").await;
    buyer
}

/// Goes through every point of every failure, until there is none any more.
pub(crate) async fn run(every: u64) {
    for failure in Failure::ALL {
        let mut points = Points::prepare().await;
        let mut nth = 1;
        while points.pass(failure, nth).await {
            println!("{failure:?} at {nth}: all {} payments are there", points.served.len());
            nth += every;
        }
        println!("{failure:?}: no thread makes {nth} such calls");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the sweep watches is there to be watched: where nothing fails, all that is asked for is sold.
    #[tokio::test(flavor = "multi_thread")]
    async fn where_nothing_fails_every_purchase_is_served_and_settled() {
        const NEVER: u64 = 60_000;
        let mut points = Points::prepare().await;
        for pass in 1..=2 {
            assert!(!points.pass(Failure::BadDisk, NEVER).await, "something failed");
            assert_eq!(points.served.len(), pass * 2 * PURCHASES);
        }
    }

    /// A sample; `cargo xtask crash-points` goes through all of them.
    #[tokio::test(flavor = "multi_thread")]
    async fn at_points_nobody_chose_neither_power_nor_disk_takes_what_was_sold() {
        let chosen = u64::from(integration::random_word()[0]);
        let mut points = Points::prepare().await;
        for (number, failure) in (0..).zip(Failure::ALL) {
            let nth = 2 + (chosen + 7 * number) % 20;
            println!("{failure:?} at {nth}");
            points.pass(failure, nth).await;
        }
    }
}
