use std::fs::File;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::{end, first_line};

/// Nobody is started for anybody over this bus.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=FOLDER</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// Where links are noted that were to be opened.
pub(super) const OPENED: &str = "opened-links";

/// A person's session on a computer without a screen: X server, message bus, home.
pub(super) struct Screen {
    server: Child,
    bus: Child,
    variables: Vec<(String, String)>,
    display: String,
    address: String,
    log: PathBuf,
}

impl Screen {
    /// Starts one whose home and data lie below `root` and that speaks a language, such as `de_DE`. What its programs
    /// complain about goes to `log`.
    pub(super) fn start(root: &Path, log: &Path, language: &str) -> Self {
        let folder = |name: &str| {
            let folder = root.join(name);
            std::fs::create_dir_all(&folder).expect("a folder");
            folder.to_str().expect("a plain path").to_owned()
        };
        let (home, runtime, languages) = (folder("home"), folder("run"), folder("languages"));
        let programs = folder("bin");
        make_browser(Path::new(&programs), &root.join(OPENED));
        let path = format!("{programs}:{}", std::env::var("PATH").unwrap_or_default());
        let language = define(language, &languages);
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log_at(log))
            .spawn()
            .expect("Xvfb runs (`cargo xtask test` installs it)");
        let display = format!(":{}", first_line(&mut server, "Xvfb"));
        let config = root.join("bus.conf");
        std::fs::write(&config, BUS.replace("FOLDER", &runtime)).expect("the bus' configuration");
        let mut bus = Command::new("dbus-daemon")
            .args(["--nofork", "--nopidfile", "--print-address=1", "--config-file"])
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log_at(log))
            .spawn()
            .expect("dbus-daemon runs (`cargo xtask test` installs it)");
        let address = first_line(&mut bus, "dbus-daemon");
        let variable = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let variables = vec![
            variable("PATH", &path),
            variable("LANG", &language),
            variable("LOCPATH", &languages),
            variable("HOME", &home),
            variable("XDG_RUNTIME_DIR", &runtime),
            variable("XDG_DATA_HOME", root.to_str().expect("a plain path")),
            variable("DISPLAY", &display),
            variable("DBUS_SESSION_BUS_ADDRESS", &address),
            // Choices of the desktop that nobody keeps.
            variable("GSETTINGS_BACKEND", "memory"),
            // Where the computer's own power manager would answer.
            variable("DBUS_SYSTEM_BUS_ADDRESS", &address),
        ];
        Self { server, bus, variables, display, address, log: log.to_owned() }
    }

    /// Lets every later program find a variable in its environment, in place of one of that name.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// What a program finds in its environment there.
    pub(super) fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Where a program of the session complains.
    pub(super) fn log(&self) -> File {
        log_at(&self.log)
    }

    /// Where the message bus is.
    pub(super) fn bus(&self) -> &str {
        &self.address
    }

    /// The X server's name.
    pub(super) fn display(&self) -> &str {
        &self.display
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        end(&mut self.bus);
        end(&mut self.server);
    }
}

/// Makes the program that opens links: it notes them and shows nothing.
fn make_browser(folder: &Path, opened: &Path) {
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n", opened.display());
    let file = folder.join("xdg-open");
    std::fs::write(&file, script).expect("a program");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).expect("a program that runs");
}

/// Makes a language known to the programs that look for languages in `folder`, and answers its name there.
fn define(language: &str, folder: &str) -> String {
    let name = format!("{language}.UTF-8");
    let made = Command::new("localedef")
        .args(["--no-archive", "--inputfile", language, "--charmap", "UTF-8"])
        .arg(Path::new(folder).join(&name))
        .status();
    assert!(
        made.is_ok_and(|status| status.success()),
        "{language} is defined (`cargo xtask test` installs it)"
    );
    name
}

fn log_at(path: &Path) -> File {
    File::options().create(true).append(true).open(path).expect("a log")
}
