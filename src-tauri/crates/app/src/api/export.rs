//! The books as files: payments, batches, costs and refunds as CSV or JSON, written row by row.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, SecondsFormat, Utc};
use domain::{Asset, AssetId, BatchId, Environment, PaymentSeq};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::{Payment, PaymentPage};
use tokio::io::{AsyncWriteExt as _, BufWriter};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::api::batches::asset_of;
use crate::api::failures::assets_of;
use crate::api::money::{coin, native};
use crate::api::payments::{PaymentQuery, Wanted};
use crate::api::reports::day_of;
use crate::{ApiError, App, ErrorCode};

/// Rows that are read at a time.
const AT_ONCE: u32 = 1000;
const BATCHES_AT_ONCE: u32 = 200;
const DAY: i64 = 86_400;

/// What to write where.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct Export {
    /// payments, batches, costs or refunds.
    pub what: String,
    /// csv or json; by default json where the file's name ends in `.json`, and csv otherwise.
    pub format: Option<String>,
    /// The file, by its whole path. Only its owner can read it.
    pub path: String,
    /// Whether a file that is there may be replaced.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub replace: bool,
    /// Only some of it.
    #[serde(default)]
    #[ts(as = "Option<ExportFilter>", optional)]
    pub filter: ExportFilter,
}

/// Which rows to write; what does not apply to the rows is refused.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct ExportFilter {
    /// Payments in one of these states.
    pub states: Option<Vec<String>>,
    /// Payments for the endpoint of this path or id.
    pub endpoint: Option<String>,
    /// Payments, costs and refunds of this payer.
    pub payer: Option<String>,
    /// On this network, in CAIP-2.
    pub network: Option<String>,
    /// From this UTC day on, such as `2026-11-01`: of acceptance, opening, cost or recording.
    pub from: Option<String>,
    /// Up to this UTC day.
    pub to: Option<String>,
    /// Payments of at least this much, such as `0.05`.
    pub least: Option<String>,
    /// Payments of at most this much.
    pub most: Option<String>,
    /// Payments that a search finds, as it does in their list.
    pub search: Option<String>,
    /// Payments that are owed and have not arrived: `interrupted` or `waiting`.
    pub delivery: Option<String>,
    /// Only these payments, by their ids, 1000 at most, and nothing else with them.
    pub payments: Option<Vec<String>>,
}

impl ExportFilter {
    /// The list of the payments that it is of.
    fn list(&self) -> PaymentQuery {
        let Self { states, endpoint, payer, network, from, to, least, most, search, delivery, payments: _ } =
            self.clone();
        PaymentQuery {
            states,
            endpoint,
            payer,
            network,
            from,
            to,
            least,
            most,
            search,
            delivery,
            ..PaymentQuery::default()
        }
    }
}

/// What was written.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Exported {
    /// The file.
    pub path: String,
    /// How many rows, without the line of names.
    pub rows: u64,
    /// How many bytes.
    pub bytes: u64,
}

/// Names an export by the file that it writes.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct ExportName {
    /// The file, by its whole path.
    pub path: String,
}

/// How far an export has got.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ExportProgress {
    /// Whether it is being written; false when it is done, was broken off, or never began.
    pub running: bool,
    /// How many rows were written.
    pub rows: u64,
}

/// The exports that are being written, by their files.
pub(crate) type Exports = Arc<Mutex<HashMap<PathBuf, Running>>>;

/// An export that is being written.
#[derive(Clone, Default)]
pub(crate) struct Running {
    rows: Arc<AtomicU64>,
    stop: CancellationToken,
}

/// A place among the exports that are being written, given up at the end.
struct Place {
    exports: Exports,
    path: PathBuf,
    running: Running,
}

impl Place {
    /// One file is written once at a time.
    fn take(app: &App, path: &Path) -> Result<Self, ApiError> {
        let exports = app.exports().clone();
        let running = Running::default();
        match exports.lock().unwrap_or_else(PoisonError::into_inner).entry(path.to_owned()) {
            Entry::Occupied(_) => {
                let why = format!("{} is being written already.", path.display());
                return Err(ApiError::new(ErrorCode::Conflict, why));
            }
            Entry::Vacant(place) => drop(place.insert(running.clone())),
        }
        Ok(Self { exports, path: path.to_owned(), running })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.exports.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.path);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Json,
}

