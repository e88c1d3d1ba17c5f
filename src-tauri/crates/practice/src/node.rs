use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use alloy_primitives::Address;
use chrono::{DateTime, Utc};
use domain::{Clock, NetworkId};
use serde::Deserialize;
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::resources::Resources;
use crate::rpc::NodeRpc;
use crate::snapshot::Snapshots;
use crate::supervisor::{Order, Report, SUPERVISOR_COMMAND};
use crate::{PracticeError, durable, genesis};

const READY_WITHIN: Duration = Duration::from_secs(30);
const STOPPED_WITHIN: Duration = Duration::from_secs(5);
const FIRST_BACK_OFF: Duration = Duration::from_millis(100);
const LONGEST_BACK_OFF: Duration = Duration::from_secs(10);
/// A node that lived this long did not fail because of how it was started.
const HEALTHY_AFTER: Duration = Duration::from_secs(60);
const PORTS_TRIED: usize = 10;

/// How the node is doing. Its URL stays the same for as long as the app lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeState {
    /// It is being started for the first time.
    Starting,
    /// It answers.
    Running {
        /// Where it answers.
        url: String,
    },
    /// It ended, and is being started again from the newest snapshot.
    Restarting {
        /// Why it ended.
        reason: String,
    },
}

/// Everything a node needs to be started, now and again.
pub(crate) struct Launch {
    pub(crate) executable: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) resources: Resources,
    pub(crate) treasury: Address,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) durable_block: watch::Sender<u64>,
    /// Told when the node should be started again from the newest snapshot, to free its memory.
    pub(crate) renew: Arc<Notify>,
}

/// A node that answers, and the supervisor that holds it.
pub(crate) struct Node {
    supervisor: Child,
    reports: Lines<BufReader<ChildStdout>>,
    pid: u32,
    pub(crate) rpc: NodeRpc,
    port: u16,
}

#[derive(Deserialize)]
struct Genesis {
    miner: Address,
}

impl Launch {
    /// Starts the node on a port that nobody uses.
    ///
    /// # Errors
    /// When it does not answer in time, or ends.
    pub(crate) async fn first(&self) -> Result<Node, PracticeError> {
        let mut failure = PracticeError::Node("no port is free".to_owned());
        for _ in 0..PORTS_TRIED {
            let port = free_port().map_err(|error| PracticeError::Node(error.to_string()))?;
            match self.start(port).await {
                Ok(node) => return Ok(node),
                // Somebody took the port between our looking and the node's.
                Err(error) if error.to_string().contains("Address already in use") => failure = error,
                Err(error) => return Err(error),
            }
        }
        Err(failure)
    }

