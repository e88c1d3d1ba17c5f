//! After a payment failed: its signature holds until its window is over, so the chain is asked again,
//! at growing distances. What somebody else submitted counts; what would be paid now is tried again;
//! what is over is let be.

use std::collections::HashSet;
use std::sync::Arc;

use alloy_primitives::{Address, B256};
use chain::{Chain, ChainError};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Amount, Asset, AssetId, Clock, NetworkId, Outcome, PaymentSeq, PaymentState};
use store::{Look, OpenPayment, Store, Watched};
use tokio_util::sync::CancellationToken;

use crate::halt::{Halt, ask};
use crate::judge::{by_event, final_time, questions, refused, take_event};
use crate::pace::pause;
use crate::worth::marginal_cost;

/// How many payments one look covers.
const AT_ONCE: u32 = 100;

const FIRST_LOOK: TimeDelta = TimeDelta::minutes(1);
const LAST_LOOK: TimeDelta = TimeDelta::hours(1);
/// The last try comes this long before a window ends.
const BEFORE_THE_END: TimeDelta = TimeDelta::minutes(2);

/// How long nobody looks whether anything is due: the computer may have slept, and failures come.
const LONGEST_REST: TimeDelta = TimeDelta::seconds(30);
const SHORTEST_REST: TimeDelta = TimeDelta::seconds(1);

/// How the chain stands to a payment that is in no batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prospect {
    /// Its nonce was used, and the token said what for (I7).
    Proved(Outcome),
    /// Its window is over in a final block with its nonce unused: it can never come.
    Over,
    /// Its window is open and its nonce unused.
    Open,
    /// Neither is certain yet.
    Unclear,
}

/// Asks how the chain stands to payments of one asset that are in no batch, in their order. Shows no
/// signature.
///
/// # Errors
/// When the chain cannot be asked.
pub async fn examine(
    chain: &dyn Chain,
    asset: &Asset,
    payments: &[&OpenPayment],
    now: DateTime<Utc>,
) -> Result<Vec<Prospect>, ChainError> {
    let Some(from_block) = payments.iter().map(|payment| payment.accepted_block).min() else {
        return Ok(Vec::new());
    };
    // Read before the nonces, as a nonce that is unused in a later block was unused then.
    let final_time = final_time(chain, now).await;
    let facts = chain.payers(&questions(asset, payments)).await?;
    let used = payments.iter().zip(&facts).filter(|(_, facts)| facts.nonce_used);
    let keys: Vec<_> = used.map(|(payment, _)| payment.authorization.key()).collect();
    let mut events = if keys.is_empty() {
        Vec::new()
    } else {
        chain.authorization_events(asset.address, &keys, from_block).await?
    };
    let prospect = |(payment, facts): (&&OpenPayment, &chain::PayerFacts)| {
        let end = payment.authorization.valid_before;
        if facts.nonce_used {
            let event = take_event(&mut events, asset, payment);
            event.map_or(Prospect::Unclear, |event| Prospect::Proved(by_event(&event, payment, &[])))
        } else if final_time >= end {
            Prospect::Over
        } else if facts.timestamp < end {
            Prospect::Open
        } else {
            Prospect::Unclear
        }
    };
    Ok(payments.iter().zip(&facts).map(prospect).collect())
}

/// What a mined transaction proves about a payment (I7); none when it is in no block, or says nothing
/// about it.
///
/// # Errors
/// When the chain cannot be asked.
pub async fn proof_in(
    chain: &dyn Chain,
    asset: &Asset,
    payment: &OpenPayment,
    transaction: B256,
) -> Result<Option<Outcome>, ChainError> {
    let mined = chain.mined(transaction).await?;
    // A receipt of another transaction proves nothing (T53).
    let Some(mut mined) = mined.filter(|mined| mined.evidence.transaction == transaction) else {
        return Ok(None);
    };
    let event = take_event(&mut mined.events, asset, payment);
    Ok(event.map(|event| by_event(&event, payment, &[])))
}

/// Looks after the failed payments of one network, beside its lane.
pub(crate) struct Afterwards {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chain: Arc<dyn Chain>,
    pub(crate) network: NetworkId,
    pub(crate) wallet: Address,
    pub(crate) stop: CancellationToken,
}

