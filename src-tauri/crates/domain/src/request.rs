use alloy_primitives::{B256, keccak256};

use crate::CanonicalPath;

/// What a grant is bound to (I4): method, canonical path, query and body of the paid request.
///
/// HEAD never carries a payment, so a binding is made for the method that was paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestBinding(pub B256);

impl RequestBinding {
    /// Binds to a request. `body` is empty where none is accepted.
    pub fn new(method: &str, path: &CanonicalPath, query: Option<&str>, body: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(128);
        // Each part is preceded by its length, so that no two requests share a spelling.
        for part in [method.as_bytes(), path.as_str().as_bytes(), query.unwrap_or_default().as_bytes()] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        bytes.push(u8::from(query.is_some()));
        bytes.extend_from_slice(keccak256(body).as_slice());
        Self(keccak256(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_requests_that_differ_anywhere_are_bound_apart() {
        let a: CanonicalPath = "/a".parse().unwrap();
        let ab: CanonicalPath = "/ab".parse().unwrap();
        let bindings = [
            RequestBinding::new("GET", &a, None, b""),
            RequestBinding::new("GET", &a, Some(""), b""),
            RequestBinding::new("GET", &a, Some("b"), b""),
            RequestBinding::new("GET", &ab, None, b""),
            RequestBinding::new("POST", &a, None, b""),
            RequestBinding::new("GET", &a, None, b"x"),
        ];
        for (index, one) in bindings.iter().enumerate() {
            for other in &bindings[index + 1..] {
                assert_ne!(one, other);
            }
        }
        assert_eq!(bindings[0], RequestBinding::new("GET", &a, None, b""));
    }
}
