//! A stall with two files on sale, buyers, and a chain that says what a test wants.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use alloy_primitives::{Address, B256, Bytes, U256};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Amount, Asset, AssetId, Audience, Authorization, BatchId, CanonicalPath, Content, EndpointId, Evidence,
    MANUAL_WINDOW, Mode, NetworkId, Offer, Outcome, OwnedFor, Part, PaymentSeq, PaymentState, PublishedFile,
    RequestBinding, Signature,
};
use sqlx::{ConnectOptions as _, Row as _, SqliteConnection};
use tempfile::TempDir;

use crate::{
    Acceptance, Accepted, MinedAttempt, NewAttempt, NewBatch, NewEndpoint, NewOffer, OpenBatch, Payment,
    PaymentRef, SavedAttempt, Store, StoreError, Trigger, Verdict, file,
};

/// The price of everything at the stall.
pub(super) const PRICE: u64 = 10;

/// The block at which balances are read unless a test says otherwise.
pub(super) const BLOCK: u64 = 100;

pub(super) fn amount(atomic: u64) -> Amount {
    Amount::from_atomic(atomic).unwrap()
}

/// Some seconds after the stall opened.
pub(super) fn after(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::seconds(seconds)
}

pub(super) fn payer(number: u64) -> Address {
    Address::left_padding_from(&(number + 1).to_be_bytes())
}

pub(super) fn hash(number: u64) -> B256 {
    B256::left_padding_from(&(number + 1).to_be_bytes())
}

pub(super) fn wallet() -> Address {
    Address::repeat_byte(0x77)
}

pub(super) fn usdc() -> Asset {
    Asset {
        network: NetworkId::BASE_SEPOLIA,
        address: Address::repeat_byte(0x36),
        name: "USDC".to_owned(),
        version: "2".to_owned(),
        decimals: 6,
    }
}

pub(super) fn get(path: &str) -> RequestBinding {
    RequestBinding::new("GET", &path.parse().unwrap(), None, b"")
}

pub(super) fn evidence(block: u64) -> Evidence {
    Evidence { block, block_hash: hash(block), transaction: hash(1_000_000 + block) }
}

pub(super) fn new_endpoint(number: u8, path: &str, owned_for: OwnedFor) -> NewEndpoint {
    NewEndpoint {
        id: EndpointId::from_random([number; 16]),
        path: path.parse::<CanonicalPath>().unwrap(),
        title: format!("Number {number}"),
        description: String::new(),
        is_listed: true,
        content: Content::File(PublishedFile {
            path: format!("/files/{number}"),
            file_name: format!("{number}.pdf"),
            media_type: "application/pdf".to_owned(),
            bytes: 1_000,
            sha256: B256::repeat_byte(number),
        }),
        mode: Mode::Batched,
        owned_for,
    }
}

pub(super) fn new_offer(asset: AssetId, price: u64) -> NewOffer {
    NewOffer {
        part: Part::WHOLE,
        audience: Audience::Everybody,
        asset,
        pay_to: Address::repeat_byte(0x55),
        amount: amount(price),
        window: MANUAL_WINDOW,
    }
}

pub(super) struct Stall {
    pub(super) store: Store,
    pub(super) asset: AssetId,
    /// Owned for thirty days once it is bought.
    pub(super) guide: Arc<Offer>,
    /// Charged every time.
    pub(super) song: Arc<Offer>,
    folder: TempDir,
}

