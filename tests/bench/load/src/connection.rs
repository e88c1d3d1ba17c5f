//! One keep-alive connection to a server.

use anyhow::Context as _;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{ACCEPT, HOST, HeaderName, HeaderValue};
use hyper::{HeaderMap, Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// The header that carries a payment of protocol version 2.
pub(crate) const PAYMENT_SIGNATURE: HeaderName = HeaderName::from_static("payment-signature");

/// What every seller of the comparison sells.
pub(crate) const PATH: &str = "/paid";

/// As much of a body is kept; what comes after it is counted.
const KEPT: usize = 64 * 1024;

/// An answer read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The beginning of the body.
    pub(crate) body: Vec<u8>,
    /// Its length.
    pub(crate) bytes: u64,
}

impl Answer {
    /// The answer in one line, for an error message.
    pub(crate) fn in_words(&self) -> String {
        let body = String::from_utf8_lossy(&self.body[..self.body.len().min(1024)]);
        format!("{} {:?} {} bytes: {body:?}", self.status, self.headers, self.bytes)
    }
}

/// A connection that asks again and again.
pub(crate) struct Connection {
    authority: String,
    host: HeaderValue,
    sender: SendRequest<Empty<Bytes>>,
}

impl Connection {
    /// Connects to `http://HOST:PORT`.
    pub(crate) async fn open(url: &str) -> anyhow::Result<Self> {
        let authority =
            url.strip_prefix("http://").context("not a plain HTTP URL")?.trim_end_matches('/').to_owned();
        let host = HeaderValue::from_str(&authority)?;
        let sender = connect(&authority).await?;
        Ok(Self { authority, host, sender })
    }

    /// `GET`, with a payment or without, and with what is wanted instead of the bytes.
    pub(crate) async fn get(
        &mut self,
        path: &Uri,
        payment: Option<HeaderValue>,
        wanted: Option<HeaderValue>,
    ) -> anyhow::Result<Answer> {
        // A server may end a connection after any answer; a new one then takes its place.
        if self.sender.ready().await.is_err() {
            self.sender = connect(&self.authority).await?;
        }
        let mut request = Request::new(Empty::new());
        *request.uri_mut() = path.clone();
        request.headers_mut().insert(HOST, self.host.clone());
        if let Some(payment) = payment {
            request.headers_mut().insert(PAYMENT_SIGNATURE, payment);
        }
        if let Some(wanted) = wanted {
            request.headers_mut().insert(ACCEPT, wanted);
        }
        let (head, mut body) = self.sender.send_request(request).await?.into_parts();
        let mut answer = Answer { status: head.status, headers: head.headers, body: Vec::new(), bytes: 0 };
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame?.into_data() else { continue };
            let kept = data.len().min(KEPT - answer.body.len());
            answer.body.extend_from_slice(&data[..kept]);
            answer.bytes += data.len() as u64;
        }
        Ok(answer)
    }
}

async fn connect(authority: &str) -> anyhow::Result<SendRequest<Empty<Bytes>>> {
    let stream =
        TcpStream::connect(authority).await.with_context(|| format!("no connection to {authority}"))?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    // Its end shows in the sender.
    tokio::spawn(connection);
    Ok(sender)
}
