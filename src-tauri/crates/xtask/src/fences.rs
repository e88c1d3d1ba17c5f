//! The fences Cargo cannot see: a path that is written out where its library may not be used.

use std::path::Path;

use crate::workspace::Workspace;

/// Words that may stand in one place only.
struct Fence {
    words: &'static str,
    below: &'static str,
    endings: &'static [&'static str],
    inside: &'static [&'static str],
    rule: &'static str,
}

const FENCES: &[Fence] = &[
    Fence {
        words: "sqlx::",
        below: "src-tauri",
        endings: &["rs"],
        inside: &["src-tauri/crates/store/", "src-tauri/crates/xtask/"],
        rule: "only `store` contains SQL: call one of its functions, or give it one",
    },
    Fence {
        words: "@tauri-apps",
        below: "ui",
        endings: &["ts", "tsx", "js", "mjs", "html", "css"],
        inside: &["ui/src/platform/tauri.ts"],
        rule: "only `ui/src/platform/tauri.ts` imports Tauri: use the `Platform` that `platform.ts` describes",
    },
    Fence {
        words: "paraglide/messages",
        below: "ui/src",
        endings: &["ts", "tsx"],
        inside: &["ui/src/i18n/"],
        rule: "import `m` from `i18n/messages`: this one says everything in English and brings all languages with it",
    },
    Fence {
        words: "with: stallkeeper",
        below: "src-tauri/crates/app",
        endings: &["rs"],
        inside: &[],
        rule: "a sentence is read in the window too: name what the window has, and say the command by `ApiError::by`",
    },
];

const NOT_OURS: &[&str] = &["node_modules", "dist", "target", "gen"];

/// Reads the sources and reports every line that reaches over a fence.
pub(crate) fn check(workspace: &Workspace) -> Result<(), String> {
    let mut wrong = Vec::new();
    for fence in FENCES {
        visit(&workspace.path(fence.below), &mut |path, text| {
            wrong.extend(violations(fence, &workspace.name(path), text));
        })?;
    }
    for sentence in &wrong {
        eprintln!("    {sentence}");
    }
    match wrong.len() {
        0 => Ok(()),
        number => Err(format!("{number} lines reach over a fence")),
    }
}

fn violations(fence: &Fence, name: &str, text: &str) -> Vec<String> {
    let ending = name.rsplit('.').next().unwrap_or_default();
    if !fence.endings.contains(&ending) || fence.inside.iter().any(|place| name.starts_with(place)) {
        return Vec::new();
    }
    text.lines()
        .enumerate()
        .filter(|(_, line)| line.contains(fence.words) && !line.trim_start().starts_with("//"))
        .map(|(index, _)| format!("{name}:{}: `{}`: {}", index + 1, fence.words, fence.rule))
        .collect()
}

fn visit(folder: &Path, see: &mut impl FnMut(&Path, &str)) -> Result<(), String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if !NOT_OURS.iter().any(|name| entry.file_name() == *name) {
                visit(&path, see)?;
            }
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            see(&path, &text);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_outside_the_store_is_named_with_its_line() {
        let text = "use domain::Amount;\n// sqlx:: may be mentioned\nlet row = sqlx::query(\"select 1\");\n";
        assert_eq!(
            violations(&FENCES[0], "src-tauri/crates/app/src/lib.rs", text),
            ["src-tauri/crates/app/src/lib.rs:3: `sqlx::`: \
              only `store` contains SQL: call one of its functions, or give it one"]
        );
        assert!(violations(&FENCES[0], "src-tauri/crates/store/src/lib.rs", text).is_empty());
    }

    #[test]
    fn tauri_is_imported_in_one_file_only() {
        let text = "import { invoke } from \"@tauri-apps/api/core\";\n";
        assert_eq!(violations(&FENCES[1], "ui/src/main.ts", text).len(), 1);
        assert!(violations(&FENCES[1], "ui/src/platform/tauri.ts", text).is_empty());
        assert!(violations(&FENCES[1], "ui/package.json", text).is_empty());
    }
}
