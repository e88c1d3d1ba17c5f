//! `cargo xtask bench`: a release build against servers of the same job. The servers and the load
//! generator are a workspace of their own, so that nobody builds them by accident.

use crate::report::must;
use crate::workspace::{Profile, Workspace};
use crate::{machine, prepare, step};

const MANIFEST: &str = "tests/bench/Cargo.toml";

pub(crate) fn bench(workspace: &Workspace, arguments: &[String]) -> Result<(), String> {
    must("Node", machine::node)?;
    let mut packages = vec!["contracts".to_owned()];
    packages.extend(workspace.folders_with("tests/bench/peers", "package-lock.json"));
    for package in &packages {
        must(&format!("npm packages of {package}"), || prepare::node_packages(workspace, package))?;
    }
    must("practice resources", || prepare::practice_resources(workspace, Profile::Release))?;
    must("release build", || {
        step::run(&mut workspace.cargo(["build", "--release", "--locked", "--package", "cli"]))
    })?;
    must("release build of the bench", || {
        step::run(&mut workspace.cargo([
            "build",
            "--release",
            "--locked",
            "--workspace",
            "--manifest-path",
            MANIFEST,
        ]))
    })?;
    let bench =
        workspace.path("tests/bench/target/release").join(format!("bench{}", std::env::consts::EXE_SUFFIX));
    must("measurement", || {
        let mut run = workspace.command(bench);
        step::run(run.arg(workspace.program(Profile::Release, "stallkeeper")).args(arguments))
    })
}
