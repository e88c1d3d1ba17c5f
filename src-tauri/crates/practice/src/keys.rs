use std::fs;
use std::path::Path;

use alloy::signers::local::PrivateKeySigner;
use alloy_primitives::{Address, B256};
use serde::{Deserialize, Serialize};

use crate::PracticeError;
use crate::durable;

const FILE: &str = "practice-keys.json";

/// The keys of one practice folder. They are worth nothing anywhere else, and no other folder has them: a signature
/// made here would be valid on the public network that practice answers as.
#[derive(Clone, Debug)]
pub(crate) struct PracticeKeys {
    /// Owns the practice token and pays for what practice itself sends.
    pub(crate) treasury: PrivateKeySigner,
    /// Where a newcomer's money goes until they name an address of their own.
    pub(crate) payout: Address,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    treasury: B256,
    payout: B256,
}

impl PracticeKeys {
    /// Reads the folder's keys; where it has none yet, `random` becomes them.
    ///
    /// # Errors
    /// When the file cannot be read or written, or does not hold keys.
    pub(crate) fn read_or_create(folder: &Path, random: &[u8; 64]) -> Result<Self, PracticeError> {
        let path = folder.join(FILE);
        let no_keys = |_| PracticeError::Keys(path.clone());
        let stored = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| PracticeError::Keys(path.clone()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let (treasury, payout) = random.split_at(32);
                let stored =
                    Stored { treasury: B256::from_slice(treasury), payout: B256::from_slice(payout) };
                let text = serde_json::to_vec(&stored).map_err(|_| PracticeError::Keys(path.clone()))?;
                durable::replace(&path, &text)?;
                stored
            }
            Err(error) => return Err(PracticeError::file(&path)(error)),
        };
        let treasury = PrivateKeySigner::from_bytes(&stored.treasury).map_err(no_keys)?;
        let payout = PrivateKeySigner::from_bytes(&stored.payout).map_err(no_keys)?;
        Ok(Self { treasury, payout: payout.address() })
    }
}
