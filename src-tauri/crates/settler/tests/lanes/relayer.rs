//! The three open defects of the best-known relayer, each as a test of its own.

use chain::ChainError;
use chrono::TimeDelta;
use domain::{BatchState, PaymentState};

use crate::ledger::nonce_of;
use crate::node::Reception;
use crate::stall::{PAY_TO, PRICE, Stall, press};

/// T41, I9 (OpenZeppelin Relayer 836): two prepares with different nonces for one batch send it twice.
/// Here a hundred presses and some restarts meet, and no payment is in two transactions.
#[tokio::test]
async fn t41_no_batch_is_ever_prepared_twice() {
    let mut stall = Stall::open().await;
    let mut settler = stall.settler().await;
    for round in 0..40_u64 {
        stall.sell().await;
        let presses = futures::future::join_all((0..3).map(|_| press(&settler))).await;
        assert!(presses.windows(2).all(|pair| pair[0].batches == pair[1].batches), "round {round}");
        if round % 10 == 3 {
            stall.restart(settler).await;
            settler = stall.settler().await;
        }
        let sent = usize::try_from(round).unwrap() + 1;
        stall.until_sent(sent).await;
        stall.node.mine();
        stall.until_idle(&settler).await;
    }
    let nonces = stall.node.transactions().iter().map(nonce_of).collect::<Vec<_>>();
    assert_eq!(nonces, (0..40).collect::<Vec<_>>());
    assert_eq!(stall.node.balance(PAY_TO), 40 * PRICE);
    assert_eq!(stall.node.mined_count(), 40);
    let batches = stall.batches().await;
    assert!(batches.iter().all(|batch| batch.summary.attempts.len() == 1));
    settler.stop().await;
}

/// T42 (OpenZeppelin Relayer 818): a nonce above the chain's jams everything for ever. Another program's
/// transaction held a nonce and was never mined; what we sent behind it waits for something to fill it.
#[tokio::test]
async fn t42_a_nonce_that_nobody_uses_any_more_is_filled_and_jams_nothing() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    stall.node.set_foreign_pending(&[0, 1]);
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    assert_eq!(nonce_of(&stall.node.transactions()[0]), 2);
    stall.pass(TimeDelta::minutes(5)).await;
    assert_eq!(stall.node.transactions().len(), 1, "while they wait, they may be mined");
    stall.node.set_foreign_pending(&[]);
    stall.until_sent(2).await;
    stall.until_sent(3).await;
    let mut nonces = stall.node.transactions().iter().map(nonce_of).collect::<Vec<_>>();
    nonces.sort_unstable();
    assert_eq!(nonces, [0, 1, 2]);
    stall.node.mine();
    stall.until_state(sale, PaymentState::Settled).await;
    let batch = &stall.batches().await[0].summary;
    assert_eq!(batch.state, BatchState::Settled);
    assert_eq!(batch.attempts.len(), 3, "what the fillers cost is in the books");
    assert!(batch.attempts.iter().all(|(_, receipt)| receipt.is_some()));
    assert_eq!(stall.node.balance(PAY_TO), PRICE);
    settler.stop().await;
}

/// T42: and the same when the program ended in between.
#[tokio::test]
async fn t42_a_filler_that_was_saved_is_known_after_a_restart() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    stall.node.set_foreign_pending(&[0]);
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.set_foreign_pending(&[]);
    stall.until_sent(2).await;
    stall.restart(settler).await;
    let settler = stall.settler().await;
    stall.pass(TimeDelta::minutes(5)).await;
    stall.node.mine();
    stall.until_state(sale, PaymentState::Settled).await;
    assert_eq!(stall.node.transactions().len(), 2, "one filler is enough");
    settler.stop().await;
}

/// T42, T47: our own transaction settled nothing, because somebody else was faster, and then its block went. Nobody
/// sends it again, and what was sent behind it waits for its nonce.
#[tokio::test]
async fn t42_a_nonce_of_our_own_that_went_with_its_block_jams_nothing() {
    let mut stall = Stall::open().await;
    let overtaken = stall.sell().await;
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.used_by_another(overtaken.key, PAY_TO, PRICE);
    stall.node.mine();
    stall.until_state(overtaken, PaymentState::SettledElsewhere).await;
    let waiting = stall.sell().await;
    press(&settler).await;
    stall.until_sent(2).await;
    assert_eq!(nonce_of(&stall.node.transactions()[1]), 1);
    stall.node.reorganise(1);
    assert_eq!(stall.node.wallet_nonce(), 0);
    stall.until_sent(3).await;
    assert_eq!(nonce_of(&stall.node.transactions()[2]), 0);
    stall.node.mine();
    stall.until_state(waiting, PaymentState::Settled).await;
    assert_eq!(stall.node.balance(PAY_TO), 2 * PRICE);
    settler.stop().await;
}

/// T42: a nonce that the node has and we do not know of is stepped over, one it lost is not.
#[tokio::test]
async fn t42_the_next_nonce_is_read_from_the_chain_each_time() {
    let mut stall = Stall::open().await;
    let settler = stall.settler().await;
    for expected in [3, 7, 8] {
        while stall.node.wallet_nonce() < expected {
            stall.node.take_wallet_nonce();
        }
        let sale = stall.sell().await;
        let before = stall.node.transactions().len();
        press(&settler).await;
        stall.until_sent(before + 1).await;
        assert_eq!(nonce_of(stall.node.transactions().last().unwrap()), expected);
        stall.node.mine();
        stall.until_state(sale, PaymentState::Settled).await;
        stall.pass(TimeDelta::minutes(2)).await;
    }
    settler.stop().await;
}

/// T43 (OpenZeppelin Relayer 681): "nonce too low" taken for something that passes is a deadlock, and
/// "already known" taken for a failure is a second payment. Whatever is said, whether we were mined or
/// overtaken is read from the chain, and either way it goes on.
#[tokio::test]
async fn t43_nonce_too_low_neither_jams_nor_pays_twice() {
    for overtaken in [false, true] {
        let mut stall = Stall::open().await;
        let sale = stall.sell().await;
        let settler = stall.settler().await;
        press(&settler).await;
        stall.until_sent(1).await;
        stall.node.receive(Reception::Refuse(ChainError::NonceUsed));
        if overtaken {
            stall.node.take_wallet_nonce();
        } else {
            stall.node.mine();
        }
        stall.pass(TimeDelta::minutes(3)).await;
        stall.node.receive(Reception::Keep);
        stall.node.mine_empty(5);
        if overtaken {
            stall.until_sent(2).await;
            stall.node.mine();
        }
        stall.until_state(sale, PaymentState::Settled).await;
        assert_eq!(stall.node.balance(PAY_TO), PRICE);
        assert_eq!(stall.node.mined_count(), 1);
        settler.stop().await;
    }
}
