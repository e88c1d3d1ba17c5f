//! The gas wallet: making, keeping, locking and saving its key. No key passes through here in either direction: it is
//! read from and written to files that the seller names (I12).

use std::path::{Path, PathBuf};

use ::wallet::{GasWallet, SystemStore, WalletError};
use alloy_primitives::{B256, U256};
use chain::PayerQuestion;
use chrono::TimeDelta;
use domain::{AuthorizationKey, NetworkId};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use store::Store;
use ts_rs::TS;

use crate::api::MoneyView;
use crate::api::attention::{AttentionAction, AttentionKind, AttentionView};
use crate::api::money::{coin, native};
use crate::api::payout::last_characters;
use crate::engine::Standing;
use crate::error::sentence;
use crate::facilitators::stands_in;
use crate::keys::{KeyPlace, blocking, locked, no_wallet, random_wallet, read_passphrase, wrong};
use crate::{ApiError, App, ErrorCode, random};

/// The setting that says after how many idle minutes the wallet locks itself.
const LOCK_AFTER: &str = "wallet-lock-after";

/// The most idle minutes: a week.
const MOST_MINUTES: u32 = 7 * 24 * 60;

/// Whether the gas wallet can sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum WalletState {
    /// There is none.
    None,
    /// Its key is not in memory; what is queued waits.
    Locked,
    /// It signs what is settled.
    Unlocked,
}

/// The gas wallet in full.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct WalletView {
    /// Whether it can sign.
    pub state: WalletState,
    /// Its address.
    pub address: Option<String>,
    /// Where its key is kept.
    pub kept_in: Option<KeyPlace>,
    /// Whether unlocking takes a passphrase that somebody has to type.
    pub needs_passphrase: bool,
    /// Whether this computer has a key store that new keys can be kept in.
    pub system_key_store: bool,
    /// After how many idle minutes it locks itself; null for never.
    pub lock_after_minutes: Option<u32>,
    /// When it locks itself if it is not used before, in Unix milliseconds.
    pub locks_at: Option<i64>,
    /// What it holds, on each network that can be asked.
    pub holdings: Vec<HoldingView>,
    /// Whether buyers' money goes to this very address, which it should not.
    pub is_payout: bool,
    /// What somebody who got the key could take, in one or two sentences.
    pub most_to_lose: Option<String>,
    /// What has to be typed to save the key to a file: the last characters of the address.
    pub export_word: Option<String>,
}

/// What the gas wallet holds on one network. All of it can be lost with the key, and no more.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct HoldingView {
    /// CAIP-2.
    pub network: String,
    /// The network's name.
    pub title: String,
    /// Wei.
    pub balance: String,
    /// The same in the network's coin, with its point.
    pub balance_formatted: String,
    /// That coin's symbol.
    pub native_symbol: String,
    /// What it holds of the token that buyers pay in; normally nothing.
    pub token: MoneyView,
    /// The same token's name.
    pub token_name: String,
}

/// Makes a new key.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct WalletCreate {
    /// Where the key is kept; the system's key store by default, or a file if a passphrase is given.
    pub keep_in: Option<KeyPlace>,
    /// The passphrase of the encrypted file.
    #[ts(as = "Option<String>", optional)]
    pub passphrase: Option<SecretString>,
    /// A file whose first line is the passphrase.
    pub passphrase_file: Option<String>,
    /// Whether a wallet that is there gives way. Its key is put aside, not deleted.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub replace: bool,
}

/// Takes a key over from a file: 64 hexadecimal digits, or a Web3 key file.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct WalletImport {
    /// The file. It stays where it is.
    pub file: String,
    /// The passphrase of a Web3 key file.
    #[ts(as = "Option<String>", optional)]
    pub file_passphrase: Option<SecretString>,
    /// A file whose first line is that passphrase.
    pub file_passphrase_file: Option<String>,
    /// Where the key is kept, as for a new one.
    pub keep_in: Option<KeyPlace>,
    /// The passphrase of the stall's own encrypted file.
    #[ts(as = "Option<String>", optional)]
    pub passphrase: Option<SecretString>,
    /// A file whose first line is the passphrase.
    pub passphrase_file: Option<String>,
    /// Whether a wallet that is there gives way. Its key is put aside, not deleted.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub replace: bool,
}

