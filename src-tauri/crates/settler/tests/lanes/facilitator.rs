use std::sync::{Arc, Mutex};

use alloy_primitives::B256;
use domain::{AuthorizationKey, FacilitatorUse};
use facilitator::Facilitator;
use settler::FacilitatorRail;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use x402::Version;

use crate::node::ScriptedNode;
use crate::stall::{PAY_TO, PRICE, Stall};

/// What a facilitator does about a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Submits it, unless it was used before.
    Settles,
    /// Nothing at all.
    Nothing,
}

/// What it says, whatever it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Says {
    /// What it did: the hash, or that the nonce is used.
    Truth,
    /// That it is done, by this.
    Done(Option<B256>),
    /// That it is on its way, by this.
    Pending(Option<B256>),
    /// That it did not do it, for this reason.
    Refuses(&'static str),
    /// These bytes.
    Raw(&'static str),
    /// Nothing; it hangs up.
    HangsUp,
    /// Nothing; it holds the line.
    Silent,
}

/// A facilitator behind a socket that does what each test says, lies included.
pub(crate) struct ScriptedFacilitator {
    url: String,
    inner: Arc<Mutex<Inner>>,
    task: tokio::task::JoinHandle<()>,
}

struct Inner {
    node: Arc<ScriptedNode>,
    does: Deed,
    says: Says,
    bodies: Vec<String>,
}

impl ScriptedFacilitator {
    pub(crate) async fn start(stall: &Stall) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (does, says) = (Deed::Settles, Says::Truth);
        let inner = Inner { node: stall.node.clone(), does, says, bodies: Vec::new() };
        let inner = Arc::new(Mutex::new(inner));
        let shared = inner.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let inner = shared.clone();
                tokio::spawn(async move { serve(stream, &inner).await });
            }
        });
        Self { url, inner, task }
    }

    /// From now on.
    pub(crate) fn script(&self, does: Deed, says: Says) {
        let mut inner = self.inner.lock().unwrap();
        (inner.does, inner.says) = (does, says);
    }

    /// Everything it was asked.
    pub(crate) fn bodies(&self) -> Vec<String> {
        self.inner.lock().unwrap().bodies.clone()
    }

    pub(crate) fn rail(&self, stall: &Stall, used: FacilitatorUse) -> FacilitatorRail {
        let clock = stall.clock.clone();
        let client = Facilitator::new(self.url.parse().unwrap(), None, clock, [1; 32]).unwrap();
        FacilitatorRail { client, used, version: Version::V2, stall_url: "https://stall.example".into() }
    }
}

impl Drop for ScriptedFacilitator {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, inner: &Mutex<Inner>) {
    let mut request = Vec::new();
    while let Some(body) = read(&mut stream, &mut request).await {
        let answer = answer(inner, body);
        if matches!(inner.lock().unwrap().says, Says::Silent) {
            std::future::pending::<()>().await;
        }
        if answer.is_empty() || stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
        request.clear();
    }
}

fn answer(inner: &Mutex<Inner>, body: String) -> String {
    let mut inner = inner.lock().unwrap();
    let key = key_in(&body);
    inner.bodies.push(body);
    let done = match inner.does {
        Deed::Settles if inner.node.fate(key).is_none() => {
            Some(inner.node.used_by_another(key, PAY_TO, PRICE))
        }
        Deed::Settles | Deed::Nothing => None,
    };
    let named = |hash: Option<B256>| hash.map(|hash| hash.to_string()).unwrap_or_default();
    let json = match &inner.says {
        Says::Truth if done.is_some() => format!(r#"{{"success":true,"transaction":"{}"}}"#, named(done)),
        Says::Truth => r#"{"success":false,"errorReason":"invalid_exact_evm_nonce_already_used"}"#.to_owned(),
        Says::Done(hash) => format!(r#"{{"success":true,"transaction":"{}"}}"#, named(*hash)),
        Says::Pending(hash) => format!(
            r#"{{"success":false,"errorReason":"settlement_pending","transaction":"{}"}}"#,
            named(*hash)
        ),
        Says::Refuses(reason) => format!(r#"{{"success":false,"errorReason":"{reason}"}}"#),
        Says::Raw(raw) => return (*raw).to_owned(),
        Says::HangsUp | Says::Silent => return String::new(),
    };
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{json}", json.len())
}

/// Which authorization a request is about.
pub(crate) fn key_in(body: &str) -> AuthorizationKey {
    let text = |name: &str| {
        let (_, rest) = body.split_once(&format!("\"{name}\":\"")).unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    AuthorizationKey { payer: text("from").parse().unwrap(), nonce: text("nonce").parse().unwrap() }
}

/// The body of the next request; none when there is no other.
async fn read(stream: &mut TcpStream, request: &mut Vec<u8>) -> Option<String> {
    loop {
        let text = String::from_utf8_lossy(request);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Some(body.to_owned());
            }
        }
        let mut piece = [0; 8192];
        match stream.read(&mut piece).await {
            Ok(read) if read > 0 => request.extend_from_slice(&piece[..read]),
            _ => return None,
        }
    }
}
