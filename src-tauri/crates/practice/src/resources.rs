use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use alloy_primitives::{Address, B256, Bytes, hex};
use serde::Deserialize;

use crate::PracticeError;

/// The node and the contracts of a practice chain, as `contracts/resources.mjs` assembles them.
#[derive(Clone, Debug)]
pub(crate) struct Resources {
    /// The node's binary.
    pub(crate) node: PathBuf,
    /// The code that Multicall3 has everywhere.
    pub(crate) multicall3: Bytes,
    /// The token, its proxy and its library.
    pub(crate) token: PracticeToken,
}

/// The artifact of the practice token: what stands where in the genesis.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct PracticeToken {
    pub(crate) accounts: TokenAccounts,
    /// Storage of the token that is the same on every practice chain.
    pub(crate) storage: BTreeMap<B256, B256>,
    pub(crate) slots: TokenSlots,
}

/// The accounts that together are the token.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct TokenAccounts {
    /// The proxy, at the address of the real token.
    pub(crate) token: Code,
    pub(crate) implementation: Code,
    pub(crate) signatures: Code,
}

/// Code at an address.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Code {
    pub(crate) address: Address,
    pub(crate) code: Bytes,
}

/// Where the token keeps what differs from chain to chain.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct TokenSlots {
    pub(crate) owner: B256,
}

impl Resources {
    /// Reads the resources from their folder.
    ///
    /// # Errors
    /// [`PracticeError::Resources`] when a part is missing or cannot be read as what it should be.
    pub(crate) fn read(folder: &Path) -> Result<Self, PracticeError> {
        let wrong = |what: String| PracticeError::Resources { folder: folder.to_owned(), what };
        let text = |name: &str| {
            std::fs::read_to_string(folder.join(name)).map_err(|error| wrong(format!("{name}: {error}")))
        };
        let node = folder.join(if cfg!(windows) { "anvil.exe" } else { "anvil" });
        if !node.is_file() {
            return Err(wrong("the node's binary is missing".to_owned()));
        }
        let multicall3 = hex::decode(text("multicall3.hex")?.trim())
            .map_err(|error| wrong(format!("multicall3.hex: {error}")))?
            .into();
        let token = serde_json::from_str(&text("practice-token.json")?)
            .map_err(|error| wrong(format!("practice-token.json: {error}")))?;
        Ok(Self { node, multicall3, token })
    }
}
