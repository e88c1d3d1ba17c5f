//! Which core a process runs on.

use anyhow::Context as _;
use rustix::process::Pid;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Two cores: one for the server being measured, one for everything else.
pub(crate) struct Cores {
    server: CpuSet,
    others: CpuSet,
}

impl Cores {
    /// Takes the first two cores this process may use, and moves it to the second of them.
    ///
    /// To be called before any thread is started. Fails on a machine with one core: nothing measured there would mean anything.
    pub(crate) fn take_two() -> anyhow::Result<Self> {
        let allowed = sched_getaffinity(None).context("the cores of this process")?;
        let mut usable = (0..CpuSet::MAX_CPU).filter(|&core| allowed.is_set(core));
        let (Some(first), Some(second)) = (usable.next(), usable.next()) else {
            anyhow::bail!("the bench needs two cores");
        };
        let cores = Self { server: only(first), others: only(second) };
        sched_setaffinity(None, &cores.others)?;
        Ok(cores)
    }

    /// Runs `spawn` so that the process it starts is born on the server's core, and stays there.
    pub(crate) fn on_the_servers<T>(&self, spawn: impl FnOnce() -> T) -> anyhow::Result<T> {
        // A child inherits the affinity of the thread that starts it.
        sched_setaffinity(None, &self.server)?;
        let started = spawn();
        sched_setaffinity(None, &self.others)?;
        Ok(started)
    }

    /// Moves every thread of a process away from the server's core.
    pub(crate) fn move_to_the_others(&self, pid: u32) -> anyhow::Result<()> {
        for thread in std::fs::read_dir(format!("/proc/{pid}/task"))? {
            let id: i32 = thread?.file_name().to_string_lossy().parse().context("a thread's id")?;
            let id = Pid::from_raw(id).context("a thread's id")?;
            match sched_setaffinity(Some(id), &self.others) {
                // A thread may end between being listed and being moved.
                Ok(()) | Err(rustix::io::Errno::SRCH) => {}
                Err(error) => return Err(error).with_context(|| format!("moving process {pid}")),
            }
        }
        Ok(())
    }
}

fn only(core: usize) -> CpuSet {
    let mut set = CpuSet::new();
    set.set(core);
    set
}
