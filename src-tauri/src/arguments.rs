use std::path::PathBuf;

use app::{Environment, Overrides};
use clap::Parser;

/// Stallkeeper's window. The program `stallkeeper` is the command line.
#[derive(Debug, Parser)]
#[command(name = "stallkeeper-desktop", version)]
pub(crate) struct Arguments {
    /// The folder that holds everything.
    #[arg(long, env = "STALLKEEPER_DATA_DIR", value_name = "FOLDER")]
    pub(crate) data_dir: Option<PathBuf>,
    /// practice, test or live; by default the running stall's, else config.toml's, else practice.
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Option<Environment>,
    /// Start without showing the window, where a tray can bring it back.
    #[arg(long)]
    pub(crate) hidden: bool,
    /// A link that another program opened here, such as stallkeeper://payment/…; anything else is ignored.
    #[arg(value_name = "LINK")]
    pub(crate) link: Option<String>,
}

impl From<Arguments> for Overrides {
    fn from(arguments: Arguments) -> Self {
        Self { data_dir: arguments.data_dir, environment: arguments.environment, listen: None }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}
