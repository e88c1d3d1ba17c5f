use alloy_primitives::{Address, B256, Bytes, U256};
use async_trait::async_trait;
use domain::{
    Amount, Asset, Authorization, AuthorizationKey, Evidence, FailureReason, NetworkId, PayerSignature,
};

use crate::ChainError;

/// A block as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its number.
    pub number: u64,
    /// Its hash.
    pub hash: B256,
    /// Its time in Unix seconds.
    pub timestamp: u64,
}

/// One payer's question before an authorization is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PayerQuestion {
    /// The token's contract.
    pub asset: Address,
    /// The payer and the nonce of the authorization.
    pub key: AuthorizationKey,
}

/// What the chain answered about one payer, with the block it was true at (I5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayerFacts {
    /// The block all of it was read at.
    pub block: u64,
    /// That block's time in Unix seconds.
    pub timestamp: u64,
    /// What the payer holds of the asset.
    pub balance: Amount,
    /// Whether the nonce was used or cancelled.
    pub nonce_used: bool,
    /// Whether the payer's address has code (a smart account, or a delegated plain one).
    pub has_code: bool,
}

/// What a token's contract says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFacts {
    /// `name()`.
    pub name: String,
    /// `version()`.
    pub version: String,
    /// `decimals()`.
    pub decimals: u8,
    /// `DOMAIN_SEPARATOR()`.
    pub domain_separator: B256,
}

/// A signed authorization on its way to the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// What the payer signed.
    pub authorization: Authorization,
    /// What the payer signed it with.
    pub signature: PayerSignature,
}

/// How one transfer would fare if its transaction were mined now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Simulated {
    /// It would move the money.
    Pays,
    /// The token would refuse it.
    Refused(FailureReason),
    /// Not tried among others: its payer has code, which runs when the token checks the signature and could use up the
    /// gas of everyone after it (T51). Alone it can be tried.
    Apart,
}

/// How a transfer would fare whose signature is judged by the code at its payer's address (T19, T20).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeAnswer {
    /// The code does not accept the signature, or wants more gas than is paid for.
    NotAccepted,
    /// The code accepts it, and the token knows no such signatures.
    NotByToken,
    /// The code accepts it, and the token would refuse the transfer.
    Refused(FailureReason),
    /// It would move the money.
    Pays,
}

/// What a transaction costs now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fees {
    /// Wei per gas, tip included; what a transaction signed now offers at most.
    pub max_fee_per_gas: u128,
    /// Wei per gas for the block's producer.
    pub max_priority_fee_per_gas: u128,
}

/// An account's state as a sender of transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Wei it holds.
    pub balance: U256,
    /// The next nonce, counting mined transactions only.
    pub mined_nonce: u64,
    /// The next nonce, counting transactions the node still holds.
    pub pending_nonce: u64,
}

/// A transaction that was mined, with what its logs prove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mined {
    /// Where.
    pub evidence: Evidence,
    /// Whether the outer call succeeded. A hint only: outcomes come from `events`.
    pub succeeded: bool,
    /// Gas used.
    pub gas_used: u64,
    /// Wei paid for it in all, `l1Fee` included.
    pub cost: U256,
    /// What the token said in it.
    pub events: Vec<AuthorizationEvent>,
}

/// What a token's logs say about one authorization, each `Transfer` paired with the
/// `AuthorizationUsed` directly before it and counted once (I7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthorizationEvent {
    /// The token that said it.
    pub asset: Address,
    /// Whose authorization.
    pub key: AuthorizationKey,
    /// What happened to it.
    pub what: AuthorizationFate,
    /// Where it was seen.
    pub evidence: Evidence,
}

/// Some of a token that moved from one address to another, whatever for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenTransfer {
    /// The token.
    pub asset: Address,
    /// Who had it.
    pub from: Address,
    /// Who got it.
    pub to: Address,
    /// How much, in atomic units.
    pub value: U256,
    /// The place of its log in its block.
    pub log_index: u64,
    /// Where it was seen.
    pub evidence: Evidence,
}

/// What happened to an authorization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizationFate {
    /// It was used; the transfer of the same call, if one followed it.
    Used {
        /// Receiver and atomic units of the paired transfer by the same payer.
        transfer: Option<(Address, U256)>,
    },
    /// It was cancelled.
    Cancelled,
}

/// What a second node says of a transaction (T53).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// Nobody but the one node that is set up can be asked.
    Sole,
    /// Two nodes say the same.
    Agreed(Mined),
    /// Two nodes say that it is not in their chain.
    Nowhere,
    /// No two of them say the same.
    Differs,
}

