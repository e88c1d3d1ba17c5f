//! What is given before its money has arrived, held against the seller's caps in the transaction that
//! gives it (I5, T05). That transaction counts the payment, and triggers follow it through its states, so
//! that no way of changing one can miss the sums.

use std::collections::HashMap;

use alloy_primitives::Address;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Admission, Amount, AssetId, Exposed, ExposurePolicy, Mode, NetworkId, PayerStanding, in_millionths,
};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::accept::{Acceptance, runs};
use crate::burnt::Burnt;
use crate::column::Columns;
use crate::queue::{self, OpenPayment};
use crate::{Change, Store, StoreError};

/// What is open in an asset and did not wait for its money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AssetExposure {
    /// The asset.
    pub asset: AssetId,
    /// How many payments.
    pub payments: u64,
    /// What they come to.
    pub amount: Amount,
    /// Since when the oldest of them is open.
    pub oldest: Option<DateTime<Utc>>,
}

impl Store {
    /// The caps, once any were chosen.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn exposure_policy(&self) -> Result<Option<ExposurePolicy>, StoreError> {
        policy(&mut *self.reader().await?).await
    }

    /// Chooses the caps. They count from the next sale on.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_exposure_policy(
        &self,
        policy: ExposurePolicy,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move { Ok((set_policy(db, &policy, now).await?, vec![Change::Settings])) })
            })
            .await
    }

    /// How exposed every asset is.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn exposures(&self) -> Result<Vec<AssetExposure>, StoreError> {
        by_asset(&mut *self.reader().await?).await
    }

    /// The most exposed payers of an asset, the largest exposure first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn exposed_payers(
        &self,
        asset: AssetId,
        limit: u32,
    ) -> Result<Vec<(Address, Amount)>, StoreError> {
        exposed_payers(&mut *self.reader().await?, asset, limit).await
    }

    /// Some or all of the queued payments of a payer, in the order in which they end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn queued_of(
        &self,
        asset: AssetId,
        payer: Address,
        limit: u32,
    ) -> Result<Vec<OpenPayment>, StoreError> {
        queued_of(&mut *self.reader().await?, asset, payer, limit).await
    }
}

async fn policy(db: &mut SqliteConnection) -> Result<Option<ExposurePolicy>, StoreError> {
    let row = sqlx::query("select * from exposure_policy").fetch_optional(db).await?;
    let Some(row) = row else { return Ok(None) };
    let columns = Columns::of("exposure_policy", &row);
    let cap = |column| {
        columns
            .get::<Option<i64>>(column)?
            .map(|units| Amount::try_from(units).or_else(|_| columns.inconsistent(column)))
            .transpose()
    };
    Ok(Some(ExposurePolicy {
        per_sale: cap("per_sale")?,
        per_payer: cap("per_payer")?,
        per_new_payer: cap("per_new_payer")?,
        per_network: cap("per_network")?,
        total: cap("total")?,
        oldest: match columns.get::<Option<i64>>("oldest_seconds")? {
            Some(seconds) => Some(
                TimeDelta::try_seconds(seconds).map_or_else(|| columns.inconsistent("oldest_seconds"), Ok)?,
            ),
            None => None,
        },
        beyond: columns.word("beyond")?,
    }))
}

