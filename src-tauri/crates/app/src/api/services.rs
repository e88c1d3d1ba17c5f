//! Programs whose answers are sold: how they are put up for sale, changed and tried.

use std::net::IpAddr;

use domain::{HeaderName, Method, Patience, Service};
use outbound::{Place, Target, place};
use serde::{Deserialize, Serialize};
use server::{Tried, Untried};
use ts_rs::TS;

use crate::api::endpoints;
use crate::error::sentence;
use crate::{ApiError, App, ErrorCode};

/// What reaches a service and is kept of its answer unless the seller says otherwise, and at most.
const REQUEST: (u32, u32) = (1024 * 1024, 16 * 1024 * 1024);
const ANSWER: (u32, u32) = (8 * 1024 * 1024, 256 * 1024 * 1024);

/// How many headers may pass in one direction.
const MOST_HEADERS: usize = 32;

/// A program whose answers are sold. What is left out is as it was, or as it is by default.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct ServiceSet {
    /// Where it is asked, such as `http://127.0.0.1:3000/api`; needed for a new one.
    pub upstream: Option<String>,
    /// Whether it may be on another computer; not by default.
    pub remote: Option<bool>,
    /// What follows the endpoint's path, such as `/{city}` or `/{*rest}`; nothing by default.
    pub pattern: Option<String>,
    /// What it may be asked; `GET` by default.
    pub methods: Option<Vec<String>>,
    /// The buyer's headers that reach it, beside those that describe the body; none by default.
    pub request_headers: Option<Vec<String>>,
    /// Its headers that reach the buyer, beside those that describe the body; none by default.
    pub answer_headers: Option<Vec<String>>,
    /// The longest body that reaches it, in bytes; 1 MB by default.
    pub longest_request: Option<u32>,
    /// The longest answer that is kept until its payment is settled, in bytes; 8 MB by default.
    pub longest_answer: Option<u32>,
    /// How many seconds it may keep a buyer waiting, 1 to 600; 30 by default.
    pub patience_seconds: Option<u16>,
}

/// Tries a service: one for sale, or one that is about to be.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct EndpointTest {
    /// The endpoint's path or id.
    pub endpoint: Option<String>,
    /// The service, where there is no endpoint yet.
    pub service: Option<ServiceSet>,
    /// What is asked behind the service's address, such as `/paris`; nothing by default.
    pub path: Option<String>,
}

/// How a service answered when it was tried. Nobody was charged.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct EndpointTested {
    /// Whether a buyer would have been charged for that answer.
    pub well: bool,
    /// What happened, in a sentence.
    pub message: String,
    /// Its status; null without an answer.
    pub status: Option<u16>,
    /// How long it took to begin its answer.
    pub milliseconds: Option<u64>,
    /// The media type of its answer, if it says one.
    pub media_type: Option<String>,
}

/// A service as it is sold: what is left out is as it was, or as it is by default.
pub(crate) fn service(app: &App, before: Option<&Service>, set: ServiceSet) -> Result<Service, ApiError> {
    let kept = |new, old: fn(&Service) -> u32, (usual, most), what| -> Result<u32, ApiError> {
        match new {
            None => Ok(before.map_or(usual, old)),
            Some(bytes) if bytes <= most => Ok(bytes),
            Some(_) => Err(ApiError::invalid(format!("{what} has at most {most} bytes."))),
        }
    };
    let pattern = match (set.pattern, before) {
        (Some(text), _) => text.parse().map_err(|error: domain::PatternError| invalid(&error))?,
        (None, Some(before)) => before.pattern.clone(),
        (None, None) => domain::Pattern::default(),
    };
    let methods = match (set.methods, before) {
        (Some(methods), _) => self::methods(&methods)?,
        (None, Some(before)) => before.methods.clone(),
        (None, None) => vec![Method::Get],
    };
    let patience = match (set.patience_seconds, before) {
        (Some(seconds), _) => Patience::from_seconds(seconds)
            .ok_or_else(|| ApiError::invalid("A service may keep a buyer waiting for 1 to 600 seconds."))?,
        (None, Some(before)) => before.patience,
        (None, None) => Patience::DEFAULT,
    };
    let mut service = Service {
        upstream: set.upstream.or_else(|| before.map(|before| before.upstream.clone())).ok_or_else(|| {
            ApiError::invalid("Say where the program is asked, such as http://127.0.0.1:3000.")
        })?,
        is_remote: set.remote.unwrap_or_else(|| before.is_some_and(|before| before.is_remote)),
        pattern,
        methods,
        request_headers: headers(set.request_headers, before.map(|before| &before.request_headers))?,
        answer_headers: headers(set.answer_headers, before.map(|before| &before.answer_headers))?,
        longest_request: kept(set.longest_request, |old| old.longest_request, REQUEST, "A request's body")?,
        longest_answer: kept(set.longest_answer, |old| old.longest_answer, ANSWER, "An answer that is kept")?,
        patience,
    };
    let own = app.engine().map(|engine| engine.address());
    service.upstream = server::judge_service(&service, own).map_err(|error| invalid(&error))?;
    if !service.is_remote && !is_here(&service.upstream) {
        let host = Target::host_in(&service.upstream).unwrap_or_default();
        let why = format!(
            "{host} is not this computer. If the program is to be asked there, allow it with the switch below its address."
        );
        return Err(ApiError::invalid(why).by("--remote"));
    }
    Ok(service)
}

