//! Comparing the books with the chain (I16): every transfer to a payout address against what we know.

use std::collections::HashMap;

use alloy_primitives::{Address, B256, U256};
use chain::{Chain, TokenTransfer};
use domain::{Amount, Asset, AssetId, NetworkId};
use serde::{Deserialize, Serialize};
use store::{Booked, Store};
use ts_rs::TS;

use crate::api::batches::asset_of;
use crate::api::failures::{assets_of, chain_of};
use crate::api::{MoneyCount, MoneyView};
use crate::networks::title;
use crate::{ApiError, App, ErrorCode};

/// The blocks that are compared at a time, so that memory stays flat.
const STRIDE: u64 = 10_000;
/// The most blocks of one command: about a month and a half of two-second blocks.
const MOST_BLOCKS: u64 = 2_000_000;
/// The most transfers and payments that are listed; all are counted.
const MOST_LISTED: usize = 500;

/// What to compare.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct ReconcileQuery {
    /// CAIP-2; every network that is set up by default.
    pub network: Option<String>,
    /// The first block; that of the first payment by default.
    pub from: Option<u64>,
    /// The last block; the newest final one by default and at most.
    pub to: Option<u64>,
}

/// The books beside the chain.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReconciliationList {
    /// One for each payout address and token.
    pub items: Vec<ReconciliationView>,
    /// Whether every one of them agrees: nothing that is in the books is missing on chain.
    pub agrees: bool,
    /// What was not compared and why, in sentences: a network that cannot be asked, blocks of long ago.
    pub left_out: Vec<String>,
}

/// One payout address between two blocks.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReconciliationView {
    /// CAIP-2.
    pub network: String,
    /// The token's contract.
    pub asset: String,
    /// The payout address.
    pub pay_to: String,
    /// The first block.
    pub from_block: u64,
    /// The last block, which is final.
    pub to_block: u64,
    /// What came to the address on chain.
    pub received: MoneyCount,
    /// What the books hold.
    pub booked: MoneyCount,
    /// What came and is in no book, such as a payment by other means.
    pub unexplained: MoneyCount,
    /// Those transfers, 500 at most.
    pub unexplained_items: Vec<IncomeView>,
    /// What is in the books and did not come: this must never be.
    pub missing: MoneyCount,
    /// Those payments' ids, 500 at most.
    pub missing_items: Vec<String>,
    /// Whether nothing is missing.
    pub agrees: bool,
    /// The same as a sentence.
    pub sentence: String,
}

/// Income that no payment explains.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct IncomeView {
    /// Who sent it.
    pub from: String,
    /// How much.
    #[serde(flatten)]
    pub money: MoneyView,
    /// The transaction.
    pub transaction: String,
    /// Its block.
    pub block: u64,
}

#[derive(Default)]
struct Sum(u64, Amount);

impl Sum {
    fn add(&mut self, amount: Amount) {
        self.0 += 1;
        self.1 = self.1.checked_add(amount).unwrap_or(Amount::MAX);
    }

    fn view(&self, decimals: u8) -> MoneyCount {
        MoneyCount::of(self.0, self.1, decimals)
    }
}

#[derive(Default)]
struct Comparison {
    received: Sum,
    booked: Sum,
    unexplained: Sum,
    unexplained_items: Vec<TokenTransfer>,
    missing: Sum,
    missing_items: Vec<Booked>,
}

impl Comparison {
    /// Compares one stride. A transfer explains one payment: of the same transaction, by the same payer,
    /// of the same amount.
    fn take(&mut self, transfers: Vec<TokenTransfer>, booked: Vec<Booked>) {
        let mut explained: HashMap<(B256, Address, U256), Vec<Booked>> = HashMap::new();
        for payment in booked {
            self.booked.add(payment.amount);
            let key = (payment.transaction, payment.payer, payment.amount.into());
            explained.entry(key).or_default().push(payment);
        }
        for transfer in transfers {
            let amount = Amount::saturating_from(transfer.value);
            self.received.add(amount);
            let key = (transfer.evidence.transaction, transfer.from, transfer.value);
            if explained.get_mut(&key).and_then(Vec::pop).is_none() && amount > Amount::ZERO {
                self.unexplained.add(amount);
                if self.unexplained_items.len() < MOST_LISTED {
                    self.unexplained_items.push(transfer);
                }
            }
        }
        for payment in explained.into_values().flatten() {
            self.missing.add(payment.amount);
            if self.missing_items.len() < MOST_LISTED {
                self.missing_items.push(payment);
            }
        }
    }
}

