//! Facilitators: who else may settle on a network, and how they are.

use std::time::Duration;

use domain::{FacilitatorUse, NetworkId};
use facilitator::AskError;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use store::FacilitatorRow;
use tokio::time::Instant;
use ts_rs::TS;
use wallet::{Credential, CredentialKind};
use x402::{Kind, Version};

use crate::api::NetworkName;
use crate::api::wallet::{file, passphrase};
use crate::credentials::kind;
use crate::facilitators::{address, client, purpose};
use crate::keys::blocking;
use crate::networks::{CheckState, title};
use crate::{ApiError, App, ErrorCode};

/// The word for a facilitator that takes everybody.
const NOBODY: &str = "none";

/// What it is used for when nothing is said.
const USUAL: FacilitatorUse = FacilitatorUse::Always;

/// Sets up who settles on a network in place of the gas wallet.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct FacilitatorSet {
    /// CAIP-2, such as `eip155:84532`.
    pub network: String,
    /// Where it is: https, or http on this computer. Absent leaves it as it is.
    pub url: Option<String>,
    /// `always`, or `without_gas` for what the gas wallet cannot pay for. Absent leaves it as it is, `always` at first.
    pub used: Option<String>,
    /// In which version of the protocol it is asked, 1 or 2. Absent is what it says it settles here.
    pub version: Option<u8>,
    /// How it is told who asks: `none`, `bearer`, `cdp` or `payai`. Absent leaves it as it is, `none` for another host.
    pub credential: Option<String>,
    /// The name that it gave the key, for `cdp` and `payai`.
    pub key_id: Option<String>,
    /// The absolute path of a file that holds the token or the key; the file is read and left as it is.
    pub secret_file: Option<String>,
    /// Keeps the credential in an encrypted file behind this.
    #[ts(as = "Option<String>", optional)]
    pub passphrase: Option<SecretString>,
    /// The same as the path of a file that holds it.
    pub passphrase_file: Option<String>,
}

/// Opens the credentials that lie in encrypted files.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct FacilitatorUnlock {
    /// What opens them.
    #[ts(as = "Option<String>", optional)]
    pub passphrase: Option<SecretString>,
    /// The same as the path of a file that holds it.
    pub passphrase_file: Option<String>,
}

/// The facilitators that were set up.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FacilitatorList {
    /// One for each network at most.
    pub items: Vec<FacilitatorView>,
}

/// A facilitator as it was set up.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FacilitatorView {
    /// The network, in CAIP-2.
    pub network: String,
    /// Its name for people.
    pub title: String,
    /// Scheme and host of its address; what could be a key is not shown.
    pub url: String,
    /// The host alone.
    pub host: String,
    /// `always` or `without_gas`.
    pub used: String,
    /// What that means, in a sentence.
    pub sentence: String,
    /// In which version of the protocol it is asked.
    pub version: u8,
    /// How it is told who asks: `none`, `bearer`, `cdp` or `payai`.
    pub credential: String,
    /// The name of the key, for `cdp` and `payai`.
    pub key_id: Option<String>,
    /// Whether its credential has to be unlocked before it can be asked.
    pub locked: bool,
}

/// How a facilitator is.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FacilitatorCheckView {
    /// The facilitator.
    #[serde(flatten)]
    pub facilitator: FacilitatorView,
    /// Whether nothing stands against using it.
    pub ready: bool,
    /// Everything that was looked at.
    pub points: Vec<FacilitatorPointView>,
}

/// One thing about a facilitator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FacilitatorPointView {
    /// What was looked at.
    pub point: FacilitatorPoint,
    /// How it is.
    pub state: CheckState,
    /// What was found.
    pub sentence: String,
}

/// What is looked at about a facilitator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum FacilitatorPoint {
    /// Whether it answers.
    Answer,
    /// Whether it settles payments of this kind on this network.
    Network,
    /// Whether it takes the token.
    Token,
    /// Whether it is told who asks.
    Credential,
    /// Where the money goes.
    Payout,
    /// What it gets to know.
    Privacy,
}

/// A facilitator that was given up.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FacilitatorRemoved {
    /// The network, in CAIP-2.
    pub network: String,
    /// Its name for people.
    pub title: String,
}

