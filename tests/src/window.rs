//! The real window, on a screen of its own that nobody sees, and a person in front of it.

mod clipboard;
mod driver;
mod frame;
mod panel;
mod part;
mod screen;
mod work;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use self::driver::{Driver, Session};
use self::frame::Frame;
pub use self::panel::Panel;
pub use self::part::{Key, Part};
use self::screen::Screen;
pub use self::work::{Watch, Work};
use crate::processes::{children_of, none_left, signal};
use crate::stall::{ends, programs, used};
use crate::{Environment, Stall, Visitor, eventually};

const STOPPED_WITHIN: Duration = Duration::from_secs(20);

/// The desktop program as a person sees it: a data folder, a screen, and the page in its window.
///
/// It starts without arguments, as from a menu, and finds its folder where the system says data belongs. When it is
/// dropped everything it started is ended by its id. A test that failed leaves a picture of the window beside the
/// programs, in `window-pictures`.
pub struct Window {
    // In this order: the stall is the last one to look whether anything was left.
    shown: Option<Shown>,
    screen: Screen,
    stall: Stall,
    test: String,
}

struct Shown {
    session: Session,
    _driver: Driver,
    pid: u32,
}

impl Window {
    /// Opens the window of a new practice stall, which it runs itself.
    pub async fn open() -> Self {
        Self::of(Stall::closed(Environment::Practice)).await
    }

    /// Opens the window of a new practice stall on a desktop with a panel, whose computer speaks this language.
    pub async fn open_beside_a_panel(language: &str) -> (Self, Panel) {
        let (mut window, panel) = Self::closed_beside_a_panel(language);
        window.reopen().await;
        (window, panel)
    }

    /// The same before it is opened.
    pub fn closed_beside_a_panel(language: &str) -> (Self, Panel) {
        let window = Self::prepared(Stall::closed(Environment::Practice), language);
        let panel = Panel::start(window.screen.bus());
        (window, panel)
    }

    /// Opens the window of a stall; when nobody has that open, the window runs it.
    pub async fn of(stall: Stall) -> Self {
        let mut window = Self::closed(stall);
        window.reopen().await;
        window
    }

    /// All that the window of a stall needs, before it is opened.
    pub fn closed(stall: Stall) -> Self {
        Self::prepared(stall, "en_US")
    }

    fn prepared(stall: Stall, language: &str) -> Self {
        if !stall.is_open() {
            std::fs::create_dir_all(stall.data()).expect("a data folder");
            choose_environment(&stall, stall.environment());
        }
        let mut screen = Screen::start(stall.root(), &stall.log(), language);
        for (name, value) in stall.variables() {
            screen.set(name, value);
        }
        let test = thread::current().name().unwrap_or("window").replace("::", "-");
        Self { shown: None, screen, stall, test }
    }

    /// Starts the program again after it ended.
    pub async fn reopen(&mut self) {
        assert!(self.shown.is_none(), "it is open already");
        let driver = Driver::start(&self.screen).await;
        let session = driver.session(&program()).await;
        let pid = children_of(driver.pid()).next().expect("the driver started the program");
        self.shown = Some(Shown { session, _driver: driver, pid });
        let address = self.page().location().await;
        assert!(
            address.starts_with("tauri://"),
            "{} shows {address}: build it with its pages inside (`cargo xtask test` does)",
            program().display()
        );
    }

    /// The same in another environment.
    pub async fn reopen_in(&mut self, environment: Environment) {
        choose_environment(&self.stall, environment);
        self.reopen().await;
    }

    /// Takes its data folder away, as a disk does that breaks. The next start listens at this address.
    pub fn lose_everything(&self, url: &str) {
        assert!(self.shown.is_none(), "it is open");
        std::fs::remove_dir_all(self.stall.data()).expect("a data folder");
        std::fs::create_dir(self.stall.data()).expect("a data folder");
        let config = format!("listen = \"{}\"\n", url.trim_start_matches("http://"));
        std::fs::write(self.stall.data().join("config.toml"), config).expect("a config file");
    }

    /// What the window shows.
    pub fn page(&self) -> Part {
        Part::whole(self.shown().session.clone())
    }

