//! What a command takes from stdin instead of a file, written `-`.

use std::io::{Read as _, stdin};

use app::{ApiError, Config, ErrorCode, SealedKey};
use serde_json::{Value, json};

/// Puts what comes from stdin into the request. A passphrase goes in as it is, a key only sealed: the answer keeps its
/// file alive until the command is done.
pub(crate) fn fill_in(
    config: &Config,
    command: &str,
    request: &mut Value,
) -> Result<Option<SealedKey>, ApiError> {
    if request["passphraseFile"] == "-" {
        let text = read()?;
        let text = String::from_utf8_lossy(&text);
        let Some(passphrase) = text.lines().next().filter(|line| !line.is_empty()) else {
            return Err(ApiError::new(ErrorCode::InvalidRequest, "There is no passphrase on stdin."));
        };
        request["passphrase"] = json!(passphrase);
        request["passphraseFile"] = Value::Null;
    }
    if command != "wallet_import" || request["file"] != "-" {
        return Ok(None);
    }
    let sealed = SealedKey::new(config, read()?)?;
    request["file"] = json!(sealed.file().to_string_lossy());
    request["filePassphrase"] = json!(sealed.passphrase());
    Ok(Some(sealed))
}

/// More than any key or passphrase.
const MOST: u64 = 64 << 10;

fn read() -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    stdin().lock().take(MOST).read_to_end(&mut bytes).map_err(|error| {
        ApiError::new(ErrorCode::InvalidRequest, format!("Stdin cannot be read: {error}."))
    })?;
    Ok(bytes)
}
