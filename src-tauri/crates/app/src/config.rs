use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{Clock, Environment};
use serde::Deserialize;

use crate::{ApiError, ErrorCode, SystemClock};

/// Where buyers reach a stall unless something else is chosen. Loopback: nothing is open to the
/// network by surprise (T77).
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 4021);

/// What was chosen on the command line or in the environment; everything else comes from
/// `config.toml` or is a default.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The data folder.
    pub data_dir: Option<PathBuf>,
    /// The environment.
    pub environment: Option<Environment>,
    /// The address to sell on.
    pub listen: Option<SocketAddr>,
}

/// Everything the engine is told from outside.
#[derive(Clone)]
pub struct Config {
    /// Holds everything the product keeps.
    pub data_dir: PathBuf,
    /// Which environment to work in.
    pub environment: Environment,
    /// The address to sell on.
    pub listen: SocketAddr,
    /// Opened for one command only: it takes any free port, and tells `listen` as where buyers will
    /// reach the stall once it is open.
    pub for_one_command: bool,
    /// The practice node, Multicall3's code and the practice token.
    pub practice_resources: PathBuf,
    /// A program that can supervise the practice node and tunnels: the command line beside the running one, or that itself.
    pub executable: PathBuf,
    /// The file that holds the passphrase of the gas key, outside practice.
    pub passphrase_file: Option<PathBuf>,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
}

/// `config.toml` in the data folder.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    environment: Option<Environment>,
    listen: Option<SocketAddr>,
}

impl Config {
    /// Programs that the seller brought.
    pub(crate) fn tools(&self) -> PathBuf {
        self.data_dir.join("tools")
    }

    /// The data folder: the one that was chosen, or where this system keeps data.
    ///
    /// # Errors
    /// When this computer has no place for data.
    pub fn data_dir(chosen: Option<PathBuf>) -> Result<PathBuf, ApiError> {
        let folder = match chosen {
            Some(folder) => folder,
            None => default_data_dir()?,
        };
        std::path::absolute(&folder)
            .map_err(|error| ApiError::invalid(format!("{}: {error}.", folder.display())))
    }

    /// Keeps which environment a start works in that is not told another one. The rest of `config.toml` stays as it was
    /// written.
    ///
    /// # Errors
    /// When the file cannot be understood or written.
    pub fn choose_environment(data_dir: &Path, environment: Environment) -> Result<(), ApiError> {
        let path = data_dir.join("config.toml");
        read_file(&path)?;
        let failed =
            |error: std::io::Error| ApiError::new(ErrorCode::File, format!("{}: {error}.", path.display()));
        let before = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
            read => read,
        };
        let beside = path.with_extension("next.toml");
        std::fs::create_dir_all(data_dir).map_err(failed)?;
        std::fs::write(&beside, with_environment(&before.map_err(failed)?, environment)).map_err(failed)?;
        std::fs::rename(&beside, &path).map_err(failed)
    }

    /// Puts together what was chosen: flags before the environment's variables before `config.toml`
    /// before defaults.
    ///
    /// # Errors
    /// When `config.toml` cannot be read, or this computer has no place for data.
    pub fn resolve(overrides: Overrides) -> Result<Self, ApiError> {
        let data_dir = Self::data_dir(overrides.data_dir)?;
        let file = read_file(&data_dir.join("config.toml"))?;
        let executable = std::env::current_exe().map_err(|error| {
            ApiError::invalid(format!("This program's own file cannot be found: {error}."))
        })?;
        let beside = executable.parent().unwrap_or(Path::new("."));
        Ok(Self {
            environment: overrides.environment.or(file.environment).unwrap_or_default(),
            listen: overrides.listen.or(file.listen).unwrap_or(LISTEN),
            for_one_command: false,
            practice_resources: practice_resources(beside),
            passphrase_file: std::env::var_os("STALLKEEPER_KEYSTORE_PASSWORD_FILE").map(PathBuf::from),
            executable: supervisor(executable),
            data_dir,
            clock: Arc::new(SystemClock),
        })
    }
}

