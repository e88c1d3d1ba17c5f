//! How buyers reach the stall: which ways there are, which one is chosen, and whether it really leads here.

use std::path::Path;
use std::time::Duration;

use ::practice::{Practice, Protocol, Purchase};
use ::reach::check::{NotFound, look_at_offer};
use ::reach::{Kind, State, Token, Tool, Wish};
use alloy_primitives::B256;
use domain::{Amount, CanonicalPath, EndpointState, Mode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use server::PublicUrl;
use ts_rs::TS;
use wallet::Credential;

use crate::api::PUBLIC_URL;
use crate::api::wallet::{file, passphrase};
use crate::error::sentence;
use crate::keys::{blocking, wrong};
use crate::reach::{self as outside, ADDRESS, Checked, KIND, NAME, Outside};
use crate::{ApiError, App, ErrorCode, random};

/// How long a command waits for a way to open before it says how it stands.
const PATIENCE: Duration = Duration::from_secs(20);

/// The longest name in the own network.
const LONGEST_NAME: usize = 40;

/// Chooses how buyers reach the stall.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct ReachSet {
    /// One of the kinds that `reach_show` lists.
    pub kind: String,
    /// The address that leads here, such as `https://stall.example`: for `own_url`, `cloudflare_named` and, where the
    /// account has several, `ngrok`. Absent leaves it as it is; empty takes it away.
    pub address: Option<String>,
    /// What the stall is called in its own network, without `.local`. Absent leaves it as it is.
    pub name: Option<String>,
    /// What the tunnel's provider knows the seller by; empty forgets it.
    #[ts(as = "Option<String>", optional)]
    pub token: Option<SecretString>,
    /// The same as the absolute path of a file that holds it; the file is read and left as it is.
    pub token_file: Option<String>,
    /// The absolute path of the tunnel's program, which was downloaded; it is copied into the data folder.
    pub program: Option<String>,
    /// Keeps the token in an encrypted file behind this.
    #[ts(as = "Option<String>", optional)]
    pub passphrase: Option<SecretString>,
    /// The same as the path of a file that holds it.
    pub passphrase_file: Option<String>,
}

/// Opens the token of the chosen way, where it lies in an encrypted file.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct ReachUnlock {
    /// What opens it.
    #[ts(as = "Option<String>", optional)]
    pub passphrase: Option<SecretString>,
    /// The same as the path of a file that holds it.
    pub passphrase_file: Option<String>,
}

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

/// What became of a purchase through the public address.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReachTrial {
    /// Where.
    pub url: String,
    /// Whether all went well.
    pub ok: bool,
    /// Every step.
    pub steps: Vec<TrialStep>,
}

/// A step of a purchase through the public address.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TrialStep {
    /// reach, offer, v1 or v2.
    pub step: String,
    /// Whether it went well.
    pub ok: bool,
    /// How it went.
    pub sentence: String,
}

pub(crate) async fn show(app: &App, (): ()) -> Result<ReachView, ApiError> {
    view(app).await
}

async fn chosen(app: &App) -> Result<Wish, ApiError> {
    outside::wish(app.store(), app.keys().credentials()).await
}

async fn view(app: &App) -> Result<ReachView, ApiError> {
    let wish = chosen(app).await?;
    let open = app.outside();
    let state = open.map_or(State::Off, Outside::state);
    let checked = open.and_then(Outside::checked);
    let (word, sentence, next_try) = match &state {
        State::Off if open.is_none() => (ReachState::Off, "The stall is closed.".to_owned(), None),
        State::Off => (ReachState::Off, "Only this computer reaches the stall.".to_owned(), None),
        State::Starting => (ReachState::Starting, format!("{} is being opened.", wish.kind.title()), None),
        State::Online { url, .. } => match checked.as_ref().map(|checked| &checked.found) {
            Some(Err(why)) => (ReachState::Unreached, why.to_string(), None),
            Some(Ok(())) | None => (ReachState::Online, format!("Buyers reach the stall at {url}."), None),
        },
        State::Failing { why, next_try } => (ReachState::Failing, why.clone(), *next_try),
    };
    let (url, also) = match state {
        State::Online { url, also } => (Some(url), also),
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
            Token::Locked => ReachToken::Locked,
            Token::Known(_) => ReachToken::Kept,
        },
        check: checked.map(check_view),
        ways,
    })
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

