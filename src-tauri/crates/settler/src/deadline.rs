use chrono::{DateTime, TimeDelta, Utc};
use store::OpenPayment;

/// The most that a payment is ever sent ahead of its window's end.
pub(crate) const LONGEST_MARGIN: TimeDelta = TimeDelta::minutes(10);
const LEAST_MARGIN: TimeDelta = TimeDelta::seconds(30);

/// When a payment has to be sent whatever else happens (design §5.6): a tenth of what its window had
/// left when it was accepted ahead of the window's end, at least half a minute, at most ten.
pub(crate) fn send_by(payment: &OpenPayment) -> DateTime<Utc> {
    let end = end_of_window(payment.authorization.valid_before);
    let left = end.signed_duration_since(payment.accepted_at);
    end - (left / 10).clamp(LEAST_MARGIN, LONGEST_MARGIN)
}

/// The end of a window as a time of day. One beyond the calendar counts as its end.
pub(crate) fn end_of_window(valid_before: u64) -> DateTime<Utc> {
    // Far ahead is as good as for ever, and leaves room to subtract from.
    let seconds = i64::try_from(valid_before).unwrap_or(i64::MAX).min(FAR_AHEAD);
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The year 9999.
const FAR_AHEAD: i64 = 253_370_764_800;

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
