use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tower_service::Service;

use crate::{Policy, Refused};

/// How long a name may take to be resolved, and one address to answer.
const WITHIN: Duration = Duration::from_secs(5);

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Connects to the addresses that it looked at, and to no other one.
#[derive(Clone, Debug)]
pub(crate) struct Guarded(pub(crate) Arc<Policy>);

impl Guarded {
    /// The addresses of a host, all of which may be connected to: a name with one that may not is a trap.
    async fn addresses(&self, uri: &Uri) -> Result<Vec<SocketAddr>, Error> {
        let encrypted = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(Refused::NotAUrl.into()),
        };
        let host = uri.host().ok_or(Refused::NotAUrl)?;
        let port = uri.port_u16().unwrap_or(if encrypted { 443 } else { 80 });
        self.0.admit_name(encrypted, host, port)?;
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let found: Vec<_> = timeout(WITHIN, lookup_host((bare, port))).await??.collect();
        for address in &found {
            self.0.admit(encrypted, host, *address)?;
        }
        Ok(found)
    }

    async fn connect(self, uri: Uri) -> Result<TokioIo<TcpStream>, Error> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in self.addresses(&uri).await? {
            match timeout(WITHIN, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    stream.set_nodelay(true)?;
                    return Ok(TokioIo::new(stream));
                }
                Ok(Err(error)) => last = error,
                Err(_) => last = io::ErrorKind::TimedOut.into(),
            }
        }
        Err(last.into())
    }
}

impl Service<Uri> for Guarded {
    type Response = TokioIo<TcpStream>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}
