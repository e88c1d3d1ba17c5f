//! A node that does what a test tells it.

mod answers;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard};

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use chain::{AuthorizationFate, ChainError};
use domain::{AuthorizationKey, FailureReason, NetworkId};
use tokio::sync::watch;

use crate::ledger::{Ledger, nonce_of};

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

/// Questions that a node can fail to answer while it answers others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    Simulation,
    Payers,
    Events,
    Movements,
    FinalBlock,
}

/// What a second node says of a transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Second {
    /// There is none.
    #[default]
    None,
    /// What this one says.
    Agrees,
    /// That the token said nothing in it; by now this one says so too.
    SawNoEvents,
    /// That it was never mined; by now this one says so too.
    SawNothing,
    /// Something else than this one.
    Differs,
    /// Nothing.
    Away,
}

struct Inner {
    second: Second,
    /// Whether the second node is slow, and how often it was asked.
    slow: watch::Sender<bool>,
    asked: usize,
    ledger: Ledger,
    reception: Reception,
    received: Vec<Bytes>,
    gas_money: U256,
    gas_price: u128,
    final_behind: u64,
    away: bool,
    mute: Vec<Question>,
    mines_at_once: bool,
    blind_to: HashSet<B256>,
    tip: u128,
    /// Payments about which, alone or with others, no simulation comes to an end.
    poison: HashSet<B256>,
    /// Wallet nonces of another program's transactions that wait to be mined, and never are.
    foreign_pending: Vec<u64>,
    /// What it says the time of every block is.
    pretended_time: Option<u64>,
}

/// An EVM node with one token, as far as settling can see it. Does what it is told, lies included.
pub(crate) struct ScriptedNode(Mutex<Inner>);

impl ScriptedNode {
    pub(crate) fn new(token: Address) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Inner {
            second: Second::None,
            slow: watch::Sender::new(false),
            asked: 0,
            ledger: Ledger::new(token),
            reception: Reception::Keep,
            received: Vec::new(),
            gas_money: U256::from(10_u64).pow(U256::from(18)),
            gas_price: 1_000,
            final_behind: 2,
            away: false,
            mute: Vec::new(),
            mines_at_once: false,
            blind_to: HashSet::new(),
            tip: 10,
            poison: HashSet::new(),
            foreign_pending: Vec::new(),
            pretended_time: None,
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

    fn answer_to(&self, question: Question) -> Result<MutexGuard<'_, Inner>, ChainError> {
        let inner = self.answer()?;
        if inner.mute.contains(&question) {
            return Err(ChainError::Unknown(format!("no answer to {question:?}")));
        }
        Ok(inner)
    }

    /// Money that the payer always had: no reorganisation takes it back.
    pub(crate) fn fund(&self, payer: Address, units: u64) {
        for mint in &mut self.inner().ledger.blocks {
            *mint.state.balances.entry(payer).or_default() += units;
        }
    }

    pub(crate) fn balance(&self, address: Address) -> u64 {
        self.inner().ledger.tip().state.balances.get(&address).copied().unwrap_or_default()
    }

    /// What the token says about an authorization now.
    pub(crate) fn fate(&self, key: AuthorizationKey) -> Option<AuthorizationFate> {
        self.inner().ledger.tip().state.events.get(&key).map(|event| event.what)
    }

    /// What a second node says from now on.
    pub(crate) fn second(&self, says: Second) {
        self.inner().second = says;
    }

    /// A second node gives no answer before this is taken back.
    pub(crate) fn slow_second(&self, slow: bool) {
        self.inner().slow.send_replace(slow);
    }

    /// How often a second node was asked for a transaction.
    pub(crate) fn second_asked(&self) -> usize {
        self.inner().asked
    }

    /// Which questions stay without an answer from now on.
    pub(crate) fn mute(&self, questions: &[Question]) {
        self.inner().mute = questions.to_vec();
    }

    /// What is done with bytes from now on.
    pub(crate) fn receive(&self, reception: Reception) {
        self.inner().reception = reception;
    }

    pub(crate) fn refuse(&self, nonce: B256, reason: FailureReason) {
        self.inner().ledger.refusals.insert(nonce, reason);
    }

    /// What was refused is no longer.
    pub(crate) fn allow(&self, nonce: B256) {
        self.inner().ledger.refusals.remove(&nonce);
    }

    pub(crate) fn set_away(&self, away: bool) {
        self.inner().away = away;
    }

    /// Every transaction gets a block of its own as soon as it arrives.
    pub(crate) fn mine_at_once(&self) {
        let mut inner = self.inner();
        inner.mines_at_once = true;
        inner.ledger.mine();
    }

    pub(crate) fn set_gas_money(&self, wei: u64) {
        self.inner().gas_money = U256::from(wei);
    }

    pub(crate) fn set_gas_price(&self, wei: u128) {
        self.inner().gas_price = wei;
    }

    /// The transaction runs dry: it is mined and moves nothing.
    pub(crate) fn starve(&self) {
        self.inner().ledger.gas_per_payment = u64::MAX;
    }

