//! A stall with two files on sale, buyers, and a chain that says what a test wants.

mod conserved;

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

pub(super) use conserved::assert_conserved;

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
