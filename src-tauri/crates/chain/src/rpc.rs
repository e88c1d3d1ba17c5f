use std::sync::Arc;

use alloy_primitives::{Address, B256, Bytes, U64, U256, keccak256};
use async_trait::async_trait;
use domain::{Asset, AuthorizationKey, Evidence, Finality, NetworkId};

use crate::barrier::{Barrier, barrier};
use crate::classify::{BroadcastRefusal, Failure, broadcast_refusal, short};
use crate::coalesce::Coalescer;
use crate::code::{accepts, ask_code};
use crate::events::authorization_events;
use crate::fees::{block_named, fees};
use crate::movements::payers_moved;
use crate::nodes::{NodeConfig, Nodes};
use crate::opinion::{FINAL_DEPTH, earliest_time, final_block, second_opinion};
use crate::price::{PriceReading, price};
use crate::probe::{LARGEST_PROBE, at_block, probe};
use crate::receipt::mined;
use crate::simulate::simulate;
use crate::survey::{survey, token};
use crate::transfers::{transfers_in, transfers_to};
use crate::wire::WireBlock;
use crate::{
    AuthorizationEvent, Block, Chain, ChainError, CodeAnswer, Fees, Mined, NodeHealth, Opinion, PayerFacts,
    PayerQuestion, Sender, Simulated, Survey, Terms, TokenFacts, TokenTransfer, Transfer,
};

/// A network as one or more nodes speak for it over HTTP. Cheap to clone; the clones share connections and calls.
#[derive(Clone)]
pub struct Rpc {
    nodes: Arc<Nodes>,
    payers: Arc<Coalescer>,
    terms: Terms,
}

impl Rpc {
    /// Connects to the nodes behind `urls`, in order of preference: when one does not answer, the next is asked.
    ///
    /// The URLs may hold secrets; no error and no log holds more of them than scheme and host.
    ///
    /// # Errors
    /// [`ChainError::WrongNetwork`] when any of them answers as another network (T54), [`ChainError::Unreachable`] when
    /// none answers or one is no URL.
    pub async fn connect(network: NetworkId, urls: Vec<String>) -> Result<Self, ChainError> {
        let nodes: Vec<_> = urls.into_iter().map(|url| NodeConfig { url, per_second: None }).collect();
        Self::open(network, &nodes, network.chain_id()).await
    }

    /// The same with a budget for each node. `jitter` is anything that differs between programs, so that they do not all
    /// come back to a node at the same moment (T52).
    ///
    /// # Errors
    /// As [`Rpc::connect`].
    pub async fn open(network: NetworkId, nodes: &[NodeConfig], jitter: u64) -> Result<Self, ChainError> {
        let nodes = Arc::new(Nodes::connect(network, nodes, jitter).await?);
        Ok(Self { nodes, payers: Arc::default(), terms: Terms::of(network) })
    }

    /// The same nodes, asked as was found out about their network.
    pub fn on_terms(&self, terms: Terms) -> Self {
        Self { terms, ..self.clone() }
    }

    /// Looks at everything that has to be right before anything is sold on the network, and at what differs between
    /// networks.
    ///
    /// # Errors
    /// When the nodes cannot be asked, or what stands at `token` does not answer as a token.
    pub async fn survey(&self, token: Address, multicall: Address) -> Result<Survey, ChainError> {
        survey(&self.nodes, token, multicall).await
    }

    /// Whether the token's issuer lets nothing reach `pay_to` now.
    ///
    /// # Errors
    /// When the nodes cannot be asked.
    pub async fn barrier(&self, token: Address, pay_to: Address) -> Result<Option<Barrier>, ChainError> {
        barrier(&self.nodes, token, pay_to).await
    }

    /// What a price feed says.
    ///
    /// # Errors
    /// When the nodes cannot be asked, or what stands at `feed` does not answer as a price feed.
    pub async fn price(&self, feed: Address) -> Result<PriceReading, ChainError> {
        price(&self.nodes, feed).await
    }

    /// Looks at every node that does not rest.
    pub async fn look_at_nodes(&self) {
        self.nodes.look().await;
    }

    /// How each node is, in order of preference.
    pub fn nodes(&self) -> Vec<NodeHealth> {
        self.nodes.health()
    }

    /// What is broadcast already counts as broadcast, also when it was mined meanwhile.
    async fn is_known(&self, transaction: B256) -> Result<bool, ChainError> {
        let found: Option<serde::de::IgnoredAny> =
            self.nodes.ask("eth_getTransactionByHash", &[transaction]).await?;
        Ok(found.is_some())
    }
}

#[async_trait]
impl Chain for Rpc {
    fn network(&self) -> NetworkId {
        self.nodes.network()
    }

    async fn head(&self) -> Result<Block, ChainError> {
        let block: WireBlock = self.nodes.ask("eth_getBlockByNumber", &("latest", false)).await?;
        Ok(block.into())
    }

    /// As the network's terms say, on the word of two nodes where two are set up (T53). Where the terms do not say it, the
    /// `finalized` or the `safe` block, or the one twelve below the newest.
    async fn final_block(&self) -> Result<u64, ChainError> {
        if let Some(finality) = self.terms.finality {
            return final_block(&self.nodes, finality).await;
        }
        for finality in [Finality::Finalized, Finality::Safe] {
            if let Some(number) = block_named(&self.nodes, finality.as_str()).await? {
                return Ok(number);
            }
        }
        Ok(self.head().await?.number.saturating_sub(FINAL_DEPTH))
    }

    async fn final_time(&self) -> Result<u64, ChainError> {
        let number = self.final_block().await?;
        if self.terms.finality.is_some() {
            return earliest_time(&self.nodes, number).await;
        }
        Ok(self.block(number).await?.map_or(0, |block| block.timestamp))
    }

