//! Who has bought receives again: by a signed text instead of another payment (`sign-in-with-x`).

use std::net::IpAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use alloy_primitives::Address;
use chrono::{DateTime, Utc};
use domain::{Clock, CountedBy, Endpoint, Kind, NetworkId, OwnedFor, Quota, Signature};
use http::header::HeaderValue;
use http::request::Parts;
use x402::{Extension, Origin, SignIn, SignInRefusal, SignInTerms, UsedNonces, parse_sign_in};

use wallet::{ReceiptKey, SignInKey};

use crate::catalogue::Item;
use crate::public_url::PublicUrl;
use crate::quotas::Left;
use crate::reply::Reply;
use crate::shop::Shop;
use crate::signed_offers::Signer;
use crate::stop::{Refused, Stop};
use crate::{grants, headers, instant, paid};

/// What people read in their wallet.
const STATEMENT: &str = "Show that this wallet has paid. This costs nothing.";

/// The same where a wallet has something for nothing.
const FREE: &str = "Use one of the free requests of this wallet. This costs nothing.";

/// So many sign-ins open something within their time; who comes after has to sign again.
const MOST_USED: usize = 100_000;

/// Makes challenges, one for each 402, and recognises them without keeping any.
pub(crate) struct Challenges {
    /// Who signs what else a 402 says anew.
    pub(crate) signer: Arc<Signer>,
    key: SignInKey,
    clock: Arc<dyn Clock>,
    count: AtomicU32,
    used: Mutex<UsedNonces>,
}

impl Challenges {
    pub(crate) fn new(key: SignInKey, receipts: ReceiptKey, clock: Arc<dyn Clock>) -> Self {
        let used = Mutex::new(UsedNonces::new(MOST_USED, clock.now()));
        let signer = Signer::new(receipts, Arc::clone(&clock));
        Self { signer, key, clock, count: AtomicU32::new(0), used }
    }

    fn first_use(&self, nonce: &str, now: DateTime<Utc>) -> bool {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).first_use(nonce, now)
    }
}

/// What can be signed for one thing, and who makes the challenges.
pub(crate) struct Asking {
    terms: SignInTerms,
    origin: Origin,
    challenges: Arc<Challenges>,
}

impl Asking {
    /// Where there is anything that a wallet could own, or has for nothing. What a service does is done once.
    pub(crate) fn of(
        endpoint: &Endpoint,
        quota: Option<Quota>,
        url: &str,
        networks: &[NetworkId],
        challenges: &Arc<Challenges>,
    ) -> Option<Self> {
        let statement = if endpoint.content.kind() == Kind::Service {
            quota.filter(|quota| quota.counted_by == CountedBy::Wallet).map(|_| FREE)?
        } else if endpoint.owned_for == OwnedFor::NEVER {
            return None;
        } else {
            STATEMENT
        };
        let end = url.find("://").and_then(|at| url[at + 3..].find('/').map(|slash| at + 3 + slash))?;
        let origin = Origin::parse(&url[..end])?;
        let uri = format!("{origin}{}", &url[end..]);
        let terms = SignInTerms::new(&origin, &uri, Some(statement), networks).ok()?;
        Some(Self { terms, origin, challenges: Arc::clone(challenges) })
    }

    /// Bytes to keep free for the challenge.
    pub(crate) fn room(&self) -> usize {
        self.terms.room()
    }

    /// One that nobody was given before.
    pub(crate) fn challenge(&self) -> Extension {
        let Challenges { key, clock, count, .. } = &*self.challenges;
        let now = clock.now();
        let issued_at = SignInTerms::issued_at(now);
        let nonce = key.nonce(count.fetch_add(1, Ordering::Relaxed), &issued_at, self.origin.as_str());
        self.terms.challenge(&nonce, now)
    }
}

/// Whether somebody signs in.
pub(crate) fn is_tried(head: &Parts) -> bool {
    head.headers.contains_key(headers::SIGN_IN_WITH_X)
}

/// Answers who signs in: with what is theirs, or with the terms. `from` is whom it counts for if it was in vain.
pub(crate) async fn answer(shop: &Shop, item: &Item, head: &Parts, from: Option<IpAddr>) -> Reply {
    match receive(shop, item, head, from).await {
        Ok(reply) => reply,
        Err(stop) => paid::stopped(item, head, stop),
    }
}

impl From<SignInRefusal> for Stop {
    fn from(refusal: SignInRefusal) -> Self {
        Refused::because(refusal.code(), format!("The sign-in was not taken: {refusal}.")).into()
    }
}

