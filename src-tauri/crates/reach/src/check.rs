//! Whether it is really this stall that answers outside.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use reqwest::header::CACHE_CONTROL;
use reqwest::{Client, StatusCode, Url, redirect};
use serde::Deserialize;
use sha2::Sha256;

use crate::line::tidy;

/// Where it is asked; the nonce follows.
pub const PATH: &str = "/.stallkeeper/reach/";

const CONNECTED_WITHIN: Duration = Duration::from_secs(10);
const ANSWERED_WITHIN: Duration = Duration::from_secs(20);
/// More than the answer has.
const LONGEST_ANSWER: usize = 1024;

/// A question that only this stall can answer, and only while it is told the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub nonce: String,
    /// What is answered: the nonce's HMAC under a key that nobody else ever had.
    pub answer: String,
}

/// Why the stall was not found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFound {
    /// Nobody answered.
    #[error("{0}")]
    Nobody(String),
    /// Somebody else did.
    #[error("{0}")]
    SomebodyElse(String),
}

#[derive(Deserialize)]
struct Proven {
    proof: String,
}

impl Question {
    /// A question that was never asked before, from random bytes.
    pub fn new(random: [u8; 48]) -> Self {
        let (key, nonce) = random.split_at(32);
        let nonce = hex(nonce);
        let answer = match Hmac::<Sha256>::new_from_slice(key) {
            Ok(mut hmac) => {
                hmac.update(nonce.as_bytes());
                hex(&hmac.finalize().into_bytes())
            }
            // A key of any length is taken.
            Err(_) => String::new(),
        };
        Self { nonce, answer }
    }

    /// Asks at `url`, a scheme and a host, on a connection of its own.
    ///
    /// # Errors
    /// Says in a sentence what answered instead, if anything did.
    pub async fn ask(&self, url: &str) -> Result<(), NotFound> {
        let place = Url::parse(url).ok().and_then(|base| base.join(&format!("{PATH}{}", self.nonce)).ok());
        let Some(place) = place else { return Err(NotFound::Nobody(format!("{url} is no address."))) };
        let host = place.host_str().unwrap_or_default().to_owned();
        let client = client(&place).map_err(|error| nobody(&host, &error))?;
        let mut response = client.get(place).send().await.map_err(|error| nobody(&host, &error))?;
        let status = response.status();
        if status == StatusCode::BAD_GATEWAY
            || status == StatusCode::SERVICE_UNAVAILABLE
            || status == StatusCode::GATEWAY_TIMEOUT
            || status.as_u16() >= 520
        {
            let why = format!("{host} answers that it does not reach this computer ({}).", status.as_u16());
            return Err(NotFound::Nobody(why));
        }
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| nobody(&host, &error))? {
            body.extend_from_slice(&piece);
            if body.len() > LONGEST_ANSWER {
                break;
            }
        }
        let proven = serde_json::from_slice::<Proven>(&body).ok().filter(|_| status == StatusCode::OK);
        if proven.is_some_and(|proven| proven.proof == self.answer) {
            return Ok(());
        }
        let why = if status == StatusCode::MISDIRECTED_REQUEST {
            format!("{host} leads to a stall that goes by another name.")
        } else {
            format!("Something else answers at {host} ({}).", status.as_u16())
        };
        Err(NotFound::SomebodyElse(why))
    }
}

