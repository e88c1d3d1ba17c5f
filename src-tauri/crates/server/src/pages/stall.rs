//! The stall itself: what is on sale, for people, for language models, and for programs, all out of the same catalogue as the terms.

use std::sync::Arc;

use domain::{Content, EndpointState};
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::template::Values;
use super::{Policy, facts, own, words};
use crate::body::Body;
use crate::catalogue::{Catalogue, Front, Item};
use crate::headers;
use crate::picture_folder;
use crate::reply::{self, Reply};
use crate::shop::Shop;

const STALL: &str = include_str!("stall.html");
const ENTRY: &str = include_str!("entry.html");

/// So many entries stand on a page; the others are found by searching.
const MOST: usize = 200;

/// One thing on sale, as lists show it.
struct Entry {
    title: String,
    path: String,
    about: String,
    kind: String,
    price: String,
    /// Where its cover is; empty without one.
    cover: String,
    /// Its files, where each is bought by itself.
    items: Vec<Arc<Item>>,
}

impl Entry {
    /// Something that may be listed, if that is what it is.
    fn of(items: &[Arc<Item>]) -> Option<Self> {
        let first = items.first()?;
        let endpoint = &first.endpoint;
        if endpoint.state != EndpointState::Live || !endpoint.is_listed {
            return None;
        }
        let is_many =
            items.iter().any(|item| !item.part.is_whole()) && matches!(endpoint.content, Content::Folder(_));
        Some(Self {
            title: endpoint.title.clone(),
            path: endpoint.path.as_str().to_owned(),
            about: words::summary(&endpoint.description),
            kind: words::kind(&endpoint.content, is_many || first.part.is_whole(), &first.file_name),
            price: least(items),
            cover: first.cover.map(|cover| picture_folder::link(&cover.small)).unwrap_or_default(),
            items: items.to_vec(),
        })
    }

    fn has(&self, word: &str) -> bool {
        let texts = [&self.title, &self.about, &self.path, &self.kind];
        texts.iter().any(|text| text.to_lowercase().contains(word))
    }
}

/// `$0.05`, `from $0.05`, or what stands in the place of a price.
fn least(items: &[Arc<Item>]) -> String {
    let priced = items.iter().filter(|item| item.gift(None).is_none());
    let prices: Vec<_> = priced
        .filter_map(|item| match &item.front {
            Front::Terms(terms) => {
                let first = terms.required.offers().first().and_then(|id| item.quote(*id));
                first.map(|quote| (quote.offer.amount, &quote.offer.asset))
            }
            Front::Paused | Front::Closed(_) | Front::Removed => None,
        })
        .collect();
    let is_given = items.iter().any(|item| item.gift(None).is_some());
    match prices.iter().min_by_key(|(amount, _)| *amount) {
        None if is_given => "Free".to_owned(),
        None => "Not sold at the moment".to_owned(),
        Some((amount, asset)) => {
            let price = words::price(*amount, asset);
            let differs = is_given || prices.iter().any(|(other, _)| other != amount);
            if differs { format!("from {price}") } else { price }
        }
    }
}

/// Everything that may be listed, the newest first.
fn entries(catalogue: &Catalogue) -> Vec<Entry> {
    let mut all: Vec<_> = catalogue
        .laid_out()
        .filter_map(|items| Some((items.first()?.endpoint.created_at, Entry::of(items)?)))
        .collect();
    all.sort_by(|(one, a), (other, b)| other.cmp(one).then_with(|| a.path.cmp(&b.path)));
    all.into_iter().map(|(_, entry)| entry).collect()
}

/// One of the stall's own documents, if that is what was asked for.
pub(crate) fn document(shop: &Shop, head: &Parts) -> Option<Reply> {
    let catalogue = Arc::clone(&shop.catalogue.borrow());
    Some(match head.uri.path() {
        "/" if super::are_wanted(&head.headers) => front(shop, head, &catalogue),
        "/" | "/llms.txt" => plain("text/plain; charset=utf-8", llms(shop, &catalogue)),
        "/openapi.json" => reply::json(StatusCode::OK, &openapi(shop, &catalogue)),
        "/.well-known/x402.json" | "/.well-known/x402" => {
            reply::json(StatusCode::OK, &listed(shop, &catalogue))
        }
        "/robots.txt" => plain("text/plain; charset=utf-8", robots(shop)),
        path => folder(shop, head, &catalogue, path)?,
    })
}

fn plain(media_type: &'static str, text: String) -> Reply {
    let mut headers = headers::common();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers::vary(&mut headers);
    reply::whole(StatusCode::OK, headers, Body::Plain(text.into()))
}

