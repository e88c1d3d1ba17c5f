//! What owners receive after something new was published under the same link.

use std::fs;

use domain::{Content, OwnersGet};
use serde_json::Value;
use server::Packing;

use crate::buyer::{Buyer, Signed, Version};
use crate::http;
use crate::pages::BROWSER;
use crate::stall::{GOODS, GUIDE, GUIDE_TEXT, Stall, eventually};

const SECOND: &[u8] = b"How to keep two stalls at once.";

/// A stall whose guide Ada bought, and whose second edition lies beside the first.
async fn after_an_update() -> (Stall, Buyer, String) {
    let stall = Stall::open().await;
    let ada = stall.buyer("Ada");
    let signed = stall.sign(&ada, GUIDE).await;
    let (name, value) = signed.header(Version::Two);
    let headers = [(name, value.as_str()), ("Accept", "application/vnd.stallkeeper-grant+json")];
    let granted = http::send(stall.address, &http::get(GUIDE, &headers)).await;
    assert_eq!(granted.status, 200, "{granted:?}");
    let granted: Value = serde_json::from_slice(&granted.body).unwrap();
    publish(&stall, "second.txt", SECOND).await;
    let link = granted["grant"].as_str().unwrap().to_owned();
    (stall, ada, link)
}

async fn publish(stall: &Stall, name: &str, content: &[u8]) {
    fs::write(stall.file(name), content).unwrap();
    let inspected = server::inspect(&stall.file(name), &stall.file("data")).await.unwrap();
    let now = domain::Clock::now(&*stall.clock);
    stall.store.set_content(endpoint(stall).await, inspected.into(), now).await.unwrap();
    let page = async || String::from_utf8(stall.browse(GUIDE).await.body).unwrap();
    eventually("the new edition", async || page().await.contains(name)).await;
}

async fn endpoint(stall: &Stall) -> domain::EndpointId {
    stall.store.catalogue().await.unwrap()[0].endpoint.id
}

async fn choose(stall: &Stall, wanted: OwnersGet) {
    stall.store.set_owners_get(endpoint(stall).await, wanted).await.unwrap();
}

async fn until(stall: &Stall, link: &str, content: &[u8]) {
    eventually("what its owner receives", async || stall.get(link).await.body == content).await;
}

#[tokio::test]
async fn owners_receive_the_newest_version_unless_the_seller_lets_them_keep_what_they_bought() {
    let (stall, ada, link) = after_an_update().await;
    until(&stall, &link, SECOND).await;
    choose(&stall, OwnersGet::Bought).await;
    until(&stall, &link, GUIDE_TEXT).await;
    let kept = stall.get(&link).await;
    assert!(kept.header("content-disposition").unwrap().contains("guide.txt"), "{kept:?}");
    // Who signs for what is quoted now gets that, whatever was bought before, and pays for it once.
    let ben = stall.buyer("Ben");
    for buyer in [&ben, &ada] {
        for _ in 0..2 {
            let (_, bought) = stall.buy(buyer, GUIDE, Version::Two).await;
            assert_eq!(&*bought.body, SECOND);
        }
    }
    let counts: Vec<_> = stall.store.versions(endpoint(&stall).await, 10).await.unwrap();
    assert_eq!(counts.iter().map(|version| version.bought).collect::<Vec<_>>(), [2, 1]);
    until(&stall, &link, GUIDE_TEXT).await;
    choose(&stall, OwnersGet::Newest).await;
    until(&stall, &link, SECOND).await;
}

#[tokio::test]
async fn an_owner_of_an_earlier_version_is_not_charged_for_the_newest_where_owners_get_that() {
    let (stall, ada, link) = after_an_update().await;
    until(&stall, &link, SECOND).await;
    let (_, again) = stall.buy(&ada, GUIDE, Version::Two).await;
    assert_eq!((&*again.body, stall.payments().await.len()), (SECOND, 1));
}

// Nothing else than what was quoted, also where it cannot be sold at the moment.
#[tokio::test]
async fn who_signs_for_a_version_that_is_gone_is_not_given_the_earlier_one_in_its_place() {
    let (stall, ada, link) = after_an_update().await;
    choose(&stall, OwnersGet::Bought).await;
    until(&stall, &link, GUIDE_TEXT).await;
    let signed = stall.sign(&ada, GUIDE).await;
    fs::remove_file(stall.file("second.txt")).unwrap();
    let refused = stall.pay(GUIDE, &signed, Version::Two).await;
    assert_eq!((refused.status, refused.error().as_str()), (503, "content_unavailable"));
    until(&stall, &link, GUIDE_TEXT).await;
    assert_eq!(stall.payments().await.len(), 1);
}

// T30: nothing is copied, so what is gone cannot be handed out, and nothing else is in its name.
#[tokio::test]
async fn where_the_bought_file_is_gone_or_another_one_its_owner_receives_the_newest() {
    let (stall, _, link) = after_an_update().await;
    choose(&stall, OwnersGet::Bought).await;
    until(&stall, &link, GUIDE_TEXT).await;
    let resumed = http::send(stall.address, &http::get(&link, &[("Range", "bytes=4-")])).await;
    assert_eq!((resumed.status, &*resumed.body), (206, &GUIDE_TEXT[4..]));
    fs::write(stall.file("guide.txt"), vec![b'x'; GUIDE_TEXT.len()]).unwrap();
    until(&stall, &link, SECOND).await;
    fs::remove_file(stall.file("guide.txt")).unwrap();
    until(&stall, &link, SECOND).await;
    fs::write(stall.file("guide.txt"), GUIDE_TEXT).unwrap();
    until(&stall, &link, GUIDE_TEXT).await;
    // The next edition takes its place.
    publish(&stall, "guide.txt", b"How to keep three.").await;
    until(&stall, &link, b"How to keep three.").await;
}