    /// The data folder it works on, and the command line beside it.
    pub fn stall(&self) -> &Stall {
        &self.stall
    }

    /// The home of the person before it.
    pub fn home(&self) -> PathBuf {
        self.stall.root().join("home")
    }

    /// The same, to start and stop a stall beside the window.
    pub fn stall_mut(&mut self) -> &mut Stall {
        &mut self.stall
    }

    /// The program's process id.
    pub fn pid(&self) -> u32 {
        self.shown().pid
    }

    /// Where buyers reach the stall, as soon as somebody can.
    pub async fn url(&self) -> String {
        let mut url = Value::Null;
        eventually("a stall that is reached", async || {
            let status = self.stall.run(&["status"]).await;
            if status.code == 0 {
                url = status.json()["url"].take();
            }
            url.is_string()
        })
        .await;
        url.as_str().expect("a link").to_owned()
    }

    /// Somebody who knows the link.
    pub async fn visitor(&self) -> Visitor {
        Visitor::new(&self.url().await)
    }

    /// Watches from now on how much the page works.
    pub fn watch_page(&self) -> Watch {
        let is_page = |pid: &u32| {
            let name = std::fs::read_to_string(format!("/proc/{pid}/comm"));
            name.is_ok_and(|name| name.starts_with("WebKitWebProces"))
        };
        Watch::of(children_of(self.pid()).find(is_page).expect("a process of the page"))
    }

    /// Its frame, which belongs to the screen and not to the page.
    fn frame(&self) -> Frame {
        Frame::of(&self.screen)
    }

    /// A PNG of what is in it.
    pub async fn picture(&self) -> Vec<u8> {
        self.shown()
            .session
            .picture()
            .await
            .unwrap_or_else(|refused| panic!("no picture: {}", refused.message))
    }

    /// Lets a file fall into the middle of the window, as from the system's file browser.
    pub fn drop_file(&self, file: &Path) {
        self.frame().drop_file(file);
    }

    /// Chooses a file, or names a new one, in the dialog that the system shows, and waits until that is gone.
    pub async fn choose_in_dialog(&self, file: &Path) {
        let frame = self.frame();
        let path = file.to_str().expect("a plain path");
        eventually("the system's dialog", async || frame.dialog().is_some()).await;
        frame.type_path(path);
        eventually("the dialog gone", async || frame.dialog().is_none()).await;
    }

    /// The links that it had the system open, in their order.
    pub fn opened(&self) -> Vec<String> {
        let noted = std::fs::read_to_string(self.stall.root().join(screen::OPENED)).unwrap_or_default();
        noted.lines().map(str::to_owned).collect()
    }

    /// Puts another window over it and takes the keyboard away from it.
    pub fn cover(&self) {
        self.frame().cover();
    }

    /// Whether it lies above all other windows of the screen.
    pub fn is_in_front(&self) -> bool {
        self.frame().is_in_front()
    }

    /// Whether what is typed goes into it.
    pub fn has_keyboard(&self) -> bool {
        self.frame().has_keyboard()
    }

    /// Whether it is in sight.
    pub fn is_shown(&self) -> bool {
        Frame::shown_on(&self.screen).is_some()
    }

    /// What would be pasted from it, or from whatever else copied something last.
    pub fn clipboard(&self) -> Option<String> {
        clipboard::text(&self.screen)
    }

    /// Starts the program a second time, and says whether it ended well by itself.
    pub async fn start_again(&self) -> bool {
        self.start_again_with(&[]).await
    }

    /// The same as another program does that opens a link.
    pub async fn start_again_with(&self, arguments: &[&str]) -> bool {
        let mut second = self.command(&program()).args(arguments).spawn().expect("the program runs");
        tokio::task::spawn_blocking(move || {
            let ended = ends(&mut second, STOPPED_WITHIN);
            if !ended {
                end(&mut second);
            }
            ended && second.wait().is_ok_and(|status| status.success())
        })
        .await
        .expect("the waiting thread ends")
    }

    /// Starts the program as the system does at login or for a link, without anybody who drives its page.
    pub fn start_alone(&self, argument: &str) -> Child {
        self.command(&program()).arg(argument).spawn().expect("the program runs")
    }

