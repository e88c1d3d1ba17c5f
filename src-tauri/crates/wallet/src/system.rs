//! The operating system's key store: Keychain, Credential Manager, or a Secret Service on D-Bus.

#[cfg(feature = "system-key-store")]
use std::sync::Arc;

use crate::{Credential, GasWallet, WalletError};

/// What all keys of this product are filed under.
#[cfg(feature = "system-key-store")]
const SERVICE: &str = "Stallkeeper";

/// Keeps keys where the operating system keeps passwords. Its calls wait for the system, and perhaps for a person: keep
/// them off the threads that serve.
#[derive(Clone, Debug)]
pub struct SystemStore {
    #[cfg(feature = "system-key-store")]
    store: Arc<keyring_core::CredentialStore>,
}

#[cfg(feature = "system-key-store")]
impl SystemStore {
    /// Connects to the store of this computer.
    ///
    /// # Errors
    /// [`WalletError::SystemStore`] where none runs, as on most servers.
    pub fn open() -> Result<Self, WalletError> {
        #[cfg(target_os = "macos")]
        let store = apple_native_keyring_store::keychain::Store::new();
        #[cfg(windows)]
        let store = windows_native_keyring_store::Store::new();
        #[cfg(all(unix, not(target_os = "macos")))]
        let store = zbus_secret_service_keyring_store::Store::new();
        Ok(Self { store: store.map_err(failed)? })
    }

    /// Keeps the wallet's key under `name`, and reads it again to be sure of it.
    ///
    /// # Errors
    /// [`WalletError::SystemStore`], or [`WalletError::Locked`].
    pub fn keep(&self, name: &str, wallet: &GasWallet) -> Result<(), WalletError> {
        let key = wallet.key_bytes()?;
        let entry = self.store.build(SERVICE, name, None).map_err(failed)?;
        entry.set_secret(key.as_slice()).map_err(failed)?;
        wallet.unlock(&self.load(name)?)
    }

    /// Keeps a credential under `name`.
    ///
    /// # Errors
    /// [`WalletError::SystemStore`].
    pub fn keep_credential(&self, name: &str, credential: &Credential) -> Result<(), WalletError> {
        let entry = self.store.build(SERVICE, name, None).map_err(failed)?;
        entry.set_secret(credential.written().as_bytes()).map_err(failed)
    }

    /// The credential that is kept under `name`.
    ///
    /// # Errors
    /// [`WalletError::SystemStore`] when it is not there, or the store stays closed.
    pub fn load_credential(&self, name: &str) -> Result<Credential, WalletError> {
        let entry = self.store.build(SERVICE, name, None).map_err(failed)?;
        Credential::read(&zeroize::Zeroizing::new(entry.get_secret().map_err(failed)?))
    }

    /// Forgets the credential under `name`; one that is not there is forgotten already.
    ///
    /// # Errors
    /// [`WalletError::SystemStore`].
    pub fn forget_credential(&self, name: &str) -> Result<(), WalletError> {
        let entry = self.store.build(SERVICE, name, None).map_err(failed)?;
        match entry.delete_credential() {
            Ok(()) | Err(keyring_core::Error::NoEntry) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }

    /// The wallet whose key is kept under `name`.
    ///
    /// # Errors
    /// [`WalletError::SystemStore`] when it is not there, or the store stays closed.
    pub fn load(&self, name: &str) -> Result<GasWallet, WalletError> {
        let entry = self.store.build(SERVICE, name, None).map_err(failed)?;
        let secret = zeroize::Zeroizing::new(entry.get_secret().map_err(failed)?);
        let mut key = zeroize::Zeroizing::new([0; 32]);
        if secret.len() != key.len() {
            return Err(WalletError::NotAKey);
        }
        key.copy_from_slice(&secret);
        GasWallet::from_key_bytes(&mut key)
    }
}

/// Some of the store's errors carry what it read, so only their kind is told (I12).
#[cfg(feature = "system-key-store")]
fn failed(error: keyring_core::Error) -> WalletError {
    use keyring_core::Error;
    let why = match error {
        Error::NoEntry => "the key is not in it",
        Error::NoStorageAccess(_) => "it is locked, or access was refused",
        Error::Ambiguous(_) => "it holds several keys under the same name",
        Error::PlatformFailure(_) => "it does not answer, or none runs here",
        _ => "it does not do what it was asked",
    };
    WalletError::SystemStore(why.to_owned())
}

#[cfg(not(feature = "system-key-store"))]
impl SystemStore {
    /// There is none in a program that was built without it.
    ///
    /// # Errors
    /// Always.
    pub fn open() -> Result<Self, WalletError> {
        Err(missing())
    }

    /// Keeps nothing.
    ///
    /// # Errors
    /// Always.
    pub fn keep(&self, _name: &str, _wallet: &GasWallet) -> Result<(), WalletError> {
        Err(missing())
    }

    /// Keeps nothing.
    ///
    /// # Errors
    /// Always.
    pub fn keep_credential(&self, _name: &str, _credential: &Credential) -> Result<(), WalletError> {
        Err(missing())
    }

    /// Finds nothing.
    ///
    /// # Errors
    /// Always.
    pub fn load_credential(&self, _name: &str) -> Result<Credential, WalletError> {
        Err(missing())
    }

    /// Forgets nothing.
    ///
    /// # Errors
    /// Always.
    pub fn forget_credential(&self, _name: &str) -> Result<(), WalletError> {
        Err(missing())
    }

    /// Finds nothing.
    ///
    /// # Errors
    /// Always.
    pub fn load(&self, _name: &str) -> Result<GasWallet, WalletError> {
        Err(missing())
    }
}

#[cfg(not(feature = "system-key-store"))]
fn missing() -> WalletError {
    WalletError::SystemStore("this program was built without it".to_owned())
}

#[cfg(test)]
#[cfg(feature = "system-key-store")]
mod tests {
    use super::*;

    fn in_memory() -> SystemStore {
        SystemStore { store: keyring_core::mock::Store::new().unwrap() }
    }

    #[test]
    fn a_kept_key_is_found_under_its_name_and_no_other() {
        let store = in_memory();
        let wallet = GasWallet::from_key_bytes(&mut [7; 32]).unwrap();
        store.keep("test", &wallet).unwrap();
        assert_eq!(store.load("test").unwrap().address(), wallet.address());
        assert!(matches!(store.load("live"), Err(WalletError::SystemStore(_))));
        wallet.lock();
        assert!(matches!(store.keep("test", &wallet), Err(WalletError::Locked)));
    }

    #[test]
    fn a_credential_is_kept_beside_the_key_and_can_be_forgotten() {
        let store = in_memory();
        let credential = Credential::bearer("a-token-of-a-facilitator").unwrap();
        store.keep_credential("test facilitator", &credential).unwrap();
        assert!(store.load_credential("test facilitator").unwrap().shows_in("x a-token-of-a-facilitator"));
        store.forget_credential("test facilitator").unwrap();
        store.forget_credential("test facilitator").unwrap();
        assert!(store.load_credential("test facilitator").is_err());
    }

    /// I12: what the store read is part of some of its errors.
    #[test]
    fn an_error_of_the_store_shows_nothing_of_what_it_holds() {
        let failed = failed(keyring_core::Error::BadEncoding(vec![0xab; 32]));
        assert!(!format!("{failed} {failed:?}").contains("171"));
    }
}
