//! Brings what the repository's own parts are built from: npm packages, Python environments, the
//! practice resources, the front end, cargo-deny. Each is done again only when its input changed.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::step;
use crate::workspace::{Profile, Workspace};

/// The release of cargo-deny that `deny.toml` is written for.
const CARGO_DENY: &str = "0.20.2";

/// Builds the window with its pages inside. Without this feature it asks a development server for them.
pub(crate) const PAGES_INSIDE: [&str; 2] = ["--features", "tauri/custom-protocol"];

/// The buyer's page.
pub(crate) const BUYER: &str = "ui/buyer";

/// `npm ci`, unless the lock file is the one that was installed last.
pub(crate) fn node_packages(workspace: &Workspace, package: &str) -> Result<(), String> {
    let lock = workspace.path(package).join("package-lock.json");
    let stamp = workspace.path(package).join("node_modules").join(".installed-lock.json");
    if is_stamped(&lock, &stamp) {
        return Ok(());
    }
    eprintln!("    installing the npm packages of {package}");
    step::run(&mut workspace.npm(package, ["ci", "--no-audit", "--no-fund"]))?;
    write_stamp(&lock, &stamp)
}

/// A virtual environment for every `requirements-NAME.txt` of the Python buyers: `.venv-NAME`.
pub(crate) fn python_environments(workspace: &Workspace) -> Result<(), String> {
    let folder = workspace.path("tests/buyers/python");
    for name in ["v1", "v2"] {
        let requirements = folder.join(format!("requirements-{name}.txt"));
        let environment = folder.join(format!(".venv-{name}"));
        let stamp = environment.join("installed-requirements.txt");
        if is_stamped(&requirements, &stamp) {
            continue;
        }
        eprintln!("    installing the Python packages of {}", workspace.name(&requirements));
        step::run(workspace.command("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
        let programs = environment.join(if cfg!(windows) { "Scripts" } else { "bin" });
        step::run(
            workspace
                .command(programs.join("python"))
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
                .arg(&requirements),
        )?;
        write_stamp(&requirements, &stamp)?;
    }
    Ok(())
}

/// The folder `practice` beside a profile's programs: node, token, Multicall3.
pub(crate) fn practice_resources(workspace: &Workspace, profile: Profile) -> Result<(), String> {
    let folder = workspace.programs(profile).join("practice");
    step::run(workspace.command("node").arg(workspace.path("contracts/resources.mjs")).arg(&folder))
}

/// The pages the window shows, in `ui/dist`. New pages mean another build of the window.
pub(crate) fn front_end(workspace: &Workspace) -> Result<(), String> {
    // The version shown stands in the workspace's manifest.
    let sources = newest(&workspace.path("ui")).max(modified(&workspace.path("Cargo.toml")));
    if sources.is_some() && sources < modified(&workspace.path("ui/dist/index.html")) {
        return Ok(());
    }
    step::run(&mut workspace.npm("ui", ["run", "build"]))
}

/// What a buyer's browser gets, in `ui/buyer/dist`: `server` carries it inside.
pub(crate) fn buyer_page(workspace: &Workspace) -> Result<(), String> {
    node_packages(workspace, BUYER)?;
    let folder = workspace.path(BUYER);
    let built = ["buyer.js", "buyer.css"].map(|file| modified(&folder.join("dist").join(file)));
    if built.iter().all(|built| built.is_some() && newest(&folder) < *built) {
        return Ok(());
    }
    step::run(&mut workspace.npm(BUYER, ["run", "build"]))
}

/// When a source of the front end was last written; builds and tests write the others.
fn newest(folder: &Path) -> Option<SystemTime> {
    const NOT_SOURCES: &[&str] = &["node_modules", "dist", "dist-fake", "paraglide"];
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let sources = entries.filter(|entry| !NOT_SOURCES.iter().any(|name| entry.file_name() == *name));
    // A folder is newer when a file in it came, went or got another name.
    let written = |entry: std::fs::DirEntry| newest(&entry.path()).max(modified(&entry.path()));
    sources.filter_map(written).max()
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}

/// The same pages on a stall in memory, in `ui/dist-fake`: what the screen tests look at.
pub(crate) fn front_end_in_memory(workspace: &Workspace) -> Result<(), String> {
    step::run(&mut workspace.npm("ui", ["run", "build:fake"]))
}

/// cargo-deny of the pinned release, below `target`, so that nothing outside the repository
/// changes. A debug build, with nothing for a debugger: it takes a minute on two cores instead of several, and checks as
/// fast.
pub(crate) fn cargo_deny(workspace: &Workspace) -> Result<PathBuf, String> {
    let root = workspace.target().join("tools");
    let program = root.join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    let installed = step::read(workspace.command(&program).arg("--version"));
    if installed.is_none_or(|answer| answer.trim() != format!("cargo-deny {CARGO_DENY}")) {
        eprintln!("    installing: cargo-deny {CARGO_DENY}");
        step::run(
            workspace
                .cargo([
                    "install",
                    "cargo-deny",
                    "--version",
                    CARGO_DENY,
                    "--locked",
                    "--debug",
                    "--quiet",
                    "--force",
                ])
                .arg("--root")
                .arg(&root)
                .env("CARGO_PROFILE_DEV_DEBUG", "false"),
        )?;
    }
    Ok(program)
}

/// Whether `stamp` holds exactly what `source` holds.
fn is_stamped(source: &Path, stamp: &Path) -> bool {
    match (std::fs::read(source), std::fs::read(stamp)) {
        (Ok(source), Ok(stamp)) => source == stamp,
        _ => false,
    }
}

fn write_stamp(source: &Path, stamp: &Path) -> Result<(), String> {
    std::fs::copy(source, stamp)
        .map(|_| ())
        .map_err(|error| format!("cannot write {}: {error}", stamp.display()))
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_newest_source_counts_and_what_was_built_does_not() {
        let folder = std::env::temp_dir().join(format!("xtask-newest-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("src/deep")).unwrap();
        std::fs::create_dir_all(folder.join("dist")).unwrap();
        let second = |number| SystemTime::UNIX_EPOCH + Duration::from_secs(number);
        let touch = |name: &str, at| {
            let path = folder.join(name);
            let file = if path.is_dir() { File::open(path) } else { File::create(path) };
            file.unwrap().set_modified(second(at)).unwrap();
        };
        touch("src/deep/page.tsx", 30);
        touch("dist/index.html", 90);
        for older in ["src/deep", "src", "dist"] {
            touch(older, 10);
        }
        assert_eq!(newest(&folder), Some(second(30)));
        touch("src/deep", 40);
        assert_eq!(newest(&folder), Some(second(40)), "a file that went makes its folder newer");
        assert_eq!(newest(&folder.join("nowhere")), None);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_stamp_holds_until_its_source_changes() {
        let folder = std::env::temp_dir().join(format!("xtask-stamp-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (source, stamp) = (folder.join("package-lock.json"), folder.join("stamp"));
        std::fs::write(&source, "one").unwrap();
        assert!(!is_stamped(&source, &stamp));
        write_stamp(&source, &stamp).unwrap();
        assert!(is_stamped(&source, &stamp));
        std::fs::write(&source, "two").unwrap();
        assert!(!is_stamped(&source, &stamp));
        std::fs::remove_file(&source).unwrap();
        assert!(!is_stamped(&source, &stamp));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
