use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// A program of somebody else's that a tunnel needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tool {
    /// Cloudflare's.
    Cloudflared,
    /// Tailscale's.
    Tailscale,
}

/// Where programs are that a desktop's own search path does not name.
const USUAL_PLACES: &[&str] = &[
    "/usr/local/bin",
    "/usr/bin",
    "/opt/homebrew/bin",
    "/snap/bin",
    "/Applications/Tailscale.app/Contents/MacOS",
    r"C:\Program Files\Tailscale",
    r"C:\Program Files (x86)\cloudflared",
    r"C:\Program Files\cloudflared",
];

impl Tool {
    /// The name of its file, without an ending.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cloudflared => "cloudflared",
            Self::Tailscale => "tailscale",
        }
    }

    /// What to do where it is not found, in a sentence or two.
    pub const fn how_to_get_it(self) -> &'static str {
        match self {
            Self::Cloudflared => {
                "Download cloudflared from https://github.com/cloudflare/cloudflared/releases and choose the file you \
                 downloaded, or install it by your system's package manager."
            }
            Self::Tailscale => {
                "Install Tailscale from https://tailscale.com/download and sign in, then switch Funnel on."
            }
        }
    }

    /// Where it is: in the folders that are named, on the search path, or where it usually is.
    pub fn find(self, folders: &[PathBuf], search_path: Option<&OsStr>) -> Option<PathBuf> {
        let on_path = search_path.map(|path| std::env::split_paths(path).collect()).unwrap_or_default();
        let places: [Vec<PathBuf>; 3] =
            [folders.to_vec(), on_path, USUAL_PLACES.iter().map(PathBuf::from).collect()];
        let files = places.into_iter().flatten().filter(|folder| folder.is_absolute());
        files.map(|folder| folder.join(self.file_name())).find(|file| can_be_run(file))
    }

    /// The name of its file on this system.
    pub fn file_name(self) -> String {
        format!("{}{}", self.name(), std::env::consts::EXE_SUFFIX)
    }
}

#[cfg(unix)]
fn can_be_run(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(file).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn can_be_run(file: &Path) -> bool {
    file.is_file()
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn put(folder: &Path, mode: u32) -> PathBuf {
        std::fs::create_dir_all(folder).unwrap();
        let file = folder.join("cloudflared");
        std::fs::write(&file, "#!/bin/sh\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        file
    }

    #[test]
    fn the_chosen_file_comes_before_the_one_on_the_search_path() {
        let folder = tempfile::tempdir().unwrap();
        let (own, path) = (folder.path().join("own"), folder.path().join("path"));
        let found = |folders: &[PathBuf]| Tool::Cloudflared.find(folders, Some(path.as_os_str()));
        let on_path = put(&path, 0o755);
        assert_eq!(found(std::slice::from_ref(&own)), Some(on_path.clone()));
        let chosen = put(&own, 0o700);
        assert_eq!(found(std::slice::from_ref(&own)), Some(chosen));
        put(&own, 0o600);
        assert_eq!(found(&[own]), Some(on_path), "a file that cannot be run is none");
    }

    /// A search path with a place that depends on where the app was started would run whatever lies there.
    #[test]
    fn nothing_is_run_from_wherever_the_app_was_started() {
        assert_eq!(Tool::Tailscale.find(&[PathBuf::from("here")], Some(OsStr::new(".:relative"))), None);
    }
}
