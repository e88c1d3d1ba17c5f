//! A stall whose memory is real and whose clock is moved by hand.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use alloy_primitives::{Address, B256};
use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use domain::{
    Amount, Asset, Audience, Authorization, Clock, Content, EndpointId, Environment, EventKind,
    MANUAL_WINDOW, MessageId, Mode, NetworkId, Offer, OwnedFor, Part, PublishedFile, RequestBinding,
    Signature, Sleep, WebhookId,
};
use store::{
    Acceptance, Accepted, Message, MessageQuery, MessageState, NewEndpoint, NewOffer, NewWebhook, PaymentRef,
    Store, WebhookRow,
};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use webhooks::{Courier, CourierConfig, Secrets};

/// A clock that stands still until it is moved.
pub(crate) struct HandClock(watch::Sender<DateTime<Utc>>);

impl HandClock {
    pub(crate) fn advance(&self, span: TimeDelta) {
        self.0.send_modify(|now| *now += span);
    }
}

impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.borrow()
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> Sleep<'_> {
        let mut time = self.0.subscribe();
        Box::pin(async move { drop(time.wait_for(|now| *now >= at).await) })
    }
}

pub(crate) struct Stall {
    pub(crate) store: Store,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) environment: Environment,
    pub(crate) secrets: Secrets,
    folder: TempDir,
    offer: Arc<Offer>,
    sold: u64,
    starts: u8,
}

impl Stall {
    #[expect(clippy::disallowed_methods, reason = "receivers refuse what is not of this time")]
    pub(crate) async fn open(environment: Environment) -> Self {
        let folder = TempDir::new().unwrap();
        let now = DateTime::<Utc>::from(std::time::SystemTime::now()).trunc_subsecs(0);
        let clock = Arc::new(HandClock(watch::Sender::new(now)));
        let (store, _) = Store::open(&folder.path().join("stall.db"), now).await.unwrap();
        let asset = Asset {
            network: NetworkId::BASE_SEPOLIA,
            address: Address::repeat_byte(0x36),
            name: "USDC".to_owned(),
            version: "2".to_owned(),
            decimals: 6,
        };
        let asset = store.know_asset(asset).await.unwrap();
        let endpoint = NewEndpoint {
            id: EndpointId::from_random([7; 16]),
            path: "/guide".parse().unwrap(),
            title: "A guide".to_owned(),
            description: String::new(),
            is_listed: true,
            content: Content::File(PublishedFile {
                path: "/files/guide".to_owned(),
                file_name: "guide.pdf".to_owned(),
                media_type: "application/pdf".to_owned(),
                bytes: 1_000,
                sha256: B256::ZERO,
            }),
            mode: Mode::Batched,
            owned_for: OwnedFor::NEVER,
        };
        let offer = NewOffer {
            part: Part::WHOLE,
            audience: Audience::Everybody,
            asset,
            pay_to: Address::repeat_byte(0x55),
            amount: Amount::from_atomic(50_000).unwrap(),
            window: MANUAL_WINDOW,
        };
        store.add_endpoint(endpoint, offer, now).await.unwrap();
        let offer = Arc::new(store.catalogue().await.unwrap().remove(0).offers.remove(0));
        let secrets = Secrets::in_folder(folder.path().to_owned());
        Self { store, clock, environment, secrets, folder, offer, sold: 0, starts: 0 }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("stall.db")
    }

    pub(crate) async fn add(&self, url: &str, allowed: bool, events: &[EventKind]) -> WebhookRow {
        let new = NewWebhook { url: url.to_owned(), allowed, events: events.to_vec(), at: self.clock.now() };
        let row = self.store.add_webhook(new).await.unwrap();
        self.secrets.create(row.id, [u8::try_from(row.id.0).unwrap(); 32]).unwrap();
        row
    }

    /// The courier of a new start.
    pub(crate) fn courier(&mut self) -> Courier {
        self.starts += 1;
        let config = CourierConfig {
            store: self.store.clone(),
            clock: self.clock.clone(),
            environment: self.environment,
            secrets: self.secrets.clone(),
            own: None,
            seed: [self.starts; 32],
        };
        Courier::new(config).unwrap()
    }

    pub(crate) fn start(&mut self) -> (JoinHandle<()>, CancellationToken) {
        let stop = CancellationToken::new();
        (tokio::spawn(self.courier().run(stop.clone())), stop)
    }

    /// Somebody new pays now.
    pub(crate) async fn sell(&mut self) -> PaymentRef {
        self.sold += 1;
        let now = self.clock.now();
        let signed = now.timestamp().cast_unsigned();
        let mut signature = [1; 65];
        signature[64] = 27;
        let number = self.sold.to_be_bytes();
        let acceptance = Acceptance {
            offer: Arc::clone(&self.offer),
            part: Part::WHOLE,
            amount: self.offer.amount,
            mode: Mode::Batched,
            settles_now: true,
            owned_for: OwnedFor::NEVER,
            sha256: None,
            by_service: false,
            authorization: Authorization {
                from: Address::left_padding_from(&number),
                to: self.offer.pay_to,
                value: self.offer.amount.into(),
                valid_after: signed - 600,
                valid_before: signed + u64::from(self.offer.window.seconds()),
                nonce: B256::left_padding_from(&number),
            },
            signature: Signature::normalise(&signature).unwrap().into(),
            binding: RequestBinding::new("GET", &"/guide".parse().unwrap(), None, &number),
            balance: self.offer.amount,
            block: 1,
            protocol: 2,
            at: now,
        };
        match self.store.accept(acceptance).await.unwrap() {
            Accepted::New(payment) => payment,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn messages(&self) -> Vec<Message> {
        let mut all =
            self.store.messages(MessageQuery { limit: 1000, ..MessageQuery::default() }).await.unwrap();
        all.reverse();
        all
    }

    /// A message once it was tried so often, or was decided.
    pub(crate) async fn tried(&self, id: MessageId, times: u32) -> Message {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let message = self.store.message(id).await.unwrap().unwrap();
            if message.attempts >= times {
                return message;
            }
            assert!(Instant::now() < deadline, "{message:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    pub(crate) async fn delivered(&self, id: MessageId) -> Message {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let message = self.store.message(id).await.unwrap().unwrap();
            if message.state == MessageState::Delivered {
                return message;
            }
            assert!(Instant::now() < deadline, "{message:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// The only message, once there is one.
    pub(crate) async fn message(&self) -> Message {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(message) = self.messages().await.pop() {
                return message;
            }
            assert!(Instant::now() < deadline, "there is no message");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    pub(crate) async fn webhook(&self, id: WebhookId) -> WebhookRow {
        self.store.webhook(id).await.unwrap().unwrap()
    }
}
