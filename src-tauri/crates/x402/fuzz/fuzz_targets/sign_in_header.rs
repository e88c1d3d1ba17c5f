//! `cargo +nightly fuzz run sign_in_header`, from the crate's folder.
#![no_main]

#[path = "../oracle.rs"]
mod oracle;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    oracle::check_sign_in(bytes);
});
