use chain::ChainError;
use practice::PracticeError;
use serde::{Deserialize, Serialize};
use settler::SettleError;
use store::StoreError;
use ts_rs::TS;

/// What kind of error it is. Whoever shows errors decides by this and never by the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ErrorCode {
    /// The request itself is wrong; its message says what to write instead.
    InvalidRequest,
    /// There is no such command.
    UnknownCommand,
    /// There is no such endpoint, payment or batch.
    NotFound,
    /// It contradicts what is there, such as a path that is taken.
    Conflict,
    /// Another program owns the data folder.
    InUse,
    /// The node, the wallet or the engine cannot be asked now; the same request may work later.
    Unavailable,
    /// The gas wallet is locked; the same request works once it is unlocked.
    Locked,
    /// The data file or a file of the seller's cannot be used.
    File,
    /// Something that should not happen.
    Internal,
}

/// Why a command was not carried out. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, TS)]
#[error("{message}")]
#[ts(export)]
pub struct ApiError {
    /// What kind of error it is.
    pub code: ErrorCode,
    /// One or two sentences for a person, which name what the window has for it.
    pub message: String,
    /// The same for whoever asks by the command line: a command or what to add to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub command: Option<String>,
}

impl ApiError {
    /// An error of a kind with a sentence.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), command: None }
    }

    /// Says what helps on the command line.
    #[must_use]
    pub fn by(self, command: impl Into<String>) -> Self {
        Self { command: Some(command.into()), ..self }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidRequest, message)
    }

    /// What only an open stall can do.
    pub(crate) fn not_open() -> Self {
        Self::new(ErrorCode::Unavailable, "The stall is not open.")
    }

    /// What should not have failed, in the words of whatever did.
    pub(crate) fn internal(error: impl std::fmt::Display) -> Self {
        Self::new(ErrorCode::Internal, sentence(&error.to_string()))
    }

    pub(crate) fn not_found(what: &str, name: &str) -> Self {
        let name: String = name.chars().take(100).collect();
        Self::new(ErrorCode::NotFound, format!("There is no {what} {name}."))
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::NotFound(_) => ErrorCode::NotFound,
            StoreError::Conflict(_) => ErrorCode::Conflict,
            StoreError::InUse(_) => ErrorCode::InUse,
            StoreError::Closed => ErrorCode::Unavailable,
            StoreError::Damaged(_) | StoreError::Newer | StoreError::File { .. } => ErrorCode::File,
            StoreError::Database(_) | StoreError::Inconsistent { .. } => ErrorCode::Internal,
        };
        Self::new(code, sentence(&error.to_string()))
    }
}

impl From<ChainError> for ApiError {
    fn from(error: ChainError) -> Self {
        let code = match &error {
            ChainError::WrongNetwork { .. } => ErrorCode::Conflict,
            ChainError::Unreachable { .. }
            | ChainError::OutOfGasMoney
            | ChainError::NonceUsed
            | ChainError::FeeTooLow
            | ChainError::Refused(_)
            | ChainError::Unknown(_) => ErrorCode::Unavailable,
        };
        Self::new(code, sentence(&error.to_string()))
    }
}

impl From<SettleError> for ApiError {
    fn from(error: SettleError) -> Self {
        match error {
            SettleError::Chain(error) => error.into(),
            SettleError::Store(error) => error.into(),
            other => Self::new(ErrorCode::Unavailable, sentence(&other.to_string())),
        }
    }
}

impl From<PracticeError> for ApiError {
    fn from(error: PracticeError) -> Self {
        Self::new(ErrorCode::Unavailable, sentence(&error.to_string()))
    }
}

/// Library errors begin in lower case and end without a stop; people read sentences.
pub(crate) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}
