//! Which key pays for settlement transactions. In practice it is made here; elsewhere it is an
//! encrypted file whose passphrase comes from a file that the seller names.

use std::path::Path;

use domain::Environment;
use wallet::GasWallet;

use crate::error::sentence;
use crate::folder::EnvironmentFolder;
use crate::{ApiError, Config, ErrorCode, random};

/// Opens the gas wallet; none where no passphrase is given, so that selling goes on without it.
pub(crate) async fn gas_wallet(
    config: &Config,
    folder: &EnvironmentFolder,
) -> Result<Option<GasWallet>, ApiError> {
    let (config, folder) = (config.clone(), folder.clone());
    // A passphrase is made expensive to try: it keeps a processor busy for a good part of a second.
    tokio::task::spawn_blocking(move || open(&config, &folder))
        .await
        .map_err(|error| ApiError::new(ErrorCode::Internal, sentence(&error.to_string())))?
}

fn open(config: &Config, folder: &EnvironmentFolder) -> Result<Option<GasWallet>, ApiError> {
    let path = folder.gas_key(config.environment);
    match config.environment {
        Environment::Practice => GasWallet::open_or_create_practice(&path, random::bytes()?)
            .map(Some)
            .map_err(|error| wrong(&path, &error)),
        Environment::Test | Environment::Live => {
            let Some(passphrase_file) = &config.passphrase_file else { return Ok(None) };
            let passphrase =
                std::fs::read_to_string(passphrase_file).map_err(|error| wrong(passphrase_file, &error))?;
            let passphrase = passphrase.trim_end_matches(['\r', '\n']);
            if passphrase.is_empty() {
                return Err(wrong(passphrase_file, &"the passphrase is empty"));
            }
            let opened = if path.exists() {
                GasWallet::open(&path, passphrase)
            } else {
                let mut key = random::bytes()?;
                GasWallet::create(&path, &mut key, passphrase, random::bytes()?)
            };
            opened.map(Some).map_err(|error| wrong(&path, &error))
        }
    }
}

fn wrong(path: &Path, error: &dyn std::fmt::Display) -> ApiError {
    ApiError::new(ErrorCode::File, format!("{} cannot be used: {error}.", path.display()))
}
