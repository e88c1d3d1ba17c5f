use domain::Service;
use http::header::{
    ACCEPT_RANGES, ACCESS_CONTROL_EXPOSE_HEADERS, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue,
};
use http::{HeaderMap, StatusCode};

use crate::reply::{self, Reply};
use crate::{content_headers, headers};

/// Headers of an answer that say what its body is.
const DESCRIBING: [HeaderName; 4] = [CONTENT_TYPE, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_DISPOSITION];

/// The headers of a service's answer that reach its buyer, a line for each.
pub(crate) fn lines(service: &Service, from: &HeaderMap) -> String {
    let allowed = service.answer_headers.iter().filter_map(|name| HeaderName::try_from(name.as_str()).ok());
    let mut lines = String::new();
    for name in DESCRIBING.into_iter().chain(allowed.filter(|name| !DESCRIBING.contains(name))) {
        for value in from.get_all(&name) {
            if let Ok(value) = value.to_str() {
                lines.push_str(name.as_str());
                lines.push_str(": ");
                lines.push_str(value);
                lines.push('\n');
            }
        }
    }
    lines
}

/// The headers that an answer leaves with: those lines, and ours, which nothing that a service says replaces: nobody may
/// keep what was paid for (T28), and no page of it has a right in the stall's origin (T82).
pub(crate) fn headers(lines: &str) -> HeaderMap {
    let ours = headers::delivery();
    let mut headers = HeaderMap::with_capacity(24);
    let mut exposed = String::new();
    for (name, value) in lines.lines().filter_map(|line| line.split_once(": ")) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            if !DESCRIBING.contains(&name) && !ours.contains_key(&name) {
                exposed.push_str(", ");
                exposed.push_str(name.as_str());
            }
            headers.append(name, value);
        }
    }
    for (name, value) in &ours {
        headers.insert(name, value.clone());
    }
    headers.remove(ACCEPT_RANGES);
    if let Some(known) = ours.get(ACCESS_CONTROL_EXPOSE_HEADERS).and_then(|value| value.to_str().ok())
        && let Ok(all) = HeaderValue::try_from(format!("{known}{exposed}"))
    {
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, all);
    }
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    match kind {
        Some(kind) if content_headers::runs_scripts(kind) => {
            headers.insert(CONTENT_SECURITY_POLICY, content_headers::SANDBOX);
        }
        Some(_) => {}
        None => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        }
    }
    headers
}

/// What a buyer is told of an answer that is not charged: its status, where that says something about the request, and
/// nothing of its body.
pub(crate) fn refused(status: StatusCode) -> Reply {
    if status.is_redirection() {
        let message = "The service answered with a redirect, which is not followed. Nothing was charged.";
        return reply::error(StatusCode::BAD_GATEWAY, "service_refused", message);
    }
    let message = format!("The service answered with {status}. Nothing was charged.");
    // These would be taken for our own word about payments, proxies or names.
    let ours = [
        StatusCode::PAYMENT_REQUIRED,
        StatusCode::PROXY_AUTHENTICATION_REQUIRED,
        StatusCode::MISDIRECTED_REQUEST,
    ];
    let told = if (status.is_client_error() || status.is_server_error()) && !ours.contains(&status) {
        status
    } else {
        StatusCode::BAD_GATEWAY
    };
    reply::error(told, "service_refused", &message)
}
