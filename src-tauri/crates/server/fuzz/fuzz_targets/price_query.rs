//! `cargo +nightly fuzz run price_query`, from the crate's folder.
#![no_main]
#![expect(dead_code, reason = "each target uses a part of the oracle and of what it looks at")]

#[path = "../../src/choice.rs"]
mod choice;
#[path = "../oracle.rs"]
mod oracle;
#[path = "../../src/range.rs"]
mod range;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    oracle::check_query(bytes);
});
