use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderMap;
use reqwest::redirect;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::{Payment, Terms};

/// Somebody with an HTTP client and the link of a stall.
#[derive(Clone)]
pub struct Visitor {
    http: reqwest::Client,
    url: String,
}

/// An answer read to its end.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Visitor {
    /// Visits the stall at `url`.
    pub fn new(url: &str) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            // Without TLS it must not matter whether this computer has any certificates.
            .tls_certs_only([])
            .redirect(redirect::Policy::none())
            .timeout(Duration::from_secs(90));
        Self { http: http.build().expect("an HTTP client"), url: url.trim_end_matches('/').to_owned() }
    }

    /// `GET`, without paying.
    pub async fn ask(&self, path: &str) -> Answer {
        self.try_get(path, &[]).await.expect("the stall answers")
    }

    /// `GET` with a payment.
    pub async fn pay(&self, path: &str, payment: &Payment) -> Answer {
        self.try_pay(path, payment).await.expect("the stall answers the payment")
    }

    /// `GET` with a payment to a stall that may be gone.
    ///
    /// # Errors
    /// When no whole answer came.
    pub async fn try_pay(&self, path: &str, payment: &Payment) -> reqwest::Result<Answer> {
        self.try_get(path, &[payment.header()]).await
    }

    /// Pays for a link to download by, as a browser does, and answers the link's path.
    pub async fn pay_for_link(&self, path: &str, payment: &Payment) -> String {
        let wants = ("Accept", "application/json; profile=stallkeeper-grant".to_owned());
        let answer = self.try_get(path, &[payment.header(), wants]).await.expect("the stall answers");
        assert_eq!(answer.status, 200, "{}", answer.in_words());
        answer.json()["grant"].as_str().expect("a link").to_owned()
    }

    /// `GET` with any headers.
    ///
    /// # Errors
    /// When no whole answer came.
    pub async fn try_get(&self, path: &str, headers: &[(&str, String)]) -> reqwest::Result<Answer> {
        self.request("GET", path, headers).await
    }

    /// Any method with any headers.
    ///
    /// # Errors
    /// When no whole answer came.
    pub async fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, String)],
    ) -> reqwest::Result<Answer> {
        let method = method.parse().expect("a method");
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Answer { status, headers, body: response.bytes().await?.to_vec() })
    }

    /// What the endpoint costs.
    pub async fn terms(&self, path: &str) -> Terms {
        Terms::read(&self.ask(path).await)
    }
}

impl Answer {
    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a header of ASCII"))
    }

    /// A header that holds base64 of JSON.
    pub fn decoded(&self, name: &str) -> Option<Value> {
        let bytes = STANDARD.decode(self.header(name)?).expect("standard base64 with padding");
        Some(serde_json::from_slice(&bytes).expect("JSON in the header"))
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.in_words()))
    }

    /// What the result header says about the payment.
    pub fn receipt(&self) -> Value {
        self.decoded("payment-response").unwrap_or_else(|| panic!("no receipt in {}", self.in_words()))
    }

    /// The error code that clients of both versions read: it must be the same for both.
    pub fn code(&self) -> String {
        let body = self.json();
        let code = body["error"].as_str().unwrap_or_else(|| panic!("no error in {}", self.in_words()));
        if let Some(required) = self.decoded("payment-required") {
            assert_eq!(required["error"], code, "two versions of the same error");
        }
        code.to_owned()
    }

    /// Hex of the body's SHA-256.
    pub fn sha256(&self) -> String {
        sha256(&self.body)
    }

    /// The answer for an error message.
    pub fn in_words(&self) -> String {
        let body: String = String::from_utf8_lossy(&self.body).chars().take(600).collect();
        format!("{} {:?} {body}", self.status, self.headers)
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    alloy_primitives::hex::encode(Sha256::digest(bytes))
}

/// Sends bytes as they are and reads until the other side closes, as far as it lets us.
pub async fn exchange(url: &str, request: &[u8]) -> String {
    let authority = url.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(authority).await.expect("a connection");
    // A server may answer and close before it has read everything; what it said is still there to read.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let _ = timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}
