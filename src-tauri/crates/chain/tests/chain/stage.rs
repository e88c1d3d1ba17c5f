//! A real node with the practice token and Multicall3, a gas wallet, and payers with money.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use alloy::signers::SignerSync as _;
use alloy::signers::local::PrivateKeySigner;
use alloy_primitives::{Address, B256, Bytes, U256, address, hex, keccak256};
use chain::{
    Chain as _, Mined, PayerQuestion, Rpc, SettlementCall, Signed, Transfer, Unsigned, digest,
    domain_separator, gas_limit_of, settlement_call,
};
use domain::{Asset, Authorization, AuthorizationKey, NetworkId, Signature};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) const MULTICALL3: Address = address!("cA11bde05977b3631167028862bE2a173976CA11");
pub(crate) const SELLER: Address = address!("5e11e40000000000000000000000000000000005");
const OWNER: Address = address!("0000000000000000000000000000000000000b05");

pub(crate) struct Stage {
    node: Child,
    _genesis: TempDir,
    http: reqwest::Client,
    pub(crate) url: String,
    pub(crate) rpc: Rpc,
    pub(crate) asset: Asset,
    pub(crate) gas: PrivateKeySigner,
}

/// The practice resources, as `node contracts/resources.mjs target/debug/practice` leaves them.
fn resource(name: &str) -> PathBuf {
    std::env::var_os("STALLKEEPER_PRACTICE_RESOURCES")
        .map_or_else(
            || std::env::current_exe().unwrap().parent().unwrap().with_file_name("practice"),
            PathBuf::from,
        )
        .join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(resource(name)).expect("the practice resources are assembled")
}

