//! What the node answers to whoever settles.

use alloy_primitives::{Address, B256, Bytes, keccak256};
use async_trait::async_trait;
use chain::{
    AuthorizationEvent, Block, Chain, ChainError, CodeAnswer, Fees, Mined, Opinion, PayerFacts,
    PayerQuestion, Sender, Simulated, TokenFacts, TokenTransfer, Transfer,
};
use domain::{Asset, AuthorizationKey, Evidence, FailureReason, NetworkId};

use super::{Question, Reception, ScriptedNode, Second};
use crate::ledger::nonce_of;

#[async_trait]
impl Chain for ScriptedNode {
    fn network(&self) -> NetworkId {
        NetworkId::BASE_SEPOLIA
    }

    async fn head(&self) -> Result<Block, ChainError> {
        let inner = self.answer()?;
        let head = inner.ledger.head();
        Ok(Block { timestamp: inner.pretended_time.unwrap_or(head.timestamp), ..head })
    }

    async fn final_block(&self) -> Result<u64, ChainError> {
        let inner = self.answer_to(Question::FinalBlock)?;
        Ok(inner.ledger.head().number.saturating_sub(inner.final_behind))
    }

    async fn final_time(&self) -> Result<u64, ChainError> {
        let number = self.final_block().await?;
        let time = self.block(number).await?.map_or(0, |block| block.timestamp);
        Ok(self.inner().pretended_time.unwrap_or(time))
    }

    async fn block(&self, number: u64) -> Result<Option<Block>, ChainError> {
        Ok(self.answer()?.ledger.blocks.iter().map(|mint| mint.block).find(|block| block.number == number))
    }

    async fn payer(&self, question: PayerQuestion) -> Result<PayerFacts, ChainError> {
        Ok(self.answer()?.ledger.facts(&question))
    }

    async fn payers(&self, questions: &[PayerQuestion]) -> Result<Vec<PayerFacts>, ChainError> {
        let inner = self.answer_to(Question::Payers)?;
        Ok(questions.iter().map(|question| inner.ledger.facts(question)).collect())
    }

    async fn token(&self, _asset: Address) -> Result<TokenFacts, ChainError> {
        Err(ChainError::Unknown("not asked while settling".into()))
    }

    async fn has_code(&self, _address: Address) -> Result<bool, ChainError> {
        Ok(false)
    }

    async fn simulate(
        &self,
        _from: Address,
        _asset: &Asset,
        transfers: &[Transfer],
    ) -> Result<Vec<Simulated>, ChainError> {
        let mut inner = self.answer_to(Question::Simulation)?;
        if transfers.iter().any(|transfer| inner.poison.contains(&transfer.authorization.nonce)) {
            return Err(ChainError::Unknown("the simulation took too long".into()));
        }
        let refusals = inner.ledger.refusals.clone();
        let smart = inner.ledger.smart.clone();
        let willing = inner.ledger.willing.clone();
        let among_others = transfers.len() > 1;
        let time = inner.ledger.time;
        let state = &inner.ledger.tip().state;
        let mut balances = state.balances.clone();
        let fate = |transfer: &Transfer| {
            let authorization = &transfer.authorization;
            let balance = balances.entry(authorization.from).or_default();
            let value = authorization.value.to::<u64>();
            if let Some(reason) = refusals.get(&authorization.nonce) {
                Simulated::Refused(*reason)
            } else if smart.contains(&authorization.from) && among_others {
                Simulated::Apart
            } else if smart.contains(&authorization.from) && !willing.contains(&authorization.from) {
                Simulated::Refused(FailureReason::PayerHasCode)
            } else if state.events.contains_key(&authorization.key()) {
                Simulated::Refused(FailureReason::NonceUsed)
            } else if time >= authorization.valid_before {
                Simulated::Refused(FailureReason::Expired)
            } else if time <= authorization.valid_after {
                Simulated::Refused(FailureReason::NotYetValid)
            } else if *balance < value {
                Simulated::Refused(FailureReason::Underfunded)
            } else {
                *balance -= value;
                Simulated::Pays
            }
        };
        Ok(transfers.iter().map(fate).collect())
    }

    async fn ask_code(&self, _asset: &Asset, _transfer: &Transfer) -> Result<CodeAnswer, ChainError> {
        Err(ChainError::Unknown("not asked while settling".into()))
    }

