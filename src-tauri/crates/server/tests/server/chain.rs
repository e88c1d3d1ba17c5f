use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use alloy_primitives::{Address, B256, Bytes};
use async_trait::async_trait;
use chain::{
    AuthorizationEvent, Block, Chain, ChainError, CodeAnswer, Fees, Mined, PayerFacts, PayerQuestion, Sender,
    Simulated, TokenFacts, TokenTransfer, Transfer,
};
use domain::{Amount, Asset, AuthorizationKey, Evidence, FailureReason, NetworkId};
use tokio::sync::watch;

/// A chain that says what it is told to say about payers, and nothing about anything else.
pub(crate) struct PlayedChain {
    script: Mutex<Script>,
    asked: AtomicUsize,
    slow: watch::Sender<bool>,
}

#[derive(Default)]
struct Script {
    balances: HashMap<Address, Amount>,
    smart: HashSet<Address>,
    judged: HashMap<Address, CodeAnswer>,
    used: HashSet<AuthorizationKey>,
    away: bool,
    timestamp: u64,
}

impl PlayedChain {
    pub(crate) fn new() -> Self {
        Self { script: Mutex::default(), asked: AtomicUsize::new(0), slow: watch::Sender::new(false) }
    }

    pub(crate) fn fund(&self, payer: Address, amount: u64) {
        self.script.lock().unwrap().balances.insert(payer, Amount::from_atomic(amount).unwrap());
    }

    pub(crate) fn give_code(&self, payer: Address) {
        self.script.lock().unwrap().smart.insert(payer);
    }

    /// The payer's address has code, and asking it about any signature ends like this.
    pub(crate) fn let_code_answer(&self, payer: Address, answer: CodeAnswer) {
        self.give_code(payer);
        self.script.lock().unwrap().judged.insert(payer, answer);
    }

    pub(crate) fn use_nonce(&self, key: AuthorizationKey) {
        self.script.lock().unwrap().used.insert(key);
    }

    pub(crate) fn set_away(&self, away: bool) {
        self.script.lock().unwrap().away = away;
    }

    /// It answers about no payer before this is taken back.
    pub(crate) fn set_slow(&self, slow: bool) {
        self.slow.send_replace(slow);
    }

    pub(crate) fn set_time(&self, timestamp: u64) {
        self.script.lock().unwrap().timestamp = timestamp;
    }

    /// How often it was asked about a payer.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn silent<T>() -> Result<T, ChainError> {
    Err(ChainError::Unknown("this chain answers about payers only".to_owned()))
}

#[async_trait]
impl Chain for PlayedChain {
    fn network(&self) -> NetworkId {
        NetworkId::BASE_SEPOLIA
    }

    async fn payer(&self, question: PayerQuestion) -> Result<PayerFacts, ChainError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        drop(self.slow.subscribe().wait_for(|slow| !slow).await);
        let script = self.script.lock().unwrap();
        if script.away {
            let detail = "connection refused".to_owned();
            return Err(ChainError::Unreachable { network: NetworkId::BASE_SEPOLIA, detail });
        }
        let payer = question.key.payer;
        Ok(PayerFacts {
            block: 7,
            timestamp: script.timestamp,
            balance: script.balances.get(&payer).copied().unwrap_or(Amount::ZERO),
            nonce_used: script.used.contains(&question.key),
            has_code: script.smart.contains(&payer),
        })
    }

    async fn payers(&self, _questions: &[PayerQuestion]) -> Result<Vec<PayerFacts>, ChainError> {
        silent()
    }

    async fn head(&self) -> Result<Block, ChainError> {
        silent()
    }

    async fn final_block(&self) -> Result<u64, ChainError> {
        silent()
    }

    async fn final_time(&self) -> Result<u64, ChainError> {
        silent()
    }

    async fn block(&self, _number: u64) -> Result<Option<Block>, ChainError> {
        silent()
    }

    async fn token(&self, _asset: Address) -> Result<TokenFacts, ChainError> {
        silent()
    }

    async fn has_code(&self, _address: Address) -> Result<bool, ChainError> {
        silent()
    }

    async fn simulate(
        &self,
        _from: Address,
        _asset: &Asset,
        _transfers: &[Transfer],
    ) -> Result<Vec<Simulated>, ChainError> {
        silent()
    }

    async fn ask_code(&self, _asset: &Asset, transfer: &Transfer) -> Result<CodeAnswer, ChainError> {
        let script = self.script.lock().unwrap();
        let judged = script.judged.get(&transfer.authorization.from).copied();
        Ok(match judged.unwrap_or(CodeAnswer::NotAccepted) {
            CodeAnswer::Pays if script.used.contains(&transfer.authorization.key()) => {
                CodeAnswer::Refused(FailureReason::NonceUsed)
            }
            answer => answer,
        })
    }

    async fn accepts_signature(
        &self,
        _account: Address,
        _digest: B256,
        _signature: &[u8],
    ) -> Result<bool, ChainError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Ok(false)
    }

    async fn fees(&self) -> Result<Fees, ChainError> {
        silent()
    }

    async fn sender(&self, _address: Address) -> Result<Sender, ChainError> {
        silent()
    }

    async fn broadcast(&self, _raw: &Bytes) -> Result<(), ChainError> {
        silent()
    }

    async fn mined(&self, _transaction: B256) -> Result<Option<Mined>, ChainError> {
        silent()
    }

    async fn authorization_events(
        &self,
        _asset: Address,
        _keys: &[AuthorizationKey],
        _from_block: u64,
    ) -> Result<Vec<AuthorizationEvent>, ChainError> {
        silent()
    }

    async fn payers_moved(
        &self,
        _asset: Address,
        _payers: &[Address],
        _from_block: u64,
        _to_block: u64,
    ) -> Result<Vec<Address>, ChainError> {
        silent()
    }

    async fn transfers_to(
        &self,
        _asset: Address,
        _to: Address,
        _from_block: u64,
        _to_block: u64,
    ) -> Result<Vec<TokenTransfer>, ChainError> {
        silent()
    }

    async fn transfers_in(
        &self,
        _transaction: B256,
    ) -> Result<Option<(Evidence, Vec<TokenTransfer>)>, ChainError> {
        silent()
    }
}