async fn set_policy(
    db: &mut SqliteConnection,
    policy: &ExposurePolicy,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into exposure_policy (
            one, per_sale, per_payer, per_new_payer, per_network, total, oldest_seconds, beyond, changed_at
         ) values (1, $1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (one) do update set per_sale = excluded.per_sale, per_payer = excluded.per_payer,
            per_new_payer = excluded.per_new_payer, per_network = excluded.per_network,
            total = excluded.total, oldest_seconds = excluded.oldest_seconds, beyond = excluded.beyond,
            changed_at = excluded.changed_at",
    )
    .bind(policy.per_sale.map(Amount::as_i64))
    .bind(policy.per_payer.map(Amount::as_i64))
    .bind(policy.per_new_payer.map(Amount::as_i64))
    .bind(policy.per_network.map(Amount::as_i64))
    .bind(policy.total.map(Amount::as_i64))
    .bind(policy.oldest.map(|oldest| oldest.num_seconds()))
    .bind(policy.beyond.as_str())
    .bind(now.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// In the words of the partial index that serves it.
pub(crate) const OLDEST_EXPOSED: &str = "
    select accepted_at from payments
    where asset_id = $1 and state in ('queued', 'settling') and mode = 'batched'
    order by accepted_at limit 1";

async fn oldest(db: &mut SqliteConnection, asset: AssetId) -> Result<Option<DateTime<Utc>>, StoreError> {
    let row = sqlx::query(OLDEST_EXPOSED).bind(asset.0).fetch_optional(db).await?;
    row.map(|row| Columns::of("payments", &row).time("accepted_at")).transpose()
}

async fn by_asset(db: &mut SqliteConnection) -> Result<Vec<AssetExposure>, StoreError> {
    let rows = sqlx::query(
        "select a.id, coalesce(e.payments, 0) as payments, coalesce(e.amount, 0) as amount
         from assets a left join exposures e on e.asset_id = a.id order by a.id",
    )
    .fetch_all(&mut *db)
    .await?;
    let mut exposures = Vec::with_capacity(rows.len());
    for row in rows {
        let columns = Columns::of("exposures", &row);
        let asset = AssetId(columns.get("id")?);
        exposures.push(AssetExposure {
            asset,
            payments: columns.unsigned("payments")?,
            amount: columns.amount("amount")?,
            oldest: oldest(db, asset).await?,
        });
    }
    Ok(exposures)
}

/// In the words of the partial index that serves it.
pub(crate) const EXPOSED_PAYERS: &str = "
    select payer, exposed_amount from payers where exposed > 0 and asset_id = $1
    order by exposed_amount desc, payer desc limit $2";

async fn exposed_payers(
    db: &mut SqliteConnection,
    asset: AssetId,
    limit: u32,
) -> Result<Vec<(Address, Amount)>, StoreError> {
    let rows = sqlx::query(EXPOSED_PAYERS).bind(asset.0).bind(i64::from(limit)).fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("payers", row);
            Ok((columns.address("payer")?, columns.amount("exposed_amount")?))
        })
        .collect()
}

/// Unsorted, so that it comes out of the unique key, which holds each payer's payments together.
pub(crate) const QUEUED_OF: &str =
    "select * from payments where asset_id = $1 and payer = $2 and state = 'queued'
       and seq not in (select payment_seq from answers where status is null) limit $3";

async fn queued_of(
    db: &mut SqliteConnection,
    asset: AssetId,
    payer: Address,
    limit: u32,
) -> Result<Vec<OpenPayment>, StoreError> {
    let rows = sqlx::query(QUEUED_OF)
        .bind(asset.0)
        .bind(payer.as_slice())
        .bind(i64::from(limit))
        .fetch_all(db)
        .await?;
    let mut payments = rows.iter().map(queue::open_payment).collect::<Result<Vec<_>, _>>()?;
    payments.sort_by_key(|payment| (payment.authorization.valid_before, payment.seq));
    Ok(payments)
}

/// What a group of sales is held against, as it stands after those of the group that were made.
pub(crate) struct Exposures {
    policy: ExposurePolicy,
    total: Amount,
    networks: HashMap<NetworkId, OfNetwork>,
    decimals: HashMap<AssetId, u8>,
    payers: HashMap<Address, OfPayer>,
    burnt: Burnt,
    /// What the group's own sales come to.
    sold: HashMap<(Address, AssetId), Sold>,
}

/// Sales to one payer.
#[derive(Clone, Copy, Debug, Default)]
struct Sold {
    at: DateTime<Utc>,
    accepted: (i64, Amount),
    exposed: (i64, Amount),
}