/// Reads a sign-in and looks at everything but whose it is.
fn read(shop: &Shop, item: &Item, head: &Parts, now: DateTime<Utc>) -> Result<SignIn, Stop> {
    let values = head.headers.get_all(headers::SIGN_IN_WITH_X).iter().map(HeaderValue::as_bytes);
    let sign_in = parse_sign_in(values)?.ok_or(SignInRefusal::Nonce)?;
    let origin = origin(&shop.public_url.borrow()).ok_or(SignInRefusal::Domain)?;
    let networks: Vec<NetworkId> = item.assets().map(|asset| asset.network).collect();
    let issued = |nonce: &str, issued_at: &str| shop.challenges.key.issued(nonce, issued_at, origin.as_str());
    sign_in.check(&origin, &networks, now, issued)?;
    Ok(sign_in)
}

/// Takes for who signs in with a key what is left for the wallet, once for each challenge. No account's code is asked: it
/// would be a stranger's, and for nothing (T51).
pub(crate) fn with_key<'s>(
    shop: &'s Shop,
    item: &Item,
    head: &Parts,
    from: Option<IpAddr>,
    left: impl FnOnce(Address) -> Option<Left<'s>>,
) -> Result<(), Stop> {
    let now = shop.clock.now();
    let sign_in = read(shop, item, head, now)?;
    if !is_by_key(&sign_in) {
        from.inspect(|address| shop.paces.bad_signature(*address));
        return Err(SignInRefusal::Signature.into());
    }
    let Some(left) = left(sign_in.address) else {
        let sentence =
            "All requests that were free for this wallet today are used up, or for all that ask from there.";
        return Err(Refused::because(x402::Code::TransactionState, sentence).into());
    };
    // Whoever only repeats what a wallet signed uses up nothing of that wallet's.
    if !shop.challenges.first_use(&sign_in.nonce, now) {
        return Err(SignInRefusal::Nonce.into());
    }
    left.take();
    Ok(())
}

async fn receive(shop: &Shop, item: &Item, head: &Parts, from: Option<IpAddr>) -> Result<Reply, Stop> {
    let now = shop.clock.now();
    let sign_in = read(shop, item, head, now)?;
    // From here on it costs more than the arithmetic of a code, so what comes to nothing counts as a bad signature does (T73).
    let in_vain = |stop: Stop| {
        from.inspect(|address| shop.paces.bad_signature(*address));
        stop
    };
    let is_by_key = is_by_key(&sign_in);
    let owned = shop.store.owned(item.endpoint.id, &item.part, sign_in.address, now).await?;
    // A stranger's code is run only where there is something that it could open (T51).
    if !is_by_key && (owned.is_none() || !is_by_code(shop, item, &sign_in).await?) {
        return Err(in_vain(SignInRefusal::Signature.into()));
    }
    let Some(payment) = owned else {
        let sentence = "This wallet owns nothing of this, or not any more.";
        return Err(in_vain(Refused::because(x402::Code::TransactionState, sentence).into()));
    };
    // Last of all, so that only who owns something can use one up.
    if !shop.challenges.first_use(&sign_in.nonce, now) {
        return Err(SignInRefusal::Nonce.into());
    }
    if payment.mode == domain::Mode::Instant && !payment.state.is_paid() {
        return Err(instant::pending(payment.transaction).into());
    }
    if grants::is_wanted(&head.headers) {
        return grants::granted(shop, item, &payment).await;
    }
    grants::send(shop, item, &payment, head, None).await
}

/// Where wallets are told that they sign in.
fn origin(public_url: &PublicUrl) -> Option<Origin> {
    Origin::parse(&public_url.to_string())
}

/// Whether the address's own key signed.
fn is_by_key(sign_in: &SignIn) -> bool {
    let by_key = Signature::normalise(&sign_in.signature).ok();
    by_key.and_then(|signature| chain::who_signed(&sign_in.message(), &signature)) == Some(sign_in.address)
}

/// Whether the address's code says that it signed.
async fn is_by_code(shop: &Shop, item: &Item, sign_in: &SignIn) -> Result<bool, Stop> {
    let quote = item.quotes.iter().find(|quote| quote.offer.asset.network == sign_in.network);
    let chain = quote.and_then(|quote| quote.chain.as_ref()).ok_or(SignInRefusal::Verifier)?;
    let _turn = shop.code_turns.acquire().await;
    let (address, message) = (sign_in.address, sign_in.message());
    let answer = chain::has_signed(&**chain, address, &message, &sign_in.signature).await;
    Ok(answer.map_err(|error| {
        tracing::warn!(%error, "whether an account signed in could not be asked");
        SignInRefusal::Verifier
    })?)
}
