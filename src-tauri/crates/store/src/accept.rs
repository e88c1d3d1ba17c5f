//! Accepting payments: the authorization's row, the payer's hold and the buyer's grant, for a whole
//! group of requests in one transaction (I1, I2, I5).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use alloy_primitives::{Address, B256};
use chrono::{DateTime, Utc};
use domain::{
    Admission, Amount, Authorization, Cap, EndpointId, FailureReason, Mode, Offer, OwnedFor, Part,
    PayerSignature, PayerStanding, PaymentId, PaymentSeq, PaymentState, RequestBinding, settle_by,
};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::column::{Columns, signed};
use crate::exposure::Exposures;
use crate::holds::Holds;
use crate::owners::{self, Owners, Place};
use crate::payments::{self, PaymentRef};
use crate::totals::{self, Totals};
use crate::writer::Accepting;
use crate::{StoreError, answers, narrow};

/// A verified authorization that answers an offer, and what the chain said about its payer.
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// The offer it answers.
    pub offer: Arc<Offer>,
    /// What it buys of the endpoint.
    pub part: Part,
    /// The digest of that; none where nobody knows it before.
    pub sha256: Option<B256>,
    /// What is paid: the offer's amount, or more where buyers choose their own price.
    pub amount: Amount,
    /// When the endpoint's content leaves. A batched sale beyond the seller's caps becomes an instant one.
    pub mode: Mode,
    /// Whether what has to be settled first can be settled now.
    pub settles_now: bool,
    /// How long the buyer owns what is bought.
    pub owned_for: OwnedFor,
    /// Whether a service is asked for it: until that has answered, the authorization is shown to nobody.
    pub by_service: bool,
    /// What the payer signed.
    pub authorization: Authorization,
    /// What the payer signed it with. What code judges is to be settled first: the caller says so by the mode.
    pub signature: PayerSignature,
    /// The request that is paid for.
    pub binding: RequestBinding,
    /// What the payer held.
    pub balance: Amount,
    /// The block the balance was read at.
    pub block: u64,
    /// The protocol version it arrived in: 1 or 2.
    pub protocol: u8,
    /// When it arrived.
    pub at: DateTime<Utc>,
}

/// What became of an acceptance. Durable when it is told.
#[derive(Clone, Debug)]
pub enum Accepted {
    /// Row, hold and grant are stored.
    New(PaymentRef),
    /// The same authorization for the same request, not yet shown to any node: the same grant.
    Repeat(PaymentRef),
    /// The payer already owns it, or an earlier delivery broke off: this authorization was discarded
    /// and the earlier payment counts. Where owners keep what they bought, only that version is owned.
    Owned(PaymentRef),
    /// The same authorization for the same request is on its way to the chain.
    InFlight(PaymentRef),
    /// The authorization was decided before, or belongs to another request.
    Used(Use),
    /// The payer promised more than it holds.
    Overdrawn {
        /// What it holds.
        balance: Amount,
        /// What it has promised already.
        held: Amount,
    },
    /// The seller's cap would be passed, and such sales are not made.
    Capped(Cap),
    /// The seller sells the payer nothing.
    Blocked,
    /// Code at the payer's address judges the signature, and let an earlier payment fail, or others of its kind did lately
    /// and it has never paid.
    Distrusted,
    /// It has to be settled first, and nothing can be settled at the moment.
    NotNow,
}

/// What an authorization that buys nothing any more was used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// This very request, which it paid for.
    Paid,
    /// This very request, for which no money came.
    Unpaid,
    /// Something else, or nothing: it was dropped.
    Other,
}

impl Acceptance {
    fn id(&self) -> PaymentId {
        self.authorization.payment_id(&self.offer.asset)
    }

    /// Whether the database's integers can keep what was signed, to the second.
    pub(crate) fn can_be_kept(&self) -> bool {
        [self.authorization.valid_after, self.authorization.valid_before, self.block]
            .into_iter()
            .all(|number| i64::try_from(number).is_ok())
    }

    fn place(&self) -> Place {
        (self.offer.endpoint, self.part.clone(), self.payer())
    }

    pub(crate) fn payer(&self) -> Address {
        self.authorization.from
    }

    fn reference(&self, seq: PaymentSeq, mode: Mode) -> PaymentRef {
        PaymentRef {
            seq,
            id: self.id(),
            state: PaymentState::Queued,
            accepted_at: self.at,
            settle_by: settle_by(self.authorization.valid_before, self.at),
            valid_before: self.authorization.valid_before,
            amount: self.amount,
            transaction: None,
            mode,
            delivery: domain::Delivery::Waiting,
        }
    }
}