impl FacilitatorView {
    fn of(app: &App, row: &FacilitatorRow) -> Result<Self, ApiError> {
        let url = address(&row.url)?;
        let title = title(row.network);
        Ok(Self {
            network: row.network.to_string(),
            url: url.label(),
            host: url.host(),
            used: row.used.to_string(),
            sentence: purpose(row.used, &url.host(), &title),
            title,
            version: row.protocol,
            credential: row.credential.clone().unwrap_or_else(|| NOBODY.to_owned()),
            key_id: row.key_id.clone(),
            locked: app.keys().credentials().is_locked(row),
        })
    }
}

/// Every facilitator that was set up.
pub(crate) async fn all(app: &App) -> Result<Vec<FacilitatorView>, ApiError> {
    app.store().facilitators().await?.iter().map(|row| FacilitatorView::of(app, row)).collect()
}

pub(crate) async fn show(app: &App, (): ()) -> Result<FacilitatorList, ApiError> {
    Ok(FacilitatorList { items: all(app).await? })
}

/// A network that was set up.
async fn set_up(app: &App, name: &str) -> Result<NetworkId, ApiError> {
    let network: NetworkId = name.parse().map_err(|_| ApiError::not_found("network", name))?;
    let rows = app.store().networks().await?;
    let found = rows.iter().any(|row| row.network == network);
    if found { Ok(network) } else { Err(ApiError::not_found("network", name)) }
}

async fn found(app: &App, name: &str) -> Result<FacilitatorRow, ApiError> {
    let network = set_up(app, name).await?;
    let missing = || ApiError::not_found("facilitator", name);
    app.store().facilitator(network).await?.ok_or_else(missing)
}

pub(crate) async fn set(app: &App, request: FacilitatorSet) -> Result<FacilitatorView, ApiError> {
    let engine = app.working()?;
    let network = set_up(app, &request.network).await?;
    let before = app.store().facilitator(network).await?;
    let url = match (&request.url, &before) {
        (Some(url), _) => address(url)?,
        (None, Some(before)) => address(&before.url)?,
        (None, None) => return Err(ApiError::invalid("Say where the facilitator is: https://…")),
    };
    let used = match (&request.used, &before) {
        (Some(used), _) => used.parse().map_err(|()| {
            ApiError::invalid(
                "A facilitator is used `always`, or `without_gas` for what the wallet cannot pay for.",
            )
        })?,
        (None, Some(before)) => before.used,
        (None, None) => USUAL,
    };
    // What one host knows the seller by is nothing to another.
    let same_host =
        before.as_ref().filter(|before| address(&before.url).is_ok_and(|known| known.label() == url.label()));
    let (credential, key_id, new) = match request.credential.as_deref() {
        None => (
            same_host.and_then(|before| before.credential.clone()),
            same_host.and_then(|before| before.key_id.clone()),
            None,
        ),
        Some(NOBODY) => (None, None, None),
        Some(name) => {
            let new = imported(kind(name)?, &request).await?;
            let key_id = Some(new.key_id().to_owned()).filter(|id| !id.is_empty());
            (Some(name.to_owned()), key_id, Some(new))
        }
    };
    let mut row = FacilitatorRow { network, url: url.to_string(), used, protocol: 2, credential, key_id };
    let at_hand = match &new {
        Some(new) => Some(new.clone()),
        None => app.keys().credentials().of(&row)?,
    };
    row.protocol = match request.version {
        Some(1) if network.known().is_none_or(|known| known.v1_name.is_none()) => {
            let why =
                format!("Version 1 of the protocol has no name for {}. Ask in version 2.", title(network));
            return Err(ApiError::invalid(why));
        }
        Some(version) => Version::from_number(version.into())
            .ok_or_else(|| ApiError::invalid("A facilitator is asked in version 1 or 2 of the protocol."))?
            .number(),
        None => {
            // One that does not answer now may answer when it is needed.
            let kinds = client(&row, at_hand, app.shared_clock())?.supported().await.unwrap_or_default();
            offered(&kinds, network).map_or(2, Version::number)
        }
    };
    let passphrase = passphrase(request.passphrase, request.passphrase_file.as_deref())?;
    if let Some(new) = new {
        app.keys().credentials().take(&row, new, passphrase).await?;
    }
    app.store().set_facilitator(row.clone(), app.clock().now()).await?;
    let is_kept = row.credential.is_some() && same_host.is_some();
    if let Some(before) = before.as_ref().filter(|_| !is_kept) {
        app.keys().credentials().forget(before).await?;
    }
    engine.use_new_rail(network).await;
    FacilitatorView::of(app, &row)
}

