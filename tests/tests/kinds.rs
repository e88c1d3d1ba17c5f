//! Everything that can be sold, put up for sale by command and bought by all that buys.

use std::path::Path;

use alloy_primitives::{U256, hex};
use integration::{Books, Buyer, Client, PRICE, Stall, UNITS, Upstream, Version};
use tokio::process::Command;

use crate::shared::{crowd, curl};

const FILM: &str = "/film.bin";
const SNARE: &str = "/stems/snare.wav";
const ALL: &str = "/all.zip";
const ANSWER: &str = "/answer";
const PARIS: &str = "/api/paris?days=2";

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    hex::encode(Sha256::digest(bytes))
}

/// Bytes like no other count of them.
fn bytes(count: u32) -> Vec<u8> {
    (0..count).map(|n| (n ^ (n >> 7) ^ count).to_le_bytes()[0]).collect()
}

/// A file, a folder of files, the folder as an archive, a text, and a program's answers, each at [`PRICE`].
struct Kinds {
    stall: Stall,
    program: Upstream,
    film: Vec<u8>,
    snare: Vec<u8>,
    answer: &'static str,
}

impl Kinds {
    async fn for_sale() -> Self {
        // More than one read of a large file, and not a multiple of any block.
        let (stall, film, snare) = (Stall::start().await, bytes(700_001), bytes(300_000));
        stall.sell(FILM, &film, &[]).await;
        let folder = stall.goods().join("stems");
        std::fs::create_dir_all(folder.join("drums")).unwrap();
        std::fs::write(folder.join("drums/kick drum.wav"), b"boom").unwrap();
        std::fs::write(folder.join("snare.wav"), &snare).unwrap();
        std::fs::write(folder.join(".env"), b"TOKEN=secret").unwrap();
        let (program, answer) = (Upstream::start(), "{\"answer\":42}");
        let (place, upstream) = (folder.to_str().unwrap(), program.url());
        let add = async |what: &[&str]| {
            stall.cli(&[&["endpoint", "add", "--price", PRICE], what].concat()).await["content"].take()
        };
        let files = add(&["--folder", place, "--path", "/stems"]).await;
        assert_eq!((&files["kind"], &files["files"]), (&"folder".into(), &2.into()));
        add(&["--folder", place, "--archive", "--path", ALL]).await;
        let text = add(&["--text", answer, "--path", ANSWER]).await;
        assert_eq!(text["mediaType"], "application/json");
        add(&["--service", &upstream, "--path", "/api", "--pattern", "/{city}"]).await;
        Self { stall, program, film, snare, answer }
    }

    /// The path of each kind, and the digest of what is sold there; of the archive there is only what it holds.
    fn all(&self) -> [(&'static str, Option<String>); 5] {
        let forecast = Upstream::says("GET /v1/paris?days=2", b"");
        [
            (FILM, Some(sha256(&self.film))),
            (SNARE, Some(sha256(&self.snare))),
            (ANSWER, Some(sha256(self.answer.as_bytes()))),
            (PARIS, Some(sha256(forecast.as_bytes()))),
            (ALL, None),
        ]
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.stall.url().trim_end_matches('/'))
    }

    /// What somebody else's program finds in the archive.
    async fn unpacks(&self, archive: &Path) {
        let into = self.stall.goods().join("unpacked");
        let unzip = Command::new("python3").args(["-m", "zipfile", "-e"]).arg(archive).arg(&into).output();
        let unzip = unzip.await.expect("python3 runs");
        assert!(unzip.status.success(), "{}", String::from_utf8_lossy(&unzip.stderr));
        let mut found: Vec<_> =
            std::fs::read_dir(&into).unwrap().map(|entry| entry.unwrap().path()).collect();
        // Whether a folder around them or not: two files and nothing that is hidden.
        if let [only] = &found[..] {
            found = std::fs::read_dir(only).unwrap().map(|entry| entry.unwrap().path()).collect();
        }
        found.sort();
        let [drums, snare] = &found[..] else { panic!("{found:?}") };
        assert_eq!(std::fs::read(drums.join("kick drum.wav")).unwrap(), b"boom");
        assert_eq!(std::fs::read(snare).unwrap(), self.snare);
    }