/// Whether an address names this computer, as far as its text tells.
fn is_here(upstream: &str) -> bool {
    let host = Target::host_in(upstream).unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => place(address) == Place::ThisComputer,
        Err(_) => bare == "localhost" || bare.ends_with(".localhost"),
    }
}

fn methods(texts: &[String]) -> Result<Vec<Method>, ApiError> {
    let named = texts.iter().map(|text| text.trim().to_ascii_uppercase().parse::<Method>());
    let named: Vec<Method> = named.collect::<Result<_, _>>().map_err(|error| invalid(&error))?;
    if named.is_empty() {
        return Err(ApiError::invalid("Say at least one method, such as GET."));
    }
    Ok(Method::ALL.into_iter().filter(|method| named.contains(method)).collect())
}

fn headers(
    texts: Option<Vec<String>>,
    before: Option<&Vec<HeaderName>>,
) -> Result<Vec<HeaderName>, ApiError> {
    let Some(texts) = texts else { return Ok(before.cloned().unwrap_or_default()) };
    let named = texts.iter().map(|text| text.trim().parse::<HeaderName>());
    let mut named: Vec<HeaderName> = named.collect::<Result<_, _>>().map_err(|error| invalid(&error))?;
    named.sort();
    named.dedup();
    if named.len() > MOST_HEADERS {
        return Err(ApiError::invalid(format!("At most {MOST_HEADERS} headers are passed on.")));
    }
    Ok(named)
}

fn invalid(error: &impl ToString) -> ApiError {
    ApiError::invalid(sentence(&error.to_string()))
}

/// Asks a service once, as a buyer's request would be passed on.
pub(crate) async fn test(app: &App, request: EndpointTest) -> Result<EndpointTested, ApiError> {
    let service = match (request.endpoint, request.service) {
        (Some(name), None) => match endpoints::find(app, &name).await?.endpoint.content {
            domain::Content::Service(service) => service,
            domain::Content::File(_) | domain::Content::Folder(_) | domain::Content::Text(_) => {
                return Err(ApiError::new(ErrorCode::Conflict, "Only services are tried."));
            }
        },
        (None, Some(service)) => self::service(app, None, service)?,
        (Some(_), Some(_)) | (None, None) => {
            return Err(ApiError::invalid("Say which endpoint to try, or which service."));
        }
    };
    let path = request.path.unwrap_or_default();
    if !path.is_empty() && !path.starts_with('/') {
        return Err(ApiError::invalid("What is asked behind the address begins with a slash."));
    }
    let own = app.engine().map(|engine| engine.address());
    Ok(match server::try_service(&service, &path, own).await {
        Ok(tried) => tested(tried),
        Err(error) => untested(&error),
    })
}

fn tested(Tried { status, took, media_type, first_bytes }: Tried) -> EndpointTested {
    let well = (200..300).contains(&status) && first_bytes.is_some();
    let message = match (first_bytes, well) {
        (None, _) => format!("It answered with {status}, and then its answer broke off or did not come."),
        (Some(_), true) => format!("It answered with {status}: a buyer would be charged for that."),
        (Some(_), false) => format!("It answered with {status}: a buyer would not be charged for that."),
    };
    let milliseconds = u64::try_from(took.as_millis()).ok();
    EndpointTested { well, message, status: Some(status), milliseconds, media_type }
}

fn untested(error: &Untried) -> EndpointTested {
    let message = sentence(&error.to_string());
    EndpointTested { well: false, message, status: None, milliseconds: None, media_type: None }
}
