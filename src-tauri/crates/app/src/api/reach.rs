//! How buyers reach the stall: which ways there are, which one is chosen, and whether it really leads here.

mod trial;
mod view;

use std::path::Path;
use std::time::Duration;

use ::reach::{Kind, State, Token, Tool, Wish};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use server::PublicUrl;
use ts_rs::TS;
use wallet::Credential;

use crate::api::PUBLIC_URL;
use crate::api::wallet::{file, passphrase};
use crate::error::sentence;
use crate::keys::{blocking, wrong};
use crate::reach::{self as outside, ADDRESS, KIND, NAME, Outside};
use crate::{ApiError, App, ErrorCode};

pub(crate) use trial::try_it;
pub use trial::{ReachTrial, TrialStep};
use view::view;
pub use view::{ReachAnswer, ReachCheckView, ReachState, ReachToken, ReachView, WayView};

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

pub(crate) async fn show(app: &App, (): ()) -> Result<ReachView, ApiError> {
    view(app).await
}

async fn chosen(app: &App) -> Result<Wish, ApiError> {
    outside::wish(app.store(), app.keys().credentials()).await
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
    let kind = match chosen(app).await?.kind {
        _ if is_set => Kind::OwnUrl,
        Kind::OwnUrl | Kind::ThisComputer => Kind::ThisComputer,
        // Another way is open, which this is no part of.
        _ => return Ok(()),
    };
    app.store().set_setting(KIND.to_owned(), kind.to_string()).await?;
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
    open(app)?;
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
    app.outside().ok_or_else(ApiError::not_open)
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
