//! What was quoted is what is served, or nobody is charged (I14, T30, T31, T74).

use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::time::{Duration, SystemTime};

use domain::{Delivery, PaymentState};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::buyer::{Buyer, Version};
use crate::http::{self, Reply};
use crate::stall::{GOODS, GUIDE, GUIDE_TEXT, Stall, eventually};

const LARGE: usize = 24 * 1024 * 1024;

fn large() -> Vec<u8> {
    (0..LARGE).map(|n| u8::try_from(n % 249).unwrap()).collect()
}

async fn bought(stall: &Stall, name: &str, path: &str) -> Reply {
    stall.buy(&stall.buyer(name), path, Version::Two).await.1
}

/// Writes over the file without changing its length, and makes sure that its time shows it.
fn overwrite(stall: &Stall, name: &str, content: &[u8]) {
    let mut file = File::options().write(true).open(stall.file(name)).unwrap();
    file.write_all(content).unwrap();
    file.set_modified(another_time()).unwrap();
}

/// A time that no file of a test has by itself: writes within one tick of the clock look alike.
fn another_time() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_900_000_000)
}

type Change = fn(&mut File);

#[tokio::test]
async fn a_file_that_is_not_what_was_published_is_not_sold_until_it_is_again() {
    let stall = Stall::open().await;
    let file = stall.file("guide.txt");
    let keep = stall.file("kept");
    let changes: &[(&str, &dyn Fn())] = &[
        ("truncated", &|| File::options().write(true).open(&file).unwrap().set_len(3).unwrap()),
        ("appended to", &|| {
            let mut file = File::options().append(true).open(&file).unwrap();
            file.write_all(b"!").unwrap();
        }),
        ("overwritten", &|| overwrite(&stall, "guide.txt", b"How to rob a stall!!")),
        ("replaced", &|| {
            fs::write(stall.file("new"), b"How to rob a stall!!").unwrap();
            fs::rename(stall.file("new"), &file).unwrap();
        }),
        ("removed", &|| fs::remove_file(&file).unwrap()),
        ("a folder", &|| {
            fs::remove_file(&file).unwrap();
            fs::create_dir(&file).unwrap();
        }),
    ];
    fs::write(&keep, GUIDE_TEXT).unwrap();
    for (index, (what, change)) in changes.iter().enumerate() {
        let signed = stall.sign(&stall.buyer(&format!("buyer {index}")), GUIDE).await;
        change();
        // Who has not signed yet is not asked to.
        for reply in [stall.get(GUIDE).await, stall.pay(GUIDE, &signed, Version::Two).await] {
            assert_eq!((reply.status, reply.error().as_str()), (503, "content_unavailable"), "{what}");
            assert!(reply.header("retry-after").is_some());
        }
        assert_eq!(stall.payments().await.len(), index, "{what}: nobody is charged");
        if file.is_dir() {
            fs::remove_dir(&file).unwrap();
        }
        fs::copy(&keep, &file).unwrap();
        let reply = bought(&stall, &format!("buyer {index}"), GUIDE).await;
        assert_eq!((reply.status, reply.body.as_slice()), (200, GUIDE_TEXT), "{what}, then put back");
    }
}

// T74
#[cfg(unix)]
#[tokio::test]
async fn a_symbolic_link_in_the_place_of_a_published_file_is_never_followed() {
    let stall = Stall::open().await;
    // Even one with the very same content.
    fs::write(stall.file("id_ed25519"), GUIDE_TEXT).unwrap();
    let signed = stall.sign(&stall.buyer("ada"), GUIDE).await;
    fs::remove_file(stall.file("guide.txt")).unwrap();
    std::os::unix::fs::symlink(stall.file("id_ed25519"), stall.file("guide.txt")).unwrap();
    for reply in [stall.get(GUIDE).await, stall.pay(GUIDE, &signed, Version::Two).await] {
        assert_eq!((reply.status, reply.error().as_str()), (503, "content_unavailable"));
    }
    assert!(stall.payments().await.is_empty());
}

