use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use domain::{EndpointId, Service};
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use http::{Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use outbound::{Client, Policy, SendError, Target, Tls};
use tokio::time::timeout;

use crate::catalogue::Item;
use crate::public_url::PublicUrl;
use crate::reply::{self, LATER, Reply};

/// The ways to services, whose connections are kept open.
pub(crate) struct Upstreams {
    /// Where the stall itself listens.
    own: Option<SocketAddr>,
    tls: OnceLock<Option<Tls>>,
    clients: Mutex<HashMap<EndpointId, Known>>,
}

struct Known {
    upstream: String,
    is_remote: bool,
    public: PublicUrl,
    client: Client<Full<Bytes>>,
}

/// Why a service gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It was not asked, because nothing may be sent there.
    Refused(String),
    /// It was not asked, because it was not reached.
    NotReached,
    /// It broke off.
    BrokeOff,
    /// It took too long.
    Silent,
    /// It went on for longer than any answer may take.
    Endless(Duration),
    /// Its answer is longer than may be kept until it is paid for.
    TooLong,
    /// There is no room to keep it until then.
    NoRoom,
}

impl Failure {
    /// What a buyer is told: nothing about where the service is.
    pub(crate) fn reply(&self) -> Reply {
        let (status, message) = match self {
            Self::Refused(_) | Self::NotReached => {
                (StatusCode::BAD_GATEWAY, "The service cannot be reached. Nothing was charged.")
            }
            Self::BrokeOff => (StatusCode::BAD_GATEWAY, "The service broke off. Nothing was charged."),
            Self::Silent => {
                (StatusCode::GATEWAY_TIMEOUT, "The service did not answer in time. Nothing was charged.")
            }
            Self::Endless(longest) => {
                let message = format!(
                    "The service did not come to the end of its answer within {} seconds. Nothing was charged.",
                    longest.as_secs()
                );
                return reply::error(StatusCode::GATEWAY_TIMEOUT, "service_failed", &message);
            }
            Self::TooLong => (
                StatusCode::BAD_GATEWAY,
                "The service's answer is longer than is kept until it is paid for. Nothing was charged.",
            ),
            Self::NoRoom => {
                let message = "Too many long answers wait to be paid for. Nothing was charged.";
                return reply::unavailable("busy", message, LATER);
            }
        };
        reply::error(status, "service_failed", message)
    }
}

impl From<SendError> for Failure {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Refused(refused) => Self::Refused(refused.to_string()),
            SendError::NotReached => Self::NotReached,
            SendError::BrokeOff => Self::BrokeOff,
        }
    }
}

/// Where a service may be asked: on this computer, or at the very host that the seller allowed, and never the stall.
fn policy(service: &Service, own: Option<SocketAddr>, public: Option<&PublicUrl>) -> Policy {
    let mut policy = Policy::this_computer();
    if service.is_remote
        && let Some(host) = Target::host_in(&service.upstream)
    {
        policy = policy.or_host(&host);
    }
    if let Some(own) = own {
        policy = policy.but_not(own);
    }
    if let Some(uri) = public.and_then(|public| public.to_string().parse::<Uri>().ok())
        && let Some(host) = uri.host()
    {
        let usual = if uri.scheme_str() == Some("http") { 80 } else { 443 };
        policy = policy.but_not_host(host, uri.port_u16().unwrap_or(usual));
    }
    policy
}

impl Upstreams {
    pub(crate) fn new(own: Option<SocketAddr>) -> Self {
        Self { own, tls: OnceLock::new(), clients: Mutex::default() }
    }

