//! Looks at what is on a network now: its nodes and its contracts.

use std::time::Duration;

use chain::NodeHealth;
use chrono::TimeDelta;
use domain::NetworkId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::found;
use crate::engine::Standing;
use crate::networks::{CheckedView, title};
use crate::{ApiError, App, ErrorCode};

/// Looks at what is on chain now.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct NetworkCheck {
    /// CAIP-2, such as `eip155:84532`.
    pub network: String,
    /// Whether code that changed since the network was set up is accepted as it is now.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub accept: bool,
}

/// What was found on chain.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NetworkCheckView {
    /// CAIP-2.
    pub network: String,
    /// Its name for people.
    pub title: String,
    /// Whether it can be sold on now.
    pub ready: bool,
    /// Why not.
    pub waiting_for: Option<String>,
    /// Whether accepting what changed would let selling go on.
    pub acceptable: bool,
    /// Everything that was looked at; empty when no node could be asked.
    pub points: Vec<CheckedView>,
    /// How each node is.
    pub nodes: Vec<NodeView>,
}

/// How a node is.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NodeView {
    /// Scheme and host of its URL; what could be a key is not shown.
    pub url: String,
    /// How it stands.
    pub state: NodeState,
    /// How long its answers take, in milliseconds; null before the first.
    pub latency_ms: Option<u64>,
    /// Its newest block.
    pub block: Option<u64>,
    /// How old that is, in seconds.
    pub block_age_seconds: Option<i64>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// When, in Unix milliseconds.
    pub last_error_at: Option<i64>,
    /// How many calls it was sent since the network was connected.
    pub calls: u64,
    /// How many calls it may be sent in a second; null is no limit.
    pub calls_per_second: Option<u32>,
}

/// How a node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum NodeState {
    /// It is the one that is asked.
    InUse,
    /// It is asked when another one does not answer.
    Standby,
    /// It failed, and is left alone for a while.
    Resting,
    /// Its newest block lies far behind that of another node.
    Behind,
}

/// Every node of every network that was set up.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NetworkHealth {
    /// Network by network, the preferred node first.
    pub items: Vec<NetworkNodeView>,
}

/// A node with the network that it speaks for.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NetworkNodeView {
    /// CAIP-2.
    pub network: String,
    /// Its name for people.
    pub title: String,
    /// How the node is.
    #[serde(flatten)]
    pub node: NodeView,
}

impl NodeView {
    fn of(app: &App, node: &NodeHealth) -> Self {
        let now = app.clock().now();
        let millis = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        let error_at = |ago: Duration| now - TimeDelta::from_std(ago).unwrap_or_default();
        Self {
            url: node.label.clone(),
            state: match node {
                NodeHealth { resting: true, .. } => NodeState::Resting,
                NodeHealth { behind: true, .. } => NodeState::Behind,
                NodeHealth { in_use: true, .. } => NodeState::InUse,
                NodeHealth { .. } => NodeState::Standby,
            },
            latency_ms: node.latency.map(millis),
            block: node.head.map(|head| head.number),
            block_age_seconds: node
                .head
                .map(|head| now.timestamp().saturating_sub_unsigned(head.timestamp).max(0)),
            last_error: node.last_error.as_ref().map(|(what, _)| what.clone()),
            last_error_at: node.last_error.as_ref().map(|(_, ago)| error_at(*ago).timestamp_millis()),
            calls: node.calls,
            calls_per_second: node.per_second,
        }
    }
}

pub(crate) async fn check(app: &App, request: NetworkCheck) -> Result<NetworkCheckView, ApiError> {
    let engine = app.working()?;
    let row = found(app, &request.network).await?;
    if request.accept {
        let connection = engine.connection(row.network);
        let finding = connection
            .and_then(|connection| connection.checked())
            .filter(|checked| checked.is_acceptable())
            .and_then(|checked| checked.finding.clone());
        let finding = finding.ok_or_else(|| {
            ApiError::new(ErrorCode::Conflict, "There is nothing to accept: check the network first.")
        })?;
        app.store().set_network_finding(row.network, finding).await?;
    }
    let connection = match engine.connection(row.network) {
        Some(connection) => connection,
        None => engine.connect(row.clone()),
    };
    connection.look_again().await;
    let checked = connection.checked();
    let waiting_for = waiting_for(app, row.network);
    Ok(NetworkCheckView {
        network: row.network.to_string(),
        title: title(row.network),
        ready: waiting_for.is_none(),
        waiting_for,
        acceptable: checked.as_ref().is_some_and(|checked| checked.is_acceptable()),
        points: points(app, row.network),
        nodes: nodes(app, row.network).await,
    })
}

pub(crate) async fn health(app: &App, (): ()) -> Result<NetworkHealth, ApiError> {
    let mut items = Vec::new();
    for row in app.store().networks().await? {
        items.extend(nodes(app, row.network).await.into_iter().map(|node| NetworkNodeView {
            network: row.network.to_string(),
            title: title(row.network),
            node,
        }));
    }
    Ok(NetworkHealth { items })
}

/// Why a network cannot be sold on now.
pub(super) fn waiting_for(app: &App, network: NetworkId) -> Option<String> {
    let connection = app.engine().and_then(|engine| engine.connection(network));
    match connection.map(|connection| connection.standing.borrow().clone()) {
        Some(Standing::Ready { .. }) => None,
        Some(Standing::Waiting(why)) => Some(why),
        None => Some("The stall is closed.".to_owned()),
    }
}

/// Looks at the network's nodes and says how each is.
pub(super) async fn nodes(app: &App, network: NetworkId) -> Vec<NodeView> {
    match app.engine().and_then(|engine| engine.connection(network)) {
        Some(connection) => {
            connection.look_at_nodes().await.iter().map(|node| NodeView::of(app, node)).collect()
        }
        None => Vec::new(),
    }
}

pub(super) fn points(app: &App, network: NetworkId) -> Vec<CheckedView> {
    let connection = app.engine().and_then(|engine| engine.connection(network));
    connection
        .and_then(|connection| connection.checked())
        .map(|checked| checked.points.clone())
        .unwrap_or_default()
}
