use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use alloy_primitives::{Address, B256, U256};
use chrono::TimeDelta;
use domain::{
    Amount, Asset, AssetId, Audience, Authorization, AuthorizationKey, Clock as _, Content, EndpointId,
    FailureReason, Mode, NetworkId, Offer, OwnedFor, Part, PayerSignature, PaymentId, PaymentState,
    PublishedFile, RequestBinding, Signature, Window,
};
use settler::{LaneConfig, LaneState, SettleReport, Settler, SettlerConfig, Wait};
use store::{Acceptance, Accepted, BatchDetail, NewBatch, NewEndpoint, NewOffer, Payment, Store, Trigger};
use tempfile::TempDir;
use wallet::GasWallet;

use crate::clock::ManualClock;
use crate::ledger::START;
use crate::node::ScriptedNode;

pub(crate) const TOKEN: Address = Address::repeat_byte(0x70);
pub(crate) const PAY_TO: Address = Address::repeat_byte(0x99);
pub(crate) const PRICE: u64 = 50_000;
const NETWORK: NetworkId = NetworkId::BASE_SEPOLIA;

/// A seller's data file, a scripted node, and the time.
pub(crate) struct Stall {
    pub(crate) store: Store,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) node: Arc<ScriptedNode>,
    folder: TempDir,
    pub(crate) asset: AssetId,
    offers: [Arc<Offer>; 2],
    sold: u64,
}

/// One sale: the payment and what identifies its authorization.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sale {
    pub(crate) id: PaymentId,
    pub(crate) key: AuthorizationKey,
}

