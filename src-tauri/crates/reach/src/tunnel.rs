//! Tunnels that a program of somebody else's holds.

use std::time::Duration;

use secrecy::SecretString;
use tokio::time::{Instant, timeout_at};

use crate::cloudflared::{self, Cloudflared};
use crate::kind::Kind;
use crate::lan::target;
use crate::line::tidy;
use crate::process::{Process, Told};
use crate::reach::{Ended, Stage};
use crate::state::State;
use crate::supervisor::Order;
use crate::tailscale::{self, Tailscale};
use crate::wish::{Token, Wish};

/// How long a tunnel may take to open, and how long it may be away while its program tries by itself.
const OPEN_WITHIN: Duration = Duration::from_secs(60);
const AWAY_AT_MOST: Duration = Duration::from_secs(120);
/// How long a person may take to allow what a program asks for.
const ALLOWED_WITHIN: Duration = Duration::from_secs(1800);

/// What a program said so far.
enum Heard {
    Cloudflared(Cloudflared),
    Tailscale(Tailscale),
}

/// Runs the program until it ends, gets nowhere, or is over.
pub(crate) async fn hold(stage: &Stage<'_>, wish: &Wish) -> Ended {
    let Some(tool) = wish.kind.tool() else {
        return Ended::Waits(format!("{} needs no program.", wish.kind.title()));
    };
    let surroundings = stage.surroundings;
    let Some(program) = tool.find(&surroundings.tools, surroundings.search_path.as_deref()) else {
        let why = format!("{} was not found. {}", tool.name(), tool.how_to_get_it());
        return Ended::Waits(why);
    };
    let target = target(surroundings.listener);
    let nothing = surroundings.folder.join("nothing.yml");
    let secret = match &wish.token {
        Token::Known(token) => Some(token),
        Token::None | Token::Locked => None,
    };
    let (arguments, heard) = match wish.kind {
        Kind::TailscaleFunnel => (tailscale::funnel(&target), Heard::Tailscale(Tailscale::default())),
        Kind::CloudflareNamed if secret.is_none() => {
            return Ended::Waits(
                "Cloudflare needs the token of your tunnel, which its page shows.".to_owned(),
            );
        }
        Kind::CloudflareNamed => (cloudflared::named(&nothing), Heard::Cloudflared(Cloudflared::default())),
        _ => (cloudflared::quick(&nothing, &target), Heard::Cloudflared(Cloudflared::default())),
    };
    let prepared = std::fs::create_dir_all(&surroundings.folder).and_then(|()| std::fs::write(&nothing, ""));
    if let Err(error) = prepared {
        return Ended::Failed(format!("{}: {error}.", nothing.display()));
    }
    let order = Order { program, arguments };
    let named = secret.filter(|_| wish.kind.takes_token()).map(|secret| (cloudflared::TOKEN, secret));
    match Process::start(&surroundings.executable, &order, named) {
        Ok(process) => follow(stage, wish, process, heard, secret).await,
        Err(error) => Ended::Failed(format!("{} cannot be started: {error}.", order.program.display())),
    }
}

async fn follow(
    stage: &Stage<'_>,
    wish: &Wish,
    mut process: Process,
    mut heard: Heard,
    secret: Option<&SecretString>,
) -> Ended {
    let name = wish.kind.tool().map_or("The tunnel", crate::tool::Tool::name);
    let mut deadline = Instant::now() + OPEN_WITHIN;
    let (mut online, mut complaint) = (None, None);
    let ended = loop {
        let told = tokio::select! {
            () = stage.over.cancelled() => break Ended::Over,
            told = timeout_at(deadline, process.next()) => told,
        };
        match told {
            Err(_) if online.is_some() => deadline = Instant::now() + AWAY_AT_MOST,
            Err(_) => {
                let why = complaint.unwrap_or_else(|| format!("{name} does not get through."));
                break Ended::Failed(why);
            }
            Ok(Told::Ended(how)) => {
                break Ended::Failed(
                    complaint.unwrap_or_else(|| format!("{name} ended: {}.", tidy(&how, secret))),
                );
            }
            Ok(Told::Line(line)) => {
                let line = tidy(&line, secret);
                tracing::debug!(line, "the tunnel says");
                if let Some(said) = heard.complaint(&line) {
                    complaint = Some(said);
                }
                heard.read(&line);
            }
        }
        let now = heard.url(wish);
        if now == online {
            if let Some(why) = heard.wants().filter(|_| online.is_none()) {
                deadline = Instant::now() + ALLOWED_WITHIN;
                stage.tell(State::Failing { why, next_try: None });
            }
            continue;
        }
        match &now {
            Some(url) => {
                complaint = None;
                stage.tell(State::Online { url: url.clone(), also: Vec::new() });
            }
            None => {
                deadline = Instant::now() + AWAY_AT_MOST;
                let why = complaint
                    .clone()
                    .unwrap_or_else(|| format!("{name} lost its connection and tries again."));
                stage.tell(State::Failing { why, next_try: None });
            }
        }
        online = now;
    };
    process.stop().await;
    ended
}

impl Heard {
    fn read(&mut self, line: &str) {
        match self {
            Self::Cloudflared(heard) => heard.read(line),
            Self::Tailscale(heard) => heard.read(line),
        }
    }

    /// Where buyers reach the stall now.
    fn url(&self, wish: &Wish) -> Option<String> {
        match self {
            Self::Cloudflared(heard) => {
                let url = if wish.kind == Kind::CloudflareNamed { wish.url.as_deref() } else { heard.url() };
                url.filter(|_| heard.is_connected()).map(str::to_owned)
            }
            Self::Tailscale(heard) => heard.url().map(str::to_owned),
        }
    }

    fn wants(&self) -> Option<String> {
        match self {
            Self::Cloudflared(_) => None,
            Self::Tailscale(heard) => heard.wants(),
        }
    }

    fn complaint(&self, line: &str) -> Option<String> {
        let known = match self {
            Self::Cloudflared(_) if !cloudflared::complains(line) => return None,
            Self::Cloudflared(_) => cloudflared::trouble(line),
            Self::Tailscale(_) => tailscale::trouble(line),
        };
        match (known, self) {
            (Some(known), _) => Some(known.to_owned()),
            (None, Self::Cloudflared(_)) => Some(format!("cloudflared says: {line}")),
            (None, Self::Tailscale(_)) => None,
        }
    }
}