    pub(crate) fn feed(&self) {
        self.inner().ledger.gas_per_payment = 60_000;
    }

    /// What each payment takes from now on; a transaction with a lower limit moves nothing.
    pub(crate) fn set_gas_per_payment(&self, gas: u64) {
        self.inner().ledger.gas_per_payment = gas;
    }

    /// How many payments of each transaction are made before it runs dry, without failing as a whole.
    pub(crate) fn stop_after(&self, payments: Option<usize>) {
        self.inner().ledger.stops_after = payments;
    }

    /// What the node advises to offer, half of it without the tip being the base fee.
    pub(crate) fn set_fees(&self, max_fee_per_gas: u128, max_priority_fee_per_gas: u128) {
        let mut inner = self.inner();
        (inner.gas_price, inner.tip) = (max_fee_per_gas, max_priority_fee_per_gas);
    }

    /// Whether no simulation that holds this payment comes to an end.
    pub(crate) fn poison(&self, nonce: B256) {
        self.inner().poison.insert(nonce);
    }

    /// It lies about the time of its blocks, or not any more.
    pub(crate) fn pretend_time(&self, time: Option<u64>) {
        self.inner().pretended_time = time;
    }

    /// Another program's transactions wait at this node, or are gone again.
    pub(crate) fn set_foreign_pending(&self, nonces: &[u64]) {
        self.inner().foreign_pending = nonces.to_vec();
    }

    /// The node forgets a transaction that waits.
    pub(crate) fn drop_waiting(&self, transaction: B256) {
        self.inner().ledger.mempool.retain(|raw| keccak256(raw) != transaction);
    }

    /// The node denies that it knows this transaction.
    pub(crate) fn hide(&self, transaction: B256) {
        self.inner().blind_to.insert(transaction);
    }

    /// Moves the time of the blocks to come.
    pub(crate) fn set_time(&self, seconds: u64) {
        self.inner().ledger.time = seconds;
    }

    pub(crate) fn mine(&self) {
        self.inner().ledger.mine();
    }

    /// Blocks without our transactions.
    pub(crate) fn mine_empty(&self, count: u64) {
        let mut inner = self.inner();
        for _ in 0..count {
            inner.ledger.mine_without_ours();
        }
    }

    /// The newest blocks are replaced by empty ones, and the node forgets what was in them.
    pub(crate) fn reorganise(&self, depth: usize) {
        let mut inner = self.inner();
        let ledger = &mut inner.ledger;
        let kept = ledger.blocks.len().saturating_sub(depth).max(1);
        ledger.blocks.truncate(kept);
        ledger.mempool.clear();
        for _ in 0..=depth {
            ledger.mine();
        }
    }

    /// Somebody hands a transaction over that a lost block had held.
    pub(crate) fn comes_again(&self, raw: Bytes) {
        self.inner().ledger.mempool.push(raw);
    }

    /// Somebody else submits an authorization.
    pub(crate) fn used_by_another(&self, key: AuthorizationKey, to: Address, value: u64) -> B256 {
        let transfer = Some((to, U256::from(value)));
        self.inner().ledger.foreign(key, AuthorizationFate::Used { transfer })
    }

    /// The payer spends all it has on something else.
    pub(crate) fn spend(&self, payer: Address) {
        self.set_balance(payer, 0);
    }

    /// The payer has this much from the next block on.
    pub(crate) fn set_balance(&self, payer: Address, units: u64) {
        let mut inner = self.inner();
        inner.ledger.mine_without_ours();
        inner.ledger.tip().state.balances.insert(payer, units);
    }

    /// The payer's address gets code.
    pub(crate) fn give_code(&self, payer: Address) {
        self.inner().ledger.smart.insert(payer);
    }

    /// The payer's address gets code that accepts what its key signed.
    pub(crate) fn give_willing_code(&self, payer: Address) {
        self.give_code(payer);
        self.inner().ledger.willing.insert(payer);
    }

    pub(crate) fn cancelled(&self, key: AuthorizationKey) {
        self.inner().ledger.foreign(key, AuthorizationFate::Cancelled);
    }

    /// The gas wallet is used by another program.
    pub(crate) fn take_wallet_nonce(&self) {
        let mut inner = self.inner();
        let taken = inner.ledger.tip().state.wallet_nonce;
        inner.ledger.taken_nonces.push(taken);
        inner.ledger.mine_without_ours();
        inner.ledger.mempool.retain(|raw| nonce_of(raw) > taken);
    }

    /// The next nonce of the gas wallet, counting what is in blocks.
    pub(crate) fn wallet_nonce(&self) -> u64 {
        self.inner().ledger.tip().state.wallet_nonce
    }

    /// What was handed over until now no longer counts.
    pub(crate) fn forget_received(&self) {
        self.inner().received.clear();
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
        self.inner().ledger.tip().state.mined.len()
    }

    pub(crate) fn waiting(&self) -> usize {
        self.inner().ledger.mempool.len()
    }
}
