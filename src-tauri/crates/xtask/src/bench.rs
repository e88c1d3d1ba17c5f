//! `cargo xtask bench`: a release build against servers of the same job. The servers and the load
//! generator are a workspace of their own, so that nobody builds them by accident.

use crate::report::must;
use crate::workspace::{Profile, Workspace};
use crate::{machine, prepare, step};

const MANIFEST: &str = "tests/bench/Cargo.toml";
const TARGET: &str = "tests/bench/target";

pub(crate) fn bench(workspace: &Workspace) -> Result<(), String> {
    must("system packages", || machine::system_packages(&[&machine::NGINX]))?;
    must("Node", machine::node)?;
    let mut packages = vec!["contracts".to_owned()];
    packages.extend(workspace.folders_with("tests/bench/peers", "package-lock.json"));
    for package in &packages {
        must(&format!("npm packages of {package}"), || prepare::node_packages(workspace, package))?;
    }
    must("practice resources", || prepare::practice_resources(workspace, Profile::Release))?;
    must("buyer's page", || prepare::buyer_page(workspace))?;
    must("release build", || {
        step::run(&mut workspace.cargo(["build", "--release", "--locked", "--package", "cli"]))
    })?;
    must("release build of the bench", || {
        let build = ["build", "--release", "--locked", "--workspace"];
        let place = ["--manifest-path", MANIFEST, "--target-dir", TARGET];
        step::run(workspace.cargo(build).args(place))
    })?;
    let bench = format!("{TARGET}/release/bench{}", std::env::consts::EXE_SUFFIX);
    let stallkeeper = workspace.program(Profile::Release, "stallkeeper");
    step::become_program(workspace.command(workspace.path(&bench)).arg(stallkeeper))
}
