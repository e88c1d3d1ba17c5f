//! Talks to an EVM node and nothing else: the only JSON-RPC in the product.
//!
//! It answers questions about payers, simulates, prices, sends and reads back settlement transactions, and turns a
//! node's answers and errors into the few classes of [`ChainError`] and the evidence that others decide on. It also
//! knows the token: what its authorizations sign, how they are submitted, and what its logs prove. It keeps no state
//! that outlives the process, holds no key, and decides nothing about payments.

mod abi;
mod barrier;
mod budget;
mod classify;
mod coalesce;
mod code;
mod connections;
mod eip3009;
mod error;
mod events;
mod fees;
mod movements;
mod node;
mod node_health;
mod nodes;
mod opinion;
mod price;
mod probe;
mod receipt;
mod record;
mod refusal;
mod rpc;
mod seam;
mod sign_in;
mod simulate;
mod survey;
mod terms;
mod transaction;
mod transfers;
mod wire;

pub use barrier::Barrier;
pub use eip3009::{digest, domain_separator, recover};
pub use error::ChainError;
pub use node_health::NodeHealth;
pub use nodes::NodeConfig;
pub use price::PriceReading;
pub use rpc::Rpc;
pub use seam::{
    AuthorizationEvent, AuthorizationFate, Block, Chain, CodeAnswer, Fees, Mined, Opinion, PayerFacts,
    PayerQuestion, Sender, Simulated, TokenFacts, TokenTransfer, Transfer,
};
pub use sign_in::{has_signed, who_signed, who_signed_digest};
pub use survey::{Multicall, Survey, TokenSurvey};
pub use terms::{Freshness, Terms};
pub use transaction::{
    CODE_GAS, FILLER_GAS, MAX_PAYMENTS_PER_TRANSACTION, SettlementCall, Signed, Unsigned, gas_limit,
    gas_limit_of, multicall, settlement_call,
};
