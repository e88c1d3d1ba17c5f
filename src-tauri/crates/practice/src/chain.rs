use std::sync::Arc;

use ::chain::{
    AuthorizationEvent, Block, Chain, ChainError, CodeAnswer, Fees, Mined, PayerFacts, PayerQuestion, Sender,
    Simulated, TokenFacts, TokenTransfer, Transfer,
};
use alloy_primitives::{Address, B256, Bytes};
use async_trait::async_trait;
use domain::{Asset, AuthorizationKey, Evidence, NetworkId};
use tokio::sync::watch;

/// The practice chain as the rest of the product sees it: its node, except that nothing is final before the snapshot
/// that holds it is durable. A node that is started again from a snapshot would take the rest back.
///
/// Blocks without transactions are forgotten after a while; [`Chain::block`] then answers that there is none.
pub struct PracticeChain {
    node: Arc<dyn Chain>,
    durable_block: watch::Receiver<u64>,
}

impl PracticeChain {
    pub(crate) fn new(node: Arc<dyn Chain>, durable_block: watch::Receiver<u64>) -> Self {
        Self { node, durable_block }
    }
}

#[async_trait]
impl Chain for PracticeChain {
    fn network(&self) -> NetworkId {
        self.node.network()
    }

    async fn head(&self) -> Result<Block, ChainError> {
        self.node.head().await
    }

    async fn final_block(&self) -> Result<u64, ChainError> {
        let settled = self.node.final_block().await?;
        Ok(settled.min(*self.durable_block.borrow()))
    }

    async fn final_time(&self) -> Result<u64, ChainError> {
        let number = self.final_block().await?;
        Ok(self.node.block(number).await?.map_or(0, |block| block.timestamp))
    }

    async fn block(&self, number: u64) -> Result<Option<Block>, ChainError> {
        self.node.block(number).await
    }

    async fn payer(&self, question: PayerQuestion) -> Result<PayerFacts, ChainError> {
        self.node.payer(question).await
    }

    async fn payers(&self, questions: &[PayerQuestion]) -> Result<Vec<PayerFacts>, ChainError> {
        self.node.payers(questions).await
    }

    async fn token(&self, asset: Address) -> Result<TokenFacts, ChainError> {
        self.node.token(asset).await
    }

    async fn has_code(&self, address: Address) -> Result<bool, ChainError> {
        self.node.has_code(address).await
    }

    async fn simulate(
        &self,
        from: Address,
        asset: &Asset,
        transfers: &[Transfer],
    ) -> Result<Vec<Simulated>, ChainError> {
        self.node.simulate(from, asset, transfers).await
    }

    async fn ask_code(&self, asset: &Asset, transfer: &Transfer) -> Result<CodeAnswer, ChainError> {
        self.node.ask_code(asset, transfer).await
    }

    async fn accepts_signature(
        &self,
        account: Address,
        digest: B256,
        signature: &[u8],
    ) -> Result<bool, ChainError> {
        self.node.accepts_signature(account, digest, signature).await
    }

    async fn fees(&self) -> Result<Fees, ChainError> {
        self.node.fees().await
    }

    async fn sender(&self, address: Address) -> Result<Sender, ChainError> {
        self.node.sender(address).await
    }

    async fn broadcast(&self, raw: &Bytes) -> Result<(), ChainError> {
        self.node.broadcast(raw).await
    }

    async fn mined(&self, transaction: B256) -> Result<Option<Mined>, ChainError> {
        self.node.mined(transaction).await
    }

    async fn authorization_events(
        &self,
        asset: Address,
        keys: &[AuthorizationKey],
        from_block: u64,
    ) -> Result<Vec<AuthorizationEvent>, ChainError> {
        self.node.authorization_events(asset, keys, from_block).await
    }

    async fn payers_moved(
        &self,
        asset: Address,
        payers: &[Address],
        from_block: u64,
        to_block: u64,
    ) -> Result<Vec<Address>, ChainError> {
        self.node.payers_moved(asset, payers, from_block, to_block).await
    }

    async fn transfers_to(
        &self,
        asset: Address,
        to: Address,
        from_block: u64,
        to_block: u64,
    ) -> Result<Vec<TokenTransfer>, ChainError> {
        self.node.transfers_to(asset, to, from_block, to_block).await
    }

