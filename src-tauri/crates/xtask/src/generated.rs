//! Freshness of the types the front end gets from `app`: they are written again, and must not
//! differ from what is checked in.

use std::collections::BTreeMap;

use crate::step;
use crate::workspace::Workspace;

const FOLDER: &str = "ui/src/api/generated";

/// Fails when writing the types changes a file, adds one, or shows that one is no longer written.
pub(crate) fn check(workspace: &Workspace) -> Result<(), String> {
    let before = files(workspace);
    // The same selection as the tests use, so that nothing is compiled twice.
    step::run(&mut workspace.cargo(["test", "--quiet", "--workspace", "--lib", "export_bindings"]))?;
    let changed = differences(&before, &files(workspace));
    if changed.is_empty() {
        return Ok(());
    }
    Err(format!("{FOLDER} was stale and has been written again; commit: {}", changed.join(", ")))
}

fn files(workspace: &Workspace) -> BTreeMap<String, Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(workspace.path(FOLDER)) else { return BTreeMap::new() };
    entries
        .flatten()
        .filter_map(|entry| {
            Some((entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).ok()?))
        })
        .collect()
}

fn differences(before: &BTreeMap<String, Vec<u8>>, after: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    after
        .iter()
        .filter(|(name, text)| before.get(*name) != Some(text))
        .map(|(name, _)| name.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
        files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn changed_and_new_files_are_stale() {
        let before = folder(&[("A.ts", "a"), ("B.ts", "b")]);
        assert!(differences(&before, &before).is_empty());
        let after = folder(&[("A.ts", "a"), ("B.ts", "other"), ("C.ts", "c")]);
        assert_eq!(differences(&before, &after), ["B.ts", "C.ts"]);
    }
}
