use integration::Seeded;

/// What can go wrong with one question to the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The connection breaks before the node has heard it.
    Cut,
    /// The node does what it was asked, and its answer never arrives.
    Swallow,
    /// The answer takes its time.
    Delay,
    /// The node hears it twice.
    Twice,
    /// The answer breaks off in its middle.
    Truncate,
    /// Asked for too much.
    Busy,
    /// The node's own trouble, as a page of HTML.
    Broken,
    /// An error of JSON-RPC that says nothing about what was asked; the node has not done it.
    Error,
    /// The same, though the node has done it.
    ErrorAfterwards,
    /// The answer of a node that is some blocks behind: an old state, no receipts yet, no logs yet.
    Stale,
    /// A balance of nothing.
    Poor,
    /// A receipt of a transaction that was never mined, which tells of all the money that it would have moved.
    Fabricate,
}

impl Fault {
    /// What happens to any node.
    const HONEST: [Self; 11] = [
        Self::Cut,
        Self::Swallow,
        Self::Delay,
        Self::Twice,
        Self::Truncate,
        Self::Busy,
        Self::Broken,
        Self::Error,
        Self::ErrorAfterwards,
        Self::Stale,
        Self::Poor,
    ];
}

/// How the node is doing for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    /// It answers.
    Clear,
    /// So many of a thousand questions meet one of these faults.
    Rough { permille: u64, faults: Vec<Fault> },
    /// Nobody reaches it.
    Away,
}

impl Weather {
    /// Some weather; with another node beside it a node may also make receipts up.
    pub(crate) fn any(random: &mut Seeded, is_sole: bool) -> Self {
        match random.below(10) {
            0 => Self::Away,
            1 | 2 => Self::Clear,
            3 if !is_sole => Self::Rough { permille: 700, faults: vec![Fault::Fabricate] },
            _ => {
                let permille = [30, 100, 300, 700][usize::try_from(random.below(4)).unwrap_or(0)];
                let kinds = 1 + random.below(4);
                let faults = (0..kinds).map(|_| pick(random, &Fault::HONEST)).collect();
                Self::Rough { permille, faults }
            }
        }
    }

    /// Whether it makes a node invent what never happened.
    pub(crate) fn lies(&self) -> bool {
        matches!(self, Self::Rough { faults, .. } if faults.contains(&Fault::Fabricate))
    }

    /// What happens to the `nth` question of a method, the same for the same seed.
    pub(crate) fn strikes(&self, seed: u64, method: &str, nth: u64) -> Option<Fault> {
        match self {
            Self::Clear => None,
            Self::Away => Some(Fault::Cut),
            Self::Rough { permille, faults } => {
                let name = method
                    .bytes()
                    .fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
                let mut random = Seeded::new(name ^ nth.wrapping_mul(0x9e37_79b9));
                (random.below(1000) < *permille).then(|| pick(&mut random, faults))
            }
        }
    }
}

/// One of them.
pub(crate) fn pick<T: Copy>(random: &mut Seeded, all: &[T]) -> T {
    let count = u64::try_from(all.len()).unwrap_or(1);
    all[usize::try_from(random.below(count)).unwrap_or(0)]
}