/// Saves the key to a file. The answer does not hold it.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct WalletExport {
    /// The new file, which only its owner can read.
    pub file: String,
    /// The last six characters of the wallet's address.
    pub word: String,
    /// What the file is encrypted with.
    #[ts(as = "Option<String>", optional)]
    pub passphrase: Option<SecretString>,
    /// A file whose first line is the passphrase.
    pub passphrase_file: Option<String>,
    /// Whether the bare key is written, which whoever finds the file can spend with.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub bare: bool,
}

/// Where the key was saved.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct WalletExported {
    /// The file.
    pub file: String,
    /// Whose key it holds.
    pub address: String,
    /// Whether it is encrypted.
    pub encrypted: bool,
}

/// Locks the wallet, now or whenever it was idle.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct WalletLock {
    /// From now on lock it after so many minutes in which it signed nothing, 0 for never; absent locks it now.
    pub after_minutes: Option<u32>,
}

/// Unlocks the wallet.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct WalletUnlock {
    /// Its passphrase, where it is kept in an encrypted file.
    #[ts(as = "Option<String>", optional)]
    pub passphrase: Option<SecretString>,
    /// A file whose first line is the passphrase.
    pub passphrase_file: Option<String>,
}

/// After what idle time the seller wants the wallet locked.
pub(crate) async fn lock_after(store: &Store) -> Result<Option<TimeDelta>, ApiError> {
    let settings = store.settings().await?;
    let minutes =
        settings.into_iter().find(|(key, _)| key == LOCK_AFTER).and_then(|(_, value)| value.parse().ok());
    Ok(minutes.filter(|minutes| *minutes > 0).map(|minutes: u32| TimeDelta::minutes(i64::from(minutes))))
}

pub(crate) async fn show(app: &App, (): ()) -> Result<WalletView, ApiError> {
    let kept = app.keys().kept();
    let wallet = kept.as_ref().map(|kept| &kept.wallet);
    let holdings = match wallet {
        Some(wallet) => holdings(app, wallet).await?,
        None => Vec::new(),
    };
    let rows = app.store().networks().await?;
    let is_payout = wallet.is_some_and(|wallet| rows.iter().any(|row| row.pay_to == Some(wallet.address())));
    let minutes = lock_after(app.store()).await?.and_then(|after| u32::try_from(after.num_minutes()).ok());
    let place = kept.as_ref().map(|kept| kept.place);
    Ok(WalletView {
        state: match wallet {
            None => WalletState::None,
            Some(wallet) if wallet.is_locked() => WalletState::Locked,
            Some(_) => WalletState::Unlocked,
        },
        address: wallet.map(|wallet| wallet.address().to_string()),
        kept_in: place,
        needs_passphrase: place == Some(KeyPlace::File) && !app.keys().knows_passphrase(),
        system_key_store: blocking(|| Ok(SystemStore::open().is_ok())).await?,
        lock_after_minutes: minutes,
        locks_at: app.keys().locks_at().map(|at| at.timestamp_millis()),
        most_to_lose: wallet.map(|_| most_to_lose(&holdings, is_payout)),
        holdings,
        is_payout,
        export_word: wallet.map(|wallet| last_characters(wallet.address())),
    })
}

/// What the wallet holds where it can be asked.
async fn holdings(app: &App, wallet: &GasWallet) -> Result<Vec<HoldingView>, ApiError> {
    let mut holdings = Vec::new();
    let Some(engine) = app.engine() else { return Ok(holdings) };
    for row in app.store().networks().await? {
        let standing = engine.connection(row.network).map(|connection| connection.standing.borrow().clone());
        let Some(Standing::Ready { chain, asset, .. }) = standing else { continue };
        let key = AuthorizationKey { payer: wallet.address(), nonce: B256::ZERO };
        let question = PayerQuestion { asset: asset.address, key };
        let Ok((sender, facts)) = tokio::try_join!(chain.sender(wallet.address()), chain.payer(question))
        else {
            continue;
        };
        holdings.push(HoldingView {
            network: row.network.to_string(),
            title: title(row.network),
            balance: sender.balance.to_string(),
            balance_formatted: native(sender.balance),
            native_symbol: coin(Some(row.network)).to_owned(),
            token: MoneyView::of(facts.balance, &asset),
            token_name: asset.name.clone(),
        });
    }
    Ok(holdings)
}

pub(crate) fn title(network: NetworkId) -> String {
    network.known().map_or_else(|| network.to_string(), |known| known.title.to_owned())
}

