use std::path::{Path, PathBuf};

use alloy_primitives::hex;
use zeroize::Zeroizing;

use crate::error::sentence;
use crate::folder::EnvironmentFolder;
use crate::{ApiError, Config, random};

/// A key on its way to a running stall: in an encrypted file of its own, whose passphrase nobody has seen before and
/// travels beside it. So a key that was typed or piped is neither in a message nor bare on a disk (I12). The file goes
/// when this does.
pub struct SealedKey {
    file: PathBuf,
    passphrase: Zeroizing<String>,
}

impl SealedKey {
    /// Seals a key that is written as 64 hexadecimal digits; the text is wiped. Takes a good part of a second.
    ///
    /// # Errors
    /// When the text is no key, or no file can be written.
    pub fn new(config: &Config, text: Vec<u8>) -> Result<Self, ApiError> {
        let folder = EnvironmentFolder::of(&config.data_dir, config.environment)?;
        let file = folder.handed_over(&hex::encode(random::bytes::<8>()?));
        let passphrase = Zeroizing::new(hex::encode(random::bytes::<32>()?));
        let sealed = Self { file, passphrase };
        wallet::seal(text, &sealed.file, &sealed.passphrase, random::bytes()?)
            .map_err(|error| ApiError::invalid(sentence(&error.to_string())))?;
        Ok(sealed)
    }

    /// The file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// What opens it.
    pub fn passphrase(&self) -> &str {
        &self.passphrase
    }
}

impl Drop for SealedKey {
    fn drop(&mut self) {
        // What was never written is not there.
        drop(std::fs::remove_file(&self.file));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_key_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let overrides = crate::Overrides { data_dir: Some(folder.path().join("data")), ..Default::default() };
        let config = Config::resolve(overrides).unwrap();
        let sealed = SealedKey::new(&config, "11".repeat(32).into_bytes()).unwrap();
        let file = sealed.file().to_owned();
        let shown = std::fs::read_to_string(&file).unwrap();
        assert!(!shown.contains("1111111111") && !shown.contains(sealed.passphrase()), "{shown}");
        drop(sealed);
        assert!(!file.exists());
        assert!(SealedKey::new(&config, b"no key".to_vec()).is_err());
    }
}
