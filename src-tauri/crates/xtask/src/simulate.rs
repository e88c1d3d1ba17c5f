//! `cargo xtask simulate`: builds the simulator and what it plays on, and plays.

use crate::report::must;
use crate::workspace::{Profile, Workspace};
use crate::{prepare, step};

/// For how many seconds a test run plays schedules that nobody has played before.
const NEW_FOR: &str = "150";

/// Plays new schedules with what a test run has built. Their seeds are printed, and for each that failed the command that
/// plays it again.
pub(crate) fn play_new(workspace: &Workspace) -> Result<(), String> {
    let simulator = workspace.program(Profile::Dev, "simulator");
    step::run(workspace.command(simulator).args(["--seconds", NEW_FOR]))
}

/// Plays schedules.
pub(crate) fn simulate(workspace: &Workspace, arguments: &[String]) -> Result<(), String> {
    build(workspace)?;
    let simulator = workspace.program(Profile::Dev, "simulator");
    step::become_program(workspace.command(simulator).args(arguments))
}

/// Goes through every crash point of the real program, or through every so many of them.
pub(crate) fn crash_points(workspace: &Workspace, arguments: &[String]) -> Result<(), String> {
    build(workspace)?;
    let every = arguments.first().map_or("1", String::as_str);
    let simulator = workspace.program(Profile::Dev, "simulator");
    step::become_program(workspace.command(simulator).args(["--crash-points", every]))
}

fn build(workspace: &Workspace) -> Result<(), String> {
    must("npm packages of contracts", || prepare::node_packages(workspace, "contracts"))?;
    must("practice resources", || prepare::practice_resources(workspace, Profile::Dev))?;
    must("buyer's page", || prepare::buyer_page(workspace))?;
    must("build", || {
        step::run(&mut workspace.cargo(["build", "--locked", "--package", "simulator", "--package", "cli"]))
    })
}
