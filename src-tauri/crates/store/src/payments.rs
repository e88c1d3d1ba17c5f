use alloy_primitives::{Address, B256};
use chrono::{DateTime, Utc};
use domain::{
    Amount, Asset, AssetId, BatchId, CanonicalPath, Delivery, EndpointId, FailureReason, Mode, NetworkId,
    PaymentId, PaymentSeq, PaymentState, settle_by,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::StoreError;
use crate::column::Columns;
use crate::narrow::Narrow;
use crate::newest;

/// As much of a payment as serving its content needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRef {
    /// Its place in the order of acceptance.
    pub seq: PaymentSeq,
    /// Its id, which is also the commitment id that buyers are given.
    pub id: PaymentId,
    /// Where it stands.
    pub state: PaymentState,
    /// When it was stored.
    pub accepted_at: DateTime<Utc>,
    /// By when we want it settled.
    pub settle_by: DateTime<Utc>,
    /// Unix seconds; the authorization is worthless from then on.
    pub valid_before: u64,
    /// Its price.
    pub amount: Amount,
    /// The transaction that settled it, or that is meant to.
    pub transaction: Option<B256>,
    /// When its content leaves.
    pub mode: Mode,
    /// How far its bytes have got.
    pub delivery: Delivery,
}

/// One payment with what screens show of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Its place in the order of acceptance.
    pub seq: PaymentSeq,
    /// Its id.
    pub id: PaymentId,
    /// Where it stands.
    pub state: PaymentState,
    /// Why it could not be settled.
    pub reason: Option<FailureReason>,
    /// What it bought.
    pub endpoint: EndpointId,
    /// That endpoint's name now.
    pub endpoint_title: String,
    /// That endpoint's path.
    pub path: CanonicalPath,
    /// Which file of a folder, by its name in it, where each is bought by itself.
    pub file: Option<String>,
    /// Who paid.
    pub payer: Address,
    /// How much.
    pub amount: Amount,
    /// In what: its row.
    pub asset_id: AssetId,
    /// In what.
    pub asset: Asset,
    /// Where the money goes.
    pub pay_to: Address,
    /// The authorization's nonce.
    pub nonce: B256,
    /// Unix seconds; valid strictly after.
    pub valid_after: u64,
    /// Unix seconds; valid strictly before.
    pub valid_before: u64,
    /// When it was stored.
    pub accepted_at: DateTime<Utc>,
    /// How far its bytes have got.
    pub delivery: Delivery,
    /// How many of them.
    pub bytes_sent: u64,
    /// The batch it is or was last in.
    pub batch: Option<BatchId>,
    /// The facilitator that was asked to settle it there, as scheme and host.
    pub facilitator: Option<String>,
    /// The transaction that decided it, or else the one that is meant to.
    pub transaction: Option<B256>,
    /// The block that decided it.
    pub block: Option<u64>,
    /// Since when that is beyond reorganisation.
    pub final_at: Option<DateTime<Utc>>,
    /// The protocol version it came in.
    pub protocol: u8,
    /// When its content leaves.
    pub mode: Mode,
}

/// Which payments to list, newest first.
#[derive(Clone, Debug, Default)]
pub struct PaymentQuery {
    /// Only those in one of these states; all when there is none.
    pub states: Vec<PaymentState>,
    /// Only those for this endpoint.
    pub endpoint: Option<EndpointId>,
    /// Only those that this payer made.
    pub payer: Option<Address>,
    /// What else is asked of them.
    pub narrow: Narrow,
    /// Only those accepted before this one.
    pub before: Option<PaymentSeq>,
    /// At most this many.
    pub limit: u32,
}

/// A page of payments.
#[derive(Clone, Debug, Default)]
pub struct PaymentPage {
    /// Newest first.
    pub items: Vec<Payment>,
    /// Where the next page begins, if there is one.
    pub next: Option<PaymentSeq>,
}

pub(crate) fn reference(row: &SqliteRow) -> Result<PaymentRef, StoreError> {
    let columns = Columns::of("payments", row);
    let valid_before = columns.unsigned("valid_before")?;
    let accepted_at = columns.time("accepted_at")?;
    Ok(PaymentRef {
        seq: PaymentSeq(columns.get("seq")?),
        id: PaymentId(columns.uuid("id")?),
        state: columns.word("state")?,
        accepted_at,
        settle_by: settle_by(valid_before, accepted_at),
        valid_before,
        amount: columns.amount("amount")?,
        transaction: columns.optional_hash("evidence_transaction")?,
        mode: columns.word("mode")?,
        delivery: columns.word("delivery")?,
    })
}

pub(crate) async fn by_id(
    db: &mut SqliteConnection,
    id: PaymentId,
) -> Result<Option<PaymentRef>, StoreError> {
    let row = sqlx::query("select * from payments where id = $1")
        .bind(id.0.as_bytes().as_slice())
        .fetch_optional(db)
        .await?;
    row.map(|row| reference(&row)).transpose()
}

