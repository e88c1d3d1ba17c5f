use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::Visitor;
use crate::processes::{self, signal};

const READY_WITHIN: Duration = Duration::from_secs(60);
const STOPPED_WITHIN: Duration = Duration::from_secs(20);

/// Which money a stall takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// A private chain of its own.
    Practice,
    /// A test network that the seller names.
    Test,
    /// A network that the seller names, whose money is real.
    Live,
}

/// A stall of its own: a data folder, `stallkeeper serve` on it, and the command line beside it.
///
/// When it is dropped its process is ended by its id, and no node of its may be left.
pub struct Stall {
    root: TempDir,
    environment: Environment,
    variables: Vec<(String, String)>,
    running: Option<Running>,
}

struct Running {
    child: Child,
    pid: u32,
    ready: Value,
    // Held open: a program whose output nobody reads may be ended for writing to it.
    _output: BufReader<ChildStdout>,
}

impl Stall {
    /// A stall in the practice environment, open for business.
    pub async fn start() -> Self {
        let mut stall = Self::closed(Environment::Practice);
        stall.open().await;
        stall
    }

    /// A stall in the practice environment whose system calls are written to `trace`.
    pub async fn start_traced(trace: &Path) -> Self {
        let mut stall = Self::closed(Environment::Practice);
        let mut command = Command::new("strace");
        command
            .args(["-f", "--seccomp-bpf", "-yy", "-xx", "-s", "16384", "-o"])
            .arg(trace)
            .args(["-e", "trace=pwrite64,pwritev,write,writev,sendto,sendmsg,fsync,fdatasync", "--"])
            .arg(program());
        stall.launch(command).await;
        stall
    }

    /// An empty data folder that nothing works on yet.
    pub fn closed(environment: Environment) -> Self {
        assert!(program().is_file(), "{} is not built: cargo build -p cli", program().display());
        let root = tempfile::Builder::new().prefix("stall-").tempdir().expect("a temporary folder");
        std::fs::create_dir(root.path().join("goods")).expect("a folder for goods");
        Self { root, environment, variables: Vec::new(), running: None }
    }

    /// Gives every later command and the engine an environment variable.
    pub fn variable(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Starts the engine and waits until it is ready.
    pub async fn open(&mut self) {
        self.launch(Command::new(program())).await;
    }

    /// Starts an engine that dies, as by a power cut, when one of its threads makes a file durable for the `nth` time:
    /// before that, in the middle of it, nothing is told to anybody. Answers whether it lived to be ready.
    pub async fn open_doomed(&mut self, nth: u64) -> bool {
        let doom = format!("fsync,fdatasync:signal=KILL:when={nth}");
        self.open_failing(&doom, Path::new("/dev/null")).await
    }

    /// Starts an engine some of whose system calls fail, in the words of `strace --inject`; those calls are written to
    /// `trace`. Answers whether it lived to be ready.
    pub async fn open_failing(&mut self, failure: &str, trace: &Path) -> bool {
        let calls = failure.split(':').next().unwrap_or_default();
        let mut command = Command::new("strace");
        command
            // Without --seccomp-bpf, with which strace injects nothing.
            .args(["-f", "-e", &format!("trace={calls}"), "-e", &format!("inject={failure}"), "-o"])
            .arg(trace)
            .arg("--")
            .arg(program());
        self.try_launch(command).await.is_ok()
    }

    async fn launch(&mut self, command: Command) {
        if let Err(why) = self.try_launch(command).await {
            panic!("{why}: {}", self.last_words());
        }
    }

    async fn try_launch(&mut self, mut command: Command) -> Result<(), String> {
        assert!(self.running.is_none(), "it is open already");
        let log = File::options().create(true).append(true).open(self.log()).expect("a log");
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--environment", self.environment.as_str()])
            .arg("--data-dir")
            .arg(self.data())
            .envs(self.variables())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log);
        let mut child = command.spawn().expect("the program runs");
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        let (send, line) = mpsc::channel();
        thread::spawn(move || {
            let mut line = String::new();
            let read = output.read_line(&mut line);
            // The test that waited may have given up.
            let _ = send.send((read.map(|_| line), output));
        });
        let waited = tokio::task::spawn_blocking(move || line.recv_timeout(READY_WITHIN)).await;
        let (line, output) = match waited.expect("the waiting thread ends") {
            Ok(read) => read,
            Err(_) => return Err(ended(child, format!("it was not ready within {READY_WITHIN:?}"))),
        };
        let line = line.expect("its output can be read");
        let Ok(ready) = serde_json::from_str::<Value>(&line) else {
            return Err(ended(child, format!("its first line is {line:?}")));
        };
        assert_eq!(ready["ready"], true, "{ready}");
        let pid = ready["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok()).expect("its process id");
        self.running = Some(Running { child, pid, ready, _output: output });
        Ok(())
    }

    /// The line it printed when it was ready.
    pub fn ready(&self) -> &Value {
        &self.running().ready
    }

    /// Where buyers reach it.
    pub fn url(&self) -> &str {
        self.ready()["url"].as_str().expect("its link")
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.running().pid
    }

    /// How much of the computer's memory its engine holds, in MiB.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).expect("it runs");
        let held = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = held.and_then(|held| held.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        kib.expect("its memory in KiB") / 1024
    }

    /// Somebody who knows the link.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(self.url())
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.root.path().join("stallkeeper")
    }