    /// Starts the node on `port` from the newest snapshot, or from a new genesis.
    async fn start(&self, port: u16) -> Result<Node, PracticeError> {
        let origin = self.origin()?;
        let order = Order {
            node: self.resources.node.clone(),
            arguments: arguments(port).into_iter().chain(origin).collect(),
            log: self.folder.join("node.log"),
        };
        let mut command = Command::new(&self.executable);
        command.arg(SUPERVISOR_COMMAND).arg(json!(order).to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        // Ctrl-C in a terminal goes to a whole process group, and the app still needs its node to stop in order.
        #[cfg(unix)]
        command.process_group(0);
        let mut supervisor = command.spawn().map_err(PracticeError::file(&self.executable))?;
        let output = supervisor.stdout.take();
        let output = output.ok_or_else(|| PracticeError::Node("the supervisor says nothing".to_owned()))?;
        let mut reports = BufReader::new(output).lines();
        let pid = match next_report(&mut reports).await {
            Some(Report::Started { pid }) => pid,
            Some(Report::Ended { reason }) => return Err(PracticeError::Node(reason)),
            None => return Err(PracticeError::Node("its supervisor ended".to_owned())),
        };
        let rpc = NodeRpc::new(format!("http://{}:{port}", Ipv4Addr::LOCALHOST))?;
        let mut node = Node { supervisor, reports, pid, rpc, port };
        node.wait_until_ready(self.treasury).await?;
        Ok(node)
    }

    /// The arguments that say where the chain comes from.
    fn origin(&self) -> Result<[String; 2], PracticeError> {
        let snapshots = Snapshots::of(&self.folder);
        let (option, path) = if let Some(snapshot) = snapshots.newest()? {
            self.durable_block.send_replace(snapshot.block);
            ("--load-state", snapshot.path)
        } else {
            snapshots.put_aside()?;
            self.durable_block.send_replace(0);
            let now: DateTime<Utc> = self.clock.now();
            let genesis = genesis::compose(&self.resources, self.treasury, now);
            let path = self.folder.join("genesis.json");
            durable::replace(&path, genesis.to_string().as_bytes())?;
            ("--init", path)
        };
        Ok([option.to_owned(), path.to_string_lossy().into_owned()])
    }

    /// Keeps a node running until `stop`: whenever it ends, starts it again on the same port, more slowly each time
    /// it fails.
    pub(crate) async fn keep(self, mut node: Node, state: watch::Sender<NodeState>, stop: CancellationToken) {
        let mut back_off = FIRST_BACK_OFF;
        loop {
            state.send_replace(NodeState::Running { url: node.rpc.url().to_owned() });
            let started = Instant::now();
            let reason = tokio::select! {
                reason = node.ended() => reason,
                () = self.renew.notified() => {
                    node.stop().await;
                    "it held more history than anybody needs".to_owned()
                }
                () = stop.cancelled() => return node.stop().await,
            };
            tracing::warn!(reason, "the practice node ended; starting it again");
            if started.elapsed() > HEALTHY_AFTER {
                back_off = FIRST_BACK_OFF;
            }
            let mut failed = PracticeError::Node(reason);
            node = loop {
                state.send_replace(NodeState::Restarting { reason: failed.to_string() });
                tokio::select! {
                    () = sleep(back_off) => {}
                    () = stop.cancelled() => return,
                }
                back_off = LONGEST_BACK_OFF.min(back_off * 2);
                match self.start(node.port).await {
                    Ok(node) => break node,
                    Err(error) => failed = error,
                }
            };
        }
    }
}

impl Node {
    /// Waits until the node answers with our genesis: on a port that was just taken a stranger may answer instead.
    async fn wait_until_ready(&mut self, treasury: Address) -> Result<(), PracticeError> {
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            let answer: Result<Genesis, _> =
                self.rpc.call("eth_getBlockByNumber", json!(["0x0", false])).await;
            match answer {
                Ok(genesis) if genesis.miner == treasury => return Ok(()),
                Ok(_) | Err(_) if Instant::now() > deadline => {
                    return Err(PracticeError::TimedOut("start its node"));
                }
                Ok(_) | Err(_) => {}
            }
            if let Ok(reason) = timeout(Duration::from_millis(20), self.ended()).await {
                return Err(PracticeError::Node(reason));
            }
        }
    }

    /// Waits until the node is gone and says why.
    async fn ended(&mut self) -> String {
        match next_report(&mut self.reports).await {
            Some(Report::Ended { reason }) => reason,
            Some(Report::Started { .. }) | None => {
                end_orphan(self.pid).await;
                "its supervisor ended".to_owned()
            }
        }
    }

    /// Ends the node by closing the supervisor's input, and waits for both.
    async fn stop(&mut self) {
        drop(self.supervisor.stdin.take());
        if timeout(STOPPED_WITHIN, self.supervisor.wait()).await.is_err() {
            tracing::warn!("the practice node's supervisor did not end in time");
        }
    }
}

fn arguments(port: u16) -> Vec<String> {
    let chain_id = NetworkId::BASE_SEPOLIA.chain_id();
    // No ready-made accounts: everyone knows their keys. One slot to an epoch lets `finalized` follow two blocks behind.
    format!(
        "--host {host} --port {port} --chain-id {chain_id} --accounts 0 --no-cors --quiet --enable-tx-gas-limit \
         --slots-in-an-epoch 1 --prune-history 64 --transaction-block-keeper 1000000",
        host = Ipv4Addr::LOCALHOST,
    )
    .split_whitespace()
    .map(str::to_owned)
    .collect()
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

async fn next_report(reports: &mut Lines<BufReader<ChildStdout>>) -> Option<Report> {
    let line = reports.next_line().await.ok().flatten()?;
    serde_json::from_str(&line).ok()
}

/// A supervisor that was killed could not end its node, which still holds the port.
async fn end_orphan(pid: u32) {
    if cfg!(unix) {
        // A node that is gone already is what we want.
        let _ = Command::new("kill").args(["-KILL", &pid.to_string()]).stderr(Stdio::null()).status().await;
    }
}