impl Stall {
    pub(super) async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let (store, opened) = Store::open(&folder.path().join("stall.db"), after(0)).await.unwrap();
        assert!(opened.created);
        let asset = store.know_asset(usdc()).await.unwrap();
        for (number, path, owned_for) in [(1, "/guide", OwnedFor::DEFAULT), (2, "/song", OwnedFor::NEVER)] {
            let endpoint = new_endpoint(number, path, owned_for);
            store.add_endpoint(endpoint, new_offer(asset, PRICE), after(0)).await.unwrap();
        }
        let offers: Vec<Arc<Offer>> = store
            .catalogue()
            .await
            .unwrap()
            .into_iter()
            .map(|mut listing| Arc::new(listing.offers.remove(0)))
            .collect();
        let [guide, song] = offers.try_into().unwrap();
        Self { store, asset, guide, song, folder }
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("stall.db")
    }

    /// Closes the file in order and opens it again.
    pub(super) async fn restart(self) -> Self {
        self.store.close().await.unwrap();
        let (store, opened) = Store::open(&self.path(), after(0)).await.unwrap();
        assert!(!opened.after_unclean_stop);
        Self { store, ..self }
    }

    /// A connection beside the store's own, for looking at what no public method tells.
    pub(super) async fn look(&self) -> SqliteConnection {
        file::options(&self.path()).connect().await.unwrap()
    }

    pub(super) async fn number(&self, query: &'static str) -> i64 {
        sqlx::query(query).fetch_one(&mut self.look().await).await.unwrap().try_get(0).unwrap()
    }

    pub(super) async fn held(&self, number: u64) -> u64 {
        let row = sqlx::query("select amount from holds where payer = $1")
            .bind(payer(number).to_vec())
            .fetch_optional(&mut self.look().await)
            .await
            .unwrap();
        row.map_or(0, |row| row.try_get::<i64, _>(0).unwrap().cast_unsigned())
    }

    /// A payment for the song, which is charged every time, by a payer with plenty.
    pub(super) fn song(&self, payer: u64, nonce: u64) -> Acceptance {
        acceptance(&self.song, OwnedFor::NEVER, "/song", payer, nonce)
    }

    /// A payment for the guide, which is owned from then on.
    pub(super) fn guide(&self, payer: u64, nonce: u64) -> Acceptance {
        acceptance(&self.guide, OwnedFor::DEFAULT, "/guide", payer, nonce)
    }

    pub(super) async fn sell(&self, acceptance: Acceptance) -> PaymentRef {
        new(self.store.accept(acceptance).await.unwrap())
    }

    /// Payments for the song, one by each of the payers from zero on.
    pub(super) async fn sell_songs(&self, count: u64) -> Vec<PaymentSeq> {
        let mut sold = Vec::new();
        for number in 0..count {
            sold.push(self.sell(self.song(number, 0)).await.seq);
        }
        sold
    }

    pub(super) async fn batch(&self, payments: &[PaymentSeq]) -> OpenBatch {
        self.try_batch(payments).await.unwrap()
    }

    pub(super) async fn try_batch(&self, payments: &[PaymentSeq]) -> Result<OpenBatch, StoreError> {
        self.store
            .open_batch(NewBatch {
                asset: self.asset,
                payments: payments.to_vec(),
                trigger: Trigger::Seller,
                at: after(60),
            })
            .await
    }

    pub(super) async fn attempt(&self, batch: BatchId, nonce: u64) -> SavedAttempt {
        self.store.save_attempt(new_attempt(batch, nonce, nonce)).await.unwrap()
    }

    pub(super) async fn record(&self, batch: BatchId, outcomes: &[(PaymentSeq, Outcome)]) {
        self.record_mined(batch, None, outcomes).await;
    }

    pub(super) async fn record_mined(
        &self,
        batch: BatchId,
        attempt: Option<MinedAttempt>,
        outcomes: &[(PaymentSeq, Outcome)],
    ) {
        let verdict = Verdict { batch, attempt, outcomes: outcomes.to_vec(), at: after(120) };
        self.store.record(verdict).await.unwrap();
    }

    /// All that was proved up to the block is final.
    pub(super) async fn finalise(&self, up_to_block: u64, at: DateTime<Utc>) {
        let proved = self.store.proved(self.asset, up_to_block).await.unwrap();
        self.store.finalise(self.asset, proved, at).await.unwrap();
    }

    /// Sells one song and settles it in the block.
    pub(super) async fn settle_one(&self, seq: PaymentSeq, nonce: u64, block: u64) -> BatchId {
        let batch = self.batch(&[seq]).await.id;
        let attempt = self.attempt(batch, nonce).await;
        self.record_mined(batch, Some(mined(&attempt, block)), &[(seq, Outcome::Settled(evidence(block)))])
            .await;
        batch
    }

    /// Everything about a payment.
    pub(super) async fn payment(&self, seq: PaymentSeq) -> Payment {
        let query =
            crate::PaymentQuery { before: Some(PaymentSeq(seq.0 + 1)), limit: 1, ..Default::default() };
        let payment = self.store.payments(query).await.unwrap().items.remove(0);
        assert_eq!(payment.seq, seq);
        payment
    }

    pub(super) async fn state(&self, seq: PaymentSeq) -> PaymentState {
        self.payment(seq).await.state
    }

    pub(super) async fn states(&self) -> Vec<(PaymentSeq, PaymentState)> {
        sqlx::query("select seq, state from payments order by seq")
            .fetch_all(&mut self.look().await)
            .await
            .unwrap()
            .iter()
            .map(|row| {
                let state = row.try_get::<&str, _>(1).unwrap().parse().unwrap();
                (PaymentSeq(row.try_get(0).unwrap()), state)
            })
            .collect()
    }

    /// I8 and all that must follow from the payments' own rows at every moment.
    pub(super) async fn assert_conserved(&self) {
        assert_conserved(&mut self.look().await).await;
    }
}

