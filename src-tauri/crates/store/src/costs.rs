//! What settling cost, spread over the payments that were carried, and the books of each day: changed
//! in the transaction that changes what they sum.

use std::collections::HashMap;

use alloy_primitives::U256;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Amount, AssetId, BatchId, EndpointId, NetworkId, PaymentResult, PaymentSeq};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::column::{Columns, signed};
use crate::totals::day;
use crate::{StoreError, settings};

/// One asset's and endpoint's books of one UTC day.
type Page = (AssetId, EndpointId, i64);

/// Wei in a billionth of a coin's unit, in which sums are kept beside their rest.
const GWEI: i128 = 1_000_000_000;

/// Wei of one coin.
const COIN: u64 = 1_000_000_000_000_000_000;

/// Decimal places of the price of a coin in dollars.
const PRICE_DECIMALS: u8 = 6;

/// Begins the name of the setting that holds what a network's coin is worth; the coin's symbol follows.
pub const COIN_PRICE: &str = "coin-price-";

/// How long what a price feed told counts: the slowest of them tell at least once a day.
pub const TOLD_FOR: TimeDelta = TimeDelta::hours(25);

/// How much gas a payment that was settled takes compared with one that the token refused, which
/// stops early.
const SETTLED_WEIGHT: u128 = 2;
const REFUSED_WEIGHT: u128 = 1;

/// A change of one page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Entry {
    payments: i64,
    gross: i64,
    paid: i128,
    lost: i128,
    unpriced: i128,
    value: i64,
    refunds: i64,
    refunded: i64,
}

/// Changes of the books, gathered so that each page is written once.
#[derive(Default)]
pub(crate) struct Books(HashMap<Page, Entry>);

impl Books {
    /// Payments came on chain, or were taken back where the numbers are negative.
    pub(crate) fn came(&mut self, page: Page, payments: i64, gross: i64) {
        let entry = self.0.entry(page).or_default();
        entry.payments += payments;
        entry.gross += gross;
    }

    /// Money was given back.
    pub(crate) fn gave_back(&mut self, page: Page, amount: Amount) {
        let entry = self.0.entry(page).or_default();
        entry.refunds += 1;
        entry.refunded += amount.as_i64();
    }

    /// A share of a cost is added, or taken out again.
    fn cost(&mut self, asset: AssetId, endpoint: EndpointId, share: Share, sign: i64) {
        let entry = self.0.entry((asset, endpoint, share.day)).or_default();
        let wei = i128::from(share.wei) * i128::from(sign);
        if share.lost {
            entry.lost += wei;
        } else {
            entry.paid += wei;
        }
        match share.value {
            Some(value) => entry.value += value * sign,
            None => entry.unpriced += wei,
        }
    }

    pub(crate) async fn write(self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        for ((asset, endpoint, day), entry) in self.0 {
            if entry == Entry::default() {
                continue;
            }
            let (paid, lost, unpriced) = (split(entry.paid)?, split(entry.lost)?, split(entry.unpriced)?);
            sqlx::query(
                "insert into books (
                    asset_id, endpoint_id, day, payments, gross, paid_gwei, paid_rest, lost_gwei, lost_rest,
                    unpriced_gwei, unpriced_rest, cost_value, refunds, refunded
                 ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                 on conflict (asset_id, endpoint_id, day) do update set
                    payments = books.payments + excluded.payments, gross = books.gross + excluded.gross,
                    paid_gwei = books.paid_gwei + excluded.paid_gwei,
                    paid_rest = books.paid_rest + excluded.paid_rest,
                    lost_gwei = books.lost_gwei + excluded.lost_gwei,
                    lost_rest = books.lost_rest + excluded.lost_rest,
                    unpriced_gwei = books.unpriced_gwei + excluded.unpriced_gwei,
                    unpriced_rest = books.unpriced_rest + excluded.unpriced_rest,
                    cost_value = books.cost_value + excluded.cost_value,
                    refunds = books.refunds + excluded.refunds, refunded = books.refunded + excluded.refunded",
            )
            .bind(asset.0)
            .bind(endpoint.0.as_bytes().as_slice())
            .bind(day)
            .bind(entry.payments)
            .bind(entry.gross)
            .bind(paid.0)
            .bind(paid.1)
            .bind(lost.0)
            .bind(lost.1)
            .bind(unpriced.0)
            .bind(unpriced.1)
            .bind(entry.value)
            .bind(entry.refunds)
            .bind(entry.refunded)
            .execute(&mut *db)
            .await?;
        }
        Ok(())
    }
}

/// Wei as the two columns that keep them.
fn split(wei: i128) -> Result<(i64, i64), StoreError> {
    let too_large = |_| StoreError::Conflict("the day's costs are too large to keep".to_owned());
    Ok((i64::try_from(wei / GWEI).map_err(too_large)?, i64::try_from(wei % GWEI).map_err(too_large)?))
}

/// Wei out of the two columns that keep them; never negative when they are summed up.
pub(crate) fn joined(gwei: i64, rest: i64) -> U256 {
    let wei = i128::from(gwei) * GWEI + i128::from(rest);
    U256::from(u128::try_from(wei).unwrap_or_default())
}

