//! When each network's queue is settled by itself.

mod view;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Amount, Asset, NetworkId, SettlePolicy};
use serde::{Deserialize, Serialize};
use store::{NetworkRow, Schedule};
use ts_rs::TS;

use crate::api::words::{moment, span};
use crate::error::sentence;
use crate::{ApiError, App, ErrorCode, clock};

pub use view::{GasPriceView, NextSettlementView, ScheduleList, ScheduleView, ScheduleWarningView};
pub(crate) use view::{set_up, view};

/// Decimal places of a price of gas in gwei.
const GWEI_DECIMALS: u8 = 9;

/// Asks for schedules.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct ScheduleShow {
    /// CAIP-2; every network that is set up by default.
    pub network: Option<String>,
}

/// Chooses when a network's queue is settled by itself. What is left out is not chosen, unless `keep` is set: a
/// request that names nothing leaves settling to the seller's hand and to the deadlines.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct ScheduleSet {
    /// CAIP-2; the network that is sold on by default.
    pub network: Option<String>,
    /// This long after the last run: `15m`, `2h`, `1d`.
    pub every: Option<String>,
    /// At this time of every day: `18:00`.
    pub daily: Option<String>,
    /// At this time of some days of the week: `mon,18:00` or `mon,thu,18:00`.
    pub weekly: Option<String>,
    /// Where those times of day are meant, by its IANA name; as before, or this computer's, by default.
    pub zone: Option<String>,
    /// When this much waits, as a decimal such as `20`.
    pub at_amount: Option<String>,
    /// When this many payments wait.
    pub at_count: Option<u32>,
    /// The most that a run may offer per gas, in gwei, such as `0.5`. A deadline is kept whatever it costs.
    pub gas_ceiling: Option<String>,
    /// Whether a run that finds gas above the ceiling waits for it to fall, as long as that is safe.
    /// Otherwise it is left out.
    pub wait_for_gas: Option<bool>,
    /// Keeps what is left out as it is; then `none`, or 0 for a count, takes something away.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub keep: bool,
    /// Only says what would be, and changes nothing.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub check: bool,
}

pub(crate) async fn show(app: &App, request: ScheduleShow) -> Result<ScheduleList, ApiError> {
    let mut items = Vec::new();
    for row in set_up(app, request.network.as_deref()).await? {
        items.push(view(app, &row, &chosen(app, row.network).await?, true).await?);
    }
    Ok(ScheduleList { items })
}

pub(crate) async fn set(app: &App, request: ScheduleSet) -> Result<ScheduleView, ApiError> {
    let row = set_up(app, request.network.as_deref()).await?.into_iter().next();
    let row = row.ok_or_else(|| ApiError::new(ErrorCode::Unavailable, "No network is set up yet."))?;
    let now = app.clock().now();
    let before = chosen(app, row.network).await?;
    let policy = policy(app, &row, &request, &before).await?;
    outlives(app, row.network, &policy, now).await?;
    if request.check {
        let would_be = Schedule { policy, changed_at: Some(now), ran_at: before.ran_at };
        let changed = view(app, &row, &would_be, false).await?;
        return Ok(ScheduleView { changes: changes(app, &row, &before, &changed).await?, ..changed });
    }
    if policy != before.policy || before.changed_at.is_none() {
        app.store().set_schedule(row.network, policy, now).await?;
        app.on_the_shelf().await;
    }
    let changed = view(app, &row, &chosen(app, row.network).await?, true).await?;
    Ok(ScheduleView { changes: changes(app, &row, &before, &changed).await?, ..changed })
}

/// What is different from before, in sentences.
async fn changes(
    app: &App,
    row: &NetworkRow,
    before: &Schedule,
    now: &ScheduleView,
) -> Result<Vec<String>, ApiError> {
    let was = view(app, row, before, true).await?;
    let mut changes = Vec::new();
    if was.sentence != now.sentence {
        changes.push(format!("Until now: {}", was.sentence));
    }
    if was.window_seconds != now.window_seconds {
        let words = |seconds: u32| span(TimeDelta::seconds(i64::from(seconds)));
        changes.push(format!(
            "Buyers sign permissions that are good for {} instead of {} from now on.",
            words(now.window_seconds),
            words(was.window_seconds)
        ));
    }
    Ok(changes)
}

/// What was chosen; until then, times of day are those of this computer.
async fn chosen(app: &App, network: NetworkId) -> Result<Schedule, ApiError> {
    let mut schedule = app.store().schedule(network).await?;
    if schedule.changed_at.is_none() {
        schedule.policy.zone = clock::local_zone();
    }
    Ok(schedule)
}

