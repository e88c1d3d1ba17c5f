//! Whether a token's issuer lets money pass: Circle's tokens, and those like them, can be paused as a whole and block
//! single accounts (T21). A token that offers neither stops nothing.

use alloy_primitives::Address;

use crate::ChainError;
use crate::abi::Token;
use crate::nodes::Nodes;
use crate::survey::{optional, read};

/// Why nothing can reach a payout address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barrier {
    /// The token is paused.
    Paused,
    /// The payout address is on the token's block list.
    PayoutBlocked,
}

pub(crate) async fn barrier(
    nodes: &Nodes,
    token: Address,
    pay_to: Address,
) -> Result<Option<Barrier>, ChainError> {
    let paused = async { optional(read(nodes, token, Token::pausedCall {}).await) };
    let (paused, blocked) = futures::try_join!(paused, is_blacklisted(nodes, token, pay_to))?;
    Ok(if blocked {
        Some(Barrier::PayoutBlocked)
    } else if paused == Some(true) {
        Some(Barrier::Paused)
    } else {
        None
    })
}

/// Whether the account is on the token's block list.
pub(crate) async fn is_blacklisted(
    nodes: &Nodes,
    token: Address,
    account: Address,
) -> Result<bool, ChainError> {
    let listed = read(nodes, token, Token::isBlacklistedCall { account }).await;
    Ok(optional(listed)? == Some(true))
}
