//! Header sets that many answers share, made once.

use http::header::{
    ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderMap,
    HeaderName, HeaderValue, VARY,
};
use x402::SettlementResponse;

pub(crate) const PAYMENT_REQUIRED: HeaderName = HeaderName::from_static(x402::header::PAYMENT_REQUIRED);
pub(crate) const PAYMENT_RESPONSE: HeaderName = HeaderName::from_static(x402::header::PAYMENT_RESPONSE);
pub(crate) const X_PAYMENT_RESPONSE: HeaderName = HeaderName::from_static(x402::header::X_PAYMENT_RESPONSE);
pub(crate) const PAYMENT_SIGNATURE: HeaderName = HeaderName::from_static(x402::header::PAYMENT_SIGNATURE);
pub(crate) const SIGN_IN_WITH_X: HeaderName = HeaderName::from_static(x402::header::SIGN_IN_WITH_X);
pub(crate) const X_PAYMENT: HeaderName = HeaderName::from_static(x402::header::X_PAYMENT);
pub(crate) const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");
const ALLOW_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-allow-private-network");
const REQUEST_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-request-private-network");

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

/// What every answer carries: pages may read it, nobody may keep it (T28).
///
/// Stock clients send `Access-Control-Expose-Headers` as a *request* header, so the preflight allows it.
pub(crate) fn common() -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(16);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(
            "PAYMENT-REQUIRED, PAYMENT-RESPONSE, X-PAYMENT-RESPONSE, EXTENSION-RESPONSES, \
             Content-Disposition, Content-Range, Accept-Ranges, ETag, Repr-Digest, Retry-After",
        ),
    );
    headers
}

/// The same for answers in JSON.
pub(crate) fn json() -> HeaderMap {
    let mut headers = common();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers
}

/// What an answer depends on.
const DEPENDS_ON: &str = "Accept, Accept-Language, User-Agent, PAYMENT-SIGNATURE, X-PAYMENT, SIGN-IN-WITH-X";

/// Says what an answer of an endpoint depends on.
pub(crate) fn vary(headers: &mut HeaderMap) {
    headers.insert(VARY, HeaderValue::from_static(DEPENDS_ON));
}

/// What every delivery carries beside the common set.
pub(crate) fn delivery() -> HeaderMap {
    let mut headers = common();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(http::header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    vary(&mut headers);
    headers
}

/// The answer to a preflight with the given request headers.
pub(crate) fn preflight(request: &HeaderMap) -> HeaderMap {
    let mut headers = common();
    headers.insert(ALLOW, METHODS);
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(
        ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static(
            "Content-Type, Range, If-Range, X-PAYMENT, PAYMENT-SIGNATURE, SIGN-IN-WITH-X, \
             Access-Control-Expose-Headers",
        ),
    );
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    if request.contains_key(REQUEST_PRIVATE_NETWORK) {
        headers.insert(ALLOW_PRIVATE_NETWORK, HeaderValue::from_static("true"));
    }
    headers
}

/// The methods that are answered.
pub(crate) fn allow(headers: &mut HeaderMap) {
    headers.insert(ALLOW, METHODS);
}

/// What became of the payment, for clients of both versions.
pub(crate) fn settlement(headers: &mut HeaderMap, response: SettlementResponse) {
    let SettlementResponse { payment_response, x_payment_response } = response;
    if let Ok(value) = HeaderValue::try_from(payment_response) {
        headers.insert(PAYMENT_RESPONSE, value);
    }
    if let Some(Ok(value)) = x_payment_response.map(HeaderValue::try_from) {
        headers.insert(X_PAYMENT_RESPONSE, value);
    }
}