/// Decides a group, in order, as if each request had come alone. Answers stand in the order of the
/// requests. `owners` are the group's [`claimable`](owners::claimable) ones; `next` is the number of the next payment.
pub(crate) async fn group(
    db: &mut SqliteConnection,
    group: &[Accepting],
    owners: &Owners,
    next: &mut PaymentSeq,
) -> Result<Vec<Accepted>, StoreError> {
    if group.is_empty() {
        return Ok(Vec::new());
    }
    let requests: Vec<&Acceptance> = group.iter().map(|one| &one.acceptance).collect();
    let mut claims = Vec::with_capacity(requests.len());
    for request in &requests {
        let may_own = owners.contains(&request.place());
        claims.push(if may_own { claim(db, request).await? } else { None });
    }
    let open: Vec<&Acceptance> =
        requests.iter().zip(&claims).filter(|(_, claim)| claim.is_none()).map(|(one, _)| *one).collect();
    let mut deciding = Deciding {
        exposures: Exposures::read(db, &open).await?,
        inserted: insert_payments(db, &open, next).await?,
        discarded: HashSet::new(),
        holds: Holds::read(db, open.iter().map(|one| (one.offer.asset_id, one.payer()))).await?,
        granted: Vec::with_capacity(open.len()),
        bought: HashMap::with_capacity(open.len()),
        owned: HashMap::new(),
    };
    let mut decided = Vec::with_capacity(requests.len());
    for (request, claim) in requests.iter().zip(claims) {
        decided.push(match claim {
            // Unless it bought something else a moment ago.
            Some(owned) if !deciding.bought.contains_key(&request.id()) => owned,
            Some(_) | None => deciding.decide(db, request, next).await?,
        });
    }
    let mut sums = Totals::default();
    for (_, request) in &deciding.granted {
        let offer = &request.offer;
        sums.add(offer.asset_id, offer.endpoint, request.at, PaymentState::Queued, request.amount);
    }
    insert_grants(db, &deciding.granted).await?;
    answers::await_them(db, &deciding.granted).await?;
    deciding.holds.write(db).await?;
    deciding.exposures.write(db).await?;
    sums.write(db).await?;
    let days = deciding.granted.iter().map(|(seq, request)| (totals::day(request.at), seq.0));
    narrow::remember_days(db, days).await?;
    Ok(decided)
}

