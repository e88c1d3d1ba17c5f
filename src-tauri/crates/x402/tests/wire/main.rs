//! The wire as a client sees it: what it may send, and what it gets.
#![expect(unreachable_pub, reason = "modules of a test program have no outside")]
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests fail the test")]

mod bazaar;
mod corpus;
mod extensions;
mod facilitators;
mod fixtures;
mod identifiers;
mod offer_receipt;
#[path = "../../fuzz/oracle.rs"]
mod oracle;
mod payments;
mod required;
mod selecting;
mod settlement;
mod sign_in;
