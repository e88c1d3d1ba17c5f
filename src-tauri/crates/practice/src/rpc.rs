use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::PracticeError;

/// What practice asks of its own node beyond what `chain` offers for any node: mining, state, balances.
#[derive(Clone, Debug)]
pub(crate) struct NodeRpc {
    http: reqwest::Client,
    url: String,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    result: Value,
    error: Option<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    message: String,
}

impl NodeRpc {
    /// A client of the node at `url`.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub(crate) fn new(url: String) -> Result<Self, PracticeError> {
        // Between two programs on loopback, neither a proxy from the environment nor the computer's certificates matter.
        let http = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        let http = http.timeout(Duration::from_secs(60)).build();
        let http = http.map_err(|error| PracticeError::Node(error.to_string()))?;
        Ok(Self { http, url })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// One call.
    ///
    /// # Errors
    /// [`PracticeError::Request`] when the node cannot be reached, refuses, or answers something else than `T`.
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        method: &'static str,
        params: Value,
    ) -> Result<T, PracticeError> {
        let failed = |what: String| PracticeError::Request { method, what };
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let response = self.http.post(&self.url).json(&body).send().await;
        let response = response.map_err(|error| failed(error.to_string()))?;
        let answer: Answer = response.json().await.map_err(|error| failed(error.to_string()))?;
        match answer.error {
            Some(refusal) => Err(failed(refusal.message)),
            None => serde_json::from_value(answer.result).map_err(|error| failed(error.to_string())),
        }
    }
}
