//! Decides payments by evidence (I7): the token's events first, the nonce and the chain's time where
//! there are none. Nothing here is decided by an error text, a receipt's status or the passing of our
//! own time.

use std::collections::{HashMap, HashSet};

use alloy_primitives::{Address, B256};
use chain::{
    AuthorizationEvent, AuthorizationFate, Chain, ChainError, PayerFacts, PayerQuestion, Simulated, Transfer,
};
use chrono::{DateTime, Utc};
use domain::{Asset, Evidence, FailureReason, Outcome, PaymentSeq};
use store::OpenPayment;

use crate::deadline::latest_believed;
use crate::halt::is_away;

/// What is known of how the token would take the payments now.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refusals<'a> {
    /// These are refused.
    Known(&'a HashMap<PaymentSeq, FailureReason>),
    /// Not known: ask, with the gas wallet as the sender.
    Ask(Address),
    /// Not known and not to be asked, because asking shows a signature to the node.
    Leave,
}

/// Judges payments that no event in the given evidence decided.
///
/// `ours` are the hashes of our own transactions that could have carried them.
pub(crate) async fn judge(
    chain: &dyn Chain,
    asset: &Asset,
    payments: &[&OpenPayment],
    ours: &[B256],
    refusals: Refusals<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<(PaymentSeq, Outcome)>, ChainError> {
    let Some(from_block) = payments.iter().map(|payment| payment.accepted_block).min() else {
        return Ok(Vec::new());
    };
    // Read before the nonces: a window that is over at a final block stays over, and a nonce unused
    // at a later block was unused then.
    let final_time = final_time(chain, now).await;
    let facts = chain.payers(&questions(asset, payments)).await?;
    let (used, unused): (Vec<_>, Vec<_>) =
        payments.iter().copied().zip(facts).partition(|(_, facts)| facts.nonce_used);

    let mut outcomes = Vec::with_capacity(payments.len());
    if !used.is_empty() {
        let keys = used.iter().map(|(payment, _)| payment.authorization.key()).collect::<Vec<_>>();
        let mut events = chain.authorization_events(asset.address, &keys, from_block).await?;
        for (payment, _) in used {
            let outcome = take_event(&mut events, asset, payment)
                .map_or(Outcome::Unknown, |event| by_event(&event, payment, ours));
            outcomes.push((payment.seq, outcome));
        }
    }

    let alive =
        unused.iter().filter(|(payment, facts)| is_alive(payment, facts)).map(|(payment, _)| *payment);
    let asked = match refusals {
        Refusals::Ask(from) => refused(chain, from, asset, &alive.collect::<Vec<_>>()).await?,
        Refusals::Known(_) | Refusals::Leave => HashMap::new(),
    };
    let refused = if let Refusals::Known(refused) = refusals { refused } else { &asked };
    for (payment, facts) in unused {
        let refusal = refused.get(&payment.seq).copied().filter(|_| is_alive(payment, &facts));
        outcomes.push((payment.seq, unused_nonce(payment, final_time, refusal)));
    }
    Ok(outcomes)
}

/// The questions whose answers say whether each payment's nonce is used.
pub(crate) fn questions(asset: &Asset, payments: &[&OpenPayment]) -> Vec<PayerQuestion> {
    let question =
        |payment: &&OpenPayment| PayerQuestion { asset: asset.address, key: payment.authorization.key() };
    payments.iter().map(question).collect()
}

/// How the token would take payments now.
#[derive(Debug, Default)]
pub(crate) struct Tried {
    /// These it would refuse.
    pub(crate) refused: HashMap<PaymentSeq, FailureReason>,
    /// These are no company for others, because their payers have code (T51).
    pub(crate) apart: HashSet<PaymentSeq>,
}

/// Which of the payments the token would refuse now, one after the other on the pending state, and those whose
/// payers have code each for itself. Shows their signatures to the node.
pub(crate) async fn tried(
    chain: &dyn Chain,
    from: Address,
    asset: &Asset,
    payments: &[&OpenPayment],
) -> Result<Tried, ChainError> {
    let mut tried = Tried::default();
    if payments.is_empty() {
        return Ok(tried);
    }
    let transfers = transfers(payments);
    for (payment, mut fate) in payments.iter().zip(simulated(chain, from, asset, &transfers).await?) {
        if fate == Simulated::Apart {
            tried.apart.insert(payment.seq);
            let alone = self::transfers(&[payment]);
            fate = simulated(chain, from, asset, &alone).await?.first().copied().unwrap_or(fate);
        }
        match fate {
            Simulated::Pays => {}
            Simulated::Refused(reason) => drop(tried.refused.insert(payment.seq, reason)),
            Simulated::Apart => drop(tried.refused.insert(payment.seq, FailureReason::PayerHasCode)),
        }
    }
    Ok(tried)
}

/// The same where it makes no difference who goes with whom. Those that a node does not work out together are asked
/// about in halves; one that it works out in no company is refused for nothing that is known (I10).
pub(crate) async fn refused(
    chain: &dyn Chain,
    from: Address,
    asset: &Asset,
    payments: &[&OpenPayment],
) -> Result<HashMap<PaymentSeq, FailureReason>, ChainError> {
    let mut refused = HashMap::new();
    let mut parts = vec![payments];
    while let Some(part) = parts.pop() {
        match tried(chain, from, asset, part).await {
            Ok(tried) => refused.extend(tried.refused),
            Err(error) if is_away(&error) => return Err(error),
            Err(_) if part.len() > 1 => parts.extend(<[_; 2]>::from(part.split_at(part.len() / 2))),
            Err(error) => tracing::warn!(%error, "how the token would take a payment could not be found out"),
        }
    }
    Ok(refused)
}

async fn simulated(
    chain: &dyn Chain,
    from: Address,
    asset: &Asset,
    transfers: &[Transfer],
) -> Result<Vec<Simulated>, ChainError> {
    let simulated = chain.simulate(from, asset, transfers).await?;
    if simulated.len() != transfers.len() {
        return Err(ChainError::Unknown("a simulation with another number of answers than questions".into()));
    }
    Ok(simulated)
}

/// What the token has to be called with.
pub(crate) fn transfers(payments: &[&OpenPayment]) -> Vec<Transfer> {
    let transfer = |payment: &&OpenPayment| Transfer {
        authorization: payment.authorization.clone(),
        signature: payment.signature.clone(),
    };
    payments.iter().map(transfer).collect()
}

/// Takes the event about a payment out of the list, so that no event speaks for two payments.
pub(crate) fn take_event(
    events: &mut Vec<AuthorizationEvent>,
    asset: &Asset,
    payment: &OpenPayment,
) -> Option<AuthorizationEvent> {
    let key = payment.authorization.key();
    let found = events.iter().position(|event| event.asset == asset.address && event.key == key)?;
    Some(events.swap_remove(found))
}

/// What an event says about its payment: paid means the exact value to the payout address.
pub(crate) fn by_event(event: &AuthorizationEvent, payment: &OpenPayment, ours: &[B256]) -> Outcome {
    let evidence: Evidence = event.evidence;
    match event.what {
        AuthorizationFate::Cancelled => Outcome::Cancelled(evidence),
        AuthorizationFate::Used { transfer } if transfer == Some((payment.pay_to, payment.amount.into())) => {
            if ours.contains(&evidence.transaction) {
                Outcome::Settled(evidence)
            } else {
                Outcome::SettledElsewhere(evidence)
            }
        }
        AuthorizationFate::Used { .. } => Outcome::Diverted(evidence),
    }
}

/// The time of the newest block that no reorganisation takes back. Where nobody says it, or one of two nodes is away, it
/// is the epoch: then nothing expires, and what can be decided without it is (I10, T52). A chain is believed to be ahead
/// of this computer so far and no further: a node that lies about the time must not end what is queued (T53).
pub(crate) async fn final_time(chain: &dyn Chain, now: DateTime<Utc>) -> u64 {
    chain.final_time().await.map_or(0, |time| time.min(latest_believed(now)))
}

/// Whether the window is open at the block the facts were read at.
const fn is_alive(payment: &OpenPayment, facts: &PayerFacts) -> bool {
    facts.timestamp < payment.authorization.valid_before
}

/// What is known of a payment whose nonce is unused. Only a final block can say that it expired: the
/// step cannot be taken back.
const fn unused_nonce(payment: &OpenPayment, final_time: u64, refusal: Option<FailureReason>) -> Outcome {
    if final_time >= payment.authorization.valid_before {
        return Outcome::Expired;
    }
    match refusal {
        // The pending state refuses what the newest block does not: whether the nonce is used, or the
        // window over, will show in a block. And what gas costs is not the token's word.
        None | Some(FailureReason::NonceUsed | FailureReason::Expired | FailureReason::NotWorthGas) => {
            Outcome::Unknown
        }
        Some(
            reason @ (FailureReason::Underfunded
            | FailureReason::Blocked
            | FailureReason::PayoutBlocked
            | FailureReason::Paused
            | FailureReason::PayerHasCode
            | FailureReason::SignatureRefused
            | FailureReason::NotYetValid
            | FailureReason::Refused),
        ) => Outcome::Failed(reason),
    }
}

/// Whether a payment with this outcome goes back to the queue.
pub(crate) const fn returns(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Unknown => true,
        Outcome::Failed(reason) => reason.is_passing(),
        Outcome::Settled(_)
        | Outcome::SettledElsewhere(_)
        | Outcome::Cancelled(_)
        | Outcome::Diverted(_)
        | Outcome::Expired => false,
    }
}
