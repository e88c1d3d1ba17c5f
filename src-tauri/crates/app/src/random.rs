use crate::{ApiError, ErrorCode};

/// Bytes from the system's source of randomness.
#[expect(clippy::disallowed_methods, reason = "this is where randomness comes from")]
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], ApiError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| {
        ApiError::new(
            ErrorCode::Internal,
            "This computer gives no random numbers, so nothing can be signed safely.",
        )
    })?;
    Ok(bytes)
}
