//! `cargo +nightly fuzz run grant_token`, from the crate's folder.
#![no_main]
#![expect(dead_code, reason = "each target uses a part of the oracle and of what it looks at")]

use std::sync::LazyLock;

#[path = "../../src/choice.rs"]
mod choice;
#[path = "../oracle.rs"]
mod oracle;
#[path = "../../src/range.rs"]
mod range;

static KEY: LazyLock<wallet::GrantKey> = LazyLock::new(|| {
    let file = std::env::temp_dir().join(format!("grant-token-{}.key", std::process::id()));
    wallet::GrantKey::open_or_create(&file, oracle::GRANT_KEY).expect("a key in a temporary file")
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    oracle::check_grant(&KEY, bytes);
});