pub(super) fn acceptance(
    offer: &Arc<Offer>,
    owned_for: OwnedFor,
    path: &str,
    number: u64,
    nonce: u64,
) -> Acceptance {
    let now = after(10);
    let signed = now.timestamp().cast_unsigned();
    let mut signature = [1; 65];
    signature[24..32].copy_from_slice(&nonce.to_be_bytes());
    signature[64] = 27;
    Acceptance {
        offer: Arc::clone(offer),
        part: Part::WHOLE,
        sha256: None,
        amount: offer.amount,
        mode: Mode::Batched,
        settles_now: true,
        owned_for,
        by_service: false,
        authorization: Authorization {
            from: payer(number),
            to: offer.pay_to,
            value: offer.amount.into(),
            valid_after: signed - 600,
            valid_before: signed + u64::from(offer.window.seconds()),
            nonce: hash(nonce),
        },
        signature: Signature::normalise(&signature).unwrap().into(),
        binding: get(path),
        balance: amount(1_000_000),
        block: BLOCK,
        protocol: 2,
        at: now,
    }
}

pub(super) fn new_attempt(batch: BatchId, nonce: u64, number: u64) -> NewAttempt {
    NewAttempt {
        batch,
        purpose: domain::Purpose::Settle,
        network: NetworkId::BASE_SEPOLIA,
        wallet: wallet(),
        nonce,
        hash: hash(2_000_000 + number),
        raw: Bytes::copy_from_slice(&number.to_be_bytes()),
        gas_limit: 120_000,
        max_fee_per_gas: u128::from(u64::MAX) * 3,
        max_priority_fee_per_gas: 1,
        at: after(61),
    }
}

pub(super) fn mined(attempt: &SavedAttempt, block: u64) -> MinedAttempt {
    MinedAttempt {
        attempt: attempt.id(),
        evidence: evidence(block),
        succeeded: true,
        gas_used: 90_000,
        cost: U256::from(2_700_000_000_007_u64),
    }
}

pub(super) fn new(accepted: Accepted) -> PaymentRef {
    match accepted {
        Accepted::New(payment) => payment,
        other => panic!("not a new payment: {other:?}"),
    }
}

async fn count(db: &mut SqliteConnection, query: &'static str) -> i64 {
    sqlx::query(query).fetch_one(db).await.unwrap().try_get(0).unwrap()
}