impl Afterwards {
    /// Looks until told to stop.
    pub(crate) async fn run(self) {
        loop {
            let nap = match self.look().await {
                Ok(next) => {
                    let left = next.map(|next| next.signed_duration_since(self.clock.now()));
                    left.unwrap_or(LONGEST_REST).clamp(SHORTEST_REST, LONGEST_REST)
                }
                Err(Halt::Stopped) => return,
                Err(halt) => {
                    tracing::warn!(network = %self.network, reason = halt.sentence(), "failed payments could not be looked at");
                    LONGEST_REST
                }
            };
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = pause(&*self.clock, nap) => {}
            }
        }
    }

    /// One look at everything that is due; answers when the next is.
    async fn look(&self) -> Result<Option<DateTime<Utc>>, Halt> {
        let mut next: Option<DateTime<Utc>> = None;
        for (id, asset) in self.store.assets().await? {
            if asset.network != self.network {
                continue;
            }
            while self.look_at(id, &asset).await? {}
            let due = self.store.next_look(id).await?;
            next = [next, due].into_iter().flatten().min();
        }
        Ok(next)
    }

    /// True when there may be more that is due.
    async fn look_at(&self, id: AssetId, asset: &Asset) -> Result<bool, Halt> {
        let now = self.clock.now();
        let watched = self.store.watched(id, now, AT_ONCE).await?;
        if watched.is_empty() {
            return Ok(false);
        }
        let full = u32::try_from(watched.len()).is_ok_and(|read| read >= AT_ONCE);
        let payments: Vec<_> = watched.iter().map(|watched| &watched.payment).collect();
        let prospects = ask(&self.stop, examine(&*self.chain, asset, &payments, now)).await?;
        let tried: Vec<_> = watched
            .iter()
            .zip(&prospects)
            .filter(|(watched, prospect)| **prospect == Prospect::Open && watched.may_be_retried())
            .map(|(watched, _)| &watched.payment)
            .collect();
        let refusals = ask(&self.stop, refused(&*self.chain, self.wallet, asset, &tried)).await?;
        let would_pay: HashSet<PaymentSeq> = tried
            .iter()
            .map(|payment| payment.seq)
            .filter(|payment| !refusals.contains_key(payment))
            .collect();
        let least = match watched.iter().any(Watched::was_unworthy) {
            true => self.least_worth(asset).await?,
            false => None,
        };
        let looks = watched
            .iter()
            .zip(prospects)
            .map(|(watched, prospect)| {
                let seq = watched.payment.seq;
                let is_worth_it = least.is_none_or(|least| watched.payment.amount > least);
                let would_help = would_pay.contains(&seq) || (watched.was_unworthy() && is_worth_it);
                (seq, shown(watched, prospect, would_help, now))
            })
            .collect();
        self.store.note_looks(looks, now).await?;
        Ok(full)
    }

    /// What a payment must bring more than to be sent; none when nobody knows what the coin is worth.
    async fn least_worth(&self, asset: &Asset) -> Result<Option<Amount>, Halt> {
        let price = self.store.coin_price(self.network, self.clock.now()).await?;
        let Some(coin_price) = price else { return Ok(None) };
        let fees = ask(&self.stop, self.chain.fees()).await?;
        Ok(Some(marginal_cost(fees, coin_price, asset.decimals)))
    }
}

/// What a look means.
fn shown(watched: &Watched, prospect: Prospect, would_help: bool, now: DateTime<Utc>) -> Look {
    let again = Look::Again(next_look(watched, now));
    match (watched.state, prospect) {
        (PaymentState::Failed | PaymentState::WrittenOff, Prospect::Over) => Look::Over,
        (PaymentState::Failed, Prospect::Proved(outcome)) => Look::Proved(outcome),
        // What was given up stays so unless the money came after all.
        (
            PaymentState::WrittenOff,
            Prospect::Proved(outcome @ (Outcome::Settled(_) | Outcome::SettledElsewhere(_))),
        ) => Look::Proved(outcome),
        (PaymentState::WrittenOff, Prospect::Proved(_)) => {
            if now.timestamp().max(0).cast_unsigned() >= watched.payment.authorization.valid_before {
                Look::Over
            } else {
                again
            }
        }
        (PaymentState::Failed, Prospect::Open) if would_help => Look::Retry,
        // Nobody gave it up but the price of gas.
        (PaymentState::WrittenOff, Prospect::Open) if would_help && watched.was_unworthy() => Look::Retry,
        (PaymentState::Failed | PaymentState::WrittenOff, Prospect::Open | Prospect::Unclear) => again,
        // It stands elsewhere meanwhile, where others look after it.
        (
            PaymentState::Queued
            | PaymentState::Settling
            | PaymentState::Settled
            | PaymentState::SettledElsewhere
            | PaymentState::Expired
            | PaymentState::Cancelled
            | PaymentState::Diverted
            | PaymentState::Voided,
            _,
        ) => Look::Over,
    }
}

