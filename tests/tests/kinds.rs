//! Folders, archives and texts, put up for sale by command and bought by the published clients.

use alloy_primitives::U256;
use alloy_primitives::hex;
use integration::{Books, Buyer, Client, PRICE, Stall, UNITS};

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    hex::encode(Sha256::digest(bytes))
}

/// I4, I14, I16: each file of a folder is bought and paid for by itself, and arrives as it was published.
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_sold_by_its_files_or_as_an_archive_and_a_text_as_it_was_written() {
    let stall = Stall::start().await;
    let folder = stall.goods().join("stems");
    std::fs::create_dir_all(folder.join("drums")).unwrap();
    let snare: Vec<u8> = (0..300_000_u32).map(|n| n.to_le_bytes()[0] ^ 0x5a).collect();
    std::fs::write(folder.join("drums/kick drum.wav"), b"boom").unwrap();
    std::fs::write(folder.join("snare.wav"), &snare).unwrap();
    std::fs::write(folder.join(".env"), b"TOKEN=secret").unwrap();
    let place = folder.to_str().unwrap();
    let add = ["--price", PRICE, "--title", "Stems"];
    let files = [&["endpoint", "add", "--folder", place, "--path", "/stems"], &add[..]].concat();
    let files = stall.cli(&files).await;
    assert_eq!((&files["content"]["kind"], &files["content"]["files"]), (&"folder".into(), &2.into()));
    let archive = [&["endpoint", "add", "--folder", place, "--archive", "--path", "/all"], &add[..]].concat();
    stall.cli(&archive).await;
    let text = "{\"answer\":42}";
    let text_add = ["endpoint", "add", "--text", text, "--path", "/answer", "--price", PRICE];
    assert_eq!(stall.cli(&text_add).await["content"]["mediaType"], "application/json");

    let books = Books::open(&stall).await;
    let origin = stall.url().trim_end_matches('/').to_owned();
    let mut sold = 0_u64;
    for client in Client::ALL {
        let buyer = Buyer::new();
        stall.fund(buyer.address(), "0.50").await;
        for (path, expected) in [("/stems/snare.wav", sha256(&snare)), ("/answer", sha256(text.as_bytes()))] {
            for line in client.buy(&format!("{origin}{path}"), &buyer, 1).await {
                assert!(line["error"].is_null(), "{client:?}: {line}");
                assert_eq!(line["sha256"].as_str().unwrap(), expected, "{client:?} {path}");
                sold += 1;
            }
        }
        let whole = client.buy(&format!("{origin}/all"), &buyer, 1).await;
        assert_eq!(whole[0]["status"], 200, "{client:?}: {}", whole[0]);
        assert!(whole[0]["bytes"].as_u64().unwrap() > 300_000, "{client:?}");
        sold += 1;
    }
    for hidden in ["/stems/.env", "/stems/env", "/stems", "/stems/drums/kick%20drum.wav"] {
        let answer = stall.visitor().ask(hidden).await;
        assert!(!String::from_utf8_lossy(&answer.body).contains("secret"), "{hidden}");
        assert_ne!(answer.status, 402, "{hidden}");
    }
    let settled = stall.settle().await;
    assert_eq!(settled.code, 0, "{}", settled.in_words());
    assert_eq!(books.agree(&stall).await, U256::from(sold * UNITS));
}

/// I3, I4: a code's price is for who names the code, and the test purchase reaches whatever buyers reach.
#[tokio::test(flavor = "multi_thread")]
async fn the_built_in_buyer_buys_parts_and_at_the_price_of_a_code() {
    let stall = Stall::start().await;
    let folder = stall.goods().join("stems");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("kick.wav"), b"boom").unwrap();
    stall
        .cli(&["endpoint", "add", "--folder", folder.to_str().unwrap(), "--path", "/stems", "--price", PRICE])
        .await;
    stall.cli(&["price", "set", "/stems", "0.02", "--code", "SPRING"]).await;
    let books = Books::open(&stall).await;
    for (path, amount) in [("/stems/kick.wav", "50000"), ("/stems/kick.wav?code=SPRING", "20000")] {
        let bought = stall.cli(&["practice", "buy", path]).await["items"][0].take();
        assert_eq!((&bought["status"], &bought["amount"]), (&200.into(), &amount.into()), "{bought}");
    }
    let unknown = stall.run(&["practice", "buy", "/stemsx"]).await;
    assert_eq!(unknown.refused(), "not_found");
    stall.settle().await.succeeded();
    assert_eq!(books.agree(&stall).await, U256::from(70_000));
}