/// What is looked for.
fn query(head: &Parts) -> String {
    let query = head.uri.query().unwrap_or_default();
    let text =
        query.split('&').find_map(|pair| pair.strip_prefix("q=")).unwrap_or_default().replace('+', " ");
    percent_decode_str(&text).decode_utf8_lossy().trim().chars().take(100).collect()
}

/// Title, path, words about it, cover, kind and price of each.
type Card<'e> = (&'e str, &'e str, &'e str, &'e str, String, String);

fn list<'e>(entries: impl Iterator<Item = Card<'e>>) -> String {
    let mut html = String::new();
    for (title, path, about, cover, kind, price) in entries {
        let mut values = Values::default();
        values
            .text("title", title)
            .text("path", path)
            .text("about", about)
            .text("cover", cover)
            .text("kind", kind)
            .text("price", price);
        html.push_str(&values.fill(ENTRY));
    }
    html
}

fn front(shop: &Shop, head: &Parts, catalogue: &Catalogue) -> Reply {
    let policy = Policy { nonce: shop.pages.nonce(), scripts: false, forms: true };
    let mut values = own(shop, &policy);
    let seller = shop.seller.borrow().clone();
    let looked_for = query(head);
    let all = entries(catalogue);
    let count = all.len();
    let words: Vec<String> = looked_for.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let found: Vec<&Entry> = all.iter().filter(|entry| words.iter().all(|word| entry.has(word))).collect();
    let html = list(found.iter().take(MOST).map(|entry| {
        (
            entry.title.as_str(),
            entry.path.as_str(),
            entry.about.as_str(),
            entry.cover.as_str(),
            entry.kind.clone(),
            entry.price.clone(),
        )
    }));
    let heading = super::name(&seller, &shop.public_url.borrow());
    let said = match (count, found.len()) {
        (0, _) => "Nothing is on sale here yet.".to_owned(),
        (_, 0) => format!("Nothing here fits “{looked_for}”."),
        (_, some) if some > MOST => {
            format!("{some} things fit; the {MOST} newest are shown. Search to find others.")
        }
        _ => String::new(),
    };
    values
        .text("heading", heading)
        .text("about", seller.about.clone().unwrap_or_default())
        .text("query", looked_for)
        .text("searches", if count > 0 { "yes" } else { "" })
        .text("said", said)
        .text(
            "closed",
            if *shop.selling.borrow() {
                ""
            } else {
                "The stall is closed at the moment. You can look around."
            },
        )
        .text("canonical", format!("{}/", *shop.public_url.borrow()))
        .finished("items", html);
    super::page(&policy, values.fill(STALL))
}

/// The list of a folder whose files are each bought by itself.
fn folder(shop: &Shop, head: &Parts, catalogue: &Catalogue, path: &str) -> Option<Reply> {
    let is_here = |items: &&[Arc<Item>]| {
        items.first().is_some_and(|item| {
            let endpoint = &item.endpoint;
            endpoint.path.as_str() == path
                && endpoint.state == EndpointState::Live
                && matches!(endpoint.content, Content::Folder(_))
                && !item.part.is_whole()
        })
    };
    let items = catalogue.laid_out().find(is_here)?;
    let endpoint = &items.first()?.endpoint;
    let Content::Folder(content) = &endpoint.content else { return None };
    let files = items.iter().map(|item| {
        let name = content
            .members
            .iter()
            .find(|member| member.part == item.part)
            .map_or(item.file_name.as_str(), |member| &member.name);
        let kind = format!(
            "{} · {}",
            words::kind(&endpoint.content, false, &item.file_name),
            words::size(item.goods.bytes())
        );
        (name, item.path.as_str(), "", "", kind, least(std::slice::from_ref(item)))
    });
    if !super::are_wanted(&head.headers) {
        let public_url = shop.public_url.borrow().clone();
        let listed: Vec<_> = files
            .zip(items)
            .map(|((name, _, _, _, _, price), item)| {
                json!({ "name": name, "url": public_url.of(&item.path), "sizeBytes": item.goods.bytes(), "price": price })
            })
            .collect();
        let index = json!({ "title": endpoint.title, "description": endpoint.description, "files": listed });
        let mut reply = reply::json(StatusCode::OK, &index);
        headers::vary(reply.headers_mut());
        return Some(reply);
    }
    let policy = Policy { nonce: shop.pages.nonce(), scripts: false, forms: false };
    let mut values = own(shop, &policy);
    values
        .text("heading", endpoint.title.clone())
        .text("about", endpoint.description.clone())
        .text("back", "yes")
        .text("said", "Each file is bought by itself.")
        .text("canonical", shop.public_url.borrow().of(&endpoint.path))
        .finished("items", list(files));
    Some(super::page(&policy, values.fill(STALL)))
}

