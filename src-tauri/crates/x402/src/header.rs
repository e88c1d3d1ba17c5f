//! The protocol's header names, in lower case.

/// Version 2, server to client: payment is needed, base64 of JSON.
pub const PAYMENT_REQUIRED: &str = "payment-required";
/// Version 2, client to server: the payment, base64 of JSON.
pub const PAYMENT_SIGNATURE: &str = "payment-signature";
/// Version 2, server to client: what became of the payment, base64 of JSON.
pub const PAYMENT_RESPONSE: &str = "payment-response";
/// Version 1, client to server: the payment, base64 of JSON.
pub const X_PAYMENT: &str = "x-payment";
/// Version 1, server to client: what became of the payment, base64 of JSON.
pub const X_PAYMENT_RESPONSE: &str = "x-payment-response";

/// Client to server: who asks, base64 of JSON ([`parse_sign_in`](crate::parse_sign_in)).
pub const SIGN_IN_WITH_X: &str = "sign-in-with-x";

/// The longest `PAYMENT-REQUIRED` value that is written, in bytes: proxies on the way refuse more.
pub const LONGEST_WRITTEN: usize = 4 * 1024;
/// The longest payment header that is read, in bytes.
pub const LONGEST_READ: usize = 16 * 1024;
