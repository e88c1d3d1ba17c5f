//! Folders, archives and texts.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use alloy_primitives::B256;
use domain::{Amount, Audience, Content, Part, SoldAs, Text};
use server::Packing;
use sha2::{Digest as _, Sha256};
use store::NewOffer;

use crate::buyer::Version;
use crate::http;
use crate::stall::{GOODS, PRICE, Stall};

const KICK: &[u8] = b"boom";
const SNARE: &[u8] = b"tshk, but longer";

fn stems(stall: &Stall) -> PathBuf {
    let folder = stall.file("stems");
    fs::create_dir_all(folder.join("drums")).unwrap();
    fs::write(folder.join("drums/kick drum.wav"), KICK).unwrap();
    fs::write(folder.join("snare.wav"), SNARE).unwrap();
    folder
}

async fn folder(stall: &Stall, packing: Packing) -> Content {
    server::inspect_folder(&stems(stall), &stall.file("data"), packing, &[]).await.unwrap().into()
}

#[tokio::test]
async fn each_file_of_a_folder_is_bought_by_itself_and_owned_by_itself() {
    let stall = Stall::open().await;
    let content = folder(&stall, Packing::Files).await;
    stall.put_up("/stems", content, "Stems", GOODS).await;
    stall.until("/stems/snare.wav", 402).await;
    let buyer = stall.buyer("ada");
    let (_, kick) = stall.buy(&buyer, "/stems/drums/kick-drum.wav", Version::Two).await;
    assert_eq!((kick.status, kick.body.as_slice()), (200, KICK));
    let name = "attachment; filename=\"kick drum.wav\"; filename*=UTF-8''kick%20drum.wav";
    assert_eq!(kick.header("content-disposition"), Some(name));
    let (_, again) = stall.buy(&buyer, "/stems/drums/kick-drum.wav", Version::Two).await;
    assert_eq!(again.status, 200);
    assert_eq!(stall.payments().await.len(), 1, "what is owned is not charged again");
    let (_, snare) = stall.buy(&buyer, "/stems/snare.wav", Version::One).await;
    assert_eq!((snare.status, snare.body.as_slice()), (200, SNARE));
    assert_eq!(stall.payments().await.len(), 2, "another file is another purchase");
}

// I4
#[tokio::test]
async fn what_was_signed_for_one_file_of_a_folder_buys_no_other() {
    let stall = Stall::open().await;
    let content = folder(&stall, Packing::Files).await;
    stall.put_up("/stems", content, "Stems", GOODS).await;
    stall.until("/stems/snare.wav", 402).await;
    let buyer = stall.buyer("ada");
    let (signed, kick) = stall.buy(&buyer, "/stems/drums/kick-drum.wav", Version::One).await;
    assert_eq!(kick.status, 200);
    for version in [Version::One, Version::Two] {
        let snare = stall.pay("/stems/snare.wav", &signed, version).await;
        assert_eq!(snare.status, 402);
        assert_ne!(snare.body, SNARE);
    }
}

// T27
#[tokio::test]
async fn nothing_of_a_folder_is_reached_but_what_was_published() {
    let stall = Stall::open().await;
    let content = folder(&stall, Packing::Files).await;
    let root = stall.file("stems");
    fs::write(root.join("later.wav"), "later").unwrap();
    stall.put_up("/stems", content, "Stems", GOODS).await;
    stall.until("/stems/snare.wav", 402).await;
    for path in ["/stems/later.wav", "/stems/drums/kick%20drum.wav", "/stems/drums", "/stems/../guide.txt"] {
        assert_eq!(stall.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_file_with_a_price_of_its_own_costs_that_and_the_others_what_the_folder_says() {
    let stall = Stall::open().await;
    let content = folder(&stall, Packing::Files).await;
    let id = stall.put_up("/stems", content, "Stems", GOODS).await;
    stall.until("/stems/snare.wav", 402).await;
    let own = NewOffer {
        part: "snare.wav".parse::<Part>().unwrap(),
        audience: Audience::Everybody,
        amount: Amount::from_atomic(3 * PRICE).unwrap(),
        ..stall.offer(PRICE)
    };
    stall.store.quote(vec![(id, own)], chrono::DateTime::UNIX_EPOCH).await.unwrap();
    let price = async |path: &str| {
        let demand = stall.get(path).await.decoded("PAYMENT-REQUIRED");
        demand["accepts"][0]["amount"].as_str().unwrap_or_default().to_owned()
    };
    crate::stall::eventually("the new price", async || {
        price("/stems/snare.wav").await == (3 * PRICE).to_string()
    })
    .await;
    assert_eq!(price("/stems/drums/kick-drum.wav").await, PRICE.to_string());
    let (_, snare) = stall.buy(&stall.buyer("ada"), "/stems/snare.wav", Version::Two).await;
    assert_eq!(snare.status, 200);
    assert_eq!(stall.payment().await.amount.atomic(), 3 * PRICE);
}

// I14
#[tokio::test]
async fn an_archive_has_the_digest_that_was_quoted_and_any_part_of_it_can_be_had() {
    let stall = Stall::open().await;
    let content = folder(&stall, Packing::Archive).await;
    let Content::Folder(published) = &content else { panic!("no folder") };
    let SoldAs::Archive { sha256 } = published.sold_as else { panic!("no archive") };
    stall.put_up("/stems", content, "Stems", GOODS).await;
    stall.until("/stems", 402).await;
    let buyer = stall.buyer("ada");
    let (_, whole) = stall.buy(&buyer, "/stems", Version::Two).await;
    assert_eq!(whole.status, 200);
    assert_eq!(B256::from_slice(&Sha256::digest(&whole.body)), sha256);
    assert_eq!(whole.header("content-type"), Some("application/zip"));
    assert!(whole.header("content-disposition").unwrap().contains("filename=\"stems.zip\""));
    let signed = stall.sign(&buyer, "/stems").await;
    let (name, value) = signed.header(Version::Two);
    let request = http::get("/stems", &[(name, &value), ("Range", "bytes=35-60")]);
    let part = http::send(stall.address, &request).await;
    assert_eq!((part.status, part.body.as_slice()), (206, &whole.body[35..61]));
    assert_eq!(stall.get("/stems/snare.wav").await.status, 404, "its files are not sold by themselves");
    fs::write(stall.file("stems/snare.wav"), "changed!").unwrap();
    assert_eq!(stall.get("/stems").await.status, 503);
}

#[tokio::test]
async fn a_text_is_sold_out_of_the_store() {
    let stall = Stall::open().await;
    let body = "{\"answer\": 42}";
    let content = Content::Text(Text {
        file_name: "answer.json".to_owned(),
        media_type: "application/json".to_owned(),
        body: Arc::from(body),
        sha256: B256::from_slice(&Sha256::digest(body)),
    });
    stall.put_up("/answer", content, "The answer", GOODS).await;
    stall.until("/answer", 402).await;
    let (_, reply) = stall.buy(&stall.buyer("ada"), "/answer", Version::Two).await;
    assert_eq!((reply.status, reply.body.as_slice()), (200, body.as_bytes()));
    assert_eq!(reply.header("content-type"), Some("application/json"));
}
