//! `cargo xtask simulate`: builds the simulator and what it plays on, and plays.

use crate::report::must;
use crate::workspace::{Profile, Workspace};
use crate::{prepare, step};

pub(crate) fn simulate(workspace: &Workspace, arguments: &[String]) -> Result<(), String> {
    must("npm packages of contracts", || prepare::node_packages(workspace, "contracts"))?;
    must("practice resources", || prepare::practice_resources(workspace, Profile::Dev))?;
    must("build", || step::run(&mut workspace.cargo(["build", "--locked", "--package", "simulator"])))?;
    let simulator = workspace.program(Profile::Dev, "simulator");
    step::become_program(workspace.command(simulator).args(arguments))
}