/// Notes which payments the transaction carries that is saved for a batch now: those that are not
/// decided.
pub(crate) async fn note_carried(db: &mut SqliteConnection, batch: BatchId) -> Result<(), StoreError> {
    sqlx::query(
        "update batch_payments set carried = case result when 'pending' then 1 else 0 end where batch_id = $1",
    )
    .bind(batch.0)
    .execute(db)
    .await?;
    Ok(())
}

/// One payment's share of what its transaction cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Share {
    wei: i64,
    day: i64,
    lost: bool,
    /// Millionths of a dollar, where the price of the coin was known.
    value: Option<i64>,
}

/// A payment that a batch's transaction carried.
struct Carried {
    seq: PaymentSeq,
    endpoint: EndpointId,
    settled: bool,
    share: Option<Share>,
}

fn carried(row: &SqliteRow) -> Result<Carried, StoreError> {
    let columns = Columns::of("batch_payments", row);
    let wei = columns.get::<Option<i64>>("cost_wei")?;
    let share = match (wei, columns.get::<Option<i64>>("cost_day")?) {
        (Some(wei), Some(day)) => Some(Share {
            wei,
            day,
            lost: columns.get::<Option<i64>>("cost_lost")? == Some(1),
            value: columns.get("cost_value")?,
        }),
        _ => None,
    };
    Ok(Carried {
        seq: PaymentSeq(columns.get("payment_seq")?),
        endpoint: EndpointId(columns.uuid("endpoint_id")?),
        settled: columns.word::<PaymentResult>("result")? == PaymentResult::Settled,
        share,
    })
}

/// Spreads what a batch's transactions cost, publishing fees included, over the payments they carried.
/// The sum of the shares is the cost, to the last wei. What was not settled by it is shown as lost.
pub(crate) async fn spread(db: &mut SqliteConnection, batch: BatchId) -> Result<(), StoreError> {
    let rows = sqlx::query(
        "select b.payment_seq, b.result, b.cost_wei, b.cost_day, b.cost_lost, b.cost_value, p.endpoint_id
         from batch_payments b join payments p on p.seq = b.payment_seq
         where b.batch_id = $1 and (b.carried = 1 or b.cost_wei is not null) order by b.payment_seq",
    )
    .bind(batch.0)
    .fetch_all(&mut *db)
    .await?;
    let members = rows.iter().map(carried).collect::<Result<Vec<_>, _>>()?;
    if members.is_empty() {
        return Ok(());
    }
    let paid = paid(db, batch).await?;
    let Some(asset) = sqlx::query("select asset_id from batches where id = $1")
        .bind(batch.0)
        .fetch_optional(&mut *db)
        .await?
        .map(|row| Columns::of("batches", &row).get("asset_id").map(AssetId))
        .transpose()?
    else {
        return Err(StoreError::NotFound("batch"));
    };
    let shares = match &paid {
        Some(paid) => shares(paid, &members),
        None => vec![None; members.len()],
    };
    let mut books = Books::default();
    for (member, share) in members.iter().zip(shares) {
        if member.share == share {
            continue;
        }
        if let Some(old) = member.share {
            books.cost(asset, member.endpoint, old, -1);
        }
        if let Some(new) = share {
            books.cost(asset, member.endpoint, new, 1);
        }
        sqlx::query(
            "update batch_payments set cost_wei = $3, cost_day = $4, cost_lost = $5, cost_value = $6
             where batch_id = $1 and payment_seq = $2",
        )
        .bind(batch.0)
        .bind(member.seq.0)
        .bind(share.map(|share| share.wei))
        .bind(share.map(|share| share.day))
        .bind(share.map(|share| i64::from(share.lost)))
        .bind(share.and_then(|share| share.value))
        .execute(&mut *db)
        .await?;
    }
    books.write(db).await
}

/// What a batch's mined transactions cost in all.
struct Paid {
    wei: U256,
    day: i64,
    /// Millionths of a dollar for one coin.
    price: Option<Amount>,
}

async fn paid(db: &mut SqliteConnection, batch: BatchId) -> Result<Option<Paid>, StoreError> {
    let rows = sqlx::query(
        "select r.attempt_id, r.cost_wei, r.seen_at, r.coin_price, t.chain_id
         from attempts t join receipts r on r.attempt_id = t.id where t.batch_id = $1 order by t.id",
    )
    .bind(batch.0)
    .fetch_all(&mut *db)
    .await?;
    let mut paid: Option<Paid> = None;
    for row in &rows {
        let columns = Columns::of("receipts", row);
        let known = columns.get::<Option<i64>>("coin_price")?;
        let price = match known {
            Some(_) => Some(columns.amount("coin_price")?),
            None => {
                let network = NetworkId::from_chain_id(columns.unsigned("chain_id")?);
                coin_price(db, network, columns.time("seen_at")?).await?
            }
        };
        if let (None, Some(price)) = (known, price) {
            // Stored with the batch: what the seller says later changes no older costs.
            sqlx::query("update receipts set coin_price = $2 where attempt_id = $1")
                .bind(columns.get::<i64>("attempt_id")?)
                .bind(price.as_i64())
                .execute(&mut *db)
                .await?;
        }
        let wei = columns.wei("cost_wei")?;
        paid = Some(match paid {
            None => Paid { wei, day: day(columns.time("seen_at")?), price },
            Some(before) => Paid { wei: before.wei.saturating_add(wei), ..before },
        });
    }
    Ok(paid)
}