/// Looks at what an endpoint asks for, as whoever has not paid sees it at `url`: it must ask for payment, under that very
/// address, and let nobody between keep the answer (T14, T28).
///
/// # Errors
/// Says in a sentence what is wrong.
pub async fn look_at_offer(url: &str, path: &str) -> Result<(), String> {
    let place = Url::parse(url).ok().and_then(|base| base.join(path).ok());
    let Some(place) = place else { return Err(format!("{url} is no address.")) };
    let host = place.host_str().unwrap_or_default().to_owned();
    let client = client(&place).map_err(|error| nobody(&host, &error).to_string())?;
    let response = client.get(place).send().await.map_err(|error| nobody(&host, &error).to_string())?;
    if response.status() != StatusCode::PAYMENT_REQUIRED {
        let status = response.status().as_u16();
        return Err(format!("{url}{path} does not ask for payment but answers {status}."));
    }
    let kept =
        response.headers().get(CACHE_CONTROL).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kept.contains("no-store") {
        return Err(format!(
            "Something on the way to {host} allows answers to be kept, also those that were paid for."
        ));
    }
    let terms = response.headers().get("payment-required").and_then(|value| STANDARD.decode(value).ok());
    let terms = terms.and_then(|terms| serde_json::from_slice::<serde_json::Value>(&terms).ok());
    match terms.as_ref().and_then(|terms| terms["resource"]["url"].as_str()) {
        Some(quoted) if quoted == format!("{url}{path}") => Ok(()),
        Some(quoted) => Err(format!("The price names another address: {}.", tidy(quoted, None))),
        None => Err(format!("Something on the way to {host} takes the price away.")),
    }
}

fn client(place: &Url) -> reqwest::Result<Client> {
    let client = Client::builder()
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECTED_WITHIN)
        .timeout(ANSWERED_WITHIN);
    // What is not encrypted is near: no proxy leads there, and no certificates are needed.
    let client = if place.scheme() == "https" {
        client.https_only(true)
    } else {
        client.no_proxy().tls_certs_only([])
    };
    client.build()
}

fn nobody(host: &str, error: &reqwest::Error) -> NotFound {
    let why = if error.is_timeout() {
        format!("Nobody answers at {host} in time.")
    } else if error.is_connect() {
        format!("{host} cannot be reached from here.")
    } else {
        format!("The answer of {host} breaks off.")
    };
    NotFound::Nobody(why)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// A server that answers everything with these bytes.
    async fn answering(answer: String) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = [0; 2048];
                let _ = stream.read(&mut head).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        url
    }

    fn http(status: &str, body: &str) -> String {
        format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
    }

    #[test]
    fn every_question_has_an_answer_of_its_own() {
        let (one, other) = (Question::new([1; 48]), Question::new([2; 48]));
        assert_eq!((one.nonce.len(), one.answer.len()), (32, 64));
        assert_ne!(one.answer, other.answer);
        let mut key = [1; 48];
        key[0] = 9;
        let twin = Question::new(key);
        assert_eq!(twin.nonce, one.nonce);
        assert_ne!(twin.answer, one.answer, "the nonce alone tells nobody the answer");
    }

    #[tokio::test]
    async fn only_the_right_answer_is_believed() {
        let question = Question::new([7; 48]);
        let right = format!("{{\"proof\":\"{}\"}}", question.answer);
        let ask = async |answer: String| question.ask(&answering(answer).await).await;
        assert_eq!(ask(http("200 OK", &right)).await, Ok(()));
        for other in [
            http("200 OK", "{\"proof\":\"another\"}"),
            http("200 OK", "hello"),
            http("404 Not Found", &right),
            http("302 Found\r\nLocation: https://elsewhere.example", ""),
            http("421 Misdirected Request", "{}"),
            http("200 OK", &"x".repeat(1 << 20)),
        ] {
            let shown: String = other.chars().take(60).collect();
            assert!(matches!(ask(other).await, Err(NotFound::SomebodyElse(_))), "{shown}");
        }
        for nobody in [http("502 Bad Gateway", ""), http("530 x", "error 1033"), "garbage\r\n\r\n".to_owned()]
        {
            assert!(matches!(ask(nobody.clone()).await, Err(NotFound::Nobody(_))), "{nobody}");
        }
    }

    #[tokio::test]
    async fn where_nobody_listens_nobody_answers() {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let asked = Question::new([7; 48]).ask(&format!("http://{free}")).await;
        assert_eq!(asked, Err(NotFound::Nobody("127.0.0.1 cannot be reached from here.".to_owned())));
    }
}
