use alloy::sol_types::SolEvent as _;
use alloy_primitives::{Address, B256, U256};
use domain::{AuthorizationKey, Evidence};

use crate::abi::Token;
use crate::nodes::Nodes;
use crate::wire::{Log, Receipt, WireBlock};
use crate::{AuthorizationEvent, AuthorizationFate, ChainError, Mined};

/// The transaction, if it is in the chain as the node sees it now.
pub(crate) async fn mined(nodes: &Nodes, transaction: B256) -> Result<Option<Mined>, ChainError> {
    canonical(nodes, transaction).await?.map(read).transpose()
}

/// Its receipt, if its block is one of the chain as the node sees it now.
pub(crate) async fn canonical(nodes: &Nodes, transaction: B256) -> Result<Option<Receipt>, ChainError> {
    let receipt: Option<Receipt> = nodes.ask("eth_getTransactionReceipt", &[transaction]).await?;
    let Some(receipt) = receipt else { return Ok(None) };
    if receipt.transaction_hash != transaction {
        return Err(ChainError::Unknown("the node gave the receipt of another transaction".to_owned()));
    }
    let canonical: Option<WireBlock> =
        nodes.ask("eth_getBlockByNumber", &(receipt.block_number, false)).await?;
    Ok(canonical.is_some_and(|block| block.hash == receipt.block_hash).then_some(receipt))
}

pub(crate) fn read(receipt: Receipt) -> Result<Mined, ChainError> {
    let evidence = Evidence {
        block: receipt.block_number.to(),
        block_hash: receipt.block_hash,
        transaction: receipt.transaction_hash,
    };
    let price = U256::from(receipt.effective_gas_price);
    let cost = U256::from(receipt.gas_used).saturating_mul(price);
    Ok(Mined {
        evidence,
        succeeded: receipt.status.to::<u64>() == 1,
        gas_used: receipt.gas_used.to(),
        cost: cost.saturating_add(receipt.l1_fee.unwrap_or_default()),
        events: events(receipt.logs, evidence)?,
    })
}

/// What tokens said about authorizations in one transaction.
///
/// A transfer belongs to the authorization whose log stands directly before its own: the token writes both in one call.
/// Looking for any fitting transfer instead would let a payer who signs one nonce twice pay two sellers with one
/// transfer (I7).
fn events(mut logs: Vec<Log>, evidence: Evidence) -> Result<Vec<AuthorizationEvent>, ChainError> {
    if logs.iter().any(|log| {
        log.removed || log.transaction_hash != evidence.transaction || log.block_hash != evidence.block_hash
    }) {
        return Err(ChainError::Unknown("the receipt holds logs of another transaction".to_owned()));
    }
    logs.sort_by_key(|log| log.log_index);
    Ok(logs
        .iter()
        .enumerate()
        .filter_map(|(position, log)| {
            let (signature, key) = authorization(log)?;
            let what = if signature == Token::AuthorizationUsed::SIGNATURE_HASH {
                let next = logs.get(position + 1);
                AuthorizationFate::Used { transfer: next.and_then(|next| paired(log, key.payer, next)) }
            } else {
                AuthorizationFate::Cancelled
            };
            Some(AuthorizationEvent { asset: log.address, key, what, evidence })
        })
        .collect())
}

/// The authorization that a log is about, if it is one of the two events about authorizations.
fn authorization(log: &Log) -> Option<(B256, AuthorizationKey)> {
    let [signature, payer, nonce] = log.topics.as_slice() else { return None };
    let known = [Token::AuthorizationUsed::SIGNATURE_HASH, Token::AuthorizationCanceled::SIGNATURE_HASH];
    known
        .contains(signature)
        .then(|| (*signature, AuthorizationKey { payer: Address::from_word(*payer), nonce: *nonce }))
}

