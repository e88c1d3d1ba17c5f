//! A facilitator that says yes to everything, at once: `/supported`, `/verify` and `/settle` with prepared answers. It spares the
//! measured sellers a chain and all cryptography, so that what remains is their own cost. It is no facilitator.
//!
//! Prints `{"ready":true,"url":"http://127.0.0.1:PORT"}` and ends when its standard input closes.

use std::convert::Infallible;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

const PAYER: &str = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const NETWORK: &str = "eip155:84532";

/// The three answers, written once.
struct Answers {
    supported: Bytes,
    verified: Bytes,
    settled: Bytes,
}

impl Answers {
    fn new() -> Self {
        let json = |value: serde_json::Value| Bytes::from(value.to_string());
        Self {
            supported: json(serde_json::json!({
                "kinds": [
                    { "x402Version": 1, "scheme": "exact", "network": "base-sepolia" },
                    { "x402Version": 2, "scheme": "exact", "network": NETWORK },
                ],
                "extensions": [],
                "signers": { "eip155:*": [PAYER] },
            })),
            verified: json(serde_json::json!({ "isValid": true, "payer": PAYER })),
            settled: json(serde_json::json!({
                "success": true,
                "payer": PAYER,
                "transaction": format!("0x{:064x}", 1),
                "network": NETWORK,
            })),
        }
    }

    fn to(&self, method: &Method, path: &str) -> Option<Bytes> {
        match (method, path) {
            (&Method::GET, "/supported") => Some(self.supported.clone()),
            (&Method::POST, "/verify") => Some(self.verified.clone()),
            (&Method::POST, "/settle") => Some(self.settled.clone()),
            _ => None,
        }
    }
}

async fn answer(answers: &Answers, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let found = answers.to(request.method(), request.uri().path());
    // The body is read to its end, or the connection could not be used again.
    let _body = request.into_body().collect().await;
    let mut response = Response::new(Full::new(Bytes::new()));
    match found {
        Some(body) => {
            response
                .headers_mut()
                .insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static("application/json"));
            *response.body_mut() = Full::new(body);
        }
        None => *response.status_mut() = StatusCode::NOT_FOUND,
    }
    Ok(response)
}

async fn serve(listener: TcpListener) -> anyhow::Result<()> {
    let answers = std::rc::Rc::new(Answers::new());
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let answers = answers.clone();
        tokio::task::spawn_local(async move {
            let service = service_fn(async |request| answer(&answers, request).await);
            // A seller that hangs up is its own affair.
            let _ended = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", serde_json::json!({ "ready": true, "url": format!("http://{}", listener.local_addr()?) }));

    let mut stdin = tokio::io::stdin();
    let mut nothing = [0_u8; 64];
    let local = tokio::task::LocalSet::new();
    local
        .run_until(async {
            tokio::select! {
                ended = serve(listener) => ended,
                () = async { while matches!(stdin.read(&mut nothing).await, Ok(count) if count > 0) {} } => Ok(()),
            }
        })
        .await
}
