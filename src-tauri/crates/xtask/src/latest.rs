//! `cargo xtask latest FOLDER URL`: writes `latest.json`, by which a Stallkeeper that looks for a new version finds this one,
//! out of the signatures that lie beside the packages in a folder, and the packages' checksums.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::step;
use crate::workspace::Workspace;

/// How the name of each package ends that can be put in place by the program itself, and whom it is for. Whoever does not know
/// how it was installed gets the first of its system.
const FOR: [(&str, &[&str]); 5] = [
    ("amd64.AppImage", &["linux-x86_64", "linux-x86_64-appimage"]),
    ("amd64.deb", &["linux-x86_64-deb"]),
    ("aarch64.app.tar.gz", &["darwin-aarch64"]),
    ("x64.app.tar.gz", &["darwin-x86_64"]),
    ("x64_en-US.msi", &["windows-x86_64", "windows-x86_64-msi"]),
];

const TOLD: &str = "latest.json";
const SUMS: &str = "SHA256SUMS";

pub(crate) fn latest(workspace: &Workspace, arguments: &[String]) -> Result<(), String> {
    let [folder, url] = arguments else { return Err("usage: cargo xtask latest FOLDER URL".to_owned()) };
    let folder = Path::new(folder);
    let mut names: Vec<String> = fs::read_dir(folder)
        .map_err(|error| format!("{}: {error}", folder.display()))?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name != TOLD && name != SUMS)
        .collect();
    names.sort();
    let mut signed = Vec::new();
    for name in names.iter().filter_map(|name| name.strip_suffix(".sig")) {
        let signature = fs::read_to_string(folder.join(format!("{name}.sig")));
        signed.push((name.to_owned(), signature.map_err(|error| format!("{name}.sig: {error}"))?));
    }
    let version = env!("CARGO_PKG_VERSION");
    let changes = fs::read_to_string(workspace.path("CHANGELOG.md")).map_err(|error| error.to_string())?;
    let notes = notes(&changes, version).ok_or_else(|| format!("CHANGELOG.md says nothing of {version}"))?;
    let told = told(version, &notes, url, &signed)?;
    fs::write(folder.join(TOLD), format!("{told:#}\n")).map_err(|error| error.to_string())?;
    let sums = step::read(workspace.command("sha256sum").current_dir(folder).args(&names).arg(TOLD))
        .ok_or("`sha256sum` does not count the packages")?;
    fs::write(folder.join(SUMS), sums).map_err(|error| error.to_string())
}

/// What is told of a version; each system that packages are made for must have one.
fn told(version: &str, notes: &str, url: &str, signed: &[(String, String)]) -> Result<Value, String> {
    let mut platforms = Map::new();
    for (end, systems) in FOR {
        let (name, signature) = signed
            .iter()
            .find(|(name, _)| name.ends_with(end))
            .ok_or_else(|| format!("no signature of a package whose name ends with {end}"))?;
        for system in systems {
            let place = format!("{}/{name}", url.trim_end_matches('/'));
            platforms.insert((*system).to_owned(), json!({ "url": place, "signature": signature.trim() }));
        }
    }
    Ok(json!({ "version": version, "notes": notes, "platforms": platforms }))
}

/// What the changelog says of a version, a line to each change: the window shows it as it is.
fn notes(changes: &str, version: &str) -> Option<String> {
    let head = format!("## [{version}]");
    let own = changes.lines().skip_while(|line| !line.starts_with(&head)).skip(1);
    let mut notes = String::new();
    for line in own.take_while(|line| !line.starts_with("## ")) {
        if let Some(rest) = line.strip_prefix("  ") {
            notes.push(' ');
            notes.push_str(rest.trim());
        } else if !line.is_empty() {
            notes.push('\n');
            notes.push_str(line.trim_start_matches("### "));
        }
    }
    let notes = notes.trim();
    (!notes.is_empty()).then(|| notes.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_system_finds_its_package_and_none_is_forgotten() {
        let mut signed: Vec<_> =
            FOR.iter().map(|(end, _)| (format!("Stallkeeper_1.2.3_{end}"), "sig\n".to_owned())).collect();
        let told = super::told("1.2.3", "Faster.", "https://example.org/v1.2.3/", &signed).unwrap();
        assert_eq!((told["version"].as_str(), told["notes"].as_str()), (Some("1.2.3"), Some("Faster.")));
        let arm = json!({ "url": "https://example.org/v1.2.3/Stallkeeper_1.2.3_aarch64.app.tar.gz", "signature": "sig" });
        assert_eq!(told["platforms"]["darwin-aarch64"], arm);
        assert_ne!(told["platforms"]["linux-x86_64"], told["platforms"]["linux-x86_64-deb"]);
        signed.remove(0);
        let refused = super::told("1.2.3", "Faster.", "https://example.org", &signed).unwrap_err();
        assert!(refused.contains("amd64.AppImage"), "{refused}");
    }

    #[test]
    fn what_changed_in_this_version_is_told_and_nothing_of_others() {
        let changes = "# Changelog\n\n## [Unreleased]\n\n- Soon.\n\n## [1.2.0] - 2027-01-02\n\n### Added\n\n- Pause for an\n  hour.\n- A bell.\n\n## [1.1.0]\n\n- Old.\n";
        assert_eq!(notes(changes, "1.2.0").as_deref(), Some("Added\n- Pause for an hour.\n- A bell."));
        assert_eq!(notes(changes, "1.1.0").as_deref(), Some("- Old."));
        assert_eq!(notes(changes, "1.2"), None);
    }
}
