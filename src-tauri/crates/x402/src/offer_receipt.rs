//! `offer-receipt`: offers and receipts that the stall signs (EIP-712), so that a buyer can show later what was quoted
//! and that it was paid. What is signed are the texts below, letter by letter; here they are hashed and written, the key
//! is `wallet::ReceiptKey`, and whose a signature is says `chain::who_signed_digest`.

use alloy_primitives::{Address, B256, Bytes, Keccak256, U256, hex, keccak256};
use domain::{NetworkId, Offer};

use crate::json::{self, Skipped};
use crate::payload::members;
use crate::quoted::Quoted;
use crate::{Extension, PaymentError, fields};

const KEY: &str = "offer-receipt";

const DOMAIN_TYPE: &str = "EIP712Domain(string name,string version,uint256 chainId)";
const OFFER_TYPE: &str = "Offer(uint256 version,string resourceUrl,string scheme,string network,string asset,string payTo,string amount,uint256 validUntil)";
const RECEIPT_TYPE: &str = "Receipt(uint256 version,string network,string resourceUrl,string payer,uint256 issuedAt,string transaction)";

/// Both are of the extension's first version, whatever network the money moves on.
const VERSION: u64 = 1;

/// The longest signed receipt that is read, in bytes.
const LONGEST_RECEIPT: usize = 8 * 1024;

/// What a signed offer promises until a moment: these terms for this URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferTerms {
    resource_url: String,
    network: String,
    asset: String,
    pay_to: String,
    amount: String,
    valid_until: u64,
}

/// What a receipt says: this payer paid for this URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The network, as CAIP-2.
    pub network: String,
    /// What was paid for, the URL as it was quoted.
    pub resource_url: String,
    /// Who paid.
    pub payer: String,
    /// Unix seconds.
    pub issued_at: u64,
    /// The transaction's hash; empty while there is none, or where the seller leaves it out.
    pub transaction: String,
}

/// A receipt and its signature, not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedReceipt {
    /// What it says.
    pub receipt: Receipt,
    /// The signature of [`Receipt::digest`].
    pub signature: Bytes,
}

impl OfferTerms {
    /// The terms of an offer as the 402 writes them. Signing takes much longer than everything else in a 402, so
    /// `valid_until` (Unix seconds) is best a moment that many answers share ([`shared_end`]).
    pub fn new(resource_url: &str, offer: &Offer, valid_until: u64) -> Self {
        Self {
            resource_url: resource_url.to_owned(),
            network: offer.asset.network.to_string(),
            asset: offer.asset.address.to_checksum(None),
            pay_to: offer.pay_to.to_checksum(None),
            amount: offer.amount.to_string(),
            valid_until,
        }
    }

    /// What is signed.
    pub fn digest(&self) -> B256 {
        let text = |text: &str| keccak256(text);
        digest(
            "x402 offer",
            &[
                keccak256(OFFER_TYPE),
                number(VERSION),
                text(&self.resource_url),
                text("exact"),
                text(&self.network),
                text(&self.asset),
                text(&self.pay_to),
                text(&self.amount),
                number(self.valid_until),
            ],
        )
    }

    fn json(&self, accept_index: usize, signature: &[u8]) -> String {
        format!(
            r#"{{"format":"eip712","acceptIndex":{accept_index},"payload":{{"version":{VERSION},"resourceUrl":{url},"scheme":"exact","network":"{network}","asset":"{asset}","payTo":"{pay_to}","amount":"{amount}","validUntil":{valid_until}}},"signature":"{signature}"}}"#,
            url = Quoted(&self.resource_url),
            network = self.network,
            asset = self.asset,
            pay_to = self.pay_to,
            amount = self.amount,
            valid_until = self.valid_until,
            signature = hex::encode_prefixed(signature),
        )
    }
}

/// A moment at least `seconds` ahead that stays the same for as long as it can: offers that end then need one signature in
/// that time and not one in each answer. It is less than twice as far away.
pub const fn shared_end(now: u64, seconds: u64) -> u64 {
    let step = if seconds == 0 { 1 } else { seconds };
    (now / step).saturating_add(2).saturating_mul(step)
}