    fn client(&self, item: &Item, service: &Service, public: &PublicUrl) -> Option<Client<Full<Bytes>>> {
        let tls = self.tls.get_or_init(|| Tls::of_this_computer().ok()).as_ref()?;
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = clients.get(&item.endpoint.id)
            && known.upstream == service.upstream
            && known.is_remote == service.is_remote
            && known.public == *public
        {
            return Some(known.client.clone());
        }
        let client = Client::new(tls, policy(service, self.own, Some(public)));
        let known = Known {
            upstream: service.upstream.clone(),
            is_remote: service.is_remote,
            public: public.clone(),
            client: client.clone(),
        };
        clients.insert(item.endpoint.id, known);
        Some(client)
    }

    /// Asks a service and waits for the head of its answer.
    pub(crate) async fn send(
        &self,
        item: &Item,
        service: &Service,
        public: &PublicUrl,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, Failure> {
        let client = self.client(item, service, public).ok_or(Failure::NotReached)?;
        timeout(service.patience.duration(), client.send(request))
            .await
            .map_err(|_| Failure::Silent)?
            .map_err(Into::into)
    }
}

impl fmt::Debug for Upstreams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upstreams").finish_non_exhaustive()
    }
}

/// How a service answered when it was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// Its status.
    pub status: u16,
    /// How long its head took.
    pub took: Duration,
    /// The media type of its body, if it says one.
    pub media_type: Option<String>,
    /// How many bytes came first; none when the body did not begin in time.
    pub first_bytes: Option<u64>,
}

/// Why a service could not be tried.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Untried {
    /// Nothing may be sent there.
    #[error("{0}")]
    Refused(String),
    /// It was not reached.
    #[error("nothing answers there; is the program running?")]
    NotReached,
    /// It broke off.
    #[error("the program broke off before it answered")]
    BrokeOff,
    /// It took too long.
    #[error("the program did not answer within {0} seconds")]
    Silent(u64),
}

/// Asks a service with GET, as a buyer's request would be passed on, and looks at the beginning of its answer. Nothing
/// is sold.
///
/// # Errors
/// Why it did not answer.
pub async fn try_service(service: &Service, path: &str, own: Option<SocketAddr>) -> Result<Tried, Untried> {
    let within = service.patience.duration();
    let policy = policy(service, own, None);
    let address = format!("{}{path}", service.upstream.trim_end_matches('/'));
    let target = Target::parse(&address, &policy).map_err(|refused| Untried::Refused(refused.to_string()))?;
    let tls = Tls::of_this_computer().map_err(|error| Untried::Refused(error.to_string()))?;
    let client = Client::new(&tls, policy);
    let mut request = Request::new(Full::<Bytes>::default());
    *request.uri_mut() = target.uri().clone();
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("*/*"));
    let began = Instant::now();
    let answer = match timeout(within, client.send(request)).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(SendError::Refused(refused))) => return Err(Untried::Refused(refused.to_string())),
        Ok(Err(SendError::NotReached)) => return Err(Untried::NotReached),
        Ok(Err(SendError::BrokeOff)) => return Err(Untried::BrokeOff),
        Err(_) => return Err(Untried::Silent(within.as_secs())),
    };
    let took = began.elapsed();
    let (head, mut body) = answer.into_parts();
    let media_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let first_bytes = match timeout(within, body.frame()).await {
        Ok(Some(Ok(frame))) => Some(frame.data_ref().map_or(0, |data| data.len() as u64)),
        Ok(None) => Some(0),
        Ok(Some(Err(_))) | Err(_) => None,
    };
    Ok(Tried { status: head.status.as_u16(), took, media_type, first_bytes })
}

/// Where a service is asked, in its one spelling, if that is allowed.
///
/// # Errors
/// Why nothing may be sent there.
pub fn judge_service(service: &Service, own: Option<SocketAddr>) -> Result<String, Untried> {
    let target = Target::parse(&service.upstream, &policy(service, own, None));
    let target = target.map_err(|refused| Untried::Refused(refused.to_string()))?;
    if target.uri().query().is_some() {
        return Err(Untried::Refused("an address of a service has no ? part".to_owned()));
    }
    Ok(target.as_str().trim_end_matches('/').to_owned())
}
