//! `cargo +nightly fuzz run sign_in_header`, from the crate's folder.
#![no_main]
#![expect(dead_code, reason = "each target uses a part of the oracle")]

#[path = "../oracle.rs"]
mod oracle;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    oracle::check_sign_in(bytes);
});
