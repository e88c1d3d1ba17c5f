//! The log in the data folder: a file for each day, a JSON object to a line, everything private taken out before it is
//! written. It is there for whoever has to find out later what went wrong.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::Clock as _;
use serde_json::Value;

use crate::SystemClock;
use crate::redact::{redact, redact_json};

/// Where it is, inside the data folder.
const FOLDER: &str = "logs";

/// The longest file of a day. What fails again and again does not fill the disk.
const LONGEST: u64 = 32 << 20;

/// Writes lines into the file of their day. A clone writes into the same one.
#[derive(Clone, Debug)]
pub struct DailyLog {
    folder: PathBuf,
    open: Arc<Mutex<Option<Day>>>,
}

#[derive(Debug)]
struct Day {
    day: NaiveDate,
    file: File,
    left: u64,
}

impl DailyLog {
    /// The log of a data folder; nothing is made before there is something to write.
    pub fn of(data_dir: &Path) -> Self {
        Self { folder: data_dir.join(FOLDER), open: Arc::default() }
    }

    fn write_line(&self, now: DateTime<Utc>, line: &str) -> io::Result<()> {
        let line = match serde_json::from_str::<Value>(line) {
            Ok(mut event) => {
                redact_json(&mut event);
                event.to_string()
            }
            Err(_) => redact(line.trim_end()),
        };
        let mut open = self.open.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let today = now.date_naive();
        let day = match open.take().filter(|open| open.day == today) {
            Some(day) => day,
            None => self.begin(today)?,
        };
        let day = open.insert(day);
        let length = line.len() as u64 + 1;
        if length > day.left {
            return Ok(());
        }
        day.left -= length;
        day.file.write_all(format!("{line}\n").as_bytes())
    }

    fn begin(&self, day: NaiveDate) -> io::Result<Day> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder)?;
        let mut options = File::options();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(self.folder.join(format!("stallkeeper-{day}.jsonl")))?;
        let left = LONGEST.saturating_sub(file.metadata()?.len());
        Ok(Day { day, file, left })
    }
}

impl Write for DailyLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_line(SystemClock.now(), &String::from_utf8_lossy(bytes))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The files of the log with their days, the oldest first.
fn files(data_dir: &Path) -> Vec<(NaiveDate, PathBuf)> {
    let entries = fs::read_dir(data_dir.join(FOLDER)).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let day = name.strip_prefix("stallkeeper-")?.strip_suffix(".jsonl")?.parse().ok()?;
            Some((day, entry.path()))
        })
        .collect();
    files.sort_unstable();
    files
}

/// How many bytes the log has.
pub(crate) fn bytes(data_dir: &Path) -> u64 {
    let length = |(_, path): &(_, PathBuf)| fs::metadata(path).map_or(0, |file| file.len());
    files(data_dir).iter().map(length).sum()
}

/// Removes the days before the last `days`, today counted.
pub(crate) fn keep(data_dir: &Path, days: u32, now: DateTime<Utc>) {
    let first = (now - TimeDelta::days(i64::from(days.saturating_sub(1)))).date_naive();
    for (_, path) in files(data_dir).into_iter().filter(|(day, _)| *day < first) {
        if let Err(error) = fs::remove_file(&path) {
            tracing::warn!(%error, "an old log stays");
        }
    }
}

/// The newest whole lines that are together no longer than `most` bytes, in their order.
pub(crate) fn newest(data_dir: &Path, most: usize) -> String {
    let mut lines = Vec::new();
    let mut length = 0;
    for (_, path) in files(data_dir).iter().rev() {
        let text = fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        for line in text.unwrap_or_default().lines().rev() {
            length += line.len() + 1;
            if length > most {
                break;
            }
            lines.push(line.to_owned());
        }
        if length > most {
            break;
        }
    }
    lines.reverse();
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T85.
    #[test]
    fn each_day_has_a_file_without_anything_private_and_old_ones_go() {
        let folder = tempfile::tempdir().unwrap();
        let log = DailyLog::of(folder.path());
        let noon = DateTime::from_timestamp(1_800_014_400, 0).unwrap();
        let payer = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
        for days in 0..20 {
            let line = format!(
                "{{\"level\":\"WARN\",\"fields\":{{\"message\":\"day {days}:\\n203.0.113.9 asked \\\"https://x.example/?key=Kd8s7\\\"\",\"payer\":\"{payer}\"}}}}\n"
            );
            log.write_line(noon + TimeDelta::days(days), &line).unwrap();
        }
        let today = noon + TimeDelta::days(19);
        keep(folder.path(), 14, today);
        assert_eq!(files(folder.path()).len(), 14);
        let text = newest(folder.path(), 10_000);
        assert_eq!(text.lines().count(), 14);
        for line in text.lines() {
            let event: Value = serde_json::from_str(line).expect("each line is an object");
            assert_eq!(event["fields"]["payer"], "…");
            for private in ["70997970", "203.0.113", "x.example", "Kd8s7"] {
                assert!(!line.contains(private), "{line}");
            }
        }
        let last = text.lines().last().unwrap();
        assert!(last.contains("day 19"), "{last}");
        assert_eq!(newest(folder.path(), last.len() + 1), format!("{last}\n"));
        assert_eq!(bytes(folder.path()), text.len() as u64);
    }
}
