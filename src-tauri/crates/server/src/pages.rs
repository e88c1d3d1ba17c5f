//! What people get where programs get JSON: the page of what is sold, on the same URL, and the stall's own pages. Whatever a seller or a
//! stranger wrote reaches a page through [`template`], which escapes it, and under a policy that lets nothing run but what the server carries
//! itself (T81).

mod assets;
mod closed;
mod documents;
mod facts;
mod language;
mod receipt;
mod seller;
mod stall;
mod template;
mod terms;
pub(crate) mod words;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use domain::Environment;
use http::header::{
    ACCEPT, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY, USER_AGENT,
    X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use serde::Deserialize;
use wallet::SignInKey;

use crate::body::Body;
use crate::catalogue::{Catalogue, Item};
use crate::public_url::PublicUrl;
use crate::reply::Reply;
use crate::shop::Shop;
use crate::{headers, picture_folder, reply};

use assets::Links;
pub(crate) use documents::Documents;
use language::Languages;
pub(crate) use receipt::{receipt, verification};
pub use seller::Seller;
pub(crate) use stall::document;
use template::Values;
pub(crate) use terms::titled;

/// What pages are made with.
pub(crate) struct Pages {
    pub(crate) environment: Environment,
    links: Links,
    languages: Languages,
    nonces: SignInKey,
    count: AtomicU32,
}

/// What a page may do.
struct Policy {
    nonce: String,
    scripts: bool,
    forms: bool,
}

impl Pages {
    pub(crate) fn new(environment: Environment, nonces: SignInKey) -> Self {
        Self {
            environment,
            links: Links::new(),
            languages: Languages::new(),
            nonces,
            count: AtomicU32::new(0),
        }
    }

    /// A script or a style of pages, if that is what is asked for.
    pub(crate) fn asset(&self, head: &Parts) -> Option<Reply> {
        assets::asset(&self.links, head)
    }

    /// What nobody can foresee and no page had before.
    fn nonce(&self) -> String {
        self.nonces.nonce(self.count.fetch_add(1, Ordering::Relaxed), "page", "")
    }
}

/// Whether a person looks at the answer, in a browser.
pub(crate) fn are_wanted(headers: &HeaderMap) -> bool {
    let has = |name, word: &[u8]| {
        headers
            .get_all(name)
            .iter()
            .any(|value| value.as_bytes().windows(word.len()).any(|part| part == word))
    };
    has(ACCEPT, b"text/html") && has(USER_AGENT, b"Mozilla")
}

#[derive(Deserialize)]
struct Said {
    message: String,
}

/// The same answer as a page, where a browser asks and there is one: the terms, that something is closed, or that nothing is here.
pub(crate) fn for_people(shop: &Shop, head: &Parts, reply: Reply) -> Reply {
    if !matches!(head.method, Method::GET | Method::HEAD) || !are_wanted(&head.headers) {
        return reply;
    }
    let catalogue = shop.catalogue.borrow().clone();
    let item = catalogue.find(head.uri.path()).cloned().or_else(|| asked_by_get(&catalogue, head));
    let item = item.as_ref();
    match (reply.status(), reply.body()) {
        (StatusCode::PAYMENT_REQUIRED, _) => match item {
            Some(item) => terms::page(shop, item, head, reply),
            None => reply,
        },
        (
            StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::NOT_FOUND
            | StatusCode::GONE
            | StatusCode::TOO_MANY_REQUESTS,
            Body::Plain(body),
        ) => {
            let sentence = serde_json::from_slice::<Said>(body).map(|said| said.message).unwrap_or_default();
            match item.filter(|_| reply.status() == StatusCode::SERVICE_UNAVAILABLE) {
                Some(item) => terms::closed(shop, item, head, reply, &sentence),
                None => closed::page(shop, reply, &sentence),
            }
        }
        _ => reply,
    }
}

/// The service at a path, as the page can ask it.
fn asked_by_get(catalogue: &Catalogue, head: &Parts) -> Option<Arc<Item>> {
    let found = catalogue.service(head.uri.path())?;
    found.items.iter().find(|item| item.part.as_str() == "GET").map(|item| item.at(&found.path))
}

/// An answer whose headers stay and whose body becomes a page.
fn as_page(reply: Reply, policy: &Policy, page: String) -> Reply {
    let (mut head, _) = reply.into_parts();
    page_headers(&mut head.headers, policy);
    Reply::from_parts(head, Body::Plain(page.into()))
}

/// A page of its own.
fn page(policy: &Policy, page: String) -> Reply {
    as_page(reply::whole(StatusCode::OK, headers::common(), Body::empty()), policy, page)
}

/// What the stall's own pages have in common.
fn own<'v>(shop: &Shop, policy: &Policy) -> Values<'v> {
    let seller = shop.seller.borrow().clone();
    let name = name(&seller, &shop.public_url.borrow());
    let mut values = Values::default();
    of_seller(&mut values, &seller, &name);
    values
        .text("nonce", policy.nonce.clone())
        .text("style", shop.pages.links.style.clone())
        .text("ownStyle", shop.pages.links.own_style.clone())
        .text("environment", words::environment(shop.pages.environment));
    values
}

/// What the stall is called: as the seller says, else where it is.
pub(crate) fn name(seller: &Seller, public_url: &PublicUrl) -> String {
    if !seller.name.is_empty() {
        return seller.name.clone();
    }
    let host = public_url.host();
    // A number is nobody's name.
    let is_number = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok();
    if is_number || host == "localhost" { "A stall".to_owned() } else { host.to_owned() }
}

/// What every page says of the seller.
fn of_seller<'v>(values: &mut Values<'v>, seller: &Seller, name: &str) {
    let picture = seller.picture.map(|picture| picture_folder::link(&picture.small)).unwrap_or_default();
    // It stands in the picture's place.
    let initial: String = if picture.is_empty() {
        name.chars().take(1).flat_map(char::to_uppercase).collect()
    } else {
        String::new()
    };
    values
        .text("sellerName", name.to_owned())
        .text(
            "computer",
            format!("{}’s own computer", if seller.name.is_empty() { "the seller" } else { name }),
        )
        .text("sellerInitial", initial)
        .text("sellerPicture", picture)
        .text("sellerContact", seller.contact.clone().unwrap_or_default())
        .text("sellerContactLink", seller.contact_link())
        .text("colour", seller.colour.clone().unwrap_or_default());
}

fn page_headers(headers: &mut HeaderMap, policy: &Policy) {
    let Policy { nonce, scripts, forms } = policy;
    let scripts = if *scripts {
        format!("script-src 'self' 'nonce-{nonce}'; connect-src 'self'; ")
    } else {
        String::new()
    };
    let forms = if *forms { "'self'" } else { "'none'" };
    let csp = format!(
        "default-src 'none'; {scripts}style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; form-action {forms}; \
         frame-ancestors 'none'; base-uri 'none'"
    );
    if let Ok(csp) = HeaderValue::try_from(csp) {
        headers.insert(CONTENT_SECURITY_POLICY, csp);
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers::vary(headers);
}
