//! What a buyer can show: a page that stays, and words that the stall signed.

use alloy_primitives::hex;
use chrono::{DateTime, SecondsFormat, Utc};
use domain::{Content, Environment, Part, PaymentId, Signature};
use http::StatusCode;
use http::request::Parts;
use percent_encoding::percent_decode_str;
use serde::Serialize;
use store::{Bought, Payment, StoreError};
use wallet::GrantKey;
use x402::{Receipt, SignedReceipt};

use crate::catalogue::Item;
use crate::grants;
use crate::pages::{self, words};
use crate::picture_folder;
use crate::reply::{self, Reply, SOON};
use crate::shop::Shop;

/// Where receipts are; what names the payment follows.
pub(crate) const PREFIX: &str = "/r/";

/// Where anybody has a receipt verified.
pub(crate) const VERIFY: &str = "/.stallkeeper/verify";

/// A link to a receipt is a grant's of an epoch that none ever reaches, so it opens nothing but the receipt, for good.
const FOR_GOOD: (u64, u32) = (u64::MAX, u32::MAX);

/// Where a buyer finds the receipt of a payment, as a path. Who merely knows the payment's id, which follows from what stands on chain, is
/// not told what was bought.
pub(crate) fn link(shop: &Shop, payment: PaymentId) -> String {
    receipt_path(&shop.keys.grants, payment)
}

/// The same for the seller, who may hand it to a buyer that has lost it.
pub fn receipt_path(grants: &GrantKey, payment: PaymentId) -> String {
    let (until, epoch) = FOR_GOOD;
    format!("{PREFIX}{}", grants.issue(payment, until, epoch).as_str())
}

/// A receipt as it is read by people and programs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct View {
    pub(crate) id: String,
    /// What was bought; only for who has the buyer's own link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bought: Option<BoughtView>,
    pub(crate) amount: String,
    pub(crate) price: String,
    pub(crate) paid_at: String,
    pub(crate) network: String,
    pub(crate) state: &'static str,
    pub(crate) transaction: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) explorer: Option<String>,
    pub(crate) environment: &'static str,
    pub(crate) stall: String,
    pub(crate) contact: Option<String>,
    #[serde(skip)]
    pub(crate) at: DateTime<Utc>,
    #[serde(skip)]
    pub(crate) signed: Option<String>,
}

/// What was bought and by whom.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BoughtView {
    pub(crate) title: String,
    pub(crate) url: String,
    pub(crate) payer: String,
    pub(crate) pay_to: String,
    pub(crate) receipt: String,
    /// The digest of what was bought; none of what a service did, and where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
    /// Where it is received again, as long as it is owned.
    pub(crate) again: Option<String>,
    #[serde(skip)]
    pub(crate) cover: Option<String>,
}

/// The receipt that a name leads to.
pub(crate) async fn answer(shop: &Shop, name: &str, head: &Parts) -> Reply {
    let (id, is_buyers) = match name.parse::<PaymentId>() {
        Ok(id) => (id, false),
        Err(_) => match shop.keys.grants.open(name, 0) {
            Ok(grant) if (grant.until, grant.epoch) == FOR_GOOD => (grant.payment, true),
            Ok(_) | Err(_) => return reply::not_found(),
        },
    };
    let mut reply = match view(shop, id, is_buyers).await {
        Ok(Some(view)) if pages::are_wanted(&head.headers) => pages::receipt(shop, &view),
        Ok(Some(view)) => match &view.signed {
            // The signed words stand in it as they were signed.
            Some(signed) => with_signed(&view, signed),
            None => reply::json(StatusCode::OK, &view),
        },
        Ok(None) => reply::not_found(),
        Err(error) => {
            tracing::error!(%error, "a receipt cannot be looked up");
            reply::unavailable(
                "store_unavailable",
                "The seller's records cannot be read at the moment.",
                SOON,
            )
        }
    };
    grants::secret(reply.headers_mut());
    reply
}

#[derive(Serialize)]
struct WithSigned<'v> {
    #[serde(flatten)]
    view: &'v View,
    signed: serde_json::Value,
}

fn with_signed(view: &View, signed: &str) -> Reply {
    let signed = serde_json::from_str(signed).unwrap_or_default();
    reply::json(StatusCode::OK, &WithSigned { view, signed })
}

async fn view(shop: &Shop, id: PaymentId, is_buyers: bool) -> Result<Option<View>, StoreError> {
    let Some(payment) = shop.store.payment(id).await? else { return Ok(None) };
    let Some(bought) = shop.store.bought(id).await? else { return Ok(None) };
    let (seller, public_url) = (shop.seller.borrow().clone(), shop.public_url.borrow().clone());
    let is_public = shop.pages.environment != Environment::Practice;
    let transaction = payment.transaction.map(|hash| hash.to_string());
    let explorer = payment.asset.network.known().and_then(|known| known.explorer).filter(|_| is_public);
    let explorer = explorer.zip(transaction.as_ref()).map(|(place, hash)| format!("{place}/tx/{hash}"));
    let item = shop.catalogue.borrow().part_of(bought.endpoint, &bought.part).cloned();
    let is_service = item.as_ref().is_some_and(|item| matches!(item.endpoint.content, Content::Service(_)));
    let cover = item.and_then(|item| item.cover).map(|cover| picture_folder::link(&cover.small));
    let part = if is_service { Part::WHOLE } else { bought.part.clone() };
    let path = payment.path.below(&part).unwrap_or_else(|_| payment.path.clone());
    let url = public_url.of(&path);
    let signed = is_buyers.then(|| sign(shop, &url, &payment, payment.accepted_at));
    let view = View {
        id: id.to_string(),
        amount: words::amount(payment.amount, &payment.asset),
        price: words::price(payment.amount, &payment.asset),
        paid_at: payment.accepted_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        network: words::network(payment.asset.network).into_owned(),
        state: payment.state.as_str(),
        transaction,
        explorer,
        environment: shop.pages.environment.as_str(),
        stall: pages::name(&seller, &public_url),
        contact: seller.contact.clone(),
        at: payment.accepted_at,
        bought: is_buyers.then(|| BoughtView {
            title: pages::titled(&payment.endpoint_title, &bought.part, is_service),
            payer: payment.payer.to_checksum(None),
            pay_to: payment.pay_to.to_checksum(None),
            receipt: format!("{public_url}{}", link(shop, id)),
            sha256: bought.sha256.map(hex::encode),
            again: again(shop, &bought),
            cover,
            url,
        }),
        signed: signed.map(|signed| signed.json()),
    };
    Ok(Some(view))
}

