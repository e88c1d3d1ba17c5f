use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};

use alloy::consensus::{Transaction as _, TxEnvelope};
use alloy::eips::eip2718::Decodable2718 as _;
use alloy::sol_types::{SolCall as _, sol};
use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use async_trait::async_trait;
use chain::{
    AuthorizationEvent, AuthorizationFate, Block, Chain, ChainError, Fees, Mined, PayerFacts, PayerQuestion,
    Sender, Simulated, TokenFacts, Transfer,
};
use domain::{Amount, Asset, AuthorizationKey, Evidence, FailureReason, NetworkId};

sol! {
    #![sol(alloy_sol_types = alloy::sol_types)]

    struct Call3 { address target; bool allowFailure; bytes callData; }
    function aggregate3(Call3[] calls);
    function transferWithAuthorization(
        address from, address to, uint256 value, uint256 validAfter, uint256 validBefore,
        bytes32 nonce, uint8 v, bytes32 r, bytes32 s
    );
}

pub(crate) const START: u64 = 1_800_000_000;

/// What a node does with bytes that are handed to it.
#[derive(Clone, Debug, Default)]
pub(crate) enum Reception {
    /// Keeps them.
    #[default]
    Keep,
    /// Keeps them, and then the connection breaks.
    KeepAndBreak,
    /// Says that all is well and forgets them.
    Lose,
    /// Forgets them and says this.
    Refuse(ChainError),
}

/// What the chain is at one block.
#[derive(Clone, Default)]
struct State {
    balances: HashMap<Address, u64>,
    events: HashMap<AuthorizationKey, AuthorizationEvent>,
    wallet_nonce: u64,
    /// Transactions in blocks, with what they did.
    mined: HashMap<B256, Mined>,
}

struct Mint {
    block: Block,
    state: State,
}

struct Inner {
    blocks: Vec<Mint>,
    mempool: Vec<Bytes>,
    /// What is said to the next bytes; afterwards they are kept.
    reception: Reception,
    received: Vec<Bytes>,
    refusals: HashMap<B256, FailureReason>,
    gas_money: U256,
    final_behind: u64,
    away: bool,
    mines_at_once: bool,
    blind_to: HashSet<B256>,
    gas_per_payment: u64,
    next_hash: u64,
    time: u64,
    token: Address,
}

/// An EVM node with one token, as far as settling can see it. Does what it is told, lies included.
pub(crate) struct ScriptedNode(Mutex<Inner>);

impl ScriptedNode {
    pub(crate) fn new(token: Address) -> Arc<Self> {
        let genesis = Block { number: 100, hash: B256::repeat_byte(0xaa), timestamp: START };
        Arc::new(Self(Mutex::new(Inner {
            blocks: vec![Mint { block: genesis, state: State::default() }],
            mempool: Vec::new(),
            reception: Reception::Keep,
            received: Vec::new(),
            refusals: HashMap::new(),
            gas_money: U256::from(10_u64).pow(U256::from(18)),
            final_behind: 2,
            away: false,
            mines_at_once: false,
            blind_to: HashSet::new(),
            gas_per_payment: 60_000,
            next_hash: 1,
            time: START,
            token,
        })))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    fn answer(&self) -> Result<MutexGuard<'_, Inner>, ChainError> {
        let inner = self.inner();
        if inner.away {
            return Err(ChainError::Unreachable { network: NetworkId::BASE_SEPOLIA, detail: "away".into() });
        }
        Ok(inner)
    }

    pub(crate) fn fund(&self, payer: Address, units: u64) {
        *self.inner().tip().state.balances.entry(payer).or_default() += units;
    }

    pub(crate) fn balance(&self, address: Address) -> u64 {
        self.inner().tip().state.balances.get(&address).copied().unwrap_or_default()
    }

    /// What is done with bytes from now on.
    pub(crate) fn receive(&self, reception: Reception) {
        self.inner().reception = reception;
    }

    pub(crate) fn refuse(&self, nonce: B256, reason: FailureReason) {
        self.inner().refusals.insert(nonce, reason);
    }

    pub(crate) fn set_away(&self, away: bool) {
        self.inner().away = away;
    }

    /// Every transaction gets a block of its own as soon as it arrives.
    pub(crate) fn mine_at_once(&self) {
        self.inner().mines_at_once = true;
    }

    pub(crate) fn set_gas_money(&self, wei: u64) {
        self.inner().gas_money = U256::from(wei);
    }

    /// The transaction runs dry: it is mined and moves nothing.
    pub(crate) fn starve(&self) {
        self.inner().gas_per_payment = u64::MAX;
    }

    pub(crate) fn feed(&self) {
        self.inner().gas_per_payment = 60_000;
    }

    /// The node denies that it knows this transaction.
    pub(crate) fn hide(&self, transaction: B256) {
        self.inner().blind_to.insert(transaction);
    }

    /// Moves the time of the blocks to come.
    pub(crate) fn set_time(&self, seconds: u64) {
        self.inner().time = seconds;
    }

    pub(crate) fn mine(&self) {
        self.inner().mine();
    }