    /// Closes it at its frame and waits until the program has ended.
    pub fn close(&mut self) {
        self.close_frame();
        self.has_ended();
    }

    /// Closes it at its frame, whatever comes of it.
    pub fn close_frame(&self) {
        self.frame().close();
    }

    /// Waits until the program has ended.
    pub fn has_ended(&mut self) {
        let shown = self.shown.take().expect("it is open");
        assert!(gone(shown.pid, STOPPED_WITHIN), "the program goes on");
    }

    /// Kills the program as a power cut would, and waits until its node is gone too.
    pub fn kill9(&mut self) {
        let shown = self.shown.take().expect("it is open");
        signal(shown.pid, "KILL");
        assert!(gone(shown.pid, STOPPED_WITHIN), "it outlives kill -9");
        assert!(none_left(&self.stall.data()), "kill -9 left a node behind");
    }

    /// The name of its screen, for who looks at that.
    pub fn display(&self) -> &str {
        self.screen.display()
    }

    /// Another program in the session of the person before it.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(self.screen.variables())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(self.screen.log());
        command
    }

    fn shown(&self) -> &Shown {
        self.shown.as_ref().expect("it is open")
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let Some(shown) = self.shown.take() else { return };
        if thread::panicking() {
            leave_a_picture(&shown.session, &self.test);
        }
        signal(shown.pid, "TERM");
        let ended = gone(shown.pid, STOPPED_WITHIN);
        if !ended {
            signal(shown.pid, "KILL");
        }
        drop(shown);
        let left = !self.stall.is_open() && !none_left(&self.stall.data());
        if !thread::panicking() {
            assert!(ended, "it did not end within {STOPPED_WITHIN:?}");
            assert!(!left, "it left a node behind");
        }
    }
}

/// Saves what the window shows, and prints its words.
#[expect(clippy::print_stderr, reason = "what a failed test saw belongs to its output")]
fn leave_a_picture(session: &Session, test: &str) {
    let folder = programs().join("window-pictures");
    let file = folder.join(format!("{test}.png"));
    let session = session.clone();
    // The test's own runtime is ending.
    let seen = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
        runtime.block_on(async { Some((session.picture().await.ok()?, Part::whole(session).lines().await)) })
    });
    let Ok(Some((picture, words))) = seen.join() else {
        eprintln!("--- the window shows nothing any more ---");
        return;
    };
    let saved = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, picture));
    let place = saved.map_or_else(|error| error.to_string(), |()| file.display().to_string());
    eprintln!("--- the window ({place}) says:\n{words}\n---");
}

/// The desktop program, beside the command line.
pub fn program() -> PathBuf {
    used().join("stallkeeper-desktop")
}

/// Writes into which environment the program of a stall opens by itself.
fn choose_environment(stall: &Stall, environment: Environment) {
    // The usual port may be another stall's.
    let config = format!("listen = \"127.0.0.1:0\"\nenvironment = \"{}\"\n", environment.as_str());
    std::fs::write(stall.data().join("config.toml"), config).expect("a config file");
}

/// Whether the process ends in time. It is not ours to wait for.
fn gone(pid: u32, within: Duration) -> bool {
    let deadline = Instant::now() + within;
    while runs(pid) {
        if Instant::now() > deadline {
            return false;
        }
        thread::sleep(Duration::from_millis(10));
    }
    true
}

/// A process that ended and was not waited for has no command line any more.
fn runs(pid: u32) -> bool {
    std::fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty())
}

/// Ends a process of ours.
fn end(child: &mut Child) {
    signal(child.id(), "TERM");
    if !ends(child, Duration::from_secs(5)) {
        // It may have ended this very moment.
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Reads the one line in which a program says where it is found.
fn first_line(child: &mut Child, whose: &str) -> String {
    let mut output = child.stdout.take().expect("its output");
    let mut line = Vec::new();
    let mut byte = [0];
    // Byte by byte: what comes after the line stays in the pipe, which stays open.
    while output.read_exact(&mut byte).is_ok() && byte != *b"\n" {
        line.push(byte[0]);
    }
    child.stdout = Some(output);
    assert!(!line.is_empty(), "{whose} does not start");
    String::from_utf8(line).expect("it speaks plainly")
}