fn again(shop: &Shop, bought: &Bought) -> Option<String> {
    // Once links were revoked, a receipt that was passed on must not make new ones.
    let is_owned = bought.is_owed && bought.owned_until > shop.clock.now() && bought.epoch == 0;
    let item = shop.catalogue.borrow().part_of(bought.endpoint, &bought.part).cloned();
    let is_there = item.is_some_and(|item| !matches!(item.endpoint.content, Content::Service(_)));
    (is_owned && is_there).then(|| grants::link(shop, bought))
}

fn sign(shop: &Shop, url: &str, payment: &Payment, at: DateTime<Utc>) -> SignedReceipt {
    let transaction = payment.transaction.filter(|_| payment.state.is_paid());
    signed(
        shop,
        Receipt {
            network: payment.asset.network.to_string(),
            resource_url: url.to_owned(),
            payer: payment.payer.to_checksum(None),
            issued_at: u64::try_from(at.timestamp()).unwrap_or_default(),
            transaction: transaction.map(|hash| hash.to_string()).unwrap_or_default(),
        },
    )
}

/// The receipt with the stall's signature.
pub(crate) fn signed(shop: &Shop, receipt: Receipt) -> SignedReceipt {
    let signature = shop.keys.receipts.sign_receipt(&receipt.digest());
    SignedReceipt { receipt, signature: signature.into() }
}

/// What the answer to a payment that was accepted at `at` shows for good: the words that were signed, the same in every
/// answer and on the receipt's page.
pub(crate) fn of_sale(shop: &Shop, item: &Item, paid: &x402::Paid, at: DateTime<Utc>) -> SignedReceipt {
    let transaction = match paid.progress {
        x402::Progress::Settled { transaction } => transaction.to_string(),
        x402::Progress::Queued { .. } => String::new(),
    };
    signed(
        shop,
        Receipt {
            network: paid.network.to_string(),
            resource_url: shop.public_url.borrow().of(&item.path),
            payer: paid.payer.to_checksum(None),
            issued_at: u64::try_from(at.timestamp()).unwrap_or_default(),
            transaction,
        },
    )
}

/// What a look at a receipt came to.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Verified {
    /// Whether this stall signed it.
    pub(crate) is_ours: bool,
    pub(crate) signer: Option<String>,
    pub(crate) stall_key: String,
    pub(crate) network: String,
    pub(crate) url: String,
    pub(crate) payer: String,
    pub(crate) issued_at: Option<DateTime<Utc>>,
    pub(crate) transaction: String,
}

/// Looks at the receipt that a query brings, if it brings one.
fn verify(shop: &Shop, text: &str) -> Result<Verified, String> {
    let SignedReceipt { receipt, signature } = SignedReceipt::read(text.as_bytes())
        .map_err(|error| format!("This is not a signed receipt: {error}."))?;
    let normal = Signature::normalise(&signature).ok();
    let signer = normal.and_then(|signature| chain::who_signed_digest(&receipt.digest(), &signature));
    let ours = shop.keys.receipts.address();
    Ok(Verified {
        is_ours: signer == Some(ours),
        signer: signer.map(|signer| signer.to_checksum(None)),
        stall_key: ours.to_checksum(None),
        issued_at: i64::try_from(receipt.issued_at).ok().and_then(|at| DateTime::from_timestamp(at, 0)),
        network: receipt.network,
        url: receipt.resource_url,
        payer: receipt.payer,
        transaction: receipt.transaction,
    })
}

/// Tells whose a receipt is.
pub(crate) fn verification(shop: &Shop, head: &Parts) -> Reply {
    let query = head.uri.query().unwrap_or_default();
    let given = query.split('&').find_map(|pair| pair.strip_prefix("receipt="));
    let given = given.map(|text| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8_lossy().trim().to_owned()
    });
    let given = given.filter(|text| !text.is_empty());
    let looked = given.as_deref().map(|text| verify(shop, text));
    if pages::are_wanted(&head.headers) {
        return pages::verification(shop, given.as_deref().unwrap_or_default(), looked.as_ref());
    }
    match looked {
        Some(Ok(verified)) => reply::json(StatusCode::OK, &verified),
        Some(Err(message)) => reply::error(StatusCode::BAD_REQUEST, "not_a_receipt", &message),
        None => {
            let message = "Ask with ?receipt= and the signed receipt's JSON.";
            reply::error(StatusCode::BAD_REQUEST, "no_receipt", message)
        }
    }
}
