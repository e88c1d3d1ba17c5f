use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use alloy::rpc::json_rpc::{BorrowedResponse, ResponsePayload};
use alloy_primitives::U64;
use domain::NetworkId;
use reqwest::{Client, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::time::{Instant, sleep};

use crate::budget::Budget;
use crate::classify::Failure;
use crate::connections::Connections;
use crate::record::Record;
use crate::wire::WireBlock;

const CONNECT_WITHIN: Duration = Duration::from_secs(2);
/// For what a node looks up. A node that stands still is noticed in the time a person watches for.
const ANSWER_WITHIN: Duration = Duration::from_secs(4);
/// For what it has to work on.
const WORKED_OUT_WITHIN: Duration = Duration::from_secs(8);

/// Calls in a second that public nodes stand.
const USUAL_BUDGET: u32 = 25;

/// More than any honest answer to what is asked here (I15).
const LARGEST_ANSWER: usize = 32 << 20;

#[derive(Serialize)]
struct Request<'a, P> {
    jsonrpc: &'static str,
    id: u64,
    method: &'a str,
    params: &'a P,
}

/// The only call that is let through to a node which rests.
struct Knock<'n>(&'n AtomicBool);

impl Drop for Knock<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

/// One node behind one URL.
///
/// The URL's path, query and user are taken for secrets: neither an error nor a log holds more than
/// [`Node::label`].
pub(crate) struct Node {
    http: Client,
    url: Url,
    label: String,
    network: NetworkId,
    connections: Connections,
    /// How many connections had been opened when the node last proved to be of the network.
    proven: AtomicU64,
    budget: Budget,
    record: Record,
    /// Held by the one call that tries a node which rests.
    knocking: AtomicBool,
}

impl Node {
    /// A node at `url`, which is not asked anything yet. On this computer it has no budget unless one is given.
    pub(crate) fn new(
        network: NetworkId,
        url: &str,
        per_second: Option<u32>,
        jitter: u64,
    ) -> Result<Self, Failure> {
        let unusable = |what: &str| Failure::Away(what.to_owned());
        let url: Url = url.trim().parse().map_err(|_| unusable("its address is not a URL"))?;
        let host = url.host_str().ok_or_else(|| unusable("its address names no host"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(unusable("its address begins neither with http:// nor with https://"));
        }
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let label = format!("{}://{host}{port}", url.scheme());
        let connections = Connections::default();
        let http = Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            .tcp_nodelay(true)
            .redirect(reqwest::redirect::Policy::none())
            .connector_layer(connections.clone());
        let http = if is_loopback(host) { http.no_proxy() } else { http };
        // Without TLS it must not matter whether this computer has any certificates.
        let http = if url.scheme() == "http" { http.tls_certs_only([]) } else { http };
        let http = http.build().map_err(|_| unusable("this computer has no certificates to know it by"))?;
        let per_second = per_second.or_else(|| (!is_loopback(host)).then_some(USUAL_BUDGET));
        Ok(Self {
            http,
            label,
            network,
            connections,
            proven: AtomicU64::new(u64::MAX),
            budget: Budget::new(per_second),
            record: Record::new(jitter),
            knocking: AtomicBool::new(false),
            url,
        })
    }

    pub(crate) fn budget(&self) -> &Budget {
        &self.budget
    }

    pub(crate) fn record(&self) -> &Record {
        &self.record
    }

    /// Lets one call at a time through to a node that rests; whoever got through gives the place back.
    fn knock(&self) -> Option<Knock<'_>> {
        (!self.knocking.swap(true, Ordering::SeqCst)).then_some(Knock(&self.knocking))
    }

    /// Asks for the newest block, to see how the node is.
    pub(crate) async fn look(&self) {
        if let Ok(block) = self.ask::<_, WireBlock>("eth_getBlockByNumber", &("latest", false)).await {
            self.record.saw_head(block.into(), Instant::now());
        }
    }

    /// Scheme and host, and nothing that could be a secret.
    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    /// One call. While the node rests, one at a time is let through, and none while it asks for fewer.
    pub(crate) async fn ask<P, R>(&self, method: &str, params: &P) -> Result<R, Failure>
    where
        P: Serialize + Sync,
        R: DeserializeOwned,
    {
        let (seen, now) = (self.record.seen(), Instant::now());
        let failure = seen.last_error.as_ref().map(|(failure, _)| failure);
        match failure {
            Some(failure) if seen.is_resting(now) => {
                let knock = if matches!(failure, Failure::Busy(_)) { None } else { self.knock() };
                let Some(_alone) = knock else { return Err(failure.clone()) };
                self.ask_in_turn(method, params).await
            }
            Some(_) | None => self.ask_in_turn(method, params).await,
        }
    }

