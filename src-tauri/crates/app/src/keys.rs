//! The gas wallet of a stall: which key it is, where it is kept, and when it locks itself.
//!
//! In practice the key is made here and lies in a plain file. Elsewhere it is in the system's key store, or in an
//! encrypted file whose passphrase the seller types, or names a file of.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Clock, Environment};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::{Duration, MissedTickBehavior, interval};
use ts_rs::TS;
use wallet::{GasWallet, SystemStore, WalletError};

use crate::credentials::Credentials;
use crate::error::sentence;
use crate::folder::EnvironmentFolder;
use crate::{ApiError, Config, ErrorCode, random};

/// How often it is looked whether the wallet was idle for too long.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// The fewest characters of a passphrase.
const SHORTEST_PASSPHRASE: usize = 8;

/// Where a key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum KeyPlace {
    /// In a plain file: practice only, whose money is worth nothing.
    Practice,
    /// In an encrypted file, behind a passphrase.
    File,
    /// In the key store of the operating system.
    System,
}

/// The stall's keys. A clone is another handle to the same ones.
#[derive(Clone)]
pub(crate) struct Keys(Arc<Inner>);

struct Inner {
    environment: Environment,
    folder: EnvironmentFolder,
    passphrase_file: Option<PathBuf>,
    clock: Arc<dyn Clock>,
    current: watch::Sender<Option<Kept>>,
    idle: Mutex<Idle>,
    credentials: Credentials,
}

/// A wallet and where its key is kept.
#[derive(Clone)]
pub(crate) struct Kept {
    pub(crate) wallet: GasWallet,
    pub(crate) place: KeyPlace,
}

/// What decides when an unused wallet is locked.
#[derive(Clone, Copy, Default)]
struct Idle {
    after: Option<TimeDelta>,
    last_used: DateTime<Utc>,
    uses: u64,
}

/// Says in the data folder which key the system's store holds for it.
#[derive(Serialize, Deserialize)]
struct SystemNote {
    address: alloy_primitives::Address,
}

impl Keys {
    /// Looks which key there is, without touching any secret but that of practice, which is none.
    pub(crate) fn look(config: &Config, folder: &EnvironmentFolder) -> Result<Self, ApiError> {
        let idle = Idle { last_used: config.clock.now(), ..Idle::default() };
        let keys = Self(Arc::new(Inner {
            environment: config.environment,
            folder: folder.clone(),
            passphrase_file: config.passphrase_file.clone(),
            clock: config.clock.clone(),
            current: watch::Sender::new(None),
            idle: Mutex::new(idle),
            credentials: Credentials::new(config, folder),
        }));
        keys.0.current.send_replace(keys.found()?);
        Ok(keys)
    }

    fn found(&self) -> Result<Option<Kept>, ApiError> {
        let Inner { environment, folder, .. } = &*self.0;
        let path = folder.gas_key(*environment);
        let note = folder.system_note();
        let kept = |place| move |wallet| Some(Kept { wallet, place });
        if *environment == Environment::Practice {
            return if path.exists() { self.of_practice().map(Some) } else { Ok(None) };
        }
        if note.exists() {
            let SystemNote { address } = read_note(&note)?;
            return Ok(Some(Kept { wallet: GasWallet::locked(address), place: KeyPlace::System }));
        }
        if path.exists() {
            return GasWallet::open_locked(&path)
                .map(kept(KeyPlace::File))
                .map_err(|error| wrong(&path, &error));
        }
        Ok(None)
    }

    fn of_practice(&self) -> Result<Kept, ApiError> {
        let path = self.file();
        let wallet = GasWallet::open_or_create_practice(&path, random::bytes()?);
        let wallet = wallet.map_err(|error| wrong(&path, &error))?;
        Ok(Kept { wallet, place: KeyPlace::Practice })
    }

