//! `cargo xtask bench`: a release build against servers of the same job, and its window beside an empty
//! one. Servers, load generator and empty window are a workspace of their own, so that nobody builds
//! them by accident.

use std::path::PathBuf;

use crate::machine::{TESTS, WINDOW};
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
        build(workspace, &["bench", "peer-x402-axum", "stub-facilitator"])
    })?;
    let stallkeeper = workspace.program(Profile::Release, "stallkeeper");
    step::become_program(workspace.command(built(workspace, "bench")).arg(stallkeeper))
}

/// The window beside an empty one, and with a million payments.
pub(crate) fn window(workspace: &Workspace, parts: &[String]) -> Result<(), String> {
    let needs: Vec<_> = WINDOW.iter().chain(TESTS).collect();
    must("system packages", || machine::system_packages(&needs))?;
    must("Node", machine::node)?;
    for package in ["contracts", "ui"] {
        must(&format!("npm packages of {package}"), || prepare::node_packages(workspace, package))?;
    }
    must("practice resources", || prepare::practice_resources(workspace, Profile::Release))?;
    must("buyer's page", || prepare::buyer_page(workspace))?;
    must("front end", || prepare::front_end(workspace))?;
    must("release build", || {
        let both = ["build", "--release", "--locked", "--package", "cli", "--package", "desktop"];
        step::run(workspace.cargo(both).args(prepare::PAGES_INSIDE))
    })?;
    must("release build of the empty window", || build(workspace, &["peer-empty-window"]))?;
    // Who looks at the windows is not measured, so it is built as the tests are.
    let run = ["run", "--locked", "--package", "integration", "--example", "window_bench", "--"];
    let mut bench = workspace.cargo(run);
    bench.arg(built(workspace, "peer-empty-window")).args(parts);
    step::become_program(bench.env("STALLKEEPER_TEST_PROGRAMS", workspace.programs(Profile::Release)))
}

fn build(workspace: &Workspace, packages: &[&str]) -> Result<(), String> {
    let release = ["build", "--release", "--locked", "--manifest-path", MANIFEST, "--target-dir", TARGET];
    step::run(workspace.cargo(release).args(packages.iter().flat_map(|package| ["--package", package])))
}

fn built(workspace: &Workspace, program: &str) -> PathBuf {
    workspace.path(&format!("{TARGET}/release/{program}{}", std::env::consts::EXE_SUFFIX))
}
