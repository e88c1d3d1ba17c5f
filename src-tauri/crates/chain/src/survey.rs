//! What is looked at once when a network is set up, and again from time to time.

use alloy::sol_types::SolCall;
use alloy_primitives::{Address, B256, Bytes, U64, U256, b256, keccak256};
use domain::{Asset, Finality, NetworkId};
use serde::Deserialize;

use crate::abi::Token;
use crate::classify::Failure;
use crate::fees::{block_named, fees};
use crate::nodes::Nodes;
use crate::wire::CallRequest;
use crate::{Block, ChainError, Fees, TokenFacts, domain_separator};

/// The code of Multicall3, in three builds of the same source: two that stand on public networks, and the one that
/// viem carries, which stands on the practice chain.
const GENUINE: [B256; 3] = [
    b256!("d5c15df687b16f2ff992fc8d767b4216323184a2bbc6ee2f9c398c318e770891"),
    b256!("8ec8aa5d07a37e47597b3a254f5cbf39fa2080526ae34db3a564fffed82b99ad"),
    b256!("5a29a1eb2f59e45e4249b938c8192cac0d2bd32398e1afa03f302a867db692ea"),
];

/// Versions that tokens sign under which do not name theirs.
const UNNAMED_VERSIONS: [&str; 2] = ["2", "1"];

/// A network as its nodes describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// The token; `None` where there is no code.
    pub token: Option<TokenSurvey>,
    /// What stands where Multicall3 should.
    pub multicall: Multicall,
    /// The strongest way of becoming final that the nodes offer.
    pub finality: Finality,
    /// What a transaction costs now.
    pub fees: Fees,
    /// The most gas of one block.
    pub block_gas_limit: u64,
    /// The newest block.
    pub head: Block,
}

/// A token's contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenSurvey {
    /// What it says about itself.
    pub facts: TokenFacts,
    /// Whether it knows the state of authorizations, as EIP-3009 has it.
    pub knows_authorizations: bool,
    /// A hash of its code and, behind a proxy, of the code that it runs: another one is another token (T17, T22).
    pub code: B256,
}

/// What stands where Multicall3 should (T58).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Multicall {
    /// Multicall3 itself; the hash of its code.
    Genuine(B256),
    /// Something else; the hash of its code.
    Counterfeit(B256),
    /// Nothing.
    Absent,
}

pub(crate) async fn survey(nodes: &Nodes, token: Address, multicall: Address) -> Result<Survey, ChainError> {
    let (token, multicall, finality, fees, (head, block_gas_limit)) = futures::try_join!(
        token_survey(nodes, token),
        multicall_at(nodes, multicall),
        finality(nodes),
        fees(nodes),
        head(nodes),
    )?;
    Ok(Survey { token, multicall, finality, fees, block_gas_limit, head })
}

async fn token_survey(nodes: &Nodes, asset: Address) -> Result<Option<TokenSurvey>, ChainError> {
    let Some(code) = code_with_implementation(nodes, asset).await? else { return Ok(None) };
    let facts = token(nodes, asset).await?;
    let state = Token::authorizationStateCall { authorizer: Address::ZERO, nonce: B256::ZERO };
    let knows_authorizations = optional(read(nodes, asset, state).await)?.is_some();
    Ok(Some(TokenSurvey { facts, knows_authorizations, code }))
}

/// What the token says about itself. One that does not name its version signs under one of the usual ones, which its
/// domain separator tells apart.
pub(crate) async fn token(nodes: &Nodes, asset: Address) -> Result<TokenFacts, ChainError> {
    let version = async { optional(read(nodes, asset, Token::versionCall {}).await) };
    let (name, version, decimals, domain_separator) = futures::try_join!(
        read(nodes, asset, Token::nameCall {}),
        version,
        read(nodes, asset, Token::decimalsCall {}),
        read(nodes, asset, Token::DOMAIN_SEPARATORCall {}),
    )?;
    let version = version.or_else(|| {
        let fits = |version: &&&str| {
            self::domain_separator(&domain(nodes.network(), asset, &name, version)) == domain_separator
        };
        UNNAMED_VERSIONS.iter().find(fits).map(|version| (*version).to_owned())
    });
    let version = version.ok_or_else(|| {
        ChainError::Refused(format!("{asset} does not say which version of its domain it signs under"))
    })?;
    Ok(TokenFacts { name, version, decimals, domain_separator })
}

