//! What code made us pay for nothing lately (I11, T19).

use std::collections::HashMap;

use chrono::TimeDelta;
use domain::NetworkId;
use sqlx::SqliteConnection;

use crate::StoreError;
use crate::accept::Acceptance;
use crate::column::{Columns, signed};

/// How many payments of code may be mined and fail on a network within a day before code that has never paid is not
/// believed any more.
const MOST: u64 = 3;
const WITHIN: TimeDelta = TimeDelta::days(1);

/// Payments of code that failed in a transaction which was mined, on one network and since a moment.
pub(crate) const BURNT: &str = "
    select count(*) as burnt from assets a cross join payments p
    where a.chain_id = $1 and p.asset_id = a.id and p.decided_at > $2
        and p.code_signature is not null and p.state in ('failed', 'written_off')
        and exists (
            select 1 from batch_payments b
            join attempts t on t.batch_id = b.batch_id join receipts r on r.attempt_id = t.id
            where b.batch_id = p.batch_id and b.payment_seq = p.seq and b.carried = 1 and t.purpose = 'settle'
        )";

/// How many there were, where somebody pays with code.
pub(crate) struct Burnt(HashMap<NetworkId, u64>);

impl Burnt {
    pub(crate) async fn read(
        db: &mut SqliteConnection,
        requests: &[&Acceptance],
    ) -> Result<Self, StoreError> {
        let mut burnt = HashMap::new();
        for request in requests.iter().filter(|request| request.signature.is_of_code()) {
            let network = request.offer.asset.network;
            if burnt.contains_key(&network) {
                continue;
            }
            let row = sqlx::query(BURNT)
                .bind(signed(network.chain_id()))
                .bind((request.at - WITHIN).timestamp_millis())
                .fetch_one(&mut *db)
                .await?;
            burnt.insert(network, Columns::of("payments", &row).unsigned("burnt")?);
        }
        Ok(Self(burnt))
    }

    /// Whether so many failed that a stranger's code is not believed.
    pub(crate) fn is_too_much(&self, request: &Acceptance) -> bool {
        self.0.get(&request.offer.asset.network).is_some_and(|burnt| *burnt >= MOST)
    }
}
