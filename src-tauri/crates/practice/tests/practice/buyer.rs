//! The built-in buyer against a stall of one file, which keeps what it was sent.

use std::sync::Arc;

use alloy_primitives::{Address, B256, Bytes, U256, address, hex, keccak256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Amount;
use practice::{Practice, Protocol, Purchase};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;

use crate::common::{ask, balance, start, usdc};

const PAY_TO: Address = address!("5e11e40000000000000000000000000000000005");
const CONTENT: &[u8] = b"the paid bytes";

/// A stall that sells `CONTENT` and believes every payment.
struct Stall {
    url: String,
    payments: Arc<Mutex<Vec<(String, Value)>>>,
}

fn offer(token: Address, price: &str, version: u64) -> Value {
    let network = if version == 1 { "base-sepolia" } else { "eip155:84532" };
    let amount = if version == 1 { "maxAmountRequired" } else { "amount" };
    json!({
        "scheme": "exact", "network": network, amount: price, "asset": token, "payTo": PAY_TO,
        "maxTimeoutSeconds": 900, "extra": { "name": "USDC", "version": "2" },
    })
}

impl Stall {
    async fn open(token: Address, price: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/file", listener.local_addr().unwrap());
        let required = json!({
            "x402Version": 2, "error": "Payment required", "resource": { "url": url },
            "accepts": [offer(token, price, 2)], "extensions": { "note": { "info": {}, "schema": {} } },
        });
        let header = STANDARD.encode(required.to_string());
        let body =
            json!({ "x402Version": 1, "error": "pay", "accepts": [offer(token, price, 1)] }).to_string();
        let payments = Arc::new(Mutex::new(Vec::new()));
        let kept = payments.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                serve(connection, &header, &body, &kept).await;
            }
        });
        Self { url, payments }
    }

    fn purchase(&self, protocol: Protocol, number: u8) -> Purchase {
        let key = keccak256([number]);
        Purchase { url: self.url.clone(), protocol, key, nonce: keccak256(key) }
    }
}

async fn serve(connection: TcpStream, required: &str, terms: &str, kept: &Mutex<Vec<(String, Value)>>) {
    let mut connection = BufReader::new(connection);
    let mut payment = None;
    loop {
        let mut line = String::new();
        connection.read_line(&mut line).await.unwrap();
        match line.trim().split_once(": ") {
            Some((name, value)) if name.to_lowercase().contains("payment") => {
                payment = Some((name.to_lowercase(), value.to_owned()));
            }
            Some(_) => {}
            None if line.starts_with("GET ") => {}
            None => break,
        }
    }
    let (head, body) = if let Some((name, value)) = payment {
        let decoded = STANDARD.decode(value).unwrap();
        kept.lock().await.push((name, serde_json::from_slice(&decoded).unwrap()));
        let answer = STANDARD.encode(json!({ "success": true, "transaction": "0xabc" }).to_string());
        (format!("200 OK\r\npayment-response: {answer}\r\nx-payment-response: {answer}"), CONTENT)
    } else {
        (format!("402 Payment Required\r\npayment-required: {required}"), terms.as_bytes())
    };
    let head = format!("HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    connection.write_all(head.as_bytes()).await.unwrap();
    connection.write_all(body).await.unwrap();
}

/// Asks the token whether it would take the payment.
async fn settles(practice: &Practice, payment: &Value) -> Result<Value, String> {
    let authorization = &payment["payload"]["authorization"];
    let address = |name: &str| serde_json::from_value::<Address>(authorization[name].clone()).unwrap();
    let number = |name: &str| authorization[name].as_str().unwrap().parse::<U256>().unwrap();
    let signature = hex::decode(payment["payload"]["signature"].as_str().unwrap()).unwrap();
    let nonce: B256 = serde_json::from_value(authorization["nonce"].clone()).unwrap();
    let name =
        "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)";
    let mut data = keccak256(name)[..4].to_vec();
    data.extend(address("from").into_word());
    data.extend(address("to").into_word());
    for field in ["value", "validAfter", "validBefore"] {
        data.extend(number(field).to_be_bytes::<32>());
    }
    data.extend(nonce);
    data.extend(U256::from(signature[64]).to_be_bytes::<32>());
    data.extend(&signature[..64]);
    let call = json!([{ "to": practice.token(), "data": Bytes::from(data) }, "pending"]);
    ask(practice.url(), "eth_call", call).await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_pays_in_either_version_with_exactly_the_money_it_needs() {
    let folder = tempfile::tempdir().unwrap();
    let practice = start(folder.path()).await;
    let stall = Stall::open(practice.token(), "50000").await;
    for (protocol, header, number) in [(Protocol::V1, "x-payment", 1), (Protocol::V2, "payment-signature", 2)]
    {
        let bought = practice.buy(&stall.purchase(protocol, number)).await.unwrap();
        assert_eq!(bought.error, None);
        assert_eq!(bought.status, Some(200));
        assert_eq!(bought.amount, Some(usdc(50_000)));
        assert_eq!(bought.bytes, CONTENT.len() as u64);
        assert_eq!(bought.sha256, Some(B256::from_slice(&Sha256::digest(CONTENT))));
        assert_eq!(bought.transaction.as_deref(), Some("0xabc"));
        assert_eq!(balance(&practice, bought.payer).await, 50_000);

        let (sent_in, payment) = stall.payments.lock().await.pop().unwrap();
        assert_eq!(sent_in, header);
        assert_eq!(payment["x402Version"], u64::from(number));
        assert_eq!(payment["payload"]["authorization"]["to"], json!(PAY_TO));
        settles(&practice, &payment).await.unwrap();
        if protocol == Protocol::V2 {
            assert_eq!(payment["accepted"], offer(practice.token(), "50000", 2));
            assert_eq!(payment["resource"]["url"], stall.url);
            assert!(payment["extensions"]["note"].is_object());
        }
    }
    practice.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_that_has_the_money_is_given_none() {
    let folder = tempfile::tempdir().unwrap();
    let practice = start(folder.path()).await;
    let stall = Stall::open(practice.token(), "50000").await;
    let purchase = stall.purchase(Protocol::V2, 3);
    let payer = practice.buy(&purchase).await.unwrap().payer;
    practice.fund(&[(payer, usdc(1))]).await.unwrap();
    practice.buy(&purchase).await.unwrap();
    assert_eq!(balance(&practice, payer).await, 50_001);
    practice.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_bought_is_said_and_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let practice = start(folder.path()).await;
    let another = Stall::open(PAY_TO, "1").await;
    let priceless = Stall::open(practice.token(), "many").await;
    let mut nowhere = another.purchase(Protocol::V2, 4);
    nowhere.url = "http://127.0.0.1:9/".to_owned();
    let node = Purchase { url: practice.url().to_owned(), ..nowhere.clone() };
    for (purchase, status, words) in [
        (another.purchase(Protocol::V1, 4), Some(402), "in another token"),
        (priceless.purchase(Protocol::V2, 4), Some(402), "digits"),
        (nowhere, None, "error sending request"),
        (node, Some(400), "does not ask for payment"),
    ] {
        let bought = practice.buy(&purchase).await.unwrap();
        let error = bought.error.unwrap();
        assert!(error.contains(words), "{error}");
        assert_eq!(bought.status, status, "{error}");
        assert_eq!(bought.bytes, 0);
        assert_eq!(balance(&practice, bought.payer).await, Amount::ZERO.atomic());
    }
    practice.stop().await.unwrap();
}
