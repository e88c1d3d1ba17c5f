use alloy::consensus::{SignableTransaction as _, TxEip1559, TxEnvelope};
use alloy::eips::Encodable2718 as _;
use alloy::signers::SignerSync as _;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol;
use alloy::sol_types::SolCall as _;
use alloy_primitives::{Address, B256, Bytes, TxKind, U64, U256};
use domain::{Amount, NetworkId};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::PracticeError;
use crate::rpc::NodeRpc;

sol! {
    function balanceOf(address account) external view returns (uint256);
    function mint(address to, uint256 amount) external returns (bool);
}

/// More than one call of `mint` uses.
const MINT_GAS: u64 = 150_000;
/// Enough for the node to take the transaction, in wei.
const PRIORITY_FEE: u128 = 1_000_000_000;
/// One hundred whole coins: more than a practice wallet can spend on gas in years.
const FULL_TANK: U256 = U256::from_limbs([7_766_279_631_452_241_920, 5, 0, 0]);

/// Makes practice money.
pub(crate) struct Treasury {
    rpc: NodeRpc,
    token: Address,
    // Held from reading the account's nonce until the transaction is in a block.
    signer: Mutex<PrivateKeySigner>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Receipt {
    transaction_hash: B256,
    status: U64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Header {
    base_fee_per_gas: U256,
}

impl Treasury {
    pub(crate) fn new(rpc: NodeRpc, token: Address, signer: PrivateKeySigner) -> Self {
        Self { rpc, token, signer: Mutex::new(signer) }
    }

    /// Gives the account gas money; its balance is only ever raised.
    ///
    /// # Errors
    /// When the node does not answer.
    pub(crate) async fn top_up(&self, account: Address) -> Result<(), PracticeError> {
        let balance: U256 = self.rpc.call("eth_getBalance", json!([account, "latest"])).await?;
        if balance < FULL_TANK {
            let _: Value = self.rpc.call("anvil_setBalance", json!([account, FULL_TANK])).await?;
        }
        Ok(())
    }

    /// What the account has of practice money.
    ///
    /// # Errors
    /// When the node does not answer.
    pub(crate) async fn balance(&self, account: Address) -> Result<Amount, PracticeError> {
        let data = Bytes::from(balanceOfCall { account }.abi_encode());
        let call = json!([{ "to": self.token, "data": data }, "latest"]);
        let balance: U256 = self.rpc.call("eth_call", call).await?;
        Ok(Amount::saturating_from(balance))
    }

    /// Mints practice money, one transaction for each grant, in order.
    ///
    /// # Errors
    /// When the node does not answer or the token refuses; grants before that one stand.
    pub(crate) async fn mint(&self, grants: &[(Address, Amount)]) -> Result<(), PracticeError> {
        let signer = self.signer.lock().await;
        self.top_up(signer.address()).await?;
        let nonce: U64 =
            self.rpc.call("eth_getTransactionCount", json!([signer.address(), "latest"])).await?;
        let header: Header = self.rpc.call("eth_getBlockByNumber", json!(["latest", false])).await?;
        let base_fee = header.base_fee_per_gas.saturating_to::<u128>();
        for ((to, amount), nonce) in grants.iter().zip(nonce.to::<u64>()..) {
            let call = mintCall { to: *to, amount: (*amount).into() };
            let transaction = TxEip1559 {
                chain_id: NetworkId::BASE_SEPOLIA.chain_id(),
                nonce,
                gas_limit: MINT_GAS,
                // A block raises the base fee by an eighth at most, and these blocks are nearly empty.
                max_fee_per_gas: base_fee.saturating_mul(2).saturating_add(PRIORITY_FEE),
                max_priority_fee_per_gas: PRIORITY_FEE,
                to: TxKind::Call(self.token),
                value: U256::ZERO,
                access_list: Vec::new().into(),
                input: call.abi_encode().into(),
            };
            let signature = signer.sign_hash_sync(&transaction.signature_hash())?;
            let signed = TxEnvelope::from(transaction.into_signed(signature));
            let raw = Bytes::from(signed.encoded_2718());
            let receipt: Receipt = self.rpc.call("eth_sendRawTransactionSync", json!([raw])).await?;
            if receipt.status.is_zero() {
                return Err(PracticeError::Refused(receipt.transaction_hash));
            }
        }
        Ok(())
    }
}
