use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::Path;

use age::{DecryptError, Decryptor};
use flate2::read::GzDecoder;
use secrecy::SecretString;
use tar::{Archive, Entry};

use crate::manifest::FORM;
use crate::pack::{MANIFEST, sync_folder};
use crate::{BackupError, Manifest, Name};

/// The dearest passphrase that is tried, so that a hostile file cannot take all of a computer.
const MOST_WORK: u8 = 20;

/// The longest manifest.
const LONGEST_MANIFEST: u64 = 1 << 20;

/// What a backup says of itself.
///
/// # Errors
/// [`BackupError::WrongPassphrase`], [`BackupError::Damaged`], [`BackupError::Newer`].
pub fn look(file: &Path, passphrase: &SecretString) -> Result<Manifest, BackupError> {
    let mut archive = open(file, passphrase)?;
    let mut entries = archive.entries().map_err(|error| BackupError::damaged(file, error))?;
    manifest(file, entries.next())
}

/// Reads a backup to its end, so that every byte of it was checked.
pub(crate) fn look_through(file: &Path, passphrase: &SecretString) -> Result<Manifest, BackupError> {
    each(file, passphrase, |_, entry| io::copy(entry, &mut io::sink()).map(drop))
}

/// Puts everything in a backup below `folder`, which is new, for its owner only and durably. What was put there before
/// a fault was found stays; the caller takes it away.
///
/// # Errors
/// As [`look`], and [`BackupError::Name`] for a file that no data folder has.
pub fn unpack(file: &Path, passphrase: &SecretString, folder: &Path) -> Result<Manifest, BackupError> {
    each(file, passphrase, |name, entry| {
        let place = folder.join(name.path());
        if let Some(parent) = place.parent() {
            let mut builder = fs::DirBuilder::new();
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.recursive(true).create(parent)?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut written = options.open(&place)?;
        io::copy(entry, &mut written)?;
        written.sync_all()?;
        sync_folder(&place).map_err(io::Error::other)
    })
}

fn each(
    file: &Path,
    passphrase: &SecretString,
    mut take: impl FnMut(&Name, &mut dyn Read) -> io::Result<()>,
) -> Result<Manifest, BackupError> {
    let damaged = |error: io::Error| BackupError::damaged(file, error);
    let mut archive = open(file, passphrase)?;
    let mut entries = archive.entries().map_err(damaged)?;
    let manifest = manifest(file, entries.next())?;
    for entry in entries {
        let mut entry = entry.map_err(damaged)?;
        let path = entry.path().map_err(damaged)?.into_owned();
        if !entry.header().entry_type().is_file() {
            return Err(BackupError::damaged(file, format!("{} is no file", path.display())));
        }
        let name = Name::read(&path)?;
        take(&name, &mut entry).map_err(|error| match error.kind() {
            // It is not the backup that is at fault.
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::PermissionDenied => {
                BackupError::file(name.path())(error)
            }
            _ => damaged(error),
        })?;
    }
    // What comes after the last file is part of what the passphrase vouches for: a file that was cut shows itself only here.
    let mut rest = archive.into_inner();
    io::copy(&mut rest, &mut io::sink()).map_err(damaged)?;
    io::copy(&mut rest.into_inner(), &mut io::sink()).map_err(damaged)?;
    Ok(manifest)
}

type Sealed = age::stream::StreamReader<BufReader<File>>;

fn open(file: &Path, passphrase: &SecretString) -> Result<Archive<GzDecoder<Sealed>>, BackupError> {
    let sealed = File::open(file).map_err(BackupError::file(file))?;
    let wrong = |error: DecryptError| match error {
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed | DecryptError::NoMatchingKeys => {
            BackupError::WrongPassphrase
        }
        other => BackupError::damaged(file, other),
    };
    let decryptor = Decryptor::new(BufReader::new(sealed)).map_err(wrong)?;
    let mut identity = age::scrypt::Identity::new(passphrase.clone());
    identity.set_max_work_factor(MOST_WORK);
    let opened = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).map_err(wrong)?;
    Ok(Archive::new(GzDecoder::new(opened)))
}

fn manifest<R: Read>(file: &Path, entry: Option<io::Result<Entry<'_, R>>>) -> Result<Manifest, BackupError> {
    let damaged = |error: io::Error| BackupError::damaged(file, error);
    let entry = entry.transpose().map_err(damaged)?;
    let is_first = |entry: &Entry<'_, R>| entry.path().is_ok_and(|path| path == Path::new(MANIFEST));
    let Some(entry) = entry.filter(is_first) else {
        return Err(BackupError::damaged(file, "it does not begin with what it holds"));
    };
    let mut text = Vec::new();
    entry.take(LONGEST_MANIFEST).read_to_end(&mut text).map_err(damaged)?;
    let read: serde_json::Value =
        serde_json::from_slice(&text).map_err(|error| BackupError::damaged(file, error))?;
    if read["form"].as_u64().is_some_and(|form| form > u64::from(FORM)) {
        return Err(BackupError::Newer(read["version"].as_str().unwrap_or("unknown").to_owned()));
    }
    serde_json::from_value(read).map_err(|error| BackupError::damaged(file, error))
}
