//! `cargo xtask try-package`: installs the package on this computer, looks at it as its users and its system do, lets the
//! window's tests use it, and takes it away again.

use std::path::{Path, PathBuf};

use crate::report::must;
use crate::step;
use crate::workspace::{Profile, Workspace};

/// The name under which the system knows it.
const NAME: &str = "stallkeeper";

/// Where its programs are then.
const PROGRAMS: &str = "/usr/bin";

/// The window's tests that use what is installed: that it opens with all its pages and only once, and that it sells and settles.
const TESTS: [&str; 2] = ["window_opens", "window_sale"];

pub(crate) fn try_it(workspace: &Workspace) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Err("only a .deb can be tried by itself".to_owned());
    }
    let folder = workspace.programs(Profile::Release).join("bundle");
    let package = super::packages_in(&folder)
        .into_iter()
        .rfind(|made| made.extension().is_some_and(|kind| kind == "deb"))
        .ok_or("there is no package: `cargo xtask package` makes one")?;
    if is_installed(workspace) {
        return Err(format!("{NAME} is installed here already, and would be taken away"));
    }
    must("lintian", || match step::succeeds(workspace.command("lintian").arg("--version")) {
        true => step::run(
            workspace.command("lintian").args(["--fail-on", "error", "--no-tag-display-limit"]).arg(&package),
        ),
        false => {
            eprintln!("    lintian is not here");
            Ok(())
        }
    })?;
    must("tests build", || {
        step::run(&mut workspace.cargo([
            "test",
            "--locked",
            "--package",
            "integration",
            "--test",
            "integration",
            "--no-run",
        ]))
    })?;
    let tried = must("installing", || step::run(workspace.command("dpkg").arg("--install").arg(&package)))
        .and_then(|()| use_it(workspace));
    must("taking away", || {
        step::run(workspace.command("dpkg").args(["--purge", NAME]))?;
        match left() {
            Some(path) => Err(format!("{} is left", path.display())),
            None => Ok(()),
        }
    })?;
    tried
}

fn use_it(workspace: &Workspace) -> Result<(), String> {
    must("its files", || {
        step::run(
            workspace.command("desktop-file-validate").arg("/usr/share/applications/Stallkeeper.desktop"),
        )?;
        let metainfo = "/usr/share/metainfo/dev.stallkeeper.desktop.metainfo.xml";
        step::run(workspace.command("appstreamcli").args(["validate", "--no-net", metainfo]))
    })?;
    must("its programs say who they are", || {
        let expected = Some(format!("{NAME} {}", env!("CARGO_PKG_VERSION")));
        let said = step::read(workspace.command(Path::new(PROGRAMS).join(NAME)).arg("--version"));
        if said.as_deref().map(str::trim) == expected.as_deref() {
            Ok(())
        } else {
            Err(format!("it says {said:?}"))
        }
    })?;
    must("tests of the window with what is installed", || {
        let mut tests =
            workspace.cargo(["test", "--locked", "--package", "integration", "--test", "integration", "--"]);
        step::run(tests.args(TESTS).env("STALLKEEPER_TEST_PROGRAMS", PROGRAMS))
    })
}

fn is_installed(workspace: &Workspace) -> bool {
    step::read(workspace.command("dpkg-query").args(["--show", "--showformat=${db:Status-Status}", NAME]))
        .is_some_and(|status| status != "not-installed")
}

/// A file of the package that is still there.
fn left() -> Option<PathBuf> {
    [
        "/usr/bin/stallkeeper",
        "/usr/bin/stallkeeper-desktop",
        "/usr/lib/stallkeeper",
        "/usr/share/doc/stallkeeper",
    ]
    .map(PathBuf::from)
    .into_iter()
    .find(|path| path.exists())
}
