//! `cargo xtask test`: prepares, checks, builds, and runs every test.

use std::num::NonZero;
use std::process::{Command, ExitCode};
use std::thread;

use crate::counts::{self, Counts};
use crate::machine::{self, PACKAGES, TESTS, WINDOW};
use crate::report::Report;
use crate::workspace::{Profile, Workspace};
use crate::{check, generated, prepare, shipped, simulate, step};

/// Every screen in every state, in a browser.
const SCREENS: &str = "tests/screens";

pub(crate) fn test(workspace: &Workspace) -> ExitCode {
    let mut report = Report::default();
    let needs: Vec<_> = WINDOW.iter().chain(TESTS).chain(PACKAGES).collect();
    report.step("system packages", || machine::system_packages(&needs));
    report.step("Node", machine::node);
    report.beside(|buyers| what_only_tests_need(workspace, buyers), |report| build(workspace, report));
    report.counted("Rust tests", || {
        let mut tests = everything(workspace, "test");
        counted(tests.arg("--no-fail-fast").env("RUST_TEST_THREADS", at_once().to_string()))
    });
    report.step("new schedules of misfortune", || simulate::play_new(workspace));
    report.counted("contracts: tests", || counted(&mut workspace.npm("contracts", ["test"])));
    report.counted("front end: tests", || counted(&mut workspace.npm("ui", ["test"])));
    report.counted("buyer's page: tests", || counted(&mut workspace.npm(prepare::BUYER, ["test"])));
    report.counted("screens: tests", || counted(&mut workspace.npm(SCREENS, ["test"])));
    report.finish()
}

fn what_only_tests_need(workspace: &Workspace, report: &mut Report) {
    let mut packages = vec![SCREENS.to_owned()];
    packages.extend(workspace.folders_with("tests/buyers", "package-lock.json"));
    for package in &packages {
        report.step(&format!("npm packages of {package}"), || prepare::node_packages(workspace, package));
    }
    report.step("Python packages of tests/buyers/python", || prepare::python_environments(workspace));
}

/// Checks and builds everything.
fn build(workspace: &Workspace, report: &mut Report) {
    report.beside(
        |pages| {
            check::packages_of_pages(workspace, pages);
            pages.step("practice resources", || prepare::practice_resources(workspace, Profile::Dev));
            pages.step("buyer's page builds", || prepare::buyer_page(workspace));
            pages.step("front end builds", || prepare::front_end(workspace));
            pages.step("front end in memory builds", || prepare::front_end_in_memory(workspace));
            check::pages_are_sound(workspace, pages);
        },
        |rust| check::rust_is_sound(workspace, rust),
    );
    report.step("build, judged by clippy", || step::run(everything(workspace, "build").arg("--all-targets")));
    report.step("generated types are fresh", || generated::check(workspace, everything(workspace, "test")));
    report.step("what is shipped is whole", || shipped::check(workspace, Profile::Dev));
}

/// Builds or tests all crates; always the same selection, so that nothing is compiled twice in a run. A warning of clippy's
/// is an error, and nothing of its crate is tested.
fn everything(workspace: &Workspace, what: &str) -> Command {
    let mut cargo = workspace.judging_cargo([what, "--workspace", "--locked"]);
    cargo.args(prepare::PAGES_INSIDE);
    cargo
}

/// How many tests run at once: most of their time they wait for a node's next block.
fn at_once() -> usize {
    2 * thread::available_parallelism().map_or(1, NonZero::get)
}

fn counted(command: &mut Command) -> (Counts, Result<(), String>) {
    let (output, ended) = step::run_and_read(command);
    (counts::read(&output), ended)
}
