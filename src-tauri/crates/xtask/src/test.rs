//! `cargo xtask test`: prepares, checks, builds, and runs every test.

use std::num::NonZero;
use std::process::{Command, ExitCode};
use std::thread;

use crate::counts::{self, Counts};
use crate::machine::{self, PACKAGES, TESTS, WINDOW};
use crate::report::Report;
use crate::workspace::{Profile, Workspace};
use crate::{check, prepare, shipped, simulate, step};

/// Every screen in every state, in a browser.
const SCREENS: &str = "tests/screens";

pub(crate) fn test(workspace: &Workspace) -> ExitCode {
    let mut report = Report::default();
    let needs: Vec<_> = WINDOW.iter().chain(TESTS).chain(PACKAGES).collect();
    report.step("system packages", || machine::system_packages(&needs));
    report.step("Node", machine::node);
    let mut packages = vec!["contracts".to_owned(), "ui".to_owned(), SCREENS.to_owned()];
    packages.extend(workspace.folders_with("tests/buyers", "package-lock.json"));
    for package in &packages {
        report.step(&format!("npm packages of {package}"), || prepare::node_packages(workspace, package));
    }
    report.step("Python packages of tests/buyers/python", || prepare::python_environments(workspace));
    report.step("practice resources", || prepare::practice_resources(workspace, Profile::Dev));
    report.step("buyer's page builds", || prepare::buyer_page(workspace));
    report.step("front end builds", || prepare::front_end(workspace));
    report.step("front end in memory builds", || prepare::front_end_in_memory(workspace));

    check::checks(workspace, &mut report);

    report.step("build", || {
        let everything = ["build", "--workspace", "--all-targets", "--locked"];
        step::run(workspace.cargo(everything).args(prepare::PAGES_INSIDE))
    });
    report.step("what is shipped is whole", || shipped::check(workspace, Profile::Dev));
    report.counted("Rust tests", || {
        let everything = ["test", "--workspace", "--locked", "--no-fail-fast"];
        let mut tests = workspace.cargo(everything);
        counted(tests.args(prepare::PAGES_INSIDE).env("RUST_TEST_THREADS", at_once().to_string()))
    });
    report.step("new schedules of misfortune", || simulate::play_new(workspace));
    report.counted("contracts: tests", || counted(&mut workspace.npm("contracts", ["test"])));
    report.counted("front end: tests", || counted(&mut workspace.npm("ui", ["test"])));
    report.counted("buyer's page: tests", || counted(&mut workspace.npm(prepare::BUYER, ["test"])));
    report.counted("screens: tests", || counted(&mut workspace.npm(SCREENS, ["test"])));
    report.finish()
}

/// How many tests run at once: most of their time they wait for a node's next block.
fn at_once() -> usize {
    2 * thread::available_parallelism().map_or(1, NonZero::get)
}

fn counted(command: &mut Command) -> (Counts, Result<(), String>) {
    let (output, ended) = step::run_and_read(command);
    (counts::read(&output), ended)
}