impl Stall {
    pub(crate) async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let clock = ManualClock::at(START);
        let (store, _) = Store::open(&folder.path().join("stall.db"), clock.now()).await.unwrap();
        let asset =
            Asset { network: NETWORK, address: TOKEN, name: "USDC".into(), version: "2".into(), decimals: 6 };
        let asset = store.know_asset(asset).await.unwrap();
        for (index, mode) in [(1, Mode::Batched), (2, Mode::Instant)] {
            let endpoint = NewEndpoint {
                id: EndpointId::from_random([index; 16]),
                path: format!("/{mode}").parse().unwrap(),
                title: mode.to_string(),
                description: String::new(),
                is_listed: true,
                content: Content::File(PublishedFile {
                    path: "/nowhere".into(),
                    file_name: "file".into(),
                    media_type: "text/plain".into(),
                    bytes: 1,
                    sha256: B256::ZERO,
                }),
                mode,
                owned_for: OwnedFor::NEVER,
            };
            let offer = NewOffer {
                part: Part::WHOLE,
                audience: Audience::Everybody,
                asset,
                pay_to: PAY_TO,
                amount: Amount::from_atomic(PRICE).unwrap(),
                window: Window::from_seconds(3_600).unwrap(),
            };
            store.add_endpoint(endpoint, offer, clock.now()).await.unwrap();
        }
        let offers = [Mode::Batched, Mode::Instant].map(|mode| (mode, store.clone()));
        let [batched, instant] = offers;
        let offers = [offer(batched).await, offer(instant).await];
        Self { store, clock, node: ScriptedNode::new(TOKEN), folder, asset, offers, sold: 0 }
    }

    /// The power fails, and the program starts again on the same file.
    pub(crate) async fn restart(&mut self, settler: Settler) {
        settler.stop().await;
        drop(settler);
        self.store.close().await.unwrap();
        let path = self.folder.path().join("stall.db");
        (self.store, _) = Store::open(&path, self.clock.now()).await.unwrap();
    }

    /// Makes a copy of the data file, as a backup would.
    pub(crate) async fn copy(&mut self) {
        self.store.close().await.unwrap();
        let path = self.folder.path().join("stall.db");
        std::fs::copy(&path, self.folder.path().join("copy.db")).unwrap();
        (self.store, _) = Store::open(&path, self.clock.now()).await.unwrap();
    }

    /// Puts the copy in the place of the data file.
    pub(crate) async fn put_copy_back(&mut self, settler: Settler) {
        settler.stop().await;
        drop(settler);
        self.store.close().await.unwrap();
        let path = self.folder.path().join("stall.db");
        std::fs::copy(self.folder.path().join("copy.db"), &path).unwrap();
        let (store, opened) = Store::open(&path, self.clock.now()).await.unwrap();
        assert!(opened.restored);
        self.store = store;
    }

    pub(crate) fn lane(&self) -> LaneConfig {
        LaneConfig {
            network: NETWORK,
            chain: self.node.clone(),
            wallet: GasWallet::from_key_bytes(&mut [7; 32]).unwrap(),
            multicall: Address::repeat_byte(0xca),
            largest: settler::most_per_transaction(1 << 24),
            facilitator: None,
        }
    }

    pub(crate) async fn settler(&self) -> Settler {
        let lanes = vec![self.lane()];
        Settler::start(SettlerConfig { store: self.store.clone(), clock: self.clock.clone(), lanes }).await
    }

    /// A coin is known to be worth three thousand dollars.
    pub(crate) async fn know_price(&self) {
        let price = Amount::from_atomic(3_000_000_000).unwrap();
        self.store.note_coin_price(NETWORK, price, self.clock.now()).await.unwrap();
    }

    /// A payer with just enough money buys.
    pub(crate) async fn sell(&mut self) -> Sale {
        self.sell_for(Mode::Batched, 3_600).await
    }

    pub(crate) async fn sell_for(&mut self, mode: Mode, window: u64) -> Sale {
        let authorization = self.authorization(window);
        self.accept(mode, authorization).await
    }

    /// A payer with code buys, who is never served on credit.
    pub(crate) async fn sell_to_code(&mut self, window: u64) -> Sale {
        let authorization = self.authorization(window);
        self.node.give_willing_code(authorization.from);
        let signature = PayerSignature::Code(vec![9; 100].into());
        self.accept_signed(Mode::Instant, authorization, signature).await
    }

    fn authorization(&mut self, window: u64) -> Authorization {
        self.sold += 1;
        let payer = Address::from_word(U256::from(0x5000 + self.sold).into());
        self.node.fund(payer, PRICE);
        Authorization {
            from: payer,
            to: PAY_TO,
            value: U256::from(PRICE),
            valid_after: 0,
            valid_before: self.clock.now().timestamp().cast_unsigned() + window,
            nonce: U256::from(self.sold).into(),
        }
    }

    /// The payer of an earlier sale buys again, without more money.
    pub(crate) async fn sell_again(&mut self, earlier: Sale) -> Sale {
        self.sold += 1;
        let authorization = Authorization {
            from: earlier.key.payer,
            to: PAY_TO,
            value: U256::from(PRICE),
            valid_after: 0,
            valid_before: self.clock.now().timestamp().cast_unsigned() + 3_600,
            nonce: U256::from(self.sold).into(),
        };
        self.accept(Mode::Batched, authorization).await
    }

    /// Opens a batch as a lane does, and nothing more.
    pub(crate) async fn open_batch(&self, sales: &[Sale]) {
        let mut payments = Vec::new();
        for sale in sales {
            payments.push(self.payment(*sale).await.seq);
        }
        let batch = NewBatch { asset: self.asset, payments, trigger: Trigger::Seller, at: self.clock.now() };
        self.store.open_batch(batch).await.unwrap();
    }

    pub(crate) async fn accept(&self, mode: Mode, authorization: Authorization) -> Sale {
        let mut signature = [1; 65];
        signature[64] = 27;
        self.accept_signed(mode, authorization, Signature::normalise(&signature).unwrap().into()).await
    }

    async fn accept_signed(
        &self,
        mode: Mode,
        authorization: Authorization,
        signature: PayerSignature,
    ) -> Sale {
        let offer = self.offers[usize::from(mode == Mode::Instant)].clone();
        let sale = Sale { id: authorization.payment_id(&offer.asset), key: authorization.key() };
        let path = format!("/{mode}").parse().unwrap();
        let acceptance = Acceptance {
            part: Part::WHOLE,
            sha256: None,
            amount: offer.amount,
            offer,
            mode,
            settles_now: true,
            owned_for: OwnedFor::NEVER,
            by_service: false,
            authorization,
            signature,
            binding: RequestBinding::new("GET", &path, Some(&sale.id.to_string()), b""),
            balance: Amount::from_atomic(10 * PRICE).unwrap(),
            block: 100,
            protocol: 2,
            at: self.clock.now(),
        };
        let accepted = self.store.accept(acceptance).await.unwrap();
        assert!(matches!(accepted, Accepted::New(_)), "{accepted:?}");
        sale
    }

    pub(crate) async fn payment(&self, sale: Sale) -> Payment {
        self.store.payment(sale.id).await.unwrap().unwrap()
    }

    pub(crate) async fn state(&self, sale: Sale) -> PaymentState {
        self.payment(sale).await.state
    }

    pub(crate) async fn reason(&self, sale: Sale) -> Option<FailureReason> {
        self.payment(sale).await.reason
    }

    /// Every batch there is, oldest first.
    pub(crate) async fn batches(&self) -> Vec<BatchDetail> {
        let mut batches = Vec::new();
        for summary in self.store.batches(None, 1_000).await.unwrap() {
            batches.push(self.store.batch(summary.id).await.unwrap().unwrap());
        }
        batches.reverse();
        batches
    }

    /// Our transactions that may still come or go, though nobody waits for them.
    pub(crate) async fn loose(&self) -> Vec<store::Loose> {
        self.store.loose(self.asset).await.unwrap()
    }

    pub(crate) async fn waiting(&self) -> u64 {
        self.store.queue(self.asset).await.unwrap().count
    }

    /// Lets time pass until `condition` holds.
    pub(crate) async fn until<F: Future<Output = bool>>(&self, what: &str, condition: impl FnMut() -> F) {
        self.in_steps(TimeDelta::milliseconds(200), what, condition).await;
    }

    async fn in_steps<F: Future<Output = bool>>(
        &self,
        step: TimeDelta,
        what: &str,
        mut condition: impl FnMut() -> F,
    ) {
        let patience = tokio::time::Instant::now() + Duration::from_secs(20);
        while !condition().await {
            assert!(tokio::time::Instant::now() < patience, "{what} did not come about");
            self.clock.advance(step);
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    pub(crate) async fn until_state(&self, sale: Sale, state: PaymentState) {
        let what = format!("a payment that is {state}");
        self.until(&what, || async { self.state(sale).await == state }).await;
    }

    /// Waits until the node has heard of `count` different transactions.
    pub(crate) async fn until_sent(&self, count: usize) {
        let what = format!("{count} transactions");
        self.until(&what, || async { self.node.transactions().len() >= count }).await;
    }

    /// Waits until bytes were handed over `count` times.
    pub(crate) async fn until_received(&self, count: usize) {
        let what = format!("{count} broadcasts");
        self.until(&what, || async { self.node.received().len() >= count }).await;
    }

    pub(crate) async fn until_queued(&self, count: u64) {
        self.until("their return", || async { self.waiting().await == count }).await;
    }

    pub(crate) async fn until_idle(&self, settler: &Settler) {
        self.until("rest", || async { settler.state().await[&NETWORK] == LaneState::Idle }).await;
    }

    /// Lets time pass during which nothing is expected to happen.
    pub(crate) async fn pass(&self, span: TimeDelta) {
        let end = self.clock.now() + span;
        let step = TimeDelta::milliseconds(200).max(span / 200);
        self.in_steps(step, "time", || async { self.clock.now() >= end }).await;
    }
}

async fn offer((mode, store): (Mode, Store)) -> Arc<Offer> {
    let listings = store.catalogue().await.unwrap();
    let listing = listings.iter().find(|listing| listing.endpoint.mode == mode).unwrap();
    Arc::new(listing.offers[0].clone())
}

pub(crate) async fn press(settler: &Settler) -> SettleReport {
    settler.settle_now(None, Wait::No).await.unwrap()
}
