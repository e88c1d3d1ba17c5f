//! What packages bring beside the window's program, laid out in `target/package` as the bundler takes it: `bin`, `practice`,
//! and on Linux `share`, a tree of the system's.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::step;
use crate::workspace::{Profile, Workspace};

/// Where each shell looks for what completes commands, below `share`.
const COMPLETIONS: [(&str, &str); 3] = [
    ("bash", "bash-completion/completions/stallkeeper"),
    ("zsh", "zsh/vendor-completions/_stallkeeper"),
    ("fish", "fish/vendor_completions.d/stallkeeper.fish"),
];

/// Libraries that the bundler names by itself, as it does the tray's, which is asked for while the program runs.
const NAMED_ANYWAY: [&str; 2] = ["libwebkit2gtk-4.1-0", "libgtk-3-0"];

/// Lays everything out anew.
pub(super) fn lay_out(workspace: &Workspace) -> Result<(), String> {
    let folder = workspace.target().join("package");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| told(&folder, &error))?;
    }
    let program = workspace.program(Profile::Release, "stallkeeper");
    let suffix = std::env::consts::EXE_SUFFIX;
    let line = folder.join("bin").join(format!("stallkeeper{suffix}"));
    copy(&program, &line)?;
    // Elsewhere the bundler looks for a program by the system it was built for.
    copy(&program, &folder.join("bin").join(format!("stallkeeper-{}{suffix}", host(workspace)?)))?;
    let practice = workspace.programs(Profile::Release).join("practice");
    for file in list(&practice)? {
        copy(&file, &folder.join("practice").join(file.file_name().unwrap_or_default()))?;
    }
    let licences = folder.join("licences.txt");
    let mut collect = workspace.npm("ui", ["run", "--silent", "licences", "--"]);
    step::run(collect.arg(&licences))?;
    if cfg!(target_os = "macos") {
        sign(workspace, &folder.join("practice/anvil"))?;
    }
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    for program in [&line, &workspace.program(Profile::Release, "stallkeeper-desktop")] {
        // The names of functions stay, so that a report of a failure says where it was.
        step::run(workspace.command("strip").arg("--strip-debug").arg(program))?;
    }
    step::run(workspace.command("strip").arg("--strip-unneeded").arg(folder.join("practice/anvil")))?;
    let share = folder.join("share");
    lay_out_pages(workspace, Profile::Release, &share)?;
    let packaging = workspace.path(super::PACKAGING);
    let doc = share.join("doc/stallkeeper");
    for (from, to) in [
        (
            packaging.join("dev.stallkeeper.desktop.metainfo.xml"),
            share.join("metainfo/dev.stallkeeper.desktop.metainfo.xml"),
        ),
        (
            workspace.path("icons/stallkeeper.svg"),
            share.join("icons/hicolor/scalable/apps/stallkeeper-desktop.svg"),
        ),
        (packaging.join("copyright"), doc.join("copyright")),
        (licences, doc.join("licences.txt")),
        (workspace.path("CHANGELOG.md"), doc.join("changelog")),
        (packaging.join("lintian-overrides"), share.join("lintian/overrides/stallkeeper")),
    ] {
        copy(&from, &to)?;
    }
    let pages = list(&share.join("man/man1"))?;
    let texts = ["licences.txt", "changelog"].map(|name| doc.join(name));
    step::run(workspace.command("gzip").args(["-9", "-n"]).args(pages).args(texts))
}

/// The manual's pages and what completes commands, below this folder.
pub(crate) fn lay_out_pages(workspace: &Workspace, profile: Profile, share: &Path) -> Result<(), String> {
    let program = workspace.program(profile, "stallkeeper");
    step::run(workspace.command(&program).arg("manual").arg(share.join("man/man1")))?;
    let page = "stallkeeper-desktop.1";
    copy(&workspace.path(super::PACKAGING).join(page), &share.join("man/man1").join(page))?;
    for (shell, place) in COMPLETIONS {
        let text = step::read(workspace.command(&program).args(["completions", shell]))
            .ok_or_else(|| format!("there is nothing that completes commands in {shell}"))?;
        write(&share.join(place), &text)?;
    }
    Ok(())
}

/// What a Debian package depends on, found in the programs themselves, as the bundler's configuration says it.
pub(super) fn needs(workspace: &Workspace) -> Result<String, String> {
    let control = workspace.target().join("package/shlibs/debian/control");
    write(&control, "Source: stallkeeper\n\nPackage: stallkeeper\nArchitecture: any\n")?;
    let folder = control.ancestors().nth(2).unwrap_or(&control);
    let told = step::read(
        workspace
            .command("dpkg-shlibdeps")
            .current_dir(folder)
            .args(["-O", "--ignore-missing-info"])
            .arg(workspace.program(Profile::Release, "stallkeeper-desktop"))
            .arg(workspace.target().join("package/bin/stallkeeper"))
            .arg(workspace.target().join("package/practice/anvil")),
    )
    .ok_or("`dpkg-shlibdeps` does not say what the programs need")?;
    Ok(json!({ "bundle": { "linux": { "deb": { "depends": depends(&told) } } } }).to_string())
}

/// From the line `shlibs:Depends=…`.
fn depends(told: &str) -> Vec<&str> {
    let lists = told.lines().filter_map(|line| line.strip_prefix("shlibs:Depends="));
    lists
        .flat_map(|list| list.split(", "))
        .filter(|need| !NAMED_ANYWAY.contains(&need.split(' ').next().unwrap_or_default()))
        .collect()
}

/// A program in the resources of an application for macOS is signed like the others, where there is an identity to sign with.
fn sign(workspace: &Workspace, program: &Path) -> Result<(), String> {
    match std::env::var("APPLE_SIGNING_IDENTITY") {
        Ok(identity) if !identity.is_empty() => step::run(
            workspace
                .command("codesign")
                .args(["--force", "--options", "runtime", "--timestamp", "--sign", &identity])
                .arg(program),
        ),
        _ => Ok(()),
    }
}

/// What rustc calls this system.
fn host(workspace: &Workspace) -> Result<String, String> {
    let told = step::read(workspace.command("rustc").arg("-vV")).unwrap_or_default();
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc does not say what system this is".to_owned())
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| told(folder, &error))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    make_room(to)?;
    fs::copy(from, to).map(|_| ()).map_err(|error| told(from, &error))
}

fn write(to: &Path, text: &str) -> Result<(), String> {
    make_room(to)?;
    fs::write(to, text).map_err(|error| told(to, &error))
}

fn make_room(path: &Path) -> Result<(), String> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(|error| told(folder, &error))
}

fn told(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_needs_what_its_programs_name_and_nothing_twice() {
        let told = "shlibs:Depends=libc6 (>= 2.36), libgtk-3-0 (>= 3.24), libsoup-3.0-0 (>= 3.4), libwebkit2gtk-4.1-0\n";
        assert_eq!(depends(told), ["libc6 (>= 2.36)", "libsoup-3.0-0 (>= 3.4)"]);
    }
}
