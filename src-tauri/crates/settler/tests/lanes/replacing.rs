use std::collections::HashSet;

use alloy_primitives::utils::format_ether;
use alloy_primitives::{U256, keccak256};
use chrono::TimeDelta;
use domain::{BatchState, Clock as _, Mode, NetworkId, PaymentState, SettlePolicy};
use settler::{LaneConfig, LaneState, SettleError, Wait};
use store::GAS_A_DAY;
use wallet::GasWallet;

use crate::ledger::{max_fee_of, nonce_of, payments_in};
use crate::node::Reception;
use crate::stall::{PAY_TO, PRICE, Stall, TOKEN, press};

const NETWORK: NetworkId = NetworkId::BASE_SEPOLIA;

/// T44, I9: the network's fees rose above what was offered; the same call goes out at a higher price, with
/// the same wallet nonce, and both are remembered.
#[tokio::test]
async fn a_transaction_that_fees_have_overtaken_is_replaced_with_the_same_nonce() {
    let mut stall = Stall::open().await;
    let sales = [stall.sell().await, stall.sell().await, stall.sell().await];
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.set_fees(8_000, 20);
    stall.until_sent(2).await;
    let sent = stall.node.transactions();
    assert!(sent.iter().all(|raw| nonce_of(raw) == 0 && payments_in(raw, TOKEN) == 3));
    assert!(max_fee_of(&sent[1]) >= 8_000);
    stall.node.drop_waiting(keccak256(&sent[0]));
    stall.node.mine();
    for sale in sales {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    let batch = &stall.batches().await[0].summary;
    assert_eq!(batch.state, BatchState::Settled);
    assert_eq!(batch.attempts.len(), 2);
    assert_eq!(
        batch.attempts.iter().map(|(_, receipt)| receipt.is_some()).collect::<Vec<_>>(),
        [false, true]
    );
    assert_eq!(stall.node.balance(PAY_TO), 3 * PRICE);
    settler.stop().await;
}

/// T45, I7: the original is mined after all, while its replacement waits.
#[tokio::test]
async fn whichever_of_original_and_replacement_is_mined_settles_the_batch() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.set_fees(8_000, 20);
    stall.until_sent(2).await;
    let original = keccak256(&stall.node.transactions()[0]);
    stall.node.mine();
    stall.until_state(sale, PaymentState::Settled).await;
    assert_eq!(stall.payment(sale).await.transaction, Some(original));
    assert_eq!(stall.node.mined_count(), 1);
    stall.node.mine_empty(5);
    stall.pass(TimeDelta::minutes(5)).await;
    assert_eq!(stall.node.transactions().len(), 2, "nothing more is offered");
    settler.stop().await;
}

/// T45 and T61 together: the program ends between the two, and both are still known.
#[tokio::test]
async fn after_a_restart_the_original_of_a_replaced_transaction_still_counts() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.set_fees(8_000, 20);
    stall.until_sent(2).await;
    stall.restart(settler).await;
    stall.node.mine();
    let settler = stall.settler().await;
    stall.until_state(sale, PaymentState::Settled).await;
    let original = keccak256(&stall.node.transactions()[0]);
    assert_eq!(stall.payment(sale).await.transaction, Some(original));
    assert_eq!(stall.node.transactions().len(), 2);
    settler.stop().await;
}

/// T47 with T45: the block with the original goes, and the replacement comes into the next.
#[tokio::test]
async fn when_the_block_of_the_original_goes_the_replacement_may_settle_instead() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.set_fees(8_000, 20);
    stall.until_sent(2).await;
    let sent = stall.node.transactions();
    stall.node.mine();
    stall.until_state(sale, PaymentState::Settled).await;
    stall.node.reorganise(1);
    stall.until("the bytes at the node", || async { stall.node.waiting() > 0 }).await;
    stall.node.mine();
    stall.node.mine_empty(3);
    stall.until("finality", || async { stall.payment(sale).await.final_at.is_some() }).await;
    assert_eq!(stall.payment(sale).await.transaction, Some(keccak256(&sent[1])));
    assert_eq!(stall.node.balance(PAY_TO), PRICE);
    settler.stop().await;
}

