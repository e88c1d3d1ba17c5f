use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper_rustls::{ConfigBuilderExt as _, HttpsConnector};
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};

use crate::connector::Guarded;
use crate::{Policy, Refused};

/// How long a connection that nobody uses is kept.
const IDLE: Duration = Duration::from_secs(60);

/// How this computer knows whom it speaks to. A clone is a handle to the same knowledge.
#[derive(Clone)]
pub struct Tls(Arc<ClientConfig>);

impl Tls {
    /// By the certificates of the system. Where there are none, nobody is known, and only what is not encrypted can be
    /// reached.
    ///
    /// # Errors
    /// When nothing can be encrypted here, which is not known to happen.
    pub fn of_this_computer() -> Result<Self, NoTls> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = || {
            ClientConfig::builder_with_provider(provider.clone())
                .with_safe_default_protocol_versions()
                .map_err(|_| NoTls)
        };
        let config = match builder()?.try_with_platform_verifier() {
            Ok(builder) => builder.with_no_client_auth(),
            Err(_) => builder()?.with_root_certificates(RootCertStore::empty()).with_no_client_auth(),
        };
        Ok(Self(Arc::new(config)))
    }
}

/// Nothing can be encrypted on this computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing can be encrypted on this computer")]
pub struct NoTls;

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

/// Why nothing was answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Nothing was sent, because nothing may be sent there.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Nothing was sent, because it was not reached.
    #[error("it cannot be reached")]
    NotReached,
    /// It broke off, so that it is not known what it took up.
    #[error("it broke off before it answered")]
    BrokeOff,
}

/// Sends requests to where a policy lets them go. Redirects are answers like any other, proxies of the environment are
/// not used, and a clone shares the connections that are kept open.
pub struct Client<B> {
    inner: legacy::Client<HttpsConnector<Guarded>, B>,
}

impl<B> Client<B>
where
    B: Body + Send + 'static + Unpin,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    /// A client that is held to a policy from its first connection on.
    pub fn new(tls: &Tls, policy: Policy) -> Self {
        let connector = HttpsConnector::from((Guarded(Arc::new(policy)), tls.0.clone()));
        let inner = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .build(connector);
        Self { inner }
    }

    /// Sends a request to the address that it names and waits for the head of the answer, however long that takes.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send(&self, request: Request<B>) -> Result<Response<Incoming>, SendError> {
        self.inner.request(request).await.map_err(|error| classify(&error))
    }
}

impl<B> Clone for Client<B> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone() }
    }
}

impl<B> fmt::Debug for Client<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

fn classify(error: &legacy::Error) -> SendError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        if let Some(refused) = inner.downcast_ref::<Refused>() {
            return refused.clone().into();
        }
        cause = inner.source();
    }
    if error.is_connect() { SendError::NotReached } else { SendError::BrokeOff }
}
