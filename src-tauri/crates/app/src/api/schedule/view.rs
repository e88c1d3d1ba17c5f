use std::time::Duration;

use chain::Fees;
use chrono::{DateTime, Utc};
use domain::{Amount, Asset, EndpointState, Mode, NetworkError, NetworkId, SettlePolicy};
use serde::Serialize;
use settler::{Agenda, Cause, Step, Waiting, marginal_cost, marginal_fee};
use store::{Listing, NetworkRow, Schedule};
use ts_rs::TS;

use super::deadline;
use crate::api::money::{coin, decimals_of, native};
use crate::api::words::{gwei, moment, span};
use crate::api::{MoneyCount, MoneyView};
use crate::engine::Standing;
use crate::{ApiError, App};

/// How long a node may take to say what gas costs.
const PATIENCE: Duration = Duration::from_secs(4);

/// When each network's queue is settled by itself.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ScheduleList {
    /// One for each network that is set up.
    pub items: Vec<ScheduleView>,
}

/// When a network's queue is settled by itself, and what that means now.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ScheduleView {
    /// CAIP-2.
    pub network: String,
    /// The network's name for people.
    pub title: String,
    /// Whether this is how it is; false when it was only asked what would be.
    pub applied: bool,
    /// All of the choice in one sentence.
    pub sentence: String,
    /// Whether only the seller and the deadlines settle.
    pub manual: bool,
    /// This long after the last run, such as `2h`.
    pub every: Option<String>,
    /// At this time of every day, such as `18:00`.
    pub daily: Option<String>,
    /// On these days at this time, such as `mon,thu,18:00`.
    pub weekly: Option<String>,
    /// Where those times of day are meant, by its IANA name.
    pub zone: String,
    /// When this much waits.
    pub at_amount: Option<MoneyView>,
    /// When this many payments wait.
    pub at_count: Option<u32>,
    /// The most that a run may offer per gas.
    pub gas_ceiling: Option<GasPriceView>,
    /// Whether a run that finds gas above it waits; otherwise it is left out.
    pub wait_for_gas: bool,
    /// How many seconds buyers' authorizations are left to wait under this schedule.
    pub window_seconds: u32,
    /// What waits now.
    pub waiting: MoneyCount,
    /// When settling is called for next, and by what; null when nothing does by itself.
    pub next: Option<NextSettlementView>,
    /// The last run at a time of its own, in Unix milliseconds.
    pub last_run: Option<i64>,
    /// Until when what waits can go on waiting, in Unix milliseconds; then it is sent whatever gas costs.
    pub safe_until: Option<i64>,
    /// What a transaction signed now would offer per gas; null when the chain cannot be asked.
    pub gas_now: Option<GasPriceView>,
    /// Whether gas costs more than the ceiling now.
    pub gas_too_dear: bool,
    /// What one more payment in a transaction is likely to cost now, in the network's coin with its point.
    pub cost_each: Option<String>,
    /// That coin's symbol.
    pub native_symbol: String,
    /// The least price that is worth its gas now; what is below waits for cheaper gas, and is written off at
    /// its deadline. Null when nobody said what the coin is worth, or the chain cannot be asked.
    pub minimum_price: Option<MoneyView>,
    /// What the seller should know about it.
    pub warnings: Vec<ScheduleWarningView>,
    /// What is different from before, one sentence each; empty where nothing was, or would be, changed.
    pub changes: Vec<String>,
}

/// A price of gas.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct GasPriceView {
    /// Wei per gas in decimal digits.
    pub wei: String,
    /// The same in gwei, with its point.
    pub gwei: String,
}

/// When settling is called for next.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NextSettlementView {
    /// Unix milliseconds.
    pub at: i64,
    /// `schedule`, `amount`, `count` or `deadline`.
    pub because: String,
    /// The same in a sentence.
    pub sentence: String,
}

/// Something to know about a schedule.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ScheduleWarningView {
    /// What it is, as one word.
    pub code: String,
    /// The same as a sentence.
    pub sentence: String,
}

impl GasPriceView {
    fn of(wei: u128) -> Self {
        Self { wei: wei.to_string(), gwei: gwei(wei) }
    }
}

/// The networks that are set up, or the named one of them.
pub(crate) async fn set_up(app: &App, name: Option<&str>) -> Result<Vec<NetworkRow>, ApiError> {
    let rows = app.store().networks().await?;
    let Some(name) = name else { return Ok(rows) };
    let network: NetworkId =
        name.parse().map_err(|error: NetworkError| ApiError::invalid(format!("{error}.")))?;
    let row = rows.into_iter().find(|row| row.network == network);
    Ok(vec![row.ok_or_else(|| ApiError::not_found("network", name))?])
}

