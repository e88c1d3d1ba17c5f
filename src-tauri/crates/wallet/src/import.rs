//! Keys that come from elsewhere.

use std::path::Path;

use zeroize::Zeroizing;

use crate::{GasWallet, WalletError, file, keystore};

impl GasWallet {
    /// The key in a file of the seller's: 64 hexadecimal digits, or a Web3 key file with its passphrase. The file stays
    /// as it is.
    ///
    /// # Errors
    /// [`WalletError::NeedsPassphrase`] for a key file without one, or what is wrong with the file.
    pub fn import(path: &Path, passphrase: Option<&str>) -> Result<Self, WalletError> {
        let contents = file::read(path)?;
        if let Some(bare) = Self::from_digits(&contents) {
            return bare;
        }
        if !contents.trim_ascii_start().starts_with(b"{") {
            let why = "it holds neither 64 hexadecimal digits nor a Web3 key file";
            return Err(WalletError::NotAKeyFile { path: path.to_owned(), why });
        }
        let passphrase = passphrase.ok_or_else(|| WalletError::NeedsPassphrase(path.to_owned()))?;
        Self::from_key_bytes(&mut *keystore::decrypt(path, &contents, passphrase)?)
    }
}

/// Encrypts a key that was read as 64 hexadecimal digits into a new file at `path`, for somebody who is told
/// `passphrase` another way, so that the bare key is neither in a file nor in a message. `random` is used as by
/// [`GasWallet::create`]. The text is wiped.
///
/// # Errors
/// [`WalletError::NotAKey`] when the text is no key, or when the file cannot be written.
pub fn seal(text: Vec<u8>, path: &Path, passphrase: &str, random: [u8; 64]) -> Result<(), WalletError> {
    let text = Zeroizing::new(text);
    let wallet = GasWallet::from_digits(&text).unwrap_or(Err(WalletError::NotAKey))?;
    wallet.save(path, passphrase, random)
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{Address, address};

    use super::*;

    const DIGITS: &str = "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
    const ADDRESS: Address = address!("70997970C51812dc3A010C7d01b50e0d17dc79C8");

    /// The example of the Web3 Secret Storage definition, with PBKDF2; its passphrase is `testpassword`.
    const WITH_PBKDF2: &str = r#"{
        "crypto": {
            "cipher": "aes-128-ctr",
            "cipherparams": { "iv": "6087dab2f9fdbbfaddc31a909735c1e6" },
            "ciphertext": "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
            "kdf": "pbkdf2",
            "kdfparams": {
                "c": 262144, "dklen": 32, "prf": "hmac-sha256",
                "salt": "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"
            },
            "mac": "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"
        },
        "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
        "version": 3
    }"#;

    #[test]
    fn a_bare_key_is_read_with_or_without_its_prefix_and_the_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        for text in [DIGITS.to_owned(), format!("0x{DIGITS}\n"), format!("  {}\r\n", DIGITS.to_uppercase())] {
            std::fs::write(&path, &text).unwrap();
            assert_eq!(GasWallet::import(&path, None).unwrap().address(), ADDRESS);
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn a_key_file_of_another_wallet_is_read_with_its_passphrase() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("UTC--key");
        std::fs::write(&path, WITH_PBKDF2).unwrap();
        let imported = GasWallet::import(&path, Some("testpassword")).unwrap();
        assert_eq!(imported.address(), address!("008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b"));
        assert!(matches!(GasWallet::import(&path, Some("guess")), Err(WalletError::WrongPassphrase(_))));
        assert!(matches!(GasWallet::import(&path, None), Err(WalletError::NeedsPassphrase(_))));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        for text in ["", "twelve words of a seed phrase", &DIGITS[..63], "{}"] {
            std::fs::write(&path, text).unwrap();
            let refused = GasWallet::import(&path, Some("x")).unwrap_err();
            assert!(matches!(refused, WalletError::NotAKeyFile { .. }), "{text}: {refused}");
        }
        std::fs::write(&path, "00".repeat(32)).unwrap();
        assert!(matches!(GasWallet::import(&path, None), Err(WalletError::NotAKey)));
    }

    /// I12.
    #[test]
    fn a_sealed_key_opens_with_what_was_told_and_shows_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sealed.json");
        seal(DIGITS.as_bytes().to_vec(), &path, "told", [5; 64]).unwrap();
        assert!(!std::fs::read_to_string(&path).unwrap().contains(&DIGITS[..16]));
        assert_eq!(GasWallet::import(&path, Some("told")).unwrap().address(), ADDRESS);
        let refused = seal(b"no key".to_vec(), &folder.path().join("other"), "told", [5; 64]);
        assert!(matches!(refused, Err(WalletError::NotAKey)));
    }
}
