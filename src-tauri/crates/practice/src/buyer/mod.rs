//! The built-in buyer: buys over HTTP with practice money, as a stock client of either protocol version does.
//!
//! It reads and writes the wire by itself instead of through the seller's code, so that a mistake there cannot hide
//! behind the same mistake here.

mod sign;
mod wire;

use std::time::Duration;

use alloy::signers::local::PrivateKeySigner;
use alloy_primitives::{Address, B256};
use domain::{Amount, Authorization, Clock, PRACTICE_BUYER};
use reqwest::{Client, Response, StatusCode, redirect};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{Practice, PracticeError};
use wire::Terms;

/// As much as stock clients of version 1 allow for a clock that is behind.
const CLOCK_SKEW_SECONDS: u64 = 600;
const CONNECTED_WITHIN: Duration = Duration::from_secs(5);
const SILENT_AT_MOST: Duration = Duration::from_secs(60);

/// As much of a refusal is read for its reason.
const LONGEST_REASON: usize = 64 * 1024;

/// A version of the x402 protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Terms in the body, payment in `X-PAYMENT`.
    V1,
    /// Terms in `PAYMENT-REQUIRED`, payment in `PAYMENT-SIGNATURE`.
    V2,
}

/// One thing to buy.
#[derive(Clone, Debug)]
pub struct Purchase {
    /// Where it is sold.
    pub url: String,
    /// The version to pay in.
    pub protocol: Protocol,
    /// The buyer's key: random bytes for a buyer nobody has seen before. Given what it lacks before it pays.
    pub key: B256,
    /// The authorization's nonce: random bytes.
    pub nonce: B256,
}

/// How a purchase went. What the server did wrong is said in `error`, not raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purchased {
    /// The status of the last answer; none when the server did not answer.
    pub status: Option<u16>,
    /// The buyer.
    pub payer: Address,
    /// The price, once it was read; none of what costs nothing.
    pub amount: Option<Amount>,
    /// How many bytes of content came.
    pub bytes: u64,
    /// Their SHA-256, when all of them came.
    pub sha256: Option<B256>,
    /// The settlement's transaction, when the server names one.
    pub transaction: Option<String>,
    /// The decoded payment response, when there is one.
    pub payment_response: Option<Value>,
    /// Why nothing was bought.
    pub error: Option<String>,
}

impl Purchase {
    /// Who pays; none where the key is none.
    pub fn payer(&self) -> Option<Address> {
        PrivateKeySigner::from_bytes(&self.key).ok().map(|key| key.address())
    }
}

impl Protocol {
    const fn number(self) -> u64 {
        match self {
            Self::V1 => 1,
            Self::V2 => 2,
        }
    }
}

/// Buys once.
///
/// # Errors
/// When the buyer cannot be given money or cannot sign. Everything else is part of the answer.
pub(crate) async fn buy(
    practice: &Practice,
    clock: &dyn Clock,
    purchase: &Purchase,
) -> Result<Purchased, PracticeError> {
    let key = PrivateKeySigner::from_bytes(&purchase.key).map_err(alloy::signers::Error::other)?;
    let mut purchased = Purchased {
        status: None,
        payer: key.address(),
        amount: None,
        bytes: 0,
        sha256: None,
        transaction: None,
        payment_response: None,
        error: None,
    };
    let http = match client(&purchase.url) {
        Ok(http) => http,
        Err(error) => return Ok(purchased.failed(error.to_string())),
    };
    let terms = match ask(&http, purchase, &mut purchased).await {
        Ok(Asked::Terms(terms)) => terms,
        Ok(Asked::Free(response)) => return receive(response, purchase.protocol, purchased).await,
        Err(error) => return Ok(purchased.failed(error)),
    };
    if terms.asset.address != practice.token() {
        return Ok(purchased.failed("the price is in another token than practice money".to_owned()));
    }
    practice.raise_balance(key.address(), terms.amount).await?;
    let authorization = authorize(purchase, &terms, key.address(), clock);
    let signature = sign::sign(&key, &terms.asset, &authorization)?;
    let (header, value) = terms.payment(&authorization, &signature);
    match http.get(&purchase.url).header(header, value).send().await {
        Ok(response) => receive(response, purchase.protocol, purchased).await,
        Err(error) => Ok(purchased.failed(error.to_string())),
    }
}

