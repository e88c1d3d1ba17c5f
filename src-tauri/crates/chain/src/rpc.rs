use std::sync::Arc;

use alloy::sol_types::SolCall;
use alloy_primitives::{Address, B256, Bytes, U64, U256, keccak256};
use async_trait::async_trait;
use domain::{Asset, AuthorizationKey, NetworkId};

use crate::abi::Token;
use crate::classify::{BroadcastRefusal, Failure, broadcast_refusal, short};
use crate::coalesce::Coalescer;
use crate::events::authorization_events;
use crate::fees::{block_named, fees};
use crate::nodes::Nodes;
use crate::probe::{LARGEST_PROBE, at_block, probe};
use crate::receipt::mined;
use crate::simulate::simulate;
use crate::wire::{CallRequest, WireBlock};
use crate::{
    AuthorizationEvent, Block, Chain, ChainError, Fees, Mined, PayerFacts, PayerQuestion, Sender, Simulated,
    TokenFacts, Transfer,
};

/// How many blocks below the newest one count as final where a network may have no final block.
const DEPTH: u64 = 12;

/// A network as one or more nodes speak for it over HTTP. Cheap to clone; the clones share connections and calls.
#[derive(Clone)]
pub struct Rpc {
    nodes: Arc<Nodes>,
    payers: Arc<Coalescer>,
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
        let nodes = Arc::new(Nodes::connect(network, &urls).await?);
        Ok(Self { nodes, payers: Arc::default() })
    }

    async fn read<C: SolCall>(&self, contract: Address, call: C) -> Result<C::Return, ChainError> {
        let request =
            CallRequest { to: Some(contract), data: call.abi_encode().into(), ..CallRequest::default() };
        let answer: Bytes = self.nodes.ask("eth_call", &(request, "latest")).await?;
        C::abi_decode_returns(&answer).map_err(|_| {
            ChainError::Refused(format!("{contract} does not answer {} as a token does", C::SIGNATURE))
        })
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

    /// The network's `finalized` block. The networks we know all have one, so there a node that does not name it is in
    /// trouble, and nothing else counts (I7); elsewhere the `safe` one, or the one twelve below the newest, does too.
    async fn final_block(&self) -> Result<u64, ChainError> {
        if let Some(number) = block_named(&self.nodes, "finalized").await? {
            return Ok(number);
        }
        if self.network().known().is_some() {
            return Err(ChainError::Unknown("the node does not name the network's final block".to_owned()));
        }
        if let Some(number) = block_named(&self.nodes, "safe").await? {
            return Ok(number);
        }
        Ok(self.head().await?.number.saturating_sub(DEPTH))
    }

    async fn block(&self, number: u64) -> Result<Option<Block>, ChainError> {
        let block: Option<WireBlock> =
            self.nodes.ask("eth_getBlockByNumber", &(U64::from(number), false)).await?;
        Ok(block.map(Block::from).filter(|block| block.number == number))
    }

    async fn payer(&self, question: PayerQuestion) -> Result<PayerFacts, ChainError> {
        self.payers.ask(&self.nodes, question).await
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
        let (name, version, decimals, domain_separator) = futures::try_join!(
            self.read(asset, Token::nameCall {}),
            self.read(asset, Token::versionCall {}),
            self.read(asset, Token::decimalsCall {}),
            self.read(asset, Token::DOMAIN_SEPARATORCall {}),
        )?;
        Ok(TokenFacts { name, version, decimals, domain_separator })
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
        simulate(&self.nodes, from, asset, transfers).await
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

    async fn authorization_events(
        &self,
        asset: Address,
        keys: &[AuthorizationKey],
        from_block: u64,
    ) -> Result<Vec<AuthorizationEvent>, ChainError> {
        authorization_events(&self.nodes, asset, keys, from_block).await
    }
}
