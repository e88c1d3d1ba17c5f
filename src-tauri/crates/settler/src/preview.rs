//! What settling now would do, found out without showing any signature to a node.

use std::collections::{BTreeSet, HashMap};

use alloy_primitives::{Address, B256, U256};
use chain::{Chain, ChainError, PayerFacts, PayerQuestion};
use chrono::{DateTime, Utc};
use domain::{Amount, Asset, AssetId, AuthorizationKey, FailureReason, PaymentId, PaymentSeq};
use store::{Choice, OpenPayment, Store};

use crate::SettleError;
use crate::judge::questions;
use crate::plan::{Candidate, Times, plan};
use crate::rail::TOGETHER;

/// Gas of a transaction that calls the token directly.
const DIRECT_GAS: u64 = 85_700;
/// Gas of a transaction that carries several, without them: its own 21,000, and what they touch in
/// common. Measured with Circle's token, as all of these.
const BASE_GAS: u64 = 42_800;
/// Gas of each payment in it. A payer who is left with nothing brings some of it back.
pub(crate) const SHARED_GAS: u64 = 50_250;
/// What writing the first balance of a payout address costs more than changing one: 20,000 for a
/// fresh storage slot instead of 2,900 (EIP-2200, EIP-2929).
const FIRST_MONEY_GAS: u64 = 17_100;

/// The dry run of settling what waits in one asset. An estimate: between now and the transaction the
/// chain moves on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The asset's row.
    pub asset_id: AssetId,
    /// The asset.
    pub asset: Asset,
    /// How many payments would be sent.
    pub count: u64,
    /// What they come to.
    pub total: Amount,
    /// In how many batches, which is how many transactions.
    pub batches: u64,
    /// Gas that they would use.
    pub gas: u64,
    /// What that costs at most, in wei.
    pub fee: U256,
    /// Payments that would not be sent.
    pub exclusions: Vec<Exclusion>,
}

impl Preview {
    /// The same where a facilitator settles: it pays for the gas.
    pub(crate) fn by_facilitator(self) -> Self {
        Self { batches: self.count.div_ceil(TOGETHER), gas: 0, fee: U256::ZERO, ..self }
    }
}

/// A payment that would not be sent now, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// The payment.
    pub payment: PaymentId,
    /// Its amount.
    pub amount: Amount,
    /// Why it would stay.
    pub reason: FailureReason,
}

/// Previews one asset's queue, or only some payments of it.
pub(crate) async fn preview(
    store: &Store,
    chain: &dyn Chain,
    now: DateTime<Utc>,
    (asset_id, asset): (AssetId, Asset),
    largest: usize,
    only: Option<&[PaymentId]>,
) -> Result<Preview, SettleError> {
    let mut queued = store.queued(asset_id, Choice::All, u32::MAX).await?;
    queued.retain(|payment| only.is_none_or(|only| only.contains(&payment.id)));
    let (head, fees) = tokio::try_join!(chain.head(), chain.fees())?;
    let mut facts = Vec::with_capacity(queued.len());
    for some in queued.chunks(chain::MAX_PAYMENTS_PER_TRANSACTION) {
        facts.extend(chain.payers(&questions(&asset, &some.iter().collect::<Vec<_>>())).await?);
    }
    let times = Times { chain: head.timestamp, local: now.timestamp().max(0).cast_unsigned() };
    let (going, exclusions) = divide(&queued, &facts, times);

    let plan = plan(going.iter().map(|payment| Candidate::from(*payment)), times, largest);
    let first_money = without_money(chain, &asset, &going).await?.saturating_mul(FIRST_MONEY_GAS);
    let gas =
        plan.transactions.iter().map(|payments| gas_of(payments)).fold(first_money, u64::saturating_add);
    let total = going.iter().try_fold(Amount::ZERO, |sum, payment| sum.checked_add(payment.amount));
    Ok(Preview {
        asset_id,
        asset,
        count: count(&going),
        total: total.unwrap_or(Amount::MAX),
        batches: count(&plan.transactions),
        gas,
        fee: U256::from(gas).saturating_mul(U256::from(fees.max_fee_per_gas)),
        exclusions,
    })
}

/// How many of the payout addresses hold nothing of the asset yet.
async fn without_money(chain: &dyn Chain, asset: &Asset, going: &[&OpenPayment]) -> Result<u64, ChainError> {
    let payouts: BTreeSet<Address> = going.iter().map(|payment| payment.pay_to).collect();
    let question =
        |payer| PayerQuestion { asset: asset.address, key: AuthorizationKey { payer, nonce: B256::ZERO } };
    let questions: Vec<_> = payouts.into_iter().map(question).collect();
    let facts = chain.payers(&questions).await?;
    let empty: Vec<_> = facts.iter().filter(|facts| facts.balance == Amount::ZERO).collect();
    Ok(count(&empty))
}

/// Who would be sent and who would not, each payer's balance spent in the order of the queue.
fn divide<'a>(
    queued: &'a [OpenPayment],
    facts: &[PayerFacts],
    times: Times,
) -> (Vec<&'a OpenPayment>, Vec<Exclusion>) {
    let mut left = HashMap::<Address, Amount>::new();
    let mut going = Vec::new();
    let mut exclusions = Vec::new();
    for (payment, facts) in queued.iter().zip(facts) {
        let balance = left.entry(payment.authorization.from).or_insert(facts.balance);
        match reason(payment, facts, *balance, times) {
            Some(reason) => {
                exclusions.push(Exclusion { payment: payment.id, amount: payment.amount, reason });
            }
            None => {
                *balance = balance.checked_sub(payment.amount).unwrap_or_default();
                going.push(payment);
            }
        }
    }
    (going, exclusions)
}

fn reason(payment: &OpenPayment, facts: &PayerFacts, balance: Amount, times: Times) -> Option<FailureReason> {
    if facts.nonce_used {
        Some(FailureReason::NonceUsed)
    } else if times.is_past(payment.authorization.valid_before) {
        Some(FailureReason::Expired)
    } else if !times.has_begun(payment.authorization.valid_after) {
        Some(FailureReason::NotYetValid)
    } else if facts.has_code && !payment.signature.is_of_code() {
        Some(FailureReason::PayerHasCode)
    } else if balance < payment.amount {
        Some(FailureReason::Underfunded)
    } else {
        None
    }
}

fn gas_of(payments: &[PaymentSeq]) -> u64 {
    match payments {
        [_] => DIRECT_GAS,
        several => count(several).saturating_mul(SHARED_GAS).saturating_add(BASE_GAS),
    }
}

fn count<T>(things: &[T]) -> u64 {
    u64::try_from(things.len()).unwrap_or(u64::MAX)
}
