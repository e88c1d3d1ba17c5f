use std::time::Duration;

use tokio::time::Instant;

use crate::Block;
use crate::node::Node;

/// How a node is, as far as the calls to it have shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeHealth {
    /// Scheme and host of its URL; the rest may be secret.
    pub label: String,
    /// Whether it is the one that is asked.
    pub in_use: bool,
    /// Whether it is left alone for a while, because it failed.
    pub resting: bool,
    /// Whether its newest block lies far behind that of another node.
    pub behind: bool,
    /// How long its answers take.
    pub latency: Option<Duration>,
    /// Its newest block when it was looked at last.
    pub head: Option<Block>,
    /// What went wrong last, and how long ago.
    pub last_error: Option<(String, Duration)>,
    /// How many calls it was sent.
    pub calls: u64,
    /// How many calls it may be sent in a second; `None` is no limit.
    pub per_second: Option<u32>,
}

impl NodeHealth {
    pub(crate) fn of(node: &Node, in_use: bool, behind: bool, now: Instant) -> Self {
        let seen = node.record().seen();
        Self {
            label: node.label().to_owned(),
            in_use,
            resting: seen.is_resting(now),
            behind,
            latency: seen.latency,
            head: seen.head.map(|(block, _)| block),
            last_error: seen
                .last_error
                .map(|(failure, at)| (failure.sentence(), now.saturating_duration_since(at))),
            calls: seen.calls,
            per_second: node.budget().per_second(),
        }
    }
}
