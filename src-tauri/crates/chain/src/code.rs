//! Payers whose address has code: smart accounts (ERC-1271), and plain ones that were delegated to code (EIP-7702). Their
//! signatures are asked about as the token asks, because nobody else can tell.

use alloy::sol_types::SolCall as _;
use alloy_primitives::{Address, B256, Bytes, U64};
use domain::{Asset, FailureReason, PayerSignature};

use crate::abi::Erc1271;
use crate::classify::{Failure, is_revert};
use crate::nodes::Nodes;
use crate::simulate::{Caller, alone};
use crate::wire::CallRequest;
use crate::{
    CODE_GAS, ChainError, CodeAnswer, Simulated, Transfer, digest, domain_separator, multicall,
    settlement_call,
};

/// Tries the very call that would settle it; where the token refuses that, asks the code itself whether it was because
/// of the signature.
pub(crate) async fn ask_code(
    nodes: &Nodes,
    asset: &Asset,
    transfer: &Transfer,
) -> Result<CodeAnswer, ChainError> {
    // Whoever sends it makes no difference to the token.
    let sender = transfer.authorization.to;
    let reason = match alone(nodes, Caller::Anybody(sender), asset, transfer).await? {
        Simulated::Pays => return Ok(CodeAnswer::Pays),
        // The token looks at balances last.
        Simulated::Refused(reason @ FailureReason::Underfunded) => return Ok(CodeAnswer::Refused(reason)),
        // Whatever the code says where gas is free.
        Simulated::Apart | Simulated::Refused(FailureReason::SignatureRefused) => {
            return Ok(CodeAnswer::NotAccepted);
        }
        Simulated::Refused(reason) => reason,
    };
    let signed = digest(&domain_separator(asset), &transfer.authorization);
    let payer = transfer.authorization.from;
    if !accepts(nodes, Some(asset.address), payer, signed, transfer.signature.as_bytes()).await? {
        return Ok(CodeAnswer::NotAccepted);
    }
    if reason == FailureReason::Refused && !knows_code(nodes, asset, transfer).await? {
        return Ok(CodeAnswer::NotByToken);
    }
    Ok(CodeAnswer::Refused(reason))
}

/// Whether the code at an address says of the signature exactly the word that stands for yes, within [`CODE_GAS`]. Where
/// there is no code, nobody says it.
pub(crate) async fn accepts(
    nodes: &Nodes,
    from: Option<Address>,
    account: Address,
    digest: B256,
    signature: &[u8],
) -> Result<bool, ChainError> {
    let signature = Bytes::copy_from_slice(signature);
    let question = Erc1271::isValidSignatureCall { digest, signature };
    let request = CallRequest {
        from,
        to: Some(account),
        gas: Some(U64::from(CODE_GAS)),
        data: question.abi_encode().into(),
        ..CallRequest::default()
    };
    let answer: Result<Bytes, Failure> = nodes.try_ask("eth_call", &(request, "latest")).await;
    match answer {
        Ok(answer) => Ok(answer.get(..32).is_some_and(|word| B256::from_slice(word) == accepted())),
        Err(Failure::Refused(refusal)) if is_revert(&refusal) => Ok(false),
        Err(failure) => Err(failure.into_error(nodes.network())),
    }
}

fn accepted() -> B256 {
    B256::right_padding_from(&Erc1271::isValidSignatureCall::SELECTOR)
}

/// Whether the token has the call for such signatures: then it says of an authorization that is over why it refuses it.
async fn knows_code(nodes: &Nodes, asset: &Asset, transfer: &Transfer) -> Result<bool, ChainError> {
    let over = Transfer {
        authorization: domain::Authorization { valid_before: 0, ..transfer.authorization.clone() },
        signature: PayerSignature::Code(Bytes::new()),
    };
    let call = settlement_call(asset, multicall(asset.network), std::slice::from_ref(&over));
    let request = CallRequest { to: Some(call.to), data: call.data, ..CallRequest::default() };
    let answer: Result<Bytes, Failure> = nodes.try_ask("eth_call", &(request, "latest")).await;
    match answer {
        Ok(_) => Ok(true),
        Err(Failure::Refused(refusal)) if is_revert(&refusal) => {
            Ok(refusal.as_revert_data().is_some_and(|data| !data.is_empty()))
        }
        Err(failure) => Err(failure.into_error(nodes.network())),
    }
}