    async fn transfers_in(
        &self,
        transaction: B256,
    ) -> Result<Option<(Evidence, Vec<TokenTransfer>)>, ChainError> {
        self.node.transfers_in(transaction).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A node whose newest final block is given, and which otherwise says what it was asked.
    struct Asked(u64);

    fn asked<T>(what: &str) -> Result<T, ChainError> {
        Err(ChainError::Unknown(what.to_owned()))
    }

    #[async_trait]
    impl Chain for Asked {
        fn network(&self) -> NetworkId {
            NetworkId::BASE_SEPOLIA
        }
        async fn head(&self) -> Result<Block, ChainError> {
            asked("head")
        }
        async fn final_block(&self) -> Result<u64, ChainError> {
            Ok(self.0)
        }
        async fn final_time(&self) -> Result<u64, ChainError> {
            asked("final time")
        }
        async fn block(&self, number: u64) -> Result<Option<Block>, ChainError> {
            asked(&format!("block {number}"))
        }
        async fn payer(&self, question: PayerQuestion) -> Result<PayerFacts, ChainError> {
            asked(&format!("payer {}", question.asset))
        }
        async fn payers(&self, questions: &[PayerQuestion]) -> Result<Vec<PayerFacts>, ChainError> {
            asked(&format!("payers {}", questions.len()))
        }
        async fn token(&self, asset: Address) -> Result<TokenFacts, ChainError> {
            asked(&format!("token {asset}"))
        }
        async fn has_code(&self, address: Address) -> Result<bool, ChainError> {
            asked(&format!("code {address}"))
        }
        async fn simulate(
            &self,
            from: Address,
            asset: &Asset,
            transfers: &[Transfer],
        ) -> Result<Vec<Simulated>, ChainError> {
            asked(&format!("simulate {from} {} {}", asset.address, transfers.len()))
        }
        async fn ask_code(&self, asset: &Asset, transfer: &Transfer) -> Result<CodeAnswer, ChainError> {
            asked(&format!("ask {} of {}", transfer.authorization.from, asset.address))
        }
        async fn accepts_signature(
            &self,
            account: Address,
            digest: B256,
            signature: &[u8],
        ) -> Result<bool, ChainError> {
            asked(&format!("accepts {account} {digest} {signature:?}"))
        }
        async fn fees(&self) -> Result<Fees, ChainError> {
            asked("fees")
        }
        async fn sender(&self, address: Address) -> Result<Sender, ChainError> {
            asked(&format!("sender {address}"))
        }
        async fn broadcast(&self, raw: &Bytes) -> Result<(), ChainError> {
            asked(&format!("broadcast {raw}"))
        }
        async fn mined(&self, transaction: B256) -> Result<Option<Mined>, ChainError> {
            asked(&format!("mined {transaction}"))
        }
        async fn authorization_events(
            &self,
            asset: Address,
            keys: &[AuthorizationKey],
            from_block: u64,
        ) -> Result<Vec<AuthorizationEvent>, ChainError> {
            asked(&format!("events {asset} {} {from_block}", keys.len()))
        }
        async fn payers_moved(
            &self,
            asset: Address,
            payers: &[Address],
            from_block: u64,
            to_block: u64,
        ) -> Result<Vec<Address>, ChainError> {
            asked(&format!("moved {asset} {payers:?} {from_block} {to_block}"))
        }
        async fn transfers_to(
            &self,
            asset: Address,
            to: Address,
            from_block: u64,
            to_block: u64,
        ) -> Result<Vec<TokenTransfer>, ChainError> {
            asked(&format!("transfers {asset} {to} {from_block} {to_block}"))
        }
        async fn transfers_in(
            &self,
            transaction: B256,
        ) -> Result<Option<(Evidence, Vec<TokenTransfer>)>, ChainError> {
            asked(&format!("transfers in {transaction}"))
        }
    }

    /// I7: what a restart could take back is not final.
    #[tokio::test]
    async fn nothing_is_final_above_the_durable_block() {
        let (durable, durable_block) = watch::channel(0);
        let chain = PracticeChain::new(Arc::new(Asked(8)), durable_block);
        for (durable_now, expected) in [(0, 0), (7, 7), (8, 8), (12, 8), (5, 5)] {
            durable.send_replace(durable_now);
            assert_eq!(chain.final_block().await, Ok(expected));
        }
    }

    #[tokio::test]
    async fn everything_else_is_the_nodes_own_answer() {
        let (_durable, durable_block) = watch::channel(0);
        let chain = PracticeChain::new(Arc::new(Asked(8)), durable_block);
        let [one, two] = [Address::repeat_byte(1), Address::repeat_byte(2)];
        let key = AuthorizationKey { payer: two, nonce: B256::ZERO };
        let question = PayerQuestion { asset: one, key };
        let asset = Asset {
            network: NetworkId::BASE_SEPOLIA,
            address: one,
            name: String::new(),
            version: String::new(),
            decimals: 6,
        };
        let hash = B256::repeat_byte(3);
        let raw = Bytes::from_static(&[2, 7]);

        assert_eq!(chain.network(), NetworkId::BASE_SEPOLIA);
        assert_eq!(chain.head().await, asked("head"));
        assert_eq!(chain.block(9).await, asked("block 9"));
        assert_eq!(chain.payer(question).await, asked(&format!("payer {one}")));
        assert_eq!(chain.payers(&[question; 3]).await, asked("payers 3"));
        assert_eq!(chain.token(one).await, asked(&format!("token {one}")));
        assert_eq!(chain.has_code(two).await, asked(&format!("code {two}")));
        assert_eq!(chain.simulate(two, &asset, &[]).await, asked(&format!("simulate {two} {one} 0")));
        let transfer = Transfer {
            authorization: domain::Authorization {
                from: two,
                to: one,
                value: alloy_primitives::U256::ZERO,
                valid_after: 0,
                valid_before: 1,
                nonce: hash,
            },
            signature: domain::PayerSignature::Code(Bytes::new()),
        };
        assert_eq!(chain.ask_code(&asset, &transfer).await, asked(&format!("ask {two} of {one}")));
        let accepted = chain.accepts_signature(two, hash, &[7]).await;
        assert_eq!(accepted, asked(&format!("accepts {two} {hash} [7]")));
        assert_eq!(chain.fees().await, asked("fees"));
        assert_eq!(chain.sender(two).await, asked(&format!("sender {two}")));
        assert_eq!(chain.broadcast(&raw).await, asked("broadcast 0x0207"));
        assert_eq!(chain.mined(hash).await, asked(&format!("mined {hash}")));
        let events = chain.authorization_events(one, &[key; 2], 4).await;
        assert_eq!(events, asked(&format!("events {one} 2 4")));
        let moved = chain.payers_moved(one, &[two], 4, 9).await;
        assert_eq!(moved, asked(&format!("moved {one} {:?} 4 9", [two])));
        let transfers = chain.transfers_to(one, two, 4, 9).await;
        assert_eq!(transfers, asked(&format!("transfers {one} {two} 4 9")));
        assert_eq!(chain.transfers_in(hash).await, asked(&format!("transfers in {hash}")));
    }
}
