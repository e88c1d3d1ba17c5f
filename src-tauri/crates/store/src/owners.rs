//! Who may have what was bought before without paying again.

use std::collections::HashSet;

use alloy_primitives::{Address, B256};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{EndpointId, Part};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::StoreError;
use crate::accept::runs;
use crate::column::Columns;
use crate::payments::{self, PaymentRef};
use crate::writer::Accepting;

/// How long a delivery that broke off can be resumed though what it delivers is not owned. Without an end, who never takes
/// the last byte would have every later version of it for one payment.
const RESUMED_WITHIN: TimeDelta = TimeDelta::days(3);

/// Who may claim something, and where.
pub(crate) type Owners = HashSet<Place>;

/// A part of an endpoint and who owns it.
pub(crate) type Place = (EndpointId, Part, Address);

/// Which payers of the group hold something they could claim at the same endpoint.
pub(crate) async fn claimable(db: &mut SqliteConnection, group: &[Accepting]) -> Result<Owners, StoreError> {
    let mut owners = Owners::new();
    for run in runs(group) {
        // A join in this order, because a list of pairs would be looked for in every grant.
        let mut query = QueryBuilder::<Sqlite>::new("with asked (endpoint_id, part, payer) as (");
        query.push_values(run, |mut row, Accepting { acceptance, .. }| {
            row.push_bind(acceptance.offer.endpoint.0.as_bytes().as_slice());
            row.push_bind(acceptance.part.as_str());
            row.push_bind(acceptance.payer().0.as_slice().to_vec());
        });
        query.push(
            ") select g.endpoint_id, g.part, g.payer from asked cross join grants g
               where g.claimable = 1 and g.endpoint_id = asked.endpoint_id and g.part = asked.part
                and g.payer = asked.payer",
        );
        for row in query.build().fetch_all(&mut *db).await? {
            let columns = Columns::of("grants", &row);
            let endpoint = EndpointId(columns.uuid("endpoint_id")?);
            owners.insert((endpoint, columns.word("part")?, columns.address("payer")?));
        }
    }
    Ok(owners)
}

/// The newest payment by which the payer may have a part of an endpoint's content without paying again: it is
/// owned, or its delivery broke off a short while ago. That gas cost more than it brought takes nothing from its buyer.
///
/// Where owners keep what they bought, a payment for another version than `on_sale` does not count: who was quoted that
/// would be given something else. What was bought before versions were noted has no other one to be given.
pub(crate) async fn owned(
    db: &mut SqliteConnection,
    (endpoint, part, payer): (EndpointId, &Part, Address),
    on_sale: Option<B256>,
    at: DateTime<Utc>,
) -> Result<Option<PaymentRef>, StoreError> {
    let row = sqlx::query(
        "select p.* from grants g join payments p on p.seq = g.payment_seq
         where g.claimable = 1 and g.endpoint_id = $1 and g.part = $4 and g.payer = $2
           and (g.owned_until > $3 or (p.delivery = 'interrupted' and p.accepted_at > $5))
           and (p.state in ('queued', 'settling', 'settled', 'settled_elsewhere')
                or (p.state = 'written_off' and p.reason = 'not_worth_gas'))
           and ($6 is null or g.sha256 is null or g.sha256 = $6 or exists (
                select 1 from endpoints e where e.id = g.endpoint_id and e.owners_get = 'newest'))
         order by p.seq desc limit 1",
    )
    .bind(endpoint.0.as_bytes().as_slice())
    .bind(payer.as_slice())
    .bind(at.timestamp_millis())
    .bind(part.as_str())
    .bind((at - RESUMED_WITHIN).timestamp_millis())
    .bind(on_sale.map(|sha256| sha256.to_vec()))
    .fetch_optional(db)
    .await?;
    row.map(|row| payments::reference(&row)).transpose()
}

/// Whether who owns a version of the endpoint's content owns what comes after it too.
pub(crate) async fn get_the_newest(
    db: &mut SqliteConnection,
    endpoint: EndpointId,
) -> Result<bool, StoreError> {
    let row = sqlx::query("select 1 from endpoints where id = $1 and owners_get = 'newest'")
        .bind(endpoint.0.as_bytes().as_slice())
        .fetch_optional(db)
        .await?;
    Ok(row.is_some())
}