pub(crate) async fn reconcile(app: &App, query: ReconcileQuery) -> Result<ReconciliationList, ApiError> {
    let assets = app.store().assets().await?;
    let wanted = assets_of(&assets, query.network.as_deref())?;
    let (mut items, mut left_out) = (Vec::new(), Vec::new());
    for (id, pay_to) in app.store().payout_addresses().await? {
        if !wanted.is_empty() && !wanted.contains(&id) {
            continue;
        }
        let asset = asset_of(&assets, id)?;
        match address(app, (id, asset), pay_to, &query, &mut left_out).await {
            Ok(item) => items.extend(item),
            // One network that is gone or silent keeps no other from being compared.
            Err(error) if query.network.is_none() && error.code != ErrorCode::InvalidRequest => {
                left_out.push(format!("{}: {}", title(asset.network), error.message));
            }
            Err(error) => return Err(error),
        }
    }
    let agrees = items.iter().all(|item| item.agrees);
    left_out.dedup();
    Ok(ReconciliationList { items, agrees, left_out })
}

/// One payout address; none when nothing was ever sold for it.
async fn address(
    app: &App,
    (id, asset): (AssetId, &Asset),
    pay_to: Address,
    query: &ReconcileQuery,
    left_out: &mut Vec<String>,
) -> Result<Option<ReconciliationView>, ApiError> {
    let chain = chain_of(app, asset.network)?;
    let Some((mut from, to)) = blocks(app.store(), chain.as_ref(), id, query).await? else { return Ok(None) };
    if query.from.is_none() && to - from >= MOST_BLOCKS {
        left_out.push(format!(
            "{}: of the blocks from {from} on, only the last {MOST_BLOCKS} were compared; name earlier ones by their first and last.",
            title(asset.network)
        ));
        from = to - (MOST_BLOCKS - 1);
    }
    let compared = compare(app.store(), chain.as_ref(), (id, asset), pay_to, from, to).await?;
    Ok(Some(view(&compared, asset, pay_to, from, to)))
}

/// Which blocks to compare; none when nothing was ever sold in the asset.
async fn blocks(
    store: &Store,
    chain: &dyn Chain,
    asset: AssetId,
    query: &ReconcileQuery,
) -> Result<Option<(u64, u64)>, ApiError> {
    let final_block = chain.final_block().await?;
    let to = query.to.unwrap_or(final_block).min(final_block);
    let from = match query.from {
        Some(from) => from,
        None => match store.first_block(asset).await? {
            Some(first) => first,
            None => return Ok(None),
        },
    };
    if from > to {
        return match query.from {
            Some(_) => Err(ApiError::invalid(format!("The first block comes before the last, {to}."))),
            None => Ok(None),
        };
    }
    if query.from.is_some() && to - from >= MOST_BLOCKS {
        return Err(ApiError::invalid(format!(
            "One command compares at most {MOST_BLOCKS} blocks; name the first and the last, such as {from} and {}.",
            from.saturating_add(MOST_BLOCKS - 1)
        )));
    }
    Ok(Some((from, to)))
}

async fn compare(
    store: &Store,
    chain: &dyn Chain,
    (id, asset): (AssetId, &Asset),
    pay_to: Address,
    from: u64,
    to: u64,
) -> Result<Comparison, ApiError> {
    let mut compared = Comparison::default();
    let mut first = from;
    while first <= to {
        let last = to.min(first.saturating_add(STRIDE - 1));
        let transfers = chain.transfers_to(asset.address, pay_to, first, last).await?;
        compared.take(transfers, store.booked(id, pay_to, first, last).await?);
        first = last.saturating_add(1);
    }
    Ok(compared)
}

