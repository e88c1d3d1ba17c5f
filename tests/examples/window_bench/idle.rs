//! What a window takes that nobody uses: CPU time and memory, beside a window with nothing in it.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use integration::Window;

use crate::eye::Eye;
use crate::family::Family;
use crate::report::line;
use crate::start::ended;

/// What a start leaves to do is done by then.
const CALM: Duration = Duration::from_secs(10);
const WATCHED: Duration = Duration::from_secs(60);
const TARGET: f64 = 1.0;

struct Rest {
    /// In hundredths of one core.
    cpu: f64,
    memory: f64,
    members: String,
}

/// Lets each rest with its first page open.
pub(crate) fn run(window: &Window, ours: &Path, empty: &Path) -> anyhow::Result<()> {
    let (beside, own) = (rest(window, empty, WATCHED / 6)?, rest(window, ours, WATCHED)?);
    println!("\nAt rest with Home open, over {WATCHED:?}, without the practice node");
    line("Stallkeeper: CPU, of one core", own.cpu, "%", Some(TARGET));
    line("empty window: CPU, of one core", beside.cpu, "%", None);
    line("Stallkeeper: memory", own.memory, "MB", None);
    line("empty window: memory", beside.memory, "MB", None);
    line("ratio", own.memory / beside.memory, "×", None);
    println!("  Stallkeeper: {}", own.members);
    println!("  empty window: {}", beside.members);
    Ok(())
}

fn rest(window: &Window, program: &Path, watched: Duration) -> anyhow::Result<Rest> {
    let eye = Eye::at(window.display())?;
    let child = window.command(program).spawn()?;
    eye.watch(Instant::now())?;
    sleep(CALM);
    let family = Family::of(child.id())?;
    let (began, before) = (Instant::now(), family.cpu_time()?);
    sleep(watched);
    let (took, used) = (began.elapsed(), family.cpu_time()? - before);
    let rest = Rest {
        cpu: used.as_secs_f64() / took.as_secs_f64() * 100.0,
        memory: family.memory()?,
        members: family.members()?,
    };
    ended(child)?;
    Ok(rest)
}
