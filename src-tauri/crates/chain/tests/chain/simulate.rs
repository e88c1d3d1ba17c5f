use std::slice;

use alloy_primitives::{B256, U256};
use chain::{Chain as _, ChainError, MAX_PAYMENTS_PER_TRANSACTION, Simulated, Transfer};
use domain::{Authorization, FailureReason, Signature};
use serde_json::json;

use crate::stage::{MULTICALL3, Payer, SELLER, Stage};

async fn fates(stage: &Stage, transfers: &[Transfer]) -> Vec<Simulated> {
    stage.rpc.simulate(stage.gas.address(), &stage.asset, transfers).await.unwrap()
}

/// One doomed transfer for every reason that a payer can cause, and the reason.
async fn doomed(stage: &Stage, number: u8) -> Vec<(Transfer, FailureReason)> {
    let good = |transfer: Transfer| transfer.authorization;
    let payer = stage.payer(number, 1_000).await;
    let used = payer.pays(1, 1);
    stage.settle(slice::from_ref(&used)).await;
    let signed_for_less = Transfer {
        authorization: Authorization { value: U256::from(2), ..good(payer.pays(1, 5)) },
        signature: payer.pays(1, 5).signature,
    };
    let blocked = stage.payer(number + 1, 1_000).await;
    stage.as_owner("blacklist(address)", Some(blocked.address())).await;
    let delegated = stage.payer(number + 2, 1_000).await;
    stage.give_code(delegated.address(), "0xef0100ca11bde05977b3631167028862be2a173976ca11").await;
    vec![
        (used, FailureReason::NonceUsed),
        (payer.pays(1_000, 2), FailureReason::Underfunded),
        (
            payer.signs(Authorization { valid_before: 1_700_000_000, ..good(payer.pays(1, 3)) }),
            FailureReason::Expired,
        ),
        (
            payer.signs(Authorization { valid_after: 99_999_999_990, ..good(payer.pays(1, 4)) }),
            FailureReason::NotYetValid,
        ),
        (signed_for_less, FailureReason::SignatureRefused),
        (blocked.pays(1, 1), FailureReason::Blocked),
        (delegated.pays(1, 1), FailureReason::PayerHasCode),
    ]
}

/// I10, T48: the good are found among the doomed, and every doomed one with its reason.
#[tokio::test]
async fn the_doomed_among_the_good_are_found_with_their_reasons() {
    let stage = Stage::open().await;
    let mut expected = Vec::new();
    let mut transfers = Vec::new();
    for (number, (transfer, reason)) in doomed(&stage, 100).await.into_iter().enumerate() {
        let good = stage.payer(u8::try_from(number).unwrap(), 10).await.pays(10, 1);
        transfers.extend([good, transfer]);
        // T51: what code could do to the others is not tried.
        let refused = match reason {
            FailureReason::PayerHasCode => Simulated::Apart,
            reason => Simulated::Refused(reason),
        };
        expected.extend([Simulated::Pays, refused]);
    }
    assert_eq!(fates(&stage, &transfers).await, expected);
}

#[tokio::test]
async fn a_single_transfer_is_told_the_same_as_one_in_a_group() {
    let stage = Stage::open().await;
    let good = stage.payer(1, 10).await.pays(10, 1);
    assert_eq!(fates(&stage, slice::from_ref(&good)).await, [Simulated::Pays]);
    assert_eq!(fates(&stage, &[]).await, []);
    for (transfer, reason) in doomed(&stage, 100).await {
        assert_eq!(fates(&stage, &[transfer]).await, [Simulated::Refused(reason)]);
    }
    // T21: what the issuer does to the seller is no fault of the buyer.
    stage.as_owner("blacklist(address)", Some(SELLER)).await;
    let blocked = Simulated::Refused(FailureReason::PayoutBlocked);
    assert_eq!(fates(&stage, slice::from_ref(&good)).await, [blocked]);
    assert_eq!(fates(&stage, &[good.clone(), good.clone()]).await, [blocked; 2]);
    stage.as_owner("unBlacklist(address)", Some(SELLER)).await;
    stage.as_owner("pause()", None).await;
    let paused = Simulated::Refused(FailureReason::Paused);
    assert_eq!(fates(&stage, slice::from_ref(&good)).await, [paused]);
    assert_eq!(fates(&stage, &[good.clone(), good]).await, [paused; 2]);
}

