//! Downloads that break off, and go on as curl does it: `curl -C -` (T29).

use std::path::Path;

use alloy_primitives::hex;
use integration::{Buyer, PRICE, Payment, Stall, Version};
use sha2::{Digest as _, Sha256};

use crate::shared::curl;

const BYTES: usize = 24 << 20;

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Downloads some of it, and is interrupted.
async fn break_off(url: &str, file: &Path, payment: Option<&Payment>) -> u64 {
    let hasty = ["--limit-rate", "3M", "--max-time", "1.5"];
    let (code, _) = curl(url, file, payment, &hasty).await;
    assert_eq!(code, Some(28), "it was not interrupted");
    let got = std::fs::metadata(file).unwrap().len();
    assert!(got > 0 && got < BYTES as u64, "{got} bytes were there before it broke off");
    got
}

/// I1, I4, I14: what was paid once is received whole, is charged once, and goes on for nobody else.
#[tokio::test(flavor = "multi_thread")]
async fn curl_goes_on_with_a_paid_download_and_pays_once() {
    let stall = Stall::start().await;
    let goods: Vec<u8> =
        (0..u32::try_from(BYTES / 4).unwrap()).flat_map(|n| (n ^ (n << 9)).to_le_bytes()).collect();
    stall.sell("/film.bin", &goods, &[]).await;
    let folder = stall.goods().join("stems");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("film.bin"), &goods).unwrap();
    let place = folder.to_str().unwrap();
    stall
        .cli(&["endpoint", "add", "--folder", place, "--archive", "--path", "/all.zip", "--price", PRICE])
        .await;
    let visitor = stall.visitor();
    let mut payments = 0;

    for path in ["/film.bin", "/all.zip"] {
        let buyer = Buyer::new();
        stall.fund(buyer.address(), "1.00").await;
        let url = format!("{}{path}", stall.url().trim_end_matches('/'));
        let file = stall.goods().join("received");
        let payment = buyer.sign(&visitor.terms(path).await).payment(Version::Two);
        let got = break_off(&url, &file, Some(&payment)).await;
        payments += 1;

        // Who finds the rest of a file has paid for nothing.
        let unpaid = curl(&url, &file, None, &["-C", "-"]).await;
        assert_eq!((unpaid.0, unpaid.1.as_str()), (Some(22), "402"), "{path}");
        assert_eq!(std::fs::metadata(&file).unwrap().len(), got, "{path}");

        // The same payment, while it was shown to nobody yet.
        let resumed = curl(&url, &file, Some(&payment), &["-C", "-"]).await;
        assert_eq!((resumed.0, resumed.1.as_str()), (Some(0), "206"), "{path}");
        let whole = std::fs::read(&file).unwrap();
        let again = visitor.pay(path, &payment).await;
        assert_eq!(sha256(&whole), again.sha256(), "{path}");
        if path == "/film.bin" {
            assert_eq!(sha256(&whole), sha256(&goods));
        }

        // Later it is public; the buyer signs afresh, and is not charged again.
        let settled = stall.settle().await;
        assert_eq!(settled.code, 0, "{}", settled.in_words());
        std::fs::File::options().write(true).open(&file).unwrap().set_len(got).unwrap();
        let copied = curl(&url, &file, Some(&payment), &["-C", "-"]).await;
        assert_eq!((copied.0, copied.1.as_str()), (Some(22), "402"), "{path}: a copy of a public signature");
        let fresh = buyer.sign(&visitor.terms(path).await).payment(Version::One);
        let resumed = curl(&url, &file, Some(&fresh), &["-C", "-"]).await;
        assert_eq!((resumed.0, resumed.1.as_str()), (Some(0), "206"), "{path}");
        assert_eq!(sha256(&std::fs::read(&file).unwrap()), sha256(&whole), "{path}");
        assert_eq!(stall.payments().await.len(), payments, "{path}");
        std::fs::remove_file(&file).unwrap();
    }
    assert_eq!(stall.states().await, ["settled"; 2]);
}

/// I1, I4: the link that a browser downloads by goes on without a wallet, and leads to nothing for who guesses it.
#[tokio::test(flavor = "multi_thread")]
async fn curl_goes_on_with_a_download_by_link_without_paying_again() {
    let stall = Stall::start().await;
    let goods: Vec<u8> =
        (0..u32::try_from(BYTES / 4).unwrap()).flat_map(|n| (n ^ (n << 9)).to_le_bytes()).collect();
    stall.sell("/film.bin", &goods, &[]).await;
    let visitor = stall.visitor();
    let buyer = Buyer::new();
    stall.fund(buyer.address(), "1.00").await;
    let payment = buyer.sign(&visitor.terms("/film.bin").await).payment(Version::Two);
    let link = visitor.pay_for_link("/film.bin", &payment).await;
    let url = format!("{}{link}", stall.url().trim_end_matches('/'));
    let file = stall.goods().join("received");

    break_off(&url, &file, None).await;
    let resumed = curl(&url, &file, None, &["-C", "-"]).await;
    assert_eq!((resumed.0, resumed.1.as_str()), (Some(0), "206"));
    assert_eq!(sha256(&std::fs::read(&file).unwrap()), sha256(&goods));

    // One letter of it another one, in another case, or in another spelling: it leads nowhere.
    for at in "/d/".len()..link.len() {
        let (before, rest) = link.split_at(at);
        let letter = &rest[..1];
        let other = if letter == "A" { "B" } else { "A" };
        let swapped: String = letter.chars().map(|c| char::from(c as u8 ^ 0x20)).collect();
        let encoded = format!("%{:02x}", letter.as_bytes()[0]);
        for written in [other, &swapped, &encoded, ""] {
            let guessed = format!("{before}{written}{}", &rest[1..]);
            let is_letter = written.chars().all(|c| c.is_ascii_alphanumeric() || c == '%');
            if guessed != link && is_letter {
                assert_eq!(visitor.ask(&guessed).await.status, 404, "{guessed}");
            }
        }
    }
    assert_eq!(stall.payments().await.len(), 1);
}