async fn imported(kind: CredentialKind, request: &FacilitatorSet) -> Result<Credential, ApiError> {
    let missing =
        || ApiError::invalid("Say which file holds the token or the key that the facilitator gave you.");
    let path = file(request.secret_file.as_deref().ok_or_else(missing)?)?;
    let key_id = request.key_id.clone();
    blocking(move || {
        Credential::import(&path, kind, key_id.as_deref()).map_err(|error| crate::keys::wrong(&path, &error))
    })
    .await
}

/// The version in which a facilitator is best asked on a network; none when it does not settle there.
fn offered(kinds: &[Kind], network: NetworkId) -> Option<Version> {
    let covers = |version| kinds.iter().any(|kind| kind.version == version && kind.covers(network));
    [Version::V2, Version::V1].into_iter().find(|version| covers(*version))
}

pub(crate) async fn check(app: &App, name: NetworkName) -> Result<FacilitatorCheckView, ApiError> {
    let row = found(app, &name.network).await?;
    let credential = app.keys().credentials().of(&row)?;
    let client = client(&row, credential, app.shared_clock())?;
    let asked = Instant::now();
    let kinds = client.supported().await;
    let mut points = answers(&kinds, asked.elapsed(), &row);
    points.push(token(app, &row).await?);
    points.push(credential_point(app, &row));
    points.extend(always(app, &row).await?);
    Ok(FacilitatorCheckView {
        facilitator: FacilitatorView::of(app, &row)?,
        ready: points.iter().all(|point| point.state != CheckState::Failed),
        points,
    })
}

fn point(point: FacilitatorPoint, state: CheckState, sentence: impl Into<String>) -> FacilitatorPointView {
    FacilitatorPointView { point, state, sentence: sentence.into() }
}

fn answers(
    kinds: &Result<Vec<Kind>, AskError>,
    took: Duration,
    row: &FacilitatorRow,
) -> Vec<FacilitatorPointView> {
    use FacilitatorPoint::{Answer, Network};
    let title = title(row.network);
    let kinds = match kinds {
        Err(error) => {
            return vec![point(
                Answer,
                CheckState::Failed,
                format!("It was asked what it settles, and {error}."),
            )];
        }
        Ok(kinds) => kinds,
    };
    let version = row.protocol;
    let named = |kind: &Kind| kind.covers(row.network) && kind.version.number() == version;
    let network = if kinds.iter().any(named) {
        let what =
            format!("It settles exact payments on {title}, asked in version {version} of the protocol.");
        point(Network, CheckState::Ok, what)
    } else if let Some(other) = offered(kinds, row.network) {
        let what = format!(
            "On {title} it settles only what it is asked in version {other} of the protocol, and it is asked in version {version}. Set it up again with version {other}."
        );
        point(Network, CheckState::Failed, what)
    } else {
        let what = format!("It does not say that it settles exact payments on {title}. Choose another one.");
        point(Network, CheckState::Failed, what)
    };
    vec![point(Answer, CheckState::Ok, format!("It answers in {} ms.", took.as_millis())), network]
}

async fn token(app: &App, row: &FacilitatorRow) -> Result<FacilitatorPointView, ApiError> {
    let assets = app.store().assets().await?;
    let asset = assets.iter().map(|(_, asset)| asset).find(|asset| asset.network == row.network);
    let usdc = row.network.known().map(|known| known.usdc);
    let (state, what) = match asset {
        Some(asset) if Some(asset.address) == usdc => {
            (CheckState::Ok, "Buyers pay in USDC, which facilitators take.".to_owned())
        }
        Some(asset) => (
            CheckState::Warning,
            format!(
                "Buyers pay in {}, and facilitators do not say which tokens they take. Try a small sale.",
                asset.name
            ),
        ),
        None => {
            (CheckState::Warning, "The network was not reached yet, so the token is not known.".to_owned())
        }
    };
    Ok(point(FacilitatorPoint::Token, state, what))
}

fn credential_point(app: &App, row: &FacilitatorRow) -> FacilitatorPointView {
    let (state, what) = match &row.credential {
        None => (CheckState::Ok, "It is asked without saying who asks."),
        Some(_) if app.keys().credentials().is_locked(row) => {
            (CheckState::Failed, "Its credential is locked. Unlock it in Settings, under Networks.")
        }
        Some(_) => (
            CheckState::Ok,
            "Each question says who asks. Whether that is accepted shows with the first payment.",
        ),
    };
    point(FacilitatorPoint::Credential, state, what)
}

