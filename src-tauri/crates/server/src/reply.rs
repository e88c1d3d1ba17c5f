use bytes::Bytes;
use http::header::{CONNECTION, HeaderValue, RETRY_AFTER};
use http::{HeaderMap, Response, StatusCode};
use serde::Serialize;

use crate::body::Body;
use crate::headers;

/// What the gate answers.
pub(crate) type Reply = Response<Body>;

/// Seconds after which to come again when something is expected to take a moment.
pub(crate) const SOON: u32 = 2;
/// The same when a person has to do something first.
pub(crate) const LATER: u32 = 60;

#[derive(Serialize)]
struct ErrorBody<'a> {
    error: &'a str,
    message: &'a str,
}

/// An answer made of finished parts.
pub(crate) fn whole(status: StatusCode, headers: HeaderMap, body: Body) -> Reply {
    let mut reply = Response::new(body);
    *reply.status_mut() = status;
    *reply.headers_mut() = headers;
    reply
}

/// An answer in JSON.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Reply {
    // Plain structs of strings always serialise.
    let body = serde_json::to_vec(body).unwrap_or_default();
    whole(status, headers::json(), Body::Plain(Bytes::from(body)))
}

/// An error in JSON: a word for programs and a sentence for people.
pub(crate) fn error(status: StatusCode, error: &str, message: &str) -> Reply {
    json(status, &ErrorBody { error, message })
}

/// 503: nothing was sold or charged, come again in `seconds`.
pub(crate) fn unavailable(error: &str, message: &str, seconds: u32) -> Reply {
    let mut reply = self::error(StatusCode::SERVICE_UNAVAILABLE, error, message);
    retry_after(&mut reply, seconds);
    reply
}

/// A 402 whose body also says that the authorization has paid for this already.
pub(crate) fn already_paid(reply: Reply) -> Reply {
    reply.map(|body| match body {
        Body::Plain(json) if json.starts_with(b"{\"") => {
            Body::Plain([b"{\"alreadyPaid\":true,", &json[1..]].concat().into())
        }
        body => body,
    })
}

/// 404 in the one form it has, whatever was asked for.
pub(crate) fn not_found() -> Reply {
    error(StatusCode::NOT_FOUND, "not_found", "Nothing is sold here.")
}

pub(crate) fn retry_after(reply: &mut Reply, seconds: u32) {
    reply.headers_mut().insert(RETRY_AFTER, seconds.into());
}

/// Says that the connection ends here, because what follows on it cannot be trusted.
pub(crate) fn closing(mut reply: Reply) -> Reply {
    reply.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    reply
}