pub(crate) const SELECT: &str = "
    select p.*, e.title, e.path, a.chain_id, a.address, a.name, a.version, a.decimals,
        coalesce(p.evidence_transaction, (
            select t.hash from attempts t where t.batch_id = p.batch_id and t.rail = 'direct'
            and t.purpose = 'settle' and p.state in ('settling', 'settled') order by t.id desc limit 1
        )) as shown_transaction, (
            select t.facilitator from attempts t where t.payment_seq = p.seq and t.batch_id = p.batch_id
            order by t.id desc limit 1
        ) as facilitator, (
            select coalesce((
                select f.name from files f where f.endpoint_id = g.endpoint_id and f.part = g.part
            ), (
                select v.name from version_files v where v.endpoint_id = g.endpoint_id and v.part = g.part
                limit 1
            ), g.part) from grants g
            where g.payment_seq = p.seq and g.part <> '' and e.kind = 'folder'
        ) as file
    from payments p join endpoints e on e.id = p.endpoint_id join assets a on a.id = p.asset_id";

pub(crate) fn payment(row: &SqliteRow) -> Result<Payment, StoreError> {
    let columns = Columns::of("payments", row);
    Ok(Payment {
        seq: PaymentSeq(columns.get("seq")?),
        id: PaymentId(columns.uuid("id")?),
        state: columns.word("state")?,
        reason: columns.optional_word("reason")?,
        endpoint: EndpointId(columns.uuid("endpoint_id")?),
        endpoint_title: columns.get("title")?,
        path: columns.word("path")?,
        file: columns.get("file")?,
        payer: columns.address("payer")?,
        amount: columns.amount("amount")?,
        asset_id: AssetId(columns.get("asset_id")?),
        asset: Asset {
            network: NetworkId::from_chain_id(columns.unsigned("chain_id")?),
            address: columns.address("address")?,
            name: columns.get("name")?,
            version: columns.get("version")?,
            decimals: columns.unsigned("decimals")?,
        },
        pay_to: columns.address("pay_to")?,
        nonce: columns.hash("nonce")?,
        valid_after: columns.unsigned("valid_after")?,
        valid_before: columns.unsigned("valid_before")?,
        accepted_at: columns.time("accepted_at")?,
        delivery: columns.word("delivery")?,
        bytes_sent: columns.unsigned("bytes_sent")?,
        batch: columns.get::<Option<i64>>("batch_id")?.map(BatchId),
        facilitator: columns.get("facilitator")?,
        transaction: columns.optional_hash("shown_transaction")?,
        block: columns.optional_unsigned("evidence_block")?,
        final_at: columns.optional_time("final_at")?,
        protocol: columns.unsigned("protocol")?,
        mode: columns.word("mode")?,
    })
}

pub(crate) async fn find(db: &mut SqliteConnection, id: PaymentId) -> Result<Option<Payment>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(SELECT);
    query.push(" where p.id = ").push_bind(id.0.as_bytes().as_slice());
    let row = query.build().fetch_optional(db).await?;
    row.map(|row| payment(&row)).transpose()
}

pub(crate) async fn page(db: &mut SqliteConnection, wanted: PaymentQuery) -> Result<PaymentPage, StoreError> {
    let seqs = newest::seqs(db, &wanted).await?;
    listed(db, &seqs, wanted.limit).await
}

/// The page that some places in the order of acceptance make, of which the one beyond its length begins the next.
async fn listed(db: &mut SqliteConnection, seqs: &[i64], limit: u32) -> Result<PaymentPage, StoreError> {
    if seqs.is_empty() {
        return Ok(PaymentPage::default());
    }
    let shown = &seqs[..seqs.len().min(limit as usize)];
    let mut query = QueryBuilder::<Sqlite>::new(SELECT);
    query.push(" where p.seq in (");
    let mut places = query.separated(", ");
    for seq in shown {
        places.push_bind(*seq);
    }
    query.push(") order by p.seq desc");
    let rows = query.build().fetch_all(db).await?;
    let items = rows.iter().map(payment).collect::<Result<Vec<_>, _>>()?;
    let next = if seqs.len() > shown.len() { items.last().map(|last| last.seq) } else { None };
    Ok(PaymentPage { items, next })
}

/// Narrows a query of payments `p` to one payer's, in some states or in any. The unique key of
/// authorizations finds them, so that no index has to be kept for it with each sale.
pub(crate) fn of_payer(
    query: &mut QueryBuilder<Sqlite>,
    payer: Address,
    states: &[PaymentState],
    endpoint: Option<EndpointId>,
) {
    query.push(
        " and p.seq in (select seq from payments where asset_id in (select id from assets) and payer = ",
    );
    query.push_bind(payer.to_vec()).push(")");
    in_states(query, "p.", states, endpoint);
}

/// Narrows a query of a table to an endpoint and to some states, or to any.
pub(crate) fn in_states(
    query: &mut QueryBuilder<Sqlite>,
    table: &str,
    states: &[PaymentState],
    endpoint: Option<EndpointId>,
) {
    if let Some(endpoint) = endpoint {
        query.push(" and ").push(table).push("endpoint_id = ").push_bind(endpoint.0.as_bytes().to_vec());
    }
    if !states.is_empty() {
        query.push(" and ").push(table).push("state in (");
        let mut names = query.separated(", ");
        for state in states {
            names.push_bind(state.as_str());
        }
        query.push(")");
    }
}
