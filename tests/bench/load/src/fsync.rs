//! What the disk itself costs: the floor under every durable answer.
//!
//! A sync takes longer on a busy machine, because the kernel's own threads wait for a core too. Both numbers are taken.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

const APPENDS: usize = 700;
const AT_MOST: Duration = Duration::from_secs(5);

/// Durations of raw syncs in the folder that also holds the measured store.
#[derive(Default)]
pub(crate) struct Syncs {
    /// Nothing else to do.
    pub(crate) idle: Vec<Duration>,
    /// On the server's core while a server answers on it and callers ask from the other one.
    pub(crate) busy: Vec<Duration>,
}

/// Appends 4 KiB and waits for the disk, again and again, in a file of its own inside `folder`.
pub(crate) fn raw_appends(folder: &Path) -> anyhow::Result<Vec<Duration>> {
    let path = folder.join("raw-fsync");
    let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
    let block = [0x5a_u8; 4096];
    let began = Instant::now();
    let mut durations = Vec::with_capacity(APPENDS);
    while durations.len() < APPENDS && began.elapsed() < AT_MOST {
        let append = Instant::now();
        file.write_all(&block)?;
        file.sync_data()?;
        durations.push(append.elapsed());
    }
    std::fs::remove_file(path)?;
    Ok(durations)
}
