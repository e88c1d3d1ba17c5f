use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};

use super::{end, screen::Screen};
use crate::eventually;

/// The name under which the protocol hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The longest that starting the program or a script in its page may take.
const ANSWERS_WITHIN: Duration = Duration::from_secs(45);

/// WebKit's own WebDriver, which starts the program it drives.
pub(super) struct Driver {
    process: Child,
    http: reqwest::Client,
    url: String,
}

/// One window that is driven.
#[derive(Clone)]
pub(super) struct Session {
    http: reqwest::Client,
    url: String,
}

/// An element of the page, by the name the driver gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Element(String);

/// Why the driver did not do something: its code and its words.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) code: String,
    pub(super) message: String,
}

impl Driver {
    pub(super) async fn start(screen: &Screen) -> Self {
        let port = free_port();
        let process = Command::new("WebKitWebDriver")
            .args(["--host=127.0.0.1", &format!("--port={port}")])
            .env_clear()
            .envs(screen.variables())
            // Without it Tauri lets nobody drive its windows.
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(screen.log())
            .spawn()
            .expect("WebKitWebDriver runs (`cargo xtask test` installs it)");
        let http = reqwest::Client::builder().no_proxy().tls_certs_only([]).timeout(ANSWERS_WITHIN);
        let http = http.build().expect("an HTTP client");
        let driver = Self { process, http, url: format!("http://127.0.0.1:{port}") };
        eventually("the driver's first answer", async || {
            ask(&driver.http, Method::GET, format!("{}/status", driver.url), None).await.is_ok()
        })
        .await;
        driver
    }

    /// Starts the program and waits for its window.
    pub(super) async fn session(&self, program: &Path) -> Session {
        let wanted = json!({ "webkitgtk:browserOptions": { "binary": program, "args": [] } });
        let body = json!({ "capabilities": { "alwaysMatch": wanted } });
        let made = ask(&self.http, Method::POST, format!("{}/session", self.url), Some(body)).await;
        let made = made.unwrap_or_else(|why| panic!("{} shows no window: {why:?}", program.display()));
        let id = made["sessionId"].as_str().expect("the session's id");
        Session { http: self.http.clone(), url: format!("{}/session/{id}", self.url) }
    }

    /// Its process id.
    pub(super) fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

impl Session {
    /// Runs a function's body in the page and answers what it returns.
    pub(super) async fn run(&self, script: &str, arguments: Value) -> Result<Value, Refused> {
        self.post("/execute/sync", json!({ "script": script, "args": arguments })).await
    }

    /// Runs a function's body that calls its last argument when it is done.
    pub(super) async fn run_until_done(&self, script: &str, arguments: Value) -> Result<Value, Refused> {
        self.post("/execute/async", json!({ "script": script, "args": arguments })).await
    }

    /// What the element is, as those who hear the page are told.
    pub(super) async fn role_of(&self, element: &Element) -> Result<String, Refused> {
        self.read(element, "computedrole").await
    }

    /// What the element is called, as those who hear the page are told.
    pub(super) async fn name_of(&self, element: &Element) -> Result<String, Refused> {
        self.read(element, "computedlabel").await
    }

    async fn read(&self, element: &Element, what: &str) -> Result<String, Refused> {
        let url = format!("{}/element/{}/{what}", self.url, element.0);
        Ok(ask(&self.http, Method::GET, url, None).await?.as_str().unwrap_or_default().to_owned())
    }

    pub(super) async fn click(&self, element: &Element) -> Result<(), Refused> {
        self.post(&format!("/element/{}/click", element.0), json!({})).await.map(drop)
    }

    /// What one input device does, step by step.
    pub(super) async fn act(&self, device: Value) -> Result<(), Refused> {
        self.post("/actions", json!({ "actions": [device] })).await.map(drop)
    }

    /// Reads the page again, and waits for it.
    pub(super) async fn refresh(&self) -> Result<(), Refused> {
        self.post("/refresh", json!({})).await.map(drop)
    }

    /// The window as a PNG file.
    pub(super) async fn picture(&self) -> Result<Vec<u8>, Refused> {
        let picture = ask(&self.http, Method::GET, format!("{}/screenshot", self.url), None).await?;
        Ok(STANDARD.decode(picture.as_str().unwrap_or_default()).expect("a picture in Base64"))
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value, Refused> {
        ask(&self.http, Method::POST, format!("{}{path}", self.url), Some(body)).await
    }
}

impl Element {
    pub(super) fn from_json(value: &Value) -> Option<Self> {
        Some(Self(value[ELEMENT].as_str()?.to_owned()))
    }

    pub(super) fn to_json(&self) -> Value {
        json!({ ELEMENT: self.0 })
    }
}

async fn ask(
    http: &reqwest::Client,
    method: Method,
    url: String,
    body: Option<Value>,
) -> Result<Value, Refused> {
    let silent = |error: reqwest::Error| Refused { code: "no answer".to_owned(), message: error.to_string() };
    let mut request = http.request(method, url);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.map_err(silent)?;
    let went_well = answer.status().is_success();
    let mut value = answer.json::<Value>().await.map_err(silent)?["value"].take();
    if went_well {
        return Ok(value);
    }
    let text = |value: Value| value.as_str().unwrap_or_default().to_owned();
    Err(Refused { code: text(value["error"].take()), message: text(value["message"].take()) })
}

fn free_port() -> u16 {
    let probe = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    probe.local_addr().expect("its address").port()
}
