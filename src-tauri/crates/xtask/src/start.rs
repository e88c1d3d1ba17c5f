//! `cargo xtask start`: from a fresh clone to a running Stallkeeper.

use crate::machine::{self, WINDOW};
use crate::report::must;
use crate::workspace::{Profile, Workspace};
use crate::{prepare, step};

pub(crate) fn start(workspace: &Workspace, arguments: &[String]) -> Result<(), String> {
    let window = has_screen();
    must("Node", machine::node)?;
    must("npm packages of contracts", || prepare::node_packages(workspace, "contracts"))?;
    must("practice resources", || prepare::practice_resources(workspace, Profile::Dev))?;
    must("buyer's page", || prepare::buyer_page(workspace))?;
    if window {
        must("system packages", || machine::system_packages(&WINDOW.iter().collect::<Vec<_>>()))?;
        must("npm packages of ui", || prepare::node_packages(workspace, "ui"))?;
        must("front end", || prepare::front_end(workspace))?;
        must("build", || {
            let both = ["build", "--locked", "--package", "cli", "--package", "desktop"];
            step::run(workspace.cargo(both).args(prepare::PAGES_INSIDE))
        })?;
        return step::become_program(
            workspace.command(workspace.program(Profile::Dev, "stallkeeper-desktop")).args(arguments),
        );
    }
    must("build", || step::run(&mut workspace.cargo(["build", "--locked", "--package", "cli"])))?;
    eprintln!(
        "\nThere is no screen here, so this runs `stallkeeper serve`, the same engine without a window."
    );
    step::become_program(
        workspace.command(workspace.program(Profile::Dev, "stallkeeper")).arg("serve").args(arguments),
    )
}

/// On Linux a screen is announced by the session; other systems always have one.
fn has_screen() -> bool {
    let announced = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || announced("DISPLAY") || announced("WAYLAND_DISPLAY")
}
