use std::collections::HashMap;

use alloy::sol_types::SolCall as _;
use alloy_primitives::{Address, Bytes, U64, U128, U256};
use domain::{Asset, FailureReason};

use crate::abi::Multicall3;
use crate::barrier::is_blacklisted;
use crate::classify::{Failure, is_revert};
use crate::fees::fees_lately;
use crate::nodes::Nodes;
use crate::probe::{LARGEST_PROBE, probe};
use crate::refusal::reason;
use crate::wire::{CallRequest, Pretended};
use crate::{
    ChainError, Fees, MAX_PAYMENTS_PER_TRANSACTION, PayerQuestion, Simulated, Transfer, gas_limit_of,
    multicall, settlement_call,
};

/// How transfers would fare in one transaction of the gas wallet, on the pending state.
///
/// A payer with code never joins a group: its code runs when the token checks the signature, and may use up the gas of
/// everyone after it (T51). Alone it pays if the token says so.
pub(crate) async fn simulate(
    nodes: &Nodes,
    from: Address,
    asset: &Asset,
    transfers: &[Transfer],
) -> Result<Vec<Simulated>, ChainError> {
    if transfers.len() > MAX_PAYMENTS_PER_TRANSACTION {
        let count = transfers.len();
        return Err(ChainError::Unknown(format!("{count} payments do not fit one transaction")));
    }
    let fates = tried(nodes, from, asset, transfers).await?;
    whose_block(nodes, asset, transfers, fates).await
}

/// The token says the same when it blocks who pays and who is paid. Only the first is the payment's own fault (T21).
async fn whose_block(
    nodes: &Nodes,
    asset: &Asset,
    transfers: &[Transfer],
    mut fates: Vec<Simulated>,
) -> Result<Vec<Simulated>, ChainError> {
    let mut payouts = HashMap::new();
    for (transfer, fate) in transfers.iter().zip(&mut fates) {
        if *fate != Simulated::Refused(FailureReason::Blocked) {
            continue;
        }
        let payout = transfer.authorization.to;
        let blocked = match payouts.get(&payout) {
            Some(known) => *known,
            None => is_blacklisted(nodes, asset.address, payout).await?,
        };
        payouts.insert(payout, blocked);
        if blocked {
            *fate = Simulated::Refused(FailureReason::PayoutBlocked);
        }
    }
    Ok(fates)
}

async fn tried(
    nodes: &Nodes,
    from: Address,
    asset: &Asset,
    transfers: &[Transfer],
) -> Result<Vec<Simulated>, ChainError> {
    if transfers.len() < 2 {
        return plain(nodes, from, asset, transfers).await;
    }
    let (have_code, fates) =
        futures::join!(have_code(nodes, asset, transfers), plain(nodes, from, asset, transfers));
    let have_code = have_code?;
    if !have_code.contains(&true) {
        return fates;
    }
    let others: Vec<Transfer> = transfers
        .iter()
        .zip(&have_code)
        .filter(|(_, has_code)| !**has_code)
        .map(|(transfer, _)| transfer.clone())
        .collect();
    let mut others = plain(nodes, from, asset, &others).await?.into_iter();
    Ok(have_code
        .into_iter()
        .map(|has_code| if has_code { Simulated::Apart } else { others.next().unwrap_or(Simulated::Apart) })
        .collect())
}

async fn plain(
    nodes: &Nodes,
    from: Address,
    asset: &Asset,
    transfers: &[Transfer],
) -> Result<Vec<Simulated>, ChainError> {
    match transfers {
        [] => Ok(Vec::new()),
        [transfer] => Ok(vec![alone(nodes, Caller::Wallet(from), asset, transfer).await?]),
        several => together(nodes, from, asset, several).await,
    }
}

/// Who is said to send a call that is tried.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Caller {
    /// The gas wallet, with what it has.
    Wallet(Address),
    /// Anybody, with as much as it takes.
    Anybody(Address),
}

