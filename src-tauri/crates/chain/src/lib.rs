//! Talks to an EVM node and nothing else: the only JSON-RPC in the product.
//!
//! It answers questions about payers, simulates, prices, sends and reads back settlement transactions, and turns a
//! node's answers and errors into the few classes of [`ChainError`] and the evidence that others decide on. It also
//! knows the token: what its authorizations sign, how they are submitted, and what its logs prove. It keeps no state
//! that outlives the process, holds no key, and decides nothing about payments.

mod abi;
mod classify;
mod coalesce;
mod connections;
mod eip3009;
mod error;
mod events;
mod fees;
mod node;
mod nodes;
mod probe;
mod receipt;
mod refusal;
mod rpc;
mod seam;
mod simulate;
mod transaction;
mod wire;

pub use eip3009::{digest, domain_separator, recover};
pub use error::ChainError;
pub use rpc::Rpc;
pub use seam::{
    AuthorizationEvent, AuthorizationFate, Block, Chain, Fees, Mined, PayerFacts, PayerQuestion, Sender,
    Simulated, TokenFacts, Transfer,
};
pub use transaction::{
    MAX_PAYMENTS_PER_TRANSACTION, SettlementCall, Signed, Unsigned, gas_limit, multicall, settlement_call,
};