    async fn block(&self, number: u64) -> Result<Option<Block>, ChainError> {
        let block: Option<WireBlock> =
            self.nodes.ask("eth_getBlockByNumber", &(U64::from(number), false)).await?;
        Ok(block.map(Block::from).filter(|block| block.number == number))
    }

    async fn payer(&self, question: PayerQuestion) -> Result<PayerFacts, ChainError> {
        let facts = self.payers.ask(&self.nodes, question).await?;
        match &self.terms.freshness {
            Some(freshness) => freshness.check(self.network(), facts),
            None => Ok(facts),
        }
    }

    async fn payers(&self, questions: &[PayerQuestion]) -> Result<Vec<PayerFacts>, ChainError> {
        let mut block = "latest".to_owned();
        let mut all = Vec::with_capacity(questions.len());
        for of_asset in questions.chunk_by(|one, next| one.asset == next.asset) {
            for questions in of_asset.chunks(LARGEST_PROBE) {
                let Some(first) = questions.first() else { continue };
                all.extend(probe(&self.nodes, first.asset, questions, &block).await?);
                if let Some(facts) = all.first() {
                    block = at_block(facts.block);
                }
            }
        }
        Ok(all)
    }

    async fn token(&self, asset: Address) -> Result<TokenFacts, ChainError> {
        token(&self.nodes, asset).await
    }

    async fn has_code(&self, address: Address) -> Result<bool, ChainError> {
        let code: Bytes = self.nodes.ask("eth_getCode", &(address, "latest")).await?;
        Ok(!code.is_empty())
    }

    async fn simulate(
        &self,
        from: Address,
        asset: &Asset,
        transfers: &[Transfer],
    ) -> Result<Vec<Simulated>, ChainError> {
        if !self.terms.single {
            return simulate(&self.nodes, from, asset, transfers).await;
        }
        let mut fates = Vec::with_capacity(transfers.len());
        for transfer in transfers {
            fates.extend(simulate(&self.nodes, from, asset, std::slice::from_ref(transfer)).await?);
        }
        Ok(fates)
    }

    async fn ask_code(&self, asset: &Asset, transfer: &Transfer) -> Result<CodeAnswer, ChainError> {
        ask_code(&self.nodes, asset, transfer).await
    }

    async fn accepts_signature(
        &self,
        account: Address,
        digest: B256,
        signature: &[u8],
    ) -> Result<bool, ChainError> {
        accepts(&self.nodes, None, account, digest, signature).await
    }

    async fn fees(&self) -> Result<Fees, ChainError> {
        fees(&self.nodes).await
    }

    async fn sender(&self, address: Address) -> Result<Sender, ChainError> {
        let (latest, pending) = ((address, "latest"), (address, "pending"));
        let (balance, mined_nonce, pending_nonce) = futures::try_join!(
            self.nodes.ask::<_, U256>("eth_getBalance", &latest),
            self.nodes.ask::<_, U64>("eth_getTransactionCount", &latest),
            self.nodes.ask::<_, U64>("eth_getTransactionCount", &pending),
        )?;
        Ok(Sender { balance, mined_nonce: mined_nonce.to(), pending_nonce: pending_nonce.to() })
    }

    async fn broadcast(&self, raw: &Bytes) -> Result<(), ChainError> {
        let hash = keccak256(raw);
        let refusal = match self.nodes.try_ask::<_, B256>("eth_sendRawTransaction", &[raw]).await {
            Ok(answer) if answer == hash => return Ok(()),
            Ok(_) => return Err(ChainError::Unknown("the node took another transaction".to_owned())),
            Err(Failure::Refused(refusal)) => refusal,
            Err(failure) => return Err(failure.into_error(self.network())),
        };
        match broadcast_refusal(&refusal) {
            BroadcastRefusal::AlreadyKnown => Ok(()),
            BroadcastRefusal::NonceUsed if self.is_known(hash).await? => Ok(()),
            BroadcastRefusal::NonceUsed => Err(ChainError::NonceUsed),
            BroadcastRefusal::FeeTooLow => Err(ChainError::FeeTooLow),
            BroadcastRefusal::OutOfGasMoney => Err(ChainError::OutOfGasMoney),
            BroadcastRefusal::Unknown => Err(ChainError::Unknown(short(&refusal.message))),
        }
    }

    async fn mined(&self, transaction: B256) -> Result<Option<Mined>, ChainError> {
        mined(&self.nodes, transaction).await
    }

    async fn second_opinion(&self, transaction: B256) -> Result<Opinion, ChainError> {
        second_opinion(&self.nodes, transaction).await
    }

    async fn authorization_events(
        &self,
        asset: Address,
        keys: &[AuthorizationKey],
        from_block: u64,
    ) -> Result<Vec<AuthorizationEvent>, ChainError> {
        authorization_events(&self.nodes, asset, keys, from_block).await
    }

    async fn payers_moved(
        &self,
        asset: Address,
        payers: &[Address],
        from_block: u64,
        to_block: u64,
    ) -> Result<Vec<Address>, ChainError> {
        payers_moved(&self.nodes, asset, payers, from_block, to_block).await
    }

    async fn transfers_to(
        &self,
        asset: Address,
        to: Address,
        from_block: u64,
        to_block: u64,
    ) -> Result<Vec<TokenTransfer>, ChainError> {
        transfers_to(&self.nodes, asset, to, from_block, to_block).await
    }

    async fn transfers_in(
        &self,
        transaction: B256,
    ) -> Result<Option<(Evidence, Vec<TokenTransfer>)>, ChainError> {
        transfers_in(&self.nodes, transaction).await
    }
}
