//! What happens, in which order: all of it made from a seed.

use integration::Seeded;

use crate::life::Death;
use crate::weather::{Weather, pick};

/// How many people visit. The first of them are honest: they pay what they sign and do nothing else.
pub(crate) const PEOPLE: usize = 8;
pub(crate) const HONEST: usize = 4;

/// Something for sale.
pub(crate) struct Goods {
    pub(crate) path: &'static str,
    pub(crate) price: &'static str,
    pub(crate) units: u64,
    pub(crate) bytes: usize,
    pub(crate) instant: bool,
    pub(crate) owned_for: &'static str,
}

/// All that is for sale. The large one is not kept in memory.
pub(crate) const GOODS: [Goods; 4] = [
    Goods { path: "/daily", price: "0.05", units: 50_000, bytes: 600, instant: false, owned_for: "0" },
    Goods { path: "/guide", price: "0.20", units: 200_000, bytes: 3_000, instant: false, owned_for: "30d" },
    Goods { path: "/now", price: "0.10", units: 100_000, bytes: 900, instant: true, owned_for: "0" },
    Goods { path: "/film", price: "0.05", units: 50_000, bytes: 400_000, instant: false, owned_for: "0" },
];

/// Paths that lead nowhere, though some look as if they led to what is sold.
pub(crate) const STRAY: [&str; 8] =
    ["/", "/daily/", "//daily", "/Daily", "/%64aily", "/x/../daily", "/../test/stall.sqlite", "/daily%00"];

/// How a payer goes back on a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trick {
    /// Moves all the money away.
    Drain,
    /// Cancels the authorization.
    Cancel,
    /// Submits the authorization, or a stranger does.
    FrontRun,
    /// Uses the nonce for a transfer to itself.
    Divert,
}

/// Another spelling of an authorization that was shown before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// Letter by letter.
    Same,
    /// In the other version of the protocol.
    OtherVersion,
    /// With the other signature of the same digest.
    HighS,
    /// With v as 0 or 1.
    LowV,
    /// For another thing.
    Elsewhere,
}

/// What is changed of a payment before it is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lie {
    /// One unit less.
    Cheaper,
    /// To the payer's own pocket.
    OtherReceiver,
    /// Hardly any time left.
    Short,
    /// Signed by somebody else.
    OtherSigner,
}

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Somebody asks what a thing costs, signs, and sends the payment in so many copies at once.
    Buy { who: usize, what: usize, copies: usize },
    /// Somebody signs so many authorizations and sends all of them at once.
    Rush { who: usize, what: usize, count: usize },
    /// Somebody pays and leaves after so many bytes of the answer.
    HangUp { who: usize, what: usize, after: usize },
    /// Somebody asks for what is not for sale, in one of the spellings that stand in [`STRAY`].
    Stray { spelling: usize },
    /// A payment that was sent before is sent again by somebody who saw it.
    Again { purchase: usize, spelling: Spelling },
    /// Somebody tries to pay with something that is not what was asked for.
    Cheat { who: usize, what: usize, lie: Lie },
    /// Somebody who may break promises goes back on a payment.
    Trick { purchase: usize, trick: Trick },
    /// The seller presses the button.
    Settle,
    /// Time passes, here and on chain.
    Pass { seconds: u64, blocks: u64 },
    /// The computer sleeps.
    Sleep { minutes: u64 },
    /// A node fares otherwise.
    Turn { node: usize, weather: Weather },
    /// No node answers until little is left of the first authorization that waits; then they do, and nothing is missing.
    Outage,
    /// The newest blocks are replaced by others.
    Reorganise { depth: u64 },
    /// The node forgets what waits to be mined.
    DropPool,
    /// The gas wallet is emptied or filled.
    GasMoney(bool),
    /// The price of gas.
    BaseFee { gwei: u64 },
    /// The gas wallet's key sends something else.
    ForeignTransaction,
    /// The token's issuer stops all transfers, or lets them go on.
    Paused(bool),
    /// The token's issuer blocks somebody who is not among the honest.
    Block { who: usize },
    /// The gas wallet is locked, or unlocked.
    Lock(bool),
    /// The money goes to another address from now on.
    Payout,
    /// The engine dies, and another one begins.
    Die(Death),
    /// The engine is stopped in order and started again.
    Restart,
}

/// A step, and whether the next one waits until it has had its effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) step: Step,
    pub(crate) waits: bool,
}

/// A whole schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Schedule {
    pub(crate) seed: u64,
    /// By how many seconds the chain's clock is ahead of this computer's, or behind it.
    pub(crate) skew: i64,
    pub(crate) turns: Vec<Turn>,
    /// How many nodes are set up. Two have to agree before anything is final.
    pub(crate) nodes: usize,
    /// Whether it is played with the program that people run, in the time of day, instead of with an engine in here.
    pub(crate) is_real: bool,
    /// Whether the seller presses the button in the end, or leaves all of it to the deadlines.
    pub(crate) pressed: bool,
    /// Whether the node answers while an engine starts.
    pub(crate) spares_starts: bool,
}