/// What is so of every facilitator.
async fn always(app: &App, row: &FacilitatorRow) -> Result<[FacilitatorPointView; 2], ApiError> {
    let networks = app.store().networks().await?;
    let pay_to = networks.iter().find(|one| one.network == row.network).and_then(|one| one.pay_to);
    let whom = pay_to.map_or_else(|| "the payout address".to_owned(), |address| address.to_string());
    let payout = format!(
        "It cannot send the money anywhere else: buyers sign for {whom}, and the chain, not its word, decides what is settled."
    );
    let privacy = "It gets to know what was sold, to whom and for how much.";
    Ok([
        point(FacilitatorPoint::Payout, CheckState::Ok, payout),
        point(FacilitatorPoint::Privacy, CheckState::Warning, privacy),
    ])
}

pub(crate) async fn remove(app: &App, name: NetworkName) -> Result<FacilitatorRemoved, ApiError> {
    let engine = app.working()?;
    let row = found(app, &name.network).await?;
    let title = title(row.network);
    if app.keys().wallet().is_none() {
        for (id, asset) in app.store().assets().await? {
            let is_open = asset.network == row.network
                && (app.store().queue(id).await?.count > 0
                    || !app.store().open_batches(id).await?.is_empty());
            if is_open {
                let why = format!(
                    "Payments on {title} wait to be settled, and without the facilitator nobody would. Settle them first, or create a gas wallet."
                );
                return Err(ApiError::new(ErrorCode::Conflict, why));
            }
        }
    }
    app.store().remove_facilitator(row.network).await?;
    app.keys().credentials().forget(&row).await?;
    engine.use_new_rail(row.network).await;
    Ok(FacilitatorRemoved { network: row.network.to_string(), title })
}

pub(crate) async fn unlock(app: &App, request: FacilitatorUnlock) -> Result<FacilitatorList, ApiError> {
    let engine = app.working()?;
    let passphrase = passphrase(request.passphrase, request.passphrase_file.as_deref())?;
    for row in app.store().facilitators().await? {
        if app.keys().credentials().is_locked(&row) {
            app.keys().credentials().unlock(&row, passphrase.clone()).await?;
            engine.use_new_rail(row.network).await;
        }
    }
    show(app, ()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(of: &[(Version, &str, &str)]) -> Vec<Kind> {
        of.iter()
            .map(|(version, scheme, network)| Kind {
                version: *version,
                scheme: (*scheme).to_owned(),
                network: (*network).to_owned(),
            })
            .collect()
    }

    #[test]
    fn a_facilitator_is_asked_in_the_newest_version_in_which_it_settles_here() {
        let network = NetworkId::BASE_SEPOLIA;
        let both = [(Version::V1, "exact", "base-sepolia"), (Version::V2, "exact", "eip155:84532")];
        assert_eq!(offered(&kinds(&both), network), Some(Version::V2));
        assert_eq!(offered(&kinds(&both[..1]), network), Some(Version::V1));
        assert_eq!(offered(&kinds(&[(Version::V2, "upto", "eip155:84532")]), network), None);
        assert_eq!(offered(&[], network), None);
    }

    #[test]
    fn what_a_facilitator_says_of_itself_is_told_in_a_sentence() {
        let row = FacilitatorRow {
            network: NetworkId::BASE_SEPOLIA,
            url: "https://facilitator.example".to_owned(),
            used: FacilitatorUse::Always,
            protocol: 2,
            credential: None,
            key_id: None,
        };
        let told = |kinds: Result<Vec<Kind>, AskError>| {
            let points = answers(&kinds, Duration::from_millis(7), &row);
            points.into_iter().map(|point| (point.state, point.sentence)).collect::<Vec<_>>()
        };
        let good = told(Ok(kinds(&[(Version::V2, "exact", "eip155:84532")])));
        assert_eq!(good[0], (CheckState::Ok, "It answers in 7 ms.".to_owned()));
        assert_eq!(good[1].0, CheckState::Ok);
        let older = told(Ok(kinds(&[(Version::V1, "exact", "base-sepolia")])));
        assert!(older[1].0 == CheckState::Failed && older[1].1.contains("with version 1"), "{older:?}");
        let elsewhere = told(Ok(kinds(&[(Version::V2, "exact", "eip155:1")])));
        assert!(
            elsewhere[1].0 == CheckState::Failed && elsewhere[1].1.contains("another one"),
            "{elsewhere:?}"
        );
        let away = told(Err(AskError::NotReached));
        assert_eq!(
            away,
            [(CheckState::Failed, "It was asked what it settles, and it cannot be reached.".to_owned())]
        );
    }
}