/// What the practice environment needs: beside the program, or where packages put what is no program.
fn practice_resources(beside: &Path) -> PathBuf {
    let usual = beside.join("practice");
    let packaged = ["../lib/stallkeeper/practice", "../Resources/practice"];
    let found = packaged.iter().map(|place| beside.join(place)).find(|place| place.is_dir());
    if usual.is_dir() { usual } else { found.unwrap_or(usual) }
}

/// The program that supervises others. The window's loads everything that draws before it does anything; the command line
/// that comes with it does not.
#[cfg(unix)]
fn supervisor(running: PathBuf) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let command_line = running.with_file_name("stallkeeper");
    let can_run = |file: std::fs::Metadata| file.is_file() && file.permissions().mode() & 0o111 != 0;
    if command_line.metadata().is_ok_and(can_run) { command_line } else { running }
}

/// The program that supervises others: the running one, because the command line would open a console.
#[cfg(not(unix))]
fn supervisor(running: PathBuf) -> PathBuf {
    running
}

/// The same text with another environment. The file has no parts, so the first line is as good as any.
fn with_environment(text: &str, environment: Environment) -> String {
    let is_it = |line: &&str| {
        line.trim_start().strip_prefix("environment").is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let others: String = text.lines().filter(|line| !is_it(line)).map(|line| format!("{line}\n")).collect();
    format!("environment = \"{environment}\"\n{others}")
}

fn read_file(path: &Path) -> Result<ConfigFile, ApiError> {
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map_err(|error| {
            ApiError::invalid(format!(
                "{} cannot be understood: {}",
                path.display(),
                error.to_string().trim()
            ))
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(ConfigFile::default()),
        Err(error) => Err(ApiError::invalid(format!("{}: {error}.", path.display()))),
    }
}

#[cfg(target_os = "macos")]
fn default_data_dir() -> Result<PathBuf, ApiError> {
    home("HOME").map(|home| home.join("Library/Application Support/Stallkeeper"))
}

#[cfg(windows)]
fn default_data_dir() -> Result<PathBuf, ApiError> {
    home("APPDATA").map(|data| data.join("Stallkeeper"))
}

#[cfg(not(any(target_os = "macos", windows)))]
fn default_data_dir() -> Result<PathBuf, ApiError> {
    match std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute()) {
        Some(folder) => Ok(folder.join("stallkeeper")),
        None => home("HOME").map(|home| home.join(".local/share/stallkeeper")),
    }
}

fn home(variable: &str) -> Result<PathBuf, ApiError> {
    std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from).ok_or_else(|| {
        ApiError::invalid(format!(
            "{variable} is not set, so there is no place for data. Choose one with --data-dir."
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_command_line_beside_the_window_supervises_and_without_it_the_window_does() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let [window, command_line] =
            ["stallkeeper-desktop", "stallkeeper"].map(|name| folder.path().join(name));
        assert_eq!(supervisor(window.clone()), window);
        std::fs::write(&command_line, "").unwrap();
        assert_eq!(supervisor(window.clone()), window, "it cannot be run");
        std::fs::set_permissions(&command_line, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(supervisor(window), command_line);
        assert_eq!(supervisor(command_line.clone()), command_line);
    }

    #[test]
    fn another_environment_is_kept_and_the_rest_of_the_file_stays_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let (data, file) = (folder.path(), folder.path().join("config.toml"));
        let chosen = || {
            let overrides = Overrides { data_dir: Some(data.to_owned()), ..Overrides::default() };
            Config::resolve(overrides).unwrap().environment
        };
        Config::choose_environment(data, Environment::Test).unwrap();
        assert_eq!(chosen(), Environment::Test);
        let written = "# mine\nlisten = \"127.0.0.1:0\" # a free one\n  environment=\"practice\"\n";
        std::fs::write(&file, written).unwrap();
        Config::choose_environment(data, Environment::Live).unwrap();
        assert_eq!(chosen(), Environment::Live);
        assert_eq!(
            std::fs::read_to_string(&file).unwrap(),
            "environment = \"live\"\n# mine\nlisten = \"127.0.0.1:0\" # a free one\n"
        );
        std::fs::write(&file, "nonsense").unwrap();
        assert!(Config::choose_environment(data, Environment::Test).is_err());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "nonsense");
    }
}
