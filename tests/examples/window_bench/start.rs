//! From starting the program to a window that can be used, beside a window with nothing in it.

use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use integration::Window;

use crate::eye::{Eye, Seen};
use crate::report::{line, median, milliseconds};

const TIMES: usize = 7;
const FEW: usize = 3;
const ENDED_WITHIN: Duration = Duration::from_secs(20);
const TARGET: f64 = 1.5;

/// Starts both in turn. The first start of each, whose files come from the disk, is not counted.
pub(crate) fn run(window: &Window, ours: &Path, empty: &Path) -> anyhow::Result<()> {
    let (mut seen, mut beside) = (Vec::new(), Vec::new());
    for time in 0..=TIMES {
        let (other, own) = (started(window, empty)?, started(window, ours)?);
        if time > 0 {
            beside.push(other);
            seen.push(own);
        }
    }
    println!(
        "\nFrom start to a window that can be used, median of {TIMES} in turn with an empty Tauri window"
    );
    let nothing = tell("empty window", &beside)?;
    let whole = tell("Stallkeeper", &seen)?;
    line("ratio", whole / nothing, "×", Some(TARGET));
    Ok(())
}

/// The same with a million payments in the data file.
pub(crate) fn with_a_million(window: &Window, ours: &Path) -> anyhow::Result<()> {
    let seen = (0..FEW).map(|_| started(window, ours)).collect::<anyhow::Result<Vec<_>>>()?;
    println!("\nThe same with a million payments, median of {FEW}");
    tell("Stallkeeper", &seen)?;
    Ok(())
}

/// Says what was seen when, and answers when all of it was as it stays.
fn tell(name: &str, all: &[Seen]) -> anyhow::Result<f64> {
    let of = |when: fn(&Seen) -> Duration| {
        median(all.iter().map(when).collect()).map(milliseconds).context("a start")
    };
    let whole = of(Seen::whole)?;
    line(&format!("{name}: something is seen"), of(|seen| seen.first)?, "ms", None);
    line(&format!("{name}: the left of it is as it stays"), of(|seen| seen.side)?, "ms", None);
    line(&format!("{name}: all of it is as it stays"), whole, "ms", None);
    let each: Vec<_> = all.iter().map(|seen| format!("{:.0}", milliseconds(seen.whole()))).collect();
    println!("      {}", each.join(" "));
    Ok(whole)
}

fn started(window: &Window, program: &Path) -> anyhow::Result<Seen> {
    let eye = Eye::at(window.display())?;
    let began = Instant::now();
    let child = window.command(program).spawn()?;
    let seen = eye.watch(began);
    ended(child)?;
    seen
}

/// Asks a program to end, and waits for it.
pub(crate) fn ended(mut child: Child) -> anyhow::Result<()> {
    let asked = Instant::now();
    let kill = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status()?;
    anyhow::ensure!(kill.success(), "the program ended by itself");
    while child.try_wait()?.is_none() {
        if asked.elapsed() > ENDED_WITHIN {
            child.kill()?;
            child.wait()?;
            anyhow::bail!("the program did not end within {ENDED_WITHIN:?}");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}
