use alloy_primitives::hex;
use domain::{Amount, Content, Endpoint, Offer, Part};
use http::request::Parts;

use super::facts::{self, Closed, PageFacts, SellerFacts, Way};
use super::language::Language;
use super::template::Values;
use super::{Policy, as_page, words};
use crate::catalogue::Item;
use crate::picture_folder;
use crate::quotes::{Asked, Choice, most_of};
use crate::reply::{LATER, Reply};
use crate::shop::Shop;

const TEMPLATE: &str = include_str!("../../../../../ui/buyer/template.html");

/// The page of something that can be bought, in the place of its terms, whose headers stay.
pub(super) fn page(shop: &Shop, item: &Item, head: &Parts, reply: Reply) -> Reply {
    let mut reply = filled(shop, item, head, reply, None);
    facts::leave_out_extensions(reply.headers_mut());
    reply
}

/// The page of something that is not sold at the moment.
pub(super) fn closed(shop: &Shop, item: &Item, head: &Parts, reply: Reply, sentence: &str) -> Reply {
    filled(shop, item, head, reply, Some(sentence))
}

fn filled(shop: &Shop, item: &Item, head: &Parts, reply: Reply, closed: Option<&str>) -> Reply {
    let language = shop.pages.languages.of(&head.headers);
    let seller = shop.seller.borrow().clone();
    let public_url = shop.public_url.borrow().clone();
    let own = Own::of(item, head.uri.query()).filter(|_| closed.is_none());
    let policy = Policy { nonce: shop.pages.nonce(), scripts: true, forms: own.is_some() };
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
    language.of_template(&mut values);
    let computer = if seller.name.is_empty() {
        language.say("theComputer", &[])
    } else {
        language.say("computer", &[("name", &name)])
    };
    if let Some(own) = &own {
        own.fill(&mut values, language);
    }
    values
        .text("computer", computer)
        .text("choice", said_of_choice(item, head.uri.query(), language))
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
        .text("kind", language.kind(content, item.part.is_whole(), &item.file_name))
        .text("price", price(&ways))
        .text("cover", cover.clone().unwrap_or_default())
        .text("coverUrl", cover.map(|cover| format!("{public_url}{cover}")).unwrap_or_default())
        .text("paidWith", paid_with(&ways, language))
        .text(
            "quota",
            item.given.quota.filter(|_| is_service).map(|quota| language.quota(quota)).unwrap_or_default(),
        )
        .text("previewUrl", preview_url(item, closed.is_some()))
        .text("noFee", "yes")
        .text("environment", language.environment(shop.pages.environment))
        .text("closed", closed.unwrap_or_default())
        .text("method", method)
        .finished("offer", offer);
    // What a service answers nobody knows before, and it is done once.
    if !is_service {
        values
            .text("fileName", &*item.file_name)
            .text("size", words::size(bytes))
            .text("digest", hex::encode(item.sha256))
            .text("again", language.again(*owned_for));
    }
    let page = values.fill(TEMPLATE);
    as_page(reply, &policy, page)
}

/// A price that the buyer may choose.
struct Own<'i> {
    least: &'i Offer,
    most: Amount,
    /// What is asked of who chooses none.
    usual: Option<Amount>,
    chosen: Amount,
}

impl<'i> Own<'i> {
    /// A form would take what else stands in the query away.
    fn of(item: &'i Item, query: Option<&str>) -> Option<Self> {
        let choice = Choice::of(query);
        let is_bare = query.is_none_or(str::is_empty);
        let is_choice = choice != Choice::Everybody && query.is_some_and(|query| !query.contains('&'));
        let least = item.least_own().filter(|_| is_bare || is_choice)?;
        let of_token = |asked: &&Asked<'_>| asked.offer.asset == least.asset;
        let amount = |choice| item.asked(choice).iter().find(of_token).map(|asked| asked.offer.amount);
        let usual = amount(Choice::Everybody);
        let theirs = amount(choice).filter(|_| matches!(choice, Choice::Own(_)) && item.answers(choice));
        let chosen = theirs.or(usual).unwrap_or(least.amount).max(least.amount);
        Some(Self { least, most: most_of(least), usual, chosen })
    }

    fn fill(&self, values: &mut Values<'_>, language: &Language) {
        let Self { least, most, usual, chosen } = self;
        let asset = &least.asset;
        let decimal = |amount: Amount| amount.to_decimal(asset.decimals);
        let at_least = words::price(least.amount, asset);
        let said = match usual.filter(|usual| *usual > least.amount) {
            Some(usual) => {
                let usual = words::price(usual, asset);
                language.say("ownSaid", &[("least", &at_least), ("usual", &usual)])
            }
            None => language.say("ownSaidLeast", &[("least", &at_least)]),
        };
        values
            .text("own", decimal(*chosen))
            .text("ownLeast", decimal(least.amount))
            .text("ownMost", decimal(*most))
            .text("ownToken", words::symbol(asset).to_owned())
            .text("ownSaid", said);
    }
}

/// Whether the code or the price in the query counts. Which codes there are is not told by that: whoever knows one sees its
/// price anyway.
fn said_of_choice(item: &Item, query: Option<&str>, language: &Language) -> String {
    const LONGEST: usize = 40;
    match Choice::of(query) {
        Choice::Everybody => String::new(),
        choice @ Choice::Code(code) => {
            let code: String = code.chars().take(LONGEST).collect();
            let name = if item.answers(choice) { "codeCounts" } else { "codeOver" };
            language.say(name, &[("code", &code)])
        }
        choice @ Choice::Own(_) => match item.least_own().filter(|_| !item.answers(choice)) {
            Some(least) => {
                let most = words::price(most_of(least), &least.asset);
                let least = words::price(least.amount, &least.asset);
                language.say("ownOver", &[("least", &least), ("most", &most)])
            }
            None => String::new(),
        },
    }
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
fn paid_with(ways: &[Way<'_>], language: &Language) -> String {
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
    let or = language.say("or", &[]);
    let on = |(amount, on): &(String, Vec<String>)| {
        let networks = on.join(&format!(" {or} "));
        language.say("on", &[("amount", amount), ("networks", &networks)])
    };
    said.iter().map(on).collect::<Vec<_>>().join(&format!(", {or} "))
}