    async fn fees(&self) -> Result<Fees, ChainError> {
        let inner = self.answer()?;
        Ok(Fees { max_fee_per_gas: inner.gas_price, max_priority_fee_per_gas: inner.tip })
    }

    async fn sender(&self, _address: Address) -> Result<Sender, ChainError> {
        let inner = self.answer()?;
        let mined_nonce = inner.ledger.blocks.last().unwrap().state.wallet_nonce;
        let held = |nonce: &u64| {
            inner.foreign_pending.contains(nonce)
                || inner.ledger.mempool.iter().any(|raw| nonce_of(raw) == *nonce)
        };
        let pending_nonce = (mined_nonce..).find(|nonce| !held(nonce)).unwrap();
        Ok(Sender { balance: inner.gas_money, mined_nonce, pending_nonce })
    }

    async fn broadcast(&self, raw: &Bytes) -> Result<(), ChainError> {
        let mut inner = self.answer()?;
        inner.received.push(raw.clone());
        let known = inner.ledger.mempool.contains(raw)
            || inner.ledger.tip().state.mined.contains_key(&keccak256(raw));
        if nonce_of(raw) < inner.ledger.tip().state.wallet_nonce && !known {
            return Err(ChainError::NonceUsed);
        }
        let broken = ChainError::Unreachable { network: NetworkId::BASE_SEPOLIA, detail: "broke off".into() };
        let (keep, answer) = match inner.reception.clone() {
            Reception::Keep => (true, Ok(())),
            Reception::KeepAndBreak => (true, Err(broken)),
            Reception::Lose => (false, Ok(())),
            Reception::Refuse(error) => (false, Err(error)),
        };
        if keep && !known {
            inner.ledger.mempool.push(raw.clone());
            if inner.mines_at_once {
                inner.ledger.mine();
            }
        }
        answer
    }

    async fn mined(&self, transaction: B256) -> Result<Option<Mined>, ChainError> {
        let mut inner = self.answer()?;
        if inner.blind_to.contains(&transaction) {
            return Ok(None);
        }
        Ok(inner.ledger.tip().state.mined.get(&transaction).cloned())
    }

    async fn second_opinion(&self, transaction: B256) -> Result<Opinion, ChainError> {
        let mut slow = {
            let mut inner = self.answer()?;
            inner.asked += 1;
            inner.slow.subscribe()
        };
        drop(slow.wait_for(|slow| !slow).await);
        let mut inner = self.answer()?;
        let told = inner.ledger.tip().state.mined.get(&transaction).cloned();
        Ok(match (inner.second, told) {
            (Second::None, _) => Opinion::Sole,
            (Second::Away, _) => {
                let detail = "two nodes have to agree, and only one answers".into();
                return Err(ChainError::Unreachable { network: NetworkId::BASE_SEPOLIA, detail });
            }
            (Second::Agrees, Some(mined)) => Opinion::Agreed(mined),
            (Second::SawNoEvents, Some(mined)) => Opinion::Agreed(Mined { events: Vec::new(), ..mined }),
            (Second::SawNothing, _) | (Second::Agrees | Second::SawNoEvents, None) => Opinion::Nowhere,
            (Second::Differs, _) => Opinion::Differs,
        })
    }

    async fn authorization_events(
        &self,
        _asset: Address,
        keys: &[AuthorizationKey],
        from_block: u64,
    ) -> Result<Vec<AuthorizationEvent>, ChainError> {
        let mut inner = self.answer_to(Question::Events)?;
        let state = &inner.ledger.tip().state;
        let events = keys.iter().filter_map(|key| state.events.get(key).copied());
        Ok(events.filter(|event| event.evidence.block >= from_block).collect())
    }

    async fn payers_moved(
        &self,
        _asset: Address,
        payers: &[Address],
        from_block: u64,
        to_block: u64,
    ) -> Result<Vec<Address>, ChainError> {
        Ok(self.answer_to(Question::Movements)?.ledger.moved(payers, from_block, to_block))
    }

    async fn transfers_to(
        &self,
        _asset: Address,
        _to: Address,
        _from_block: u64,
        _to_block: u64,
    ) -> Result<Vec<TokenTransfer>, ChainError> {
        Err(ChainError::Unknown("not asked while settling".into()))
    }

    async fn transfers_in(
        &self,
        _transaction: B256,
    ) -> Result<Option<(Evidence, Vec<TokenTransfer>)>, ChainError> {
        Err(ChainError::Unknown("not asked while settling".into()))
    }
}
