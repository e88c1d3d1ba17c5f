//! Key files: whole after a power cut, and readable by their owner only.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use alloy_primitives::hex;
use zeroize::Zeroizing;

use crate::WalletError;

/// The largest file that is taken for a key file.
const LARGEST: u64 = 64 << 10;

/// The file's bytes, wiped when they are dropped.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, WalletError> {
    let failed = WalletError::file(path);
    if fs::metadata(path).map_err(&failed)?.len() > LARGEST {
        return Err(WalletError::NotAKeyFile { path: path.to_owned(), why: "it is too large" });
    }
    fs::read(path).map(Zeroizing::new).map_err(failed)
}

/// Puts `contents` at `path`, where nothing may be yet: a key that is overwritten is lost with all it holds.
pub(crate) fn create(path: &Path, contents: &[u8]) -> Result<(), WalletError> {
    if path.try_exists().map_err(WalletError::file(path))? {
        return Err(WalletError::Exists(path.to_owned()));
    }
    replace(path, contents)
}

/// Puts `contents` at `path`, in the place of what was there.
pub(crate) fn replace(path: &Path, contents: &[u8]) -> Result<(), WalletError> {
    let mut name = path.file_name().map(OsString::from).unwrap_or_default();
    name.push(".new");
    let beside = path.with_file_name(name);
    let write = || {
        let mut file = private().open(&beside)?;
        file.write_all(contents)?;
        file.sync_all()
    };
    // What lies there may be somebody else's, or a way to somewhere else.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(WalletError::file(&beside)(error)),
        Ok(()) | Err(_) => {}
    }
    write().map_err(WalletError::file(&beside))?;
    fs::rename(&beside, path).map_err(WalletError::file(path))?;
    match path.parent() {
        // Other systems neither need nor allow opening a folder for this.
        Some(folder) if cfg!(unix) => {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(WalletError::file(folder))
        }
        Some(_) | None => Ok(()),
    }
}

/// The 32 secret bytes that are written in hexadecimal digits in the file at `path`, which only its owner can read from
/// then on. Where there is none it is made of `random`, if those bytes are `usable`.
pub(crate) fn open_or_create_bare(
    path: &Path,
    random: [u8; 32],
    usable: impl Fn(&[u8; 32]) -> bool,
) -> Result<Zeroizing<[u8; 32]>, WalletError> {
    let random = Zeroizing::new(random);
    if !path.try_exists().map_err(WalletError::file(path))? {
        if !usable(&random) {
            return Err(WalletError::NotAKey);
        }
        let text = Zeroizing::new(hex::encode(random.as_slice()));
        create(path, text.as_bytes())?;
        return Ok(random);
    }
    restrict(path)?;
    let text = read(path)?;
    let mut secret = Zeroizing::new([0; 32]);
    let why = "it does not hold 64 hexadecimal digits";
    hex::decode_to_slice(text.trim_ascii(), secret.as_mut_slice())
        .map_err(|_| WalletError::NotAKeyFile { path: path.to_owned(), why })?;
    if usable(&secret) { Ok(secret) } else { Err(WalletError::NotAKey) }
}

/// Takes the file away from everybody but its owner.
#[cfg(unix)]
pub(crate) fn restrict(path: &Path) -> Result<(), WalletError> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(WalletError::file(path))
}

#[cfg(not(unix))]
pub(crate) fn restrict(_path: &Path) -> Result<(), WalletError> {
    Ok(())
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Puts a passphrase into the file at `path`, in the place of what was there, for its owner only.
///
/// # Errors
/// [`WalletError::File`].
pub fn keep_passphrase(path: &Path, passphrase: &str) -> Result<(), WalletError> {
    replace(path, passphrase.as_bytes())
}
