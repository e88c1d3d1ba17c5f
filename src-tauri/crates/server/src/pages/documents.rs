//! The stall's own documents, for language models and programs. Each is made once from what is on sale, when it is first asked
//! for: strangers ask as often as they like (T73).

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use domain::{Content, EndpointState};
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde_json::{Map, Value, json};

use super::seller::Seller;
use super::stall::{Entry, FolderList};
use super::{facts, words};
use crate::body::Body;
use crate::catalogue::{Catalogue, Front, Item};
use crate::headers;
use crate::public_url::PublicUrl;
use crate::reply::{self, Reply};

/// What the stall says of what it sells, as of one catalogue.
pub(crate) struct Documents {
    catalogue: Arc<Catalogue>,
    seller: Arc<Seller>,
    public_url: PublicUrl,
    entries: OnceLock<Vec<Entry>>,
    /// The folders whose files are bought by themselves.
    folders: OnceLock<HashMap<String, Files>>,
    llms: OnceLock<Bytes>,
    openapi: OnceLock<Bytes>,
    x402: OnceLock<Bytes>,
}

struct Files {
    items: Vec<Arc<Item>>,
    list: OnceLock<Option<FolderList>>,
}

impl Documents {
    pub(crate) fn of(catalogue: Arc<Catalogue>, seller: Arc<Seller>, public_url: PublicUrl) -> Self {
        Self {
            catalogue,
            seller,
            public_url,
            entries: OnceLock::new(),
            folders: OnceLock::new(),
            llms: OnceLock::new(),
            openapi: OnceLock::new(),
            x402: OnceLock::new(),
        }
    }

    /// The document at a path.
    pub(super) fn at(&self, path: &str) -> Option<Reply> {
        const TEXT: &str = "text/plain; charset=utf-8";
        const JSON: &str = "application/json";
        let (media_type, body) = match path {
            "/" | "/llms.txt" => (TEXT, self.llms.get_or_init(|| self.llms().into())),
            "/openapi.json" => (JSON, self.openapi.get_or_init(|| written(&self.openapi()))),
            "/.well-known/x402.json" | "/.well-known/x402" => {
                (JSON, self.x402.get_or_init(|| written(&self.x402())))
            }
            "/robots.txt" => (TEXT, &self.robots()),
            _ => return None,
        };
        let mut headers = headers::common();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        headers::vary(&mut headers);
        Some(reply::whole(StatusCode::OK, headers, Body::Plain(body.clone())))
    }

    /// Everything that may be listed, the newest first.
    pub(super) fn entries(&self) -> &[Entry] {
        self.entries.get_or_init(|| {
            let laid_out = self.catalogue.laid_out();
            let mut all: Vec<_> = laid_out
                .filter_map(|items| Some((items.first()?.endpoint.created_at, Entry::of(items)?)))
                .collect();
            all.sort_by(|(one, a), (other, b)| other.cmp(one).then_with(|| a.path.cmp(&b.path)));
            all.into_iter().map(|(_, entry)| entry).collect()
        })
    }

    /// The list of the folder at a path.
    pub(super) fn folder(&self, path: &str) -> Option<&FolderList> {
        let folders = self.folders.get_or_init(|| {
            let mut folders = HashMap::new();
            for items in self.catalogue.laid_out() {
                let Some(first) = items.first().filter(|first| !first.part.is_whole()) else { continue };
                let endpoint = &first.endpoint;
                if endpoint.state == EndpointState::Live && matches!(endpoint.content, Content::Folder(_)) {
                    folders.insert(
                        endpoint.path.to_string(),
                        Files { items: items.to_vec(), list: OnceLock::new() },
                    );
                }
            }
            folders
        });
        let Files { items, list } = folders.get(path)?;
        list.get_or_init(|| FolderList::of(items, &self.public_url)).as_ref()
    }

    fn name(&self) -> String {
        super::name(&self.seller, &self.public_url)
    }

