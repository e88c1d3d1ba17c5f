use domain::{Mode, PaymentState};

use crate::ledger::nonce_of;
use crate::node::Reception;
use crate::stall::{PAY_TO, PRICE, Stall, press};

/// T40, I9: what was saved and never sent is sent after the restart, byte for byte.
#[tokio::test]
async fn a_restart_between_saving_and_sending_sends_the_same_bytes() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    stall.node.receive(Reception::Lose);
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.restart(settler).await;
    stall.node.receive(Reception::Keep);

    let settler = stall.settler().await;
    stall.until("the bytes at the node", || async { stall.node.waiting() == 1 }).await;
    stall.node.mine();
    stall.until_state(sale, PaymentState::Settled).await;
    let received = stall.node.received();
    assert!(received.iter().all(|raw| *raw == received[0]));
    assert_eq!(stall.node.mined_count(), 1);
    settler.stop().await;
}

/// T61: the transaction was mined while nobody watched.
#[tokio::test]
async fn a_transaction_that_was_mined_while_the_program_was_down_is_found() {
    let mut stall = Stall::open().await;
    let sales = [stall.sell().await, stall.sell().await, stall.sell().await];
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.restart(settler).await;
    stall.node.mine();

    let settler = stall.settler().await;
    for sale in sales {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    assert_eq!(stall.node.mined_count(), 1);
    assert_eq!(stall.node.balance(PAY_TO), 3 * PRICE);
    settler.stop().await;
}

/// T61: chosen, and the program ended before anything was signed. It goes back to the queue, and is taken
/// up again by itself.
#[tokio::test]
async fn a_batch_without_a_signature_goes_back_to_the_queue() {
    let mut stall = Stall::open().await;
    let kept = stall.sell().await;
    let used = stall.sell().await;
    stall.open_batch(&[kept, used]).await;
    assert_eq!(stall.state(kept).await, PaymentState::Settling);
    let foreign = stall.node.used_by_another(used.key, PAY_TO, PRICE);

    let settler = stall.settler().await;
    stall.until_state(kept, PaymentState::Queued).await;
    stall.until_state(used, PaymentState::SettledElsewhere).await;
    assert_eq!(stall.payment(used).await.transaction, Some(foreign));
    stall.until_sent(1).await;
    stall.node.mine();
    stall.until_state(kept, PaymentState::Settled).await;
    let batches = stall.batches().await;
    assert_eq!(batches[1].summary.started_by, "recovery");
    assert_eq!(batches.len(), 2);
    settler.stop().await;
}

/// T52: a node that is away at the start is asked again until it answers.
#[tokio::test]
async fn recovery_waits_for_a_node_that_is_away() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.restart(settler).await;
    stall.node.set_away(true);

    let settler = stall.settler().await;
    stall.pass(chrono::TimeDelta::hours(3)).await;
    assert_eq!(stall.state(sale).await, PaymentState::Settling);
    stall.node.set_away(false);
    stall.node.mine();
    stall.until_state(sale, PaymentState::Settled).await;
    settler.stop().await;
}

/// T67: what is due goes first, without anybody pressing.
#[tokio::test]
async fn after_a_long_sleep_what_is_due_is_sent_at_once() {
    let mut stall = Stall::open().await;
    let settler = stall.settler().await;
    let sale = stall.sell_for(Mode::Batched, 3_600).await;
    let settler = {
        stall.until_idle(&settler).await;
        stall.restart(settler).await;
        stall.clock.advance(chrono::TimeDelta::minutes(58));
        stall.settler().await
    };
    stall.until_sent(1).await;
    stall.node.mine();
    stall.until_state(sale, PaymentState::Settled).await;
    settler.stop().await;
}

/// T42: the next transaction follows the ones that were saved, whatever the node says.
#[tokio::test]
async fn a_node_that_lost_our_transaction_does_not_make_us_use_its_nonce_again() {
    let mut stall = Stall::open().await;
    let first = stall.sell().await;
    stall.node.receive(Reception::Lose);
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.receive(Reception::Keep);
    let second = stall.sell().await;
    press(&settler).await;
    stall.until("both", || async { stall.node.waiting() == 2 }).await;
    stall.node.mine();
    stall.until_state(first, PaymentState::Settled).await;
    stall.until_state(second, PaymentState::Settled).await;
    let mut nonces = stall.node.received().iter().map(nonce_of).collect::<Vec<_>>();
    nonces.sort_unstable();
    nonces.dedup();
    assert_eq!(nonces, [0, 1]);
    settler.stop().await;
}

/// T63: an older copy of the data is put back. What was settled since is found on chain before
/// anything new is sent, whoever's transaction it is now, and nothing is paid twice.
#[tokio::test]
async fn after_an_older_copy_was_put_back_the_chain_is_asked_first() {
    let mut stall = Stall::open().await;
    let (settled, queued) = (stall.sell().await, stall.sell_for(Mode::Batched, 9_000).await);
    stall.copy().await;
    let settler = stall.settler().await;
    stall.node.refuse(queued.key.nonce, domain::FailureReason::Paused);
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.mine();
    stall.until_state(settled, PaymentState::Settled).await;
    stall.put_copy_back(settler).await;
    assert_eq!(stall.state(settled).await, PaymentState::Queued, "the copy knows nothing of it");
    stall.node.allow(queued.key.nonce);

    let settler = stall.settler().await;
    stall.until_state(settled, PaymentState::SettledElsewhere).await;
    assert_eq!(stall.state(queued).await, PaymentState::Queued);
    assert_eq!(stall.node.transactions().len(), 1);
    stall
        .until("the end of the look", || async {
            stall.store.is_rescanned(domain::NetworkId::BASE_SEPOLIA).await.unwrap()
        })
        .await;
    press(&settler).await;
    stall.until_sent(2).await;
    stall.node.mine();
    stall.until_state(queued, PaymentState::Settled).await;
    assert_eq!(stall.node.balance(PAY_TO), 2 * PRICE);
    settler.stop().await;
}