/// What somebody who does not pay gets.
enum Asked {
    Terms(Box<Terms>),
    /// The thing itself.
    Free(Response),
}

/// Asks for the thing without paying.
async fn ask(http: &Client, purchase: &Purchase, purchased: &mut Purchased) -> Result<Asked, String> {
    let response = http.get(&purchase.url).send().await.map_err(|error| error.to_string())?;
    let status = response.status();
    purchased.status = Some(status.as_u16());
    if status.is_success() {
        return Ok(Asked::Free(response));
    }
    let headers = response.headers().clone();
    let body = response.bytes().await.map_err(|error| error.to_string())?;
    if status != StatusCode::PAYMENT_REQUIRED {
        let why = reason(&body).map(|why| format!(": {why}")).unwrap_or_default();
        return Err(format!("the server does not ask for payment but answers {status}{why}"));
    }
    let terms = Terms::read(purchase.protocol, &headers, &body)?;
    purchased.amount = Some(terms.amount);
    Ok(Asked::Terms(Box::new(terms)))
}

fn authorize(purchase: &Purchase, terms: &Terms, payer: Address, clock: &dyn Clock) -> Authorization {
    let now = u64::try_from(clock.now().timestamp()).unwrap_or_default();
    Authorization {
        from: payer,
        to: terms.pay_to,
        value: terms.amount.into(),
        valid_after: match purchase.protocol {
            Protocol::V1 => now.saturating_sub(CLOCK_SKEW_SECONDS),
            Protocol::V2 => 0,
        },
        valid_before: now.saturating_add(terms.timeout),
        nonce: purchase.nonce,
    }
}

/// Reads the answer to the payment to its end.
async fn receive(
    mut response: Response,
    protocol: Protocol,
    mut purchased: Purchased,
) -> Result<Purchased, PracticeError> {
    let status = response.status();
    purchased.status = Some(status.as_u16());
    match wire::payment_response(protocol, response.headers()) {
        Ok(answer) => purchased.payment_response = answer,
        Err(error) => purchased.error = Some(error),
    }
    let transaction = purchased.payment_response.as_ref().and_then(|answer| answer["transaction"].as_str());
    purchased.transaction = transaction.filter(|hash| !hash.is_empty()).map(str::to_owned);
    let mut hash = Sha256::new();
    let mut why = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                hash.update(&chunk);
                purchased.bytes += chunk.len() as u64;
                if !status.is_success() && why.len() < LONGEST_REASON {
                    why.extend_from_slice(&chunk);
                }
            }
            Ok(None) => break,
            Err(error) => return Ok(purchased.failed(format!("the content broke off: {error}"))),
        }
    }
    if !status.is_success() {
        let why = reason(&why).map(|why| format!(": {why}")).unwrap_or_default();
        return Ok(purchased.failed(format!("the server answers the payment with {status}{why}")));
    }
    purchased.sha256 = Some(B256::from_slice(&hash.finalize()));
    Ok(purchased)
}

/// What an answer says is wrong: its word and its sentence, as far as it has them.
fn reason(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let sentence = body["errorMessage"].as_str().or_else(|| body["message"].as_str());
    match (body["error"].as_str()?, sentence) {
        (word, Some(sentence)) => Some(format!("{word}: {sentence}")),
        (word, None) => Some(word.to_owned()),
    }
}

impl Purchased {
    fn failed(mut self, error: String) -> Self {
        self.error = Some(error);
        self
    }
}

fn client(url: &str) -> reqwest::Result<Client> {
    // Stock clients repeat payment headers across redirects; this one shows that none is needed.
    let client = Client::builder()
        .user_agent(PRACTICE_BUYER)
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECTED_WITHIN)
        .read_timeout(SILENT_AT_MOST);
    // On this computer it must not matter which certificates it has, and whether it asks through a proxy.
    if url.starts_with("https://") { client.build() } else { client.no_proxy().tls_certs_only([]).build() }
}