/// T02: the payments of one payer are tried on top of each other.
#[tokio::test]
async fn a_payer_pays_only_as_often_as_its_balance_lasts() {
    let stage = Stage::open().await;
    let payer = stage.payer(1, 25).await;
    let transfers = [1, 2, 3].map(|nonce| payer.pays(10, nonce));
    let underfunded = Simulated::Refused(FailureReason::Underfunded);
    assert_eq!(fates(&stage, &transfers).await, [Simulated::Pays, Simulated::Pays, underfunded]);
    let twice = [payer.pays(1, 7), payer.pays(1, 7)];
    let used = Simulated::Refused(FailureReason::NonceUsed);
    assert_eq!(fates(&stage, &twice).await, [Simulated::Pays, used]);
}

/// T51: code that burns all gas stands alone and dooms nobody else.
#[tokio::test]
async fn a_payer_whose_code_burns_the_gas_takes_nobody_with_it() {
    let stage = Stage::open().await;
    let bomb = stage.payer(1, 1_000).await;
    stage.give_code(bomb.address(), "0x5b5f56").await;
    let good = stage.payer(2, 1_000).await;
    let mut transfers = vec![bomb.pays(1, 1)];
    transfers.extend((1..=4).map(|nonce| good.pays(1, nonce)));
    let mut expected = vec![Simulated::Pays; 5];
    expected[0] = Simulated::Apart;
    assert_eq!(fates(&stage, &transfers).await, expected);
    assert_eq!(fates(&stage, &transfers[..2]).await, expected[..2]);
    let alone = Simulated::Refused(FailureReason::PayerHasCode);
    assert_eq!(fates(&stage, &transfers[..1]).await, [alone]);
}

/// T50: the largest batch can be tried and mined under the network's cap, with the gas that is asked for.
#[tokio::test]
async fn the_largest_batch_is_tried_and_settled_in_one_transaction() {
    let stage = Stage::open().await;
    let mut transfers = Vec::new();
    for number in 0..=249 {
        transfers.push(stage.payer(number, 10).await.pays(10, 1));
    }
    assert_eq!(transfers.len(), MAX_PAYMENTS_PER_TRANSACTION);
    assert_eq!(fates(&stage, &transfers).await, vec![Simulated::Pays; 250]);
    let mined = stage.settle(&transfers).await;
    assert!(mined.gas_used / 250 <= 52_000, "{} gas for each payment", mined.gas_used / 250);
    assert_eq!(mined.events.len(), 250);
    assert_eq!(stage.balance(SELLER).await, 2_500);

    transfers.push(transfers[0].clone());
    let refused = stage.rpc.simulate(stage.gas.address(), &stage.asset, &transfers).await;
    assert!(matches!(refused, Err(ChainError::Unknown(why)) if why.contains("251")));
}

/// T58.
#[tokio::test]
async fn a_network_without_multicall_is_named() {
    let stage = Stage::open().await;
    stage.give_code(MULTICALL3, "0x").await;
    let payer: Payer = stage.payer(1, 10).await;
    let transfers = [payer.pays(1, 1), payer.pays(1, 2)];
    let refused = stage.rpc.simulate(stage.gas.address(), &stage.asset, &transfers).await;
    let why = format!("there is no Multicall3 at {MULTICALL3} on eip155:84532");
    assert_eq!(refused, Err(ChainError::Refused(why)));
    assert_eq!(fates(&stage, &transfers[..1]).await, [Simulated::Pays]);
}

/// Between blocks the newest block's clock stands still; the pending one's does not (T10).
#[tokio::test]
async fn time_is_that_of_the_block_to_come() {
    let stage = Stage::open().await;
    let payer = stage.payer(1, 10).await;
    let head = stage.rpc.head().await.unwrap();
    let soon = Authorization { valid_before: head.timestamp + 30, ..payer.pays(1, 1).authorization };
    let transfer = payer.signs(soon);
    assert_eq!(transfer.authorization.nonce, B256::repeat_byte(1));
    stage.ask("evm_setNextBlockTimestamp", json!([head.timestamp + 60])).await;
    let expired = Simulated::Refused(FailureReason::Expired);
    assert_eq!(fates(&stage, slice::from_ref(&transfer)).await, [expired]);
    assert_eq!(fates(&stage, &[transfer, payer.pays(1, 2)]).await, [expired, Simulated::Pays]);
}

/// T15: what was normalised is what the token takes; the untouched twin is not.
#[tokio::test]
async fn a_normalised_signature_settles() {
    let stage = Stage::open().await;
    let payer = stage.payer(1, 10).await;
    let mut spelled = payer.pays(1, 1).signature.as_bytes().to_vec();
    spelled[64] -= 27;
    let signature = Signature::normalise(&spelled).unwrap();
    let transfer = Transfer { signature: signature.into(), ..payer.pays(1, 1) };
    assert_eq!(fates(&stage, &[transfer]).await, [Simulated::Pays]);
}