/// Receiver and value of the transfer in `next`, if it belongs to the use of `payer`'s authorization in `used`.
fn paired(used: &Log, payer: Address, next: &Log) -> Option<(Address, U256)> {
    let [Token::Transfer::SIGNATURE_HASH, from, to] = next.topics.as_slice() else { return None };
    let follows = next.address == used.address
        && next.log_index.to::<u64>() == used.log_index.to::<u64>().saturating_add(1);
    if !follows || Address::from_word(*from) != payer {
        return None;
    }
    let value = <[u8; 32]>::try_from(next.data.as_ref()).ok()?;
    Some((Address::from_word(*to), U256::from_be_bytes(value)))
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{Bytes, U64, U128};

    use super::*;

    const TOKEN: Address = Address::repeat_byte(0x70);
    const PAYER: Address = Address::repeat_byte(0xaa);
    const SELLER: Address = Address::repeat_byte(0xbb);
    const HERE: Evidence =
        Evidence { block: 7, block_hash: B256::repeat_byte(7), transaction: B256::repeat_byte(8) };

    fn log(index: u64, topics: [B256; 3], data: Bytes) -> Log {
        Log {
            address: TOKEN,
            topics: topics.to_vec(),
            data,
            log_index: U64::from(index),
            transaction_hash: HERE.transaction,
            block_hash: HERE.block_hash,
            removed: false,
        }
    }

    fn used(index: u64, payer: Address, nonce: u8) -> Log {
        let topics = [Token::AuthorizationUsed::SIGNATURE_HASH, payer.into_word(), B256::repeat_byte(nonce)];
        log(index, topics, Bytes::new())
    }

    fn transfer(index: u64, from: Address, to: Address, value: u64) -> Log {
        let topics = [Token::Transfer::SIGNATURE_HASH, from.into_word(), to.into_word()];
        log(index, topics, U256::from(value).to_be_bytes_vec().into())
    }

    fn fates(logs: Vec<Log>) -> Vec<AuthorizationFate> {
        events(logs, HERE).unwrap().into_iter().map(|event| event.what).collect()
    }

    fn paid(to: Address, value: u64) -> AuthorizationFate {
        AuthorizationFate::Used { transfer: Some((to, U256::from(value))) }
    }

    const UNPAID: AuthorizationFate = AuthorizationFate::Used { transfer: None };

    #[test]
    fn a_use_is_paired_with_the_transfer_directly_after_it_whatever_the_order_of_the_answer() {
        let logs = vec![
            transfer(3, PAYER, SELLER, 2),
            used(2, PAYER, 2),
            transfer(1, PAYER, SELLER, 1),
            used(0, PAYER, 1),
        ];
        assert_eq!(fates(logs), [paid(SELLER, 1), paid(SELLER, 2)]);
    }

    /// I7: one transfer never pays for two authorizations.
    #[test]
    fn a_transfer_counts_once_and_only_for_its_own_use() {
        for logs in [
            vec![used(0, PAYER, 1), used(1, PAYER, 2), transfer(2, PAYER, SELLER, 5)],
            vec![
                used(0, PAYER, 1),
                transfer(2, PAYER, SELLER, 5),
                used(4, PAYER, 2),
                transfer(5, PAYER, SELLER, 5),
            ],
            vec![
                used(0, PAYER, 1),
                transfer(1, SELLER, PAYER, 5),
                used(2, PAYER, 2),
                transfer(3, PAYER, SELLER, 5),
            ],
        ] {
            assert_eq!(fates(logs), [UNPAID, paid(SELLER, 5)]);
        }
    }

    #[test]
    fn a_transfer_of_another_token_pays_for_nothing() {
        let foreign = Log { address: SELLER, ..transfer(1, PAYER, SELLER, 5) };
        assert_eq!(fates(vec![used(0, PAYER, 1), foreign]), [UNPAID]);
        let nft = Log { data: Bytes::new(), ..transfer(1, PAYER, SELLER, 5) };
        assert_eq!(fates(vec![used(0, PAYER, 1), nft]), [UNPAID]);
    }

    /// T53: logs prove something only about the transaction that they belong to.
    #[test]
    fn logs_of_another_transaction_or_block_are_refused() {
        let [mut stray, mut moved, mut taken_back] = [(); 3].map(|()| used(0, PAYER, 1));
        stray.transaction_hash = B256::ZERO;
        moved.block_hash = B256::ZERO;
        taken_back.removed = true;
        for log in [stray, moved, taken_back] {
            assert!(matches!(events(vec![log], HERE), Err(ChainError::Unknown(_))));
        }
    }

    #[test]
    fn the_cost_of_a_transaction_holds_what_the_other_chain_charges() {
        let receipt = |l1_fee| Receipt {
            transaction_hash: HERE.transaction,
            block_hash: HERE.block_hash,
            block_number: U64::from(HERE.block),
            status: U64::from(1),
            gas_used: U64::from(100_000),
            effective_gas_price: U128::from(30),
            l1_fee,
            logs: Vec::new(),
        };
        assert_eq!(read(receipt(None)).unwrap().cost, U256::from(3_000_000));
        assert_eq!(read(receipt(Some(U256::from(11)))).unwrap().cost, U256::from(3_000_011));
    }
}