#[tokio::test]
async fn a_receipt_names_the_digest_that_was_bought_whatever_is_sold_by_now() {
    let stall = Stall::open().await;
    let (_, bought) = stall.buy(&stall.buyer("Ada"), GUIDE, Version::Two).await;
    let url = bought.decoded("PAYMENT-RESPONSE")["extra"]["receiptUrl"].as_str().unwrap().to_owned();
    let path = url.strip_prefix("https://stall.example").unwrap();
    let listing = stall.store.catalogue().await.unwrap().remove(0);
    let Content::File(first) = listing.endpoint.content else { panic!("no file") };
    publish(&stall, "second.txt", SECOND).await;
    let receipt: Value = serde_json::from_slice(&stall.get(path).await.body).unwrap();
    let digest = alloy_primitives::hex::encode(first.sha256);
    assert_eq!(receipt["bought"]["sha256"], digest);
    let page = http::send(stall.address, &http::get(path, &BROWSER)).await;
    assert!(String::from_utf8(page.body).unwrap().contains(&digest));
}

#[tokio::test]
async fn a_longer_version_that_was_bought_is_resumed_though_a_shorter_one_is_sold_by_now() {
    let stall = Stall::open().await;
    choose(&stall, OwnersGet::Bought).await;
    let ada = stall.buyer("Ada");
    let (signed, _) = stall.buy(&ada, GUIDE, Version::Two).await;
    publish(&stall, "short.txt", b"Short.").await;
    let resume = async |signed: &Signed| {
        let (name, value) = signed.header(Version::Two);
        http::send(stall.address, &http::get(GUIDE, &[(name, &value), ("Range", "bytes=12-")])).await
    };
    for signed in [&signed, &stall.sign(&ada, GUIDE).await] {
        let resumed = resume(signed).await;
        assert_eq!((resumed.status, &*resumed.body), (206, &GUIDE_TEXT[12..]), "{resumed:?}");
    }
    let stranger = resume(&stall.sign(&stall.buyer("Ben"), GUIDE).await).await;
    assert_eq!((stranger.status, stall.payments().await.len()), (416, 1));
}

#[tokio::test]
async fn a_file_that_is_missing_from_its_folder_by_now_is_there_for_its_owners_and_for_nobody_else() {
    let stall = Stall::open().await;
    for (name, content) in [("all/kick.wav", "boom"), ("all/snare.wav", "tshk"), ("fewer/snare.wav", "tshk")]
    {
        let file = stall.file(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }
    let inspect = async |name: &str| {
        let data = stall.file("data");
        Content::from(server::inspect_folder(&stall.file(name), &data, Packing::Files, &[]).await.unwrap())
    };
    let id = stall.put_up("/drums", inspect("all").await, "Drums", GOODS).await;
    stall.until("/drums/kick.wav", 402).await;
    let ada = stall.buyer("Ada");
    let (signed, again) =
        (stall.sign(&ada, "/drums/kick.wav").await, stall.sign(&ada, "/drums/kick.wav").await);
    let stranger = stall.sign(&stall.buyer("Ben"), "/drums/kick.wav").await;
    let (name, value) = signed.header(Version::Two);
    let headers = [(name, value.as_str()), ("Accept", "application/vnd.stallkeeper-grant+json")];
    let granted = http::send(stall.address, &http::get("/drums/kick.wav", &headers)).await;
    let granted: Value = serde_json::from_slice(&granted.body).unwrap();
    let link = granted["grant"].as_str().unwrap().to_owned();
    let now = domain::Clock::now(&*stall.clock);
    stall.store.set_content(id, inspect("fewer").await, now).await.unwrap();
    stall.until("/drums/kick.wav", 404).await;
    assert_eq!(stall.get(&link).await.body, b"boom");
    assert_eq!(stall.pay("/drums/kick.wav", &again, Version::Two).await.body, b"boom");
    assert_eq!(stall.pay("/drums/kick.wav", &stranger, Version::Two).await.status, 404);
    let page = String::from_utf8(stall.browse("/drums").await.body).unwrap();
    assert!(page.contains("snare.wav") && !page.contains("kick.wav"), "{page}");
    // Which file it was is told as it was called.
    assert_eq!(stall.payment().await.file.as_deref(), Some("kick.wav"));
    stall.store.set_content(id, inspect("all").await, now).await.unwrap();
    stall.until("/drums/kick.wav", 402).await;
    // What is shown of a folder is where its link says.
    let inspected = server::inspect(&stall.file("guide.txt"), &stall.file("data")).await.unwrap();
    let Content::File(sample) = inspected.into() else { panic!("no file") };
    stall.store.set_preview(id, Some(sample)).await.unwrap();
    eventually("the preview", async || stall.get("/drums?preview").await.body == GUIDE_TEXT).await;
}
