//! The Web3 Secret Storage format, version 3: what geth, Foundry and other wallets read and write. Files of others may
//! have stretched their passphrase with PBKDF2; ours use scrypt.

use std::path::Path;

use aes::Aes128;
use aes::cipher::{KeyIvInit as _, StreamCipher as _};
use alloy_primitives::{Address, Keccak256, hex};
use ctr::Ctr128BE;
use scrypt::Params;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::WalletError;

/// What a new file asks of whoever tries passphrases: 2^17 rounds over 128 MiB.
const LOG_ROUNDS: u8 = 17;
const BLOCK_SIZE: u32 = 8;
const PARALLEL: u32 = 1;

/// The most memory that a file may ask for, in bytes: twice what geth's own files do.
const MOST_MEMORY: u64 = 512 << 20;

/// The key that encrypts, and the key that the checksum is made with.
const DERIVED: usize = 32;

const CIPHER: &str = "aes-128-ctr";
const KDF: &str = "scrypt";
const OTHER_KDF: &str = "pbkdf2";
const PRF: &str = "hmac-sha256";

/// The most rounds of PBKDF2 that a file may ask for: many times what any wallet writes.
const MOST_ROUNDS: u32 = 10_000_000;

const VERSION: u32 = 3;

/// The file. Bytes are hexadecimal digits.
#[derive(Serialize, Deserialize)]
struct Document {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(alias = "Crypto")]
    crypto: Crypto,
    id: String,
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct Crypto {
    cipher: String,
    cipherparams: CipherParams,
    ciphertext: String,
    kdf: String,
    kdfparams: serde_json::Value,
    mac: String,
}

#[derive(Serialize, Deserialize)]
struct CipherParams {
    iv: String,
}

#[derive(Serialize, Deserialize)]
struct ScryptParams {
    dklen: usize,
    n: u64,
    p: u32,
    r: u32,
    salt: String,
}

#[derive(Deserialize)]
struct Pbkdf2Params {
    dklen: usize,
    c: u32,
    prf: String,
    salt: String,
}

/// Whose key the key file `document` says it holds. Nothing but the key itself proves that.
pub(crate) fn address(path: &Path, document: &[u8]) -> Result<Address, WalletError> {
    let not = |why: &'static str| WalletError::NotAKeyFile { path: path.to_owned(), why };
    let document: Document =
        serde_json::from_slice(document).map_err(|_| not("it is not in the Web3 Secret Storage format"))?;
    let address = document.address.and_then(|address| bytes(&address).map(Address::new));
    address.ok_or_else(|| not("it does not say whose key it holds"))
}

/// The key inside the key file `document`, which was read from `path`.
pub(crate) fn decrypt(
    path: &Path,
    document: &[u8],
    passphrase: &str,
) -> Result<Zeroizing<[u8; 32]>, WalletError> {
    let mut key = Zeroizing::new([0; 32]);
    let text = decrypt_text(path, document, passphrase, Some(key.len()))?;
    key.copy_from_slice(&text);
    Ok(key)
}

/// The same for any secret; with `length`, for one that has that many bytes.
pub(crate) fn decrypt_text(
    path: &Path,
    document: &[u8],
    passphrase: &str,
    length: Option<usize>,
) -> Result<Zeroizing<Vec<u8>>, WalletError> {
    let not = |why: &'static str| WalletError::NotAKeyFile { path: path.to_owned(), why };
    let document: Document =
        serde_json::from_slice(document).map_err(|_| not("it is not in the Web3 Secret Storage format"))?;
    let crypto = document.crypto;
    let is_known = [KDF, OTHER_KDF].contains(&crypto.kdf.as_str());
    if document.version != VERSION || crypto.cipher != CIPHER || !is_known {
        return Err(not("only version 3 with aes-128-ctr and scrypt or pbkdf2 is read"));
    }
    let damaged = || not("a part of it is damaged");
    let iv: [u8; 16] = bytes(&crypto.cipherparams.iv).ok_or_else(damaged)?;
    let mac: [u8; 32] = bytes(&crypto.mac).ok_or_else(damaged)?;
    let mut text = Zeroizing::new(hex::decode(&crypto.ciphertext).map_err(|_| damaged())?);
    if length.is_some_and(|length| length != text.len()) {
        return Err(damaged());
    }
    let bounds = "its scrypt or pbkdf2 parameters are out of bounds";
    let derived = if crypto.kdf == KDF {
        let scrypt: ScryptParams = serde_json::from_value(crypto.kdfparams).map_err(|_| damaged())?;
        let salt = hex::decode(&scrypt.salt).map_err(|_| damaged())?;
        derive(passphrase, &salt, &scrypt.params().ok_or_else(|| not(bounds))?).ok_or_else(damaged)?
    } else {
        let params: Pbkdf2Params = serde_json::from_value(crypto.kdfparams).map_err(|_| damaged())?;
        let salt = hex::decode(&params.salt).map_err(|_| damaged())?;
        if params.dklen != DERIVED || params.prf != PRF || !(1..=MOST_ROUNDS).contains(&params.c) {
            return Err(not(bounds));
        }
        let mut derived = Zeroizing::new([0; DERIVED]);
        pbkdf2::pbkdf2_hmac::<Sha256>(passphrase.as_bytes(), &salt, params.c, derived.as_mut_slice());
        derived
    };
    if checksum(&derived, &text) != mac {
        return Err(WalletError::WrongPassphrase(path.to_owned()));
    }
    apply(&derived, &iv, &mut text);
    Ok(text)
}

