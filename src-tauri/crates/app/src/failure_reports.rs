//! The reports that the window's program writes when it fails, as files of a data folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Where they are, inside the data folder.
pub const REPORTS: &str = "crash-reports";

/// The moment in a report's name, in Unix milliseconds; only what has such a name is a report.
pub fn report_moment(name: &str) -> Option<i64> {
    let digits = name.strip_prefix("crash-")?.strip_suffix(".txt")?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// The reports in a folder, the newest first.
pub(crate) fn reports(folder: &Path) -> Vec<PathBuf> {
    let mut reports: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((report_moment(entry.file_name().to_str()?)?, entry.path())))
        .collect();
    reports.sort_unstable_by_key(|(moment, _)| std::cmp::Reverse(*moment));
    reports.into_iter().map(|(_, path)| path).collect()
}

/// Removes all but the newest reports in a folder.
///
/// # Errors
/// When one cannot be removed.
pub fn keep_newest_reports(folder: &Path, most: usize) -> io::Result<()> {
    reports(folder).into_iter().skip(most).try_for_each(fs::remove_file)
}
