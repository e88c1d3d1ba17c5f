//! The stall itself, for people: what is on sale, out of the same catalogue as the terms.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use domain::{Content, EndpointState, Part};
use http::StatusCode;
use http::request::Parts;
use percent_encoding::percent_decode_str;
use serde_json::json;

use super::documents::Documents;
use super::template::Values;
use super::{Policy, own, words};
use crate::body::Body;
use crate::catalogue::{Front, Item};
use crate::headers;
use crate::picture_folder;
use crate::public_url::PublicUrl;
use crate::reply::{self, Reply};
use crate::shop::Shop;

const STALL: &str = include_str!("stall.html");
const ENTRY: &str = include_str!("entry.html");

/// So many entries stand on a page; the others are found by searching.
const MOST: usize = 200;

/// One thing on sale, as lists show it.
pub(super) struct Entry {
    pub(super) title: String,
    pub(super) path: String,
    pub(super) about: String,
    pub(super) kind: String,
    pub(super) price: String,
    /// What it is sold as: a folder's files each by itself, a service by its methods.
    pub(super) items: Vec<Arc<Item>>,
    /// Whether something of it is shown before it is paid for.
    pub(super) has_preview: bool,
    /// What is looked for in it, in small letters.
    words: String,
    html: String,
}

impl Entry {
    /// Something that may be listed, if that is what it is.
    pub(super) fn of(items: &[Arc<Item>]) -> Option<Self> {
        let first = items.first()?;
        let endpoint = &first.endpoint;
        if endpoint.state != EndpointState::Live || !endpoint.is_listed {
            return None;
        }
        let is_many =
            items.iter().any(|item| !item.part.is_whole()) && matches!(endpoint.content, Content::Folder(_));
        let about = words::summary(&endpoint.description);
        let kind = words::kind(&endpoint.content, is_many || first.part.is_whole(), &first.file_name);
        let mut price = price(items);
        if let (Content::Service(_), Some(quota)) = (&endpoint.content, first.given.quota) {
            price.push_str(&format!("; {}", words::quota(quota)));
        }
        let cover = first.cover.map(|cover| picture_folder::link(&cover.small)).unwrap_or_default();
        let path = endpoint.path.as_str();
        Some(Self {
            words: [&*endpoint.title, &about, path, &kind].join("\n").to_lowercase(),
            html: card([&endpoint.title, path, &about, &cover, &kind, &price]),
            title: endpoint.title.clone(),
            path: path.to_owned(),
            about,
            kind,
            price,
            items: items.to_vec(),
            has_preview: first.preview.is_some(),
        })
    }
}

/// `$0.05`, `$0.05 each`, `from $0.05`, `Free`, or what stands in the place of a price.
pub(super) fn price(items: &[Arc<Item>]) -> String {
    let (given, priced): (Vec<_>, Vec<_>) = items.iter().partition(|item| item.gift(None).is_some());
    let prices: Vec<_> = priced
        .iter()
        .filter_map(|item| match &item.front {
            Front::Terms(terms) => {
                let first = terms.required.offers().first().and_then(|id| item.quote(*id));
                first.map(|quote| (quote.offer.amount, &quote.offer.asset))
            }
            Front::Paused | Front::Closed(_) | Front::Removed => None,
        })
        .collect();
    let Some((least, asset)) = prices.iter().min_by_key(|(amount, _)| *amount) else {
        return if given.is_empty() { "Not sold at the moment" } else { "Free" }.to_owned();
    };
    let figure = words::price(*least, asset);
    let is_folder = items.first().is_some_and(|item| matches!(item.endpoint.content, Content::Folder(_)));
    let asked = if prices.iter().any(|(other, _)| other != least) {
        format!("from {figure}")
    } else if is_folder && prices.len() > 1 {
        format!("{figure} each")
    } else {
        figure
    };
    if given.is_empty() { asked } else { format!("some free, others {asked}") }
}

