//! The reports of earlier failures: offered to the seller, who looks at them, saves them or deletes them. Nobody else is
//! sent anything.

use std::path::{Path, PathBuf};

use app::{ApiError, ErrorCode};
use serde::Serialize;

/// Where they are, inside the data folder.
pub(crate) const FOLDER: &str = app::REPORTS;

/// The longest that is read: nobody but us writes there, but anybody could.
const LONGEST: usize = 256 * 1024;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Report {
    pub(crate) name: String,
    /// When it happened, in Unix milliseconds.
    at: i64,
    text: String,
}

/// The reports of a data folder.
pub(crate) struct Reports(pub(crate) Option<PathBuf>);

impl Reports {
    /// All of them, the newest first.
    pub(crate) fn list(&self) -> Vec<Report> {
        let files = self.0.as_ref().and_then(|folder| std::fs::read_dir(folder).ok());
        let mut reports: Vec<_> = files
            .into_iter()
            .flatten()
            .filter_map(|file| {
                let name = file.ok()?.file_name().into_string().ok()?;
                let at = app::report_moment(&name)?;
                let bytes = std::fs::read(self.file(&name)?).ok()?;
                let text = String::from_utf8_lossy(bytes.get(..LONGEST).unwrap_or(&bytes)).into_owned();
                Some(Report { name, at, text })
            })
            .collect();
        reports.sort_by_key(|report| std::cmp::Reverse(report.at));
        reports
    }

    /// Copies one to where the seller wants it.
    pub(crate) fn save(&self, name: &str, to: &Path) -> Result<(), ApiError> {
        std::fs::copy(self.known(name)?, to).map(drop).map_err(|error| failed(to, &error))
    }

    pub(crate) fn delete(&self, name: &str) -> Result<(), ApiError> {
        let file = self.known(name)?;
        std::fs::remove_file(&file).map_err(|error| failed(&file, &error))
    }

    fn known(&self, name: &str) -> Result<PathBuf, ApiError> {
        let file = self.file(name).filter(|file| file.is_file());
        file.ok_or_else(|| ApiError::new(ErrorCode::NotFound, "There is no such report."))
    }

    /// Only what has the name of a report is one: a name from elsewhere could lead anywhere.
    fn file(&self, name: &str) -> Option<PathBuf> {
        app::report_moment(name)?;
        self.0.as_ref().map(|folder| folder.join(name))
    }
}

fn failed(file: &Path, error: &std::io::Error) -> ApiError {
    ApiError::new(ErrorCode::File, format!("{}: {error}.", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_listed_saved_and_deleted_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let reports = Reports(Some(folder.path().join(FOLDER)));
        assert_eq!(reports.list(), []);
        std::fs::create_dir(folder.path().join(FOLDER)).unwrap();
        for (name, text) in [("crash-5.txt", "older"), ("crash-70.txt", "newer"), ("notes.txt", "mine")] {
            std::fs::write(folder.path().join(FOLDER).join(name), text).unwrap();
        }
        std::fs::write(folder.path().join("config.toml"), "kept").unwrap();
        let texts: Vec<_> = reports.list().into_iter().map(|report| report.text).collect();
        assert_eq!(texts, ["newer", "older"]);

        let to = folder.path().join("saved.txt");
        reports.save("crash-70.txt", &to).unwrap();
        assert_eq!(std::fs::read_to_string(&to).unwrap(), "newer");
        reports.delete("crash-70.txt").unwrap();
        assert_eq!(reports.list().len(), 1);
        for name in ["crash-70.txt", "notes.txt", "../config.toml", "crash-../config.toml", "crash-.txt", ""]
        {
            assert_eq!(reports.delete(name).unwrap_err().code, ErrorCode::NotFound, "{name}");
        }
        assert!(folder.path().join("config.toml").exists());
    }
}
