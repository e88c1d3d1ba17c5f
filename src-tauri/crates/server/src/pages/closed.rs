use http::StatusCode;

use super::template::Values;
use super::{Policy, as_page, words};
use crate::reply::Reply;
use crate::shop::Shop;

const TEMPLATE: &str = include_str!("closed.html");

/// Says to people what the answer says to programs.
pub(super) fn page(shop: &Shop, reply: Reply, sentence: &str) -> Reply {
    let seller = shop.seller.borrow().clone();
    let name = super::name(&seller, &shop.public_url.borrow());
    let policy = Policy { nonce: shop.pages.nonce(), scripts: false, forms: false };
    let heading = match reply.status() {
        StatusCode::NOT_FOUND => "There is nothing here",
        StatusCode::GONE => "This link is over",
        _ => "Closed at the moment",
    };
    let mut values = Values::default();
    super::of_seller(&mut values, &seller, &name);
    values
        .text("nonce", &*policy.nonce)
        .text("style", &*shop.pages.links.style)
        .text("ownStyle", &*shop.pages.links.own_style)
        .text("environment", words::environment(shop.pages.environment))
        .text("heading", heading)
        .text("sentence", sentence);
    let page = values.fill(TEMPLATE);
    as_page(reply, &policy, page)
}
