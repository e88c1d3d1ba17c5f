//! What is shown of the way to the stall.

use ::reach::check::NotFound;
use ::reach::{Kind, State, Token};
use serde::Serialize;
use ts_rs::TS;

use super::chosen;
use crate::engine::Engine;
use crate::reach::{Checked, Outside};
use crate::{ApiError, App};

/// How buyers reach the stall.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReachView {
    /// The chosen way.
    pub way: WayView,
    /// How it stands, as one word.
    pub state: ReachState,
    /// The same as a sentence.
    pub sentence: String,
    /// Where buyers reach the stall; null while nobody does, or the stall is closed.
    pub url: Option<String>,
    /// Other addresses of the same.
    pub also: Vec<String>,
    /// When it is tried again, in Unix milliseconds.
    pub next_try_at: Option<i64>,
    /// The address that the seller chose, if one was.
    pub address: Option<String>,
    /// What the stall is called in its own network, without `.local`.
    pub name: String,
    /// Whether the tunnel's provider is told who asks.
    pub token: ReachToken,
    /// What was found last when it was asked from outside.
    pub check: Option<ReachCheckView>,
    /// All ways there are.
    pub ways: Vec<WayView>,
}

/// How the way stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ReachState {
    /// Only this computer reaches the stall, or it is closed.
    Off,
    /// It is being opened.
    Starting,
    /// It is open.
    Online,
    /// It is open as far as can be told from here, and nobody finds the stall at its end.
    Unreached,
    /// It is not open.
    Failing,
}

/// Whether there is a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ReachToken {
    /// None was given.
    None,
    /// It has to be unlocked first.
    Locked,
    /// It is at hand.
    Kept,
}

/// A way to the stall.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct WayView {
    /// Its word.
    pub kind: String,
    /// Its name for people.
    pub title: String,
    /// What it is good for.
    pub purpose: String,
    /// Who can read what passes.
    pub who_reads: String,
    /// What happens to the address at the next start.
    pub on_restart: String,
    /// What its provider does not do.
    pub limits: Option<String>,
    /// Whether the address survives a restart.
    pub permanent: bool,
    /// Whether it takes a token of an account.
    pub takes_token: bool,
    /// Whether it takes an address that the seller has already.
    pub takes_address: bool,
    /// The program that it needs, by name.
    pub program: Option<String>,
    /// Where that program is; null where it was not found.
    pub program_path: Option<String>,
    /// How to get it, where it was not found.
    pub missing: Option<String>,
}

/// What was found when it was asked from outside.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReachCheckView {
    /// When, in Unix milliseconds.
    pub at: i64,
    /// Where.
    pub url: String,
    /// What answered.
    pub answer: ReachAnswer,
    /// The same as a sentence, with what to do.
    pub sentence: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// How many times in a row the stall was not found.
    pub missed: u32,
}

/// What answered outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ReachAnswer {
    /// This stall.
    Stall,
    /// Nobody.
    Nobody,
    /// Somebody else.
    SomebodyElse,
}

pub(super) async fn view(app: &App) -> Result<ReachView, ApiError> {
    let wish = chosen(app).await?;
    let open = app.outside();
    let state = open.map_or(State::Off, Outside::state);
    let checked = open.and_then(Outside::checked);
    // Who starts it with another address to listen at opens it to whoever reaches that.
    let listener = app.engine().map(Engine::address).filter(|address| !address.ip().is_loopback());
    let mut around = listener.map(::reach::urls_of).unwrap_or_default();
    let (word, sentence, next_try) = match &state {
        State::Off if open.is_none() => (ReachState::Off, "The stall is closed.".to_owned(), None),
        State::Off if !around.is_empty() => (ReachState::Online, listening(&around), None),
        State::Off => (ReachState::Off, "Only this computer reaches the stall.".to_owned(), None),
        State::Starting => (ReachState::Starting, format!("{} is being opened.", wish.kind.title()), None),
        State::Online { url, .. } => match checked.as_ref().map(|checked| &checked.found) {
            Some(Err(why)) if open.is_some_and(|open| open.trouble().is_some()) => {
                (ReachState::Unreached, why.to_string(), None)
            }
            Some(Err(why)) => {
                let yet = format!("{why} It may take a minute until the whole world knows a new address.");
                (ReachState::Starting, yet, None)
            }
            Some(Ok(())) | None => (ReachState::Online, format!("Buyers reach the stall at {url}."), None),
        },
        State::Failing { why, next_try } => (ReachState::Failing, why.clone(), *next_try),
    };
    let (url, also) = match state {
        State::Online { url, also } => (Some(url), also),
        State::Off if !around.is_empty() => (Some(around.remove(0)), around),
        State::Off | State::Starting | State::Failing { .. } => (None, Vec::new()),
    };
    let ways = Kind::ALL.into_iter().map(|kind| way(app, kind)).collect();
    Ok(ReachView {
        way: way(app, wish.kind),
        state: word,
        sentence,
        url,
        also,
        next_try_at: next_try.map(|at| at.timestamp_millis()),
        address: wish.url,
        name: wish.name,
        token: match wish.token {
            Token::None => ReachToken::None,
            // Nobody has tried to open it while the stall is closed.
            Token::Locked if open.is_some() => ReachToken::Locked,
            Token::Locked | Token::Known(_) => ReachToken::Kept,
        },
        check: checked.map(check_view),
        ways,
    })
}

/// That the stall was started to listen where others reach it.
fn listening(urls: &[String]) -> String {
    format!(
        "The stall was started to listen to the network: whoever reaches this computer there reaches it at {}.",
        urls.join(" or ")
    )
}

fn way(app: &App, kind: Kind) -> WayView {
    let tool = kind.tool();
    let path = tool.and_then(|tool| tool.find(&[app.tools()], std::env::var_os("PATH").as_deref()));
    let missing = tool.filter(|_| path.is_none()).map(|tool| tool.how_to_get_it().to_owned());
    WayView {
        kind: kind.to_string(),
        title: kind.title().to_owned(),
        purpose: kind.purpose().to_owned(),
        who_reads: kind.who_reads().to_owned(),
        on_restart: kind.on_restart().to_owned(),
        limits: kind.limits().map(str::to_owned),
        permanent: kind.is_permanent(),
        takes_token: kind.takes_token(),
        takes_address: matches!(kind, Kind::OwnUrl | Kind::CloudflareNamed | Kind::Ngrok),
        program: tool.map(|tool| tool.name().to_owned()),
        program_path: path.map(|path| path.to_string_lossy().into_owned()),
        missing,
    }
}

pub(super) fn check_view(checked: Checked) -> ReachCheckView {
    let (answer, sentence) = match &checked.found {
        Ok(()) => (ReachAnswer::Stall, format!("The stall answers at {}.", checked.url)),
        Err(NotFound::Nobody(why)) => (
            ReachAnswer::Nobody,
            format!(
                "{why} Some routers do not let their own network in this way: try it from a phone without Wi-Fi, too."
            ),
        ),
        Err(NotFound::SomebodyElse(why)) => (
            ReachAnswer::SomebodyElse,
            format!("{why} Look where that address leads, and whether the way lets every path pass."),
        ),
    };
    ReachCheckView {
        at: checked.at.timestamp_millis(),
        url: checked.url,
        answer,
        sentence,
        took_ms: u64::try_from(checked.took.as_millis()).unwrap_or(u64::MAX),
        missed: checked.missed,
    }
}
