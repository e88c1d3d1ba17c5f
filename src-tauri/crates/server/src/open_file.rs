use std::fs::{File, Metadata};
use std::io;
use std::path::Path;
use std::time::SystemTime;

use alloy_primitives::B256;
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use crate::content::Problem;

/// As much as is read at once from a large file, and as much of it as every slow download takes of our memory.
pub(crate) const BLOCK: usize = 128 * 1024;

/// Which file this is and whether anybody has written to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// Device and inode, or what comes closest where the system has no such numbers.
    file: (u64, u64),
    bytes: u64,
    modified: Option<SystemTime>,
}

/// A regular file that is held open, so that a rename or a removal cannot exchange it under a buyer
/// (T30, T74).
#[derive(Debug)]
pub(crate) struct OpenFile {
    file: File,
    identity: Identity,
}

impl Identity {
    fn of(metadata: &Metadata) -> Self {
        Self { file: number(metadata), bytes: metadata.len(), modified: metadata.modified().ok() }
    }

    /// What stands at `path` now, without following a symbolic link.
    pub(crate) fn at(path: &Path) -> Result<Self, Problem> {
        let metadata = path.symlink_metadata().map_err(|error| Problem::unreadable(&error))?;
        if metadata.is_symlink() {
            return Err(Problem::SymbolicLink);
        }
        if !metadata.is_file() {
            return Err(Problem::NotAFile);
        }
        Ok(Self::of(&metadata))
    }

    pub(crate) const fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl OpenFile {
    /// Opens the regular file at `path`, never through a symbolic link in its last part: what is
    /// open must be what was looked at before.
    pub(crate) fn open(path: &Path) -> Result<Self, Problem> {
        let before = Identity::at(path)?;
        let file = File::open(path).map_err(|error| Problem::unreadable(&error))?;
        let metadata = file.metadata().map_err(|error| Problem::unreadable(&error))?;
        let identity = Identity::of(&metadata);
        if !metadata.is_file() || identity.file != before.file {
            return Err(Problem::Changed);
        }
        Ok(Self { file, identity })
    }

    pub(crate) const fn identity(&self) -> Identity {
        self.identity
    }

    /// Whether nobody has written to it since it was opened.
    pub(crate) fn is_unchanged(&self) -> bool {
        self.file.metadata().is_ok_and(|metadata| Identity::of(&metadata) == self.identity)
    }

    /// Fills `buffer` from `offset` on.
    ///
    /// The look at the file comes after the read: bytes of an unchanged file are the published ones.
    pub(crate) fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<(), Problem> {
        read_exact_at(&self.file, buffer, offset).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => Problem::Changed,
            _ => Problem::unreadable(&error),
        })?;
        if self.is_unchanged() { Ok(()) } else { Err(Problem::Changed) }
    }

    /// The same, as long as nobody has to wait for a disk; false where somebody would, or where the system cannot say.
    pub(crate) fn read_at_hand(&self, offset: u64, buffer: &mut [u8]) -> Result<bool, Problem> {
        match read_without_waiting(&self.file, buffer, offset) {
            true if self.is_unchanged() => Ok(true),
            true => Err(Problem::Changed),
            false => Ok(false),
        }
    }

    /// All of it, which must have the given SHA-256.
    pub(crate) fn content(&self, sha256: B256) -> Result<Bytes, Problem> {
        let bytes = usize::try_from(self.identity.bytes).map_err(|_| Problem::Changed)?;
        let mut content = vec![0; bytes];
        self.read(0, &mut content)?;
        if Sha256::digest(&content)[..] == sha256[..] { Ok(content.into()) } else { Err(Problem::Changed) }
    }

    /// The SHA-256 of all of it.
    pub(crate) fn digest(&self) -> Result<B256, Problem> {
        let mut hash = Sha256::new();
        self.read_through(|block| hash.update(block))?;
        Ok(B256::from_slice(&hash.finalize()))
    }

    /// The same, and its CRC-32.
    pub(crate) fn sums(&self) -> Result<(B256, u32), Problem> {
        let (mut hash, mut crc) = (Sha256::new(), crc32fast::Hasher::new());
        self.read_through(|block| {
            hash.update(block);
            crc.update(block);
        })?;
        Ok((B256::from_slice(&hash.finalize()), crc.finalize()))
    }

    fn read_through(&self, mut each: impl FnMut(&[u8])) -> Result<(), Problem> {
        let mut buffer = vec![0; BLOCK];
        let mut offset = 0;
        while offset < self.identity.bytes {
            let block = block_at(offset, self.identity.bytes);
            self.read(offset, &mut buffer[..block])?;
            each(&buffer[..block]);
            offset += block as u64;
        }
        Ok(())
    }
}

/// The length of the block that begins at `offset` of a span that ends at `end`.
pub(crate) fn block_at(offset: u64, end: u64) -> usize {
    usize::try_from(end - offset).map_or(BLOCK, |left| left.min(BLOCK))
}

#[cfg(unix)]
fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

/// Whether all of it was in the system's memory, from where it costs no more than the copy.
#[cfg(target_os = "linux")]
fn read_without_waiting(file: &File, mut buffer: &mut [u8], mut offset: u64) -> bool {
    use rustix::io::{ReadWriteFlags, preadv2};
    while !buffer.is_empty() {
        match preadv2(file, &mut [io::IoSliceMut::new(buffer)], offset, ReadWriteFlags::NOWAIT) {
            Ok(0) | Err(_) => return false,
            Ok(read) => {
                buffer = &mut buffer[read..];
                offset += read as u64;
            }
        }
    }
    true
}

#[cfg(not(target_os = "linux"))]
const fn read_without_waiting(_file: &File, _buffer: &mut [u8], _offset: u64) -> bool {
    false
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, buffer, offset)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                buffer = &mut buffer[read..];
                offset += read as u64;
            }
        }
    }
    Ok(())
}

#[cfg(unix)]
fn number(metadata: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino())
}

#[cfg(windows)]
fn number(metadata: &Metadata) -> (u64, u64) {
    use std::os::windows::fs::MetadataExt as _;
    (u64::from(metadata.file_attributes()), metadata.creation_time())
}
