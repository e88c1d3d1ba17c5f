//! What facilitators know the seller by: kept where the gas wallet's key is kept, one for each network.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Environment, NetworkId};
use secrecy::{ExposeSecret as _, SecretString};
use store::FacilitatorRow;
use wallet::{Credential, CredentialKind, SystemStore, WalletError};

use crate::error::sentence;
use crate::folder::EnvironmentFolder;
use crate::keys::{blocking, check_passphrase, read_passphrase, wrong};
use crate::{ApiError, Config, ErrorCode, random};

/// The credentials of a stall. A clone is another handle to the same ones.
#[derive(Clone)]
pub(crate) struct Credentials(Arc<Inner>);

struct Inner {
    environment: Environment,
    folder: EnvironmentFolder,
    passphrase_file: Option<PathBuf>,
    open: Mutex<HashMap<NetworkId, Credential>>,
}

/// A credential's kind as the data file names it.
pub(crate) fn kind(text: &str) -> Result<CredentialKind, ApiError> {
    match text {
        "bearer" => Ok(CredentialKind::Bearer),
        "cdp" => Ok(CredentialKind::Cdp),
        "payai" => Ok(CredentialKind::Payai),
        _ => Err(ApiError::invalid("A facilitator is told who asks by: none, bearer, cdp or payai.")),
    }
}

impl Credentials {
    pub(crate) fn new(config: &Config, folder: &EnvironmentFolder) -> Self {
        Self(Arc::new(Inner {
            environment: config.environment,
            folder: folder.clone(),
            passphrase_file: config.passphrase_file.clone(),
            open: Mutex::default(),
        }))
    }

    /// The credential of a facilitator, locked where its secret is not at hand; none where it takes everybody.
    pub(crate) fn of(&self, row: &FacilitatorRow) -> Result<Option<Credential>, ApiError> {
        let Some(name) = &row.credential else { return Ok(None) };
        let kind = kind(name)?;
        let open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Some(open.get(&row.network).cloned().unwrap_or_else(|| Credential::locked(kind))))
    }

    /// Whether a facilitator's credential is locked.
    pub(crate) fn is_locked(&self, row: &FacilitatorRow) -> bool {
        self.of(row).ok().flatten().is_some_and(|credential| credential.is_locked())
    }

    /// Opens what can be opened without a person. What stays locked keeps nothing from being sold.
    pub(crate) async fn find(&self, rows: &[FacilitatorRow]) {
        for row in rows {
            if self.is_locked(row)
                && let Err(error) = self.unlock(row.network, None).await
            {
                tracing::warn!(network = %row.network, %error, "a facilitator's credential stays locked");
            }
        }
    }

    /// Opens the credential of one network's facilitator: with the passphrase, or the one in the file that was named at
    /// the start, or by the system.
    pub(crate) async fn unlock(
        &self,
        network: NetworkId,
        passphrase: Option<SecretString>,
    ) -> Result<(), ApiError> {
        let credentials = self.clone();
        let credential = blocking(move || credentials.opened(network, passphrase)).await?;
        self.insert(network, credential);
        Ok(())
    }

    fn opened(&self, network: NetworkId, passphrase: Option<SecretString>) -> Result<Credential, ApiError> {
        let path = self.0.folder.facilitator_key(network);
        if self.0.environment == Environment::Practice {
            return Credential::open_plain(&path).map_err(|error| wrong(&path, &error));
        }
        if !path.exists() {
            let loaded = SystemStore::open().and_then(|store| store.load_credential(&self.name(network)));
            return loaded.map_err(unavailable);
        }
        let Some(passphrase) = self.passphrase(passphrase)? else {
            return Err(ApiError::invalid("Say the passphrase of the facilitator's credential."));
        };
        Credential::open(&path, passphrase.expose_secret()).map_err(|error| match error {
            WalletError::WrongPassphrase(_) => {
                ApiError::invalid("That is not the passphrase of the facilitator's credential.")
            }
            other => wrong(&path, &other),
        })
    }

    /// Keeps a new credential in the place of what was there: in an encrypted file where there is a passphrase, else in
    /// the system's key store; plainly in practice.
    pub(crate) async fn take(
        &self,
        network: NetworkId,
        credential: Credential,
        passphrase: Option<SecretString>,
    ) -> Result<(), ApiError> {
        let (credentials, kept) = (self.clone(), credential.clone());
        blocking(move || credentials.keep(network, &kept, passphrase)).await?;
        self.insert(network, credential);
        Ok(())
    }

    fn keep(
        &self,
        network: NetworkId,
        credential: &Credential,
        passphrase: Option<SecretString>,
    ) -> Result<(), ApiError> {
        let path = self.0.folder.facilitator_key(network);
        if self.0.environment == Environment::Practice {
            self.remove(network)?;
            return credential.save_plain(&path).map_err(|error| wrong(&path, &error));
        }
        match self.passphrase(passphrase)? {
            Some(passphrase) => {
                check_passphrase(&passphrase)?;
                self.remove(network)?;
                let random = random::bytes()?;
                credential
                    .save(&path, passphrase.expose_secret(), random)
                    .map_err(|error| wrong(&path, &error))
            }
            None => {
                let name = self.name(network);
                let kept = SystemStore::open().and_then(|store| store.keep_credential(&name, credential));
                kept.map_err(|error| {
                    let ApiError { message, .. } = unavailable(error);
                    ApiError::invalid(format!(
                        "{message} Choose a passphrase to keep the credential in an encrypted file instead."
                    ))
                })?;
                self.remove(network)
            }
        }
    }

    /// Forgets a network's credential, wherever it is kept.
    pub(crate) async fn forget(&self, network: NetworkId) -> Result<(), ApiError> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&network);
        let credentials = self.clone();
        blocking(move || {
            if credentials.0.environment != Environment::Practice
                && let Ok(store) = SystemStore::open()
                && let Err(error) = store.forget_credential(&credentials.name(network))
            {
                tracing::warn!(%network, %error, "the system's key store still has a facilitator's credential");
            }
            credentials.remove(network)
        })
        .await
    }

    fn remove(&self, network: NetworkId) -> Result<(), ApiError> {
        let path = self.0.folder.facilitator_key(network);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(wrong(&path, &error)),
            _ => Ok(()),
        }
    }

    fn insert(&self, network: NetworkId, credential: Credential) {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner).insert(network, credential);
    }

    fn passphrase(&self, typed: Option<SecretString>) -> Result<Option<SecretString>, ApiError> {
        match (typed, self.0.passphrase_file.as_deref()) {
            (Some(typed), _) => Ok(Some(typed)),
            (None, file) => file.map(read_passphrase).transpose(),
        }
    }

    /// Under which name the system's store has it.
    fn name(&self, network: NetworkId) -> String {
        format!("{} facilitator {network}", self.0.environment)
    }
}

fn unavailable(error: WalletError) -> ApiError {
    ApiError::new(ErrorCode::Unavailable, sentence(&error.to_string()))
}