fn domain(network: NetworkId, address: Address, name: &str, version: &str) -> Asset {
    Asset { network, address, name: name.to_owned(), version: version.to_owned(), decimals: 0 }
}

pub(crate) async fn read<C: SolCall>(
    nodes: &Nodes,
    contract: Address,
    call: C,
) -> Result<C::Return, ChainError> {
    let request =
        CallRequest { to: Some(contract), data: call.abi_encode().into(), ..CallRequest::default() };
    let answer: Bytes = nodes.ask("eth_call", &(request, "latest")).await?;
    C::abi_decode_returns(&answer)
        .map_err(|_| ChainError::Refused(format!("{contract} does not answer {} as it should", C::SIGNATURE)))
}

/// `None` for what the contract does not offer.
pub(crate) fn optional<T>(answer: Result<T, ChainError>) -> Result<Option<T>, ChainError> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(ChainError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A hash of a contract's code; of a proxy's, together with what it runs. `None` where there is no code.
async fn code_with_implementation(nodes: &Nodes, contract: Address) -> Result<Option<B256>, ChainError> {
    let Some(own) = code(nodes, contract).await? else { return Ok(None) };
    for slot in implementation_slots() {
        let word: B256 = nodes.ask("eth_getStorageAt", &(contract, slot, "latest")).await?;
        let implementation = Address::from_word(word);
        if !implementation.is_zero()
            && let Some(run) = code(nodes, implementation).await?
        {
            return Ok(Some(keccak256([own, word, run].concat())));
        }
    }
    Ok(Some(own))
}

/// Where proxies keep the address of the code that they run: EIP-1967, and before it the one that USDC stands behind.
fn implementation_slots() -> [U256; 2] {
    let named = |name: &str| U256::from_be_bytes(keccak256(name).0);
    [
        named("eip1967.proxy.implementation").wrapping_sub(U256::from(1)),
        named("org.zeppelinos.proxy.implementation"),
    ]
}

async fn code(nodes: &Nodes, contract: Address) -> Result<Option<B256>, ChainError> {
    let code: Bytes = nodes.ask("eth_getCode", &(contract, "latest")).await?;
    Ok((!code.is_empty()).then(|| keccak256(code)))
}

async fn multicall_at(nodes: &Nodes, place: Address) -> Result<Multicall, ChainError> {
    Ok(match code(nodes, place).await? {
        None => Multicall::Absent,
        Some(code) if GENUINE.contains(&code) => Multicall::Genuine(code),
        Some(code) => Multicall::Counterfeit(code),
    })
}

async fn finality(nodes: &Nodes) -> Result<Finality, ChainError> {
    for finality in [Finality::Finalized, Finality::Safe] {
        if block_named(nodes, finality.as_str()).await?.is_some() {
            return Ok(finality);
        }
    }
    Ok(Finality::Depth)
}

async fn head(nodes: &Nodes) -> Result<(Block, u64), ChainError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Head {
        number: U64,
        hash: B256,
        timestamp: U64,
        gas_limit: U64,
    }
    let head: Result<Head, Failure> = nodes.try_ask("eth_getBlockByNumber", &("latest", false)).await;
    let head = head.map_err(|failure| failure.into_error(nodes.network()))?;
    let block = Block { number: head.number.to(), hash: head.hash, timestamp: head.timestamp.to() };
    Ok((block, head.gas_limit.to()))
}