/// T44, I11: above the seller's ceiling nothing more is offered, which is said; before a deadline it is.
#[tokio::test]
async fn the_ceiling_holds_until_a_deadline_comes() {
    let mut stall = Stall::open().await;
    let policy = SettlePolicy { gas_ceiling: Some(2_000), ..SettlePolicy::default() };
    stall.store.set_schedule(NETWORK, policy, stall.clock.now()).await.unwrap();
    let sale = stall.sell_for(Mode::Batched, 7_200).await;
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.set_fees(9_000, 20);
    stall
        .until("a sentence", || async {
            matches!(&settler.state().await[&NETWORK], LaneState::Blocked(why) if why.contains("ceiling"))
        })
        .await;
    let highest = || stall.node.transactions().iter().map(max_fee_of).max().unwrap();
    assert!(highest() <= 2_000);
    stall.pass(TimeDelta::minutes(105)).await;
    assert!(highest() <= 2_000, "there is time");
    stall.pass(TimeDelta::minutes(6)).await;
    stall.until("an offer as high as it takes", || async { highest() >= 9_000 }).await;
    stall.node.mine();
    stall.until_state(sale, PaymentState::Settled).await;
    assert!(stall.node.transactions().iter().all(|raw| nonce_of(raw) == 0));
    settler.stop().await;
}

/// I11: what could take more than the seller allows within a day is not signed, not even for a deadline;
/// a day later it goes on by itself.
#[tokio::test]
async fn within_a_day_no_more_gas_money_is_taken_than_the_seller_allows() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    // A direct transfer is given 120,000 gas, and a little more than the 1,000 wei that each costs.
    let one = 120_000 * 1_100_u64;
    let coins = format_ether(U256::from(one * 3));
    stall.store.set_setting(format!("{GAS_A_DAY}{NETWORK}"), coins).await.unwrap();
    let settler = stall.settler().await;
    let first = stall.sell().await;
    press(&settler).await;
    stall.until_state(first, PaymentState::Settled).await;
    let spent = stall.store.gas_of_a_day(NETWORK, stall.clock.now()).await.unwrap();
    assert!(spent.taken > U256::ZERO && spent.taken < U256::from(one), "what it did take counts: {spent:?}");

    stall.node.set_fees(9_000, 20);
    let second = stall.sell_for(Mode::Batched, 3 * 24 * 3_600).await;
    assert!(matches!(settler.settle_now(Some(NETWORK), Wait::No).await, Err(SettleError::DayIsSpent)));
    assert_eq!(stall.state(second).await, PaymentState::Queued, "it can still be voided");
    stall
        .until("a sentence", || async {
            matches!(&settler.state().await[&NETWORK], LaneState::Blocked(why) if why.contains("within a day"))
        })
        .await;
    assert_eq!(stall.node.transactions().len(), 1);

    stall.node.set_fees(1_000, 10);
    stall.pass(TimeDelta::hours(25)).await;
    press(&settler).await;
    stall.until_state(second, PaymentState::Settled).await;
    settler.stop().await;
}

/// I11, T44: an offer for more counts as the dearest of all that were made for its wallet nonce.
#[tokio::test]
async fn a_replacement_keeps_to_the_gas_money_of_a_day() {
    let mut stall = Stall::open().await;
    let sale = stall.sell_for(Mode::Batched, 7_200).await;
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    let offered = max_fee_of(&stall.node.transactions()[0]);
    let most = U256::from(120_000_u64) * U256::from(offered * 2);
    stall.store.set_setting(format!("{GAS_A_DAY}{NETWORK}"), format_ether(most)).await.unwrap();
    stall.node.set_fees(9_000, 20);
    stall
        .until("a sentence", || async {
            matches!(&settler.state().await[&NETWORK], LaneState::Blocked(why) if why.contains("within a day"))
        })
        .await;
    let highest = || stall.node.transactions().iter().map(max_fee_of).max().unwrap();
    assert_eq!(highest(), offered);
    stall.store.set_setting(format!("{GAS_A_DAY}{NETWORK}"), String::new()).await.unwrap();
    stall.pass(TimeDelta::minutes(1)).await;
    assert!(highest() >= 9_000);
    stall.node.mine();
    stall.until_state(sale, PaymentState::Settled).await;
    settler.stop().await;
}

/// The wallet that signed was replaced, and cannot pay for what it signed any more: the new one signs the same call,
/// and each authorization is taken once whichever is mined (I8, I9).
#[tokio::test]
async fn what_a_replaced_wallet_signed_is_signed_by_the_new_one_when_it_is_stuck() {
    let mut stall = Stall::open().await;
    let sales = [stall.sell().await, stall.sell().await, stall.sell().await];
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    let old = stall.lane();
    settler.set_lane(LaneConfig { wallet: GasWallet::from_key_bytes(&mut [8; 32]).unwrap(), ..old }).await;
    stall.pass(TimeDelta::seconds(40)).await;
    let hashes = || stall.node.transactions().iter().map(keccak256).collect::<HashSet<_>>();
    assert_eq!(hashes().len(), 1, "it may still be mined at its price");
    stall.node.set_fees(8_000, 20);
    stall.pass(TimeDelta::minutes(2)).await;
    assert_eq!(hashes().len(), 2);
    stall.node.mine();
    for sale in sales {
        stall.until_state(sale, PaymentState::Settled).await;
    }
    assert_eq!(stall.node.balance(PAY_TO), 3 * PRICE);
    settler.stop().await;
}

