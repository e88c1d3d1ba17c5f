use chrono::{DateTime, TimeDelta, Utc};
use domain::{Amount, MAX_WINDOW, Offer, Signature, SignatureError};
use http::Uri;
use x402::{Code, Payment};

use crate::catalogue::{Item, Quote};
use crate::quotes::Choice;
use crate::stop::Refused;

/// How much further than the longest window an authorization may reach: room for a buyer's wrong
/// clock, not for one that will be good for years.
const BEYOND: TimeDelta = TimeDelta::days(1);

/// The least time that an authorization must have left to be settled first and delivered then: blocks take seconds, and
/// one that ends before it is mined costs gas for nothing.
const LEAST_FOR_INSTANT: TimeDelta = TimeDelta::seconds(30);

/// How much before it is signed an authorization begins to hold at most, where its client gives it a beginning at all.
const BEGINS_BEFORE: TimeDelta = TimeDelta::minutes(10);

/// How much a buyer's clock may be ahead when it matters when something was signed.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(10);

/// A payment that answers a quote of ours, as far as can be told without asking anybody.
pub(crate) struct Checked<'i> {
    pub(crate) quote: &'i Quote,
    /// What is paid.
    pub(crate) amount: Amount,
    pub(crate) signed_by: SignedBy,
    pub(crate) wait: Wait,
}

/// Whose signature it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignedBy {
    /// The payer's own key made it, in this one normal spelling.
    Key(Signature),
    /// No key did that is the payer's. If code stands at the payer's address, that code may take it all the same.
    Nobody(Option<SignatureError>),
}

/// What the time that an authorization has left is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    /// To wait as long as the seller's schedule promises.
    Queue,
    /// Only to be settled at once.
    None,
}

/// Finds the quote that a payment answers, by everything that can be told without asking anybody:
/// first what costs nothing, the signature last (I3, T11).
///
/// Terms that were superseded are honoured for a while; nothing that the buyer echoes sets one. What the request's own
/// query chose is asked of it, and only of it.
pub(crate) fn check<'i>(
    item: &'i Item,
    choice: Choice<'_>,
    payment: &Payment,
    now: DateTime<Utc>,
    restored_at: Option<DateTime<Utc>>,
) -> Result<Checked<'i>, Refused> {
    let honoured = item.honoured(choice, now);
    let answered = x402::select(payment, honoured.iter().map(|asked| &*asked.offer))
        .map_err(|mismatch| Refused::because(mismatch.code(payment.version), format!("{mismatch}.")))?;
    let normal = Signature::normalise(&payment.signature);
    let mut refused = Refused::from(Code::Signature);
    let mut of_nobody = None;
    for offer in answered {
        let time = in_time(payment, offer, now)
            .and_then(|wait| signed_since(payment, offer, now, restored_at).map(|()| wait));
        let wait = match time {
            Ok(wait) => wait,
            Err(time) => {
                refused = time;
                continue;
            }
        };
        same_resource(item, payment)?;
        let Some(quote) = item.quote(offer.id) else { continue };
        let amount = offer.amount;
        let payer = payment.authorization.from;
        // Some fifty microseconds on this thread: as many at once as there are threads, no more.
        if let Ok(signature) = normal
            && chain::recover(&quote.separator, &payment.authorization, &signature) == Some(payer)
        {
            return Ok(Checked { quote, amount, signed_by: SignedBy::Key(signature), wait });
        }
        // Code tells no more of version 1 than which offer came first.
        let signed_by = SignedBy::Nobody(normal.err());
        of_nobody = of_nobody.or(Some(Checked { quote, amount, signed_by, wait }));
    }
    of_nobody.ok_or(refused)
}

/// The authorization must be valid now and leave the time that settling it needs (I6).
fn in_time(payment: &Payment, offer: &Offer, now: DateTime<Utc>) -> Result<Wait, Refused> {
    let authorization = &payment.authorization;
    if authorization.valid_after > seconds(now) {
        return Err(Code::ValidAfter.into());
    }
    let wait = time_left(payment, offer, now)?;
    if authorization.valid_before > seconds(now + longest()) {
        let sentence = "The authorization is valid for much longer than was asked for.";
        return Err(Refused::because(Code::ValidBefore, sentence));
    }
    Ok(wait)
}

/// How far from now the end of anything may be that is taken.
fn longest() -> TimeDelta {
    TimeDelta::seconds(i64::from(MAX_WINDOW.seconds())) + BEYOND
}

/// After a copy of the data file was put back, what was signed before is refused: it may have bought
/// something that this file knows nothing of (T63). What did not hold by then, or ends later than
/// anything that was taken by then, was not. Else a client signs an end that is a window away, and
/// mostly a beginning of some minutes ago; what fits neither may have been signed at any time.
fn signed_since(
    payment: &Payment,
    offer: &Offer,
    now: DateTime<Utc>,
    restored_at: Option<DateTime<Utc>>,
) -> Result<(), Refused> {
    let Some(restored_at) = restored_at else { return Ok(()) };
    let (begins, ends) = (payment.authorization.valid_after, payment.authorization.valid_before);
    if begins > seconds(restored_at) || ends > seconds(restored_at + longest()) {
        return Ok(());
    }
    let window = TimeDelta::seconds(i64::from(offer.window.seconds()));
    let fits = ends <= seconds(now + window + CLOCKS_DIFFER)
        && ends > seconds(restored_at + window)
        && (begins == 0 || begins > seconds(restored_at - BEGINS_BEFORE));
    if fits {
        return Ok(());
    }
    let sentence = "The authorization was signed before this stall's data was restored. Sign a new one.";
    Err(Refused::because(Code::ValidBefore, sentence))
}

/// What the time is good for that is left of the authorization at `now`. What is too short for the wait that the
/// schedule promises is settled first, if there is time for that (I6).
pub(crate) fn time_left(payment: &Payment, offer: &Offer, now: DateTime<Utc>) -> Result<Wait, Refused> {
    let ends = payment.authorization.valid_before;
    if ends >= seconds(now + offer.window.least_left()) {
        Ok(Wait::Queue)
    } else if ends >= seconds(now + LEAST_FOR_INSTANT) {
        Ok(Wait::None)
    } else {
        Err(Code::ValidBefore.into())
    }
}

fn seconds(at: DateTime<Utc>) -> u64 {
    u64::try_from(at.timestamp()).unwrap_or_default()
}

/// A payment that says what it is for must be for this endpoint (T13). Only the path counts: the
/// same stall may be reached under several hosts.
fn same_resource(item: &Item, payment: &Payment) -> Result<(), Refused> {
    let Some(url) = &payment.resource_url else { return Ok(()) };
    let path = item.path.as_str();
    if url.parse::<Uri>().is_ok_and(|url| url.path() == path) {
        return Ok(());
    }
    Err(Refused::because(Code::PaymentRequirements, "The payment names another resource than this one."))
}
