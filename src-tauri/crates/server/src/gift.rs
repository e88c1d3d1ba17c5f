//! What costs nothing: parts that the seller gives away, and what is shown of a thing before it is paid for.

use domain::{EndpointState, PublishedFile};
use http::header::{CONTENT_RANGE, ETAG, HeaderValue};
use http::request::Parts;
use http::{HeaderMap, StatusCode};

use crate::body::Body;
use crate::catalogue::Item;
use crate::content::{Problem, Published, Ready};
use crate::content_headers::{self, Label};
use crate::file_body::FileBody;
use crate::goods::Goods;
use crate::range::Span;
use crate::reply::{self, Reply};
use crate::shop::Shop;
use crate::stop;

/// The query that asks for the preview of an endpoint.
pub(crate) const PREVIEW: &str = "preview";

/// The file of the seller's that everybody gets to see of an endpoint.
pub(crate) struct Preview {
    goods: Goods,
    headers: HeaderMap,
}

impl Preview {
    /// `held` is the one at the same path before: a file that is still the same stays open.
    pub(crate) fn of(file: &PublishedFile, held: Option<&Self>) -> Self {
        Self {
            goods: Goods::File(Published::of(file, held.map(|held| &held.goods))),
            headers: content_headers::of(Label::of_file(file)),
        }
    }
}

impl Item {
    /// What a request gets for nothing, if anything.
    pub(crate) fn gift(&self, query: Option<&str>) -> Option<(&Goods, &HeaderMap)> {
        if self.endpoint.state != EndpointState::Live || !self.is_sold {
            return None;
        }
        match &self.preview {
            Some(preview) if query == Some(PREVIEW) => Some((&preview.goods, &preview.headers)),
            Some(_) | None => self.is_free.then_some((&self.goods, &self.headers)),
        }
    }
}

/// Gives it. A payment that came along is not looked at, so it is not taken either.
pub(crate) async fn answer(shop: &Shop, item: &Item, head: &Parts) -> Reply {
    let Some((goods, headers)) = item.gift(head.uri.query()) else { return reply::not_found() };
    give(shop, goods, headers, head).await.unwrap_or_else(|problem| stop::undeliverable(&problem))
}

async fn give(shop: &Shop, goods: &Goods, headers: &HeaderMap, head: &Parts) -> Result<Reply, Problem> {
    let bytes = goods.bytes();
    let etag = headers.get(ETAG).cloned().unwrap_or_else(|| HeaderValue::from_static("\"\""));
    let Some((start, end)) = Span::of(&head.headers, bytes, &etag).bounds(bytes) else {
        let message = "The range asked for is not there, or is more than one.";
        let mut reply = reply::error(StatusCode::RANGE_NOT_SATISFIABLE, "range_not_satisfiable", message);
        if let Ok(all) = HeaderValue::try_from(format!("bytes */{bytes}")) {
            reply.headers_mut().insert(CONTENT_RANGE, all);
        }
        return Ok(reply);
    };
    let sound = goods.sellable(&shop.checks).await?;
    let body = match goods.ready(sound, &shop.cache).await? {
        Ready::Small(content) => {
            let part = usize::try_from(start).ok().zip(usize::try_from(end).ok());
            let part = part.filter(|(start, end)| start <= end && *end <= content.len());
            Body::Plain(part.map(|(start, end)| content.slice(start..end)).ok_or(Problem::Changed)?)
        }
        Ready::Large(source) => Body::Given(FileBody::open(source, start, end).await?),
    };
    let mut headers = headers.clone();
    let mut status = StatusCode::OK;
    if (start, end) != (0, bytes) {
        status = StatusCode::PARTIAL_CONTENT;
        if let Ok(range) = HeaderValue::try_from(format!("bytes {start}-{}/{bytes}", end - 1)) {
            headers.insert(CONTENT_RANGE, range);
        }
    }
    Ok(reply::whole(status, headers, body))
}
