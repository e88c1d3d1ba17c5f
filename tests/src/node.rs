use std::time::Duration;

use alloy::consensus::{SignableTransaction as _, TxEip1559, TxEnvelope};
use alloy::eips::Encodable2718 as _;
use alloy::signers::SignerSync as _;
use alloy_primitives::{Address, B256, Bytes, TxKind, U64, U256};
use serde_json::{Value, json};

use crate::{Buyer, TOKEN, token};

/// The chain, seen through its node's JSON-RPC.
#[derive(Clone)]
pub struct Node {
    http: reqwest::Client,
    url: String,
}

/// A transaction that is in a block.
#[derive(Clone, Debug)]
pub struct Mined {
    /// Its hash.
    pub hash: B256,
    /// Whether it succeeded.
    pub succeeded: bool,
    /// What it used.
    pub gas_used: u64,
}

impl Node {
    /// The node at `url`.
    pub fn at(url: &str) -> Self {
        // Without TLS it must not matter whether this computer has any certificates.
        let http = reqwest::Client::builder().no_proxy().tls_certs_only([]).timeout(Duration::from_secs(60));
        Self { http: http.build().expect("an HTTP client"), url: url.to_owned() }
    }

    /// Where it answers.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The node's answer, or its error's words.
    ///
    /// # Errors
    /// What the node said, or why it said nothing.
    pub async fn try_call(&self, method: &str, params: Value) -> Result<Value, String> {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let sent = self.http.post(&self.url).json(&body).send().await;
        let mut answer: Value =
            sent.map_err(|error| error.to_string())?.json().await.map_err(|error| error.to_string())?;
        match answer.get("error") {
            Some(error) => Err(error.to_string()),
            None => Ok(answer["result"].take()),
        }
    }

    /// The node's answer.
    pub async fn call(&self, method: &str, params: Value) -> Value {
        let answer = self.try_call(method, params).await;
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// What the account holds of the token, in atomic units.
    pub async fn balance(&self, account: Address) -> U256 {
        let question = json!([{ "to": TOKEN, "data": token::balance_question(account) }, "latest"]);
        read(self.call("eth_call", question).await)
    }

    /// Makes blocks, so that time passes on the chain.
    pub async fn mine(&self, blocks: u32) {
        for _ in 0..blocks {
            self.call("evm_mine", json!([])).await;
        }
    }

    /// The receipt of a transaction, if it is in a block.
    pub async fn mined(&self, hash: B256) -> Option<Mined> {
        let receipt = self.call("eth_getTransactionReceipt", json!([hash])).await;
        (!receipt.is_null()).then(|| Mined {
            hash,
            succeeded: read::<U64>(receipt["status"].clone()).to::<u64>() == 1,
            gas_used: read::<U64>(receipt["gasUsed"].clone()).to(),
        })
    }

    /// How many transactions an account has in blocks.
    pub async fn transactions_of(&self, account: Address) -> u64 {
        read::<U64>(self.call("eth_getTransactionCount", json!([account, "latest"])).await).to()
    }

    /// A transaction of a stranger, who is given the gas money first. Returns when it is in a block.
    pub async fn send(&self, sender: &Buyer, to: Address, data: Bytes) -> Mined {
        let gas_money = U256::from(10).pow(U256::from(19));
        self.call("anvil_setBalance", json!([sender.address(), gas_money])).await;
        let chain_id = read::<U64>(self.call("eth_chainId", json!([])).await).to();
        let transaction = TxEip1559 {
            chain_id,
            nonce: self.transactions_of(sender.address()).await,
            gas_limit: 500_000,
            max_fee_per_gas: 20_000_000_000,
            max_priority_fee_per_gas: 1_000_000_000,
            to: TxKind::Call(to),
            value: U256::ZERO,
            access_list: Vec::new().into(),
            input: data,
        };
        let signature =
            sender.key().sign_hash_sync(&transaction.signature_hash()).expect("a local key signs");
        let signed = TxEnvelope::from(transaction.into_signed(signature));
        let raw = Bytes::from(signed.encoded_2718());
        let receipt = self.call("eth_sendRawTransactionSync", json!([raw])).await;
        let hash = read(receipt["transactionHash"].clone());
        let mined = self.mined(hash).await.expect("a transaction that was waited for");
        assert!(mined.succeeded, "the stranger's transaction was refused: {receipt}");
        mined
    }

    /// Mints for many accounts at once, as the token's owner. Lost when the node is killed soon after.
    pub async fn mint(&self, accounts: &[Address], amount: U256) {
        let owner = json!([{ "to": TOKEN, "data": "0x8da5cb5b" }, "latest"]);
        let owner = Address::from_word(read(self.call("eth_call", owner).await));
        self.call("anvil_setBalance", json!([owner, U256::from(10).pow(U256::from(19))])).await;
        self.call("anvil_impersonateAccount", json!([owner])).await;
        for account in accounts {
            let mint = json!([{
                "from": owner, "to": TOKEN, "data": token::minting(*account, amount), "gas": "0x249f0",
            }]);
            self.call("eth_sendTransaction", mint).await;
        }
        self.call("anvil_stopImpersonatingAccount", json!([owner])).await;
        for account in accounts {
            crate::eventually("the minting", || async { self.balance(*account).await >= amount }).await;
        }
    }
}

pub(crate) fn read<T: for<'a> serde::Deserialize<'a>>(value: Value) -> T {
    let shown = value.to_string();
    serde_json::from_value(value).unwrap_or_else(|error| panic!("{error}: {shown}"))
}