/// What language models read.
fn llms(shop: &Shop, catalogue: &Catalogue) -> String {
    let (seller, public_url) = (shop.seller.borrow().clone(), shop.public_url.borrow().clone());
    let mut text = format!("# {}\n\n", one_line(&super::name(&seller, &public_url)));
    if let Some(about) = &seller.about {
        text.push_str(&format!("> {}\n\n", one_line(about)));
    }
    text.push_str(
        "Everything here is sold over x402: ask for a URL with GET and `Accept: application/json`, and the answer is 402 with the price in the \
         header PAYMENT-REQUIRED (version 2) and in the JSON body (version 1). Sign it and ask again. Prices, machine-readable: \
         /.well-known/x402.json and /openapi.json.\n\n## For sale\n\n",
    );
    for entry in entries(catalogue) {
        let about =
            if entry.about.is_empty() { String::new() } else { format!(": {}", one_line(&entry.about)) };
        text.push_str(&format!(
            "- [{}]({public_url}{}) ({}, {}){about}\n",
            one_line(&entry.title).replace(['[', ']'], " "),
            entry.path,
            entry.kind,
            entry.price
        ));
    }
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What each item asks, as its terms do.
fn terms(item: &Item) -> Option<Value> {
    let Front::Terms(terms) = &item.front else { return None };
    facts::terms(&terms.headers).and_then(|terms| serde_json::from_str(&terms).ok())
}

/// `/.well-known/x402.json`
fn listed(shop: &Shop, catalogue: &Catalogue) -> Value {
    let entries = entries(catalogue);
    let items = entries.iter().flat_map(|entry| &entry.items);
    let resources: Vec<Value> = items
        .filter_map(|item| {
            let terms = terms(item)?;
            Some(json!({
                "resource": terms["resource"]["url"],
                "type": "http",
                "method": method(item),
                "x402Version": 2,
                "accepts": terms["accepts"],
                "lastUpdated": item.endpoint.created_at.timestamp(),
                "metadata": {
                    "name": titled(item),
                    "description": item.endpoint.description,
                    "mimeType": terms["resource"]["mimeType"],
                },
            }))
        })
        .collect();
    json!({ "version": 1, "x402Version": 2, "name": super::name(&shop.seller.borrow(), &shop.public_url.borrow()), "items": resources })
}

fn titled(item: &Item) -> String {
    let is_service = matches!(item.endpoint.content, Content::Service(_));
    super::titled(&item.endpoint.title, &item.part, is_service)
}

/// The method by which it is bought: a part of a service is one.
fn method(item: &Item) -> String {
    match &item.endpoint.content {
        Content::Service(_) => item.part.to_string(),
        Content::File(_) | Content::Folder(_) | Content::Text(_) => "GET".to_owned(),
    }
}

/// `/openapi.json`
fn openapi(shop: &Shop, catalogue: &Catalogue) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    let public_url = shop.public_url.borrow().clone();
    let entries = entries(catalogue);
    for item in entries.iter().flat_map(|entry| &entry.items) {
        let Some(terms) = terms(item) else { continue };
        let (path, parameters) = route(item);
        let operation = json!({
            "summary": titled(item),
            "description": item.endpoint.description,
            "parameters": parameters,
            "responses": {
                "200": { "description": "What was bought", "content": { media(&terms): {} } },
                "402": { "description": "Payment required: the terms are in the header PAYMENT-REQUIRED and in the body" },
            },
            "x-payment-info": { "protocols": ["x402"], "x402Version": 2, "accepts": terms["accepts"] },
        });
        let place = paths.entry(path).or_insert_with(|| json!({}));
        place[method(item).to_lowercase()] = operation;
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": super::name(&shop.seller.borrow(), &public_url), "version": "1" },
        "servers": [{ "url": public_url.to_string() }],
        "paths": paths,
    })
}

fn media(terms: &Value) -> String {
    terms["resource"]["mimeType"].as_str().filter(|kind| !kind.is_empty()).unwrap_or("*/*").to_owned()
}

/// Where an item is reached, with what stands for something in it.
fn route(item: &Item) -> (String, Vec<Value>) {
    let Content::Service(service) = &item.endpoint.content else {
        return (item.path.to_string(), Vec::new());
    };
    let pattern = service.pattern.to_string();
    let pattern = if pattern == "/" { String::new() } else { pattern };
    let path = format!("{}{pattern}", item.endpoint.path);
    let names = path.split(['{', '}']).skip(1).step_by(2);
    let parameters = names
        .map(|name| json!({ "name": name.trim_start_matches('*'), "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    (path.replace("{*", "{"), parameters)
}

/// Links that are grants are nobody's to look at.
fn robots(shop: &Shop) -> String {
    let public_url = shop.public_url.borrow().clone();
    format!(
        "User-agent: *\nDisallow: /d/\nDisallow: /r/\nDisallow: /.stallkeeper/\nAllow: /\n\n# What is sold here: {public_url}/llms.txt\n"
    )
}