/// What the 402 says of signed offers: each in the order of `accepts`, as many of the first ones as fit into `room` bytes
/// of JSON ([`PaymentRequired::room`](crate::PaymentRequired::room)); none when not even one does. It is made for each
/// answer, or as often as its offers are signed.
pub fn signed_offers<'o>(
    offers: impl IntoIterator<Item = (&'o OfferTerms, &'o [u8; 65])>,
    room: usize,
) -> Option<Extension> {
    const AFTER: &str = r#"]},"schema":{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","required":["offers"]}}"#;
    // What the object and its key take, and the braces of `extensions` where this is all there is.
    let mut left = room.checked_sub(KEY.len() + AFTER.len() + 48)?;
    let mut list = String::new();
    for (index, (terms, signature)) in offers.into_iter().enumerate() {
        let json = terms.json(index, signature);
        let Some(less) = left.checked_sub(json.len() + 1) else { break };
        left = less;
        if !list.is_empty() {
            list.push(',');
        }
        list.push_str(&json);
    }
    (!list.is_empty()).then(|| Extension::new(KEY, format!(r#"{{"info":{{"offers":[{list}{AFTER}"#)))
}

impl Receipt {
    /// The receipt of a payment.
    pub fn new(
        resource_url: &str,
        network: NetworkId,
        payer: Address,
        issued_at: u64,
        transaction: Option<B256>,
    ) -> Self {
        Self {
            network: network.to_string(),
            resource_url: resource_url.to_owned(),
            payer: payer.to_checksum(None),
            issued_at,
            transaction: transaction.map(|hash| hash.to_string()).unwrap_or_default(),
        }
    }

    /// What is signed.
    pub fn digest(&self) -> B256 {
        digest(
            "x402 receipt",
            &[
                keccak256(RECEIPT_TYPE),
                number(VERSION),
                keccak256(&self.network),
                keccak256(&self.resource_url),
                keccak256(&self.payer),
                number(self.issued_at),
                keccak256(&self.transaction),
            ],
        )
    }
}

members! {
    Written {
        format: Skipped = "format",
        payload: Payload<'de> = "payload",
        signature: Skipped = "signature",
    }

    Payload {
        version: Skipped = "version",
        network: Skipped = "network",
        resource_url: Skipped = "resourceUrl",
        payer: Skipped = "payer",
        issued_at: Skipped = "issuedAt",
        transaction: Skipped = "transaction",
    }
}

impl SignedReceipt {
    /// As it is handed out: the JSON that the answer's `receipt` and the receipt page hold.
    pub fn json(&self) -> String {
        let Receipt { network, resource_url, payer, issued_at, transaction } = &self.receipt;
        format!(
            r#"{{"format":"eip712","payload":{{"version":{VERSION},"network":{network},"resourceUrl":{url},"payer":{payer},"issuedAt":{issued_at},"transaction":{transaction}}},"signature":"{signature}"}}"#,
            network = Quoted(network),
            url = Quoted(resource_url),
            payer = Quoted(payer),
            transaction = Quoted(transaction),
            signature = hex::encode_prefixed(&self.signature),
        )
    }

    /// What the answer to a payment says of it.
    pub fn extension(&self) -> Extension {
        let value = format!(
            r#"{{"info":{{"receipt":{}}},"schema":{{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","required":["receipt"]}}}}"#,
            self.json()
        );
        Extension::new(KEY, value)
    }

    /// Reads a receipt that somebody shows, as [`SignedReceipt::json`] writes it, of any stall.
    ///
    /// # Errors
    /// Says what is wrong. What was read is well formed and proves nothing before its signature was looked at.
    pub fn read(json: &[u8]) -> Result<Self, PaymentError> {
        if json.len() > LONGEST_RECEIPT {
            return Err(PaymentError::Malformed { field: "the receipt", expected: "at most 8 KiB" });
        }
        let value = json::read::<Written<'_>>(json)?;
        let written = value.object("the receipt")?;
        if written.format.text("format")? != "eip712" {
            return Err(PaymentError::Malformed { field: "format", expected: "\"eip712\"" });
        }
        let payload = written.payload.object("payload")?;
        if payload.version.number("payload.version")? != VERSION {
            return Err(PaymentError::Malformed { field: "payload.version", expected: "1" });
        }
        let receipt = Receipt {
            network: payload.network.text("payload.network")?.to_owned(),
            resource_url: payload.resource_url.text("payload.resourceUrl")?.to_owned(),
            payer: payload.payer.text("payload.payer")?.to_owned(),
            issued_at: payload.issued_at.number("payload.issuedAt")?,
            transaction: payload
                .transaction
                .optional_text("payload.transaction")?
                .unwrap_or_default()
                .to_owned(),
        };
        let signature = fields::signature("signature", written.signature.text("signature")?)?;
        Ok(Self { receipt, signature })
    }
}

/// The EIP-712 digest of a struct whose type hash and members these are.
fn digest(domain: &str, members: &[B256]) -> B256 {
    let separator = words(&[keccak256(DOMAIN_TYPE), keccak256(domain), keccak256("1"), number(1)]);
    let mut hasher = Keccak256::new();
    hasher.update([0x19, 0x01]);
    hasher.update(separator);
    hasher.update(words(members));
    hasher.finalize()
}

fn words(words: &[B256]) -> B256 {
    let mut hasher = Keccak256::new();
    for word in words {
        hasher.update(word);
    }
    hasher.finalize()
}

fn number(number: u64) -> B256 {
    U256::from(number).into()
}
