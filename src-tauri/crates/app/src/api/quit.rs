//! What is at stake when the program ends now.

use chrono::{DateTime, Utc};
use domain::{Amount, Asset};
use serde::Serialize;
use store::AtStake;
use ts_rs::TS;

use crate::api::MoneyView;
use crate::api::money::decimals_of;
use crate::{ApiError, App};

/// What is sold and not on chain, and until when it can wait.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct QuitPreviewView {
    /// How many payments wait or are on their way.
    pub payments: u64,
    /// What they come to.
    #[serde(flatten)]
    pub money: MoneyView,
    /// When the first of them has to be sent, in Unix milliseconds: while nothing runs, nothing is sent.
    pub settle_by: Option<i64>,
    /// When the first of their windows ends, in Unix milliseconds; what is not on chain then is lost.
    pub lost_from: Option<i64>,
    /// How many batches are on their way.
    pub in_flight: u64,
    /// How many buyers receive what they bought right now: their downloads end with the stall.
    pub delivering: u64,
    /// One sentence: what is at stake and until when.
    pub sentence: String,
    /// The same for each network that has something at stake.
    pub items: Vec<StakeView>,
}

/// What is at stake on one network.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct StakeView {
    /// CAIP-2.
    pub network: String,
    /// How many payments wait or are on their way.
    pub payments: u64,
    /// What they come to.
    #[serde(flatten)]
    pub money: MoneyView,
    /// When the first of them has to be sent, in Unix milliseconds.
    pub settle_by: Option<i64>,
    /// When the first of their windows ends, in Unix milliseconds.
    pub lost_from: Option<i64>,
    /// The batches on their way. A transaction that was sent is mined without us, too; what becomes of
    /// it is seen at the next start.
    pub in_flight: Vec<i64>,
}

impl StakeView {
    fn of(asset: &Asset, stake: &AtStake) -> Self {
        Self {
            network: asset.network.to_string(),
            payments: stake.payments,
            money: MoneyView::of(stake.amount, asset),
            settle_by: stake.settle_by.map(|at| at.timestamp_millis()),
            lost_from: stake.lost_from.map(|at| at.timestamp_millis()),
            in_flight: stake.in_flight.iter().map(|batch| batch.0).collect(),
        }
    }
}

pub(crate) async fn preview(app: &App, (): ()) -> Result<QuitPreviewView, ApiError> {
    let assets = app.store().assets().await?;
    let decimals = decimals_of(&assets);
    let mut all = AtStake::default();
    let mut items = Vec::new();
    for (id, asset) in assets {
        let stake = app.store().at_stake(id).await?;
        if stake.payments == 0 {
            continue;
        }
        items.push(StakeView::of(&asset, &stake));
        all.payments += stake.payments;
        all.amount = all.amount.checked_add(stake.amount).unwrap_or(Amount::MAX);
        all.settle_by = [all.settle_by, stake.settle_by].into_iter().flatten().min();
        all.lost_from = [all.lost_from, stake.lost_from].into_iter().flatten().min();
        all.in_flight.extend(stake.in_flight);
    }
    let money = MoneyView::with_decimals(all.amount, decimals);
    Ok(QuitPreviewView {
        payments: all.payments,
        settle_by: all.settle_by.map(|at| at.timestamp_millis()),
        lost_from: all.lost_from.map(|at| at.timestamp_millis()),
        in_flight: u64::try_from(all.in_flight.len()).unwrap_or(u64::MAX),
        delivering: app.store().delivering().await?,
        sentence: sentence(&all, &money, app.clock().now()),
        money,
        items,
    })
}

fn sentence(stake: &AtStake, money: &MoneyView, now: DateTime<Utc>) -> String {
    let Some((settle_by, lost_from)) = stake.settle_by.zip(stake.lost_from) else {
        return "Nothing waits to be settled.".to_owned();
    };
    let what = match stake.payments {
        1 => format!("One payment of ${} is not on chain yet.", money.formatted),
        some => format!("{some} payments of together ${} are not on chain yet.", money.formatted),
    };
    let until = if lost_from <= now {
        "The first of them may have ended already.".to_owned()
    } else if settle_by <= now {
        format!("The first is lost at {} unless it is on chain before.", minute(lost_from))
    } else {
        format!(
            "Stallkeeper has to run again by {}; at {} the first is lost.",
            minute(settle_by),
            minute(lost_from)
        )
    };
    format!("{what} {until}")
}

/// A moment to the minute, rounded down: nobody may be promised more time than there is.
fn minute(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    /// T67: what is said is what there is, never more.
    #[test]
    fn what_is_at_stake_is_said_in_one_breath() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let money = MoneyView::with_decimals(Amount::from_atomic(150_000).unwrap(), 6);
        let stake = |payments, settle_by, lost_from| AtStake {
            payments,
            settle_by: Some(now + TimeDelta::minutes(settle_by)),
            lost_from: Some(now + TimeDelta::minutes(lost_from)),
            ..AtStake::default()
        };
        let said = |stake: &AtStake| sentence(stake, &money, now);
        assert_eq!(said(&AtStake::default()), "Nothing waits to be settled.");
        assert_eq!(
            said(&stake(3, 60 * 50, 60 * 50 + 10)),
            "3 payments of together $0.15 are not on chain yet. Stallkeeper has to run again by 2027-01-17 10:00 UTC; at 2027-01-17 10:10 UTC the first is lost."
        );
        assert!(said(&stake(1, -3, 7)).ends_with(
            "One payment of $0.15 is not on chain yet. The first is lost at 2027-01-15 08:07 UTC unless it is on chain before."
        ));
        assert!(said(&stake(1, -3, 0)).ends_with("The first of them may have ended already."));
    }
}
