//! What the scripted node keeps: blocks with the state after each of them.

use std::collections::{HashMap, HashSet};

use alloy::consensus::{Transaction as _, TxEnvelope};
use alloy::eips::eip2718::Decodable2718 as _;
use alloy::sol_types::{SolCall as _, sol};
use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use chain::{AuthorizationEvent, AuthorizationFate, Block, Mined, PayerFacts, PayerQuestion};
use domain::{Amount, AuthorizationKey, Evidence, FailureReason};

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

/// What the chain is at one block.
#[derive(Clone, Default)]
pub(crate) struct State {
    pub(crate) balances: HashMap<Address, u64>,
    pub(crate) events: HashMap<AuthorizationKey, AuthorizationEvent>,
    pub(crate) wallet_nonce: u64,
    /// Transactions in blocks, with what they did.
    pub(crate) mined: HashMap<B256, Mined>,
}

pub(crate) struct Mint {
    pub(crate) block: Block,
    pub(crate) state: State,
}

/// Blocks, and what waits for the next one.
pub(crate) struct Ledger {
    pub(crate) blocks: Vec<Mint>,
    pub(crate) mempool: Vec<Bytes>,
    /// Wallet nonces of another program's transactions, which are mined as soon as they can be.
    pub(crate) taken_nonces: Vec<u64>,
    pub(crate) refusals: HashMap<B256, FailureReason>,
    /// Addresses with code.
    pub(crate) smart: HashSet<Address>,
    /// Those of them whose code accepts what their keys signed.
    pub(crate) willing: HashSet<Address>,
    pub(crate) gas_per_payment: u64,
    /// After how many payments a transaction has no gas left for the others, though it succeeds.
    pub(crate) stops_after: Option<usize>,
    pub(crate) next_hash: u64,
    pub(crate) time: u64,
    pub(crate) token: Address,
}

impl Ledger {
    pub(crate) fn new(token: Address) -> Self {
        let genesis = Block { number: 100, hash: B256::repeat_byte(0xaa), timestamp: START };
        Self {
            blocks: vec![Mint { block: genesis, state: State::default() }],
            mempool: Vec::new(),
            taken_nonces: Vec::new(),
            refusals: HashMap::new(),
            smart: HashSet::new(),
            willing: HashSet::new(),
            gas_per_payment: 60_000,
            stops_after: None,
            next_hash: 1,
            time: START,
            token,
        }
    }

    pub(crate) fn tip(&mut self) -> &mut Mint {
        self.blocks.last_mut().unwrap()
    }

    pub(crate) fn head(&self) -> Block {
        self.blocks.last().unwrap().block
    }

    pub(crate) fn next_block(&mut self) -> Block {
        let head = self.head();
        self.time = self.time.max(head.timestamp + 1);
        self.next_hash += 1;
        Block { number: head.number + 1, hash: keccak256(self.next_hash.to_be_bytes()), timestamp: self.time }
    }

    pub(crate) fn mine(&mut self) {
        let block = self.next_block();
        let mut state = self.tip().state.clone();
        let mut waiting = std::mem::take(&mut self.mempool);
        waiting.sort_by_key(|raw| decode(raw).nonce());
        for raw in waiting {
            self.mine_foreign(&mut state);
            let transaction = decode(&raw);
            if transaction.nonce() == state.wallet_nonce {
                state.wallet_nonce += 1;
                let mined = self.run(&transaction, keccak256(&raw), block, &mut state);
                state.mined.insert(keccak256(&raw), mined);
            } else if transaction.nonce() > state.wallet_nonce {
                self.mempool.push(raw);
            }
        }
        self.mine_foreign(&mut state);
        self.blocks.push(Mint { block, state });
    }

