use domain::{Delivery, Mode};
use http::StatusCode;
use http::header::{CONTENT_RANGE, HeaderMap, HeaderValue};
use store::PaymentRef;
use x402::{Beside, Paid, Payment, Progress, SettlementResponse};

use crate::body::Body;
use crate::catalogue::Item;
use crate::content::{Problem, Ready};
use crate::file_body::FileBody;
use crate::headers;
use crate::range::Span;
use crate::reply::{self, LATER, Reply};
use crate::shop::Shop;
use crate::stop::Stop;
use crate::tally::{Tally, Unsent};
use crate::{grants, receipts, status};

/// One verified payment and the request it came with.
#[derive(Clone, Copy)]
pub(crate) struct Sale<'s> {
    pub(crate) shop: &'s Shop,
    pub(crate) item: &'s Item,
    pub(crate) payment: &'s Payment,
    pub(crate) headers: &'s HeaderMap,
}

/// First byte and end of what the request asks for.
pub(crate) fn span(item: &Item, headers: &HeaderMap) -> Result<(u64, u64), Stop> {
    let bytes = item.goods.bytes();
    Span::of(headers, bytes, &item.etag()).bounds(bytes).ok_or_else(|| {
        let message = "The range asked for is not there, or is more than one. Nothing was charged.";
        let mut reply = reply::error(StatusCode::RANGE_NOT_SATISFIABLE, "range_not_satisfiable", message);
        if let Ok(all) = HeaderValue::try_from(format!("bytes */{bytes}")) {
            reply.headers_mut().insert(CONTENT_RANGE, all);
        }
        reply.into()
    })
}

impl Sale<'_> {
    /// Sends what `payment` bought, instant sales once their money has arrived. `new` when the payment
    /// was stored for this very answer.
    pub(crate) async fn deliver(
        &self,
        payment: PaymentRef,
        ready: Ready,
        (start, end): (u64, u64),
        new: bool,
    ) -> Result<Reply, Stop> {
        let payment = match payment.mode {
            Mode::Instant => self.settled(payment).await?,
            Mode::Batched => payment,
        };
        if grants::is_wanted(self.headers) {
            let mut reply = grants::granted(self.shop, self.item, &payment).await?;
            headers::settlement(reply.headers_mut(), self.settlement(&payment));
            return Ok(reply);
        }
        let bytes = self.item.goods.bytes();
        let tally = || Tally::begin(&self.shop.store, &payment, start, end, bytes);
        let body = match ready {
            Ready::Small(content) => match part(&content, start, end) {
                Some(content) => Body::from_memory(content, tally()),
                None => return Err(self.nothing_left(&payment, new, Problem::Changed).await),
            },
            Ready::Large(file) => {
                let unsent = Unsent::begin(&self.shop.store, &payment);
                let opened = FileBody::open(file, start, end).await;
                unsent.ends();
                match opened {
                    Ok(file) => {
                        let tally = tally();
                        tally.say_streaming();
                        Body::Large(file, tally)
                    }
                    Err(problem) => return Err(self.nothing_left(&payment, new, problem).await),
                }
            }
        };
        let mut headers = self.item.headers.clone();
        headers::settlement(&mut headers, self.settlement(&payment));
        let mut status = StatusCode::OK;
        if (start, end) != (0, bytes) {
            status = StatusCode::PARTIAL_CONTENT;
            let range = HeaderValue::try_from(format!("bytes {start}-{}/{bytes}", end - 1));
            if let Ok(range) = range {
                headers.insert(CONTENT_RANGE, range);
            }
        }
        Ok(reply::whole(status, headers, body))
    }

    /// No byte leaves, so a payment that was stored for this answer is dropped again; where it is too
    /// late for that, it can be claimed (T31).
    async fn nothing_left(&self, payment: &PaymentRef, new: bool, problem: Problem) -> Stop {
        tracing::warn!(path = %self.item.path, %problem, "a paid file cannot be delivered");
        if new {
            match self.shop.store.void(payment.seq, self.shop.clock.now()).await {
                Ok(true) => return problem.into(),
                Ok(false) => self.shop.store.record_delivery(payment.seq, Delivery::Interrupted, 0),
                Err(error) => return error.into(),
            }
        }
        let message = "The file cannot be read at the moment. Your payment stands: come again later with a \
                       fresh signature, and you are not charged again.";
        reply::unavailable("content_unavailable", message, LATER).into()
    }

    /// What became of the payment, what proves it, and where more is told.
    pub(crate) fn settlement(&self, payment: &PaymentRef) -> SettlementResponse {
        let shop = self.shop;
        let paid = self.paid(payment);
        let receipt = receipts::of_sale(shop, self.item, &paid, payment.accepted_at).extension();
        let public_url = shop.public_url.borrow().clone();
        let status_url = format!("{public_url}{}{}", status::PREFIX, payment.id);
        let receipt_url = format!("{public_url}{}", receipts::link(shop, payment.id));
        let beside = Beside {
            extensions: &[receipt],
            status_url: Some(&status_url),
            receipt_url: Some(&receipt_url),
            id_as_transaction: shop.chosen.borrow().id_as_transaction,
        };
        SettlementResponse::accepted_with(&paid, &beside)
    }

    fn paid(&self, payment: &PaymentRef) -> Paid {
        let progress = match payment.transaction {
            Some(transaction) if payment.state.is_paid() => Progress::Settled { transaction },
            _ => Progress::Queued {
                settle_by: u64::try_from(payment.settle_by.timestamp()).unwrap_or_default(),
            },
        };
        Paid {
            network: self.payment.network,
            payer: self.payment.authorization.from,
            amount: payment.amount,
            commitment_id: payment.id,
            progress,
        }
    }
}

