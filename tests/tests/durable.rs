//! No paid byte leaves before its payment is on disk (I2, T60).

use std::path::Path;

use integration::{Call, Signed, Stall, Version, eventually, trace};

use crate::shared::{CHARGED_EACH_TIME, GOODS, PATH, delivered, funded};

const PURCHASES: usize = 8;

/// The first bytes of every paid answer that the stall at `port` sent.
fn paid_answers<'a>(calls: &'a [Call], port: &str) -> Vec<&'a Call> {
    let from = format!("TCP:[127.0.0.1:{port}->");
    let answer = |call: &&Call| call.arguments.contains(&from) && call.carries(b"HTTP/1.1 200 OK");
    calls.iter().filter(answer).collect()
}

/// The last write of this payment's row to the log of the database before `answer`.
fn row_of<'a>(calls: &'a [Call], payment: &Signed, answer: &Call) -> &'a Call {
    let nonce = payment.authorization.nonce;
    let row = |call: &&Call| {
        call.began < answer.began
            && call.arguments.contains(&escaped("-wal>"))
            && call.carries(nonce.as_slice())
    };
    let written = calls.iter().rfind(row);
    written.unwrap_or_else(|| panic!("the row was not written before the answer at line {}", answer.began))
}

/// A path's end as the trace spells it; the bracket is the trace's own.
fn escaped(text: &str) -> String {
    text.trim_end_matches('>').bytes().map(|byte| format!("\\x{byte:02x}")).collect::<String>() + ">"
}

fn synced_between(calls: &[Call], row: &Call, answer: &Call) -> bool {
    calls.iter().any(|call| {
        call.is_sync()
            && call.arguments.contains(&escaped("-wal>"))
            && row.ended < call.began
            && call.ended < answer.began
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn between_the_row_and_the_first_paid_byte_lies_a_sync_of_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trace");
    let mut stall = Stall::start_traced(&file).await;
    stall.sell(PATH, GOODS, CHARGED_EACH_TIME).await;
    let buyer = funded(&stall, "10.00").await;
    let visitor = stall.visitor();
    let terms = visitor.terms(PATH).await;
    let mut bought = Vec::new();
    for version in [Version::One, Version::Two].into_iter().cycle().take(PURCHASES) {
        let signed = buyer.sign(&terms);
        delivered(&visitor.pay(PATH, &signed.payment(version)).await, GOODS);
        bought.push(signed);
    }
    let port = stall.url().rsplit(':').next().unwrap().trim_end_matches('/').to_owned();
    stall.close();

    eventually("the end of the trace", || async { paid_answers(&trace(&file), &port).len() >= PURCHASES })
        .await;
    check(&file, &port, &bought);
}

fn check(file: &Path, port: &str, bought: &[Signed]) {
    let calls = trace(file);
    let answers = paid_answers(&calls, port);
    assert_eq!(answers.len(), bought.len(), "one answer for each purchase");
    for (payment, answer) in bought.iter().zip(answers) {
        let row = row_of(&calls, payment, answer);
        assert!(
            synced_between(&calls, row, answer),
            "the row was written at line {}, the answer left at line {}, and no sync lies between",
            row.ended,
            answer.began,
        );
    }
}