    /// Those of the payers who had less after one of the blocks than before it, or who cancelled in one.
    pub(crate) fn moved(&self, payers: &[Address], from: u64, to: u64) -> Vec<Address> {
        let held = |mint: &Mint, payer: &Address| mint.state.balances.get(payer).copied().unwrap_or_default();
        let cancelled = |mint: &Mint, payer: &Address| {
            mint.state.events.iter().any(|(key, event)| {
                key.payer == *payer
                    && event.what == AuthorizationFate::Cancelled
                    && event.evidence.block == mint.block.number
            })
        };
        let moved = |payer: &&Address| {
            self.blocks.windows(2).any(|pair| {
                (from..=to).contains(&pair[1].block.number)
                    && (held(&pair[1], payer) < held(&pair[0], payer) || cancelled(&pair[1], payer))
            })
        };
        payers.iter().filter(moved).copied().collect()
    }

    fn mine_foreign(&self, state: &mut State) {
        while self.taken_nonces.contains(&state.wallet_nonce) {
            state.wallet_nonce += 1;
        }
    }

    pub(crate) fn run(&self, transaction: &TxEnvelope, hash: B256, block: Block, state: &mut State) -> Mined {
        let evidence = Evidence { block: block.number, block_hash: block.hash, transaction: hash };
        let calls = calls(transaction, self.token);
        let enough = self.gas_per_payment.saturating_mul(calls.len() as u64) <= transaction.gas_limit();
        let mut events = Vec::new();
        let most = self.stops_after.unwrap_or(usize::MAX);
        for call in calls.iter().filter(|_| enough).take(most) {
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

    /// A block without our transactions.
    pub(crate) fn mine_without_ours(&mut self) {
        let ours = std::mem::take(&mut self.mempool);
        self.mine();
        self.mempool = ours;
    }

    /// A block in which somebody else did this to an authorization.
    pub(crate) fn foreign(&mut self, key: AuthorizationKey, what: AuthorizationFate) -> B256 {
        assert!(!self.tip().state.events.contains_key(&key), "an authorization is used once");
        self.mine_without_ours();
        let block = self.head();
        let transaction = keccak256(block.hash);
        let evidence = Evidence { block: block.number, block_hash: block.hash, transaction };
        let event = AuthorizationEvent { asset: self.token, key, what, evidence };
        let state = &mut self.tip().state;
        if let AuthorizationFate::Used { transfer: Some((to, value)) } = what {
            *state.balances.entry(key.payer).or_default() -= value.to::<u64>();
            *state.balances.entry(to).or_default() += value.to::<u64>();
        }
        state.events.insert(key, event);
        transaction
    }

    pub(crate) fn facts(&self, question: &PayerQuestion) -> PayerFacts {
        let Mint { block, state } = self.blocks.last().unwrap();
        PayerFacts {
            block: block.number,
            timestamp: block.timestamp,
            balance: Amount::from_atomic(
                state.balances.get(&question.key.payer).copied().unwrap_or_default(),
            )
            .unwrap(),
            nonce_used: state.events.contains_key(&question.key),
            has_code: self.smart.contains(&question.key.payer),
        }
    }
}

pub(crate) fn decode(raw: &Bytes) -> TxEnvelope {
    TxEnvelope::decode_2718(&mut raw.as_ref()).unwrap()
}

/// The transfers a transaction asks the token for.
fn calls(transaction: &TxEnvelope, token: Address) -> Vec<transferWithAuthorizationCall> {
    if transaction.input().is_empty() {
        return Vec::new();
    }
    let single = |data: &[u8]| transferWithAuthorizationCall::abi_decode(data).unwrap();
    if transaction.to() == Some(token) {
        return vec![single(transaction.input())];
    }
    let batch = aggregate3Call::abi_decode(transaction.input()).unwrap();
    assert!(batch.calls.iter().all(|call| call.allowFailure && call.target == token), "I10");
    batch.calls.iter().map(|call| single(&call.callData)).collect()
}

/// The transfers that the bytes ask the token for.
pub(crate) fn calls_of(raw: &Bytes, token: Address) -> Vec<transferWithAuthorizationCall> {
    calls(&decode(raw), token)
}

pub(crate) fn max_fee_of(raw: &Bytes) -> u128 {
    decode(raw).max_fee_per_gas()
}

/// How many payments the bytes carry.
pub(crate) fn payments_in(raw: &Bytes, token: Address) -> usize {
    calls(&decode(raw), token).len()
}

pub(crate) fn nonce_of(raw: &Bytes) -> u64 {
    decode(raw).nonce()
}
