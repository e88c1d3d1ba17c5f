//! `cargo xtask …`: sets up, builds, checks and tests the project on a machine that has only the
//! toolchains. It is not part of the product: nothing here is linked into what a seller runs, and
//! it depends on hardly anything, so that the first command a newcomer types starts quickly.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks on the terminal")]

mod bench;
mod check;
mod counts;
mod direction;
mod fences;
mod generated;
mod latest;
mod machine;
mod package;
mod prepare;
mod report;
mod shipped;
mod simulate;
mod start;
mod step;
mod test;
mod workspace;

use std::process::ExitCode;

use crate::workspace::Workspace;

const HELP: &str = "\
cargo xtask <command>

  start [ARGUMENTS…]  Install what is missing, build, and start Stallkeeper: its window when there
                      is a screen, `stallkeeper serve` otherwise. ARGUMENTS go to the program.
                      Builds with the dev profile: code that does cryptography and runs SQL is
                      optimised there too, and the build takes half as long as a release build.
  test                Install what is missing, build, run every check and every test.
                      The last line reads `N passed, N failed`.
  check               Formatting, lints, licences, dependency direction, types, freshness of
                      generated files.
  simulate [--schedules N] [--minutes M | --seconds T] [--seed S] [--workers W] [--tell]
                      Play schedules of misfortune against the whole product and judge what is
                      left. A seed makes a schedule; those that failed are printed with theirs.
  crash-points [K]    Kill the real program at each of its syncs in turn, or at every K-th, and the
                      same with a disk that fails or is full; each time nothing sold may be lost.
  bench               Measure a release build against the servers in tests/bench.
  bench window [start] [idle] [payments]
                      Measure its window beside an empty one, and with a million payments.
  package [--bundles LIST] [--config FILE]
                      Build for release and make a package for this system: .deb, .dmg or .msi, or those
                      in LIST, such as deb,appimage. FILE adds to the configuration of the bundle.
  try-package         Install the .deb on this computer, use it as a seller would, and take it away again.
  latest FOLDER URL   Tell of the signed packages in FOLDER, which will be found below URL.
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let workspace = match Workspace::find() {
        Ok(workspace) => workspace,
        Err(reason) => return stop(&reason),
    };
    let done = match (command.as_str(), rest.is_empty()) {
        ("start", _) => start::start(&workspace, &rest),
        ("test", true) => return test::test(&workspace),
        ("check", true) => return check::check(&workspace),
        ("simulate", _) => simulate::simulate(&workspace, &rest),
        ("crash-points", _) => simulate::crash_points(&workspace, &rest),
        ("bench", true) => bench::bench(&workspace),
        ("bench", false) if rest.first().is_some_and(|part| part == "window") => {
            bench::window(&workspace, rest.get(1..).unwrap_or_default())
        }
        ("package", _) => package::package(&workspace, &rest),
        ("try-package", true) => package::try_it(&workspace),
        ("latest", _) => latest::latest(&workspace, &rest),
        ("" | "help" | "--help" | "-h", _) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => stop(&reason),
    }
}

fn stop(reason: &str) -> ExitCode {
    eprintln!("xtask: {reason}");
    ExitCode::FAILURE
}
