//! `cargo xtask check`: everything that is not a test.

use std::process::ExitCode;

use crate::machine::{self, WINDOW};
use crate::report::Report;
use crate::workspace::Workspace;
use crate::{direction, fences, generated, prepare, step};

pub(crate) fn check(workspace: &Workspace) -> ExitCode {
    let mut report = Report::default();
    report.step("system packages", || machine::system_packages(&WINDOW.iter().collect::<Vec<_>>()));
    report.step("Node", machine::node);
    report.beside(
        |pages| {
            packages_of_pages(workspace, pages);
            pages.step("buyer's page builds", || prepare::buyer_page(workspace));
            pages_are_sound(workspace, pages);
        },
        |rust| rust_is_sound(workspace, rust),
    );
    report.step("clippy", || {
        let mut clippy = workspace.cargo(["clippy", "--quiet", "--workspace", "--all-targets", "--locked"]);
        step::run(clippy.args(["--", "-D", "warnings"]))
    });
    report.step("generated types are fresh", || {
        generated::check(workspace, workspace.cargo(["test", "--workspace", "--locked"]))
    });
    report.finish()
}

/// The npm packages that the window and the contracts are built with.
pub(crate) fn packages_of_pages(workspace: &Workspace, report: &mut Report) {
    for package in ["contracts", "ui"] {
        report.step(&format!("npm packages of {package}"), || prepare::node_packages(workspace, package));
    }
}

/// What is checked of the pages, once their packages are there.
pub(crate) fn pages_are_sound(workspace: &Workspace, report: &mut Report) {
    for (name, script) in [("lint", "lint"), ("types", "types"), ("unused code", "unused")] {
        report.step(&format!("front end: {name}"), || step::run(&mut workspace.npm("ui", ["run", script])));
    }
    for script in ["lint", "types"] {
        report.step(&format!("buyer's page: {script}"), || {
            step::run(&mut workspace.npm(prepare::BUYER, ["run", script]))
        });
    }
    report.step("contracts: artifacts are fresh", || {
        step::run(&mut workspace.npm("contracts", ["run", "check"]))
    });
}

/// What is checked of the Rust code without compiling it. The quickest come first.
pub(crate) fn rust_is_sound(workspace: &Workspace, report: &mut Report) {
    report.step("rustfmt and clippy are there", || machine::rust_components(workspace));
    report.step("direction of dependencies", || direction::check(workspace));
    report.step("fences", || fences::check(workspace));
    report.step("Rust formatting", || step::run(&mut workspace.cargo(["fmt", "--all", "--check"])));
    report.step("licences, sources, bans", || {
        let program = prepare::cargo_deny(workspace)?;
        step::run(workspace.command(program).args([
            "--all-features",
            "check",
            "--hide-inclusion-graph",
            "bans",
            "licenses",
            "sources",
        ]))
    });
}