/// What a network's coin is worth: as the seller said, else as its price feed told not long before `at`.
pub(crate) async fn coin_price(
    db: &mut SqliteConnection,
    network: NetworkId,
    at: DateTime<Utc>,
) -> Result<Option<Amount>, StoreError> {
    if let Some(coin) = network.known().map(|known| known.coin) {
        let said = settings::one(db, &format!("{COIN_PRICE}{coin}")).await?;
        if let Some(price) = said.and_then(|said| Amount::from_decimal(&said, PRICE_DECIMALS).ok()) {
            return Ok(Some(price));
        }
    }
    let row = sqlx::query("select price from coin_prices where chain_id = $1 and told_at > $2")
        .bind(signed(network.chain_id()))
        .bind((at - TOLD_FOR).timestamp_millis())
        .fetch_optional(db)
        .await?;
    row.map(|row| Columns::of("coin_prices", &row).amount("price")).transpose()
}

/// Writes down what a network's price feed told.
pub(crate) async fn note_price(
    db: &mut SqliteConnection,
    network: NetworkId,
    price: Amount,
    told_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into coin_prices (chain_id, price, told_at) values ($1, $2, $3)
         on conflict (chain_id) do update set price = excluded.price, told_at = excluded.told_at",
    )
    .bind(signed(network.chain_id()))
    .bind(price.as_i64())
    .bind(told_at.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Each member's part by its gas. Rounded on the running sum, so that the parts come to the whole.
fn shares(paid: &Paid, members: &[Carried]) -> Vec<Option<Share>> {
    let weight = |member: &Carried| if member.settled { SETTLED_WEIGHT } else { REFUSED_WEIGHT };
    let all: u128 = members.iter().map(weight).sum();
    // More than two coins for a payment is no network's price but a node's lie; it must not stop settling.
    let most = u128::from(i64::MAX.unsigned_abs() / 4) * members.len() as u128;
    let whole = u128::try_from(paid.wei).unwrap_or(u128::MAX).min(most);
    let value = |wei: u128| {
        let price = paid.price?;
        let value = U256::from(wei).saturating_mul(U256::from(price.atomic())) / U256::from(COIN);
        Some(i64::try_from(value).unwrap_or(i64::MAX))
    };
    let (mut weights, mut before) = (0, 0);
    let mut shares = Vec::with_capacity(members.len());
    for member in members {
        weights += weight(member);
        let so_far = whole.saturating_mul(weights) / all;
        shares.push(Some(Share {
            wei: i64::try_from(so_far - before).unwrap_or(i64::MAX),
            day: paid.day,
            lost: !member.settled,
            value: value(so_far).zip(value(before)).map(|(so_far, before)| so_far - before),
        }));
        before = so_far;
    }
    shares
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, any, proptest};

    use super::*;

    fn member(settled: bool) -> Carried {
        Carried { seq: PaymentSeq(1), endpoint: EndpointId::from_random([1; 16]), settled, share: None }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// I16: not a wei is lost between a receipt and the payments' shares.
        #[test]
        fn the_shares_come_to_the_cost(cost in 0..10_u64.pow(19), settled in proptest::collection::vec(any::<bool>(), 5..250)) {
            let price = Amount::from_decimal("3150.20", PRICE_DECIMALS).ok();
            let members: Vec<_> = settled.into_iter().map(member).collect();
            let paid = Paid { wei: U256::from(cost), day: 1, price };
            let shares: Vec<_> = shares(&paid, &members).into_iter().flatten().collect();
            let sum: i128 = shares.iter().map(|share| i128::from(share.wei)).sum();
            proptest::prop_assert_eq!(sum, i128::from(cost));
            let value: i64 = shares.iter().filter_map(|share| share.value).sum();
            let expected = U256::from(cost) * U256::from(3_150_200_000_u64) / U256::from(COIN);
            proptest::prop_assert_eq!(U256::from(value.unsigned_abs()), expected);
        }
    }

    #[test]
    fn what_the_token_refused_took_half_the_gas_and_is_lost() {
        let paid = Paid { wei: U256::from(500), day: 1, price: None };
        let shares = shares(&paid, &[member(true), member(false), member(true)]);
        let told: Vec<_> = shares.into_iter().flatten().map(|share| (share.wei, share.lost)).collect();
        assert_eq!(told, [(200, false), (100, true), (200, false)]);
    }

    #[test]
    fn a_node_that_lies_about_the_cost_stops_nothing() {
        let paid = Paid { wei: U256::MAX, day: 1, price: Some(Amount::MAX) };
        for share in shares(&paid, &[member(true), member(false)]).into_iter().flatten() {
            assert!(share.wei > 0);
        }
    }
}