fn check_view(checked: Checked) -> ReachCheckView {
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

pub(crate) async fn set(app: &App, request: ReachSet) -> Result<ReachView, ApiError> {
    let kind: Kind = request.kind.parse().map_err(|_| {
        let words: Vec<_> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        ApiError::invalid(format!("Choose one of these ways: {}.", words.join(", ")))
    })?;
    let name = request.name.as_deref().map(name_of).transpose()?;
    let address = address_of(app, kind, request.address.as_deref()).await?;
    let typed = match (request.token, request.token_file.as_deref()) {
        (Some(_), Some(_)) => {
            return Err(ApiError::invalid("Give the token or the file that holds it, not both."));
        }
        (Some(token), None) => Some(token),
        (None, Some(path)) => Some(imported(path).await?),
        (None, None) => None,
    };
    if typed.is_some() && !kind.takes_token() {
        return Err(ApiError::invalid(format!("{} takes no token.", kind.title())));
    }
    let passphrase = passphrase(request.passphrase, request.passphrase_file.as_deref())?;
    if let Some(program) = &request.program {
        let missing = || ApiError::invalid(format!("{} needs no program.", kind.title()));
        take_program(app, kind.tool().ok_or_else(missing)?, program).await?;
    }
    if let Some(token) = typed {
        take_token(app, kind, &token, passphrase).await?;
    }
    for (key, value) in [(ADDRESS, address.other), (PUBLIC_URL, address.own), (NAME, name)] {
        if let Some(value) = value {
            app.store().set_setting(key.to_owned(), value).await?;
        }
    }
    app.store().set_setting(KIND.to_owned(), kind.to_string()).await?;
    follow(app).await?;
    view(app).await
}

/// An address that the seller says is the stall's own way; without it, only this computer is left of that way.
pub(crate) async fn public_url_changed(app: &App, is_set: bool) -> Result<(), ApiError> {
    if is_set {
        app.store().set_setting(KIND.to_owned(), Kind::OwnUrl.to_string()).await?;
    } else if chosen(app).await?.kind == Kind::OwnUrl {
        app.store().set_setting(KIND.to_owned(), Kind::ThisComputer.to_string()).await?;
    }
    follow(app).await
}

/// Takes up what was chosen, and waits a while until it is open.
async fn follow(app: &App) -> Result<(), ApiError> {
    if let Some(outside) = app.outside() {
        outside.set(chosen(app).await?);
        outside.opened(PATIENCE).await;
        app.on_the_shelf().await;
    }
    Ok(())
}

/// The addresses to remember; none where it stays as it is.
#[derive(Default)]
struct Address {
    own: Option<String>,
    other: Option<String>,
}

async fn address_of(app: &App, kind: Kind, said: Option<&str>) -> Result<Address, ApiError> {
    let said = said.map(str::trim);
    let settings = app.store().settings().await?;
    let kept = |name: &str| settings.iter().any(|(key, value)| key == name && !value.is_empty());
    let url = match said {
        None | Some("") => None,
        Some(text) => {
            let url =
                text.parse::<PublicUrl>().map_err(|error| ApiError::invalid(sentence(&error.to_string())))?;
            Some(url.to_string())
        }
    };
    let https = |url: &Option<String>| match url {
        Some(url) if !url.starts_with("https://") => {
            Err(ApiError::invalid("Addresses of tunnels begin with https://."))
        }
        _ => Ok(()),
    };
    match kind {
        Kind::OwnUrl if url.is_none() && (said.is_some() || !kept(PUBLIC_URL)) => Err(ApiError::invalid(
            "Say at which address buyers reach the stall, such as https://stall.example.",
        )),
        Kind::OwnUrl => Ok(Address { own: url, other: None }),
        Kind::CloudflareNamed if url.is_none() && (said.is_some() || !kept(ADDRESS)) => {
            Err(ApiError::invalid(
                "Say at which address your tunnel is reached: the public hostname that its page at Cloudflare shows.",
            ))
        }
        Kind::CloudflareNamed | Kind::Ngrok => {
            https(&url)?;
            Ok(Address { own: None, other: said.map(|_| url.unwrap_or_default()) })
        }
        Kind::ThisComputer | Kind::ThisNetwork | Kind::CloudflareQuick | Kind::TailscaleFunnel => {
            if url.is_some() {
                return Err(ApiError::invalid(format!("{} takes no address.", kind.title())));
            }
            Ok(Address::default())
        }
    }
}

fn name_of(said: &str) -> Result<String, ApiError> {
    let name = said.trim().trim_end_matches(".local").to_ascii_lowercase();
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_name = !name.is_empty() && name.len() <= LONGEST_NAME && name.bytes().all(fits);
    if is_name && !name.starts_with('-') && !name.ends_with('-') {
        return Ok(name);
    }
    Err(ApiError::invalid(format!(
        "{said:?} is no name for a network: take letters, digits and hyphens, {LONGEST_NAME} at most."
    )))
}

async fn take_token(
    app: &App,
    kind: Kind,
    typed: &SecretString,
    passphrase: Option<SecretString>,
) -> Result<(), ApiError> {
    let credentials = app.keys().credentials();
    let is_given = !typed.expose_secret().trim().is_empty();
    if is_given {
        credentials.take_tunnel(kind, credential(typed.expose_secret())?, passphrase).await?;
    } else {
        credentials.forget_tunnel(kind).await?;
    }
    outside::note_token(app.store(), kind, is_given).await
}

/// The token in what was copied: providers show whole commands that end with it.
fn credential(text: &str) -> Result<Credential, ApiError> {
    let token = text.split_whitespace().next_back().unwrap_or_default();
    Credential::bearer(token).map_err(|error| ApiError::invalid(sentence(&error.to_string())))
}

async fn imported(path: &str) -> Result<SecretString, ApiError> {
    let path = file(path)?;
    blocking(move || {
        let text = std::fs::read_to_string(&path).map_err(|error| wrong(&path, &error))?;
        Ok(SecretString::from(text))
    })
    .await
}

/// Copies a downloaded program to where it is looked for first.
async fn take_program(app: &App, tool: Tool, path: &str) -> Result<(), ApiError> {
    let (path, tools) = (file(path)?, app.tools());
    blocking(move || {
        let place = tools.join(tool.file_name());
        let copied = std::fs::create_dir_all(&tools).and_then(|()| copy_program(&path, &place));
        copied.map_err(|error| wrong(&path, &error))
    })
    .await
}

fn copy_program(path: &Path, place: &Path) -> std::io::Result<()> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::other("it is no file"));
    }
    let beside = place.with_extension("next");
    std::fs::copy(path, &beside)?;
    #[cfg(unix)]
    std::fs::set_permissions(&beside, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    std::fs::rename(&beside, place)
}

