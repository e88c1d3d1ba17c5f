//! A program and the processes of its page: what CPU time and memory they take together.

use std::time::Duration;

use anyhow::Context as _;

/// So many ticks of the kernel's accounts are a second, on whatever machine.
const TICKS: u64 = 100;

/// The program and all that it started, but for the practice node and who watches over it.
pub(crate) struct Family(Vec<u32>);

impl Family {
    /// As it is now.
    pub(crate) fn of(program: u32) -> anyhow::Result<Self> {
        let mut parents = Vec::new();
        for entry in std::fs::read_dir("/proc")? {
            let Ok(pid) = entry?.file_name().to_string_lossy().parse::<u32>() else { continue };
            if let Some(parent) = stat(pid).and_then(|stat| stat.get(1)?.parse::<u32>().ok()) {
                parents.push((pid, parent));
            }
        }
        let mut family = vec![program];
        let mut next = 0;
        while let Some(&parent) = family.get(next) {
            let children = parents.iter().filter(|&&(pid, of)| of == parent && !is_of_the_node(pid));
            family.extend(children.map(|&(pid, _)| pid));
            next += 1;
        }
        Ok(Self(family))
    }

    /// User and system time of all of them so far.
    pub(crate) fn cpu_time(&self) -> anyhow::Result<Duration> {
        let mut ticks = 0;
        for pid in &self.0 {
            let stat = stat(*pid).with_context(|| format!("process {pid} is gone"))?;
            // utime and stime.
            ticks += stat.iter().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum::<u64>();
        }
        Ok(Duration::from_millis(ticks * 1000 / TICKS))
    }

    /// The memory they take together in MB, what they share with others divided among all who share it.
    pub(crate) fn memory(&self) -> anyhow::Result<f64> {
        let mut kib = 0;
        for pid in &self.0 {
            let sums = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))
                .with_context(|| format!("the memory of process {pid}"))?;
            let line = sums.lines().find_map(|line| line.strip_prefix("Pss:")).context("no Pss")?;
            kib += line.trim().trim_end_matches(" kB").parse::<u64>()?;
        }
        Ok(kib as f64 * 1024.0 / 1e6)
    }

    /// The same of each, by its name.
    pub(crate) fn members(&self) -> anyhow::Result<String> {
        let mut members = Vec::new();
        for pid in &self.0 {
            let name = std::fs::read_to_string(format!("/proc/{pid}/comm"))?;
            members.push(format!("{} {:.0} MB", name.trim(), Self(vec![*pid]).memory()?));
        }
        Ok(members.join(", "))
    }
}

fn is_of_the_node(pid: u32) -> bool {
    let line = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    line.contains("practice-node") || line.contains("--load-state") || line.contains("--init")
}

/// What the system says of a process, from its state on, which is the first that follows its name.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}
