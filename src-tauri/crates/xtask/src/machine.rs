//! What the computer itself must have: a recent Node, the Rust components the checks use, and on
//! Linux some system packages. On Debian and Ubuntu what is missing is installed; elsewhere the
//! exact command is printed and the run stops.

use std::process::Command;

use crate::step;
use crate::workspace::Workspace;

/// The oldest Node the front end's tools run on.
const NODE: (u32, u32) = (20, 19);

/// Something a Linux system may lack.
pub(crate) struct Need {
    what: &'static str,
    probe: Probe,
    debian: &'static str,
    fedora: &'static str,
    arch: &'static str,
}

/// How to find out whether it is there.
enum Probe {
    /// A program answers with success.
    Program(&'static str, &'static [&'static str]),
    /// pkg-config knows a library.
    Library(&'static str),
}

/// What the window is built with. The command line needs none of it.
pub(crate) const WINDOW: &[Need] = &[
    Need {
        what: "pkg-config, which finds the libraries of the window",
        probe: Probe::Program("pkg-config", &["--version"]),
        debian: "pkg-config",
        fedora: "pkgconf-pkg-config",
        arch: "pkgconf",
    },
    Need {
        what: "WebKitGTK, in which the window is drawn",
        probe: Probe::Library("webkit2gtk-4.1"),
        debian: "libwebkit2gtk-4.1-dev",
        fedora: "webkit2gtk4.1-devel",
        arch: "webkit2gtk-4.1",
    },
];

/// What the bench compares delivery with.
pub(crate) const NGINX: Need = Need {
    what: "nginx, a cache between the stall and its buyers, and what delivery is compared with",
    probe: Probe::Program("sh", &["-c", "PATH=$PATH:/usr/sbin; nginx -v"]),
    debian: "nginx-light",
    fedora: "nginx",
    arch: "nginx",
};

/// What only the tests use.
pub(crate) const TESTS: &[Need] = &[
    Need {
        what: "strace, which shows that a payment is on disk before its first paid byte leaves",
        probe: Probe::Program("strace", &["--version"]),
        debian: "strace",
        fedora: "strace",
        arch: "strace",
    },
    Need {
        what: "Python with venv, for the buyers written in Python",
        probe: Probe::Program("python3", &["-c", "import ensurepip, venv"]),
        debian: "python3-venv",
        fedora: "python3",
        arch: "python",
    },
    NGINX,
    Need {
        what: "curl, which goes on with a download that broke off",
        probe: Probe::Program("curl", &["--version"]),
        debian: "curl",
        fedora: "curl",
        arch: "curl",
    },
    Need {
        what: "WebKit's WebDriver, which presses the window's buttons",
        probe: Probe::Program("WebKitWebDriver", &["--help"]),
        debian: "webkit2gtk-driver",
        fedora: "webkitgtk6.0",
        arch: "webkitgtk-6.0",
    },
    Need {
        what: "Xvfb, a screen for the window that nobody sees",
        probe: Probe::Program("Xvfb", &["-help"]),
        debian: "xvfb",
        fedora: "xorg-x11-server-Xvfb",
        arch: "xorg-server-xvfb",
    },
    Need {
        what: "D-Bus, over which a second window finds the first",
        probe: Probe::Program("dbus-daemon", &["--version"]),
        debian: "dbus",
        fedora: "dbus-daemon",
        arch: "dbus",
    },
    Need {
        what: "the library of icons in the tray",
        probe: Probe::Program(
            "sh",
            &[
                "-c",
                "ls /usr/lib*/libayatana-appindicator3.so.1 /usr/lib/*/libayatana-appindicator3.so.1 | grep -q .",
            ],
        ),
        debian: "libayatana-appindicator3-1",
        fedora: "libayatana-appindicator-gtk3",
        arch: "libayatana-appindicator",
    },
    Need {
        what: "the definitions of languages, for a window on a German computer",
        probe: Probe::Program("sh", &["-c", "test -r /usr/share/i18n/locales/de_DE"]),
        debian: "locales",
        fedora: "glibc-locale-source",
        arch: "glibc",
    },
    Need {
        what: "Chromium without a window of its own, in which every screen is looked at",
        probe: Probe::Program("chromium-headless-shell", &["--version"]),
        debian: "chromium-headless-shell",
        fedora: "chromium-headless",
        arch: "chromium",
    },
];

/// What packages are made with, and looked at.
pub(crate) const PACKAGES: &[Need] = &[
    Need {
        what: "groff, which reads the manual",
        probe: Probe::Program("groff", &["--version"]),
        debian: "groff-base",
        fedora: "groff-base",
        arch: "groff",
    },
    Need {
        what: "desktop-file-validate, which reads what desktops are told of a program",
        probe: Probe::Program("sh", &["-c", "command -v desktop-file-validate"]),
        debian: "desktop-file-utils",
        fedora: "desktop-file-utils",
        arch: "desktop-file-utils",
    },
    Need {
        what: "appstreamcli, which reads what catalogues of programs are told",
        probe: Probe::Program("appstreamcli", &["--version"]),
        debian: "appstream",
        fedora: "appstream",
        arch: "appstream",
    },
];

/// What finds out which libraries a package needs.
pub(crate) const BUNDLING: &[Need] = &[
    Need {
        what: "dpkg-shlibdeps, which finds out what a package needs",
        probe: Probe::Program("dpkg-shlibdeps", &["--version"]),
        debian: "dpkg-dev",
        fedora: "dpkg-dev",
        arch: "dpkg",
    },
    Need {
        what: "the library of icons in the tray as pkg-config knows it, which a package is to name",
        probe: Probe::Library("ayatana-appindicator3-0.1"),
        debian: "libayatana-appindicator3-dev",
        fedora: "libayatana-appindicator-gtk3-devel",
        arch: "libayatana-appindicator",
    },
];

/// The Linux families whose package names are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Debian,
    Fedora,
    Arch,
    Unknown,
}

/// Makes sure of system packages. Only Linux has any: elsewhere the toolchains bring everything.
pub(crate) fn system_packages(needs: &[&Need]) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let missing: Vec<&Need> = needs.iter().copied().filter(|need| !is_there(&need.probe)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for need in &missing {
        eprintln!("    missing: {}", need.what);
    }
    let family = family(&std::fs::read_to_string("/etc/os-release").unwrap_or_default());
    let Some(install) = install_command(family, &missing) else {
        let what: Vec<_> = missing.iter().map(|need| need.what).collect();
        return Err(format!("please install: {}", what.join("; ")));
    };
    let root = step::read(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    let may_install = root || step::succeeds(Command::new("sudo").arg("--version"));
    if family != Family::Debian || !may_install {
        let sudo = if root { "" } else { "sudo " };
        return Err(format!("please run `{sudo}{}` and try again", install.join(" ")));
    }
    eprintln!("    installing: {}", install[3..].join(" "));
    step::run(&mut as_root(root, &["apt-get", "update", "-qq"]))?;
    step::run(&mut as_root(root, &install))
}

/// Node and npm are brought by the newcomer; only their age is checked.
pub(crate) fn node() -> Result<(), String> {
    let answer = step::read(Command::new("node").arg("--version"))
        .ok_or_else(|| format!("Node {}.{} or newer is needed: https://nodejs.org", NODE.0, NODE.1))?;
    match node_version(&answer) {
        Some(version) if version >= NODE => Ok(()),
        _ => Err(format!("Node {}.{} or newer is needed, here is {}", NODE.0, NODE.1, answer.trim())),
    }
}

/// rustfmt and clippy, which a minimal toolchain leaves out.
pub(crate) fn rust_components(workspace: &Workspace) -> Result<(), String> {
    let lacks = |component: &str| !step::succeeds(&mut workspace.cargo([component, "--version"]));
    if !lacks("fmt") && !lacks("clippy") {
        return Ok(());
    }
    eprintln!("    installing: rustfmt clippy");
    step::run(workspace.command("rustup").args(["component", "add", "rustfmt", "clippy"]))
}

fn is_there(probe: &Probe) -> bool {
    match probe {
        Probe::Program(program, arguments) => step::succeeds(Command::new(program).args(*arguments)),
        Probe::Library(library) => step::succeeds(Command::new("pkg-config").args(["--exists", library])),
    }
}

fn as_root(root: bool, command: &[&str]) -> Command {
    let mut all = Command::new(if root { "env" } else { "sudo" });
    if !root {
        all.arg("env");
    }
    all.arg("DEBIAN_FRONTEND=noninteractive").args(command);
    all
}

fn install_command(family: Family, missing: &[&Need]) -> Option<Vec<&'static str>> {
    let packages = |name: fn(&Need) -> &'static str| missing.iter().map(move |need| name(need));
    let (start, packages): (&[&str], Vec<_>) = match family {
        Family::Debian => (
            &["apt-get", "install", "--yes", "--no-install-recommends"],
            packages(|need| need.debian).collect(),
        ),
        Family::Fedora => (&["dnf", "install"], packages(|need| need.fedora).collect()),
        Family::Arch => (&["pacman", "-S"], packages(|need| need.arch).collect()),
        Family::Unknown => return None,
    };
    Some(start.iter().copied().chain(packages).collect())
}

/// From the `ID` and `ID_LIKE` lines of `/etc/os-release`.
fn family(os_release: &str) -> Family {
    let names: Vec<&str> = os_release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .flat_map(|value| value.trim_matches('"').split_whitespace())
        .collect();
    let is = |name: &str| names.contains(&name);
    if is("debian") || is("ubuntu") {
        Family::Debian
    } else if is("fedora") || is("rhel") {
        Family::Fedora
    } else if is("arch") {
        Family::Arch
    } else {
        Family::Unknown
    }
}

/// `v20.20.2` is (20, 20).
fn node_version(answer: &str) -> Option<(u32, u32)> {
    let mut parts = answer.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derived_system_counts_as_its_family() {
        assert_eq!(family("PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n"), Family::Debian);
        assert_eq!(family("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"), Family::Debian);
        assert_eq!(family("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"), Family::Fedora);
        assert_eq!(family("ID=manjaro\nID_LIKE=arch\n"), Family::Arch);
        assert_eq!(family("ID=alpine\nVERSION_ID=3\n"), Family::Unknown);
    }

    #[test]
    fn the_command_names_exactly_what_is_missing() {
        let missing: Vec<&Need> = TESTS[..2].iter().collect();
        assert_eq!(
            install_command(Family::Debian, &missing),
            Some(vec!["apt-get", "install", "--yes", "--no-install-recommends", "strace", "python3-venv"])
        );
        assert_eq!(
            install_command(Family::Fedora, &missing),
            Some(vec!["dnf", "install", "strace", "python3"])
        );
        assert_eq!(install_command(Family::Unknown, &missing), None);
    }

    #[test]
    fn node_versions_compare_by_number() {
        assert_eq!(node_version("v20.20.2\n"), Some((20, 20)));
        assert!(node_version("v20.9.0") < Some(NODE));
        assert!(node_version("v100.0.0") > Some(NODE));
        assert_eq!(node_version("command not found"), None);
    }
}
