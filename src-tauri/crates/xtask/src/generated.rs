//! Freshness of the types the front end gets from `app`: they are written again beside the ones that
//! are checked in, and must not differ from them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use crate::step;
use crate::workspace::Workspace;

const FOLDER: &str = "ui/src/api/generated";

type Files = BTreeMap<String, Vec<u8>>;

/// Fails when writing the types changes a file, adds one, or shows that one is no longer written;
/// the folder is right again then. `tests` runs all tests of the workspace and gets the choice of which.
pub(crate) fn check(workspace: &Workspace, mut tests: Command) -> Result<(), String> {
    let folder = workspace.path(FOLDER);
    let written = workspace.target().join("generated-types");
    let failed = |error| format!("{}: {error}", written.display());
    if written.exists() {
        std::fs::remove_dir_all(&written).map_err(failed)?;
    }
    step::run(tests.args(["--quiet", "--lib", "export_bindings"]).env("TS_RS_EXPORT_DIR", &written))?;
    let (before, after) = (files(&folder), files(&written));
    let changed = differences(&before, &after);
    if changed.is_empty() {
        return Ok(());
    }
    replace(&folder, &before, &after).map_err(|error| format!("{}: {error}", folder.display()))?;
    Err(format!("{FOLDER} was stale and has been written again; commit: {}", changed.join(", ")))
}

fn files(folder: &Path) -> Files {
    let Ok(entries) = std::fs::read_dir(folder) else { return Files::new() };
    entries
        .flatten()
        .filter_map(|entry| {
            Some((entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).ok()?))
        })
        .collect()
}

fn differences(before: &Files, after: &Files) -> Vec<String> {
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    names.into_iter().filter(|name| before.get(*name) != after.get(*name)).cloned().collect()
}

fn replace(folder: &Path, before: &Files, after: &Files) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for name in before.keys().filter(|name| !after.contains_key(*name)) {
        std::fs::remove_file(folder.join(name))?;
    }
    after.iter().try_for_each(|(name, text)| std::fs::write(folder.join(name), text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> Files {
        files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn changed_new_and_left_over_files_are_stale() {
        let before = folder(&[("A.ts", "a"), ("B.ts", "b"), ("D.ts", "d")]);
        assert!(differences(&before, &before).is_empty());
        let after = folder(&[("A.ts", "a"), ("B.ts", "other"), ("C.ts", "c")]);
        assert_eq!(differences(&before, &after), ["B.ts", "C.ts", "D.ts"]);
    }
}
