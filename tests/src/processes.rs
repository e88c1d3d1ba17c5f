use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Makes a process silent without ending it, and waits until none of its threads runs.
pub fn freeze(pid: u32) {
    signal(pid, "STOP");
    let deadline = Instant::now() + Duration::from_secs(10);
    while !stands_still(pid) {
        assert!(Instant::now() < deadline, "process {pid} does not stop");
        sleep(Duration::from_millis(5));
    }
}

/// Lets a frozen process go on.
pub fn thaw(pid: u32) {
    signal(pid, "CONT");
}

fn stands_still(pid: u32) -> bool {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).expect("the process is there");
    threads.flatten().all(|thread| {
        let stat = std::fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        // The state follows the name, which is in brackets and may hold anything.
        stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with(['T', 't']))
    })
}

/// Sends a signal by name ("TERM", "KILL") to one process. A process that is gone already is fine.
pub(crate) fn signal(pid: u32, name: &str) {
    let kill = Command::new("kill").args([format!("-{name}"), pid.to_string()]).output();
    kill.expect("the kill program runs");
}

/// The ids of the practice nodes that run for a data folder: normally one. Supervisors are not among them.
pub fn node_of(data: &Path) -> Vec<u32> {
    running_for(data, |line| !line.contains("practice-node"))
}

/// Whether the process still runs and its command line names the data folder.
pub(crate) fn works_on(pid: u32, data: &Path) -> bool {
    let line = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    data.to_str().is_some_and(|data| line.contains(data))
}

/// The processes that this one started and that still run.
pub(crate) fn children_of(pid: u32) -> impl Iterator<Item = u32> {
    let parent = pid.to_string();
    let of = move |entry: std::fs::DirEntry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
        // State and parent follow the name, which is in brackets and may hold anything.
        (stat.rsplit(')').next()?.split_whitespace().nth(1)? == parent).then_some(pid)
    };
    std::fs::read_dir("/proc").expect("a /proc to look at").flatten().filter_map(of)
}

/// Waits until neither a node nor a supervisor of the data folder runs, and says whether that came true.
pub(crate) fn none_left(data: &Path) -> bool {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !running_for(data, |_| true).is_empty() {
        if Instant::now() > deadline {
            return false;
        }
        sleep(Duration::from_millis(10));
    }
    true
}

fn running_for(data: &Path, wanted: impl Fn(&str) -> bool) -> Vec<u32> {
    let of = |entry: std::fs::DirEntry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let line = std::fs::read_to_string(entry.path().join("cmdline")).ok()?;
        let node = line.contains("--init") || line.contains("--load-state");
        (node && line.contains(data.to_str()?) && wanted(&line)).then_some(pid)
    };
    std::fs::read_dir("/proc").expect("a /proc to look at").flatten().filter_map(of).collect()
}
