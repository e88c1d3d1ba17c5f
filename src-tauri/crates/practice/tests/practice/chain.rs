//! What a seller, a buyer and a settler find on a fresh practice chain.

use std::sync::Arc;
use std::time::Duration;

use crate::common::{ask, balance, block_number, config, eventually, resources, start, token_call, usdc};
use ::chain::{Chain as _, PayerQuestion, Rpc};
use alloy_primitives::{Address, B256, U64, U256, address, b256};
use domain::{AuthorizationKey, NetworkId};
use practice::{Practice, PracticeError};
use serde_json::json;
use tokio::sync::watch;

#[tokio::test(flavor = "multi_thread")]
async fn it_answers_as_base_sepolia_with_its_usdc_and_multicall3() {
    let folder = tempfile::tempdir().unwrap();
    let practice = start(folder.path()).await;
    assert_eq!(ask(practice.url(), "eth_chainId", json!([])).await.unwrap(), "0x14a34");
    assert_eq!(practice.token(), address!("036CbD53842c5426634e7929541eC2318f3dCF7e"));
    assert_eq!(
        token_call(&practice, "DOMAIN_SEPARATOR()", None).await,
        json!(b256!("71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818")),
    );
    let multicall3 = json!(["0xcA11bde05977b3631167028862bE2a173976CA11", "latest"]);
    let code = ask(practice.url(), "eth_getCode", multicall3).await.unwrap();
    assert_eq!(code.as_str().map(str::len), Some(2 + 2 * 5561));
    assert_eq!(ask(practice.url(), "eth_accounts", json!([])).await.unwrap(), json!([]));
    practice.stop().await.unwrap();
}

/// Practice signatures would be valid on the public network, so no two folders share keys.
#[tokio::test(flavor = "multi_thread")]
async fn every_folder_has_a_chain_and_keys_of_its_own() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let first = start(folders[0].path()).await;
    let second = start(folders[1].path()).await;
    assert_ne!(first.genesis_hash(), second.genesis_hash());
    assert_ne!(first.default_payout(), second.default_payout());
    assert_ne!(first.url(), second.url());
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let keys = folders[0].path().join("practice-keys.json");
        assert_eq!(std::fs::metadata(keys).unwrap().mode() & 0o777, 0o600);
    }
    first.stop().await.unwrap();
    second.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn it_gives_money_and_gas() {
    let folder = tempfile::tempdir().unwrap();
    let practice = start(folder.path()).await;
    let grants: Vec<_> = (1..=20).map(|number| (Address::repeat_byte(number), usdc(number.into()))).collect();
    practice.fund(&grants).await.unwrap();
    for (account, amount) in &grants {
        assert_eq!(balance(&practice, *account).await, amount.atomic());
    }
    let wallet = address!("9a50000000000000000000000000000000000003");
    practice.top_up_gas(wallet).await.unwrap();
    let gas = ask(practice.url(), "eth_getBalance", json!([wallet, "latest"])).await.unwrap();
    assert_eq!(serde_json::from_value::<U256>(gas).unwrap(), U256::from(10).pow(U256::from(20)));
    practice.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn it_mines_on_demand_and_while_somebody_waits() {
    let folder = tempfile::tempdir().unwrap();
    let practice = start(folder.path()).await;
    let (wanted, receiver) = watch::channel(false);
    practice.keep_mining(receiver);
    assert_eq!(block_number(practice.url()).await, 0);
    wanted.send_replace(true);
    let final_block = || async {
        let block = ask(practice.url(), "eth_getBlockByNumber", json!(["finalized", false])).await.unwrap();
        serde_json::from_value::<U64>(block["number"].clone()).unwrap().to::<u64>()
    };
    eventually("a final block", || async { final_block().await >= 1 }).await;
    wanted.send_replace(false);
    let height = block_number(practice.url()).await;
    // One block may have been under way; another tick would bring more.
    tokio::time::sleep(Duration::from_millis(4500)).await;
    assert!(block_number(practice.url()).await <= height + 1);
    practice.stop().await.unwrap();
}

/// I7: through the same client that reads every other chain, except that nothing is final before it is durable.
#[tokio::test(flavor = "multi_thread")]
async fn the_product_reads_it_as_any_other_chain() {
    let folder = tempfile::tempdir().unwrap();
    let practice = start(folder.path()).await;
    let node = Rpc::connect(NetworkId::BASE_SEPOLIA, vec![practice.url().to_owned()]).await.unwrap();
    let chain = practice.chain(Arc::new(node.clone()));
    let payer = Address::repeat_byte(7);
    practice.fund(&[(payer, usdc(5))]).await.unwrap();

    let key = AuthorizationKey { payer, nonce: B256::ZERO };
    let facts = chain.payer(PayerQuestion { asset: practice.token(), key }).await.unwrap();
    assert_eq!((facts.balance, facts.nonce_used, facts.has_code), (usdc(5), false, false));
    assert_eq!(chain.token(practice.token()).await.unwrap().name, "USDC");

    // Four empty blocks: the node calls more of them final than its newest snapshot holds.
    let kept = *practice.durable_block().borrow();
    ask(practice.url(), "anvil_mine", json!(["0x4"])).await.unwrap();
    assert!(node.final_block().await.unwrap() > kept);
    eventually("the snapshot to decide", || async {
        let durable = *practice.durable_block().borrow();
        let last = chain.final_block().await.unwrap();
        last == durable.min(node.final_block().await.unwrap())
            && durable == *practice.durable_block().borrow()
    })
    .await;
    practice.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_resources_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let empty = tempfile::tempdir().unwrap();
    let mut settings = config(folder.path());
    settings.resources = empty.path().to_owned();
    let error = Practice::start(settings).await.err().unwrap();
    assert!(matches!(error, PracticeError::Resources { .. }), "{error}");
    assert!(error.to_string().contains("the node's binary is missing"), "{error}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_cannot_start_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let broken = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(resources()).unwrap().flatten() {
        std::fs::copy(entry.path(), broken.path().join(entry.file_name())).unwrap();
    }
    let attempt = async || {
        let mut settings = config(folder.path());
        settings.resources = broken.path().to_owned();
        Practice::start(settings).await.err().unwrap().to_string()
    };
    let node = broken.path().join("anvil");
    std::fs::remove_file(&node).unwrap();
    std::fs::write(&node, "not a program").unwrap();
    let error = attempt().await;
    assert!(error.contains("ermission denied"), "{error}");

    std::fs::remove_file(&node).unwrap();
    std::os::unix::fs::symlink("/bin/false", &node).unwrap();
    let error = attempt().await;
    assert!(error.contains("exit status: 1"), "{error}");
}
