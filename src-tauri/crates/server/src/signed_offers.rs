//! Offers that the stall signs, so that a buyer can show later what was asked.

use std::sync::{Arc, Mutex, PoisonError};

use domain::{Clock, Offer, OfferId};
use wallet::ReceiptKey;
use x402::{Extension, OfferTerms, PaymentRequired, shared_end, signed_offers};

/// How long an offer is promised at least; less than twice as long at most, which is as long as it is honoured when
/// another takes its place.
const PROMISED: u64 = 300;

/// Who signs.
pub(crate) struct Signer {
    key: ReceiptKey,
    clock: Arc<dyn Clock>,
}

/// The offers of one 402, signed anew as often as their promise ends.
pub(crate) struct SignedOffers {
    signer: Arc<Signer>,
    url: String,
    offers: Vec<Offer>,
    /// Bytes of JSON that they may take.
    room: usize,
    lately: Mutex<Option<(u64, Option<Extension>)>>,
}

impl Signer {
    pub(crate) fn new(key: ReceiptKey, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self { key, clock })
    }
}

impl SignedOffers {
    /// Those that a 402 shows; `taken` is what else has to fit into its header.
    pub(crate) fn of(
        signer: &Arc<Signer>,
        url: &str,
        shown: &PaymentRequired,
        offers: &[&Offer],
        taken: usize,
    ) -> Self {
        let find = |id: &OfferId| offers.iter().find(|offer| offer.id == *id).map(|offer| (*offer).clone());
        Self {
            signer: Arc::clone(signer),
            url: url.to_owned(),
            offers: shown.offers().iter().map_while(find).collect(),
            room: shown.room().saturating_sub(taken),
            lately: Mutex::default(),
        }
    }

    /// What the 402 says of them now; none where not one has room.
    pub(crate) fn extension(&self) -> Option<Extension> {
        let Signer { key, clock } = &*self.signer;
        let now = u64::try_from(clock.now().timestamp()).unwrap_or_default();
        let end = shared_end(now, PROMISED);
        let mut lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, extension)) = lately.as_ref().filter(|(until, _)| *until == end) {
            return extension.clone();
        }
        let signed = self.offers.iter().map(|offer| {
            let terms = OfferTerms::new(&self.url, offer, end);
            let signature = key.sign_receipt(&terms.digest());
            (terms, signature)
        });
        let signed: Vec<_> = signed.collect();
        let extension = signed_offers(signed.iter().map(|(terms, signature)| (terms, signature)), self.room);
        *lately = Some((end, extension.clone()));
        extension
    }
}