pub(crate) async fn off(app: &App, (): ()) -> Result<ReachView, ApiError> {
    set(app, ReachSet { kind: Kind::ThisComputer.to_string(), ..ReachSet::default() }).await
}

pub(crate) async fn unlock(app: &App, request: ReachUnlock) -> Result<ReachView, ApiError> {
    let wish = chosen(app).await?;
    if !matches!(wish.token, Token::Locked) {
        return Err(ApiError::new(ErrorCode::Conflict, "There is no token of a tunnel to unlock."));
    }
    let passphrase = passphrase(request.passphrase, request.passphrase_file.as_deref())?;
    app.keys().credentials().unlock_tunnel(wish.kind, passphrase).await?;
    follow(app).await?;
    view(app).await
}

fn open(app: &App) -> Result<&Outside, ApiError> {
    app.outside().ok_or_else(|| ApiError::new(ErrorCode::Unavailable, "The stall is not open."))
}

pub(crate) async fn check(app: &App, (): ()) -> Result<ReachView, ApiError> {
    let outside = open(app)?;
    match outside.state() {
        State::Off => {
            let why = "Only this computer reaches the stall, so there is nothing to ask outside. Choose a way first.";
            return Err(ApiError::new(ErrorCode::Conflict, why));
        }
        State::Failing { .. } => {
            outside.try_again(PATIENCE).await;
        }
        State::Starting => outside.opened(PATIENCE).await,
        State::Online { .. } => {}
    }
    outside.ask().await;
    view(app).await
}

