use std::sync::atomic::{AtomicUsize, Ordering};

use domain::NetworkId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ChainError;
use crate::classify::Failure;
use crate::node::Node;

/// The nodes of one network. One of them is asked; when it does not answer, the next one is, and stays the one that is
/// asked.
pub(crate) struct Nodes {
    network: NetworkId,
    nodes: Vec<Node>,
    current: AtomicUsize,
}

impl Nodes {
    /// The nodes behind these URLs, at least one of which answers, and none of which answers for another network.
    pub(crate) async fn connect(network: NetworkId, urls: &[String]) -> Result<Self, ChainError> {
        let nodes = urls.iter().map(|url| Node::new(network, url)).collect::<Result<Vec<_>, _>>();
        let nodes = nodes.map_err(|failure| failure.into_error(network))?;
        let proofs = futures::future::join_all(nodes.iter().map(Node::prove_network)).await;
        let mut first = None;
        let mut failure = Failure::Away("no node is named".to_owned());
        for (index, proof) in proofs.into_iter().enumerate() {
            match proof {
                Ok(()) => first = first.or(Some(index)),
                Err(wrong @ Failure::WrongNetwork(_)) => return Err(wrong.into_error(network)),
                Err(other) => failure = other,
            }
        }
        match first {
            Some(index) => Ok(Self { network, nodes, current: AtomicUsize::new(index) }),
            None => Err(failure.into_error(network)),
        }
    }

    pub(crate) fn network(&self) -> NetworkId {
        self.network
    }

    /// One call, whose refusal the caller wants to read.
    pub(crate) async fn try_ask<P, R>(&self, method: &str, params: &P) -> Result<R, Failure>
    where
        P: Serialize + Sync,
        R: DeserializeOwned,
    {
        let first = self.current.load(Ordering::Relaxed);
        let mut worst = Failure::Away("no node is named".to_owned());
        for index in (0..self.nodes.len()).map(|turn| (first + turn) % self.nodes.len()) {
            let Some(node) = self.nodes.get(index) else { continue };
            match node.ask(method, params).await {
                Err(failure) if failure.is_of_this_node() => {
                    tracing::debug!(node = node.label(), method, ?failure, "the node did not answer");
                    worst = failure;
                }
                answer => {
                    if index != first {
                        tracing::warn!(network = %self.network, node = node.label(), "another node is asked from now on");
                        self.current.store(index, Ordering::Relaxed);
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
}