/// An EVM node, and the other of the product's two seams: tests need drops, reorganisations and lies
/// on demand.
///
/// Every method may fail with a [`ChainError`] that was classified where it arose.
#[async_trait]
pub trait Chain: Send + Sync + 'static {
    /// The network this is. Checked against the node on every connection.
    fn network(&self) -> NetworkId;

    /// The newest block.
    async fn head(&self) -> Result<Block, ChainError>;

    /// The highest block that no reorganisation takes back.
    async fn final_block(&self) -> Result<u64, ChainError>;

    /// The time of that block in Unix seconds, on the word of as many nodes as have to agree; zero where
    /// there is none.
    async fn final_time(&self) -> Result<u64, ChainError>;

    /// The canonical block of that number, if the chain is that long.
    async fn block(&self, number: u64) -> Result<Option<Block>, ChainError>;

    /// Balance, nonce state and code of a payer, all read at one block. Questions that arrive at the
    /// same time travel in one call.
    async fn payer(&self, question: PayerQuestion) -> Result<PayerFacts, ChainError>;

    /// The same for several at once, all at one block, answered in order.
    async fn payers(&self, questions: &[PayerQuestion]) -> Result<Vec<PayerFacts>, ChainError>;

    /// What the token at `asset` says about itself.
    async fn token(&self, asset: Address) -> Result<TokenFacts, ChainError>;

    /// Whether the address has code.
    async fn has_code(&self, address: Address) -> Result<bool, ChainError>;

    /// How each transfer would fare in one transaction of `from`, in order and on top of each other, on the pending
    /// state: at most [`MAX_PAYMENTS_PER_TRANSACTION`](crate::MAX_PAYMENTS_PER_TRANSACTION) of them. Among several, one
    /// whose payer has code is not tried and stands [`Apart`](Simulated::Apart).
    async fn simulate(
        &self,
        from: Address,
        asset: &Asset,
        transfers: &[Transfer],
    ) -> Result<Vec<Simulated>, ChainError>;

    /// How a transfer would fare whose signature is judged by code: as the token itself would find out, with no more gas
    /// than [`CODE_GAS`](crate::CODE_GAS). Says so only for this moment: code may change its mind.
    async fn ask_code(&self, asset: &Asset, transfer: &Transfer) -> Result<CodeAnswer, ChainError>;

    /// Whether the code at an address accepts a signature of a digest (ERC-1271), with no more gas than
    /// [`CODE_GAS`](crate::CODE_GAS). Where there is no code, nothing is accepted.
    async fn accepts_signature(
        &self,
        _account: Address,
        _digest: B256,
        _signature: &[u8],
    ) -> Result<bool, ChainError> {
        Ok(false)
    }

    /// What a transaction costs now.
    async fn fees(&self) -> Result<Fees, ChainError>;

    /// An account as a sender.
    async fn sender(&self, address: Address) -> Result<Sender, ChainError>;

    /// Hands signed bytes to the node. The answer is a hint: a node that already knows the
    /// transaction, or has mined it, answers `Ok` too.
    async fn broadcast(&self, raw: &Bytes) -> Result<(), ChainError>;

    /// The transaction, once it is in a canonical block.
    async fn mined(&self, transaction: B256) -> Result<Option<Mined>, ChainError>;

    /// The transaction on the word of two nodes, where two are set up: to be asked before what it proves counts as
    /// final.
    async fn second_opinion(&self, _transaction: B256) -> Result<Opinion, ChainError> {
        Ok(Opinion::Sole)
    }

    /// What the token said about these authorizations since `from_block`, in any transaction.
    async fn authorization_events(
        &self,
        asset: Address,
        keys: &[AuthorizationKey],
        from_block: u64,
    ) -> Result<Vec<AuthorizationEvent>, ChainError>;

    /// The payers among these out of whose balance of a token something went, or who cancelled an authorization, in
    /// these blocks, both ends included. A hint where to look closer, never evidence.
    async fn payers_moved(
        &self,
        asset: Address,
        payers: &[Address],
        from_block: u64,
        to_block: u64,
    ) -> Result<Vec<Address>, ChainError>;

    /// What came to an address of a token in these blocks, both ends included, in the order of the chain.
    async fn transfers_to(
        &self,
        asset: Address,
        to: Address,
        from_block: u64,
        to_block: u64,
    ) -> Result<Vec<TokenTransfer>, ChainError>;

    /// What a transaction moved of any token and where it was mined, once it is in a canonical block.
    async fn transfers_in(
        &self,
        transaction: B256,
    ) -> Result<Option<(Evidence, Vec<TokenTransfer>)>, ChainError>;
}