/// Twice as far away each time, but once more shortly before the window ends.
fn next_look(watched: &Watched, now: DateTime<Utc>) -> DateTime<Utc> {
    let factor = 1_i32 << watched.looks.min(6);
    let next = now + (FIRST_LOOK * factor).min(LAST_LOOK);
    let end = i64::try_from(watched.payment.authorization.valid_before).unwrap_or(i64::MAX);
    let last = DateTime::from_timestamp(end, 0).map_or(next, |end| end - BEFORE_THE_END);
    if now < last && last < next { last } else { next }
}

#[cfg(test)]
mod tests {
    use domain::{
        Amount, Authorization, Delivery, EndpointId, Evidence, FailureReason, Mode, PaymentId, Signature,
    };

    use super::*;

    const END: u64 = 1_800_086_400;

    fn watched(state: PaymentState, looks: u32) -> Watched {
        let mut signature = [1; 65];
        signature[64] = 27;
        let authorization = Authorization {
            from: Address::repeat_byte(1),
            to: Address::repeat_byte(2),
            value: alloy_primitives::U256::from(5),
            valid_after: 0,
            valid_before: END,
            nonce: B256::ZERO,
        };
        let asset = Asset {
            network: NetworkId::BASE_SEPOLIA,
            address: Address::ZERO,
            name: String::new(),
            version: String::new(),
            decimals: 6,
        };
        let id: PaymentId = authorization.payment_id(&asset);
        let payment = OpenPayment {
            seq: PaymentSeq(1),
            id,
            endpoint: EndpointId::from_random([1; 16]),
            mode: Mode::Batched,
            amount: Amount::from_atomic(5).unwrap(),
            pay_to: Address::repeat_byte(2),
            authorization,
            signature: Signature::normalise(&signature).unwrap().into(),
            accepted_at: at(-86_400),
            accepted_block: 1,
            insisted: false,
        };
        Watched { payment, state, reason: None, delivery: Delivery::Delivered, looks }
    }

    fn at(before_the_end: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(END.cast_signed() + before_the_end, 0).unwrap()
    }

    #[test]
    fn looks_come_at_growing_distances_and_once_more_shortly_before_the_end() {
        for (looks, now, next) in [
            (0, -80_000, -79_940),
            (1, -80_000, -79_880),
            (5, -80_000, -80_000 + 32 * 60),
            (6, -80_000, -76_400),
            (99, -80_000, -76_400),
            (99, -3_000, -120),
            (99, -100, 3_500),
        ] {
            assert_eq!(next_look(&watched(PaymentState::Failed, looks), at(now)), at(next), "{looks} {now}");
        }
    }

    #[test]
    fn a_look_decides_only_what_the_chain_decided_and_retries_only_what_would_be_paid() {
        let now = at(-80_000);
        let evidence = Evidence { block: 1, block_hash: B256::ZERO, transaction: B256::ZERO };
        let (came, cancelled) = (Outcome::SettledElsewhere(evidence), Outcome::Cancelled(evidence));
        let again = Look::Again(at(-79_940));
        let (failed, given_up) = (PaymentState::Failed, PaymentState::WrittenOff);
        for (state, prospect, would_pay, expected) in [
            (failed, Prospect::Proved(came), false, Look::Proved(came)),
            (failed, Prospect::Proved(cancelled), false, Look::Proved(cancelled)),
            (failed, Prospect::Over, false, Look::Over),
            (failed, Prospect::Open, true, Look::Retry),
            (failed, Prospect::Open, false, again),
            (failed, Prospect::Unclear, true, again),
            (given_up, Prospect::Proved(came), false, Look::Proved(came)),
            (given_up, Prospect::Proved(cancelled), false, again),
            (given_up, Prospect::Open, true, again),
            (PaymentState::Queued, Prospect::Open, true, Look::Over),
        ] {
            assert_eq!(shown(&watched(state, 0), prospect, would_pay, now), expected, "{state} {prospect:?}");
        }
        assert!(!FailureReason::Underfunded.is_passing(), "or it would never be watched");
    }
}