    /// Blocks without our transactions.
    pub(crate) fn mine_empty(&self, count: u64) {
        let mut inner = self.inner();
        let held = std::mem::take(&mut inner.mempool);
        for _ in 0..count {
            inner.mine();
        }
        inner.mempool = held;
    }

    /// The newest blocks are replaced by empty ones.
    pub(crate) fn reorganise(&self, depth: usize) {
        let mut inner = self.inner();
        let kept = inner.blocks.len() - depth;
        inner.blocks.truncate(kept);
        inner.mempool.clear();
        for _ in 0..=depth {
            inner.mine();
        }
    }

    /// Somebody else submits an authorization.
    pub(crate) fn used_by_another(&self, key: AuthorizationKey, to: Address, value: u64) -> B256 {
        let mut inner = self.inner();
        let transfer = Some((to, U256::from(value)));
        let transaction = inner.foreign(key, AuthorizationFate::Used { transfer });
        let balances = &mut inner.tip().state.balances;
        *balances.entry(key.payer).or_default() -= value;
        *balances.entry(to).or_default() += value;
        transaction
    }

    /// The same, in the block that also takes our transactions in, ahead of them.
    pub(crate) fn overtake(&self, key: AuthorizationKey, to: Address, value: u64) {
        let mut inner = self.inner();
        let ours = std::mem::take(&mut inner.mempool);
        drop(inner);
        self.used_by_another(key, to, value);
        let mut inner = self.inner();
        inner.mempool = ours;
        inner.mine();
    }

    pub(crate) fn cancelled(&self, key: AuthorizationKey) {
        self.inner().foreign(key, AuthorizationFate::Cancelled);
    }

    /// The gas wallet is used by another program.
    pub(crate) fn take_wallet_nonce(&self) {
        let mut inner = self.inner();
        inner.tip().state.wallet_nonce += 1;
        inner.mempool.clear();
        inner.mine();
    }

    pub(crate) fn received(&self) -> Vec<Bytes> {
        self.inner().received.clone()
    }

    /// The different transactions that were handed over, in order.
    pub(crate) fn transactions(&self) -> Vec<Bytes> {
        let mut distinct = Vec::new();
        for raw in self.received() {
            if !distinct.contains(&raw) {
                distinct.push(raw);
            }
        }
        distinct
    }

    /// Transactions that are in blocks.
    pub(crate) fn mined_count(&self) -> usize {
        self.inner().tip().state.mined.len()
    }

    pub(crate) fn waiting(&self) -> usize {
        self.inner().mempool.len()
    }
}

impl Inner {
    fn tip(&mut self) -> &mut Mint {
        self.blocks.last_mut().unwrap()
    }

    fn head(&self) -> Block {
        self.blocks.last().unwrap().block
    }

    fn next_block(&mut self) -> Block {
        let head = self.head();
        self.time = self.time.max(head.timestamp + 1);
        self.next_hash += 1;
        Block { number: head.number + 1, hash: keccak256(self.next_hash.to_be_bytes()), timestamp: self.time }
    }

    fn mine(&mut self) {
        let block = self.next_block();
        let mut state = self.tip().state.clone();
        let mut waiting = std::mem::take(&mut self.mempool);
        waiting.sort_by_key(|raw| decode(raw).nonce());
        for raw in waiting {
            let transaction = decode(&raw);
            if transaction.nonce() == state.wallet_nonce {
                state.wallet_nonce += 1;
                let mined = self.run(&transaction, keccak256(&raw), block, &mut state);
                state.mined.insert(keccak256(&raw), mined);
            } else if transaction.nonce() > state.wallet_nonce {
                self.mempool.push(raw);
            }
        }
        self.blocks.push(Mint { block, state });
    }

    fn run(&self, transaction: &TxEnvelope, hash: B256, block: Block, state: &mut State) -> Mined {
        let evidence = Evidence { block: block.number, block_hash: block.hash, transaction: hash };
        let calls = calls(transaction, self.token);
        let enough = self.gas_per_payment.saturating_mul(calls.len() as u64) <= transaction.gas_limit();
        let mut events = Vec::new();
        for call in calls.iter().filter(|_| enough) {
            let key = AuthorizationKey { payer: call.from, nonce: call.nonce };
            let value = call.value.to::<u64>();
            let balance = state.balances.get(&call.from).copied().unwrap_or_default();
            let valid = U256::from(block.timestamp) < call.validBefore
                && U256::from(block.timestamp) > call.validAfter;
            if state.events.contains_key(&key)
                || self.refusals.contains_key(&call.nonce)
                || balance < value
                || !valid
            {
                continue;
            }
            *state.balances.entry(call.from).or_default() -= value;
            *state.balances.entry(call.to).or_default() += value;
            let what = AuthorizationFate::Used { transfer: Some((call.to, call.value)) };
            let event = AuthorizationEvent { asset: self.token, key, what, evidence };
            state.events.insert(key, event);
            events.push(event);
        }
        Mined { evidence, succeeded: enough, gas_used: 1, cost: U256::from(1), events }
    }