    /// One call, as soon as the node's budget allows.
    async fn ask_in_turn<P, R>(&self, method: &str, params: &P) -> Result<R, Failure>
    where
        P: Serialize + Sync,
        R: DeserializeOwned,
    {
        let Some(wait) = self.budget.take(method, Instant::now()) else {
            return Err(Failure::Busy("its budget of calls is used up".to_owned()));
        };
        sleep(wait).await;
        let began = Instant::now();
        let answer = self.ask_now(method, params).await;
        match &answer {
            Err(failure) if failure.is_of_this_node() => {
                self.record.failed(failure.clone(), began, Instant::now());
            }
            Ok(_) | Err(_) => self.record.answered(began.elapsed()),
        }
        answer
    }

    /// What came over a connection that nothing was asked over before counts only after the node has said that it is
    /// of the right network (T54).
    async fn ask_now<P, R>(&self, method: &str, params: &P) -> Result<R, Failure>
    where
        P: Serialize + Sync,
        R: DeserializeOwned,
    {
        let answer = self.post(method, params).await;
        if self.connections.opened() != self.proven.load(Ordering::SeqCst) {
            match &answer {
                Err(Failure::Away(_) | Failure::Busy(_)) => {}
                Ok(_) | Err(_) => self.prove_network().await?,
            }
        }
        answer
    }

    /// Asks the node which network it is of.
    pub(crate) async fn prove_network(&self) -> Result<(), Failure> {
        let opened = self.connections.opened();
        let found: U64 = self.post("eth_chainId", &[(); 0]).await?;
        if found.to::<u64>() != self.network.chain_id() {
            return Err(Failure::WrongNetwork(found.to()));
        }
        // The question itself may open the first connection.
        let opened = if opened == 0 { self.connections.opened() } else { opened };
        self.proven.store(opened, Ordering::SeqCst);
        Ok(())
    }

    async fn post<P, R>(&self, method: &str, params: &P) -> Result<R, Failure>
    where
        P: Serialize + Sync,
        R: DeserializeOwned,
    {
        let request = Request { jsonrpc: "2.0", id: 1, method, params };
        let sent = self.http.post(self.url.clone()).timeout(patience(method)).json(&request).send().await;
        let mut response = sent.map_err(|error| Failure::from_http(&error))?;
        let status = response.status();
        let mut body = Vec::with_capacity(
            response
                .content_length()
                .map_or(0, |length| usize::try_from(length).unwrap_or(LARGEST_ANSWER).min(LARGEST_ANSWER)),
        );
        while let Some(piece) = response.chunk().await.map_err(|error| Failure::from_http(&error))? {
            if body.len() + piece.len() > LARGEST_ANSWER {
                return Err(Failure::Garbled("an answer without end".to_owned()));
            }
            body.extend_from_slice(&piece);
        }
        match serde_json::from_slice::<BorrowedResponse<'_>>(&body) {
            Ok(response) => match response.payload {
                ResponsePayload::Success(result) => read(method, result),
                ResponsePayload::Failure(refusal) => Err(Failure::from_refusal(refusal.into_owned())),
            },
            Err(_) if status == StatusCode::TOO_MANY_REQUESTS => Err(Failure::Busy(http_status(status))),
            Err(_) if !status.is_success() => Err(Failure::Away(http_status(status))),
            Err(_) => Err(Failure::Garbled(format!("{method} was not answered in JSON-RPC"))),
        }
    }
}

fn http_status(status: StatusCode) -> String {
    format!("HTTP status {}", status.as_u16())
}

/// How long a call may take, its answer included.
fn patience(method: &str) -> Duration {
    match method {
        // Running code, searching blocks, and handing a transaction on to others.
        "eth_call" | "eth_getLogs" | "eth_sendRawTransaction" => WORKED_OUT_WITHIN,
        _ => ANSWER_WITHIN,
    }
}

fn read<R: DeserializeOwned>(method: &str, result: &RawValue) -> Result<R, Failure> {
    serde_json::from_str(result.get())
        .map_err(|_| Failure::Garbled(format!("the answer to {method} does not have its form")))
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