    /// Unlocks what can be unlocked without a person, and makes a key where a passphrase for one is given and there is
    /// none. What stays locked keeps nothing from being sold.
    pub(crate) async fn unlock_unasked(&self) -> Result<(), ApiError> {
        match self.kept() {
            None if self.0.environment == Environment::Practice => {
                self.0.current.send_replace(Some(self.of_practice()?));
                Ok(())
            }
            None if self.0.passphrase_file.is_some() => {
                self.take(random_wallet()?, Some(KeyPlace::File), None).await
            }
            Some(Kept { place: KeyPlace::System, .. }) => {
                if let Err(error) = self.unlock(None).await {
                    tracing::warn!(%error, "the gas wallet stays locked");
                }
                Ok(())
            }
            Some(Kept { place: KeyPlace::File, .. }) if self.0.passphrase_file.is_some() => {
                self.unlock(None).await
            }
            Some(_) | None => Ok(()),
        }
    }

    /// What facilitators know the seller by, kept beside the gas wallet's key.
    pub(crate) fn credentials(&self) -> &Credentials {
        &self.0.credentials
    }

    /// The gas wallet, locked or not.
    pub(crate) fn wallet(&self) -> Option<GasWallet> {
        self.kept().map(|kept| kept.wallet)
    }

    pub(crate) fn kept(&self) -> Option<Kept> {
        self.0.current.borrow().clone()
    }

    /// Whether the passphrase of the key file is in a file that was named at the start.
    pub(crate) fn knows_passphrase(&self) -> bool {
        self.0.passphrase_file.is_some()
    }