/// How a transfer would fare in a transaction of its own, at the price that the transaction will offer: code could tell by
/// the price who only asks and who pays for the answer (I11, T19).
pub(crate) async fn alone(
    nodes: &Nodes,
    caller: Caller,
    asset: &Asset,
    transfer: &Transfer,
) -> Result<Simulated, ChainError> {
    let of_code = transfer.signature.is_of_code();
    let transfer = std::slice::from_ref(transfer);
    let refused = match priced_call(nodes, caller, asset, transfer).await? {
        Ok(_) => return Ok(Simulated::Pays),
        Err(Failure::Refused(refusal)) if is_revert(&refusal) => {
            refusal.as_revert_data().map_or(FailureReason::Refused, |data| reason(&data))
        }
        Err(failure) => return Err(failure.into_error(nodes.network())),
    };
    let may_be_code = matches!(refused, FailureReason::SignatureRefused | FailureReason::Refused);
    if may_be_code && !of_code && have_code(nodes, asset, transfer).await? == [true] {
        return Ok(Simulated::Refused(FailureReason::PayerHasCode));
    }
    Ok(Simulated::Refused(refused))
}

async fn together(
    nodes: &Nodes,
    from: Address,
    asset: &Asset,
    transfers: &[Transfer],
) -> Result<Vec<Simulated>, ChainError> {
    let answer: Result<Bytes, Failure> =
        nodes.try_ask("eth_call", &(request(from, asset, transfers), "pending")).await;
    let answer = answer.map_err(|failure| failure.into_error(nodes.network()))?;
    if answer.is_empty() {
        let (place, network) = (multicall(asset.network), asset.network);
        return Err(ChainError::Refused(format!("there is no Multicall3 at {place} on {network}")));
    }
    let results = Multicall3::aggregate3Call::abi_decode_returns(&answer)
        .ok()
        .filter(|results| results.len() == transfers.len())
        .ok_or_else(|| ChainError::Unknown("Multicall3 answered with something else".to_owned()))?;
    Ok(results
        .iter()
        .map(
            |result| {
                if result.success { Simulated::Pays } else { Simulated::Refused(reason(&result.returnData)) }
            },
        )
        .collect())
}

/// The very call, with the very gas, that the gas wallet would send.
fn request(from: Address, asset: &Asset, transfers: &[Transfer]) -> CallRequest {
    let call = settlement_call(asset, multicall(asset.network), transfers);
    let gas = Some(U64::from(gas_limit_of(transfers)));
    CallRequest { from: Some(from), to: Some(call.to), gas, data: call.data, ..CallRequest::default() }
}

/// Tries a call at the price that its transaction will offer.
async fn priced_call(
    nodes: &Nodes,
    caller: Caller,
    asset: &Asset,
    transfers: &[Transfer],
) -> Result<Result<Bytes, Failure>, ChainError> {
    let Fees { max_fee_per_gas, max_priority_fee_per_gas } = fees_lately(nodes).await?;
    let (Caller::Wallet(from) | Caller::Anybody(from)) = caller;
    let free = request(from, asset, transfers);
    let priced = CallRequest {
        max_fee_per_gas: Some(U128::from(max_fee_per_gas)),
        max_priority_fee_per_gas: Some(U128::from(max_priority_fee_per_gas)),
        ..free.clone()
    };
    let answer = match caller {
        Caller::Wallet(_) => nodes.try_ask("eth_call", &(priced, "pending")).await,
        Caller::Anybody(from) => {
            let gas = U256::from(gas_limit_of(transfers));
            let balance = gas.saturating_mul(U256::from(max_fee_per_gas));
            let pretended = HashMap::from([(from, Pretended { balance })]);
            nodes.try_ask("eth_call", &(priced, "pending", pretended)).await
        }
    };
    match answer {
        // The node's own word, not the token's: a wallet that could not pay for it, a base fee that has risen, or a node
        // that lets nobody pretend.
        Err(Failure::Refused(refusal)) if !is_revert(&refusal) => {
            Ok(nodes.try_ask("eth_call", &(free, "pending")).await)
        }
        answer => Ok(answer),
    }
}

/// Which of the payers have code.
async fn have_code(nodes: &Nodes, asset: &Asset, transfers: &[Transfer]) -> Result<Vec<bool>, ChainError> {
    let questions: Vec<_> = transfers
        .iter()
        .map(|transfer| PayerQuestion { asset: asset.address, key: transfer.authorization.key() })
        .collect();
    let mut have_code = Vec::with_capacity(transfers.len());
    for questions in questions.chunks(LARGEST_PROBE) {
        let facts = probe(nodes, asset.address, questions, "latest").await?;
        have_code.extend(facts.into_iter().map(|facts| facts.has_code));
    }
    Ok(have_code)
}
