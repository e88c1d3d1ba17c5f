use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use alloy::signers::SignerSync as _;
use alloy::signers::k256::ecdsa::SigningKey;
use alloy::signers::local::PrivateKeySigner;
use alloy_primitives::{Address, B256, hex};
use zeroize::{Zeroize as _, Zeroizing};

use crate::{WalletError, file, keystore};

/// The key that pays for settlement transactions. It should hold gas and nothing else.
///
/// Clones are handles to the same key: what locks one of them locks all. The key is wiped from memory when it is locked,
/// and with its last clone.
#[derive(Clone)]
pub struct GasWallet(Arc<Inner>);

struct Inner {
    address: Address,
    key: RwLock<Option<PrivateKeySigner>>,
    uses: AtomicU64,
}

impl GasWallet {
    /// Takes the key over and wipes the caller's copy, also when it is refused.
    ///
    /// # Errors
    /// [`WalletError::NotAKey`] for zero and for numbers not below the curve's order.
    pub fn from_key_bytes(key: &mut [u8; 32]) -> Result<Self, WalletError> {
        let signing = SigningKey::from_slice(key.as_slice());
        key.zeroize();
        let signer = PrivateKeySigner::from_signing_key(signing.map_err(|_| WalletError::NotAKey)?);
        Ok(Self::new(signer.address(), Some(signer)))
    }

    /// A wallet whose key is somewhere else: it has an address and signs nothing until it is unlocked.
    pub fn locked(address: Address) -> Self {
        Self::new(address, None)
    }

    /// No wallet at all, for a stall whose payments somebody else settles: nobody's address, and it never signs.
    pub fn none() -> Self {
        Self::locked(Address::ZERO)
    }

    fn new(address: Address, key: Option<PrivateKeySigner>) -> Self {
        Self(Arc::new(Inner { address, key: RwLock::new(key), uses: AtomicU64::new(0) }))
    }

    /// Unlocks the key file (Web3 Secret Storage, version 3) at `path`. Takes a good part of a second and up to
    /// 128 MiB by design: keep it off the threads that serve.
    ///
    /// # Errors
    /// [`WalletError::WrongPassphrase`] when the passphrase is not the one it was made with, or says what is wrong with
    /// the file.
    pub fn open(path: &Path, passphrase: &str) -> Result<Self, WalletError> {
        let document = file::read(path)?;
        Self::from_key_bytes(&mut *keystore::decrypt(path, &document, passphrase)?)
    }

    /// The wallet of the key file at `path`, still locked. Its address is what the file says; only unlocking proves it.
    ///
    /// # Errors
    /// When the file is no key file, or does not say whose key it holds.
    pub fn open_locked(path: &Path) -> Result<Self, WalletError> {
        keystore::address(path, &file::read(path)?).map(Self::locked)
    }

    /// Keeps a key in a new encrypted file at `path`, readable by its owner only, and wipes the caller's copy. As slow
    /// as [`GasWallet::open`]. `random` becomes the file's salt, initial vector and id; it is no secret, but must never
    /// be used twice.
    ///
    /// # Errors
    /// [`WalletError::Exists`] when there is a file already, which is then left as it is.
    pub fn create(
        path: &Path,
        key: &mut [u8; 32],
        passphrase: &str,
        random: [u8; 64],
    ) -> Result<Self, WalletError> {
        let wallet = Self::from_key_bytes(key)?;
        wallet.save(path, passphrase, random)?;
        Ok(wallet)
    }

    /// Writes the key into a new encrypted file at `path`, as [`GasWallet::create`] does.
    ///
    /// # Errors
    /// [`WalletError::Exists`] when there is a file already, [`WalletError::Locked`] when it is locked.
    pub fn save(&self, path: &Path, passphrase: &str, random: [u8; 64]) -> Result<(), WalletError> {
        let key = self.key_bytes()?;
        file::create(path, &keystore::encrypt(&key, self.address(), passphrase, &random)?)
    }

    /// Writes the bare key into a new file at `path`: 64 hexadecimal digits that only the owner of the file can read,
    /// and that spend everything the wallet holds.
    ///
    /// # Errors
    /// As [`GasWallet::save`].
    pub fn save_bare(&self, path: &Path) -> Result<(), WalletError> {
        let mut text = Zeroizing::new([0; 65]);
        hex::encode_to_slice(self.key_bytes()?.as_slice(), &mut text[..64])
            .map_err(|_| WalletError::Cryptography("be written"))?;
        text[64] = b'\n';
        file::create(path, text.as_slice())
    }