    /// Hears when there is another wallet, and when it is locked or unlocked.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Option<Kept>> {
        self.0.current.subscribe()
    }

    /// Keeps a new wallet's key and uses it from now on. A key that was there before is put aside, never deleted.
    pub(crate) async fn take(
        &self,
        wallet: GasWallet,
        place: Option<KeyPlace>,
        passphrase: Option<SecretString>,
    ) -> Result<(), ApiError> {
        if self.0.environment == Environment::Practice {
            return Err(ApiError::invalid(
                "Practice has a gas wallet of its own, which is filled by its node.",
            ));
        }
        let keys = self.clone();
        let kept = blocking(move || {
            let place = keys.keep(&wallet, place, passphrase)?;
            Ok(Kept { wallet, place })
        })
        .await?;
        tracing::info!(address = %kept.wallet.address(), "the stall has a gas wallet");
        self.touch();
        self.0.current.send_replace(Some(kept));
        Ok(())
    }

    fn keep(
        &self,
        wallet: &GasWallet,
        place: Option<KeyPlace>,
        passphrase: Option<SecretString>,
    ) -> Result<KeyPlace, ApiError> {
        let passphrase = match (passphrase, place) {
            (Some(passphrase), _) => Some(passphrase),
            (None, Some(KeyPlace::System)) => None,
            (None, _) => self.0.passphrase_file.as_deref().map(read_passphrase).transpose()?,
        };
        match (place, passphrase) {
            (Some(KeyPlace::Practice), _) => {
                Err(ApiError::invalid("Only practice keeps its key in a plain file. Choose file or system."))
            }
            (Some(KeyPlace::System), _) | (None, None) => {
                self.keep_in_system(wallet).map_err(|error| match place {
                    Some(_) => error,
                    None => ApiError::invalid(format!(
                        "{} Choose a passphrase to keep the key in an encrypted file instead.",
                        error.message
                    ))
                    .by("--keep-in file --passphrase-file FILE"),
                })?;
                Ok(KeyPlace::System)
            }
            (Some(KeyPlace::File), None) => {
                Err(ApiError::invalid("An encrypted file needs a passphrase of at least eight characters.")
                    .by("--passphrase-file FILE"))
            }
            (Some(KeyPlace::File) | None, Some(passphrase)) => {
                check_passphrase(&passphrase)?;
                let path = self.0.folder.gas_key(self.0.environment);
                let beside = EnvironmentFolder::beside(&path)?;
                wallet
                    .save(&beside, passphrase.expose_secret(), random::bytes()?)
                    .map_err(|error| wrong(&beside, &error))?;
                self.name_aside()?;
                EnvironmentFolder::put_in_place(&beside, &path, &self.0.folder.system_note())?;
                Ok(KeyPlace::File)
            }
        }
    }

    fn keep_in_system(&self, wallet: &GasWallet) -> Result<(), ApiError> {
        let refused =
            |error: WalletError| ApiError::new(ErrorCode::Unavailable, sentence(&error.to_string()));
        SystemStore::open().and_then(|store| store.keep(&self.name_of(wallet), wallet)).map_err(refused)?;
        let note = self.0.folder.system_note();
        let beside = EnvironmentFolder::beside(&note)?;
        let text = serde_json::json!(SystemNote { address: wallet.address() }).to_string();
        std::fs::write(&beside, text)
            .and_then(|()| std::fs::File::open(&beside)?.sync_all())
            .map_err(|error| wrong(&beside, &error))?;
        self.name_aside()?;
        EnvironmentFolder::put_in_place(&beside, &note, &self.0.folder.gas_key(self.0.environment))
    }

    /// Under which name the system's store has a wallet's key.
    fn name_of(&self, wallet: &GasWallet) -> String {
        system_name(self.0.environment, wallet.address())
    }

    fn name_aside(&self) -> Result<(), ApiError> {
        match self.wallet() {
            Some(wallet) => self.0.folder.name_keys_aside(self.0.environment, &wallet.address().to_string()),
            None => Ok(()),
        }
    }

    /// Unlocks the wallet: with the passphrase, or the one in the file that was named at the start, or by the system.
    pub(crate) async fn unlock(&self, passphrase: Option<SecretString>) -> Result<(), ApiError> {
        let Some(kept) = self.kept() else { return Err(no_wallet()) };
        let keys = self.clone();
        blocking(move || {
            let opened = keys.open(&kept, passphrase)?;
            kept.wallet.unlock(&opened).map_err(|error| wrong(&keys.file(), &error))
        })
        .await?;
        self.touch();
        self.0.current.send_modify(|_| ());
        Ok(())
    }

    fn open(&self, kept: &Kept, passphrase: Option<SecretString>) -> Result<GasWallet, ApiError> {
        let path = self.file();
        match kept.place {
            KeyPlace::Practice => self.of_practice().map(|kept| kept.wallet),
            KeyPlace::System => SystemStore::open()
                .and_then(|store| store.load(&self.name_of(&kept.wallet)))
                .map_err(|error| ApiError::new(ErrorCode::Unavailable, sentence(&error.to_string()))),
            KeyPlace::File => {
                let passphrase = match passphrase {
                    Some(passphrase) => passphrase,
                    None => match &self.0.passphrase_file {
                        Some(file) => read_passphrase(file)?,
                        None => {
                            return Err(ApiError::invalid("Say the passphrase of the gas wallet.")
                                .by("--passphrase-file FILE"));
                        }
                    },
                };
                GasWallet::open(&path, passphrase.expose_secret()).map_err(|error| match error {
                    WalletError::WrongPassphrase(_) => {
                        ApiError::invalid("That is not the passphrase of the gas wallet.")
                    }
                    other => wrong(&path, &other),
                })
            }
        }
    }

    /// Wipes the key from memory. What is queued waits from now on.
    pub(crate) fn lock(&self) -> Result<(), ApiError> {
        self.wallet().ok_or_else(no_wallet)?.lock();
        self.0.current.send_modify(|_| ());
        Ok(())
    }

    /// Lets the wallet lock itself when it was not used for so long; none for never.
    pub(crate) fn lock_after(&self, after: Option<TimeDelta>) {
        self.idle(|idle| idle.after = after);
        self.touch();
    }

    /// When it locks itself if it is not used before.
    pub(crate) fn locks_at(&self) -> Option<DateTime<Utc>> {
        if self.wallet()?.is_locked() {
            return None;
        }
        self.idle(|idle| idle.after.map(|after| idle.last_used + after))
    }

    /// Locks the wallet when it was idle for too long. Signing and unlocking are use; looking is not.
    pub(crate) async fn watch_idleness(self) {
        let mut ticks = interval(LOOK_AGAIN);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let Some(wallet) = self.wallet() else { continue };
            let (now, uses) = (self.0.clock.now(), wallet.uses());
            let is_idle = self.idle(|idle| {
                if idle.uses != uses {
                    (idle.uses, idle.last_used) = (uses, now);
                }
                idle.after.is_some_and(|after| now.signed_duration_since(idle.last_used) >= after)
            });
            if is_idle && !wallet.is_locked() {
                tracing::info!("the gas wallet was not used for a while and is locked now");
                wallet.lock();
                self.0.current.send_modify(|_| ());
            }
        }
    }

    fn touch(&self) {
        let (now, uses) = (self.0.clock.now(), self.wallet().map_or(0, |wallet| wallet.uses()));
        self.idle(|idle| (idle.last_used, idle.uses) = (now, uses));
    }

    fn idle<T>(&self, change: impl FnOnce(&mut Idle) -> T) -> T {
        change(&mut self.0.idle.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn file(&self) -> PathBuf {
        self.0.folder.gas_key(self.0.environment)
    }
}

fn system_name(environment: Environment, address: alloy_primitives::Address) -> String {
    format!("{environment} gas key {address}")
}

fn read_note(note: &Path) -> Result<SystemNote, ApiError> {
    let text = std::fs::read_to_string(note).map_err(|error| wrong(note, &error))?;
    serde_json::from_str(&text).map_err(|_| wrong(note, &"it names no key"))
}

/// Whose key the system's store holds, as a note in an environment's folder says, and under which name.
pub(crate) fn system_key(note: &Path, environment: Environment) -> Result<(String, String), ApiError> {
    let SystemNote { address } = read_note(note)?;
    Ok((address.to_string(), system_name(environment, address)))
}

/// Whose key an encrypted file holds, if there is one.
pub(crate) fn address_in(file: &Path) -> Option<String> {
    GasWallet::open_locked(file).ok().map(|wallet| wallet.address().to_string())
}

/// A wallet with a key that nobody had before.
pub(crate) fn random_wallet() -> Result<GasWallet, ApiError> {
    GasWallet::from_key_bytes(&mut random::bytes()?).map_err(ApiError::internal)
}

/// The passphrase in the first line of a file.
pub(crate) fn read_passphrase(file: &Path) -> Result<SecretString, ApiError> {
    let text = zeroize::Zeroizing::new(std::fs::read_to_string(file).map_err(|error| wrong(file, &error))?);
    let passphrase = text.trim_end_matches(['\r', '\n']);
    if passphrase.is_empty() {
        return Err(wrong(file, &"the passphrase is empty"));
    }
    Ok(passphrase.into())
}

pub(crate) fn check_passphrase(passphrase: &SecretString) -> Result<(), ApiError> {
    if passphrase.expose_secret().chars().count() < SHORTEST_PASSPHRASE {
        return Err(ApiError::invalid(format!(
            "A passphrase has at least {SHORTEST_PASSPHRASE} characters."
        )));
    }
    Ok(())
}

/// Runs what keeps a processor busy, or waits for the system, where it holds up nobody: a passphrase is made expensive
/// to try.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await.map_err(ApiError::internal)?
}

pub(crate) fn no_wallet() -> ApiError {
    ApiError::new(
        ErrorCode::Unavailable,
        "There is no gas wallet yet. Create one in Settings, under Gas wallet.",
    )
    .by("stallkeeper wallet create")
}

pub(crate) fn locked() -> ApiError {
    ApiError::new(ErrorCode::Locked, "The gas wallet is locked. Unlock it in Settings, under Gas wallet.")
        .by("stallkeeper wallet unlock")
}

pub(crate) fn wrong(path: &Path, error: &dyn std::fmt::Display) -> ApiError {
    ApiError::new(ErrorCode::File, format!("{} cannot be used: {error}.", path.display()))
}