#[derive(Clone, Copy, Debug, Default)]
struct OfNetwork {
    exposed: Amount,
    oldest: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct OfPayer {
    standing: PayerStanding,
    exposed: Amount,
    has_settled: bool,
    has_failed: bool,
}

/// Adds up; what cannot be kept any more is beyond every cap.
fn sum(one: Amount, other: Amount) -> Amount {
    one.checked_add(other).unwrap_or(Amount::MAX)
}

impl Exposures {
    /// Reads what stands for the requests' payers, and for everybody.
    pub(crate) async fn read(
        db: &mut SqliteConnection,
        requests: &[&Acceptance],
    ) -> Result<Self, StoreError> {
        let mut exposures = Self {
            policy: policy(db).await?.unwrap_or_default(),
            total: Amount::ZERO,
            networks: HashMap::new(),
            decimals: HashMap::new(),
            payers: requests.iter().map(|request| (request.payer(), OfPayer::default())).collect(),
            burnt: Burnt::read(db, requests).await?,
            sold: HashMap::new(),
        };
        exposures.read_assets(db).await?;
        exposures.read_payers(db).await?;
        Ok(exposures)
    }

    async fn read_assets(&mut self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        let rows = sqlx::query(
            "select a.id, a.chain_id, a.decimals, coalesce(e.amount, 0) as amount
             from assets a left join exposures e on e.asset_id = a.id",
        )
        .fetch_all(&mut *db)
        .await?;
        for row in rows {
            let columns = Columns::of("assets", &row);
            let asset = AssetId(columns.get("id")?);
            let decimals = columns.unsigned("decimals")?;
            let exposed = in_millionths(columns.amount("amount")?, decimals);
            let waits = match self.policy.oldest {
                Some(_) => oldest(db, asset).await?,
                None => None,
            };
            self.decimals.insert(asset, decimals);
            self.total = sum(self.total, exposed);
            let network = NetworkId::from_chain_id(columns.unsigned("chain_id")?);
            let network = self.networks.entry(network).or_default();
            network.exposed = sum(network.exposed, exposed);
            network.oldest = network.oldest.into_iter().chain(waits).min();
        }
        Ok(())
    }

    async fn read_payers(&mut self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        let asked: Vec<Address> = self.payers.keys().copied().collect();
        for run in runs(&asked) {
            // Joins in this order, because a list would be looked for in every payer.
            let mut query = QueryBuilder::<Sqlite>::new("with asked (payer) as (");
            query.push_values(run, |mut row, payer| {
                row.push_bind(payer.to_vec());
            });
            query.push(
                ") select asked.payer, p.asset_id, coalesce(p.exposed_amount, 0) as exposed,
                        coalesce(p.settled, 0) as settled, coalesce(s.standing, 'normal') as standing,
                        s.because is not null as failed
                   from asked left join payers p on p.payer = asked.payer
                   left join payer_standings s on s.payer = asked.payer",
            );
            for row in query.build().fetch_all(&mut *db).await? {
                let columns = Columns::of("payers", &row);
                let payer = self.payers.entry(columns.address("payer")?).or_default();
                payer.standing = columns.word("standing")?;
                payer.has_failed = columns.get::<i64>("failed")? != 0;
                let Some(asset) = columns.get::<Option<i64>>("asset_id")? else { continue };
                let decimals = self.decimals.get(&AssetId(asset)).copied().unwrap_or_default();
                payer.exposed = sum(payer.exposed, in_millionths(columns.amount("exposed")?, decimals));
                payer.has_settled |= columns.get::<i64>("settled")? > 0;
            }
        }
        Ok(())
    }

    /// Where the request's payer stands.
    pub(crate) fn standing(&self, request: &Acceptance) -> PayerStanding {
        self.of_payer(request).standing
    }

    /// Whether code is not to be believed, because a payment that went wrong put the payer where it stands, or because
    /// others of its kind made us pay lately: an account is quickly made, and code may fail as often as it likes. Whoever
    /// has paid before is believed, and whom the seller trusts (I11, T19).
    pub(crate) fn distrusts_code(&self, request: &Acceptance) -> bool {
        let payer = self.of_payer(request);
        let is_known = payer.has_settled || payer.standing == PayerStanding::Trusted;
        payer.has_failed || (self.burnt.is_too_much(request) && !is_known)
    }

