//! Something between us and a real node: it counts, refuses, falls silent and lies on demand.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What becomes of one request.
pub(crate) enum Reply {
    /// The node answers.
    Node,
    /// This is the node's result.
    Result(Value),
    /// This is the whole answer.
    Http(u16, String),
    /// No answer, ever.
    Silence,
}

type Policy = Box<dyn Fn(&Value) -> Reply + Send>;

pub(crate) struct Front {
    pub(crate) url: String,
    policy: Arc<Mutex<Policy>>,
    asked: Arc<Mutex<Vec<Value>>>,
    connections: watch::Sender<()>,
}

impl Front {
    /// Stands before the node at `url` and lets everything through.
    pub(crate) async fn of(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let front = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            policy: Arc::new(Mutex::new(Box::new(|_| Reply::Node))),
            asked: Arc::default(),
            connections: watch::Sender::new(()),
        };
        let (policy, asked, connections) =
            (front.policy.clone(), front.asked.clone(), front.connections.clone());
        let node = url.to_owned();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let mut cut = connections.subscribe();
                let (policy, asked, node) = (policy.clone(), asked.clone(), node.clone());
                tokio::spawn(async move {
                    tokio::select! {
                        () = serve(connection, &node, &policy, &asked) => {}
                        _ = cut.changed() => {}
                    }
                });
            }
        });
        front
    }

    /// Decides from now on what becomes of a request.
    pub(crate) fn decide(&self, policy: impl Fn(&Value) -> Reply + Send + 'static) {
        *self.policy.lock().unwrap() = Box::new(policy);
    }

    /// Cuts every open connection.
    pub(crate) fn cut(&self) {
        self.connections.send_replace(());
    }

    /// How often a method was asked for.
    pub(crate) fn count(&self, method: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|request| request["method"] == method).count()
    }
}

async fn serve(connection: TcpStream, node: &str, policy: &Mutex<Policy>, asked: &Mutex<Vec<Value>>) {
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
    let mut connection = BufReader::new(connection);
    while let Some(body) = request(&mut connection).await {
        let request: Value = serde_json::from_slice(&body).unwrap();
        asked.lock().unwrap().push(request.clone());
        let reply = (policy.lock().unwrap())(&request);
        let (status, answer) = match reply {
            Reply::Node => {
                let node = client.post(node).header("content-type", "application/json").body(body);
                (200, node.send().await.unwrap().text().await.unwrap())
            }
            Reply::Result(result) => {
                (200, json!({ "jsonrpc": "2.0", "id": 1, "result": result }).to_string())
            }
            Reply::Http(status, answer) => (status, answer),
            Reply::Silence => std::future::pending().await,
        };
        let head = format!("HTTP/1.1 {status} -\r\ncontent-length: {}\r\n\r\n", answer.len());
        if connection.write_all(&[head.as_bytes(), answer.as_bytes()].concat()).await.is_err() {
            return;
        }
    }
}

/// The body of the next request, unless the connection ends.
async fn request(connection: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if connection.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        match line.trim().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().ok()?;
            }
            Some(_) => {}
            None if line.trim().is_empty() => break,
            None => {}
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await.ok()?;
    Some(body)
}
