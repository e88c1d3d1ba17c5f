use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, LOCATION, SET_COOKIE};
use ::http::{Request, Response};
use bytes::Bytes;
use domain::{Method, Patience, Service};
use futures::StreamExt as _;
use http_body::Frame;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

type Answer = Response<BoxBody<Bytes, std::io::Error>>;

/// What a service was asked.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) uri: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A program whose answers are sold. What it does stands in the last part of the path.
#[derive(Clone)]
pub(crate) struct Upstream {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Upstream {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = Self { address: listener.local_addr().unwrap(), seen: Arc::default() };
        let answering = upstream.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let answering = answering.clone();
                let service = service_fn(move |request| answering.clone().answer(request));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        upstream
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    async fn answer(self, request: Request<Incoming>) -> Result<Answer, Infallible> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let uri = head.uri.to_string();
        let (method, headers) = (head.method.to_string(), head.headers);
        let count = {
            let mut seen = self.seen.lock().unwrap();
            seen.push(Seen { method, uri, headers, body: body.clone() });
            seen.len()
        };
        let path = head.uri.path();
        let (what, number) = path.rsplit_once('/').unwrap_or(("", path));
        let number = |or: u64| number.parse().unwrap_or(or);
        Ok(match what.rsplit('/').next().unwrap_or_default() {
            "status" => {
                let status = u16::try_from(number(500)).unwrap();
                let answer = Response::builder().status(status).header(LOCATION, "http://127.0.0.1:1/");
                answer.body(whole("secret of the service")).unwrap()
            }
            "hang" => std::future::pending().await,
            "slow" => {
                tokio::time::sleep(Duration::from_millis(number(100))).await;
                Response::new(whole(format!("after a while: {count}")))
            }
            "long" => Response::new(whole(vec![b'x'; usize::try_from(number(0)).unwrap()])),
            "page" => {
                let answer = Response::builder().header(CONTENT_TYPE, "text/html").header(SET_COOKIE, "a=b");
                let answer = answer.header("cache-control", "public").header("x-model", "one");
                answer.header("x-inside", "10.0.0.7").body(whole("<script>1</script>")).unwrap()
            }
            // Parts, and then an end that is none.
            "breaks" => Response::new(parts(vec![Ok("beginning "), Err(std::io::ErrorKind::Other)])),
            "broken" => Response::new(parts(vec![Err(std::io::ErrorKind::Other)])),
            "cut" => {
                let answer = Response::builder().header(CONTENT_LENGTH, 20);
                answer.body(parts(vec![Ok("beginning "), Err(std::io::ErrorKind::Other)])).unwrap()
            }
            "silent" => Response::new(BodyExt::boxed(StreamBody::new(futures::stream::pending()))),
            "parts" => Response::new(parts(vec![Ok("one "), Ok("two "), Ok("three")])),
            "trickle" => Response::new(parts(vec![Ok("drop "); 1_000])),
            // More than any system keeps for a reader who does not read.
            "flood" => Response::new(parts_at_once(vec![Bytes::from(vec![b'x'; 64 * 1024]); 1_000])),
            "empty" => Response::builder().status(204).body(whole("")).unwrap(),
            _ => {
                let answer = Response::builder().header(CONTENT_TYPE, "text/plain");
                let body = String::from_utf8_lossy(&body);
                answer.body(whole(format!("{count}: {} {} {body}", head.method, head.uri))).unwrap()
            }
        })
    }
}

fn whole(body: impl Into<Bytes>) -> BoxBody<Bytes, std::io::Error> {
    Full::new(body.into()).map_err(|never| match never {}).boxed()
}

fn parts_at_once(parts: Vec<Bytes>) -> BoxBody<Bytes, std::io::Error> {
    let parts = futures::stream::iter(parts).map(|part| Ok(Frame::data(part)));
    BodyExt::boxed(StreamBody::new(parts))
}

fn parts(parts: Vec<Result<&'static str, std::io::ErrorKind>>) -> BoxBody<Bytes, std::io::Error> {
    let parts = futures::stream::iter(parts).then(|part| async move {
        tokio::time::sleep(Duration::from_millis(50)).await;
        part.map(|part| Frame::data(Bytes::from(part))).map_err(Into::into)
    });
    BodyExt::boxed(StreamBody::new(Box::pin(parts)))
}

/// What a test sells of a program.
pub(crate) fn service(upstream: &str, pattern: &str) -> Service {
    Service {
        upstream: upstream.to_owned(),
        is_remote: false,
        pattern: pattern.parse().unwrap(),
        methods: vec![Method::Get, Method::Post],
        request_headers: vec!["accept-language".parse().unwrap(), "x-two".parse().unwrap()],
        answer_headers: vec!["x-model".parse().unwrap(), "cache-control".parse().unwrap()],
        longest_request: 1_000,
        longest_answer: 1_000_000,
        patience: Patience::from_seconds(1).unwrap(),
    }
}
