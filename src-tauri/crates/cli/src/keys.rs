//! The words about keys, about where the money goes, and about taking any.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::{Value, json};

/// The gas wallet: the key that pays for settling.
#[derive(Debug, Subcommand)]
pub(crate) enum Wallet {
    /// Show its address, what it holds, and what could be lost with it.
    Show,
    /// Make a new key.
    Create {
        /// system: the operating system's key store (default). file: an encrypted file behind a passphrase.
        #[arg(long, value_name = "PLACE")]
        keep_in: Option<String>,
        /// The file whose first line is the passphrase; - reads it from stdin.
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
        /// Use the new key instead of the one that is there, which is put aside.
        #[arg(long)]
        replace: bool,
    },
    /// Take over a key: 64 hexadecimal digits, or a Web3 key file. The file stays where it is.
    Import {
        /// The file; - reads the digits from stdin.
        file: PathBuf,
        /// The file whose first line is the passphrase of the Web3 key file.
        #[arg(long, value_name = "FILE")]
        file_passphrase_file: Option<PathBuf>,
        /// system: the operating system's key store (default). file: an encrypted file behind a passphrase.
        #[arg(long, value_name = "PLACE")]
        keep_in: Option<String>,
        /// The file whose first line is the passphrase that it is kept behind from now on.
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
        /// Use this key instead of the one that is there, which is put aside.
        #[arg(long)]
        replace: bool,
    },
    /// Save the key to a new file that only you can read. It is never printed.
    Export {
        /// The new file.
        file: PathBuf,
        /// The last six characters of the wallet's address.
        #[arg(long)]
        word: String,
        /// Encrypt it with the first line of this file; - reads it from stdin.
        #[arg(long, value_name = "FILE", required_unless_present = "bare")]
        passphrase_file: Option<PathBuf>,
        /// Write the bare key, which whoever finds the file can spend with.
        #[arg(long, conflicts_with = "passphrase_file")]
        bare: bool,
    },
    /// Lock it, so that nothing is signed until it is unlocked.
    Lock {
        /// Not now, but whenever it signed nothing for so many minutes; 0 for never.
        #[arg(long, value_name = "MINUTES")]
        after: Option<u32>,
    },
    /// Unlock it.
    Unlock {
        /// The file whose first line is the passphrase; - reads it from stdin.
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
}

/// Where the money goes.
#[derive(Debug, Subcommand)]
pub(crate) enum Payout {
    /// Show the payout addresses, and what to sign to show that they are yours.
    Show,
    /// Change a payout address. What was sold before is paid to the old one.
    Set {
        /// CAIP-2, such as eip155:8453.
        network: String,
        /// The new address.
        address: String,
        /// The last six characters of the new address, read where it comes from.
        #[arg(long)]
        word: String,
    },
    /// Show that a payout address is yours.
    Verify {
        /// CAIP-2, such as eip155:8453.
        network: String,
        /// The address's signature of the message that `payout show` prints.
        #[arg(long, required_unless_present = "payment")]
        signature: Option<String>,
        /// Or a final payment that you found in the wallet of that address.
        #[arg(long, conflicts_with = "signature", requires = "word", value_name = "ID")]
        payment: Option<String>,
        /// The last six characters of the address as that wallet shows it.
        #[arg(long)]
        word: Option<String>,
    },
}

/// The switch.
#[derive(Debug, Subcommand)]
pub(crate) enum Stall {
    /// Open for sales. With real money only once the checklist allows it.
    Open,
    /// Close: buyers are told to come back later. What was sold is settled all the same.
    Close,
    /// Close for a while: then it opens by itself.
    Pause {
        /// For how many minutes; a week at most.
        #[arg(long, value_name = "MINUTES", default_value_t = 60)]
        minutes: u32,
    },
    /// Show how it stands in a line, and what was sold since it was asked last.
    News {
        /// The "next" of the answer before.
        #[arg(long, value_name = "PLACE")]
        since: Option<String>,
    },
}

/// Real money.
#[derive(Debug, Subcommand)]
pub(crate) enum Live {
    /// Show what has to be done before real money is taken.
    Checklist,
}

/// The path as the engine can find it, which may have been started in another folder; `-` is stdin.
pub(crate) fn whole(path: PathBuf) -> Value {
    if path == Path::new("-") {
        return json!("-");
    }
    json!(std::path::absolute(&path).unwrap_or(path).to_string_lossy())
}

impl Wallet {
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::Show => ("wallet_show", Value::Null),
            Self::Create { keep_in, passphrase_file, replace } => (
                "wallet_create",
                json!({
                    "keepIn": keep_in, "passphraseFile": passphrase_file.map(whole), "replace": replace,
                }),
            ),
            Self::Import { file, file_passphrase_file, keep_in, passphrase_file, replace } => (
                "wallet_import",
                json!({
                    "file": whole(file), "filePassphraseFile": file_passphrase_file.map(whole), "keepIn": keep_in,
                    "passphraseFile": passphrase_file.map(whole), "replace": replace,
                }),
            ),
            Self::Export { file, word, passphrase_file, bare } => (
                "wallet_export",
                json!({
                    "file": whole(file), "word": word, "passphraseFile": passphrase_file.map(whole), "bare": bare,
                }),
            ),
            Self::Lock { after } => ("wallet_lock", json!({ "afterMinutes": after })),
            Self::Unlock { passphrase_file } => {
                ("wallet_unlock", json!({ "passphraseFile": passphrase_file.map(whole) }))
            }
        }
    }
}

impl Payout {
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::Show => ("payout_show", Value::Null),
            Self::Set { network, address, word } => {
                ("payout_set", json!({ "network": network, "payTo": address, "word": word }))
            }
            Self::Verify { network, signature, payment, word } => (
                "payout_verify",
                json!({ "network": network, "signature": signature, "payment": payment, "word": word }),
            ),
        }
    }
}

impl Stall {
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::Open => ("stall_set", json!({ "selling": true })),
            Self::Close => ("stall_set", json!({ "selling": false })),
            Self::Pause { minutes } => ("stall_set", json!({ "selling": false, "minutes": minutes })),
            Self::News { since } => ("stall_news", json!({ "since": since })),
        }
    }
}

impl Live {
    pub(crate) const fn call(self) -> (&'static str, Value) {
        match self {
            Self::Checklist => ("live_checklist", Value::Null),
        }
    }
}
