use http::StatusCode;

use super::{Policy, as_page, own};
use crate::reply::Reply;
use crate::shop::Shop;

const TEMPLATE: &str = include_str!("closed.html");

/// Says to people what the answer says to programs.
pub(super) fn page(shop: &Shop, reply: Reply, sentence: &str) -> Reply {
    let policy = Policy { nonce: shop.pages.nonce(), scripts: false, forms: false };
    let heading = match reply.status() {
        StatusCode::NOT_FOUND => "There is nothing here",
        StatusCode::GONE => "This link is over",
        StatusCode::TOO_MANY_REQUESTS => "One moment, please",
        _ => "Closed at the moment",
    };
    let mut values = own(shop, &policy);
    values.text("heading", heading).text("sentence", sentence);
    let page = values.fill(TEMPLATE);
    as_page(reply, &policy, page)
}