#[tokio::test]
async fn an_owner_gets_what_was_bought_also_after_it_was_replaced() {
    let stall = Stall::open().await;
    let content = large();
    stall.add("/large", "large.bin", &content, GOODS).await;
    let owner = stall.buyer("owner");
    assert_eq!(stall.buy(&owner, "/large", Version::Two).await.1.body, content);
    let later = stall.sign(&owner, "/large").await;
    let strange = stall.sign(&stall.buyer("stranger"), "/large").await;
    fs::write(stall.file("new"), vec![1; LARGE]).unwrap();
    fs::rename(stall.file("new"), stall.file("large.bin")).unwrap();
    let again = stall.pay("/large", &later, Version::Two).await;
    assert!(again.status == 200 && again.body == content);
    assert_eq!(stall.pay("/large", &strange, Version::Two).await.status, 503);
    assert_eq!(stall.payments().await.len(), 1);
}

/// Pays and reads only the beginning of the answer.
async fn begin(stall: &Stall, buyer: &Buyer, path: &str) -> (TcpStream, Vec<u8>) {
    let signed = stall.sign(buyer, path).await;
    let (name, value) = signed.header(Version::Two);
    let mut stream = TcpStream::connect(stall.address).await.unwrap();
    stream.write_all(http::get(path, &[(name, &value)]).as_bytes()).await.unwrap();
    let mut raw = vec![0; 100_000];
    stream.read_exact(&mut raw).await.unwrap();
    (stream, raw)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_written_to_during_a_download_never_ends_cleanly_and_never_mixes() {
    let stall = Stall::open().await;
    let content = large();
    stall.add("/large", "large.bin", &content, GOODS).await;
    let changes: [(&str, Change); 3] = [
        ("overwritten", |file| {
            file.seek(SeekFrom::Start(LARGE as u64 - 5)).unwrap();
            file.write_all(b"other").unwrap();
            file.set_modified(another_time()).unwrap();
        }),
        ("truncated", |file| file.set_len(LARGE as u64 - 1).unwrap()),
        ("appended to", |file| file.set_len(LARGE as u64 + 1).unwrap()),
    ];
    for (what, change) in changes {
        let buyer = stall.buyer(what);
        let (mut stream, mut raw) = begin(&stall, &buyer, "/large").await;
        change(&mut File::options().write(true).open(stall.file("large.bin")).unwrap());
        let _ = stream.read_to_end(&mut raw).await;
        let (reply, _) = http::read(&raw, false).unwrap();
        assert_eq!(reply.status, 200);
        assert!(!reply.whole, "{what}: the download ended as if it were whole");
        assert!(content.starts_with(&reply.body), "{what}: other bytes than the quoted ones");
        let state = async || {
            let payments = stall.payments().await;
            payments.iter().any(|it| it.payer == buyer.address() && it.delivery == Delivery::Interrupted)
        };
        eventually("the interruption is written down", state).await;
        fs::write(stall.file("large.bin"), &content).unwrap();
        eventually("the file sells again", async || bought(&stall, "next", "/large").await.status == 200)
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_whose_line_broke_fetches_the_rest_for_nothing() {
    let stall = Stall::open().await;
    let content = large();
    stall.add("/large", "large.bin", &content, GOODS).await;
    let buyer = stall.buyer("ada");
    let (stream, _) = begin(&stall, &buyer, "/large").await;
    drop(stream);
    eventually("the interruption is written down", async || {
        stall.payment().await.delivery == Delivery::Interrupted
    })
    .await;
    let (_, again) = stall.buy(&buyer, "/large", Version::Two).await;
    assert!(again.status == 200 && again.body == content);
    eventually("the delivery is written down", async || {
        stall.payment().await.delivery == Delivery::Delivered
    })
    .await;
    let payment = stall.payment().await;
    assert_eq!((payment.state, payment.bytes_sent), (PaymentState::Queued, LARGE as u64));
}
