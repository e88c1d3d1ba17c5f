//! What a window takes that nobody uses: CPU time and memory, beside a window with nothing in it.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use integration::Window;

use crate::eye::Eye;
use crate::family::Family;
use crate::report::line;
use crate::start::ended;

/// What a start leaves to do, such as reading the data file whole, is done when so little is used over so long, in
/// hundredths of one core.
const LITTLE: f64 = 2.0;
const LOOK: Duration = Duration::from_secs(15);
const DONE_WITHIN: Duration = Duration::from_secs(600);
const WATCHED: Duration = Duration::from_secs(60);
const TARGET: f64 = 1.0;

struct Rest {
    /// What the start left to do, and the CPU time that it took.
    done: (Duration, Duration),
    /// In hundredths of one core.
    cpu: f64,
    memory: f64,
    members: String,
}

/// Lets each rest with its first page open.
pub(crate) fn run(window: &Window, ours: &Path, empty: &Path) -> anyhow::Result<()> {
    let (beside, own) = (rest(window, empty, WATCHED / 6)?, rest(window, ours, WATCHED)?);
    println!("\nAt rest with Home open, over {WATCHED:?}, without the practice node");
    println!(
        "  Stallkeeper does what its start left to do: {:.0?} of CPU within {:.0?}",
        own.done.1, own.done.0
    );
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
    let family = Family::of(child.id())?;
    let done = done(&family)?;
    let rest =
        Rest { done, cpu: used(&family, watched)?, memory: family.memory()?, members: family.members()? };
    ended(child)?;
    Ok(rest)
}

/// Waits until the start is over in truth; answers with how long that took, and how much CPU time.
fn done(family: &Family) -> anyhow::Result<(Duration, Duration)> {
    let (began, before) = (Instant::now(), family.cpu_time()?);
    while used(family, LOOK)? > LITTLE {
        anyhow::ensure!(began.elapsed() < DONE_WITHIN, "it never comes to rest");
    }
    Ok((began.elapsed(), family.cpu_time()? - before))
}

/// How much of one core is used for so long, in hundredths.
fn used(family: &Family, during: Duration) -> anyhow::Result<f64> {
    let (began, before) = (Instant::now(), family.cpu_time()?);
    sleep(during);
    let used = family.cpu_time()? - before;
    Ok(used.as_secs_f64() / began.elapsed().as_secs_f64() * 100.0)
}
