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
    function transfer(address to, uint256 value) external returns (bool);
}

/// More than one call of `mint` or `transfer` uses.
const CALL_GAS: u64 = 150_000;
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
        let calls = grants
            .iter()
            .map(|(to, amount)| mintCall { to: *to, amount: (*amount).into() }.abi_encode())
            .collect();
        self.send(&signer, calls).await
    }

    /// Lets an account send all the practice money it has to the treasury.
    ///
    /// # Errors
    /// When the node does not answer or the token refuses.
    pub(crate) async fn take_all(&self, account: &PrivateKeySigner) -> Result<(), PracticeError> {
        match self.take_balance(account).await {
            // A settlement took some of it after it was read.
            Err(PracticeError::Refused(_)) => self.take_balance(account).await,
            taken => taken,
        }
    }

    async fn take_balance(&self, account: &PrivateKeySigner) -> Result<(), PracticeError> {
        let balance = self.balance(account.address()).await?;
        if balance == Amount::ZERO {
            return Ok(());
        }
        let to = self.signer.lock().await.address();
        self.send(account, vec![transferCall { to, value: balance.into() }.abi_encode()]).await
    }

    /// Sends calls to the token, each in a transaction of its own, one after the other.
    async fn send(&self, from: &PrivateKeySigner, calls: Vec<Vec<u8>>) -> Result<(), PracticeError> {
        self.top_up(from.address()).await?;
        let nonce: U64 = self.rpc.call("eth_getTransactionCount", json!([from.address(), "latest"])).await?;
        let header: Header = self.rpc.call("eth_getBlockByNumber", json!(["latest", false])).await?;
        let base_fee = header.base_fee_per_gas.saturating_to::<u128>();
        for (call, nonce) in calls.into_iter().zip(nonce.to::<u64>()..) {
            let transaction = TxEip1559 {
                chain_id: NetworkId::BASE_SEPOLIA.chain_id(),
                nonce,
                gas_limit: CALL_GAS,
                // A block raises the base fee by an eighth at most, and these blocks are nearly empty.
                max_fee_per_gas: base_fee.saturating_mul(2).saturating_add(PRIORITY_FEE),
                max_priority_fee_per_gas: PRIORITY_FEE,
                to: TxKind::Call(self.token),
                value: U256::ZERO,
                access_list: Vec::new().into(),
                input: call.into(),
            };
            let signature = from.sign_hash_sync(&transaction.signature_hash())?;
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
