use alloy::consensus::{SignableTransaction as _, TxEip7702, TxEnvelope};
use alloy::eips::Encodable2718 as _;
use alloy::eips::eip7702::Authorization as Delegation;
use alloy::signers::SignerSync as _;
use alloy_primitives::{Address, B256, Bytes, U256};
use serde_json::json;

use crate::{Buyer, Node, TOKEN};

/// `contracts/test/TestAccount.sol`, compiled.
const CODE: &str = include_str!("../artifacts/test_account.hex");

/// How a smart account of the tests behaves when it is asked about a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Temper {
    /// It accepts what its key signed.
    Honest = 0,
    /// Yes where gas is free, no to who pays for the answer.
    Stingy = 1,
    /// Burns all gas.
    Burner = 2,
    /// Says the right word, but only half of it.
    HalfAnAnswer = 3,
    /// Says a word that is not exactly the right one.
    NearlyRight = 4,
    /// Calls back into the token.
    CallingBack = 5,
    /// Yes to who only asks, whatever gas costs, and no in a block.
    Fickle = 7,
}

impl Node {
    /// A smart account that `key` signs for.
    pub async fn smart_account(&self, key: &Buyer, temper: Temper) -> Address {
        let account = Buyer::new().address();
        self.put_account(account, Some(key), temper).await;
        account
    }

    /// Makes the account behave like this from now on. Without a key the one of its own address signs.
    pub async fn put_account(&self, account: Address, key: Option<&Buyer>, temper: Temper) {
        self.call("anvil_setCode", json!([account, format!("0x{}", CODE.trim())])).await;
        let key = key.map(Buyer::address).unwrap_or_default();
        let prey = if temper == Temper::Fickle { self.randomness().await } else { TOKEN.into_word() };
        let words = [key.into_word(), U256::from(temper as u8).into(), prey];
        for (slot, word) in words.into_iter().enumerate() {
            self.call("anvil_setStorageAt", json!([account, format!("{slot:#066x}"), word])).await;
        }
    }

    /// The end of the newest block's randomness.
    async fn randomness(&self) -> B256 {
        let newest = self.call("eth_getBlockByNumber", json!(["latest", false])).await;
        let whole: B256 = newest["mixHash"].as_str().and_then(|hash| hash.parse().ok()).expect("a hash");
        Address::from_word(whole).into_word()
    }

    /// Delegates a plain account to the code at `target` (EIP-7702), by a transaction that a stranger sends.
    pub async fn delegate(&self, owner: &Buyer, target: Address) {
        let stranger = Buyer::new();
        let gas_money = U256::from(10).pow(U256::from(19));
        self.call("anvil_setBalance", json!([stranger.address(), gas_money])).await;
        let chain_id: u64 = 84_532;
        let nonce = self.transactions_of(owner.address()).await;
        let delegation = Delegation { chain_id: U256::from(chain_id), address: target, nonce };
        let signature = owner.key().sign_hash_sync(&delegation.signature_hash()).expect("a local key signs");
        let transaction = TxEip7702 {
            chain_id,
            nonce: 0,
            gas_limit: 200_000,
            max_fee_per_gas: 20_000_000_000,
            max_priority_fee_per_gas: 1_000_000_000,
            to: stranger.address(),
            value: U256::ZERO,
            access_list: Vec::new().into(),
            authorization_list: vec![delegation.into_signed(signature)],
            input: Bytes::new(),
        };
        let signature =
            stranger.key().sign_hash_sync(&transaction.signature_hash()).expect("a local key signs");
        let raw = Bytes::from(TxEnvelope::from(transaction.into_signed(signature)).encoded_2718());
        self.call("eth_sendRawTransactionSync", json!([raw])).await;
        let code = self.call("eth_getCode", json!([owner.address(), "latest"])).await;
        assert!(code.as_str().is_some_and(|code| code.starts_with("0xef0100")), "not delegated: {code}");
    }
}
