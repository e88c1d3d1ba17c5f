use alloy_primitives::{Address, Bytes, U256, hex};
use domain::{Amount, NetworkId};

use crate::nodes::Nodes;
use crate::wire::CallRequest;
use crate::{ChainError, PayerFacts, PayerQuestion};

/// Creation code that answers instead of deploying: `contracts/src/PayerProbe.sol`, compiled.
const PROBE: &str = include_str!("../artifacts/payer_probe.hex");

/// The most questions in one call: the answer may not be longer than code may be.
pub(crate) const LARGEST_PROBE: usize = 200;

const WORD: usize = 32;

/// The block a probe reads at.
pub(crate) fn at_block(number: u64) -> String {
    format!("{number:#x}")
}

/// Asks about payers of one asset in one call, at one block.
pub(crate) async fn probe(
    nodes: &Nodes,
    asset: Address,
    questions: &[PayerQuestion],
    block: &str,
) -> Result<Vec<PayerFacts>, ChainError> {
    let request = CallRequest { data: call(asset, questions)?, ..CallRequest::default() };
    let answer: Bytes = nodes.ask("eth_call", &(request, block)).await?;
    facts(nodes.network(), &answer, questions.len())
}

/// The probe with its arguments: `(address asset, (address payer, bytes32 nonce)[] queries)`.
fn call(asset: Address, questions: &[PayerQuestion]) -> Result<Bytes, ChainError> {
    let code = PROBE.trim();
    let mut data = Vec::with_capacity(code.len() / 2 + WORD * (3 + 2 * questions.len()));
    data.extend(hex::decode(code).map_err(|error| ChainError::Unknown(error.to_string()))?);
    data.extend(asset.into_word());
    data.extend(word(2 * WORD));
    data.extend(word(questions.len()));
    for question in questions {
        data.extend(question.key.payer.into_word());
        data.extend(question.key.nonce);
    }
    Ok(data.into())
}

fn word(number: usize) -> [u8; WORD] {
    U256::from(number).to_be_bytes()
}

/// The words of the answer: block and time, then balance, nonce state and code size of each payer.
fn facts(network: NetworkId, answer: &[u8], questions: usize) -> Result<Vec<PayerFacts>, ChainError> {
    let (words, rest) = answer.as_chunks::<WORD>();
    let ([block, timestamp, payers @ ..], []) = (words, rest) else { return Err(garbled(network)) };
    let (payers, []) = payers.as_chunks::<3>() else { return Err(garbled(network)) };
    if payers.len() != questions {
        return Err(garbled(network));
    }
    let number = |word: &[u8; WORD]| u64::try_from(U256::from_be_bytes(*word)).map_err(|_| garbled(network));
    let (block, timestamp) = (number(block)?, number(timestamp)?);
    Ok(payers
        .iter()
        .map(|[balance, nonce_used, code_size]| PayerFacts {
            block,
            timestamp,
            balance: Amount::saturating_from(U256::from_be_bytes(*balance)),
            nonce_used: *nonce_used != [0; WORD],
            has_code: *code_size != [0; WORD],
        })
        .collect())
}

fn garbled(network: NetworkId) -> ChainError {
    ChainError::Unknown(format!(
        "the node for {network} answered a question about payers with something else"
    ))
}
