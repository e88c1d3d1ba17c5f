//! Talks to an EVM node and nothing else.

mod error;
mod seam;

pub use error::ChainError;
pub use seam::{
    AuthorizationEvent, AuthorizationFate, Block, Chain, Fees, Mined, PayerFacts, PayerQuestion, Sender,
    Simulated, TokenFacts, Transfer,
};
