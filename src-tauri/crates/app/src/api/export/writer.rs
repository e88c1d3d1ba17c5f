//! Writes rows as CSV or JSON, so that no cell becomes two, or a formula.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};
use tokio::io::{AsyncWriteExt as _, BufWriter};

use super::{Exported, Place, failed};
use crate::{ApiError, App, ErrorCode};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Json,
}

/// One value of a row.
pub(super) enum Cell {
    Text(String),
    /// Digits, and digits with a point: as text in JSON too, so that nobody rounds them.
    Digits(String),
    Number(i64),
    Nothing,
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Nothing, Self::Text)
    }
}

pub(super) fn text(value: impl ToString) -> Cell {
    Cell::Text(value.to_string())
}

pub(super) fn digits(value: impl ToString) -> Cell {
    Cell::Digits(value.to_string())
}

pub(super) fn number(value: impl TryInto<i64>) -> Cell {
    value.try_into().map_or(Cell::Nothing, Cell::Number)
}

pub(super) fn time(at: DateTime<Utc>) -> Cell {
    text(at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

pub(super) fn optional_time(at: Option<DateTime<Utc>>) -> Cell {
    at.map_or(Cell::Nothing, time)
}

/// T83: a spreadsheet takes what begins with one of these for a formula.
fn neutral(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// RFC 4180.
fn csv_cell(cell: &Cell) -> String {
    let text = match cell {
        Cell::Text(text) => neutral(text),
        Cell::Digits(digits) => digits.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Nothing => String::new(),
    };
    if text.contains(['"', ',', '\r', '\n']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

fn json_row(names: &[&str], row: &[Cell]) -> String {
    let value = |cell: &Cell| match cell {
        Cell::Text(text) | Cell::Digits(text) => Value::String(text.clone()),
        Cell::Number(number) => Value::from(*number),
        Cell::Nothing => Value::Null,
    };
    let fields: Map<String, Value> =
        names.iter().zip(row).map(|(name, cell)| ((*name).to_owned(), value(cell))).collect();
    Value::Object(fields).to_string()
}

/// Writes rows beside the file they are for, and gives them its name at the end: a broken off export
/// leaves nothing that looks whole.
pub(super) struct Writer {
    file: BufWriter<tokio::fs::File>,
    partial: PathBuf,
    path: PathBuf,
    names: &'static [&'static str],
    format: Format,
    rows: u64,
    bytes: u64,
    place: Place,
    is_whole: bool,
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.is_whole {
            drop(std::fs::remove_file(&self.partial));
        }
    }
}

impl Writer {
    pub(super) async fn create(
        app: &App,
        path: PathBuf,
        format: Format,
        names: &'static [&'static str],
    ) -> Result<Self, ApiError> {
        let place = Place::take(app, &path)?;
        let mut partial = path.clone().into_os_string();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        // What lies there may be somebody else's, or a way to somewhere else.
        match tokio::fs::remove_file(&partial).await {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(&partial)(error)),
            Ok(()) | Err(_) => {}
        }
        // Without a pause between the file and who removes it, or whoever leaves in it leaves a file behind.
        let file = tokio::fs::File::from_std(options.open(&partial).map_err(failed(&partial))?);
        let file = BufWriter::new(file);
        let mut writer =
            Self { file, partial, path, names, format, rows: 0, bytes: 0, place, is_whole: false };
        match format {
            Format::Csv => writer.put(&format!("{}\r\n", names.join(","))).await?,
            Format::Json => writer.put("[").await?,
        }
        Ok(writer)
    }

    async fn put(&mut self, text: &str) -> Result<(), ApiError> {
        self.bytes += text.len() as u64;
        self.file.write_all(text.as_bytes()).await.map_err(failed(&self.partial))
    }

    pub(super) async fn row(&mut self, row: &[Cell]) -> Result<(), ApiError> {
        if self.place.running.stop.is_cancelled() {
            return Err(broken_off());
        }
        let line = match self.format {
            Format::Csv => {
                let cells: Vec<_> = row.iter().map(csv_cell).collect();
                format!("{}\r\n", cells.join(","))
            }
            Format::Json => {
                let comma = if self.rows == 0 { "" } else { "," };
                format!("{comma}\n{}", json_row(self.names, row))
            }
        };
        self.rows += 1;
        self.place.running.rows.store(self.rows, Ordering::Relaxed);
        self.put(&line).await
    }

    pub(super) async fn finish(mut self) -> Result<Exported, ApiError> {
        if self.format == Format::Json {
            self.put("\n]\n").await?;
        }
        self.file.flush().await.map_err(failed(&self.partial))?;
        self.file.get_ref().sync_all().await.map_err(failed(&self.partial))?;
        if self.place.running.stop.is_cancelled() {
            return Err(broken_off());
        }
        tokio::fs::rename(&self.partial, &self.path).await.map_err(failed(&self.path))?;
        self.is_whole = true;
        Ok(Exported { path: self.path.display().to_string(), rows: self.rows, bytes: self.bytes })
    }
}

fn broken_off() -> ApiError {
    ApiError::new(ErrorCode::Conflict, "The export was broken off; nothing was written.")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T83.
    #[test]
    fn no_text_becomes_a_formula_and_every_cell_stays_one() {
        for (given, written) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\r=1", "\"'\r=1\""),
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("=A1,\"x\"", "\"'=A1,\"\"x\"\"\""),
            ("a, b", "\"a, b\""),
            ("a \"b\"", "\"a \"\"b\"\"\""),
            ("plain", "plain"),
            ("", ""),
        ] {
            assert_eq!(csv_cell(&text(given)), written, "{given}");
        }
        assert_eq!(csv_cell(&digits("0.05")), "0.05");
        assert_eq!(csv_cell(&Cell::Nothing), "");
    }
}