    /// How a batched sale is made.
    pub(crate) fn admit(&self, request: &Acceptance) -> Admission {
        let payer = self.of_payer(request);
        let network = self.networks.get(&request.offer.asset.network).copied().unwrap_or_default();
        let exposed = Exposed {
            payer: payer.exposed,
            payer_has_settled: payer.has_settled,
            network: network.exposed,
            total: self.total,
            oldest: network.oldest,
        };
        self.policy.admit(payer.standing, &exposed, self.price(request), request.at)
    }

    /// Counts a sale that was made.
    pub(crate) fn add(&mut self, request: &Acceptance, mode: Mode) {
        let amount = request.amount;
        let sold = self.sold.entry((request.payer(), request.offer.asset_id)).or_default();
        sold.at = sold.at.max(request.at);
        sold.accepted = (sold.accepted.0 + 1, sum(sold.accepted.1, amount));
        if mode == Mode::Instant {
            return;
        }
        sold.exposed = (sold.exposed.0 + 1, sum(sold.exposed.1, amount));
        let price = self.price(request);
        self.total = sum(self.total, price);
        let payer = self.payers.entry(request.payer()).or_default();
        payer.exposed = sum(payer.exposed, price);
        let network = self.networks.entry(request.offer.asset.network).or_default();
        network.exposed = sum(network.exposed, price);
        network.oldest = network.oldest.into_iter().chain([request.at]).min();
    }

    /// Writes what was counted.
    pub(crate) async fn write(self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        let sold: Vec<_> = self.sold.into_iter().collect();
        let mut assets: HashMap<AssetId, (i64, Amount)> = HashMap::new();
        for run in runs(&sold) {
            let mut query = QueryBuilder::<Sqlite>::new(
                "insert into payers (
                    payer, asset_id, first_seen_at, last_seen_at, accepted, accepted_amount,
                    settled, settled_amount, lost, lost_amount, exposed, exposed_amount
                ) ",
            );
            query.push_values(run, |mut row, ((payer, asset), sold)| {
                row.push_bind(payer.to_vec())
                    .push_bind(asset.0)
                    .push_bind(sold.at.timestamp_millis())
                    .push_bind(sold.at.timestamp_millis())
                    .push_bind(sold.accepted.0)
                    .push_bind(sold.accepted.1.as_i64())
                    .push("0, 0, 0, 0")
                    .push_bind(sold.exposed.0)
                    .push_bind(sold.exposed.1.as_i64());
                let asset = assets.entry(*asset).or_default();
                *asset = (asset.0 + sold.exposed.0, sum(asset.1, sold.exposed.1));
            });
            query.push(
                " on conflict (payer, asset_id) do update set
                    last_seen_at = max(payers.last_seen_at, excluded.last_seen_at),
                    accepted = payers.accepted + excluded.accepted,
                    accepted_amount = payers.accepted_amount + excluded.accepted_amount,
                    exposed = payers.exposed + excluded.exposed,
                    exposed_amount = payers.exposed_amount + excluded.exposed_amount",
            );
            query.build().execute(&mut *db).await?;
        }
        for (asset, (payments, amount)) in assets {
            sqlx::query(
                "insert into exposures (asset_id, payments, amount) values ($1, $2, $3)
                 on conflict (asset_id) do update set payments = exposures.payments + excluded.payments,
                    amount = exposures.amount + excluded.amount",
            )
            .bind(asset.0)
            .bind(payments)
            .bind(amount.as_i64())
            .execute(&mut *db)
            .await?;
        }
        Ok(())
    }

    fn of_payer(&self, request: &Acceptance) -> OfPayer {
        self.payers.get(&request.payer()).copied().unwrap_or_default()
    }

    fn price(&self, request: &Acceptance) -> Amount {
        in_millionths(request.amount, request.offer.asset.decimals)
    }
}