    fn foreign(&mut self, key: AuthorizationKey, what: AuthorizationFate) -> B256 {
        self.mine();
        let block = self.head();
        let transaction = keccak256(block.hash);
        let evidence = Evidence { block: block.number, block_hash: block.hash, transaction };
        let event = AuthorizationEvent { asset: self.token, key, what, evidence };
        self.tip().state.events.insert(key, event);
        transaction
    }

    fn facts(&self, question: &PayerQuestion) -> PayerFacts {
        let Mint { block, state } = self.blocks.last().unwrap();
        PayerFacts {
            block: block.number,
            timestamp: block.timestamp,
            balance: Amount::from_atomic(
                state.balances.get(&question.key.payer).copied().unwrap_or_default(),
            )
            .unwrap(),
            nonce_used: state.events.contains_key(&question.key),
            has_code: false,
        }
    }
}

fn decode(raw: &Bytes) -> TxEnvelope {
    TxEnvelope::decode_2718(&mut raw.as_ref()).unwrap()
}

/// The transfers a transaction asks the token for.
fn calls(transaction: &TxEnvelope, token: Address) -> Vec<transferWithAuthorizationCall> {
    let single = |data: &[u8]| transferWithAuthorizationCall::abi_decode(data).unwrap();
    if transaction.to() == Some(token) {
        return vec![single(transaction.input())];
    }
    let batch = aggregate3Call::abi_decode(transaction.input()).unwrap();
    assert!(batch.calls.iter().all(|call| call.allowFailure && call.target == token), "I10");
    batch.calls.iter().map(|call| single(&call.callData)).collect()
}

/// How many payments the bytes carry.
pub(crate) fn payments_in(raw: &Bytes, token: Address) -> usize {
    calls(&decode(raw), token).len()
}

pub(crate) fn nonce_of(raw: &Bytes) -> u64 {
    decode(raw).nonce()
}

#[async_trait]
impl Chain for ScriptedNode {
    fn network(&self) -> NetworkId {
        NetworkId::BASE_SEPOLIA
    }

    async fn head(&self) -> Result<Block, ChainError> {
        Ok(self.answer()?.head())
    }

    async fn final_block(&self) -> Result<u64, ChainError> {
        let inner = self.answer()?;
        Ok(inner.head().number.saturating_sub(inner.final_behind))
    }

    async fn block(&self, number: u64) -> Result<Option<Block>, ChainError> {
        Ok(self.answer()?.blocks.iter().map(|mint| mint.block).find(|block| block.number == number))
    }

    async fn payer(&self, question: PayerQuestion) -> Result<PayerFacts, ChainError> {
        Ok(self.answer()?.facts(&question))
    }

    async fn payers(&self, questions: &[PayerQuestion]) -> Result<Vec<PayerFacts>, ChainError> {
        let inner = self.answer()?;
        Ok(questions.iter().map(|question| inner.facts(question)).collect())
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
        let mut inner = self.answer()?;
        let refusals = inner.refusals.clone();
        let time = inner.time;
        let state = &inner.tip().state;
        let mut balances = state.balances.clone();
        let fate = |transfer: &Transfer| {
            let authorization = &transfer.authorization;
            let balance = balances.entry(authorization.from).or_default();
            let value = authorization.value.to::<u64>();
            if let Some(reason) = refusals.get(&authorization.nonce) {
                Simulated::Refused(*reason)
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

    async fn fees(&self) -> Result<Fees, ChainError> {
        drop(self.answer()?);
        Ok(Fees { max_fee_per_gas: 1_000, max_priority_fee_per_gas: 10 })
    }

    async fn sender(&self, _address: Address) -> Result<Sender, ChainError> {
        let inner = self.answer()?;
        let mined_nonce = inner.blocks.last().unwrap().state.wallet_nonce;
        let held = inner.mempool.iter().map(|raw| decode(raw).nonce() + 1).max();
        let pending_nonce = held.unwrap_or_default().max(mined_nonce);
        Ok(Sender { balance: inner.gas_money, mined_nonce, pending_nonce })
    }

    async fn broadcast(&self, raw: &Bytes) -> Result<(), ChainError> {
        let mut inner = self.answer()?;
        inner.received.push(raw.clone());
        let known = inner.mempool.contains(raw) || inner.tip().state.mined.contains_key(&keccak256(raw));
        if decode(raw).nonce() < inner.tip().state.wallet_nonce && !known {
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
            inner.mempool.push(raw.clone());
            if inner.mines_at_once {
                inner.mine();
            }
        }
        answer
    }

    async fn mined(&self, transaction: B256) -> Result<Option<Mined>, ChainError> {
        let mut inner = self.answer()?;
        if inner.blind_to.contains(&transaction) {
            return Ok(None);
        }
        Ok(inner.tip().state.mined.get(&transaction).cloned())
    }

    async fn authorization_events(
        &self,
        _asset: Address,
        keys: &[AuthorizationKey],
        from_block: u64,
    ) -> Result<Vec<AuthorizationEvent>, ChainError> {
        let mut inner = self.answer()?;
        let state = &inner.tip().state;
        let events = keys.iter().filter_map(|key| state.events.get(key).copied());
        Ok(events.filter(|event| event.evidence.block >= from_block).collect())
    }
}