fn view(
    compared: &Comparison,
    asset: &Asset,
    pay_to: Address,
    from_block: u64,
    to_block: u64,
) -> ReconciliationView {
    let network: NetworkId = asset.network;
    let decimals = asset.decimals;
    let agrees = compared.missing.0 == 0;
    let shown = |sum: &Sum| sum.1.to_decimal(decimals);
    let sentence = if !agrees {
        format!(
            "{} are in the books that did not come to this address. The node may be wrong; compare with another.",
            shown(&compared.missing)
        )
    } else if compared.unexplained.0 > 0 {
        format!("All that is in the books came, and {} more by other means.", shown(&compared.unexplained))
    } else {
        "The books and the chain agree.".to_owned()
    };
    let income = |transfer: &TokenTransfer| IncomeView {
        from: transfer.from.to_string(),
        money: MoneyView::of(Amount::saturating_from(transfer.value), asset),
        transaction: transfer.evidence.transaction.to_string(),
        block: transfer.evidence.block,
    };
    ReconciliationView {
        network: network.to_string(),
        asset: asset.address.to_string(),
        pay_to: pay_to.to_string(),
        from_block,
        to_block,
        received: compared.received.view(decimals),
        booked: compared.booked.view(decimals),
        unexplained: compared.unexplained.view(decimals),
        unexplained_items: compared.unexplained_items.iter().map(income).collect(),
        missing: compared.missing.view(decimals),
        missing_items: compared.missing_items.iter().map(|booked| booked.payment.to_string()).collect(),
        agrees,
        sentence,
    }
}

#[cfg(test)]
mod tests {
    use domain::{Evidence, PaymentId};

    use super::*;

    fn transfer(transaction: u8, from: u8, value: u64) -> TokenTransfer {
        let transaction = B256::repeat_byte(transaction);
        TokenTransfer {
            asset: Address::repeat_byte(0x36),
            from: Address::repeat_byte(from),
            to: Address::repeat_byte(0x55),
            value: U256::from(value),
            log_index: 0,
            evidence: Evidence { block: 1, block_hash: B256::ZERO, transaction },
        }
    }

    fn booked(transaction: u8, payer: u8, amount: u64) -> Booked {
        Booked {
            payment: PaymentId(Default::default()),
            payer: Address::repeat_byte(payer),
            amount: Amount::from_atomic(amount).unwrap(),
            transaction: B256::repeat_byte(transaction),
            block: 1,
        }
    }

    /// I16: a transfer explains one payment and no more, and nothing goes unseen.
    #[test]
    fn a_transfer_explains_one_payment_of_its_transaction_payer_and_amount() {
        let mut compared = Comparison::default();
        compared.take(
            vec![transfer(1, 1, 5), transfer(1, 1, 5), transfer(1, 2, 5), transfer(2, 3, 7)],
            vec![booked(1, 1, 5), booked(1, 1, 5), booked(1, 2, 6), booked(3, 3, 7)],
        );
        assert_eq!((compared.received.0, compared.received.1.atomic()), (4, 22));
        assert_eq!((compared.booked.0, compared.booked.1.atomic()), (4, 23));
        assert_eq!((compared.unexplained.0, compared.unexplained.1.atomic()), (2, 12));
        assert_eq!((compared.missing.0, compared.missing.1.atomic()), (2, 13));
        let asset = Asset {
            network: NetworkId::BASE_SEPOLIA,
            address: Address::ZERO,
            name: String::new(),
            version: String::new(),
            decimals: 6,
        };
        assert!(!view(&compared, &asset, Address::ZERO, 1, 9).agrees);
        let mut more = Comparison::default();
        more.take(vec![transfer(1, 1, 5), transfer(9, 9, 9)], vec![booked(1, 1, 5)]);
        let shown = view(&more, &asset, Address::ZERO, 1, 9);
        assert!(shown.agrees);
        assert_eq!(shown.unexplained_items.len(), 1);
    }
}
