//! What was taken down on one node's word counts as final once a second one tells the same (T53, I7).

use alloy_primitives::{Address, U256};
use chain::{AuthorizationFate, Mined, Opinion};
use domain::{AssetId, PaymentState};
use store::Proved;

use crate::halt::{Halt, ask};
use crate::watch::Watcher;

impl Watcher {
    /// What was taken down up to a block, as far as it is what two nodes tell now. Where one node is set up, its word has
    /// to do.
    ///
    /// What two nodes agree never was so is taken back like a block that is gone, though its block is not: else what a
    /// receipt once said that was invented would never settle for real (T53).
    pub(crate) async fn agreed(&self, asset: AssetId, up_to: u64) -> Result<Vec<Proved>, Halt> {
        let mut proved = self.store.proved(asset, up_to).await?;
        let mut agreed = 0;
        for payments in proved.chunk_by(|one, next| one.evidence == next.evidence) {
            let Some(evidence) = payments.first().map(|payment| payment.evidence) else { continue };
            match ask(&self.stop, self.chain.second_opinion(evidence.transaction)).await? {
                Opinion::Sole => return Ok(proved),
                Opinion::Agreed(mined)
                    if mined.evidence == evidence
                        && payments.iter().all(|payment| is_proved(payment, &mined)) =>
                {
                    agreed += payments.len();
                }
                Opinion::Agreed(_) | Opinion::Nowhere => {
                    let (network, transaction) = (self.network, evidence.transaction);
                    tracing::warn!(%network, %transaction, "two nodes tell otherwise of a transaction; what it proved is open again");
                    self.take_back(asset, evidence.block_hash).await?;
                    break;
                }
                Opinion::Differs => {
                    let (network, transaction) = (self.network, evidence.transaction);
                    tracing::warn!(%network, %transaction, "the nodes do not agree on a transaction; it is not final yet");
                    break;
                }
            }
        }
        proved.truncate(agreed);
        Ok(proved)
    }
}

/// Whether the transaction says of a payment what was taken down.
fn is_proved(payment: &Proved, mined: &Mined) -> bool {
    let said = mined.events.iter().find(|event| event.asset == payment.asset && event.key == payment.key);
    let paid: Option<(Address, U256)> = Some((payment.pay_to, payment.amount.into()));
    match (payment.state, said.map(|event| event.what)) {
        (
            PaymentState::Settled | PaymentState::SettledElsewhere,
            Some(AuthorizationFate::Used { transfer }),
        ) => transfer == paid,
        (PaymentState::Diverted, Some(AuthorizationFate::Used { transfer })) => transfer != paid,
        (PaymentState::Cancelled, Some(AuthorizationFate::Cancelled)) => true,
        _ => false,
    }
}