/// Starts a node from a genesis and waits until it says where it listens.
pub(crate) fn start_node(chain_id: u64, alloc: &Value) -> (Child, TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("genesis.json");
    let genesis = json!({
        "config": { "chainId": chain_id }, "timestamp": "0x6553f100", "nonce": "0x0", "difficulty": "0x0",
        "gasLimit": "0x1c9c380", "extraData": "0x", "mixHash": B256::ZERO, "coinbase": Address::ZERO,
        "alloc": alloc,
    });
    std::fs::write(&path, genesis.to_string()).unwrap();
    let node = resource(if cfg!(windows) { "anvil.exe" } else { "anvil" });
    let mut node = Command::new(node)
        .args(["--port", "0", "--accounts", "0", "--enable-tx-gas-limit", "--slots-in-an-epoch", "1"])
        .args(["--chain-id", &chain_id.to_string(), "--prune-history", "256", "--init"])
        .arg(path)
        // It makes a folder for old states in any case, and leaves it behind when it is killed.
        .arg("--cache-path")
        .arg(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the practice resources are assembled");
    let mut lines = BufReader::new(node.stdout.take().unwrap()).lines();
    let address = lines
        .find_map(|line| line.unwrap().strip_prefix("Listening on ").map(str::to_owned))
        .expect("the node says where it listens");
    // The node must not block on a full pipe.
    std::thread::spawn(move || lines.for_each(drop));
    (node, folder, format!("http://{address}"))
}

impl Stage {
    pub(crate) async fn open() -> Self {
        let token: Value = serde_json::from_str(&text("practice-token.json")).unwrap();
        let accounts = &token["accounts"];
        let mut alloc = json!({ MULTICALL3.to_string(): { "balance": "0x0", "code": format!("0x{}", text("multicall3.hex").trim()) } });
        for name in ["token", "implementation", "signatures"] {
            let account = &accounts[name];
            alloc[account["address"].as_str().unwrap()] =
                json!({ "balance": "0x0", "code": account["code"] });
        }
        let place = accounts["token"]["address"].as_str().unwrap();
        let mut storage = token["storage"].clone();
        storage[token["slots"]["owner"].as_str().unwrap()] = json!(OWNER.into_word());
        alloc[place]["storage"] = storage;
        let gas = PrivateKeySigner::from_slice(&[9; 32]).unwrap();
        alloc[gas.address().to_string()] = json!({ "balance": "0x56bc75e2d63100000" });

        let asset = Asset {
            network: NetworkId::BASE_SEPOLIA,
            address: place.parse().unwrap(),
            name: "USDC".to_owned(),
            version: "2".to_owned(),
            decimals: 6,
        };
        let (node, _genesis, url) = start_node(84_532, &alloc);
        let rpc = Rpc::connect(NetworkId::BASE_SEPOLIA, vec![url.clone()]).await.unwrap();
        let http = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
        Self { node, _genesis, http, url, rpc, asset, gas }
    }

    /// What the node offers beyond what the product uses.
    pub(crate) async fn ask(&self, method: &str, params: Value) -> Value {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let answer = self.http.post(&self.url).json(&body).send().await;
        let mut answer: Value = answer.unwrap().json().await.unwrap();
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].take()
    }

    /// Sets what an account holds of the token.
    pub(crate) async fn fund(&self, account: Address, units: u64) {
        let slot = keccak256([account.into_word(), U256::from(3).into()].concat());
        let balance = B256::from(U256::from(units));
        self.ask("anvil_setStorageAt", json!([self.asset.address, slot, balance])).await;
    }

    pub(crate) async fn give_code(&self, account: Address, code: &str) {
        self.ask("anvil_setCode", json!([account, code])).await;
    }

    /// Has the token's owner call it: `pause()` or `blacklist(address)`.
    pub(crate) async fn as_owner(&self, call: &str, argument: Option<Address>) {
        self.ask("anvil_impersonateAccount", json!([OWNER])).await;
        self.ask("anvil_setBalance", json!([OWNER, "0xde0b6b3a7640000"])).await;
        let mut data = keccak256(call)[..4].to_vec();
        data.extend(argument.unwrap_or_default().into_word());
        let call = json!([{ "from": OWNER, "to": self.asset.address, "data": hex::encode_prefixed(data) }]);
        let hash = self.ask("eth_sendTransaction", call).await;
        self.mined(hash.as_str().unwrap().parse().unwrap()).await;
    }

    pub(crate) async fn payer(&self, number: u8, units: u64) -> Payer {
        let key = PrivateKeySigner::from_slice(keccak256([number]).as_slice()).unwrap();
        self.fund(key.address(), units).await;
        Payer { key, separator: domain_separator(&self.asset) }
    }

    pub(crate) fn call(&self, transfers: &[Transfer]) -> SettlementCall {
        settlement_call(&self.asset, MULTICALL3, transfers)
    }

    /// Signs a transaction of the gas wallet at its next nonce.
    pub(crate) async fn sign(&self, call: SettlementCall, gas_limit: u64) -> Signed {
        let (fees, sender) =
            (self.rpc.fees().await.unwrap(), self.rpc.sender(self.gas.address()).await.unwrap());
        let unsigned = Unsigned::new(NetworkId::BASE_SEPOLIA, sender.pending_nonce, call, gas_limit, fees);
        let signature = self.gas.sign_hash_sync(&unsigned.signing_hash()).unwrap();
        unsigned.sign(signature.as_bytes())
    }

    /// Waits until a transaction is in a block.
    pub(crate) async fn mined(&self, transaction: B256) -> Mined {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(mined) = self.rpc.mined(transaction).await.unwrap() {
                return mined;
            }
            assert!(Instant::now() < deadline, "{transaction} is not mined");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Settles in one transaction.
    pub(crate) async fn settle(&self, transfers: &[Transfer]) -> Mined {
        let signed = self.sign(self.call(transfers), gas_limit_of(transfers)).await;
        self.rpc.broadcast(&signed.raw).await.unwrap();
        self.mined(signed.hash).await
    }

    pub(crate) fn question(&self, key: AuthorizationKey) -> PayerQuestion {
        PayerQuestion { asset: self.asset.address, key }
    }

    pub(crate) async fn balance(&self, account: Address) -> u64 {
        let key = AuthorizationKey { payer: account, nonce: B256::ZERO };
        self.rpc.payer(self.question(key)).await.unwrap().balance.atomic()
    }
}

impl Stage {
    /// Ends the node.
    pub(crate) fn end(&mut self) {
        let _ = self.node.kill();
        let _ = self.node.wait();
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.end();
    }
}

pub(crate) struct Payer {
    key: PrivateKeySigner,
    separator: B256,
}

impl Payer {
    pub(crate) fn address(&self) -> Address {
        self.key.address()
    }

    /// An authorization that is valid now, to the seller.
    pub(crate) fn pays(&self, units: u64, nonce: u8) -> Transfer {
        self.signs(Authorization {
            from: self.address(),
            to: SELLER,
            value: U256::from(units),
            valid_after: 0,
            valid_before: 99_999_999_999,
            nonce: B256::repeat_byte(nonce),
        })
    }

    pub(crate) fn signs(&self, authorization: Authorization) -> Transfer {
        let signature = self.key.sign_hash_sync(&digest(&self.separator, &authorization)).unwrap();
        let signature = Signature::normalise(&signature.as_bytes()).unwrap().into();
        Transfer { authorization, signature }
    }

    /// The signature of a message that the payer read in a wallet.
    pub(crate) fn says(&self, message: &str) -> [u8; 65] {
        self.key.sign_message_sync(message.as_bytes()).unwrap().as_bytes()
    }

    /// The call that cancels an authorization.
    pub(crate) fn cancels(&self, token: Address, nonce: u8) -> SettlementCall {
        let kind = keccak256("CancelAuthorization(address authorizer,bytes32 nonce)");
        let nonce = B256::repeat_byte(nonce);
        let message = keccak256([kind, self.address().into_word(), nonce].concat());
        let digest = keccak256([&[0x19, 0x01], self.separator.as_slice(), message.as_slice()].concat());
        let signature = self.key.sign_hash_sync(&digest).unwrap().as_bytes();
        let mut data = keccak256("cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)")[..4].to_vec();
        data.extend(self.address().into_word());
        data.extend(nonce);
        data.extend(U256::from(signature[64]).to_be_bytes::<32>());
        data.extend(&signature[..64]);
        SettlementCall { to: token, data: Bytes::from(data) }
    }
}
