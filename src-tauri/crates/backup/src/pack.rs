use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use age::Encryptor;
use flate2::Compression;
use flate2::write::GzEncoder;
use secrecy::SecretString;
use tar::{Builder, EntryType, Header};

use crate::unpack::look_through;
use crate::{BackupError, Manifest, Name};

/// What stands first in a backup.
pub(crate) const MANIFEST: &str = "manifest.json";

/// Makes each try of a passphrase take about half a second and 128 MiB.
const WORK: u8 = 17;

/// A file to be packed.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it is put again.
    pub name: Name,
    /// Where it is now.
    pub file: PathBuf,
}

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// How many bytes it has.
    pub bytes: u64,
}

/// Makes a backup at `to`, whole or not at all, which only its owner can read, and reads it again to be sure of it.
/// What is there already is replaced only if `replace` says so. Keeps a processor busy for seconds.
///
/// # Errors
/// [`BackupError::File`] when a file cannot be read or written; nothing is left at `to` then.
pub fn pack(
    to: &Path,
    passphrase: &SecretString,
    manifest: &Manifest,
    sources: &[Source],
    replace: bool,
) -> Result<Packed, BackupError> {
    let failed = BackupError::file(to);
    if !replace && to.try_exists().map_err(&failed)? {
        return Err(failed(io::ErrorKind::AlreadyExists.into()));
    }
    let draft = Draft::beside(to)?;
    write(&draft, passphrase, manifest, sources)?;
    if look_through(&draft.path, passphrase)? != *manifest {
        return Err(BackupError::damaged(to, "it cannot be read again as it was written"));
    }
    let bytes = fs::metadata(&draft.path).map_err(&failed)?.len();
    fs::rename(&draft.path, to).map_err(&failed)?;
    sync_folder(to)?;
    Ok(Packed { bytes })
}

/// What is being written, gone again unless it was finished.
struct Draft {
    path: PathBuf,
}

impl Draft {
    fn beside(to: &Path) -> Result<Self, BackupError> {
        let mut name = to.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let path = to.with_file_name(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(BackupError::file(&path)(error)),
            Ok(()) | Err(_) => Ok(Self { path }),
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After the file got its real name there is nothing here.
        drop(fs::remove_file(&self.path));
    }
}

fn write(
    draft: &Draft,
    passphrase: &SecretString,
    manifest: &Manifest,
    sources: &[Source],
) -> Result<(), BackupError> {
    let failed = BackupError::file(&draft.path);
    let file = private().open(&draft.path).map_err(&failed)?;
    let mut recipient = age::scrypt::Recipient::new(passphrase.clone());
    recipient.set_work_factor(WORK);
    let recipients = std::iter::once(&recipient as &dyn age::Recipient);
    let encryptor =
        Encryptor::with_recipients(recipients).map_err(|error| BackupError::damaged(&draft.path, error))?;
    let sealed = encryptor.wrap_output(BufWriter::new(file)).map_err(&failed)?;
    let mut archive = Builder::new(GzEncoder::new(sealed, Compression::default()));
    let text = serde_json::to_vec(manifest).map_err(|error| failed(error.into()))?;
    let mut header = header(text.len() as u64);
    archive.append_data(&mut header, MANIFEST, text.as_slice()).map_err(&failed)?;
    for source in sources {
        append(&mut archive, source)?;
    }
    let sealed = archive.into_inner().and_then(GzEncoder::finish).map_err(&failed)?;
    let mut file = sealed.finish().map_err(&failed)?;
    file.flush().and_then(|()| file.get_ref().sync_all()).map_err(failed)
}

fn append(archive: &mut Builder<impl io::Write>, source: &Source) -> Result<(), BackupError> {
    let failed = BackupError::file(&source.file);
    let file = File::open(&source.file).map_err(&failed)?;
    let bytes = file.metadata().map_err(&failed)?.len();
    archive.append_data(&mut header(bytes), source.name.path(), file).map_err(failed)
}

/// Says nothing of the computer that it was made on.
fn header(bytes: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o600);
    header.set_size(bytes);
    header
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// So that a name survives a power cut, where the system lets folders be opened for that.
pub(crate) fn sync_folder(of: &Path) -> Result<(), BackupError> {
    match of.parent().filter(|folder| cfg!(unix) && !folder.as_os_str().is_empty()) {
        Some(folder) => {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(BackupError::file(folder))
        }
        None => Ok(()),
    }
}