    /// The key in the plain file at `path`, which is made from `random` where there is none, and which only its owner
    /// can read from then on. Only for practice, whose money is worth nothing.
    ///
    /// # Errors
    /// When the file cannot be read, written, or taken for a key.
    pub fn open_or_create_practice(path: &Path, random: [u8; 32]) -> Result<Self, WalletError> {
        let usable = |key: &[u8; 32]| SigningKey::from_slice(key.as_slice()).is_ok();
        Self::from_key_bytes(&mut *file::open_or_create_bare(path, random, usable)?)
    }

    /// The key that is written as 64 hexadecimal digits, with or without `0x` and space around; none when it is not.
    pub(crate) fn from_digits(text: &[u8]) -> Option<Result<Self, WalletError>> {
        let mut key = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text.trim_ascii(), key.as_mut_slice()).ok()?;
        Some(Self::from_key_bytes(&mut key))
    }

    /// The address that must hold the gas money.
    pub fn address(&self) -> Address {
        self.0.address
    }

    /// Whether it signs nothing at present.
    pub fn is_locked(&self) -> bool {
        self.0.key.read().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// Wipes the key from memory. Whoever holds a clone signs nothing any more until it is unlocked.
    pub fn lock(&self) {
        *self.0.key.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Takes the key of `opened` over, for all clones.
    ///
    /// # Errors
    /// [`WalletError::AnotherKey`] when that is another address's key, and [`WalletError::Locked`] when there is none.
    pub fn unlock(&self, opened: &Self) -> Result<(), WalletError> {
        if opened.address() != self.address() {
            return Err(WalletError::AnotherKey { wanted: self.address(), found: opened.address() });
        }
        let key = opened.0.key.read().unwrap_or_else(PoisonError::into_inner).clone();
        let key = key.ok_or(WalletError::Locked)?;
        // The same lock, taken again, would wait for itself.
        if !Arc::ptr_eq(&self.0, &opened.0) {
            *self.0.key.write().unwrap_or_else(PoisonError::into_inner) = Some(key);
        }
        Ok(())
    }

    /// How often it has signed, so that somebody with a clock can tell when it was used last.
    pub fn uses(&self) -> u64 {
        self.0.uses.load(Ordering::Relaxed)
    }

    /// Signs a hash: `r`, `s` in the lower half, and `v` of 27 or 28. The same hash always gets the same signature.
    ///
    /// # Errors
    /// [`WalletError::Locked`], or [`WalletError::Cryptography`], which no hash is known to cause.
    pub fn sign_hash(&self, hash: &B256) -> Result<[u8; 65], WalletError> {
        let key = self.0.key.read().unwrap_or_else(PoisonError::into_inner);
        let signature = key.as_ref().ok_or(WalletError::Locked)?.sign_hash_sync(hash);
        self.0.uses.fetch_add(1, Ordering::Relaxed);
        Ok(signature.map_err(|_| WalletError::Cryptography("sign"))?.as_bytes())
    }

    pub(crate) fn key_bytes(&self) -> Result<Zeroizing<[u8; 32]>, WalletError> {
        let key = self.0.key.read().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = key.as_ref().ok_or(WalletError::Locked)?.to_bytes();
        let taken = Zeroizing::new(bytes.0);
        bytes.0.zeroize();
        Ok(taken)
    }
}

impl fmt::Debug for GasWallet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GasWallet").field(&self.address()).finish()
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{Signature, address, b256};

    use super::*;

    const KEY: [u8; 32] = hex!("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d");
    const ADDRESS: Address = address!("70997970C51812dc3A010C7d01b50e0d17dc79C8");

    /// The same key in a file that ethers 6 made with the passphrase `testpassword`.
    const THEIRS: &str = r#"{
        "address": "70997970c51812dc3a010c7d01b50e0d17dc79c8",
        "id": "0f7e44aa-93aa-440e-a8b4-6ee84f5825ac",
        "version": 3,
        "Crypto": {
            "cipher": "aes-128-ctr",
            "cipherparams": { "iv": "81e3fd7f91fdb9bbfb406d44f7409e8d" },
            "ciphertext": "cc664b964ed18984addd0e925ae45ead3d7a0f71edfc2a0cd9e086b8237aa425",
            "kdf": "scrypt",
            "kdfparams": {
                "salt": "8e958b59f6846d02fa4bf5dd7d7105a70517fab9467dfd8567a3067af069f0cc",
                "n": 131072, "dklen": 32, "p": 1, "r": 8
            },
            "mac": "2ee6ca110f8cd07a3d3632ed8aac0beaacafc2f79acf6ab8e10643653dcda293"
        }
    }"#;

    #[cfg(unix)]
    fn mode(path: &Path) -> u32 {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_signature_recovers_to_the_wallets_own_address() {
        let wallet = GasWallet::from_key_bytes(&mut KEY.clone()).unwrap();
        assert_eq!(wallet.address(), ADDRESS);
        let hash = b256!("7b608a4b969db6725f5373740b7811350cd1148db1b903276958fa2a718326ba");
        let signature = wallet.sign_hash(&hash).unwrap();
        assert!(signature[64] == 27 || signature[64] == 28);
        let recovered = Signature::from_raw_array(&signature).unwrap().recover_address_from_prehash(&hash);
        assert_eq!(recovered.unwrap(), ADDRESS);
        assert_eq!(wallet.sign_hash(&hash).unwrap(), signature);
    }

    /// I12: the caller's copy does not outlive the call, accepted or not.
    #[test]
    fn the_callers_copy_of_a_key_is_wiped() {
        let mut key = KEY;
        GasWallet::from_key_bytes(&mut key).unwrap();
        assert_eq!(key, [0; 32]);
        let mut no_key = [0xff; 32];
        assert!(matches!(GasWallet::from_key_bytes(&mut no_key), Err(WalletError::NotAKey)));
        assert_eq!(no_key, [0; 32]);
    }

    /// I12.
    #[test]
    fn a_wallet_and_its_errors_show_no_secret() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gas.json");
        let wallet = GasWallet::create(&path, &mut KEY.clone(), "correct horse", [7; 64]).unwrap();
        let refused = GasWallet::open(&path, "wrong donkey").unwrap_err();
        let stored = std::fs::read_to_string(&path).unwrap();
        let raw = format!("{:?}", &KEY[..8]);
        for shown in [format!("{wallet:?}"), format!("{refused:?} {refused}"), stored] {
            for secret in [&hex::encode(KEY)[..16], raw.trim_matches(['[', ']']), "horse", "donkey"] {
                assert!(!shown.to_lowercase().contains(secret), "{shown}");
            }
        }
        assert_eq!(format!("{wallet:?}"), format!("GasWallet({ADDRESS:?})"));
    }

    #[test]
    fn a_key_file_opens_with_its_passphrase_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gas.json");
        let mut key = KEY;
        let made = GasWallet::create(&path, &mut key, "correct horse", [7; 64]).unwrap();
        assert_eq!((made.address(), key), (ADDRESS, [0; 32]));
        assert_eq!(GasWallet::open(&path, "correct horse").unwrap().address(), ADDRESS);
        let refused = GasWallet::open(&path, "correct horse ").unwrap_err();
        assert!(matches!(&refused, WalletError::WrongPassphrase(file) if *file == path));
        assert!(refused.to_string().starts_with("the passphrase does not open"));
        #[cfg(unix)]
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn a_file_of_another_tool_opens_and_ours_has_the_same_form() {
        let folder = tempfile::tempdir().unwrap();
        let [theirs, ours] = ["theirs.json", "ours.json"].map(|name| folder.path().join(name));
        std::fs::write(&theirs, THEIRS).unwrap();
        assert_eq!(GasWallet::open(&theirs, "testpassword").unwrap().address(), ADDRESS);

        GasWallet::create(&ours, &mut KEY.clone(), "testpassword", [9; 64]).unwrap();
        let parts = |file: &Path| -> Vec<String> {
            let text = std::fs::read_to_string(file).unwrap().replace("Crypto", "crypto");
            let document: serde_json::Value = serde_json::from_str(&text).unwrap();
            let [crypto, kdf] = [&document["crypto"], &document["crypto"]["kdfparams"]];
            let objects = [&document, crypto, kdf].map(|part| part.as_object().unwrap().keys());
            let mut names: Vec<_> = objects.into_iter().flatten().cloned().collect();
            names.sort();
            names
        };
        assert_eq!(parts(&ours), parts(&theirs));
    }

    #[test]
    fn a_key_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gas.json");
        std::fs::write(&path, "something dear").unwrap();
        let refused = GasWallet::create(&path, &mut KEY.clone(), "x", [1; 64]).unwrap_err();
        assert!(matches!(refused, WalletError::Exists(file) if file == path));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "something dear");
    }

    #[test]
    fn files_that_hold_no_key_are_refused_with_what_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gas.json");
        let changed = |from: &str, to: &str| THEIRS.replace(from, to);
        for (contents, why) in [
            ("not json".to_owned(), "Web3 Secret Storage"),
            (changed("\"scrypt\"", "\"argon2\""), "scrypt"),
            (changed("\"scrypt\"", "\"pbkdf2\""), "damaged"),
            (changed("\"version\": 3", "\"version\": 1"), "version 3"),
            (changed("131072", "131071"), "out of bounds"),
            (changed("131072", "1099511627776"), "out of bounds"),
            (changed("cc664b", "cc66"), "damaged"),
            (" ".repeat(100_000), "too large"),
        ] {
            std::fs::write(&path, contents).unwrap();
            let refused = GasWallet::open(&path, "testpassword").unwrap_err();
            assert!(matches!(refused, WalletError::NotAKeyFile { .. }), "{refused:?}");
            assert!(refused.to_string().contains(why), "{refused}");
        }
        let missing = GasWallet::open(&folder.path().join("nothing"), "x").unwrap_err();
        assert!(matches!(missing, WalletError::File { .. }));
    }

    /// I12: what is locked is gone from memory, for everybody who holds the wallet.
    #[test]
    fn a_locked_wallet_signs_nothing_for_anybody_until_its_own_key_comes_back() {
        let wallet = GasWallet::from_key_bytes(&mut KEY.clone()).unwrap();
        let clone = wallet.clone();
        let hash = B256::repeat_byte(7);
        let signature = clone.sign_hash(&hash).unwrap();
        wallet.lock();
        assert!(clone.is_locked());
        assert_eq!(clone.address(), ADDRESS);
        assert!(matches!(clone.sign_hash(&hash), Err(WalletError::Locked)));
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(clone.save_bare(&folder.path().join("key")), Err(WalletError::Locked)));

        let stranger = GasWallet::from_key_bytes(&mut [9; 32]).unwrap();
        assert!(matches!(wallet.unlock(&stranger), Err(WalletError::AnotherKey { .. })));
        assert!(matches!(wallet.unlock(&GasWallet::locked(ADDRESS)), Err(WalletError::Locked)));
        assert!(wallet.is_locked());
        let own = GasWallet::from_key_bytes(&mut KEY.clone()).unwrap();
        wallet.unlock(&own).unwrap();
        assert_eq!(clone.sign_hash(&hash).unwrap(), signature);
        assert_eq!(wallet.uses(), 2, "what was refused is no use");
    }

    #[test]
    fn a_key_file_tells_its_address_without_its_passphrase() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gas.json");
        GasWallet::create(&path, &mut KEY.clone(), "correct horse", [7; 64]).unwrap();
        let locked = GasWallet::open_locked(&path).unwrap();
        assert_eq!((locked.address(), locked.is_locked()), (ADDRESS, true));
        locked.unlock(&GasWallet::open(&path, "correct horse").unwrap()).unwrap();
        assert!(!locked.is_locked());
        std::fs::write(&path, THEIRS.replace("\"address\"", "\"nobody\"")).unwrap();
        assert!(matches!(GasWallet::open_locked(&path), Err(WalletError::NotAKeyFile { .. })));
    }

    #[test]
    fn a_saved_key_is_a_new_file_of_the_owners_alone_encrypted_or_bare() {
        let folder = tempfile::tempdir().unwrap();
        let [sealed, bare] = ["sealed.json", "bare"].map(|name| folder.path().join(name));
        let wallet = GasWallet::from_key_bytes(&mut KEY.clone()).unwrap();
        wallet.save(&sealed, "correct horse", [3; 64]).unwrap();
        wallet.save_bare(&bare).unwrap();
        assert_eq!(GasWallet::open(&sealed, "correct horse").unwrap().address(), ADDRESS);
        assert_eq!(std::fs::read_to_string(&bare).unwrap(), format!("{}\n", hex::encode(KEY)));
        for path in [&sealed, &bare] {
            #[cfg(unix)]
            assert_eq!(mode(path), 0o600);
            assert!(matches!(wallet.save_bare(path), Err(WalletError::Exists(_))));
        }
    }

    #[test]
    fn a_practice_key_is_made_once_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("practice-gas.key");
        let made = GasWallet::open_or_create_practice(&path, KEY).unwrap();
        let found = GasWallet::open_or_create_practice(&path, [9; 32]).unwrap();
        assert_eq!([made.address(), found.address()], [ADDRESS; 2]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(mode(&path), 0o600);
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
            GasWallet::open_or_create_practice(&path, KEY).unwrap();
            assert_eq!(mode(&path), 0o600, "others could read a copy that was made carelessly");
        }

        std::fs::write(&path, "0x12").unwrap();
        let refused = GasWallet::open_or_create_practice(&path, KEY).unwrap_err();
        assert!(matches!(refused, WalletError::NotAKeyFile { .. }));
    }
}
