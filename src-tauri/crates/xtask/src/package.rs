//! `cargo xtask package`: builds everything for release and makes this system's packages of it. Tauri's bundler makes them,
//! out of `tauri.conf.json` and what is laid out here in `target/package` first.

mod layout;
mod tried;

use std::path::{Path, PathBuf};

pub(crate) use self::layout::lay_out_pages;
pub(crate) use self::tried::try_it;

use crate::machine::{self, BUNDLING, PACKAGES, WINDOW};
use crate::report::must;
use crate::workspace::{Profile, Workspace};
use crate::{prepare, shipped, step};

/// The npm package that brings Tauri's bundler, and the files that packages are made of.
pub(crate) const PACKAGING: &str = "src-tauri/packages";

/// What the bundler puts beside the programs where a package has no file tree of the system's.
const BESIDE: &str = "src-tauri/packages/beside.json";

/// What was chosen for one run.
#[derive(Default)]
struct Choices {
    /// Which packages; the first of this system's otherwise, because the others ask the internet for their tools.
    bundles: Option<String>,
    /// What the configuration says besides, such as where new versions are published.
    config: Option<PathBuf>,
    /// One part of the work; all of it otherwise.
    part: Option<Part>,
}

/// A release does them one after the other: only the bundler gets to see the keys that sign, and not the scripts and build
/// scripts of everything that is built from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Everything that packages are made of.
    Build,
    /// The packages, of what was built.
    Bundle,
}

pub(crate) fn package(workspace: &Workspace, arguments: &[String]) -> Result<(), String> {
    let choices = choices(arguments)?;
    let config = choices.config.as_deref().map(read).transpose()?;
    if choices.part != Some(Part::Bundle) {
        build(workspace, config.as_deref())?;
    }
    if choices.part == Some(Part::Build) {
        return Ok(());
    }
    must("packages", || bundle(workspace, &choices, config.as_deref()))?;
    for made in packages_in(&workspace.programs(Profile::Release).join("bundle")) {
        let size = made.metadata().map_or(0, |metadata| metadata.len());
        eprintln!("    {} ({size} bytes)", workspace.name(&made));
    }
    Ok(())
}

fn build(workspace: &Workspace, config: Option<&str>) -> Result<(), String> {
    must("system packages", || {
        machine::system_packages(&WINDOW.iter().chain(PACKAGES).chain(BUNDLING).collect::<Vec<_>>())
    })?;
    must("Node", machine::node)?;
    for package in ["contracts", "ui", PACKAGING] {
        must(&format!("npm packages of {package}"), || prepare::node_packages(workspace, package))?;
    }
    must("practice resources", || prepare::practice_resources(workspace, Profile::Release))?;
    must("buyer's page", || prepare::buyer_page(workspace))?;
    must("front end", || prepare::front_end(workspace))?;
    must("release build", || {
        let both = ["build", "--release", "--locked", "--package", "cli", "--package", "desktop"];
        let mut build = workspace.cargo(both);
        build.args(prepare::PAGES_INSIDE);
        if let Some(config) = config {
            // Where new versions are looked for, and the key that signs them, are compiled in.
            build.env("TAURI_CONFIG", config);
        }
        step::run(&mut build)
    })?;
    must("files of the packages", || layout::lay_out(workspace))?;
    must("what is shipped is whole", || shipped::check(workspace, Profile::Release))
}

fn choices(arguments: &[String]) -> Result<Choices, String> {
    let mut choices = Choices::default();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let value = words.next().ok_or_else(|| format!("`{word}` needs a value"))?;
        match word.as_str() {
            "--bundles" => choices.bundles = Some(value.clone()),
            "--config" => choices.config = Some(PathBuf::from(value)),
            "--part" => {
                choices.part = Some(match value.as_str() {
                    "build" => Part::Build,
                    "bundle" => Part::Bundle,
                    _ => return Err(format!("`{value}` is no part: build, bundle")),
                });
            }
            _ => {
                return Err(format!(
                    "`{word}` is not known here: --bundles LIST, --config FILE, --part PART"
                ));
            }
        }
    }
    Ok(choices)
}

fn bundle(workspace: &Workspace, choices: &Choices, config: Option<&str>) -> Result<(), String> {
    let first = if cfg!(target_os = "linux") {
        "deb"
    } else if cfg!(target_os = "macos") {
        "dmg"
    } else {
        "msi"
    };
    let mut bundler = workspace.command("node");
    bundler
        .current_dir(workspace.path("src-tauri"))
        .arg(workspace.path(PACKAGING).join("node_modules/@tauri-apps/cli/tauri.js"))
        .args(["bundle", "--ci", "--bundles", choices.bundles.as_deref().unwrap_or(first)])
        .args(prepare::PAGES_INSIDE);
    if cfg!(target_os = "linux") {
        bundler.arg("--config").arg(layout::needs(workspace)?);
    } else {
        bundler.arg("--config").arg(workspace.path(BESIDE));
    }
    if let Some(config) = config {
        bundler.arg("--config").arg(config);
    }
    step::run(&mut bundler)
}

fn read(file: &Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

/// The packages that lie below this folder, sorted.
fn packages_in(folder: &Path) -> Vec<PathBuf> {
    const KINDS: [&str; 6] = ["deb", "AppImage", "dmg", "msi", "gz", "sig"];
    let is_one = |path: &PathBuf| {
        path.is_file() && path.extension().is_some_and(|kind| KINDS.iter().any(|one| kind == *one))
    };
    let kinds = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let files = kinds.flat_map(|kind| std::fs::read_dir(kind.path()).into_iter().flatten().flatten());
    let mut packages: Vec<_> = files.map(|file| file.path()).filter(is_one).collect();
    packages.sort();
    packages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_named() {
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let chosen = choices(&words("--bundles deb,appimage --config r.json --part build")).unwrap();
        assert_eq!(chosen.part, Some(Part::Build));
        assert_eq!(chosen.bundles.as_deref(), Some("deb,appimage"));
        assert_eq!(chosen.config.as_deref(), Some(Path::new("r.json")));
        for (line, named) in [
            ("--bundles", "`--bundles` needs a value"),
            ("--fast yes", "`--fast` is not known"),
            ("--part all", "`all` is no part"),
        ] {
            let refused = choices(&words(line)).err().unwrap();
            assert!(refused.contains(named), "{refused}");
        }
    }
}