/// A group on its way through: what the database does not show yet.
struct Deciding<'r> {
    /// Rows that were inserted ahead, until the first request for each of them comes up.
    inserted: HashMap<PaymentId, PaymentSeq>,
    /// Authorizations whose row was taken out again.
    discarded: HashSet<PaymentId>,
    exposures: Exposures,
    holds: Holds,
    granted: Vec<(PaymentSeq, &'r Acceptance)>,
    /// Which of the granted ones each authorization is.
    bought: HashMap<PaymentId, (PaymentSeq, &'r Acceptance, Mode)>,
    /// Who owns what since a moment ago.
    owned: HashMap<Place, (PaymentSeq, &'r Acceptance, Mode)>,
}

impl<'r> Deciding<'r> {
    async fn decide(
        &mut self,
        db: &mut SqliteConnection,
        request: &'r Acceptance,
        next: &mut PaymentSeq,
    ) -> Result<Accepted, StoreError> {
        let id = request.id();
        if let Some((seq, first, mode)) = self.bought.get(&id) {
            let same = first.binding == request.binding && first.offer.endpoint == request.offer.endpoint;
            return Ok(if same {
                Accepted::Repeat(first.reference(*seq, *mode))
            } else {
                Accepted::Used(Use::Other)
            });
        }
        let row = self.inserted.remove(&id);
        if row.is_none() && !self.discarded.contains(&id) {
            return repeat(db, request).await;
        }
        let place = request.place();
        if let Some((seq, first, mode)) = self.owned.get(&place)
            && first.owned_for.ends(first.at) > request.at
            && (first.sha256 == request.sha256 || owners::get_the_newest(db, request.offer.endpoint).await?)
        {
            let owned = first.reference(*seq, *mode);
            self.discard(db, id, row).await?;
            return Ok(Accepted::Owned(owned));
        }
        let mode = match self.admit(request) {
            Ok(mode) => mode,
            Err(refused) => {
                self.discard(db, id, row).await?;
                return Ok(refused);
            }
        };
        let (asset_id, amount) = (request.offer.asset_id, request.amount);
        let placed =
            self.holds.place(db, asset_id, request.payer(), amount, request.balance, request.block).await?;
        if let Err(held) = placed {
            self.discard(db, id, row).await?;
            return Ok(Accepted::Overdrawn { balance: request.balance, held });
        }
        let seq = match row {
            Some(seq) => seq,
            None => {
                let mut again = insert_payments(db, &[request], next).await?;
                again.remove(&id).ok_or(StoreError::NotFound("payment"))?
            }
        };
        if mode != request.mode {
            sqlx::query("update payments set mode = $2 where seq = $1")
                .bind(seq.0)
                .bind(mode.as_str())
                .execute(db)
                .await?;
        }
        self.exposures.add(request, mode);
        self.granted.push((seq, request));
        self.bought.insert(id, (seq, request, mode));
        if request.owned_for != OwnedFor::NEVER {
            self.owned.insert(place, (seq, request, mode));
        }
        Ok(Accepted::New(request.reference(seq, mode)))
    }

    /// When the content leaves, or why the sale is not made (I5). An instant sale gives nothing before
    /// its money has arrived, so no cap bounds it.
    fn admit(&self, request: &Acceptance) -> Result<Mode, Accepted> {
        // Trying again would cost gas for what code may refuse once more at will (I11, T19).
        if request.signature.is_of_code() && self.exposures.distrusts_code(request) {
            return Err(Accepted::Distrusted);
        }
        match self.admitted(request)? {
            Mode::Instant if !request.settles_now => Err(Accepted::NotNow),
            mode => Ok(mode),
        }
    }

    fn admitted(&self, request: &Acceptance) -> Result<Mode, Accepted> {
        if request.mode == Mode::Instant && self.exposures.standing(request) != PayerStanding::Blocked {
            return Ok(Mode::Instant);
        }
        match self.exposures.admit(request) {
            Admission::Batched => Ok(Mode::Batched),
            Admission::Instant => Ok(Mode::Instant),
            Admission::Refused(cap) => Err(Accepted::Capped(cap)),
            Admission::Blocked => Err(Accepted::Blocked),
        }
    }

    /// Takes out a row that bought nothing.
    async fn discard(
        &mut self,
        db: &mut SqliteConnection,
        id: PaymentId,
        row: Option<PaymentSeq>,
    ) -> Result<(), StoreError> {
        if let Some(seq) = row {
            sqlx::query("delete from payments where seq = $1").bind(seq.0).execute(db).await?;
        }
        self.discarded.insert(id);
        Ok(())
    }
}

/// The longest run, and what the lengths of runs longer than it are multiples of.
const LONGEST_RUN: usize = 64;
const STEP: usize = 8;

/// Splits rows into runs of a few lengths, so that a handful of prepared statements serves groups of
/// every size, with one or two of them for most.
pub(crate) fn runs<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = match rows.len() {
            0 => return None,
            short @ 1..=STEP => short,
            long => long.min(LONGEST_RUN) / STEP * STEP,
        };
        let (run, rest) = rows.split_at(length);
        rows = rest;
        Some(run)
    })
}

/// Discards a fresh authorization of a payer who may have the thing without paying again. An
/// authorization that was seen before proves nothing here: its signature may be public.
async fn claim(db: &mut SqliteConnection, request: &Acceptance) -> Result<Option<Accepted>, StoreError> {
    if payments::by_id(db, request.id()).await?.is_some() {
        return Ok(None);
    }
    let (endpoint, part, payer) = (request.offer.endpoint, &request.part, request.payer());
    let owned = if request.by_service {
        answers::owed(db, (endpoint, part, payer), request.binding, request.at).await?
    } else {
        owners::owned(db, (endpoint, part, payer), request.sha256, request.at).await?
    };
    Ok(owned.map(Accepted::Owned))
}

/// What an authorization that is already stored is worth when it comes again.
async fn repeat(db: &mut SqliteConnection, request: &Acceptance) -> Result<Accepted, StoreError> {
    let row = sqlx::query(
        "select p.*, g.request as request from payments p left join grants g on g.payment_seq = p.seq where p.id = $1",
    )
    .bind(request.id().0.as_bytes().as_slice())
    .fetch_optional(&mut *db)
    .await?
    .ok_or(StoreError::NotFound("payment"))?;
    let columns = Columns::of("payments", &row);
    let bound = columns.optional_hash("request")?;
    let endpoint = EndpointId(columns.uuid("endpoint_id")?);
    if bound != Some(request.binding.0) || endpoint != request.offer.endpoint {
        return Ok(Accepted::Used(Use::Other));
    }
    let earlier = payments::reference(&row)?;
    let handed_over = columns.get::<Option<i64>>("handed_over_at")?.is_some();
    // What was given up for its gas was delivered, and stays its buyer's.
    let stands = earlier.state.is_paid()
        || (earlier.state == PaymentState::WrittenOff
            && columns.optional_word("reason")? == Some(FailureReason::NotWorthGas));
    Ok(if stands {
        Accepted::Used(Use::Paid)
    } else if !earlier.state.is_open() {
        Accepted::Used(Use::Unpaid)
    } else if handed_over {
        Accepted::InFlight(earlier)
    } else {
        Accepted::Repeat(earlier)
    })
}

