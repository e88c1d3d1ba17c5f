//! Webhooks must not be turned against what only this computer reaches (server-side request forgery).

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::{Environment, EventKind};
use store::{Message, MessageState};

use crate::receiver::{Receiver, answer};
use crate::stall::Stall;

/// Tries a webhook out at an address.
async fn told(environment: Environment, url: &str, allowed: bool) -> Message {
    let mut stall = Stall::open(environment).await;
    let row = stall.add(url, allowed, &[EventKind::PaymentAccepted]).await;
    let courier = stall.courier();
    courier.test(&row).await.unwrap()
}

#[tokio::test]
async fn with_real_money_nothing_inside_is_told_anything_unless_the_seller_allowed_it() {
    let inside = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = inside.local_addr().unwrap().port();
    let knocks = Arc::new(AtomicUsize::new(0));
    let counted = knocks.clone();
    std::thread::spawn(move || {
        inside.incoming().for_each(|_| {
            counted.fetch_add(1, Ordering::SeqCst);
        });
    });
    for environment in [Environment::Test, Environment::Live] {
        for host in ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "0.0.0.0"] {
            let message = told(environment, &format!("https://{host}:{port}/"), false).await;
            let error = message.error.unwrap();
            assert!(error.contains(" leads to "), "{host}: {error}");
            assert_eq!(message.status, None);
        }
        let plain = told(environment, &format!("http://localhost:{port}/"), false).await;
        assert_eq!(plain.error.as_deref(), Some("localhost is reached over https only"));
        let metadata = told(environment, "http://169.254.169.254/latest/meta-data", true).await;
        assert!(metadata.error.unwrap().contains("nothing is ever sent"));
    }
    assert_eq!(knocks.load(Ordering::SeqCst), 0);
    let receiver = Receiver::open();
    let allowed = told(Environment::Live, &receiver.url(), true).await;
    assert_eq!(allowed.state, MessageState::Delivered);
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_no_more_than_the_beginning_of_an_answer_is_kept() {
    let (receiver, inside) = (Receiver::open(), Receiver::open());
    receiver.says([answer(307, &format!("location: {}\r\n", inside.url()), "elsewhere")]);
    let moved = told(Environment::Practice, &receiver.url(), false).await;
    let error = moved.error.unwrap();
    assert!(error.starts_with("it sends elsewhere"), "{error}");
    assert_eq!((moved.status, moved.answer.as_deref()), (Some(307), Some("elsewhere")));
    assert!(inside.got().is_empty());
    receiver.says([answer(500, "", &format!("\u{1b}[2J{}", "x".repeat(200_000)))]);
    let long = told(Environment::Practice, &receiver.url(), false).await.answer.unwrap();
    assert!(long.chars().count() == 1024 && long.starts_with("\u{fffd}[2Jxxx"), "{long}");
}