/// One value of a row.
enum Cell {
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

fn text(value: impl ToString) -> Cell {
    Cell::Text(value.to_string())
}

fn digits(value: impl ToString) -> Cell {
    Cell::Digits(value.to_string())
}

fn number(value: impl TryInto<i64>) -> Cell {
    value.try_into().map_or(Cell::Nothing, Cell::Number)
}

fn time(at: DateTime<Utc>) -> Cell {
    text(at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

fn optional_time(at: Option<DateTime<Utc>>) -> Cell {
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
struct Writer {
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
    async fn create(
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

    async fn row(&mut self, row: &[Cell]) -> Result<(), ApiError> {
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

    async fn finish(mut self) -> Result<Exported, ApiError> {
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

fn failed(path: &Path) -> impl Fn(std::io::Error) -> ApiError {
    let path = path.display().to_string();
    move |error| ApiError::new(ErrorCode::File, format!("{path}: {error}."))
}

/// What of the filter every row is asked.
struct Rows {
    environment: Environment,
    assets: Vec<(AssetId, Asset)>,
    of_assets: Vec<AssetId>,
    payer: Option<alloy_primitives::Address>,
    /// Unix seconds, the first and the first that is no more.
    from: i64,
    to: i64,
}

impl Rows {
    fn wants(&self, asset: AssetId) -> bool {
        self.of_assets.is_empty() || self.of_assets.contains(&asset)
    }

    fn wants_payer(&self, payer: alloy_primitives::Address) -> bool {
        self.payer.is_none_or(|wanted| wanted == payer)
    }

    fn holds(&self, at: DateTime<Utc>) -> bool {
        (self.from..self.to).contains(&at.timestamp())
    }

    /// The first two cells of every row: play money says so.
    fn marks(&self) -> [Cell; 2] {
        let money = if self.environment == Environment::Live { "live" } else { "TEST" };
        [text(money), text(self.environment)]
    }
}

pub(crate) async fn export(app: &App, request: Export) -> Result<Exported, ApiError> {
    let is_json = Path::new(&request.path).extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
    let format = match request.format.as_deref() {
        Some("csv") => Format::Csv,
        Some("json") => Format::Json,
        None if is_json => Format::Json,
        None => Format::Csv,
        Some(_) => return Err(ApiError::invalid("An export is csv or json.")),
    };
    let path = target(app, &request.path, request.replace)?;
    let filter = &request.filter;
    let of_list = [&filter.endpoint, &filter.least, &filter.most, &filter.search, &filter.delivery]
        .iter()
        .any(|one| one.is_some())
        || filter.states.is_some();
    let of_rows = [&filter.payer, &filter.network, &filter.from, &filter.to].iter().any(|one| one.is_some());
    if filter.payments.is_some() && (of_list || of_rows) {
        return Err(ApiError::invalid("Payments are named, or chosen by what they are; not both at once."));
    }
    let of_payments = of_list || filter.payments.is_some();
    if of_payments && request.what != "payments" {
        return Err(ApiError::invalid(
            "States, endpoints, amounts, deliveries and searches choose among payments only.",
        ));
    }
    if filter.payer.is_some() && request.what == "batches" {
        return Err(ApiError::invalid("A batch is of many payers."));
    }
    let assets = app.store().assets().await?;
    let payer = filter.payer.as_deref().map(str::parse).transpose();
    let day = |day: &Option<String>| day.as_deref().map(day_of).transpose();
    let rows = Rows {
        environment: app.environment(),
        of_assets: assets_of(&assets, filter.network.as_deref())?,
        assets,
        payer: payer.map_err(|_| ApiError::invalid("A payer is an address such as 0x…"))?,
        from: day(&filter.from)?.map_or(i64::MIN, |day| day.saturating_mul(DAY)),
        to: day(&filter.to)?.map_or(i64::MAX, |day| day.saturating_add(1).saturating_mul(DAY)),
    };
    match request.what.as_str() {
        "payments" => payments(app, &rows, filter, Writer::create(app, path, format, PAYMENTS).await?).await,
        "batches" => batches(app, &rows, Writer::create(app, path, format, BATCHES).await?).await,
        "costs" => costs(app, &rows, Writer::create(app, path, format, COSTS).await?).await,
        "refunds" => refunds(app, &rows, Writer::create(app, path, format, REFUNDS).await?).await,
        _ => Err(ApiError::invalid("What can be exported are payments, batches, costs and refunds.")),
    }
}

fn running(app: &App, name: &ExportName) -> Option<Running> {
    let path = whole(Path::new(&name.path)).ok()?;
    app.exports().lock().unwrap_or_else(PoisonError::into_inner).get(&path).cloned()
}

pub(crate) async fn progress(app: &App, name: ExportName) -> Result<ExportProgress, ApiError> {
    let running = running(app, &name);
    let rows = running.as_ref().map(|running| running.rows.load(Ordering::Relaxed));
    Ok(ExportProgress { running: running.is_some(), rows: rows.unwrap_or_default() })
}

/// Its file is gone when whoever asked for the export hears that it was broken off.
pub(crate) async fn cancel(app: &App, name: ExportName) -> Result<ExportProgress, ApiError> {
    if let Some(running) = running(app, &name) {
        running.stop.cancel();
    }
    progress(app, name).await
}

/// A file's path, free of symbolic links in what leads to it.
fn whole(path: &Path) -> Result<PathBuf, ApiError> {
    let folder = path.parent().unwrap_or(path);
    let folder = folder.canonicalize().map_err(failed(folder))?;
    Ok(folder.join(path.file_name().unwrap_or_default()))
}

/// Where to write: a whole path outside the data folder, so that nothing that is saved writes over what
/// the stall remembers.
pub(crate) fn target(app: &App, path: &str, replace: bool) -> Result<PathBuf, ApiError> {
    let path = PathBuf::from(path);
    if !path.is_absolute() || path.file_name().is_none() {
        return Err(ApiError::invalid("The file is named by its whole path."));
    }
    let path = whole(&path)?;
    let kept = app.data_dir().canonicalize().map_err(failed(app.data_dir()))?;
    if path.starts_with(kept) {
        return Err(ApiError::invalid("Nothing is written into the stall's own folder."));
    }
    if path.is_dir() || (path.exists() && !replace) {
        return Err(ApiError::new(ErrorCode::Conflict, format!("{} is there already.", path.display())));
    }
    Ok(path)
}

const PAYMENTS: &[&str] = &[
    "money",
    "environment",
    "id",
    "state",
    "reason",
    "endpoint",
    "title",
    "file",
    "network",
    "asset",
    "payer",
    "pay_to",
    "amount_atomic",
    "amount",
    "mode",
    "protocol",
    "delivery",
    "bytes_sent",
    "accepted_at",
    "valid_before",
    "batch",
    "transaction",
    "block",
    "final_at",
    "nonce",
];

async fn payments(
    app: &App,
    rows: &Rows,
    filter: &ExportFilter,
    mut writer: Writer,
) -> Result<Exported, ApiError> {
    let wanted = Wanted::of(app, &filter.list(), &rows.assets).await?;
    let mut before = None;
    loop {
        let page = match &filter.payments {
            Some(ids) => PaymentPage { items: named(app, ids).await?, next: None },
            None => wanted.page(app, before, AT_ONCE).await?,
        };
        for payment in &page.items {
            let until = i64::try_from(payment.valid_before).ok();
            let until = until.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
            let [money, environment] = rows.marks();
            writer
                .row(&[
                    money,
                    environment,
                    text(payment.id),
                    text(payment.state),
                    payment.reason.map(|reason| reason.to_string()).into(),
                    text(&payment.path),
                    text(&payment.endpoint_title),
                    payment.file.clone().into(),
                    text(payment.asset.network),
                    text(payment.asset.address),
                    text(payment.payer),
                    text(payment.pay_to),
                    digits(payment.amount),
                    digits(payment.amount.to_decimal(payment.asset.decimals)),
                    text(payment.mode),
                    number(payment.protocol),
                    text(payment.delivery),
                    number(payment.bytes_sent),
                    time(payment.accepted_at),
                    optional_time(until),
                    payment.batch.map_or(Cell::Nothing, |batch| number(batch.0)),
                    payment.transaction.map(|hash| hash.to_string()).into(),
                    payment.block.map_or(Cell::Nothing, number),
                    optional_time(payment.final_at),
                    text(payment.nonce),
                ])
                .await?;
        }
        before = page.next;
        if before.is_none() {
            return writer.finish().await;
        }
    }
}

/// Payments by their ids, in the order in which those were given.
async fn named(app: &App, ids: &[String]) -> Result<Vec<Payment>, ApiError> {
    if ids.len() > AT_ONCE as usize {
        return Err(ApiError::invalid(format!("At most {AT_ONCE} payments are named at once.")));
    }
    let mut named = Vec::with_capacity(ids.len());
    for text in ids {
        let missing = || ApiError::not_found("payment", text);
        let id = text.parse().map_err(|_| missing())?;
        named.push(app.store().payment(id).await?.ok_or_else(missing)?);
    }
    Ok(named)
}

const BATCHES: &[&str] = &[
    "money",
    "environment",
    "batch",
    "state",
    "network",
    "started_by",
    "payments",
    "total_atomic",
    "total",
    "settled_payments",
    "settled_total_atomic",
    "settled_total",
    "transactions",
    "gas_used",
    "cost_wei",
    "cost",
    "coin",
    "opened_at",
    "closed_at",
    "final_at",
];

async fn batches(app: &App, rows: &Rows, mut writer: Writer) -> Result<Exported, ApiError> {
    let mut before: Option<BatchId> = None;
    loop {
        let page = app.store().batches(before, BATCHES_AT_ONCE).await?;
        let Some(last) = page.last() else { return writer.finish().await };
        before = Some(last.id);
        for batch in &page {
            if !rows.wants(batch.asset) || !rows.holds(batch.opened_at) {
                continue;
            }
            let asset = asset_of(&rows.assets, batch.asset)?;
            let mined: Vec<_> =
                batch.attempts.iter().filter_map(|(sent, receipt)| Some((sent, receipt.as_ref()?))).collect();
            let hashes: Vec<_> = mined.iter().map(|(sent, _)| sent.hash().to_string()).collect();
            let gas: u64 = mined.iter().map(|(_, receipt)| receipt.gas_used).sum();
            let wei = mined
                .iter()
                .fold(alloy_primitives::U256::ZERO, |sum, (_, receipt)| sum.saturating_add(receipt.cost));
            let [money, environment] = rows.marks();
            writer
                .row(&[
                    money,
                    environment,
                    number(batch.id.0),
                    text(batch.state),
                    text(asset.network),
                    text(&batch.started_by),
                    number(batch.payments),
                    digits(batch.total),
                    digits(batch.total.to_decimal(asset.decimals)),
                    number(batch.settled_payments),
                    digits(batch.settled_total),
                    digits(batch.settled_total.to_decimal(asset.decimals)),
                    text(hashes.join(" ")),
                    number(gas),
                    digits(wei),
                    digits(native(wei)),
                    text(coin(Some(asset.network))),
                    time(batch.opened_at),
                    optional_time(batch.closed_at),
                    optional_time(batch.final_at),
                ])
                .await?;
        }
    }
}

const COSTS: &[&str] = &[
    "money",
    "environment",
    "batch",
    "payment",
    "payer",
    "network",
    "day",
    "cost_wei",
    "cost",
    "coin",
    "cost_dollars",
    "lost",
];

async fn costs(app: &App, rows: &Rows, mut writer: Writer) -> Result<Exported, ApiError> {
    let mut after = (BatchId(0), PaymentSeq(0));
    loop {
        let page = app.store().costs(after, AT_ONCE).await?;
        let Some(last) = page.last() else { return writer.finish().await };
        after = (last.batch, last.seq);
        for cost in &page {
            let day = cost.day.checked_mul(DAY).and_then(|at| DateTime::from_timestamp(at, 0));
            let wanted = rows.wants(cost.asset)
                && rows.wants_payer(cost.payer)
                && day.is_some_and(|day| rows.holds(day));
            if !wanted {
                continue;
            }
            let asset = asset_of(&rows.assets, cost.asset)?;
            let [money, environment] = rows.marks();
            writer
                .row(&[
                    money,
                    environment,
                    number(cost.batch.0),
                    text(cost.payment),
                    text(cost.payer),
                    text(asset.network),
                    day.map(|day| day.date_naive().to_string()).into(),
                    digits(cost.wei),
                    digits(native(cost.wei)),
                    text(coin(Some(asset.network))),
                    cost.value.map_or(Cell::Nothing, |value| digits(value.to_decimal(6))),
                    text(if cost.lost { "yes" } else { "no" }),
                ])
                .await?;
        }
    }
}

const REFUNDS: &[&str] = &[
    "money",
    "environment",
    "refund",
    "payment",
    "payer",
    "sender",
    "network",
    "amount_atomic",
    "amount",
    "transaction",
    "block",
    "note",
    "recorded_at",
];

async fn refunds(app: &App, rows: &Rows, mut writer: Writer) -> Result<Exported, ApiError> {
    let mut before = None;
    loop {
        let page = app.store().refunds(None, before, AT_ONCE).await?;
        let Some(last) = page.last() else { return writer.finish().await };
        before = Some(last.id);
        for refund in &page {
            if !rows.wants(refund.asset) || !rows.wants_payer(refund.payer) || !rows.holds(refund.recorded_at)
            {
                continue;
            }
            let asset = asset_of(&rows.assets, refund.asset)?;
            let [money, environment] = rows.marks();
            writer
                .row(&[
                    money,
                    environment,
                    number(refund.id),
                    text(refund.payment),
                    text(refund.payer),
                    text(refund.sender),
                    text(asset.network),
                    digits(refund.amount),
                    digits(refund.amount.to_decimal(asset.decimals)),
                    text(refund.transaction),
                    number(refund.block),
                    refund.note.clone().into(),
                    time(refund.recorded_at),
                ])
                .await?;
        }
    }
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