/// The policy that a request means.
async fn policy(
    app: &App,
    row: &NetworkRow,
    request: &ScheduleSet,
    before: &Schedule,
) -> Result<SettlePolicy, ApiError> {
    let zone = match &request.zone {
        Some(zone) => read(zone)?,
        None => before.policy.zone,
    };
    let kept = if request.keep { before.policy } else { SettlePolicy { zone, ..SettlePolicy::default() } };
    let named = |text: &Option<String>| match text.as_deref().map(str::trim) {
        None => Named::Not,
        Some(NONE) if request.keep => Named::Nothing,
        Some(text) => Named::This(text.to_owned()),
    };
    let ceiling = named(&request.gas_ceiling).or(kept.gas_ceiling, gas_ceiling)?;
    let policy = SettlePolicy {
        every: named(&request.every).or(kept.every, read)?,
        daily: named(&request.daily).or(kept.daily, read)?,
        weekly: named(&request.weekly).or(kept.weekly, read)?,
        zone,
        at_amount: match named(&request.at_amount) {
            Named::This(amount) => Some(at_amount(app, row.network, &amount).await?),
            Named::Nothing => None,
            Named::Not => kept.at_amount,
        },
        at_count: match request.at_count {
            Some(0) if request.keep => None,
            Some(count) => Some(count),
            None => kept.at_count,
        },
        gas_ceiling: ceiling,
        // Without a ceiling there is nothing to wait for any more.
        wait_for_gas: request.wait_for_gas.unwrap_or(kept.wait_for_gas && ceiling.is_some()),
    };
    if policy.at_count == Some(0) {
        return Err(ApiError::invalid("The number of payments to settle at must be at least 1."));
    }
    if policy.wait_for_gas && policy.gas_ceiling.is_none() {
        return Err(ApiError::invalid("Waiting for cheaper gas needs a ceiling to wait for."));
    }
    if policy.gas_ceiling.is_some() && policy.is_manual() {
        return Err(ApiError::invalid(
            "A ceiling on gas needs something that settles by itself: a time, an amount or a count.",
        ));
    }
    Ok(policy)
}

/// The word that takes something away where what is left out is kept.
const NONE: &str = "none";

/// What a request says of one part of the choice.
enum Named {
    Not,
    Nothing,
    This(String),
}

impl Named {
    fn or<T>(
        self,
        kept: Option<T>,
        read: impl FnOnce(&str) -> Result<T, ApiError>,
    ) -> Result<Option<T>, ApiError> {
        match self {
            Self::Not => Ok(kept),
            Self::Nothing => Ok(None),
            Self::This(text) => read(&text).map(Some),
        }
    }
}

fn read<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, ApiError> {
    text.trim().parse().map_err(|error: T::Err| ApiError::invalid(sentence(&error.to_string())))
}

async fn at_amount(app: &App, network: NetworkId, text: &str) -> Result<Amount, ApiError> {
    let assets = app.store().assets().await?;
    let asset: Option<&Asset> = assets.iter().map(|(_, asset)| asset).find(|asset| asset.network == network);
    let asset = asset.ok_or_else(|| {
        ApiError::new(
            ErrorCode::Unavailable,
            format!("An amount needs the token that is paid in, and {network} was not reached yet."),
        )
    })?;
    let wrong = |why: &dyn std::fmt::Display| {
        ApiError::invalid(format!("The amount {text:?} to settle at cannot be used: {why}."))
    };
    match Amount::from_decimal(text.trim(), asset.decimals) {
        Ok(Amount::ZERO) => Err(wrong(&"it must be more than nothing")),
        Ok(amount) => Ok(amount),
        Err(error) => Err(wrong(&error)),
    }
}

/// Wei per gas from gwei.
fn gas_ceiling(text: &str) -> Result<u128, ApiError> {
    match Amount::from_decimal(text.trim(), GWEI_DECIMALS) {
        Ok(wei) if wei != Amount::ZERO => Ok(u128::from(wei.atomic())),
        Ok(_) => Err(ApiError::invalid("A ceiling of no gas money at all would let no run happen.")),
        Err(error) => Err(ApiError::invalid(format!("The gas ceiling {text:?} cannot be used: {error}."))),
    }
}

/// Refuses a schedule whose first run would come too late for what waits already (I6).
async fn outlives(
    app: &App,
    network: NetworkId,
    policy: &SettlePolicy,
    now: DateTime<Utc>,
) -> Result<(), ApiError> {
    let (Some(run), Some(deadline)) = (policy.run_after(now), deadline(app, network).await?) else {
        return Ok(());
    };
    if run <= deadline {
        return Ok(());
    }
    let left = deadline.signed_duration_since(now);
    let by = moment(deadline, policy.zone);
    let advice = if left < TimeDelta::minutes(1) {
        "Settle it first.".to_owned()
    } else {
        format!("Settle it first, or choose at most {}.", span(left))
    };
    Err(ApiError::new(
        ErrorCode::Conflict,
        format!(
            "What waits has to be settled within {}, by {by}; this schedule would first settle in {}, at {}. {advice}",
            span(left),
            span(run.signed_duration_since(now)),
            moment(run, policy.zone),
        ),
    ))
}

/// When the first payment that waits on a network has to be sent whatever else happens.
pub(crate) async fn deadline(app: &App, network: NetworkId) -> Result<Option<DateTime<Utc>>, ApiError> {
    let mut first = None;
    for (id, asset) in app.store().assets().await? {
        if asset.network == network {
            let deadline = settler::first_deadline(app.store(), id).await?;
            first = [first, deadline].into_iter().flatten().min();
        }
    }
    Ok(first)
}
