//! What several subjects begin with.

use std::path::Path;

use integration::{Answer, Books, Buyer, Payment, Signed, Stall, Version, Visitor};
use serde_json::Value;
use tokio::process::Command;

/// A file for sale, every purchase of it charged.
pub(crate) const PATH: &str = "/goods";
pub(crate) const GOODS: &[u8] = b"what the buyer pays for";
pub(crate) const CHARGED_EACH_TIME: &[&str] = &["--owned-for", "0"];

/// An open stall that sells [`GOODS`].
pub(crate) async fn stall() -> (Stall, Books) {
    let stall = Stall::start().await;
    stall.sell(PATH, GOODS, CHARGED_EACH_TIME).await;
    let books = Books::open(&stall).await;
    (stall, books)
}

/// A buyer with this much practice money.
pub(crate) async fn funded(stall: &Stall, amount: &str) -> Buyer {
    let buyer = Buyer::new();
    stall.fund(buyer.address(), amount).await;
    buyer
}

/// As many buyers, each able to pay for a few purchases.
pub(crate) async fn crowd(stall: &Stall, count: usize) -> Vec<Buyer> {
    let buyers: Vec<_> = (0..count).map(|_| Buyer::new()).collect();
    let addresses: Vec<_> = buyers.iter().map(Buyer::address).collect();
    let addresses: Vec<_> = addresses.iter().map(ToString::to_string).collect();
    stall.cli(&["practice", "fund", &addresses.join(","), "1.00"]).await;
    buyers
}

/// Buys the goods in version 2, which must work, and says what was signed.
pub(crate) async fn buy(stall: &Stall, buyer: &Buyer) -> Signed {
    buy_at(&stall.visitor(), buyer).await
}

/// Buys the goods like [`buy`] wherever a visitor knows them.
pub(crate) async fn buy_at(visitor: &Visitor, buyer: &Buyer) -> Signed {
    let signed = buyer.sign(&visitor.terms(PATH).await);
    let answer = visitor.pay(PATH, &signed.payment(Version::Two)).await;
    delivered(&answer, GOODS);
    signed
}

/// The answer must hold the goods and a receipt.
pub(crate) fn delivered(answer: &Answer, goods: &[u8]) {
    assert_eq!(answer.status, 200, "{}", answer.in_words());
    assert_eq!(answer.body, goods);
    assert_eq!(answer.receipt()["success"], true);
}

/// The payment of this buyer; there must be one.
pub(crate) async fn payment_of(stall: &Stall, buyer: &Buyer) -> Value {
    let address = buyer.address().to_string();
    let mut payments = stall.payments().await;
    payments.retain(|payment| payment["payer"].as_str().expect("a payer").eq_ignore_ascii_case(&address));
    assert_eq!(payments.len(), 1, "payments of {address}: {payments:?}");
    payments.remove(0)
}

/// The payment with this state; there must be one.
pub(crate) fn only<'a>(payments: &'a [Value], state: &str) -> &'a Value {
    let mut found = payments.iter().filter(|payment| payment["state"] == state);
    let first = found.next().unwrap_or_else(|| panic!("none is {state}: {payments:#?}"));
    assert!(found.next().is_none(), "several are {state}: {payments:#?}");
    first
}

/// Runs curl into a file with the given payment; answers its exit code and the last status.
pub(crate) async fn curl(
    url: &str,
    file: &Path,
    payment: Option<&Payment>,
    more: &[&str],
) -> (Option<i32>, String) {
    let mut command = Command::new("curl");
    command
        .args(["--silent", "--noproxy", "*", "--fail", "--write-out", "%{http_code}", "--output"])
        .arg(file);
    if let Some(payment) = payment {
        let (name, value) = payment.header();
        command.args(["--header", &format!("{name}: {value}")]);
    }
    let output = command.args(more).arg(url).kill_on_drop(true).output().await.expect("curl runs");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}