pub(super) async fn assert_conserved(db: &mut SqliteConnection) {
    for (what, wrong) in [
        (
            "sums that are not what the payments come to",
            "select count(*) from (
                select asset_id, endpoint_id, day, state, sum(payments) as n, sum(amount) as total from (
                    select asset_id, endpoint_id, day, state, payments, amount from totals
                    union all
                    select asset_id, endpoint_id, accepted_at / 86400000, state, -1, -amount from payments
                ) group by 1, 2, 3, 4 having n <> 0 or total <> 0
             )",
        ),
        (
            "sums of amounts that are not what the payments come to",
            "select count(*) from (
                select asset_id, amount, day, endpoint_id, state, sum(payments) as n from (
                    select asset_id, amount, day, endpoint_id, state, payments from amount_totals
                    union all
                    select asset_id, amount, accepted_at / 86400000, endpoint_id, state, -1 from payments
                ) group by 1, 2, 3, 4, 5 having n <> 0
             )",
        ),
        (
            "sums of endpoints that are not what the payments come to",
            "select count(*) from (
                select endpoint_id, asset_id, state, sum(payments) as n, sum(amount) as total from (
                    select endpoint_id, asset_id, state, payments, amount from endpoint_totals
                    union all
                    select endpoint_id, asset_id, state, -1, -amount from payments
                ) group by 1, 2, 3 having n <> 0 or total <> 0
             )",
        ),
        (
            "sums of hours that are not what the payments come to",
            "select count(*) from (
                select hour, asset_id, state, sum(payments) as n, sum(amount) as total from (
                    select hour, asset_id, state, payments, amount from totals_by_hour
                    union all
                    select accepted_at / 3600000, asset_id, state, -1, -amount from payments
                ) group by 1, 2, 3 having n <> 0 or total <> 0
             )",
        ),
        (
            "payments outside of what their days are said to hold",
            "select count(*) from payments p where not exists (
                select 1 from payment_days d
                where d.day = p.accepted_at / 86400000 and p.seq between d.first_seq and d.last_seq
             )",
        ),
        (
            "minutes' arrivals that are not what came on chain in them",
            "select count(*) from (
                select asset_id, minute, sum(payments) as n, sum(amount) as total from (
                    select asset_id, minute, payments, amount from arrivals_by_minute
                    union all
                    select asset_id, decided_at / 60000, -1, -amount from payments
                    where state in ('settled', 'settled_elsewhere')
                        and decided_at / 60000 >= (select max(minute) - 4320 from arrivals_by_minute)
                ) where minute >= (select max(minute) - 4320 from arrivals_by_minute)
                group by 1, 2 having n <> 0 or total <> 0
             )",
        ),
        (
            "arrivals that are not what came on chain",
            "select count(*) from (
                select asset_id, day, sum(payments) as n, sum(amount) as total from (
                    select asset_id, day, payments, amount from arrivals
                    union all
                    select asset_id, decided_at / 86400000, -1, -amount from payments
                    where state in ('settled', 'settled_elsewhere')
                ) group by 1, 2 having n <> 0 or total <> 0
             )",
        ),
        (
            "books that are not what came on chain, what it cost and what was given back",
            "select count(*) from (
                select asset_id, endpoint_id, day, sum(payments) as n, sum(gross) as too_much,
                    sum(paid_gwei * 1000000000 + paid_rest) as paid, sum(lost_gwei * 1000000000 + lost_rest) as lost,
                    sum(unpriced_gwei * 1000000000 + unpriced_rest) as unpriced, sum(cost_value) as cost,
                    sum(refunds) as back, sum(refunded) as given from (
                    select asset_id, endpoint_id, day, payments, gross, paid_gwei, paid_rest, lost_gwei, lost_rest,
                        unpriced_gwei, unpriced_rest, cost_value, refunds, refunded from books
                    union all
                    select asset_id, endpoint_id, decided_at / 86400000, -1, -amount, 0, 0, 0, 0, 0, 0, 0, 0, 0
                    from payments where state in ('settled', 'settled_elsewhere')
                    union all
                    select p.asset_id, p.endpoint_id, b.cost_day, 0, 0, 0, -iif(b.cost_lost = 0, b.cost_wei, 0),
                        0, -iif(b.cost_lost = 1, b.cost_wei, 0), 0, -iif(b.cost_value is null, b.cost_wei, 0),
                        -coalesce(b.cost_value, 0), 0, 0
                    from batch_payments b join payments p on p.seq = b.payment_seq where b.cost_wei is not null
                    union all
                    select asset_id, endpoint_id, recorded_at / 86400000, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -amount
                    from refunds
                ) group by 1, 2, 3 having n <> 0 or too_much <> 0 or paid <> 0 or lost <> 0 or unpriced <> 0
                    or cost <> 0 or back <> 0 or given <> 0
             )",
        ),
        (
            "costs of transactions that are in no block, or shares without all their parts",
            "select count(*) from batch_payments b where (cost_wei is null) <> (cost_day is null)
                or (cost_wei is null) <> (cost_lost is null)
                or (cost_wei is not null and not exists (
                    select 1 from attempts t join receipts r on r.attempt_id = t.id where t.batch_id = b.batch_id
                ))",
        ),
        (
            "failed payments that nobody looks at again",
            "select count(*) from payments where state = 'failed' and next_look_at is null and looks = 0",
        ),
        (
            "decided payments without the moment, or open ones with one",
            "select count(*) from payments
             where (decided_at is null) <> (state in ('queued', 'settling'))
                or (written_off_at is not null) <> (state = 'written_off')",
        ),
        (
            "holds that are not what is held",
            "select count(*) from (
                select asset_id, payer, sum(amount) as too_much, sum(proved) as wrongly_proved from (
                    select asset_id, payer, amount, proved from holds
                    union all
                    select asset_id, payer, -amount, iif(evidence_block is null, 0, -amount)
                    from payments where held = 1
                ) group by 1, 2 having too_much <> 0 or wrongly_proved <> 0
             )",
        ),
        (
            "payments held, or not, against what their state says",
            "select count(*) from payments where held <> case
                when state in ('queued', 'settling') then 1
                when state in ('settled', 'settled_elsewhere', 'diverted') then held
                when state = 'written_off' and evidence_block is not null then held
                else 0 end",
        ),
        (
            "evidence that does not belong to its state",
            "select count(*) from payments where (evidence_block is not null)
                <> (state in ('settled', 'settled_elsewhere', 'cancelled', 'diverted')
                    or (state = 'written_off' and final_at is not null))
                or (evidence_block is null) <> (evidence_hash is null)
                or (evidence_block is null) <> (evidence_transaction is null)
                or (final_at is not null and evidence_block is null)",
        ),
        (
            "payments on their way that no open batch knows, or the other way round",
            "select count(*) from payments p where (p.state = 'settling') <> exists (
                select 1 from batch_payments b join batches on batches.id = b.batch_id
                where b.payment_seq = p.seq and b.result = 'pending' and b.batch_id = p.batch_id
                and batches.state in ('preparing', 'submitted') and batches.closed_at is null
             )",
        ),
        (
            "payments pending in several batches",
            "select count(*) from (
                select payment_seq from batch_payments where result = 'pending' group by 1 having count(*) > 1
             )",
        ),
        (
            "open batches with nothing pending, or closed ones with something",
            "select count(*) from batches where (closed_at is null) <> exists (
                select 1 from batch_payments where batch_id = batches.id and result = 'pending'
             ) or (closed_at is null) <> (state in ('preparing', 'submitted'))",
        ),
        (
            "payments without a grant, or voided ones with one",
            "select count(*) from payments p where (p.state = 'voided') = exists (
                select 1 from grants where payment_seq = p.seq
             )",
        ),
        (
            "payments on their way whose signature does not count as public",
            "select count(*) from payments where state not in ('queued', 'voided') and handed_over_at is null
                and (state <> 'written_off' or reason <> 'not_worth_gas')",
        ),
        (
            "payers whose sums are not what their payments come to",
            "select count(*) from (
                select payer, asset_id, sum(accepted) as a, sum(accepted_amount) as aa, sum(settled) as s,
                    sum(settled_amount) as sa, sum(lost) as l, sum(lost_amount) as la, sum(exposed) as e,
                    sum(exposed_amount) as ea
                from (
                    select payer, asset_id, accepted, accepted_amount, settled, settled_amount, lost,
                        lost_amount, exposed, exposed_amount from payers
                    union all
                    select payer, asset_id, -1, -amount, 0, 0, 0, 0, 0, 0 from payments where state <> 'voided'
                    union all
                    select payer, asset_id, 0, 0, -1, -amount, 0, 0, 0, 0 from payments
                    where state in ('settled', 'settled_elsewhere')
                    union all
                    select payer, asset_id, 0, 0, 0, 0, -1, -amount, 0, 0 from payments
                    where state in ('failed', 'expired', 'cancelled', 'diverted', 'written_off')
                    union all
                    select payer, asset_id, 0, 0, 0, 0, 0, 0, -1, -amount from payments
                    where state in ('queued', 'settling') and mode = 'batched'
                ) group by 1, 2 having a <> 0 or aa <> 0 or s <> 0 or sa <> 0 or l <> 0 or la <> 0 or e <> 0
                    or ea <> 0
             )",
        ),
        (
            "assets whose exposure is not what is open and did not wait",
            "select count(*) from (
                select asset_id, sum(payments) as n, sum(amount) as total from (
                    select asset_id, payments, amount from exposures
                    union all
                    select asset_id, -1, -amount from payments
                    where state in ('queued', 'settling') and mode = 'batched'
                ) group by 1 having n <> 0 or total <> 0
             )",
        ),
        (
            "payers of a payment that went wrong who are given credit unasked",
            "select count(*) from payments p where state in ('failed', 'cancelled', 'diverted') and not exists (
                select 1 from payer_standings s where s.payer = p.payer and s.standing <> 'trusted'
             )",
        ),
        ("rows that point nowhere", "select count(*) from pragma_foreign_key_check"),
    ] {
        assert_eq!(count(db, wrong).await, 0, "{what}");
    }
}
