//! What is written down when the program fails: where, and on which way it came there. It stays on this computer, and
//! whatever could be a secret, a person or an address is taken out before it is written (T85).

use std::backtrace::Backtrace;
use std::fmt::Write as _;
use std::io::Write as _;
use std::panic::{self, PanicHookInfo};
use std::path::{Path, PathBuf};

use crate::choices::make_private;

/// The longest report.
const LONGEST: usize = 64 * 1024;

/// The most reports that are kept. Who fails again and again does not fill the disk.
const MOST: usize = 10;

/// A run of letters and digits that is this long may be a key, a token or an address.
const SECRET: usize = 20;

/// Writes every failure of this process into a folder from now on, besides what is printed.
pub(crate) fn write_reports_to(folder: PathBuf) {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |failure| {
        usual(failure);
        // There is nobody left to tell.
        let _ = write(&folder, app::unix_millis(), &report(failure));
    }));
}

fn write(folder: &Path, now: i64, report: &str) -> std::io::Result<()> {
    make_private(folder)?;
    if std::fs::read_dir(folder)?.count() >= MOST {
        return Ok(());
    }
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(folder.join(format!("crash-{now}.txt")))?.write_all(report.as_bytes())
}

fn report(failure: &PanicHookInfo<'_>) -> String {
    let message = failure.payload_as_str().unwrap_or("no message");
    let place = failure.location().map(ToString::to_string).unwrap_or_default();
    let thread = std::thread::current();
    let mut text = format!(
        "Stallkeeper {} on {} {}\n{}\nin {}: {message}\nat {place}\n\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        app::local_time(app::unix_millis()).unwrap_or_default(),
        thread.name().unwrap_or("a thread without a name"),
    );
    let _ = write!(text, "{}", Backtrace::force_capture());
    let home = std::env::var(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).unwrap_or_default();
    let mut redacted = redact(&text, &home);
    redacted.truncate(redacted.floor_char_boundary(LONGEST));
    redacted
}

/// Takes out whatever could be a secret, a person or an address.
fn redact(text: &str, home: &str) -> String {
    let text = if home.len() > 1 { text.replace(home, "~") } else { text.to_owned() };
    let mut redacted = String::with_capacity(text.len());
    for word in text.split_inclusive(|letter: char| letter.is_whitespace() || "\"'`,;()[]<>".contains(letter))
    {
        let bare =
            word.trim_end_matches(|letter: char| letter.is_whitespace() || "\"'`,;()[]<>".contains(letter));
        let after = word.get(bare.len()..).unwrap_or_default();
        redacted.push_str(&redact_word(bare));
        redacted.push_str(after);
    }
    redacted
}

fn redact_word(word: &str) -> String {
    if let Some((scheme, _)) = word.split_once("://") {
        return format!("{scheme}://…");
    }
    if word.contains('@') || is_network_address(word) {
        return "…".to_owned();
    }
    let mut redacted = String::new();
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "+/=_-".contains(letter);
    // Paths and names of functions consist of short parts; what is one long part with digits does not speak.
    for run in word.split_inclusive(|letter: char| !is_part(letter) || "/_-".contains(letter)) {
        let bare = run.trim_end_matches(|letter: char| !is_part(letter) || "/_-".contains(letter));
        let hex = bare.strip_prefix("0x").is_some_and(|digits| digits.len() >= 8);
        let long = bare.len() >= SECRET && bare.bytes().any(|byte| byte.is_ascii_digit());
        redacted.push_str(if hex || long { "…" } else { bare });
        redacted.push_str(run.get(bare.len()..).unwrap_or_default());
    }
    redacted
}

/// An address of a computer in either spelling, with or without a port.
fn is_network_address(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ':']);
    let host = word.trim_start_matches('[');
    host.parse::<std::net::IpAddr>().is_ok()
        || word.parse::<std::net::SocketAddr>().is_ok()
        || host.split_once('%').is_some_and(|(address, _)| address.parse::<std::net::IpAddr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T85.
    #[test]
    fn a_report_names_no_secret_no_person_and_no_address() {
        let secrets = [
            "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
            "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
            "eyJhbGciOiJFUzI1NiJ9eyJzdWIiOiIxIn0",
            "https://user:pass@node.example/v2/Kd8s7",
            "ada@example.org",
            "203.0.113.9",
            "203.0.113.9:443",
            "2001:db8::7",
            "/home/ada/",
        ];
        for secret in secrets {
            let text = redact(&format!("nonce of \"{secret}\" (was {secret}), at {secret}."), "/home/ada");
            for part in ["70997970", "ac0974be", "eyJhbGci", "node.example", "ada", "203.0", "db8"] {
                assert!(!text.contains(part), "{text}");
            }
            assert!(text.starts_with("nonce of \"") && text.contains("(was "), "{text}");
        }
        let way =
            "  12: app::engine::Engine::start::{{closure}}\n   at src-tauri/crates/app/src/engine.rs:120:9";
        assert_eq!(redact(way, "/home/ada"), way);
    }

    #[test]
    fn a_failure_is_written_down_with_its_place_and_a_hundred_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let reports = folder.path().join("crash-reports");
        let usual = panic::take_hook();
        write_reports_to(reports.clone());
        let failed = std::thread::Builder::new().name("till".to_owned());
        let failed = failed.spawn(|| panic!("the payer 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 is odd"));
        assert!(failed.unwrap().join().is_err());
        panic::set_hook(usual);
        let mine = std::fs::read_dir(&reports).unwrap().map(|file| file.unwrap().path());
        let mut mine = mine.map(|file| std::fs::read_to_string(file).unwrap());
        let report = mine.find(|report| report.contains("in till: ")).unwrap();
        assert!(report.contains("in till: the payer … is odd\nat "), "{report}");
        assert!(report.contains("crash.rs"), "{report}");
        for number in 0..100 {
            write(&reports, number, "x").unwrap();
        }
        assert_eq!(std::fs::read_dir(&reports).unwrap().count(), MOST);
    }
}
