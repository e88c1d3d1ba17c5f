//! Where things are inside a data folder.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use domain::{Environment, NetworkId};
use sha2::{Digest as _, Sha256};

use crate::{ApiError, ErrorCode};

/// What the system allows in the path of a socket, with room to spare.
const LONGEST_SOCKET_PATH: usize = 100;

/// One environment's part of a data folder.
#[derive(Clone, Debug)]
pub(crate) struct EnvironmentFolder(PathBuf);

impl EnvironmentFolder {
    pub(crate) fn of(data_dir: &Path, environment: Environment) -> Result<Self, ApiError> {
        let folder = data_dir.join(environment.as_str());
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(&folder)
            .map_err(|error| ApiError::new(ErrorCode::File, format!("{}: {error}.", folder.display())))?;
        Ok(Self(folder))
    }

    /// The one that is there, if anything was ever sold in it.
    pub(crate) fn existing(data_dir: &Path, environment: Environment) -> Option<Self> {
        let folder = Self(data_dir.join(environment.as_str()));
        folder.database().exists().then_some(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.0.join("stall.sqlite")
    }

    /// What opens the backups that are made by themselves.
    pub(crate) fn backup_passphrase(&self) -> PathBuf {
        self.0.join("backup-passphrase")
    }

    pub(crate) fn chain(&self) -> PathBuf {
        self.0.join("chain")
    }

    /// The gas wallet's key: encrypted, but for practice, whose money is worth nothing.
    pub(crate) fn gas_key(&self, environment: Environment) -> PathBuf {
        self.0.join(match environment {
            Environment::Practice => "practice-gas-key.hex",
            Environment::Test | Environment::Live => "gas-key.json",
        })
    }

    /// Says which key the system's store holds for this stall, where it does.
    pub(crate) fn system_note(&self) -> PathBuf {
        self.0.join("gas-key-in-system.json")
    }

    /// What signs messages to webhooks.
    pub(crate) fn webhook_keys(&self) -> webhooks::Secrets {
        webhooks::Secrets::in_folder(self.0.clone())
    }

    /// What a network's facilitator at one host knows the seller by: encrypted, but for practice.
    pub(crate) fn facilitator_key(&self, network: NetworkId, host: &str) -> PathBuf {
        let host = short_digest(host.as_bytes());
        self.0.join(format!("facilitator-key-{}-{host}.json", network.chain_id()))
    }

    /// What a tunnel's provider knows the seller by: encrypted, but for practice.
    pub(crate) fn tunnel_key(&self, kind: &str) -> PathBuf {
        self.0.join(format!("tunnel-key-{kind}.json"))
    }

    /// What signs receipts. Whoever has it can write receipts in the seller's name, no more.
    pub(crate) fn receipt_key(&self) -> PathBuf {
        self.0.join("receipt-key.hex")
    }

    /// What makes links by which buyers receive again what they bought.
    pub(crate) fn grant_key(&self) -> PathBuf {
        self.0.join("grant-key.hex")
    }

    /// The pictures that pages show.
    pub(crate) fn pictures(&self) -> server::PictureFolder {
        server::PictureFolder::new(self.0.join("pictures"))
    }

    /// What programs of tunnels need.
    pub(crate) fn reach(&self) -> PathBuf {
        self.0.join("reach")
    }

    /// Tells it from every other folder of this computer.
    pub(crate) fn identity(&self) -> String {
        let path = self.0.canonicalize().unwrap_or_else(|_| self.0.clone());
        short_digest(path.as_os_str().as_encoded_bytes())
    }

    /// Where a sealed key waits for the command that takes it over.
    pub(crate) fn handed_over(&self, name: &str) -> PathBuf {
        self.0.join(format!("key-on-its-way-{name}.json"))
    }

    /// Gives what keeps the gas wallet a second name, with the wallet's address: a key is never deleted, and stays where
    /// it is until a new one that is whole takes its place.
    pub(crate) fn name_keys_aside(&self, environment: Environment, address: &str) -> Result<(), ApiError> {
        for path in [self.gas_key(environment), self.system_note()] {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let aside = path.with_file_name(format!("{stem}-{address}.json"));
            match std::fs::hard_link(&path, &aside) {
                Ok(()) => {}
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::AlreadyExists) => {}
                // Some file systems know one name for a file only.
                Err(_) => drop(std::fs::copy(&path, &aside).map_err(failed(&aside))?),
            }
        }
        Ok(())
    }

    /// Where a new key file or note is made whole before it takes the place of `path`; nothing is there.
    pub(crate) fn beside(path: &Path) -> Result<PathBuf, ApiError> {
        let beside = path.with_extension("next.json");
        match std::fs::remove_file(&beside) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(&beside)(error)),
            Ok(()) | Err(_) => Ok(beside),
        }
    }

    /// Lets the file beside take the place of `path`, and removes `instead`, which has another name by now.
    pub(crate) fn put_in_place(beside: &Path, path: &Path, instead: &Path) -> Result<(), ApiError> {
        std::fs::rename(beside, path).map_err(failed(path))?;
        match std::fs::remove_file(instead) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(instead)(error)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Puts the data file aside under a name of its own; answers with that name.
    pub(crate) fn set_database_aside(&self, now: DateTime<Utc>) -> Result<PathBuf, ApiError> {
        let aside = self.0.join(format!("stall-{}.sqlite", now.format("%Y%m%dT%H%M%SZ")));
        for suffix in ["", "-wal", "-shm"] {
            let with = |path: &Path| PathBuf::from(format!("{}{suffix}", path.display()));
            match std::fs::rename(with(&self.database()), with(&aside)) {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => {
                    return Err(ApiError::new(ErrorCode::File, format!("{}: {error}.", aside.display())));
                }
            }
        }
        Ok(aside)
    }
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> ApiError {
    move |error| ApiError::new(ErrorCode::File, format!("{}: {error}.", path.display()))
}

/// A short name for something long.
fn short_digest(of: &[u8]) -> String {
    Sha256::digest(of).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The control socket of a data folder: inside it, or where its path would be too long for the
/// system, in the user's runtime folder under a name made from the data folder's.
pub(crate) fn control_socket(data_dir: &Path) -> PathBuf {
    let inside = data_dir.join("control.sock");
    if inside.as_os_str().len() <= LONGEST_SOCKET_PATH {
        return inside;
    }
    let name = short_digest(data_dir.as_os_str().as_encoded_bytes());
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    runtime.join(format!("stallkeeper-{name}.sock"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_path_that_is_too_long_moves_to_a_short_one_of_its_own() {
        let short = Path::new("/data");
        assert_eq!(control_socket(short), Path::new("/data/control.sock"));
        let deep = PathBuf::from(format!("/{}", "d/".repeat(80)));
        let deeper = PathBuf::from(format!("/{}", "d/".repeat(81)));
        assert!(control_socket(&deep).as_os_str().len() <= LONGEST_SOCKET_PATH + 40);
        assert_ne!(control_socket(&deep), control_socket(&deeper));
        assert_eq!(control_socket(&deep), control_socket(&deep));
    }
}