pub(crate) async fn try_it(app: &App, (): ()) -> Result<ReachTrial, ApiError> {
    let outside = open(app)?;
    let engine = app.working()?;
    let url = engine.url();
    let mut steps = Vec::new();
    if !matches!(outside.state(), State::Off) {
        outside.ask().await;
        let (ok, sentence) = match outside.checked().map(check_view) {
            Some(check) => (check.answer == ReachAnswer::Stall, check.sentence),
            None => (false, outside.trouble().unwrap_or_else(|| "The way is not open yet.".to_owned())),
        };
        steps.push(TrialStep { step: "reach".to_owned(), ok, sentence });
    }
    let cheapest = cheapest(app).await?;
    let Some((path, price)) = cheapest else {
        let sentence = "Nothing is for sale that could be bought.".to_owned();
        steps.push(TrialStep { step: "offer".to_owned(), ok: false, sentence });
        return Ok(ReachTrial { url, ok: false, steps });
    };
    let offer = look_at_offer(&url, path.as_str()).await;
    let sentence = match &offer {
        Ok(()) => {
            format!("{url}{path} asks for payment, under that very address, and lets nobody keep the answer.")
        }
        Err(why) => why.clone(),
    };
    steps.push(TrialStep { step: "offer".to_owned(), ok: offer.is_ok(), sentence });
    if let (Some(practice), true) = (engine.practice(), offer.is_ok()) {
        for (word, protocol) in [("v1", Protocol::V1), ("v2", Protocol::V2)] {
            steps.push(purchase(practice, &format!("{url}{path}"), word, protocol, price).await?);
        }
    }
    Ok(ReachTrial { ok: steps.iter().all(|step| step.ok), url, steps })
}

/// The cheapest thing for sale, with its price.
async fn cheapest(app: &App) -> Result<Option<(CanonicalPath, Amount)>, ApiError> {
    let listings = app.store().catalogue().await?;
    let live = listings.into_iter().filter(|listing| listing.endpoint.state == EndpointState::Live);
    let priced = live.filter_map(|listing| {
        let price = listing.current().map(|offer| offer.amount).min()?;
        // What waits for its transaction is the last choice: the trial should not take long.
        Some((price, listing.endpoint.mode == Mode::Instant, listing.endpoint.path))
    });
    Ok(priced.min_by_key(|(price, instant, _)| (*price, *instant)).map(|(price, _, path)| (path, price)))
}

async fn purchase(
    practice: &Practice,
    url: &str,
    word: &str,
    protocol: Protocol,
    price: Amount,
) -> Result<TrialStep, ApiError> {
    let (key, nonce) = (B256::new(random::bytes()?), B256::new(random::bytes()?));
    let bought = practice.buy(&Purchase { url: url.to_owned(), protocol, key, nonce }).await?;
    let step = word.to_owned();
    Ok(match bought.error {
        Some(why) => TrialStep { step, ok: false, sentence: sentence(&why) },
        None if bought.amount != Some(price) => TrialStep {
            step,
            ok: false,
            sentence: "It was sold at another price than the stall's.".to_owned(),
        },
        None => TrialStep { step, ok: true, sentence: format!("Bought, {} bytes.", bought.bytes) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_at_the_end_of_the_command_that_was_copied() {
        for copied in ["eyJhIjoiMSJ9", " eyJhIjoiMSJ9\n", "sudo cloudflared service install eyJhIjoiMSJ9"] {
            assert_eq!(credential(copied).unwrap().token().unwrap().as_str(), "eyJhIjoiMSJ9");
        }
        assert!(credential("  ").is_err());
    }

    #[test]
    fn a_name_in_the_network_is_one_plain_word() {
        assert_eq!(name_of(" Ada-Books.local").unwrap(), "ada-books");
        for unfit in ["", "-x", "x-", "two words", "ä", "a.b", &"x".repeat(41)] {
            assert!(name_of(unfit).is_err(), "{unfit}");
        }
    }
}
