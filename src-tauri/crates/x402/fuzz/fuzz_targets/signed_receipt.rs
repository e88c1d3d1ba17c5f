//! `cargo +nightly fuzz run signed_receipt`, from the crate's folder.
#![no_main]

#[path = "../oracle.rs"]
mod oracle;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    oracle::check_receipt(bytes);
});