/// Inserts what is not there yet and says under which number.
async fn insert_payments(
    db: &mut SqliteConnection,
    requests: &[&Acceptance],
    next: &mut PaymentSeq,
) -> Result<HashMap<PaymentId, PaymentSeq>, StoreError> {
    let mut inserted = HashMap::with_capacity(requests.len());
    for run in runs(requests) {
        let first = *next;
        let mut query = QueryBuilder::<Sqlite>::new(
            "insert into payments (
                seq, id, asset_id, payer, nonce, offer_id, endpoint_id, pay_to, amount, valid_after, valid_before,
                signature, code_signature, protocol, mode, state, accepted_at, accepted_block, held, delivery,
                bytes_sent
            ) ",
        );
        query.push_values(run, |mut row, request| {
            let authorization = &request.authorization;
            let (of_key, of_code) = match &request.signature {
                PayerSignature::Key(signature) => (signature.as_bytes().as_slice(), None),
                PayerSignature::Code(bytes) => ([0; 65].as_slice(), Some(bytes.as_ref())),
            };
            row.push_bind(next.0)
                .push_bind(request.id().0.as_bytes().to_vec())
                .push_bind(request.offer.asset_id.0)
                .push_bind(authorization.from.to_vec())
                .push_bind(authorization.nonce.to_vec())
                .push_bind(request.offer.id.0)
                .push_bind(request.offer.endpoint.0.as_bytes().as_slice())
                .push_bind(request.offer.pay_to.as_slice())
                .push_bind(request.amount.as_i64())
                .push_bind(signed(authorization.valid_after))
                .push_bind(signed(authorization.valid_before))
                .push_bind(of_key)
                .push_bind(of_code)
                .push_bind(i64::from(request.protocol))
                .push_bind(request.mode.as_str())
                .push("'queued'")
                .push_bind(request.at.timestamp_millis())
                .push_bind(signed(request.block))
                .push("1, 'waiting', 0");
            next.0 += 1;
        });
        query.push(" on conflict (asset_id, payer, nonce) do nothing");
        let rows = query.build().execute(&mut *db).await?.rows_affected();
        if rows == run.len() as u64 {
            let numbers = (first.0..).map(PaymentSeq);
            inserted.extend(run.iter().map(|request| request.id()).zip(numbers));
        } else {
            inserted.extend(numbered(db, first).await?);
        }
    }
    Ok(inserted)
}

/// The payments from this number on.
async fn numbered(
    db: &mut SqliteConnection,
    first: PaymentSeq,
) -> Result<Vec<(PaymentId, PaymentSeq)>, StoreError> {
    let rows =
        sqlx::query("select seq, id from payments where seq >= $1").bind(first.0).fetch_all(db).await?;
    let number = |row| {
        let columns = Columns::of("payments", row);
        Ok((PaymentId(columns.uuid("id")?), PaymentSeq(columns.get("seq")?)))
    };
    rows.iter().map(number).collect()
}

/// The number of the next payment. Only the one writer gives numbers.
pub(crate) async fn next_number(db: &mut SqliteConnection) -> Result<PaymentSeq, StoreError> {
    let row = sqlx::query("select coalesce(max(seq), 0) + 1 as seq from payments").fetch_one(db).await?;
    Ok(PaymentSeq(Columns::of("payments", &row).get("seq")?))
}

async fn insert_grants(
    db: &mut SqliteConnection,
    granted: &[(PaymentSeq, &Acceptance)],
) -> Result<(), StoreError> {
    for run in runs(granted) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "insert into grants (payment_seq, endpoint_id, part, payer, request, owned_until, claimable,
                sha256) ",
        );
        query.push_values(run, |mut row, (seq, request)| {
            row.push_bind(seq.0)
                .push_bind(request.offer.endpoint.0.as_bytes().as_slice())
                .push_bind(request.part.as_str())
                .push_bind(request.authorization.from.as_slice())
                .push_bind(request.binding.0.as_slice())
                .push_bind(request.owned_for.ends(request.at).timestamp_millis())
                .push_bind(i64::from(request.owned_for != OwnedFor::NEVER))
                .push_bind(request.sha256.map(|sha256| sha256.to_vec()));
        });
        query.build().execute(&mut *db).await?;
    }
    Ok(())
}
