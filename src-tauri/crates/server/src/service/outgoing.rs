use std::net::IpAddr;

use bytes::Bytes;
use domain::Service;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use http::request::Parts;
use http::{HeaderMap, Method, Request};
use http_body_util::Full;

use crate::catalogue::Item;
use crate::public_url::PublicUrl;
use crate::service::collect::Room;
use crate::service::found;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Keys of a query that choose a price and are none of the service's business.
const OURS: [&str; 2] = ["code", "pay"];

/// A buyer's request, as far as it is passed on.
pub(crate) struct Outgoing {
    pub(crate) body: Bytes,
    from: IpAddr,
    _room: Room,
}

impl Outgoing {
    pub(crate) const fn new(body: Bytes, from: IpAddr, room: Room) -> Self {
        Self { body, from, _room: room }
    }

    /// What the service is asked: nothing that the buyer wrote but the path that was matched, the query, the body and
    /// the headers that the seller allowed.
    pub(crate) fn request(
        &self,
        item: &Item,
        service: &Service,
        head: &Parts,
        public: &PublicUrl,
    ) -> Result<Request<Full<Bytes>>, http::Error> {
        let mut address = found::address(service, &item.endpoint.path, &item.path);
        if let Some(query) = passed_on(head.uri.query()) {
            address.push('?');
            address.push_str(&query);
        }
        let mut request = Request::new(Full::new(self.body.clone()));
        *request.method_mut() = head.method.clone();
        *request.uri_mut() = address.parse()?;
        let headers = request.headers_mut();
        let describing = [Some(ACCEPT), (!self.body.is_empty()).then_some(CONTENT_TYPE)];
        for name in describing.into_iter().flatten() {
            copy(&head.headers, headers, &name);
        }
        for name in &service.request_headers {
            if let Ok(name) = HeaderName::try_from(name.as_str())
                && !headers.contains_key(&name)
            {
                copy(&head.headers, headers, &name);
            }
        }
        headers.insert(X_FORWARDED_FOR, HeaderValue::try_from(self.from.to_string())?);
        let url = public.to_string();
        if let Some((scheme, authority)) = url.split_once("://") {
            headers.insert(X_FORWARDED_PROTO, HeaderValue::try_from(scheme)?);
            headers.insert(X_FORWARDED_HOST, HeaderValue::try_from(authority)?);
        }
        Ok(request)
    }
}

fn copy(from: &HeaderMap, to: &mut HeaderMap, name: &HeaderName) {
    for value in from.get_all(name) {
        to.append(name, value.clone());
    }
}

/// A query without what chooses the price.
fn passed_on(query: Option<&str>) -> Option<String> {
    let pairs = query?.split('&');
    let kept: Vec<&str> =
        pairs.filter(|pair| !OURS.contains(&pair.split('=').next().unwrap_or_default())).collect();
    (!kept.is_empty()).then(|| kept.join("&"))
}

/// The method of a request for a part.
pub(crate) fn part_of(method: &Method) -> &str {
    if method == Method::HEAD { "GET" } else { method.as_str() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_chooses_the_price_is_not_passed_on() {
        for (query, passed) in [
            (None, None),
            (Some(""), Some("")),
            (Some("code=A"), None),
            (Some("a=1&code=A&b=2&pay=3"), Some("a=1&b=2")),
            (Some("encode=1&pay"), Some("encode=1")),
            (Some("a=%26code=1"), Some("a=%26code=1")),
        ] {
            assert_eq!(passed_on(query).as_deref(), passed, "{query:?}");
        }
    }
}