/// One of the stall's own documents, if that is what was asked for.
pub(crate) fn document(shop: &Shop, head: &Parts) -> Option<Reply> {
    let documents = Arc::clone(&shop.documents.borrow());
    if head.uri.path() == "/" && super::are_wanted(&head.headers) {
        return Some(front(shop, head, &documents));
    }
    documents.at(head.uri.path()).or_else(|| folder(shop, head, &documents))
}

/// What is looked for.
fn query(head: &Parts) -> String {
    let query = head.uri.query().unwrap_or_default();
    let text =
        query.split('&').find_map(|pair| pair.strip_prefix("q=")).unwrap_or_default().replace('+', " ");
    percent_decode_str(&text).decode_utf8_lossy().trim().chars().take(100).collect()
}

/// A title, a path, words about it, a cover, a kind and a price in a list.
fn card([title, path, about, cover, kind, price]: [&str; 6]) -> String {
    let mut values = Values::default();
    values
        .text("title", title)
        .text("path", path)
        .text("about", about)
        .text("cover", cover)
        .text("kind", kind)
        .text("price", price);
    values.fill(ENTRY)
}

fn front(shop: &Shop, head: &Parts, documents: &Documents) -> Reply {
    let policy = Policy { nonce: shop.pages.nonce(), scripts: false, forms: true };
    let mut values = own(shop, &policy);
    let seller = shop.seller.borrow().clone();
    let looked_for = query(head);
    let all = documents.entries();
    let count = all.len();
    let small = looked_for.to_lowercase();
    let found = all.iter().filter(|entry| small.split_whitespace().all(|word| entry.words.contains(word)));
    let found: Vec<&Entry> = found.collect();
    let html = found.iter().take(MOST).map(|entry| entry.html.as_str()).collect();
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

/// A folder whose files are each bought by itself.
pub(super) struct FolderList {
    items: Vec<Arc<Item>>,
    cards: String,
    index: Bytes,
}

impl FolderList {
    /// Of these items, if they are the files of one.
    pub(super) fn of(items: &[Arc<Item>], public_url: &PublicUrl) -> Option<Self> {
        let endpoint = &items.first().filter(|item| !item.part.is_whole())?.endpoint;
        let Content::Folder(content) = &endpoint.content else { return None };
        let names: HashMap<&Part, &str> =
            content.members.iter().map(|member| (&member.part, &*member.name)).collect();
        let (mut cards, mut files) = (String::new(), Vec::with_capacity(items.len()));
        for item in items {
            let name = names.get(&item.part).copied().unwrap_or(&item.file_name);
            let (bytes, price) = (item.goods.bytes(), price(std::slice::from_ref(item)));
            let kind = words::kind(&endpoint.content, false, &item.file_name);
            let kind = format!("{kind} · {}", words::size(bytes));
            cards.push_str(&card([name, item.path.as_str(), "", "", &kind, &price]));
            let url = public_url.of(&item.path);
            files.push(json!({ "name": name, "url": url, "sizeBytes": bytes, "price": price }));
        }
        let index = json!({ "title": endpoint.title, "description": endpoint.description, "files": files });
        Some(Self { items: items.to_vec(), cards, index: index.to_string().into() })
    }
}

/// The list of a folder whose files are each bought by itself, if one is at the path.
fn folder(shop: &Shop, head: &Parts, documents: &Documents) -> Option<Reply> {
    let FolderList { items, cards, index } = documents.folder(head.uri.path())?;
    let endpoint = &items.first()?.endpoint;
    if !super::are_wanted(&head.headers) {
        let mut headers = headers::json();
        headers::vary(&mut headers);
        return Some(reply::whole(StatusCode::OK, headers, Body::Plain(index.clone())));
    }
    let policy = Policy { nonce: shop.pages.nonce(), scripts: false, forms: false };
    let mut values = own(shop, &policy);
    values
        .text("heading", endpoint.title.clone())
        .text("about", endpoint.description.clone())
        .text("back", "yes")
        .text("said", "Each file is bought by itself.")
        .text("canonical", shop.public_url.borrow().of(&endpoint.path))
        .finished("items", cards.clone());
    Some(super::page(&policy, values.fill(STALL)))
}