    /// Buys each kind with curl: whatever of it is there already, the rest comes for the same payment, and by the link
    /// that a browser downloads by. Answers how many payments that took.
    async fn bought_by_curl(&self, buyer: &Buyer) -> u64 {
        let visitor = self.stall.visitor();
        let file = self.stall.goods().join("received");
        for (path, digest) in self.all() {
            let payment = buyer.sign(&visitor.terms(path).await).payment(Version::Two);
            let bought = curl(&self.url(path), &file, Some(&payment), &["-C", "-"]).await;
            assert_eq!((bought.0, bought.1.as_str()), (Some(0), "200"), "{path}");
            let whole = std::fs::read(&file).unwrap();
            assert_eq!(sha256(&whole), digest.unwrap_or_else(|| sha256(&whole)), "{path}");
            if path == ALL {
                self.unpacks(&file).await;
            }
            let cut = || std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
            cut();
            let resumed = curl(&self.url(path), &file, Some(&payment), &["-C", "-"]).await;
            if path == PARIS {
                // An answer has no parts. It is there again as a whole, and the program was not asked again.
                assert_eq!((resumed.0, resumed.1.as_str()), (Some(33), "200"), "{path}");
                let again = visitor.pay(path, &payment).await;
                assert_eq!((again.status, again.body), (200, whole), "{path}");
            } else {
                assert_eq!((resumed.0, resumed.1.as_str()), (Some(0), "206"), "{path}");
                assert_eq!(std::fs::read(&file).unwrap(), whole, "{path}");
                cut();
                let link = self.url(&visitor.pay_for_link(path, &payment).await);
                let resumed = curl(&link, &file, None, &["-C", "-"]).await;
                assert_eq!((resumed.0, resumed.1.as_str()), (Some(0), "206"), "{path} by its link");
                assert_eq!(std::fs::read(&file).unwrap(), whole, "{path} by its link");
            }
            std::fs::remove_file(&file).unwrap();
        }
        self.all().len() as u64
    }
}

/// I1, I4, I14, I16, T29, T31: whoever buys gets what was published, whole and charged once, and the payout address
/// receives exactly the sum.
#[tokio::test(flavor = "multi_thread")]
async fn every_client_buys_every_kind_and_every_payment_settles() {
    let kinds = Kinds::for_sale().await;
    let stall = &kinds.stall;
    let books = Books::open(stall).await;
    let urls = kinds.all().map(|(path, _)| kinds.url(path));
    let urls: Vec<_> = urls.iter().map(String::as_str).collect();
    let mut buyers = crowd(stall, Client::ALL.len() + 1).await;
    let mut sold = kinds.bought_by_curl(&buyers.remove(0)).await;

    let clients = Client::ALL.iter().zip(&buyers).map(|(client, buyer)| client.buy_each(&urls, buyer));
    let mut archives = Vec::new();
    for (client, lines) in Client::ALL.iter().zip(futures::future::join_all(clients).await) {
        for (line, (path, digest)) in lines.iter().zip(kinds.all()) {
            assert!(line["error"].is_null(), "{client:?} {path}: {line}");
            assert_eq!(line["status"], 200, "{client:?} {path}: {line}");
            assert_eq!(line["paymentResponse"]["success"], true, "{client:?} {path}: {line}");
            match digest {
                Some(digest) => assert_eq!(line["sha256"], digest, "{client:?} {path}"),
                None => archives.push(line["sha256"].clone()),
            }
            sold += 1;
        }
    }
    archives.dedup();
    assert_eq!(archives.len(), 1, "everybody gets the same archive");
    assert_eq!(kinds.program.asked(), Client::ALL.len() + 1, "asked once for each payment");

    let sum = U256::from(sold * UNITS);
    assert!(stall.states().await.iter().all(|state| state == "queued"));
    assert_eq!(stall.exposure().await, sum);
    assert_eq!(books.received(&stall.node().await).await, U256::ZERO);
    // Nobody but the practice chain itself makes blocks here.
    stall.run(&["settle", "--wait"]).await.succeeded();
    let payments = stall.payments().await;
    assert_eq!(payments.len() as u64, sold);
    for payment in payments {
        assert_eq!(payment["state"], "settled", "{payment}");
        assert!(payment["transaction"].as_str().unwrap().starts_with("0x"), "{payment}");
    }
    assert_eq!(books.agree(stall).await, sum);
    assert_eq!(stall.exposure().await, U256::ZERO);

    for hidden in ["/stems/.env", "/stems/env", "/stems", "/stems/drums/kick%20drum.wav"] {
        let answer = stall.visitor().ask(hidden).await;
        assert!(!String::from_utf8_lossy(&answer.body).contains("secret"), "{hidden}");
        assert_ne!(answer.status, 402, "{hidden}");
    }
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