    /// `/llms.txt`: what language models read.
    fn llms(&self) -> String {
        let public_url = &self.public_url;
        let mut text = format!("# {}\n\n", one_line(&self.name()));
        if let Some(about) = &self.seller.about {
            text.push_str(&format!("> {}\n\n", one_line(about)));
        }
        text.push_str(
            "Everything here is sold over x402: ask for a URL with GET and `Accept: application/json`, and the answer is 402 with the price in the \
             header PAYMENT-REQUIRED (version 2) and in the JSON body (version 1). Sign it and ask again. Prices, machine-readable: \
             /.well-known/x402.json and /openapi.json. What is free comes at once.\n\n## For sale\n\n",
        );
        for entry in self.entries() {
            let Entry { title, path, kind, price, about, .. } = entry;
            let service = entry.items.first().filter(|item| is_service(item));
            let path = service.map_or_else(|| path.clone(), |item| route(item).0);
            let title = one_line(title).replace(['[', ']'], " ");
            text.push_str(&format!("- [{title}]({public_url}{path}) ({kind}, {price})"));
            if !about.is_empty() {
                text.push_str(&format!(": {}", one_line(about)));
            }
            if let Some(first) = entry.items.first().filter(|_| entry.has_preview) {
                text.push_str(&format!(" [Free preview]({}?preview)", public_url.of(&first.path)));
            }
            text.push('\n');
        }
        text
    }

    /// `/.well-known/x402.json`: what is sold. What costs nothing has no terms.
    fn x402(&self) -> Value {
        let items = self.entries().iter().flat_map(|entry| &entry.items);
        let resources: Vec<Value> = items
            .filter(|item| item.gift(None).is_none())
            .filter_map(|item| {
                let terms = terms(item)?;
                Some(json!({
                    "resource": if is_service(item) {
                        json!(format!("{}{}", self.public_url, route(item).0))
                    } else {
                        terms["resource"]["url"].clone()
                    },
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
        json!({ "version": 1, "x402Version": 2, "name": self.name(), "items": resources })
    }

    /// `/openapi.json`
    fn openapi(&self) -> Value {
        let mut paths: Map<String, Value> = Map::new();
        for item in self.entries().iter().flat_map(|entry| &entry.items) {
            let Some(operation) = operation(item) else { continue };
            let (path, parameters) = route(item);
            let place = paths.entry(path).or_insert_with(|| json!({}));
            let method = method(item).to_lowercase();
            place[&method] = operation;
            place[&method]["parameters"] = parameters.into();
        }
        json!({
            "openapi": "3.1.0",
            "info": { "title": self.name(), "version": "1" },
            "servers": [{ "url": self.public_url.to_string() }],
            "paths": paths,
        })
    }

    /// Links that are grants are nobody's to look at.
    fn robots(&self) -> Bytes {
        format!(
            "User-agent: *\nDisallow: /d/\nDisallow: /r/\nDisallow: /.stallkeeper/\nAllow: /\n\n# What is sold here: {}/llms.txt\n",
            self.public_url
        )
        .into()
    }
}

fn written(value: &Value) -> Bytes {
    value.to_string().into()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What each item asks, as its terms do.
fn terms(item: &Item) -> Option<Value> {
    let Front::Terms(terms) = &item.front else { return None };
    facts::terms(&terms.headers).and_then(|terms| serde_json::from_str(&terms).ok())
}

fn titled(item: &Item) -> String {
    super::titled(&item.endpoint.title, &item.part, is_service(item))
}

/// Whether parts of its path may be the buyer's to fill in.
fn is_service(item: &Item) -> bool {
    matches!(item.endpoint.content, Content::Service(_))
}

/// The method by which it is bought: a part of a service is one.
fn method(item: &Item) -> String {
    match &item.endpoint.content {
        Content::Service(_) => item.part.to_string(),
        Content::File(_) | Content::Folder(_) | Content::Text(_) => "GET".to_owned(),
    }
}

/// What can be done at an item's path, if anything can now.
fn operation(item: &Item) -> Option<Value> {
    let (summary, description) = (titled(item), &item.endpoint.description);
    if item.gift(None).is_some() {
        let media_type = item.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        return Some(json!({
            "summary": summary,
            "description": description,
            "responses": { "200": { "description": "It is free", "content": { media(media_type): {} } } },
        }));
    }
    let terms = terms(item)?;
    let media_type = media(terms["resource"]["mimeType"].as_str());
    let mut operation = json!({
        "summary": summary,
        "description": description,
        "responses": {
            "200": { "description": "What was bought", "content": { media_type: {} } },
            "402": { "description": "Payment required: the terms are in the header PAYMENT-REQUIRED and in the body" },
        },
        "x-payment-info": { "protocols": ["x402"], "x402Version": 2, "accepts": terms["accepts"] },
    });
    if let (Content::Service(_), Some(quota)) = (&item.endpoint.content, item.given.quota) {
        operation["x-free"] = words::quota(quota).into();
    }
    Some(operation)
}

fn media(media_type: Option<&str>) -> String {
    media_type.filter(|kind| !kind.is_empty()).unwrap_or("*/*").to_owned()
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
