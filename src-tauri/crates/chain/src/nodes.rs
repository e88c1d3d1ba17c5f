use std::sync::atomic::{AtomicUsize, Ordering};

use domain::NetworkId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use crate::ChainError;
use crate::classify::Failure;
use crate::fees::Offer;
use crate::node::Node;
use crate::node_health::NodeHealth;

/// How far a node's newest block may lie behind another's before the other one is asked, in seconds.
const BEHIND: u64 = 60;

/// A node to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeConfig {
    /// Its URL, which may hold secrets.
    pub url: String,
    /// How many calls it may be sent in a second; by default as many as public nodes stand, and no limit on this
    /// computer.
    pub per_second: Option<u32>,
}

/// The nodes of one network. One of them is asked; when it does not answer, the next one is, and stays the one that is
/// asked. Those that failed rest for a while, longer each time (T52).
pub(crate) struct Nodes {
    network: NetworkId,
    nodes: Vec<Node>,
    current: AtomicUsize,
    offer: Offer,
}

impl Nodes {
    /// The nodes behind these URLs, at least one of which answers, and none of which answers for another network.
    /// `jitter` is anything that differs between programs.
    pub(crate) async fn connect(
        network: NetworkId,
        nodes: &[NodeConfig],
        jitter: u64,
    ) -> Result<Self, ChainError> {
        let nodes = (0..)
            .zip(nodes)
            .map(|(place, node)| Node::new(network, &node.url, node.per_second, jitter.wrapping_add(place)));
        let nodes = nodes.collect::<Result<Vec<_>, _>>().map_err(|failure| failure.into_error(network))?;
        let began = Instant::now();
        let proofs = futures::future::join_all(nodes.iter().map(Node::prove_network)).await;
        let mut first = None;
        let mut failure = Failure::Away("no node is named".to_owned());
        for ((index, node), proof) in nodes.iter().enumerate().zip(proofs) {
            match proof {
                Ok(()) => first = first.or(Some(index)),
                Err(wrong @ Failure::WrongNetwork(_)) => return Err(wrong.into_error(network)),
                Err(other) => {
                    node.record().failed(other.clone(), began, Instant::now());
                    failure = other;
                }
            }
        }
        match first {
            Some(index) => {
                Ok(Self { network, nodes, current: AtomicUsize::new(index), offer: Offer::default() })
            }
            None => Err(failure.into_error(network)),
        }
    }

    pub(crate) fn network(&self) -> NetworkId {
        self.network
    }

    /// What a transaction offered lately.
    pub(crate) const fn offer(&self) -> &Offer {
        &self.offer
    }

    /// How many nodes are to agree before anything is final.
    pub(crate) fn opinions(&self) -> usize {
        self.nodes.len().min(2)
    }

    /// One call, whose refusal the caller wants to read.
    pub(crate) async fn try_ask<P, R>(&self, method: &str, params: &P) -> Result<R, Failure>
    where
        P: Serialize + Sync,
        R: DeserializeOwned,
    {
        let mut worst = Failure::Away("no node is named".to_owned());
        for (index, node) in self.in_order() {
            match node.ask(method, params).await {
                Err(failure) if failure.is_of_this_node() => {
                    tracing::debug!(node = node.label(), method, ?failure, "the node did not answer");
                    worst = failure;
                }
                answer => {
                    if self.current.swap(index, Ordering::Relaxed) != index {
                        tracing::warn!(network = %self.network, node = node.label(), "another node is asked from now on");
                    }
                    return answer;
                }
            }
        }
        Err(worst)
    }

    /// One call.
    pub(crate) async fn ask<P, R>(&self, method: &str, params: &P) -> Result<R, ChainError>
    where
        P: Serialize + Sync,
        R: DeserializeOwned,
    {
        self.try_ask(method, params).await.map_err(|failure| failure.into_error(self.network))
    }

    /// The error when too few of the nodes that have to agree could be asked.
    pub(crate) fn alone(&self, answered: usize, failure: Failure) -> ChainError {
        match failure.into_error(self.network) {
            ChainError::Unreachable { network, detail } if answered > 0 => {
                let detail = format!("two nodes have to agree, and only one answers: {detail}");
                ChainError::Unreachable { network, detail }
            }
            error => error,
        }
    }

    /// Looks at every node that does not rest, at the same time.
    pub(crate) async fn look(&self) {
        let now = Instant::now();
        let awake = self.nodes.iter().filter(|node| !node.record().seen().is_resting(now));
        futures::future::join_all(awake.map(Node::look)).await;
    }

    /// How each node is, in order of preference.
    pub(crate) fn health(&self) -> Vec<NodeHealth> {
        let (now, current) = (Instant::now(), self.current.load(Ordering::Relaxed));
        let behind = self.behind();
        let health = |(index, node): (usize, &Node)| {
            NodeHealth::of(node, index == current, behind.contains(&index), now)
        };
        self.nodes.iter().enumerate().map(health).collect()
    }

    /// The nodes in the order in which they are asked now: from the one that was asked last, those that are well first.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = (usize, &Node)> {
        let (now, first) = (Instant::now(), self.current.load(Ordering::Relaxed));
        let count = self.nodes.len();
        let mut order: Vec<_> = (0..count)
            .map(|turn| (first + turn) % count)
            .filter_map(|index| Some((index, self.nodes.get(index)?)))
            .collect();
        if count > 1 {
            let behind = self.behind();
            order.sort_by_cached_key(|(index, node)| {
                let rests = node.record().seen().is_resting(now);
                (rests, behind.contains(index), node.budget().is_used_up(now))
            });
        }
        order.into_iter()
    }

    /// The nodes whose newest block lies far behind that of another one.
    fn behind(&self) -> Vec<usize> {
        let heads: Vec<_> = self.nodes.iter().map(|node| node.record().seen().head).collect();
        let newest = heads.iter().flatten().map(|(block, at)| (block.timestamp, *at)).max();
        let Some((newest, at)) = newest else { return Vec::new() };
        let is_behind = |head: &Option<(crate::Block, Instant)>| {
            head.is_some_and(|(block, seen)| {
                let apart = at.saturating_duration_since(seen).as_secs();
                block.timestamp.saturating_add(apart).saturating_add(BEHIND) < newest
            })
        };
        (0..).zip(&heads).filter(|(_, head)| is_behind(head)).map(|(index, _)| index).collect()
    }
}
