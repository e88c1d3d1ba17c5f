//! Where things stand in the repository, and how its tools are called.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root folder of the repository.
pub(crate) struct Workspace {
    root: PathBuf,
}

/// A cargo profile the project builds with; it names the folder below `target`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// `cargo build`
    Dev,
    /// `cargo build --release`
    Release,
}

impl Profile {
    fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

impl Workspace {
    /// Found from the folder cargo names, or the current one when xtask is run by hand.
    pub(crate) fn find() -> Result<Self, String> {
        let start = match std::env::var_os("CARGO_MANIFEST_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => std::env::current_dir().map_err(|error| format!("no current folder: {error}"))?,
        };
        start
            .ancestors()
            .find(|folder| folder.join("Cargo.lock").is_file() && folder.join("src-tauri").is_dir())
            .map(|root| Self { root: root.to_path_buf() })
            .ok_or_else(|| format!("{} is not inside the repository", start.display()))
    }

    /// A path below the root, written with forward slashes.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        below.split('/').fold(self.root.clone(), |path, part| path.join(part))
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target(&self) -> PathBuf {
        match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => self.root.join(folder),
            None => self.path("target"),
        }
    }

    /// The folder of one profile's programs.
    pub(crate) fn programs(&self, profile: Profile) -> PathBuf {
        self.target().join(profile.folder())
    }

    /// One built program.
    pub(crate) fn program(&self, profile: Profile, name: &str) -> PathBuf {
        self.programs(profile).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// A command that runs in the root folder.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// The cargo that started us.
    pub(crate) fn cargo<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = self.command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(arguments);
        command
    }

    /// The same cargo with clippy as the compiler of this repository's crates: what is compiled is judged on the way, and a
    /// warning is an error. `cargo clippy` would check every dependency once more, beside compiling it; what it sets for its
    /// `-D warnings` is set here. What comes of it differs from a usual build in optimisations that a development build
    /// hardly has, and is kept beside it.
    pub(crate) fn judging_cargo<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = self.cargo(arguments);
        command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
        command.env("CLIPPY_ARGS", "-Dwarnings__CLIPPY_HACKERY__");
        command
    }

    /// npm in one of the repository's packages.
    pub(crate) fn npm<'a>(&self, package: &str, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = self.command(if cfg!(windows) { "npm.cmd" } else { "npm" });
        command.current_dir(self.path(package)).args(arguments);
        command
    }

    /// The folders directly below `below` that hold a file called `file`, as paths from the root, sorted.
    pub(crate) fn folders_with(&self, below: &str, file: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.path(below)) else { return Vec::new() };
        let mut folders: Vec<String> = entries
            .flatten()
            .filter(|entry| entry.path().join(file).is_file())
            .map(|entry| format!("{below}/{}", entry.file_name().to_string_lossy()))
            .collect();
        folders.sort();
        folders
    }

    /// `path` as it reads from the root, with forward slashes.
    pub(crate) fn name(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/")
    }
}
