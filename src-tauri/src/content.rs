//! What the page made itself and the person wants as a file, such as a code for cameras or a table. The program asks where
//! it goes and writes it there: a page that was taken over can name no place, and no kind of file that does something.

use std::path::Path;

use app::{ApiError, ErrorCode};
use serde::Deserialize;

/// The most bytes.
const MOST: usize = 1024 * 1024;

/// The longest name that is suggested, in bytes.
const LONGEST_NAME: usize = 160;

/// The endings that such a file may have.
const ENDINGS: [&str; 3] = ["csv", "png", "svg"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Content {
    /// What the file is called unless the person says otherwise.
    pub(crate) name: String,
    bytes: Vec<u8>,
}

impl Content {
    /// Before the person is asked where it goes.
    pub(crate) fn check(&self) -> Result<(), ApiError> {
        let refused = |why: &str| Err(ApiError::new(ErrorCode::InvalidRequest, why));
        let stem = self.name.rsplit_once('.').filter(|(_, ending)| ENDINGS.contains(ending));
        let is_name = stem.is_some_and(|(stem, _)| {
            !stem.starts_with('.')
                && !stem.is_empty()
                && stem.chars().all(|letter| letter.is_alphanumeric() || "-_.".contains(letter))
        });
        if !is_name || self.name.len() > LONGEST_NAME {
            return refused("This is no name for a picture or a table.");
        }
        if self.bytes.len() > MOST {
            return refused("This is too much for a picture or a table.");
        }
        Ok(())
    }

    /// Writes it to where the person said that it goes.
    pub(crate) fn write(&self, to: &Path) -> Result<(), ApiError> {
        std::fs::write(to, &self.bytes)
            .map_err(|error| ApiError::new(ErrorCode::File, format!("{}: {error}.", to.display())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(name: &str, bytes: Vec<u8>) -> Content {
        Content { name: name.to_owned(), bytes }
    }

    /// T79, T80: whatever the page was made to ask for.
    #[test]
    fn only_pictures_and_tables_of_a_bounded_size_are_written_and_no_name_leads_elsewhere() {
        for name in ["field-guide.svg", "Büro_2.png", "stallkeeper-sales-2026-11-01.csv"] {
            content(name, vec![0; MOST]).check().unwrap();
        }
        for name in [
            "",
            "svg",
            ".svg",
            ".profile",
            "..svg",
            "run.sh",
            "a.desktop",
            "a.svg.exe",
            "../a.svg",
            "/etc/a.csv",
            "C:\\a.csv",
            "a\n.csv",
            "\u{202e}gvs.png",
            "a.SVG\0",
        ] {
            assert_eq!(
                content(name, vec![]).check().unwrap_err().code,
                ErrorCode::InvalidRequest,
                "{name:?}"
            );
        }
        let long = format!("{}.csv", "a".repeat(LONGEST_NAME));
        assert!(
            content(&long, vec![]).check().is_err() && content("a.csv", vec![0; MOST + 1]).check().is_err()
        );
    }

    #[test]
    fn what_is_written_is_what_was_given_or_it_says_why_not() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("guide.svg");
        content("guide.svg", b"<svg/>".to_vec()).write(&to).unwrap();
        assert_eq!(std::fs::read(&to).unwrap(), b"<svg/>");
        let nowhere = folder.path().join("none/guide.svg");
        assert_eq!(content("guide.svg", vec![]).write(&nowhere).unwrap_err().code, ErrorCode::File);
    }
}