/// What somebody who got the key could take (T89).
fn most_to_lose(holdings: &[HoldingView], is_payout: bool) -> String {
    let of = |holding: &HoldingView| {
        let gas = format!("{} {}", holding.balance_formatted, holding.native_symbol);
        let token = format!("{} {}", holding.token.formatted, holding.token_name);
        if holding.token.amount == "0" {
            format!("{gas} on {}", holding.title)
        } else {
            format!("{gas} and {token} on {}", holding.title)
        }
    };
    let sums: Vec<_> = holdings.iter().map(of).collect();
    let sums = if sums.is_empty() { "what it holds".to_owned() } else { sums.join(", ") };
    let rest = if is_payout {
        "Buyers pay to this address too, so all of that could be taken as well: choose another payout address."
    } else {
        "What buyers pay goes to another address and is out of its reach."
    };
    format!("Whoever gets this key can take {sums}. {rest}")
}

pub(crate) async fn create(app: &App, request: WalletCreate) -> Result<WalletView, ApiError> {
    must_give_way(app, request.replace)?;
    let passphrase = passphrase(request.passphrase, request.passphrase_file.as_deref())?;
    take(app, random_wallet()?, request.keep_in, passphrase).await
}

pub(crate) async fn import(app: &App, request: WalletImport) -> Result<WalletView, ApiError> {
    must_give_way(app, request.replace)?;
    let path = file(&request.file)?;
    let theirs = passphrase(request.file_passphrase, request.file_passphrase_file.as_deref())?;
    let ours = passphrase(request.passphrase, request.passphrase_file.as_deref())?;
    let wallet = blocking(move || {
        let theirs = theirs.as_ref().map(|theirs| theirs.expose_secret());
        GasWallet::import(&path, theirs).map_err(|error| match error {
            WalletError::WrongPassphrase(_) | WalletError::NeedsPassphrase(_) | WalletError::NotAKey => {
                ApiError::invalid(sentence(&error.to_string()))
            }
            other => ApiError::new(ErrorCode::File, sentence(&other.to_string())),
        })
    })
    .await?;
    take(app, wallet, request.keep_in, ours).await
}

fn must_give_way(app: &App, replace: bool) -> Result<(), ApiError> {
    match app.keys().wallet() {
        Some(wallet) if !replace => Err(ApiError::new(
            ErrorCode::Conflict,
            format!(
                "There is a gas wallet already, {}. To use another one, choose to replace it; its key is put aside.",
                wallet.address()
            ),
        )
        .by("--replace")),
        Some(_) | None => Ok(()),
    }
}

async fn take(
    app: &App,
    wallet: GasWallet,
    place: Option<KeyPlace>,
    passphrase: Option<SecretString>,
) -> Result<WalletView, ApiError> {
    app.keys().take(wallet, place, passphrase).await?;
    if let Some(engine) = app.engine() {
        engine.use_new_wallet().await;
    }
    crate::api::live::turn_switch(app).await?;
    show(app, ()).await
}

pub(crate) async fn export(app: &App, request: WalletExport) -> Result<WalletExported, ApiError> {
    let wallet = app.keys().wallet().ok_or_else(no_wallet)?;
    let wanted = last_characters(wallet.address());
    if !request.word.trim().eq_ignore_ascii_case(&wanted) {
        return Err(ApiError::invalid(
            "Type the last six characters of the gas wallet's address to save its key to a file.",
        )
        .by("--word XXXXXX"));
    }
    let passphrase = passphrase(request.passphrase, request.passphrase_file.as_deref())?;
    let path = file(&request.file)?;
    let (address, encrypted) = (wallet.address().to_string(), passphrase.is_some());
    if encrypted == request.bare {
        return Err(ApiError::invalid(
            "Choose a passphrase for the file, or say that the bare key is wanted.",
        )
        .by("--passphrase-file FILE, or --bare"));
    }
    if wallet.is_locked() {
        return Err(locked());
    }
    let target = path.clone();
    blocking(move || {
        let saved = match &passphrase {
            Some(passphrase) => wallet.save(&target, passphrase.expose_secret(), random::bytes()?),
            None => wallet.save_bare(&target),
        };
        saved.map_err(|error| match error {
            WalletError::Exists(_) => {
                ApiError::new(ErrorCode::Conflict, format!("{} is there already.", target.display()))
            }
            WalletError::Locked => locked(),
            other => wrong(&target, &other),
        })
    })
    .await?;
    tracing::warn!(file = %path.display(), "the gas wallet's key was saved to a file");
    Ok(WalletExported { file: path.display().to_string(), address, encrypted })
}

