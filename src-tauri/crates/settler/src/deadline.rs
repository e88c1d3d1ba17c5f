//! When payments have to be sent whatever else happens, so that nothing dies in the queue.

use chain::Block;
use chrono::{DateTime, TimeDelta, Utc};
use domain::AssetId;
use store::{Choice, OpenPayment, Trigger};

use crate::halt::{Halt, ask};
use crate::lane::Lane;

/// The most that a payment is ever sent ahead of its window's end.
const LONGEST_MARGIN: TimeDelta = TimeDelta::minutes(10);
const LEAST_MARGIN: TimeDelta = TimeDelta::seconds(30);

/// How many queued payments are first read to find the next deadline.
const SOONEST: u32 = 128;

/// How old the knowledge of the next deadline may be: well below the least margin ahead of one.
const DUE_AGE: TimeDelta = TimeDelta::seconds(5);

/// The most that a chain's clock is believed to be ahead: a node that lies about the time can hasten
/// a transaction, but not by more (T53).
const MOST_AHEAD: TimeDelta = TimeDelta::hours(2);

/// When the next queued payment has to be sent, and when that was found out.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Due {
    pub(crate) next: Option<DateTime<Utc>>,
    read_at: Option<DateTime<Utc>>,
}

impl Due {
    /// Makes sure that it is found out anew.
    pub(crate) const fn forget(&mut self) {
        self.read_at = None;
    }
}

/// When a payment has to be sent whatever else happens (design §5.6): a tenth of what its window had
/// left when it was accepted ahead of the window's end, at least half a minute, at most ten.
pub(crate) fn send_by(payment: &OpenPayment) -> DateTime<Utc> {
    let end = end_of_window(payment.authorization.valid_before);
    let left = end.signed_duration_since(payment.accepted_at);
    end - (left / 10).clamp(LEAST_MARGIN, LONGEST_MARGIN)
}

/// The end of a window as a time of day. One beyond the calendar counts as its end.
fn end_of_window(valid_before: u64) -> DateTime<Utc> {
    // Far ahead is as good as for ever, and leaves room to subtract from.
    let seconds = i64::try_from(valid_before).unwrap_or(i64::MAX).min(FAR_AHEAD);
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The year 9999.
const FAR_AHEAD: i64 = 253_370_764_800;

impl Lane {
    /// When a deadline calls, opens batches for everything that waits in its asset (design §5.6).
    pub(crate) async fn take_due(&mut self) -> Result<(), Halt> {
        let now = self.clock.now();
        if !self.due_is_stale(now) {
            return Ok(());
        }
        let mut next = None;
        for (id, asset) in self.assets().await? {
            let mut due = self.next_due(id).await?;
            if due.is_some() {
                let head = ask(&self.stop, self.config.chain.head()).await?;
                self.see_chain_time(&head);
            }
            if due.is_some_and(|due| due <= self.judging_time()) {
                self.take(id, &asset, Choice::All, Trigger::Deadline).await?;
                due = self.next_due(id).await?;
            }
            next = [next, due].into_iter().flatten().min();
        }
        self.due = Due { next, read_at: Some(now) };
        Ok(())
    }

    fn due_is_stale(&self, now: DateTime<Utc>) -> bool {
        let age = self.due.read_at.map(|read_at| now.signed_duration_since(read_at).abs());
        age.is_none_or(|age| age > DUE_AGE) || self.due.next.is_some_and(|next| next <= self.judging_time())
    }

    /// The later of this computer's and the chain's clock: a deadline has to hold on both (T10).
    pub(crate) fn judging_time(&self) -> DateTime<Utc> {
        self.clock.now() + self.chain_ahead
    }

    pub(crate) fn see_chain_time(&mut self, head: &Block) {
        let chain =
            i64::try_from(head.timestamp).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let ahead = chain.map(|chain| chain.signed_duration_since(self.clock.now()));
        self.chain_ahead = ahead.unwrap_or_default().clamp(TimeDelta::zero(), MOST_AHEAD);
    }

    /// When the next payment of an asset has to be sent, but for those that came back just now.
    async fn next_due(&self, asset: AssetId) -> Result<Option<DateTime<Utc>>, Halt> {
        let mut limit = SOONEST;
        loop {
            let payments = self.store.queued(asset, Choice::All, limit).await?;
            let due = self.due_among(&payments);
            // They come in order of their windows' ends, and none is sent more than the longest
            // margin ahead of that: beyond it, no further payment can be due earlier.
            let all = u32::try_from(payments.len()).is_ok_and(|read| read < limit);
            let beyond =
                payments.last().map(|last| end_of_window(last.authorization.valid_before) - LONGEST_MARGIN);
            if all || due.zip(beyond).is_some_and(|(due, beyond)| due <= beyond) {
                return Ok(due);
            }
            limit = limit.saturating_mul(8);
        }
    }

    fn due_among(&self, payments: &[OpenPayment]) -> Option<DateTime<Utc>> {
        let now = self.clock.now();
        payments.iter().filter(|payment| !self.put_back.holds(payment.seq, now)).map(send_by).min()
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{Address, B256, U256};
    use domain::{Amount, Authorization, EndpointId, Mode, PaymentSeq, Signature};

    use super::*;

    fn accepted_with(left: i64) -> (OpenPayment, DateTime<Utc>) {
        let accepted_at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let end = accepted_at + TimeDelta::seconds(left);
        let authorization = Authorization {
            from: Address::repeat_byte(1),
            to: Address::repeat_byte(2),
            value: U256::from(1),
            valid_after: 0,
            valid_before: end.timestamp().cast_unsigned(),
            nonce: B256::repeat_byte(3),
        };
        let asset = domain::Asset {
            network: domain::NetworkId::BASE_SEPOLIA,
            address: Address::repeat_byte(4),
            name: "USDC".into(),
            version: "2".into(),
            decimals: 6,
        };
        let mut signature = [1; 65];
        signature[64] = 27;
        let payment = OpenPayment {
            seq: PaymentSeq(1),
            id: authorization.payment_id(&asset),
            endpoint: EndpointId::from_random([0; 16]),
            mode: Mode::Batched,
            amount: Amount::from_atomic(1).unwrap(),
            pay_to: authorization.to,
            authorization,
            signature: Signature::normalise(&signature).unwrap(),
            accepted_at,
            accepted_block: 1,
        };
        (payment, end)
    }

    #[test]
    fn a_payment_is_sent_a_tenth_of_its_window_early_within_bounds() {
        for (left, margin) in [(60, 30), (300, 30), (3_000, 300), (6_000, 600), (72 * 3_600, 600)] {
            let (payment, end) = accepted_with(left);
            assert_eq!(send_by(&payment), end - TimeDelta::seconds(margin), "{left}");
        }
    }

    #[test]
    fn a_window_without_end_is_no_trouble() {
        let (mut payment, _) = accepted_with(60);
        payment.authorization.valid_before = u64::MAX;
        assert!(send_by(&payment) > payment.accepted_at + TimeDelta::days(365_000));
    }
}
