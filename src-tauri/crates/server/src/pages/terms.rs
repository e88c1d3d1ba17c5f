use alloy_primitives::hex;
use domain::{Content, Endpoint, Part};

use super::facts::{self, Closed, PageFacts, SellerFacts, Way};
use super::template::Values;
use super::{Policy, as_page, words};
use crate::catalogue::Item;
use crate::reply::{LATER, Reply};
use crate::shop::Shop;

const TEMPLATE: &str = include_str!("../../../../../ui/buyer/template.html");

/// How much of a text can be read before it is paid for.
const PREVIEW: usize = 280;

/// The page of something that can be bought, in the place of its terms, whose headers stay.
pub(super) fn page(shop: &Shop, item: &Item, reply: Reply) -> Reply {
    filled(shop, item, reply, None)
}

/// The page of something that is not sold at the moment.
pub(super) fn closed(shop: &Shop, item: &Item, reply: Reply, sentence: &str) -> Reply {
    filled(shop, item, reply, Some(sentence))
}

fn filled(shop: &Shop, item: &Item, reply: Reply, closed: Option<&str>) -> Reply {
    let seller = shop.seller.borrow().clone();
    let public_url = shop.public_url.borrow().clone();
    let policy = Policy { nonce: shop.pages.nonce(), scripts: true, forms: false };
    let Endpoint { title, description, content, owned_for, .. } = &*item.endpoint;
    let title = titled(title, &item.part);
    let url = public_url.of(&item.path);
    let name = super::name(&seller, &public_url);
    let ways = facts::ways(reply.headers(), item);
    let bytes = item.goods.bytes();
    let page = PageFacts {
        title: &title,
        description,
        // Each of its files is bought by itself.
        kind: if item.part.is_whole() { content.kind().as_str() } else { "file" },
        file_name: Some(&item.file_name),
        size_bytes: Some(bytes),
        seller: SellerFacts::of(&seller, &name),
        cover: None,
        environment: shop.pages.environment.as_str(),
        method: "GET",
        url: &url,
        receipt_base: "/r/",
        grant_base: "/d/",
        networks: facts::networks(&ways, shop.pages.environment),
        closed: closed.map(|sentence| Closed { sentence, retry_after_seconds: LATER }),
    };
    let offer = facts::offer(reply.headers(), &page);
    let mut values = Values::default();
    super::of_seller(&mut values, &seller, &name);
    values
        .text("nonce", &*policy.nonce)
        .text("script", &*shop.pages.links.script)
        .text("style", &*shop.pages.links.style)
        .text("url", &*url)
        .text("title", &*title)
        .text(
            "summary",
            if description.is_empty() { words::summary(&title) } else { words::summary(description) },
        )
        .text("description", &**description)
        .text("preview", preview(content, item.part.is_whole()))
        .text("kind", words::kind(content, item.part.is_whole(), &item.file_name))
        .text("fileName", &*item.file_name)
        .text("size", words::size(bytes))
        .text("digest", hex::encode(item.sha256))
        .text("price", price(&ways))
        .text("paidWith", paid_with(&ways))
        .text("again", words::again(*owned_for))
        .text("noFee", "yes")
        .text("environment", words::environment(shop.pages.environment))
        .text("closed", closed.unwrap_or_default())
        .text("method", "GET")
        .finished("offer", offer);
    let page = values.fill(TEMPLATE);
    as_page(reply, &policy, page)
}

/// What a part of something is called.
pub(crate) fn titled(title: &str, part: &Part) -> String {
    if part.is_whole() { title.to_owned() } else { format!("{title} · {part}") }
}

/// The free beginning of a text: at most a quarter of it, so that there is something left to pay for.
fn preview(content: &Content, is_whole: bool) -> String {
    let Content::Text(text) = content else { return String::new() };
    if !is_whole {
        return String::new();
    }
    let quarter = text.body.chars().count() / 4;
    let begun: String = text.body.chars().take(quarter.min(PREVIEW)).collect();
    match begun.rsplit_once(char::is_whitespace) {
        Some((words, _)) if !words.trim().is_empty() => format!("{} …", words.trim_end()),
        Some(_) | None => String::new(),
    }
}

/// The least that is asked for, first.
fn price(ways: &[Way<'_>]) -> String {
    // Amounts of different tokens are compared only where both are dollars.
    let least = ways.iter().filter(|way| words::is_dollar(way.asset)).min_by_key(|way| way.amount);
    let Some(Way { amount, asset }) = least.or(ways.first()) else { return String::new() };
    words::price(*amount, asset)
}

/// `0.05 USDC on Base or Polygon`
fn paid_with(ways: &[Way<'_>]) -> String {
    let mut said: Vec<(String, Vec<String>)> = Vec::new();
    for Way { amount, asset } in ways {
        let amount = words::amount(*amount, asset);
        let name = words::network(asset.network).into_owned();
        match said.iter_mut().find(|(said, _)| *said == amount) {
            Some((_, on)) if on.contains(&name) => {}
            Some((_, on)) => on.push(name),
            None => said.push((amount, vec![name])),
        }
    }
    let said: Vec<_> =
        said.into_iter().map(|(amount, on)| format!("{amount} on {}", on.join(" or "))).collect();
    said.join(", or ")
}
