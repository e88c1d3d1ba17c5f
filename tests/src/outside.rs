use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::{Certificate, Client, Proxy, Response, redirect};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use crate::Stall;
use crate::processes::signal;

/// Names that the world outside knows.
const NAMES: &str = "subjectAltName=DNS:*.trycloudflare.com,DNS:*.tail1234.ts.net,DNS:stall.example";

/// The world outside of a stall, on this computer: programs called cloudflared and tailscale that say what the real ones
/// say, addresses with certificates, and a proxy that leads to them.
pub struct Outside {
    folder: TempDir,
    proxy: String,
    others: Vec<Child>,
}

/// A call of one of the programs.
#[derive(Debug)]
pub struct Called {
    /// All it was told in arguments.
    pub arguments: Vec<String>,
    /// The token in its environment.
    pub token: Option<String>,
    /// Its process id.
    pub pid: u32,
}

impl Outside {
    /// A world in which the named programs are installed.
    pub async fn with(tools: &[&str]) -> Self {
        let folder = tempfile::Builder::new().prefix("outside-").tempdir().expect("a temporary folder");
        for name in ["bin", "hosts"] {
            std::fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        certificate(folder.path());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let proxy = format!("http://{}", listener.local_addr().expect("its address"));
        tokio::spawn(lead(listener, folder.path().join("hosts")));
        let outside = Self { folder, proxy, others: Vec::new() };
        outside.plan(&json!({}));
        for tool in tools {
            let script = format!("#!/bin/sh\nexec node '{}' {tool} \"$@\"\n", relay().display());
            let file = outside.path().join("bin").join(tool);
            std::fs::write(&file, script).expect("a program");
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755))
                .expect("a program that runs");
        }
        outside
    }

    /// Puts a stall into this world.
    pub fn around(&self, stall: &mut Stall) {
        let path = std::env::var("PATH").unwrap_or_default();
        let bin = self.path().join("bin");
        stall.variable("PATH", &format!("{}:{path}", bin.display()));
        stall.variable("HTTPS_PROXY", &self.proxy);
        stall.variable("NO_PROXY", "127.0.0.1");
        stall.variable("SSL_CERT_FILE", self.path().join("cert.pem").to_str().expect("a plain path"));
        stall.variable("RELAY_FOLDER", self.path().to_str().expect("a plain path"));
    }

    /// How the programs behave from now on.
    pub fn plan(&self, plan: &Value) {
        std::fs::write(self.path().join("plan.json"), plan.to_string()).expect("the plan can be written");
    }

    /// A file of this world, such as one that holds a token.
    pub fn file(&self, name: &str, content: &str) -> String {
        let path = self.path().join(name);
        std::fs::write(&path, content).expect("the file can be written");
        path.to_str().expect("a plain path").to_owned()
    }

    /// Lets a host of this world lead to a server on this computer.
    pub async fn host(&mut self, host: &str, target: &str) {
        let other = Command::new("node")
            .arg(relay())
            .args(["host", host, target])
            .env("RELAY_FOLDER", self.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn();
        self.others.push(other.expect("node runs"));
        let known = self.path().join("hosts").join(host);
        crate::eventually("the host is known", async || known.exists()).await;
    }

    /// The calls of the programs so far.
    pub fn calls(&self) -> Vec<Called> {
        let text = std::fs::read_to_string(self.path().join("calls")).unwrap_or_default();
        let calls = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("a call"));
        calls
            .filter(|call| call["tool"] != "host")
            .map(|call| Called {
                arguments: serde_json::from_value(call["args"].clone()).expect("arguments"),
                token: call["token"].as_str().map(str::to_owned),
                pid: u32::try_from(call["pid"].as_u64().expect("a process id")).expect("a process id"),
            })
            .collect()
    }

    /// Ends a program as if it had crashed.
    pub fn crash(&self, called: &Called) {
        signal(called.pid, "KILL");
    }

    /// Asks as somebody in this world does, with any headers.
    pub async fn ask(&self, url: &str, headers: &[(&str, &str)]) -> Response {
        let trusted = std::fs::read(self.path().join("cert.pem")).expect("the certificate");
        let client = Client::builder()
            .proxy(Proxy::all(&self.proxy).expect("a proxy"))
            .tls_certs_only([Certificate::from_pem(&trusted).expect("a certificate")])
            .redirect(redirect::Policy::none())
            .timeout(Duration::from_secs(60))
            .build()
            .expect("an HTTP client");
        let request =
            headers.iter().fold(client.get(url), |request, (name, value)| request.header(*name, *value));
        request.send().await.expect("an answer")
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Called {
    /// Whether it still runs.
    pub fn runs(&self) -> bool {
        let line = std::fs::read_to_string(format!("/proc/{}/cmdline", self.pid)).unwrap_or_default();
        line.contains("relay.mjs")
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        for other in &mut self.others {
            let _ = other.kill();
            let _ = other.wait();
        }
    }
}

fn relay() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tunnels/relay.mjs")
}

/// A certificate for all names of this world, which nobody else trusts.
fn certificate(folder: &Path) {
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", "/CN=outside", "-addext", NAMES, "-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(folder.join("key.pem"))
        .arg("-out")
        .arg(folder.join("cert.pem"))
        .output()
        .expect("openssl runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// Leads whoever asks for a host to where its file says it listens.
async fn lead(listener: TcpListener, hosts: PathBuf) {
    while let Ok((mut visitor, _)) = listener.accept().await {
        let hosts = hosts.clone();
        tokio::spawn(async move {
            let Some(host) = wanted(&mut visitor).await else { return };
            let port =
                std::fs::read_to_string(hosts.join(host)).ok().and_then(|port| port.parse::<u16>().ok());
            let found = match port {
                Some(port) => TcpStream::connect(("127.0.0.1", port)).await.ok(),
                None => None,
            };
            let Some(mut found) = found else {
                let _ = visitor.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n").await;
                return;
            };
            if visitor.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.is_ok() {
                let _ = copy_bidirectional(&mut visitor, &mut found).await;
            }
        });
    }
}

/// The host of a CONNECT.
async fn wanted(visitor: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(visitor.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let authority = head.strip_prefix("CONNECT ")?.split(' ').next()?;
    let (host, _) = authority.rsplit_once(':')?;
    host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte)).then(|| host.to_owned())
}
