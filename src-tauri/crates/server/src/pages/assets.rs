use alloy_primitives::hex;
use bytes::Bytes;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS};
use http::request::Parts;
use sha2::{Digest as _, Sha256};

use crate::body::Body;
use crate::headers;
use crate::reply::{self, Reply};

const JS: &[u8] = include_bytes!("../../../../../ui/buyer/dist/buyer.js");
const CSS: &[u8] = include_bytes!("../../../../../ui/buyer/dist/buyer.css");
const OWN_CSS: &[u8] = include_bytes!("pages.css");

/// A script or a style that pages need and the server carries inside.
pub(crate) struct Asset {
    path: &'static str,
    media_type: &'static str,
    content: &'static [u8],
}

const BUYER_JS: Asset =
    Asset { path: "/.stallkeeper/buyer.js", media_type: "text/javascript; charset=utf-8", content: JS };
const BUYER_CSS: Asset =
    Asset { path: "/.stallkeeper/buyer.css", media_type: "text/css; charset=utf-8", content: CSS };
const PAGES_CSS: Asset =
    Asset { path: "/.stallkeeper/pages.css", media_type: "text/css; charset=utf-8", content: OWN_CSS };

/// Where pages find what they need, each under the name of its content, so that browsers keep it for good.
pub(crate) struct Links {
    pub(super) script: String,
    pub(super) style: String,
    pub(super) own_style: String,
}

impl Links {
    pub(crate) fn new() -> Self {
        Self { script: BUYER_JS.link(), style: BUYER_CSS.link(), own_style: PAGES_CSS.link() }
    }
}

impl Asset {
    fn version(&self) -> String {
        hex::encode(&Sha256::digest(self.content)[..8])
    }

    fn link(&self) -> String {
        format!("{}?v={}", self.path, self.version())
    }
}

/// One of them, if that is what was asked for.
pub(crate) fn asset(links: &Links, head: &Parts) -> Option<Reply> {
    let all = [(&BUYER_JS, &links.script), (&BUYER_CSS, &links.style), (&PAGES_CSS, &links.own_style)];
    let (asset, link) = all.into_iter().find(|(asset, _)| asset.path == head.uri.path())?;
    let version = link.split_once("?v=").map_or("", |(_, version)| version);
    let is_named = head.uri.query().and_then(|query| query.strip_prefix("v=")) == Some(version);
    let mut headers = headers::common();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.media_type));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let keeping = if is_named { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(keeping));
    let etag = HeaderValue::try_from(format!("\"{version}\"")).ok()?;
    let is_kept = head.headers.get(IF_NONE_MATCH) == Some(&etag);
    headers.insert(ETAG, etag);
    if is_kept {
        return Some(reply::whole(StatusCode::NOT_MODIFIED, headers, Body::empty()));
    }
    Some(reply::whole(StatusCode::OK, headers, Body::Plain(Bytes::from_static(asset.content))))
}