/// A key file that holds `key`. `random` is salt, initial vector and id, one after the other.
pub(crate) fn encrypt(
    key: &[u8; 32],
    address: Address,
    passphrase: &str,
    random: &[u8; 64],
) -> Result<Vec<u8>, WalletError> {
    encrypt_text(key, Some(address), passphrase, random)
}

/// The same for a secret of any length, which may belong to no address.
pub(crate) fn encrypt_text(
    text: &[u8],
    address: Option<Address>,
    passphrase: &str,
    random: &[u8; 64],
) -> Result<Vec<u8>, WalletError> {
    let failed = || WalletError::Cryptography("make a key file");
    let [mut iv, mut id] = [[0; 16]; 2];
    let (salt, rest) = random.split_at(32);
    iv.copy_from_slice(&rest[..16]);
    id.copy_from_slice(&rest[16..]);

    let params = Params::new(LOG_ROUNDS, BLOCK_SIZE, PARALLEL, DERIVED).map_err(|_| failed())?;
    let derived = derive(passphrase, salt, &params).ok_or_else(failed)?;
    let mut ciphertext = Zeroizing::new(text.to_vec());
    apply(&derived, &iv, &mut ciphertext);
    let scrypt = ScryptParams {
        dklen: DERIVED,
        n: 1 << LOG_ROUNDS,
        p: PARALLEL,
        r: BLOCK_SIZE,
        salt: hex::encode(salt),
    };
    let document = Document {
        address: address.map(hex::encode),
        crypto: Crypto {
            cipher: CIPHER.to_owned(),
            cipherparams: CipherParams { iv: hex::encode(iv) },
            ciphertext: hex::encode(&*ciphertext),
            kdf: KDF.to_owned(),
            kdfparams: serde_json::json!(scrypt),
            mac: hex::encode(checksum(&derived, &ciphertext)),
        },
        id: uuid::Builder::from_random_bytes(id).into_uuid().to_string(),
        version: VERSION,
    };
    Ok(serde_json::json!(document).to_string().into_bytes())
}

impl ScryptParams {
    fn params(&self) -> Option<Params> {
        let rounds = self.n.is_power_of_two().then(|| self.n.ilog2())?;
        let memory = self.n.checked_mul(128)?.checked_mul(u64::from(self.r))?;
        if self.dklen != DERIVED || memory > MOST_MEMORY || self.p > 16 {
            return None;
        }
        Params::new(u8::try_from(rounds).ok()?, self.r, self.p, DERIVED).ok()
    }
}

fn derive(passphrase: &str, salt: &[u8], params: &Params) -> Option<Zeroizing<[u8; DERIVED]>> {
    let mut derived = Zeroizing::new([0; DERIVED]);
    scrypt::scrypt(passphrase.as_bytes(), salt, params, derived.as_mut_slice()).ok()?;
    Some(derived)
}

/// Encrypts, and decrypts what was encrypted.
fn apply(derived: &[u8; DERIVED], iv: &[u8; 16], text: &mut [u8]) {
    let mut key = Zeroizing::new([0; 16]);
    key.copy_from_slice(&derived[..16]);
    Ctr128BE::<Aes128>::new((&*key).into(), iv.into()).apply_keystream(text);
}

fn checksum(derived: &[u8; DERIVED], ciphertext: &[u8]) -> [u8; 32] {
    let mut hasher = Keccak256::new();
    hasher.update(&derived[16..]);
    hasher.update(ciphertext);
    hasher.finalize().0
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}
