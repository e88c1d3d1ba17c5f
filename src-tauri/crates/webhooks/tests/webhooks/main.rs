//! Messages to real receivers, which check them with the library that Standard Webhooks gives them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod delivery;
mod guard;
mod receiver;
mod stall;