    /// The folder that holds all of it.
    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    /// Whether an engine of its own runs.
    pub(crate) fn is_open(&self) -> bool {
        self.running.is_some()
    }

    /// A folder beside the data folder for what is sold.
    pub fn goods(&self) -> PathBuf {
        self.root.path().join("goods")
    }

    /// Whether its process still runs.
    pub fn is_alive(&self) -> bool {
        self.running.as_ref().is_some_and(|running| processes::works_on(running.pid, &self.data()))
    }

    /// Kills the engine as a power cut would, if it is not dead already, and waits until its node is gone too.
    pub fn kill9(&mut self) {
        if let Some(mut running) = self.running.take() {
            self.strike_at(running.pid);
            let _ = running.child.wait();
        }
        assert!(processes::none_left(&self.data()), "kill -9 left a node behind");
    }

    /// Kills the engine while others are still talking to it; [`Self::kill9`] then tidies up.
    pub fn strike(&self) {
        self.strike_at(self.pid());
    }

    /// A process that died by itself may have left its id to another one.
    fn strike_at(&self, pid: u32) {
        if processes::works_on(pid, &self.data()) {
            signal(pid, "KILL");
        }
    }

    /// Ends the engine in order.
    pub fn close(&mut self) {
        let Some(mut running) = self.running.take() else { return };
        signal(running.pid, "TERM");
        let ended = ends(&mut running.child, STOPPED_WITHIN);
        if !ended {
            signal(running.pid, "KILL");
            let _ = running.child.wait();
        }
        let left = !processes::none_left(&self.data());
        if !thread::panicking() {
            assert!(ended, "it did not end within {STOPPED_WITHIN:?}: {}", self.last_words());
            assert!(!left, "it left a node behind");
        }
    }

    /// Ends it in order and opens it again.
    pub async fn restart(&mut self) {
        self.close();
        self.open().await;
    }

    /// The end of its log.
    pub fn last_words(&self) -> String {
        let mut text = String::new();
        // Without a log there are no words.
        let _ = File::open(self.log()).and_then(|mut log| log.read_to_string(&mut text));
        let skip = text.chars().count().saturating_sub(3000);
        text.chars().skip(skip).collect()
    }

    pub(crate) fn environment(&self) -> Environment {
        self.environment
    }

    pub(crate) fn variables(&self) -> Vec<(&str, &str)> {
        self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    /// Everything it logged.
    pub fn log(&self) -> PathBuf {
        self.root.path().join("log")
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("it is open")
    }
}

impl Drop for Stall {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln_log("the stall", &self.last_words());
            let node = self.data().join("practice/chain/node.log");
            eprintln_log("its node", &std::fs::read_to_string(node).unwrap_or_default());
        }
        self.close();
    }
}

impl Environment {
    /// As the command line has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Practice => "practice",
            Self::Test => "test",
            Self::Live => "live",
        }
    }
}

/// The program, built beside the tests.
pub fn program() -> PathBuf {
    used().join(format!("stallkeeper{}", std::env::consts::EXE_SUFFIX))
}

/// What the practice environment needs, beside the programs that were built.
pub fn practice_resources() -> PathBuf {
    programs().join("practice")
}

/// The programs that are tested: those that were built, or a package's, where it was installed.
pub(crate) fn used() -> PathBuf {
    std::env::var_os("STALLKEEPER_TEST_PROGRAMS").map_or_else(programs, PathBuf::from)
}

/// Where the programs were built: this one lies there too, or, when it is a test, in `deps` below.
pub(crate) fn programs() -> PathBuf {
    let this = std::env::current_exe().expect("this program is a file");
    let folder = this.parent().expect("it lies in a folder");
    // Tests and examples lie in folders of their own below the programs.
    let below = folder.file_name().is_some_and(|name| name == "deps" || name == "examples");
    (if below { folder.parent().expect("it lies below target/PROFILE") } else { folder }).to_owned()
}

/// Ends a program that never became ready, and passes the reason on.
fn ended(mut child: Child, why: String) -> String {
    let _ = child.kill();
    let _ = child.wait();
    why
}

/// Whether a program of ours ends in time.
pub(crate) fn ends(child: &mut Child, within: Duration) -> bool {
    let deadline = Instant::now() + within;
    while Instant::now() < deadline {
        if child.try_wait().is_ok_and(|status| status.is_some()) {
            return true;
        }
        thread::sleep(Duration::from_millis(10));
    }
    false
}

#[expect(clippy::print_stderr, reason = "the log of a failed test belongs to its output")]
fn eprintln_log(whose: &str, log: &str) {
    eprintln!("--- the log of {whose} ends with:\n{log}\n---");
}