pub(crate) fn part(content: &bytes::Bytes, start: u64, end: u64) -> Option<bytes::Bytes> {
    let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
    (start <= end && end <= content.len()).then(|| content.slice(start..end))
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::path::Path;
    use std::sync::Arc;

    use alloy_primitives::{Address, B256, U256};
    use chrono::{DateTime, Utc};
    use domain::{
        Amount, Asset, Audience, Authorization, Clock, EndpointId, MANUAL_WINDOW, NetworkId, OwnedFor, Part,
        PaymentState, RequestBinding, Signature, Sleep,
    };
    use futures::FutureExt as _;
    use store::{Acceptance, Accepted, NewEndpoint, NewOffer, Store};
    use tokio::sync::watch;
    use x402::Version;

    use super::*;
    use crate::catalogue::Catalogue;
    use crate::file_body::Source;
    use crate::limits::Limits;
    use crate::open_file::OpenFile;

    struct Noon;

    impl Clock for Noon {
        fn now(&self) -> DateTime<Utc> {
            DateTime::from_timestamp(1_800_000_000, 0).unwrap()
        }

        fn sleep_until(&self, _at: DateTime<Utc>) -> Sleep<'_> {
            Box::pin(std::future::pending())
        }
    }

    async fn shop(folder: &Path) -> Shop {
        fs::create_dir(folder.join("data")).unwrap();
        let (store, _) = Store::open(&folder.join("data/stall.db"), Noon.now()).await.unwrap();
        fs::write(folder.join("large.bin"), vec![7; 1024 * 1024]).unwrap();
        let content = crate::inspect(&folder.join("large.bin"), &folder.join("data")).await.unwrap();
        let asset = Asset {
            network: NetworkId::BASE_SEPOLIA,
            address: Address::repeat_byte(3),
            name: "USDC".to_owned(),
            version: "2".to_owned(),
            decimals: 6,
        };
        let endpoint = NewEndpoint {
            id: EndpointId::from_random([1; 16]),
            path: "/large".parse().unwrap(),
            title: "Large".to_owned(),
            description: String::new(),
            is_listed: true,
            content: content.into(),
            mode: Mode::Batched,
            owned_for: OwnedFor::DEFAULT,
        };
        let offer = NewOffer {
            part: Part::WHOLE,
            audience: Audience::Everybody,
            asset: store.know_asset(asset).await.unwrap(),
            pay_to: Address::repeat_byte(2),
            amount: Amount::from_atomic(5).unwrap(),
            window: MANUAL_WINDOW,
        };
        store.add_endpoint(endpoint, offer, Noon.now()).await.unwrap();
        let parts = crate::Parts {
            store,
            networks: crate::Networks::new(),
            public_url: watch::Sender::new("https://stall.example".parse().unwrap()).subscribe(),
            ways: watch::Sender::default().subscribe(),
            selling: watch::Sender::new(true).subscribe(),
            environment: domain::Environment::Practice,
            keys: crate::Keys {
                grants: wallet::GrantKey::open_or_create(&folder.join("grants.key"), [1; 32]).unwrap(),
                receipts: wallet::ReceiptKey::open_or_create(&folder.join("receipts.key"), [2; 32]).unwrap(),
                sign_in: wallet::SignInKey::new([3; 32]),
            },
            pictures: crate::PictureFolder::new(folder.join("pictures")),
            clock: Arc::new(Noon),
        };
        Shop::new(parts, Arc::new(Limits::default()), crate::shelf::Stock::default()).0
    }

    async fn catalogue(shop: &Shop) -> Catalogue {
        let listings = shop.store.catalogue().await.unwrap();
        let url = "https://stall.example".parse().unwrap();
        let (networks, halted) = (std::collections::HashMap::new(), std::collections::HashSet::new());
        Catalogue::build(listings, &networks, &halted, &url, &shop.challenges, &Catalogue::default())
    }

    /// A payment for the item, stored and not delivered.
    async fn sold(shop: &Shop, item: &Item) -> (Payment, PaymentRef) {
        let offer = Arc::clone(&item.quotes[0].offer);
        let mut bytes = [1; 65];
        bytes[64] = 27;
        let payment = Payment {
            version: Version::V2,
            network: NetworkId::BASE_SEPOLIA,
            authorization: Authorization {
                from: Address::repeat_byte(9),
                to: offer.pay_to,
                value: U256::from(5),
                valid_after: 0,
                valid_before: 1_800_100_000,
                nonce: B256::repeat_byte(4),
            },
            signature: bytes.into(),
            accepted: None,
            resource_url: None,
            identifier: x402::GivenIdentifier::None,
        };
        let accepted = shop.store.accept(Acceptance {
            part: Part::WHOLE,
            sha256: None,
            amount: offer.amount,
            offer,
            mode: Mode::Batched,
            settles_now: true,
            owned_for: OwnedFor::DEFAULT,
            by_service: false,
            authorization: payment.authorization.clone(),
            signature: Signature::normalise(&bytes).unwrap().into(),
            binding: RequestBinding::new("GET", &item.path, None, b""),
            balance: Amount::MAX,
            block: 1,
            protocol: 2,
            at: Noon.now(),
        });
        let Accepted::New(stored) = accepted.await.unwrap() else { panic!("not new") };
        (payment, stored)
    }

    // T31: the file breaks after the payment was stored and before the first byte left.
    #[tokio::test]
    async fn a_payment_whose_file_cannot_be_read_any_more_is_dropped_again() {
        let folder = tempfile::tempdir().unwrap();
        let shop = shop(folder.path()).await;
        let catalogue = catalogue(&shop).await;
        let item = catalogue.find("/large").unwrap();
        let (payment, stored) = sold(&shop, item).await;
        let path = folder.path().join("large.bin");
        let ready = Ready::Large(Source::File(Arc::new(OpenFile::open(&path).unwrap())));
        File::options().write(true).open(&path).unwrap().set_len(10).unwrap();

        let sale = Sale { shop: &shop, item, payment: &payment, headers: &HeaderMap::new() };
        let id = stored.id;
        match sale.deliver(stored, ready, (0, 1024 * 1024), true).await {
            Err(Stop::Reply(reply)) => assert_eq!(reply.status(), StatusCode::SERVICE_UNAVAILABLE),
            Err(Stop::Refused(_)) | Ok(_) => panic!("it was answered as if all were well"),
        }
        assert_eq!(shop.store.payment(id).await.unwrap().unwrap().state, PaymentState::Voided);
    }

    // T32: what was stored for a buyer who left before the first byte can be claimed.
    #[test]
    fn a_buyer_who_leaves_while_the_file_is_opened_can_claim_the_payment() {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().max_blocking_threads(1).build().unwrap().block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let shop = shop(folder.path()).await;
            let catalogue = catalogue(&shop).await;
            let item = catalogue.find("/large").unwrap();
            let (payment, stored) = sold(&shop, item).await;
            let ready = Ready::Large(Source::Slow(Arc::new(
                OpenFile::open(&folder.path().join("large.bin")).unwrap(),
            )));
            let sale = Sale { shop: &shop, item, payment: &payment, headers: &HeaderMap::new() };
            let id = stored.id;
            // The disk is slow: nothing is read before the buyer is gone.
            let (gone, slow) = std::sync::mpsc::channel::<()>();
            let disk = tokio::task::spawn_blocking(move || slow.recv().is_ok());
            assert!(sale.deliver(stored, ready, (0, 1024 * 1024), true).now_or_never().is_none());
            gone.send(()).unwrap();
            assert!(disk.await.unwrap());
            // Whatever is written next comes after the note.
            shop.store.set_setting("any".to_owned(), "thing".to_owned()).await.unwrap();
            let left = shop.store.payment(id).await.unwrap().unwrap();
            assert_eq!((left.state, left.delivery), (PaymentState::Queued, Delivery::Interrupted));
        });
    }
}
