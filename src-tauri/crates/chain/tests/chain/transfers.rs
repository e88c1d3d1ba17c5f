use alloy_primitives::{B256, U256};
use chain::{Chain as _, TokenTransfer};

use crate::stage::{SELLER, Stage};

fn told(transfers: &[TokenTransfer]) -> Vec<u64> {
    transfers.iter().map(|transfer| transfer.value.to()).collect()
}

/// I16: what came to an address, whatever for, between two blocks and no further.
#[tokio::test]
async fn what_came_to_an_address_is_found_between_two_blocks() {
    let stage = Stage::open().await;
    let (rich, other) = (stage.payer(1, 1_000).await, stage.payer(2, 1_000).await);
    let begin = stage.rpc.head().await.unwrap().number + 1;
    let first = stage.settle(&[rich.pays(300, 1), other.pays(5, 1)]).await.evidence;
    let second = stage.settle(&[rich.pays(40, 2)]).await.evidence;
    let to = |from, to| stage.rpc.transfers_to(stage.asset.address, SELLER, from, to);

    let all = to(begin, second.block).await.unwrap();
    assert_eq!(told(&all), [300, 5, 40]);
    assert!(all.iter().all(|transfer| transfer.to == SELLER && transfer.asset == stage.asset.address));
    assert_eq!((all[0].from, all[1].from), (rich.address(), other.address()));
    assert_eq!([all[0].evidence, all[2].evidence], [first, second]);
    assert_eq!(told(&to(begin, second.block - 1).await.unwrap()), [300, 5]);
    assert_eq!(told(&to(second.block, second.block).await.unwrap()), [40]);
    let sum: U256 = all.iter().map(|transfer| transfer.value).sum();
    assert_eq!(sum, U256::from(stage.balance(SELLER).await));
    let nobody = stage.rpc.transfers_to(stage.asset.address, stage.asset.address, 0, second.block).await;
    assert_eq!(nobody, Ok(Vec::new()));
}

#[tokio::test]
async fn a_transaction_tells_what_it_moved_and_one_in_no_block_tells_nothing() {
    let stage = Stage::open().await;
    let payer = stage.payer(1, 1_000).await;
    let mined = stage.settle(&[payer.pays(300, 1), payer.pays(7, 2)]).await.evidence;
    let (evidence, transfers) = stage.rpc.transfers_in(mined.transaction).await.unwrap().unwrap();
    assert_eq!(evidence, mined);
    assert_eq!(told(&transfers), [300, 7]);
    assert!(transfers[0].log_index < transfers[1].log_index);
    assert_eq!(stage.rpc.transfers_in(B256::repeat_byte(9)).await, Ok(None));
}
