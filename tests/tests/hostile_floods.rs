//! Very many strangers at once, and a buyer among them (T70, T73).

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use alloy_primitives::hex;
use integration::{Buyer, Stall, Version, Visitor};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, sleep, timeout};

use crate::shared::{GOODS, PATH, crowd, delivered, stall};

const DRIBBLERS: usize = 2_000;
/// One buyer of a stall that nobody else bothers takes a few hundredths of a second.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection from one of several addresses of this computer.
async fn connect(from: u8, to: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from(([127, 0, 0, from], 0)))?;
    socket.connect(to).await
}

/// Begins a request, and says one letter of it now and then, until the stall has had enough of it.
async fn dribble(from: u8, to: SocketAddr, over: Arc<AtomicBool>) {
    while !over.load(Ordering::Relaxed) {
        let Ok(Ok(mut stream)) = timeout(PATIENCE, connect(from, to)).await else { continue };
        if stream.write_all(b"GET /goods HTTP/1.1\r\nX-Slow: ").await.is_err() {
            continue;
        }
        let (mut reading, mut writing) = stream.split();
        let mut rest = Vec::new();
        let talk = async {
            while !over.load(Ordering::Relaxed) && writing.write_all(b"x").await.is_ok() {
                sleep(Duration::from_millis(700)).await;
            }
        };
        tokio::select! {
            () = talk => {}
            _ = reading.read_to_end(&mut rest) => {}
        }
        // Whoever is thrown out comes again, but not at once: that would be another attack.
        sleep(Duration::from_millis(300)).await;
    }
}

/// How long one purchase takes, from the terms to the last byte.
async fn purchase(visitor: &Visitor, buyer: &Buyer) -> Duration {
    let began = Instant::now();
    let signed = buyer.sign(&visitor.terms(PATH).await);
    delivered(&visitor.pay(PATH, &signed.payment(Version::Two)).await, GOODS);
    began.elapsed()
}

fn address_of(stall: &Stall) -> SocketAddr {
    stall.url().trim_start_matches("http://").trim_end_matches('/').parse().unwrap()
}

/// I15, T70: they come from several addresses, and come again as soon as they are thrown out.
#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_dribblers_do_not_keep_buyers_waiting() {
    let (stall, _) = stall().await;
    let buyers = crowd(&stall, 20).await;
    let (to, before) = (address_of(&stall), stall.memory());
    let over = Arc::new(AtomicBool::new(false));
    let dribblers: Vec<_> = (0..DRIBBLERS)
        .map(|number| {
            let from = u8::try_from(10 + number % 8).unwrap();
            tokio::spawn(dribble(from, to, Arc::clone(&over)))
        })
        .collect();
    // As many as there are get to speak before anybody buys.
    sleep(Duration::from_secs(2)).await;
    for (number, buyer) in buyers.iter().enumerate() {
        // A buyer on a fresh connection each time: the one who is inside already has an easy life.
        let took = timeout(PATIENCE, purchase(&stall.visitor(), buyer)).await;
        assert!(took.is_ok(), "buyer {number} was not served within {PATIENCE:?}");
    }
    let grown = stall.memory().saturating_sub(before);
    assert!(grown < 200, "they cost {grown} MiB");
    over.store(true, Ordering::Relaxed);
    for dribbler in dribblers {
        dribbler.await.unwrap();
    }
    assert_eq!(stall.payments().await.len(), buyers.len());
}

/// I15, T73: everything about them is right but the signature, so that each is looked at to the end.
#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_bad_signatures_does_not_disturb_buyers_and_stores_nothing() {
    let (stall, _) = stall().await;
    let buyers = crowd(&stall, 20).await;
    let visitor = stall.visitor();
    let terms = visitor.terms(PATH).await;
    let stranger = Buyer::new();
    let (over, refused) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let floods: Vec<_> = (0..64)
        .map(|_| {
            let (over, refused) = (Arc::clone(&over), Arc::clone(&refused));
            let (visitor, terms, stranger) = (stall.visitor(), terms.clone(), stranger.clone());
            tokio::spawn(async move {
                while !over.load(Ordering::Relaxed) {
                    let signed = stranger.sign(&terms);
                    let mut payment = signed.payment(Version::Two);
                    let mut forged = signed.signature;
                    forged[7] ^= 1;
                    payment.json["payload"]["signature"] = hex::encode_prefixed(forged).into();
                    let answer = visitor.try_pay(PATH, &payment).await;
                    if answer.is_ok_and(|answer| matches!(answer.status, 402 | 429)) {
                        refused.fetch_add(1, Ordering::Relaxed);
                    }
                }
            })
        })
        .collect();
    sleep(Duration::from_secs(1)).await;
    for (number, buyer) in buyers.iter().enumerate() {
        let took = timeout(PATIENCE, purchase(&stall.visitor(), buyer)).await;
        assert!(took.is_ok(), "buyer {number} was not served within {PATIENCE:?}");
    }
    over.store(true, Ordering::Relaxed);
    for flood in floods {
        flood.await.unwrap();
    }
    let refused = refused.load(Ordering::Relaxed);
    assert!(refused > 500, "only {refused} bad signatures came in between");
    assert_eq!(stall.payments().await.len(), buyers.len());
}