/// T42, T53: what a node says of other programs' transactions is believed within reason.
#[tokio::test]
async fn nothing_is_signed_for_a_nonce_far_beyond_every_known_transaction() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    let sale = stall.sell().await;
    stall.node.set_foreign_pending(&(0..1_000).collect::<Vec<_>>());
    let settler = stall.settler().await;
    press(&settler).await;
    stall
        .until("a sentence", || async {
            matches!(&settler.state().await[&NETWORK], LaneState::Blocked(why) if why.contains("1000 transactions"))
        })
        .await;
    assert!(stall.node.transactions().is_empty());
    stall.node.set_foreign_pending(&[]);
    stall.pass(TimeDelta::minutes(1)).await;
    stall.until_state(sale, PaymentState::Settled).await;
    assert_eq!(nonce_of(&stall.node.transactions()[0]), 0);
    settler.stop().await;
}

/// T44, I11: above the ceiling what came back waits too.
#[tokio::test]
async fn what_came_back_waits_for_cheaper_gas_like_everything_else() {
    let mut stall = Stall::open().await;
    stall.node.mine_at_once();
    let policy = SettlePolicy { gas_ceiling: Some(2_000), ..SettlePolicy::default() };
    stall.store.set_schedule(NETWORK, policy, stall.clock.now()).await.unwrap();
    let sale = stall.sell_for(Mode::Batched, 7_200).await;
    stall.node.starve();
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.until_state(sale, PaymentState::Queued).await;
    stall.node.feed();
    stall.node.set_fees(9_000, 20);
    stall.pass(TimeDelta::minutes(10)).await;
    assert_eq!(stall.node.transactions().len(), 1);
    stall.node.set_fees(1_500, 20);
    stall.pass(TimeDelta::minutes(2)).await;
    stall.until_state(sale, PaymentState::Settled).await;
    settler.stop().await;
}

/// T44: what the wallet cannot pay for is not offered.
#[tokio::test]
async fn a_replacement_is_never_more_than_the_wallet_holds() {
    let mut stall = Stall::open().await;
    let sale = stall.sell().await;
    stall.node.set_gas_money(120_000 * 2_000);
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.set_fees(50_000, 20);
    stall
        .until("a sentence", || async {
            matches!(&settler.state().await[&NETWORK], LaneState::Blocked(why) if why.contains("gas wallet"))
        })
        .await;
    assert_eq!(stall.node.transactions().len(), 1);
    stall.node.set_gas_money(u64::MAX);
    stall.until_sent(2).await;
    stall.node.drop_waiting(keccak256(&stall.node.transactions()[0]));
    stall.node.mine();
    stall.until_state(sale, PaymentState::Settled).await;
    settler.stop().await;
}

/// T53: a node that finds every price too low cannot make us offer any price.
#[tokio::test]
async fn a_node_that_lies_about_prices_does_not_spend_the_wallet() {
    let mut stall = Stall::open().await;
    stall.sell_for(Mode::Batched, 72 * 3_600).await;
    stall.node.receive(Reception::Refuse(chain::ChainError::FeeTooLow));
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(2).await;
    stall.pass(TimeDelta::hours(5)).await;
    let highest = stall.node.transactions().iter().map(max_fee_of).max().unwrap();
    assert!(highest <= 5 * 1_000, "{highest}");
    settler.stop().await;
}

/// While fees are what they were, the same bytes are sent again and nothing else.
#[tokio::test]
async fn without_a_reason_nothing_is_replaced() {
    let mut stall = Stall::open().await;
    stall.sell_for(Mode::Batched, 72 * 3_600).await;
    let settler = stall.settler().await;
    press(&settler).await;
    stall.until_sent(1).await;
    stall.node.set_fees(1_900, 10);
    stall.node.mine_empty(30);
    stall.pass(TimeDelta::hours(5)).await;
    assert_eq!(stall.node.transactions().len(), 1);
    assert!(stall.node.received().len() > 20);
    settler.stop().await;
}