impl Schedule {
    /// The schedule of a seed.
    pub(crate) fn of(seed: u64) -> Self {
        let mut random = Seeded::new(seed);
        let length = 6 + random.below(26);
        let skew = match random.below(4) {
            0 => 600 - i64::try_from(random.below(1200)).unwrap_or(0),
            _ => 0,
        };
        // Some schedules are about one kind of trouble, so that it comes often enough together with itself.
        let calm = random.below(6) == 0;
        let nodes = if random.below(4) == 0 { 2 } else { 1 };
        let is_real = random.below(20) == 0;
        let mut turns = vec![Turn { step: buy(&mut random), waits: true }];
        for _ in 0..length {
            let step = step(&mut random, calm, nodes);
            let waits = random.below(3) != 0;
            turns.push(Turn { step, waits });
        }
        let pressed = random.below(3) != 0 || is_real;
        Self { seed, skew, turns, nodes, is_real, pressed, spares_starts: random.below(10) != 0 }
    }

    /// Whether something that the chain showed was gone later.
    pub(crate) fn takes_back(&self) -> bool {
        self.has(|step| match step {
            Step::Reorganise { .. } => true,
            Step::Turn { weather, .. } => weather.lies(),
            _ => false,
        })
    }

    /// Whether any step is like this.
    fn has(&self, like: impl Fn(&Step) -> bool) -> bool {
        self.turns.iter().any(|turn| like(&turn.step))
    }
}

fn below(random: &mut Seeded, bound: usize) -> usize {
    usize::try_from(random.below(bound as u64)).unwrap_or(0)
}

fn buy(random: &mut Seeded) -> Step {
    let copies = if random.below(5) == 0 { 5 } else { 1 };
    Step::Buy { who: below(random, PEOPLE), what: below(random, GOODS.len()), copies }
}

fn step(random: &mut Seeded, calm: bool, nodes: usize) -> Step {
    const SPELLINGS: [Spelling; 5] =
        [Spelling::Same, Spelling::OtherVersion, Spelling::HighS, Spelling::LowV, Spelling::Elsewhere];
    const LIES: [Lie; 4] = [Lie::Cheaper, Lie::OtherReceiver, Lie::Short, Lie::OtherSigner];
    const TRICKS: [Trick; 4] = [Trick::Drain, Trick::Cancel, Trick::FrontRun, Trick::Divert];
    match random.below(114) {
        0..24 => buy(random),
        24..28 => Step::Rush {
            who: below(random, PEOPLE),
            what: below(random, GOODS.len()),
            count: 2 + below(random, 9),
        },
        28..34 => Step::Again { purchase: below(random, 1000), spelling: pick(random, &SPELLINGS) },
        34..37 => Step::Cheat {
            who: below(random, PEOPLE),
            what: below(random, GOODS.len()),
            lie: pick(random, &LIES),
        },
        37..45 => Step::Trick { purchase: below(random, 1000), trick: pick(random, &TRICKS) },
        45..58 => Step::Settle,
        58..70 => Step::Pass { seconds: 1 + random.below(20), blocks: random.below(4) },
        70..72 => Step::Sleep { minutes: 1 + random.below(300) },
        // The first of two lies at times, the second never does.
        72..80 if !calm => {
            let node = below(random, nodes);
            Step::Turn { node, weather: Weather::any(random, nodes == 1 || node == 1) }
        }
        80..83 => Step::Reorganise { depth: 1 + random.below(6) },
        83..85 => Step::DropPool,
        85..88 => Step::GasMoney(random.below(2) == 0),
        88..90 => Step::BaseFee { gwei: pick(random, &[0, 1, 5, 50, 900]) },
        90..91 => Step::ForeignTransaction,
        91..92 => Step::Paused(random.below(2) == 0),
        92..93 => Step::Block { who: HONEST + below(random, PEOPLE - HONEST) },
        93..98 => Step::Die(pick(random, &[Death::Dropped, Death::Killed])),
        98..100 => Step::Restart,
        100..104 => Step::HangUp {
            who: below(random, PEOPLE),
            what: below(random, GOODS.len()),
            after: pick(random, &[0, 100, 900, 5_000, 100_000]),
        },
        104..107 => Step::Stray { spelling: below(random, STRAY.len()) },
        107..110 => Step::Lock(random.below(3) != 0),
        110..112 => Step::Payout,
        112..114 => Step::Outage,
        _ => Step::Pass { seconds: 3, blocks: 1 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_schedule() {
        for seed in 0..50 {
            assert_eq!(Schedule::of(seed), Schedule::of(seed));
        }
        assert_ne!(Schedule::of(1), Schedule::of(2));
    }

    #[test]
    fn every_misfortune_comes_in_some_schedule() {
        let all: Vec<_> = (0..2_000).map(Schedule::of).collect();
        let in_some = |like: &dyn Fn(&Step) -> bool| all.iter().any(|schedule| schedule.has(like));
        assert!(in_some(&|step| matches!(step, Step::Die(Death::Dropped))));
        assert!(in_some(&|step| matches!(step, Step::Die(Death::Killed))));
        assert!(in_some(&|step| matches!(step, Step::Turn { node: 0, weather: Weather::Away })));
        assert!(in_some(&|step| matches!(step, Step::Turn { node: 1, .. })));
        assert!(in_some(&|step| matches!(step, Step::Turn { node: 0, weather } if weather.lies())));
        assert!(!in_some(&|step| matches!(step, Step::Turn { node: 1, weather } if weather.lies())));
        assert!(in_some(&|step| matches!(step, Step::Outage)));
        assert!(in_some(&|step| matches!(step, Step::HangUp { after: 900, .. })));
        assert!(in_some(&|step| matches!(step, Step::Trick { trick: Trick::Divert, .. })));
        assert!(in_some(&|step| matches!(step, Step::Reorganise { depth: 6 })));
        assert!(in_some(&|step| matches!(step, Step::Paused(true))));
    }
}
