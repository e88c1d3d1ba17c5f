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

/// The most reports that are kept, the newest. Who fails again and again does not fill the disk.
const MOST: usize = 10;

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
    app::keep_newest_reports(folder, MOST - 1)?;
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
    let mut redacted = app::redact(&text);
    redacted.truncate(redacted.floor_char_boundary(LONGEST));
    redacted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_written_down_with_its_place_and_only_the_newest_stay() {
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
        for number in 95..110 {
            write(&reports, number, "x").unwrap();
        }
        assert_eq!(std::fs::read_dir(&reports).unwrap().count(), MOST);
        assert!(reports.join("crash-109.txt").exists() && !reports.join("crash-99.txt").exists());
    }
}