pub(crate) async fn lock(app: &App, request: WalletLock) -> Result<WalletView, ApiError> {
    match request.after_minutes {
        None => app.keys().lock()?,
        Some(minutes) if minutes > MOST_MINUTES => {
            return Err(ApiError::invalid(format!(
                "The wallet locks itself after at most {MOST_MINUTES} minutes."
            )));
        }
        Some(minutes) => {
            app.store().set_setting(LOCK_AFTER.to_owned(), minutes.to_string()).await?;
            app.keys().lock_after(lock_after(app.store()).await?);
        }
    }
    show(app, ()).await
}

pub(crate) async fn unlock(app: &App, request: WalletUnlock) -> Result<WalletView, ApiError> {
    app.keys().unlock(passphrase(request.passphrase, request.passphrase_file.as_deref())?).await?;
    show(app, ()).await
}

/// What the seller should know while the wallet is locked and something waits for it (I6).
pub(crate) async fn attention(app: &App, network: NetworkId) -> Result<Option<AttentionView>, ApiError> {
    let is_locked = app.keys().wallet().is_some_and(|wallet| wallet.is_locked());
    if !is_locked || stands_in(app.store(), network).await? {
        return Ok(None);
    }
    let mut waiting = 0;
    let mut first: Option<chrono::DateTime<chrono::Utc>> = None;
    for (id, asset) in app.store().assets().await? {
        if asset.network != network {
            continue;
        }
        let queue = app.store().queue(id).await?;
        waiting += queue.count;
        if let Some((end, accepted)) = queue.earliest_valid_before.zip(queue.earliest_accepted_at) {
            let due = domain::settle_by(end, accepted);
            first = Some(first.map_or(due, |first| first.min(due)));
        }
    }
    let Some(due) = first else { return Ok(None) };
    let payments =
        if waiting == 1 { "one payment waits".to_owned() } else { format!("{waiting} payments wait") };
    let due = due.format("%Y-%m-%d %H:%M UTC");
    Ok(Some(AttentionView {
        kind: AttentionKind::Gas,
        reason: "wallet_locked".to_owned(),
        sentence: format!(
            "The gas wallet is locked and {payments}. Unlock it before {due}, or the first of them cannot be settled in time."
        ),
        payments: waiting,
        amount: None,
        action: AttentionAction::UnlockWallet,
        network: network.to_string(),
        endpoint: None,
    }))
}

pub(crate) fn passphrase(
    typed: Option<SecretString>,
    file: Option<&str>,
) -> Result<Option<SecretString>, ApiError> {
    match (typed, file) {
        (Some(_), Some(_)) => {
            Err(ApiError::invalid("Give the passphrase or the file that holds it, not both."))
        }
        (Some(typed), None) => Ok(Some(typed)),
        (None, Some(file)) => read_passphrase(Path::new(file)).map(Some),
        (None, None) => Ok(None),
    }
}

/// The engine's own folder is nobody's business, so a path has to say where it begins.
pub(crate) fn file(path: &str) -> Result<PathBuf, ApiError> {
    let path = PathBuf::from(path);
    if path.is_absolute() {
        return Ok(path);
    }
    Err(ApiError::invalid("Name the file by its whole path."))
}

/// Wei that the next `batches` full batches may cost at worst.
pub(crate) fn gas_for(batches: u64, payments: usize, gas_price: u128) -> U256 {
    U256::from(chain::gas_limit(payments))
        .saturating_mul(U256::from(gas_price))
        .saturating_mul(U256::from(batches))
}

#[cfg(test)]
mod tests {
    use domain::Amount;

    use super::*;

    fn holding(gas: u64, token: u64) -> HoldingView {
        let wei = U256::from(gas);
        HoldingView {
            network: "eip155:8453".to_owned(),
            title: "Base".to_owned(),
            balance: wei.to_string(),
            balance_formatted: native(wei),
            native_symbol: "ETH".to_owned(),
            token: MoneyView::with_decimals(Amount::from_atomic(token).unwrap(), 6),
            token_name: "USDC".to_owned(),
        }
    }

    #[test]
    fn what_a_lost_key_costs_is_said_in_money() {
        let gas = most_to_lose(&[holding(2_000_000_000_000_000, 0)], false);
        assert!(gas.starts_with("Whoever gets this key can take 0.002 ETH on Base. "), "{gas}");
        assert!(gas.contains("another address"));
        let more = most_to_lose(&[holding(1, 1_500_000)], true);
        assert!(
            more.contains("and 1.50 USDC on Base") && more.contains("choose another payout address"),
            "{more}"
        );
    }
}
