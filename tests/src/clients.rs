use std::path::{Path, PathBuf};
use std::time::Duration;

use alloy_primitives::Address;
use serde_json::Value;
use tokio::process::Command;
use tokio::time::timeout;

use crate::Buyer;

/// The published x402 clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// npm `x402-fetch`, version 1.
    Fetch1,
    /// npm `@x402/fetch`, version 2.
    Fetch2,
    /// npm `@x402/axios`, version 2.
    Axios2,
    /// PyPI `x402` of version 1.
    Python1,
    /// PyPI `x402` of version 2.
    Python2,
}

/// What a client says about one purchase; `tests/buyers/README.md` has the fields.
pub type Line = Value;

impl Client {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Fetch1, Self::Fetch2, Self::Axios2, Self::Python1, Self::Python2];

    fn program(self) -> (PathBuf, PathBuf) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("buyers");
        let python = |name: &str| folder.join(format!("python/.venv-{name}/bin/python"));
        match self {
            Self::Fetch1 => ("node".into(), folder.join("x402-fetch/buy.mjs")),
            Self::Fetch2 => ("node".into(), folder.join("x402-fetch-v2/buy.mjs")),
            Self::Axios2 => ("node".into(), folder.join("x402-axios/buy.mjs")),
            Self::Python1 => (python("v1"), folder.join("python/buy_v1.py")),
            Self::Python2 => (python("v2"), folder.join("python/buy_v2.py")),
        }
    }

    /// Lets it buy once.
    pub async fn buy(self, url: &str, buyer: &Buyer) -> Line {
        self.buy_with(&[url], buyer, &[]).await.remove(0)
    }

    /// Lets it buy each of them once, one after another.
    pub async fn buy_each(self, urls: &[&str], buyer: &Buyer) -> Vec<Line> {
        self.buy_with(urls, buyer, &[]).await
    }

    /// Lets it buy once for a smart account that `buyer` signs for. Only [`Client::Fetch2`] is made for that here.
    pub async fn buy_for(self, account: Address, url: &str, buyer: &Buyer) -> Line {
        let account = account.to_string();
        self.buy_with(&[url], buyer, &["--account", &account]).await.remove(0)
    }

    /// Lets it buy once with a POST of this JSON. Only the clients on Node are made for that here.
    pub async fn post(self, url: &str, buyer: &Buyer, json: &str) -> Line {
        self.buy_with(&[url], buyer, &["--data", json]).await.remove(0)
    }

    async fn buy_with(self, urls: &[&str], buyer: &Buyer, more: &[&str]) -> Vec<Line> {
        let (program, script) = self.program();
        let mut command = Command::new(&program);
        command
            .arg(script)
            .args(urls.iter().flat_map(|url| ["--url", url]))
            .args(["--key", &buyer.private_key()])
            .args(more)
            .kill_on_drop(true);
        let ended = timeout(Duration::from_secs(60), command.output()).await;
        let output = ended.expect("it ends within a minute").unwrap_or_else(|error| {
            panic!("{} does not run ({error}); `cargo xtask test` installs it", program.display())
        });
        let text = String::from_utf8_lossy(&output.stdout);
        let lines: Vec<Line> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(lines.len(), urls.len(), "{self:?} said {text}{complaint}");
        lines
    }
}
