use domain::PaymentState;
use qrcodegen::{QrCode, QrCodeEcc};

use super::{Policy, own, words};
use crate::receipts::{BoughtView, VERIFY, Verified, View};
use crate::reply::Reply;
use crate::shop::Shop;

const RECEIPT: &str = include_str!("receipt.html");
const VERIFICATION: &str = include_str!("verify.html");

/// The page of a receipt.
pub(crate) fn receipt(shop: &Shop, view: &View) -> Reply {
    let policy = Policy { nonce: shop.pages.nonce(), scripts: false, forms: false };
    let mut values = own(shop, &policy);
    let is_settled = [PaymentState::Settled, PaymentState::SettledElsewhere]
        .iter()
        .any(|state| state.as_str() == view.state);
    values
        .text("price", &*view.price)
        .text("amount", &*view.amount)
        .text("network", &*view.network)
        .text("paidAt", words::moment(view.at))
        .text("paidAtExact", &*view.paid_at)
        .text("id", &*view.id)
        .text("transaction", view.transaction.as_deref().unwrap_or_default())
        .text("explorer", view.explorer.as_deref().unwrap_or_default())
        .text("state", state_in_words(view.state, is_settled))
        .text("settled", if is_settled { "yes" } else { "" })
        .text("signed", view.signed.as_deref().unwrap_or_default())
        .text("verify", VERIFY);
    match &view.bought {
        Some(BoughtView { title, url, payer, pay_to, receipt, sha256, again, cover }) => {
            values
                .text("title", &**title)
                .text("url", &**url)
                .text("payer", &**payer)
                .text("payTo", &**pay_to)
                .text("sha256", sha256.as_deref().unwrap_or_default())
                .text("again", again.as_deref().unwrap_or_default())
                .text("cover", cover.as_deref().unwrap_or_default())
                .finished("qr", qr(receipt));
        }
        None => {
            values.text("title", "A payment").text("short", "yes");
        }
    }
    super::page(&policy, values.fill(RECEIPT))
}

fn state_in_words(state: &str, is_settled: bool) -> &'static str {
    match state {
        _ if is_settled => "Paid and settled on chain",
        "queued" | "settling" => "Paid; not settled on chain yet",
        "failed" | "expired" | "cancelled" | "diverted" => "Not settled: the money did not arrive",
        "voided" => "Dropped: nothing was charged",
        _ => "Closed",
    }
}

/// A picture of a link, for a phone to look at.
fn qr(text: &str) -> String {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return String::new() };
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{x} {y}h1v1h-1z"));
        }
    }
    format!(
        "<svg class=\"qr\" viewBox=\"0 0 {size} {size}\" role=\"img\" aria-label=\"This receipt’s address as a QR code\" \
         shape-rendering=\"crispEdges\"><path d=\"{path}\" fill=\"#000\"/></svg>"
    )
}

/// A network of a receipt as people know it, or as the receipt names it.
fn network(id: &str) -> String {
    id.parse().map_or_else(|_| id.to_owned(), |network| words::network(network).into_owned())
}

/// The page where anybody has a receipt looked at.
pub(crate) fn verification(shop: &Shop, given: &str, looked: Option<&Result<Verified, String>>) -> Reply {
    let policy = Policy { nonce: shop.pages.nonce(), scripts: false, forms: true };
    let mut values = own(shop, &policy);
    values.text("given", given.to_owned()).text("verify", VERIFY);
    match looked {
        Some(Ok(verified)) => {
            let said = if verified.is_ours { "ours" } else { "foreign" };
            values
                .text(said, "yes")
                .text(
                    "signer",
                    verified.signer.clone().unwrap_or_else(|| "nobody: the signature fits no key".to_owned()),
                )
                .text("stallKey", verified.stall_key.clone())
                .text("url", verified.url.clone())
                .text("payer", verified.payer.clone())
                .text("network", network(&verified.network))
                .text("issuedAt", verified.issued_at.map(words::moment).unwrap_or_default())
                .text("transaction", verified.transaction.clone());
        }
        Some(Err(message)) => {
            values.text("wrong", message.clone());
        }
        None => {
            values.text("stallKey", shop.keys.receipts.address().to_checksum(None));
        }
    }
    super::page(&policy, values.fill(VERIFICATION))
}
