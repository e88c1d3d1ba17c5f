use alloy_primitives::hex;
use domain::{Content, Endpoint, Part};

use super::facts::{self, Closed, PageFacts, SellerFacts, Way};
use super::template::Values;
use super::{Policy, as_page, words};
use crate::catalogue::Item;
use crate::picture_folder;
use crate::reply::{LATER, Reply};
use crate::shop::Shop;

const TEMPLATE: &str = include_str!("../../../../../ui/buyer/template.html");

/// The page of something that can be bought, in the place of its terms, whose headers stay.
pub(super) fn page(shop: &Shop, item: &Item, reply: Reply) -> Reply {
    let mut reply = filled(shop, item, reply, None);
    facts::leave_out_extensions(reply.headers_mut());
    reply
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
    let is_service = matches!(content, Content::Service(_));
    let title = titled(title, &item.part, is_service);
    let method = if is_service { item.part.as_str() } else { "GET" };
    let url = public_url.of(&item.path);
    let name = super::name(&seller, &public_url);
    let ways = facts::ways(reply.headers(), item);
    let bytes = item.goods.bytes();
    let cover = item.cover.map(|cover| picture_folder::link(&cover.large));
    let page = PageFacts {
        title: &title,
        description,
        // Each of its files is bought by itself.
        kind: if item.part.is_whole() || is_service { content.kind().as_str() } else { "file" },
        file_name: Some(item.file_name.as_str()).filter(|_| !is_service),
        size_bytes: Some(bytes).filter(|_| !is_service),
        seller: SellerFacts::of(&seller, &name),
        cover: cover.as_deref(),
        environment: shop.pages.environment.as_str(),
        method,
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
        .text("kind", words::kind(content, item.part.is_whole(), &item.file_name))
        .text("price", price(&ways))
        .text("cover", cover.clone().unwrap_or_default())
        .text("coverUrl", cover.map(|cover| format!("{public_url}{cover}")).unwrap_or_default())
        .text("paidWith", paid_with(&ways))
        .text("quota", item.given.quota.filter(|_| is_service).map(words::quota).unwrap_or_default())
        .text("previewUrl", preview_url(item, closed.is_some()))
        .text("noFee", "yes")
        .text("environment", words::environment(shop.pages.environment))
        .text("closed", closed.unwrap_or_default())
        .text("method", method)
        .finished("offer", offer);
    // What a service answers nobody knows before, and it is done once.
    if !is_service {
        values
            .text("fileName", &*item.file_name)
            .text("size", words::size(bytes))
            .text("digest", hex::encode(item.sha256))
            .text("again", words::again(*owned_for));
    }
    let page = values.fill(TEMPLATE);
    as_page(reply, &policy, page)
}

/// Where everybody gets to see something of it. Nothing is shown while nothing is sold.
fn preview_url(item: &Item, is_closed: bool) -> String {
    let has_preview = item.preview.is_some() && !is_closed;
    if has_preview { format!("{}?preview", item.path) } else { String::new() }
}

/// What a part of something is called. That of a service is how it is asked, not what.
pub(crate) fn titled(title: &str, part: &Part, is_service: bool) -> String {
    if part.is_whole() || is_service { title.to_owned() } else { format!("{title} · {part}") }
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