pub(crate) async fn view(
    app: &App,
    row: &NetworkRow,
    schedule: &Schedule,
    applied: bool,
) -> Result<ScheduleView, ApiError> {
    let (network, policy) = (row.network, &schedule.policy);
    let now = app.clock().now();
    let assets = app.store().assets().await?;
    let asset = assets.iter().map(|(_, asset)| asset).find(|asset| asset.network == network);
    let mut waiting = Waiting { settle_by: deadline(app, network).await?, ..Waiting::default() };
    for (id, _) in assets.iter().filter(|(_, asset)| asset.network == network) {
        let (payments, amount) = app.store().queued_sum(*id).await?;
        waiting.add(payments, amount);
    }
    let fees = fees_now(app, network).await;
    let gas = fees.map(|fees| fees.max_fee_per_gas);
    let agenda = Agenda { policy: *policy, since: schedule.since() };
    let too_dear = gas.zip(policy.gas_ceiling).is_some_and(|(gas, ceiling)| gas > ceiling);
    let next = next(&agenda, &waiting, gas, now);
    let decimals = asset.map_or_else(|| decimals_of(&assets), |asset| asset.decimals);
    let money = |amount: Amount| MoneyView::with_decimals(amount, decimals);
    let mut warnings: Vec<_> =
        too_dear.then(|| dear(policy, gas.unwrap_or_default(), &waiting)).into_iter().collect();
    let mut least = None;
    if let (Some(fees), Some(coin_price)) = (fees, app.store().coin_price(network, now).await?) {
        let cost = marginal_cost(fees, coin_price, decimals);
        least = cost.checked_add(Amount::from_atomic(1).unwrap_or_default());
        warnings.extend(below(cost, network, decimals, &app.store().catalogue().await?));
    }
    Ok(ScheduleView {
        network: network.to_string(),
        title: network.known().map_or_else(|| network.to_string(), |known| known.title.to_owned()),
        applied,
        sentence: in_words(policy, asset),
        manual: policy.is_manual(),
        every: policy.every.map(|every| every.to_string()),
        daily: policy.daily.map(|daily| daily.to_string()),
        weekly: policy.weekly.map(|weekly| weekly.to_string()),
        zone: policy.zone.to_string(),
        at_amount: policy.at_amount.map(money),
        at_count: policy.at_count,
        gas_ceiling: policy.gas_ceiling.map(GasPriceView::of),
        wait_for_gas: policy.wait_for_gas,
        window_seconds: policy.window().seconds(),
        waiting: MoneyCount::of(waiting.payments, waiting.amount, decimals),
        next: next.map(|(at, cause)| NextSettlementView {
            at: at.timestamp_millis(),
            because: cause.as_str().to_owned(),
            sentence: because(cause, at, policy, now),
        }),
        last_run: schedule.ran_at.map(|at| at.timestamp_millis()),
        safe_until: waiting.settle_by.map(|at| at.timestamp_millis()),
        gas_now: gas.map(GasPriceView::of),
        gas_too_dear: too_dear,
        cost_each: fees.map(|fees| native(marginal_fee(fees))),
        native_symbol: coin(Some(network)).to_owned(),
        minimum_price: least.map(money),
        warnings,
        changes: Vec::new(),
    })
}

/// What calls next. What gas holds up now is not what comes next: of that, only the deadline is sure.
fn next(
    agenda: &Agenda,
    waiting: &Waiting,
    gas: Option<u128>,
    now: DateTime<Utc>,
) -> Option<(DateTime<Utc>, Cause)> {
    let (at, cause) = agenda.next(waiting, now)?;
    let waits = at <= now && waiting.payments > 0;
    match gas.map(|gas| agenda.step(cause, gas)) {
        Some(Step::WaitForGas) if waits => waiting.settle_by.map(|at| (at.max(now), Cause::Deadline)),
        Some(Step::LeaveOut) if waits => {
            let left_out = Agenda { since: now, ..*agenda };
            left_out.next(waiting, now)
        }
        Some(Step::Settle | Step::WaitForGas | Step::LeaveOut) | None => Some((at, cause)),
    }
}

/// What a transaction on the network would offer now.
async fn fees_now(app: &App, network: NetworkId) -> Option<Fees> {
    let connection = app.engine()?.connection(network)?;
    let standing = connection.standing.borrow().clone();
    let Standing::Ready { chain, .. } = standing else { return None };
    tokio::time::timeout(PATIENCE, chain.fees()).await.ok()?.ok()
}

