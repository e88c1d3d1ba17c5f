//! What packages bring beside the program, made of the same command line: the manual and what completes commands.

use std::path::Path;
use std::process::ExitCode;

use app::{ApiError, ErrorCode};
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::output;

const PROGRAM: &str = "stallkeeper";

/// Prints what lets this shell complete commands.
pub(crate) fn complete(shell: Shell) -> Result<ExitCode, ApiError> {
    output::text(&completions(shell));
    Ok(ExitCode::SUCCESS)
}

/// Writes a page of the manual for each command into this folder.
pub(crate) fn write(folder: &Path) -> Result<ExitCode, ApiError> {
    std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Arguments::whole(), folder))
        .map_err(|error| ApiError::new(ErrorCode::File, format!("{}: {error}.", folder.display())))?;
    Ok(ExitCode::SUCCESS)
}

fn completions(shell: Shell) -> String {
    let mut written = Vec::new();
    clap_complete::generate(shell, &mut Arguments::whole(), PROGRAM, &mut written);
    String::from_utf8_lossy(&written).into_owned()
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn every_shell_completes_words_of_every_depth() {
        for shell in Shell::value_variants() {
            let text = completions(*shell);
            for word in ["endpoint", "set-price", "settled-elsewhere", "--dry-run", "--environment"] {
                // Fish names a switch without its dashes.
                assert!(text.contains(word.trim_start_matches('-')), "{shell} does not know {word}");
            }
        }
    }

    #[test]
    fn the_manual_has_a_page_for_each_command_and_none_for_what_packages_alone_use() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path()).unwrap();
        let page = |name: &str| std::fs::read_to_string(folder.path().join(name));
        assert!(page("stallkeeper.1").unwrap().contains("another Stallkeeper is using the data folder"));
        assert!(page("stallkeeper-failure-settled-elsewhere.1").unwrap().contains("failure settled"));
        assert!(page("stallkeeper-manual.1").is_err());
    }
}
