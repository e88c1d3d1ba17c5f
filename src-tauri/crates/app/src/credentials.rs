//! What others know the seller by: kept where the gas wallet's key is kept. Facilitators have one for each network and
//! host, tunnels one for each provider, so that nobody is told what somebody else knows the seller by (I12).

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use ::reach::{Kind, Token};
use domain::{Environment, NetworkId};
use secrecy::{ExposeSecret as _, SecretString};
use store::FacilitatorRow;
use wallet::{Credential, CredentialKind, SystemStore, WalletError};

use crate::error::sentence;
use crate::facilitators::address;
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
    open: Mutex<HashMap<Holder, Credential>>,
}

/// Whom a credential is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Holder {
    /// The facilitator of one network at one host.
    Facilitator {
        network: NetworkId,
        /// Scheme, host and port.
        host: String,
    },
    /// The provider of a tunnel.
    Tunnel(Kind),
}

impl Holder {
    fn of(row: &FacilitatorRow) -> Result<Self, ApiError> {
        Ok(Self::Facilitator { network: row.network, host: address(&row.url)?.label() })
    }

    /// As people know it.
    const fn shown(&self) -> &'static str {
        match self {
            Self::Facilitator { .. } => "the facilitator's credential",
            Self::Tunnel(_) => "the tunnel's token",
        }
    }

    /// Under which name the system's store has it: several data folders of one user share that store.
    fn name(&self, environment: Environment, folder: &EnvironmentFolder) -> String {
        let whose = match self {
            Self::Facilitator { network, host } => format!("facilitator {network} {host}"),
            Self::Tunnel(kind) => format!("tunnel {kind}"),
        };
        format!("{environment} {whose} {}", folder.identity())
    }
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
        let holder = Holder::of(row)?;
        let open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        let known = open.get(&holder).filter(|credential| credential.kind() == kind);
        Ok(Some(known.cloned().unwrap_or_else(|| Credential::locked(kind))))
    }

    /// Whether a facilitator's credential is locked.
    pub(crate) fn is_locked(&self, row: &FacilitatorRow) -> bool {
        self.of(row).ok().flatten().is_some_and(|credential| credential.is_locked())
    }

    /// Opens what can be opened without a person. What stays locked keeps nothing from being sold.
    pub(crate) async fn find(&self, rows: &[FacilitatorRow]) {
        for row in rows {
            if self.is_locked(row)
                && let Err(error) = self.unlock(row, None).await
            {
                tracing::warn!(network = %row.network, %error, "a facilitator's credential stays locked");
            }
        }
    }

    /// Opens the credential of a facilitator: with the passphrase, or the one in the file that was named at the start, or
    /// by the system.
    pub(crate) async fn unlock(
        &self,
        row: &FacilitatorRow,
        passphrase: Option<SecretString>,
    ) -> Result<(), ApiError> {
        self.unlock_of(Holder::of(row)?, passphrase).await
    }

    /// Opens the token of a tunnel in the same ways.
    pub(crate) async fn unlock_tunnel(
        &self,
        kind: Kind,
        passphrase: Option<SecretString>,
    ) -> Result<(), ApiError> {
        self.unlock_of(Holder::Tunnel(kind), passphrase).await
    }

    async fn unlock_of(&self, holder: Holder, passphrase: Option<SecretString>) -> Result<(), ApiError> {
        let (credentials, kept) = (self.clone(), holder.clone());
        let credential = blocking(move || credentials.opened(&kept, passphrase)).await?;
        self.insert(holder, credential);
        Ok(())
    }

    fn opened(&self, holder: &Holder, passphrase: Option<SecretString>) -> Result<Credential, ApiError> {
        let path = self.path(holder);
        if self.0.environment == Environment::Practice {
            return Credential::open_plain(&path).map_err(|error| wrong(&path, &error));
        }
        if !path.exists() {
            let loaded = SystemStore::open().and_then(|store| store.load_credential(&self.name(holder)));
            return loaded.map_err(unavailable);
        }
        let Some(passphrase) = self.passphrase(passphrase)? else {
            return Err(ApiError::invalid(format!("Say the passphrase of {}.", holder.shown())));
        };
        Credential::open(&path, passphrase.expose_secret()).map_err(|error| match error {
            WalletError::WrongPassphrase(_) => {
                ApiError::invalid(format!("That is not the passphrase of {}.", holder.shown()))
            }
            other => wrong(&path, &other),
        })
    }

    /// Keeps a new credential in the place of what this facilitator had: in an encrypted file where there is a
    /// passphrase, else in the system's key store; plainly in practice.
    pub(crate) async fn take(
        &self,
        row: &FacilitatorRow,
        credential: Credential,
        passphrase: Option<SecretString>,
    ) -> Result<(), ApiError> {
        self.take_of(Holder::of(row)?, credential, passphrase).await
    }

    /// Keeps a new token of a tunnel in the place of the one before.
    pub(crate) async fn take_tunnel(
        &self,
        kind: Kind,
        token: Credential,
        passphrase: Option<SecretString>,
    ) -> Result<(), ApiError> {
        self.take_of(Holder::Tunnel(kind), token, passphrase).await
    }

    async fn take_of(
        &self,
        holder: Holder,
        credential: Credential,
        passphrase: Option<SecretString>,
    ) -> Result<(), ApiError> {
        let (credentials, place, kept) = (self.clone(), holder.clone(), credential.clone());
        blocking(move || credentials.keep(&place, &kept, passphrase)).await?;
        self.insert(holder, credential);
        Ok(())
    }

    fn keep(
        &self,
        holder: &Holder,
        credential: &Credential,
        passphrase: Option<SecretString>,
    ) -> Result<(), ApiError> {
        let path = self.path(holder);
        if self.0.environment == Environment::Practice {
            self.remove(holder)?;
            return credential.save_plain(&path).map_err(|error| wrong(&path, &error));
        }
        match self.passphrase(passphrase)? {
            Some(passphrase) => {
                check_passphrase(&passphrase)?;
                self.remove(holder)?;
                let random = random::bytes()?;
                credential
                    .save(&path, passphrase.expose_secret(), random)
                    .map_err(|error| wrong(&path, &error))
            }
            None => {
                let name = self.name(holder);
                let kept = SystemStore::open().and_then(|store| store.keep_credential(&name, credential));
                kept.map_err(|error| {
                    let ApiError { message, .. } = unavailable(error);
                    ApiError::invalid(format!(
                        "{message} Choose a passphrase to keep the credential in an encrypted file instead."
                    ))
                })?;
                self.remove(holder)
            }
        }
    }

    /// Forgets a facilitator's credential, wherever it is kept.
    pub(crate) async fn forget(&self, row: &FacilitatorRow) -> Result<(), ApiError> {
        self.forget_of(Holder::of(row)?).await
    }

    /// Forgets the token of a tunnel, wherever it is kept.
    pub(crate) async fn forget_tunnel(&self, kind: Kind) -> Result<(), ApiError> {
        self.forget_of(Holder::Tunnel(kind)).await
    }

    /// The token of a tunnel, if one was ever given.
    pub(crate) fn tunnel(&self, kind: Kind, was_given: bool) -> Token {
        let open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        let token = open.get(&Holder::Tunnel(kind)).and_then(Credential::token);
        match token {
            Some(token) => Token::Known(SecretString::from(token.as_str())),
            None if was_given => Token::Locked,
            None => Token::None,
        }
    }

    async fn forget_of(&self, holder: Holder) -> Result<(), ApiError> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&holder);
        let credentials = self.clone();
        blocking(move || {
            if credentials.0.environment != Environment::Practice
                && let Ok(store) = SystemStore::open()
                && let Err(error) = store.forget_credential(&credentials.name(&holder))
            {
                tracing::warn!(%error, "the system's key store still has {}", holder.shown());
            }
            credentials.remove(&holder)
        })
        .await
    }

    fn remove(&self, holder: &Holder) -> Result<(), ApiError> {
        let path = self.path(holder);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(wrong(&path, &error)),
            _ => Ok(()),
        }
    }

    fn insert(&self, holder: Holder, credential: Credential) {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner).insert(holder, credential);
    }

    fn path(&self, holder: &Holder) -> PathBuf {
        match holder {
            Holder::Facilitator { network, host } => self.0.folder.facilitator_key(*network, host),
            Holder::Tunnel(kind) => self.0.folder.tunnel_key(kind.as_str()),
        }
    }

    fn passphrase(&self, typed: Option<SecretString>) -> Result<Option<SecretString>, ApiError> {
        match (typed, self.0.passphrase_file.as_deref()) {
            (Some(typed), _) => Ok(Some(typed)),
            (None, file) => file.map(read_passphrase).transpose(),
        }
    }

    fn name(&self, holder: &Holder) -> String {
        holder.name(self.0.environment, &self.0.folder)
    }
}

fn unavailable(error: WalletError) -> ApiError {
    ApiError::new(ErrorCode::Unavailable, sentence(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I12: stalls of one user share the system's store, and none finds what another one's facilitator knows.
    #[test]
    fn every_data_folder_and_every_host_has_a_name_of_its_own_in_the_systems_store() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let mut names = Vec::new();
        for environment in [Environment::Test, Environment::Live] {
            for folder in &folders {
                for host in ["https://one.example", "https://two.example"] {
                    let folder = EnvironmentFolder::of(folder.path(), environment).unwrap();
                    let network = NetworkId::BASE_SEPOLIA;
                    let holder = Holder::Facilitator { network, host: host.to_owned() };
                    names.push(holder.name(environment, &folder));
                    assert_eq!(names.last(), Some(&holder.name(environment, &folder)));
                }
            }
        }
        let different: std::collections::HashSet<_> = names.iter().collect();
        assert_eq!(different.len(), names.len(), "{names:?}");
    }
}