/// A policy in one sentence.
fn in_words(policy: &SettlePolicy, asset: Option<&Asset>) -> String {
    let zone = policy.zone;
    let mut when = Vec::new();
    when.extend(policy.every.map(|every| format!("every {}", span(every.span()))));
    when.extend(policy.daily.map(|at| format!("every day at {at} ({zone})")));
    when.extend(policy.weekly.map(|weekly| {
        let days: Vec<_> = weekly.days.names().collect();
        format!("on {} at {} ({zone})", days.join(", "), weekly.at)
    }));
    when.extend(
        policy
            .at_amount
            .zip(asset)
            .map(|(amount, asset)| format!("when {} {} wait", amount.to_decimal(asset.decimals), asset.name)),
    );
    when.extend(policy.at_count.map(|count| match count {
        1 => "when a payment waits".to_owned(),
        _ => format!("when {count} payments wait"),
    }));
    let ceiling = match (policy.gas_ceiling, policy.wait_for_gas) {
        (Some(wei), true) => {
            format!(" Above {} gwei it waits for cheaper gas while that is safe.", gwei(wei))
        }
        (Some(wei), false) => format!(" A run that finds gas above {} gwei is left out.", gwei(wei)),
        (None, _) => String::new(),
    };
    if when.is_empty() {
        return "Settled when you say so, and before the first payment's permission ends.".to_owned();
    }
    format!("Settled {}, and before the first payment's permission ends.{ceiling}", when.join(", or "))
}

fn because(cause: Cause, at: DateTime<Utc>, policy: &SettlePolicy, now: DateTime<Utc>) -> String {
    let when = if at <= now { "Now".to_owned() } else { format!("At {}", moment(at, policy.zone)) };
    match cause {
        Cause::Schedule => format!("{when}, by your schedule."),
        Cause::Amount => format!("{when}, because as much waits as you said."),
        Cause::Count => format!("{when}, because as many payments wait as you said."),
        Cause::Deadline => format!("{when}, because a payment's permission is about to end."),
    }
}

fn dear(policy: &SettlePolicy, gas: u128, waiting: &Waiting) -> ScheduleWarningView {
    let ceiling = gwei(policy.gas_ceiling.unwrap_or_default());
    let until = match waiting.settle_by {
        Some(at) => format!(
            " What waits is safe until {}; then it is sent whatever gas costs.",
            moment(at, policy.zone)
        ),
        None => String::new(),
    };
    ScheduleWarningView {
        code: "gas_too_dear".to_owned(),
        sentence: format!("Gas costs {} gwei now, more than your ceiling of {ceiling}.{until}", gwei(gas)),
    }
}

/// Warns when something for sale brings no more than settling it costs (T25).
fn below(
    cost: Amount,
    network: NetworkId,
    decimals: u8,
    listings: &[Listing],
) -> Option<ScheduleWarningView> {
    let is_below = |listing: &&Listing| {
        listing.endpoint.state == EndpointState::Live
            && listing.endpoint.mode == Mode::Batched
            && listing.offers.iter().any(|offer| {
                offer.asset.network == network && offer.honoured_until.is_none() && offer.amount <= cost
            })
    };
    let cost = cost.to_decimal(decimals);
    let what = match listings.iter().filter(is_below).count() {
        0 => return None,
        1 => "The price of one endpoint is".to_owned(),
        several => format!("The prices of {several} endpoints are"),
    };
    Some(ScheduleWarningView {
        code: "price_below_cost".to_owned(),
        sentence: format!(
            "{what} not above the {cost} that settling one payment costs now. Such payments wait for cheaper gas; at \
             their deadline they are written off."
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agenda(wait_for_gas: bool) -> Agenda {
        let every = Some("2h".parse().unwrap());
        let policy = SettlePolicy { every, gas_ceiling: Some(10), wait_for_gas, ..SettlePolicy::default() };
        Agenda { policy, since: at(0) }
    }

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + hours * 3_600, 0).unwrap()
    }

    const SOME: Waiting = Waiting { payments: 1, amount: Amount::ZERO, settle_by: None };

    #[test]
    fn of_what_gas_holds_up_only_the_deadline_is_sure() {
        let waiting = Waiting { settle_by: Some(at(9)), ..SOME };
        assert_eq!(next(&agenda(true), &waiting, Some(11), at(3)), Some((at(9), Cause::Deadline)));
        assert_eq!(next(&agenda(true), &waiting, Some(10), at(3)), Some((at(3), Cause::Schedule)));
        assert_eq!(next(&agenda(true), &SOME, Some(11), at(3)), None);
    }

    #[test]
    fn of_a_run_that_is_left_out_the_next_one_counts() {
        assert_eq!(next(&agenda(false), &SOME, Some(11), at(3)), Some((at(5), Cause::Schedule)));
        assert_eq!(next(&agenda(false), &SOME, Some(11), at(1)), Some((at(2), Cause::Schedule)));
    }
}
