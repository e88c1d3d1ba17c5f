use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use ::chain::Chain;
use alloy::signers::local::PrivateKeySigner;
use alloy_primitives::{Address, B256};
use domain::{Amount, Clock};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::PracticeError;
use crate::buyer::{self, Purchase, Purchased};
use crate::chain::PracticeChain;
use crate::keeper::Keeper;
use crate::keys::PracticeKeys;
use crate::mining::mine_while;
use crate::node::{Launch, NodeState};
use crate::resources::Resources;
use crate::rpc::NodeRpc;
use crate::snapshot::Snapshots;
use crate::treasury::Treasury;

/// What a practice chain needs from outside.
pub struct PracticeConfig {
    /// The chain's own folder; created where it does not exist. Nobody else may be using it.
    pub folder: PathBuf,
    /// The practice resources: the node's binary, Multicall3's code, the token.
    pub resources: PathBuf,
    /// A binary that answers [`SUPERVISOR_COMMAND`](crate::SUPERVISOR_COMMAND) with [`supervise`](crate::supervise):
    /// the running one, or the command line beside it.
    pub executable: PathBuf,
    /// Becomes the keys of a folder that has none yet.
    pub random: [u8; 64],
    /// The time of day, for the genesis.
    pub clock: Arc<dyn Clock>,
}

/// A private chain on this computer, held by a supervisor and kept in snapshots.
///
/// Ends with [`Practice::stop`]. When it is dropped instead, or the process is killed, the node ends too and the chain
/// goes back to its newest snapshot.
pub struct Practice {
    rpc: NodeRpc,
    payout: Address,
    token: Address,
    genesis_hash: B256,
    node: watch::Receiver<NodeState>,
    durable_block: watch::Receiver<u64>,
    clock: Arc<dyn Clock>,
    treasury: Treasury,
    keeper: Arc<Keeper>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

#[derive(Deserialize)]
struct Genesis {
    hash: B256,
}

impl Practice {
    /// Starts the chain where its folder left it, or a new one, and returns when the node answers and what it holds is
    /// durable.
    ///
    /// # Errors
    /// When the folder or the resources cannot be used, or the node does not start.
    pub async fn start(config: PracticeConfig) -> Result<Self, PracticeError> {
        let PracticeConfig { folder, resources, executable, random, clock } = config;
        create_private(&folder)?;
        let resources = Resources::read(&resources)?;
        let keys = PracticeKeys::read_or_create(&folder, &random)?;
        let token = resources.token.accounts.token.address;
        let renew = Arc::new(Notify::new());
        let (durable_sender, durable_block) = watch::channel(0);
        let launch = Launch {
            executable,
            folder: folder.clone(),
            resources,
            treasury: keys.treasury.address(),
            clock: clock.clone(),
            durable_block: durable_sender.clone(),
            renew: renew.clone(),
        };
        let node = launch.first().await?;
        let rpc = node.rpc.clone();
        let keeper = Arc::new(Keeper::new(rpc.clone(), Snapshots::of(&folder), durable_sender, renew));
        keeper.keep().await?;
        let genesis: Genesis = rpc.call("eth_getBlockByNumber", json!(["0x0", false])).await?;

        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();
        let (state, node_state) = watch::channel(NodeState::Running { url: rpc.url().to_owned() });
        tasks.spawn(launch.keep(node, state, stop.clone()));
        tasks.spawn(stop.clone().run_until_cancelled_owned({
            let keeper = keeper.clone();
            async move { keeper.run().await }
        }));
        Ok(Self {
            treasury: Treasury::new(rpc.clone(), token, keys.treasury),
            rpc,
            clock,
            payout: keys.payout,
            token,
            genesis_hash: genesis.hash,
            node: node_state,
            durable_block,
            keeper,
            stop,
            tasks,
        })
    }

    /// Where the node answers; the same for as long as this chain runs.
    pub fn url(&self) -> &str {
        self.rpc.url()
    }

    /// This chain for the rest of the product, given a client of the node at [`Practice::url`].
    pub fn chain(&self, node: Arc<dyn Chain>) -> PracticeChain {
        PracticeChain::new(node, self.durable_block())
    }

    /// How the node is doing.
    pub fn node(&self) -> watch::Receiver<NodeState> {
        self.node.clone()
    }

    /// The highest block that is inside a durable snapshot. Nothing in practice is final above it.
    pub fn durable_block(&self) -> watch::Receiver<u64> {
        self.durable_block.clone()
    }

    /// The first block's hash, which names the chain: another hash is another chain.
    pub fn genesis_hash(&self) -> B256 {
        self.genesis_hash
    }

    /// An address of this folder for the seller's money, until the seller names one. Its key stays in the folder.
    pub fn default_payout(&self) -> Address {
        self.payout
    }

    /// The practice token: the address of USDC on Base Sepolia.
    pub fn token(&self) -> Address {
        self.token
    }

    /// Mines a block every two seconds while `wanted` holds true, so that the time on chain moves and blocks become
    /// final. Ends with the chain or when the sender is gone.
    pub fn keep_mining(&self, wanted: watch::Receiver<bool>) {
        self.tasks.spawn(self.stop.clone().run_until_cancelled_owned(mine_while(self.rpc.clone(), wanted)));
    }

    /// Mints practice money, one transaction for each grant. What was minted is durable when this returns.
    ///
    /// # Errors
    /// When the node does not answer or the token refuses; grants before that one stand.
    pub async fn fund(&self, grants: &[(Address, Amount)]) -> Result<(), PracticeError> {
        self.treasury.mint(grants).await?;
        self.keeper.keep().await
    }

    /// Buys something with practice money.
    ///
    /// # Errors
    /// When the buyer cannot be given money or cannot sign. How the purchase itself went is in the answer.
    pub async fn buy(&self, purchase: &Purchase) -> Result<Purchased, PracticeError> {
        buyer::buy(self, self.clock.as_ref(), purchase).await
    }

    /// Lets the buyers with these keys move all their practice money away; durable when this returns.
    ///
    /// # Errors
    /// When the node does not answer, or a key is none; buyers before that one have nothing left.
    pub async fn move_away(&self, keys: &[B256]) -> Result<(), PracticeError> {
        for key in keys {
            let buyer = PrivateKeySigner::from_bytes(key).map_err(alloy::signers::Error::other)?;
            self.treasury.take_all(&buyer).await?;
        }
        self.keeper.keep().await
    }

    /// Mints what the account lacks of `amount`.
    pub(crate) async fn raise_balance(&self, account: Address, amount: Amount) -> Result<(), PracticeError> {
        let balance = self.treasury.balance(account).await?;
        match amount.checked_sub(balance) {
            Some(missing) if missing > Amount::ZERO => self.fund(&[(account, missing)]).await,
            Some(_) | None => Ok(()),
        }
    }

    /// Fills a gas wallet to one hundred coins, unless it holds more; durable when this returns.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn top_up_gas(&self, wallet: Address) -> Result<(), PracticeError> {
        self.treasury.top_up(wallet).await?;
        self.keeper.keep().await
    }

    /// Keeps the chain as it is and ends the node.
    ///
    /// # Errors
    /// When the last state could not be kept; the node is ended all the same.
    pub async fn stop(&self) -> Result<(), PracticeError> {
        let kept = self.keeper.keep().await;
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        kept
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn create_private(folder: &std::path::Path) -> Result<(), PracticeError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(PracticeError::file(folder))
}
