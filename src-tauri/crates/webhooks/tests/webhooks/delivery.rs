use std::collections::HashSet;
use std::net::TcpListener;

use chrono::TimeDelta;
use domain::{Clock as _, EndpointState, Environment, EventKind};
use serde_json::json;
use standardwebhooks::Webhook;
use store::{MessageState, OffBecause};
use webhooks::{Standing, announce};

use crate::receiver::{Got, Receiver, answer};
use crate::stall::Stall;

fn verify(got: &Got, secret: &str) {
    let mut headers = standardwebhooks_headers(got);
    let webhook = Webhook::new(secret).unwrap();
    webhook.verify(got.body.as_bytes(), &headers).unwrap();
    assert!(webhook.verify(format!("{} ", got.body).as_bytes(), &headers).is_err());
    headers.insert("webhook-id", "msg_other".parse().unwrap());
    assert!(webhook.verify(got.body.as_bytes(), &headers).is_err());
}

fn standardwebhooks_headers(got: &Got) -> http::HeaderMap {
    let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    names.into_iter().map(|name| (name.parse().unwrap(), got.header(name).parse().unwrap())).collect()
}

#[tokio::test]
async fn a_sale_is_told_signed_and_in_the_promised_shape() {
    let mut stall = Stall::open(Environment::Practice).await;
    let receiver = Receiver::open();
    let row = stall.add(&receiver.url(), false, &EventKind::ALL).await;
    let (task, stop) = stall.start();
    let sold = stall.sell().await;
    let got = receiver.told(1).await.remove(0);
    verify(&got, &stall.secrets.find(row.id).unwrap().shown());
    assert_eq!(got.header("content-type"), "application/json");
    assert!(got.header("user-agent").starts_with("Stallkeeper/"));
    let payment = stall.store.payment(sold.id).await.unwrap().unwrap();
    let at = payment.accepted_at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    let expected = json!({
        "type": "payment.accepted",
        "timestamp": at,
        "data": {
            "environment": "practice",
            "payment": {
                "id": sold.id.to_string(),
                "state": "queued",
                "reason": null,
                "endpoint": { "id": payment.endpoint.to_string(), "path": "/guide", "title": "A guide" },
                "file": null,
                "payer": payment.payer.to_string(),
                "payTo": payment.pay_to.to_string(),
                "money": {
                    "amount": "50000", "decimals": 6, "formatted": "0.05", "token": "USDC",
                    "asset": payment.asset.address.to_string(), "network": "eip155:84532",
                },
                "mode": "batched",
                "batch": null,
                "transaction": null,
                "acceptedAt": at,
            },
        },
    });
    assert_eq!(got.json(), expected);
    let message = stall.delivered(stall.message().await.id).await;
    assert_eq!((message.status, message.attempts, message.error), (Some(204), 1, None));
    assert_eq!(
        (message.told.subject, message.told.message.as_str()),
        (sold.id.to_string(), got.header("webhook-id"))
    );

    stall.store.set_endpoint_state(payment.endpoint, EndpointState::Paused).await.unwrap();
    let changed = receiver.told(2).await.remove(1).json();
    assert_eq!(
        (&changed["type"], &changed["data"]["endpoint"]["state"]),
        (&json!("endpoint.changed"), &json!("paused"))
    );
    assert_eq!(changed["data"]["endpoint"]["prices"][0]["formatted"], "0.05");
    stop.cancel();
    task.await.unwrap();
}

#[tokio::test]
async fn what_is_not_taken_is_told_again_under_the_same_id_at_growing_distances() {
    let mut stall = Stall::open(Environment::Practice).await;
    let receiver = Receiver::open();
    receiver.says([answer(500, "", "no"), answer(503, "retry-after: 90\r\n", ""), answer(404, "", "")]);
    stall.add(&receiver.url(), false, &[EventKind::PaymentAccepted]).await;
    let (task, stop) = stall.start();
    stall.sell().await;
    let id = stall.message().await.id;
    for (tries, status, wait) in [(1, 500, 5), (2, 503, 90), (3, 404, 300)] {
        let message = stall.tried(id, tries).await;
        let wait = TimeDelta::seconds(wait);
        assert_eq!((message.status, message.next_at), (Some(status), Some(stall.clock.now() + wait)));
        assert_eq!(receiver.got().len(), usize::try_from(tries).unwrap());
        stall.clock.advance(wait);
    }
    let message = stall.delivered(id).await;
    assert_eq!(message.attempts, 4);
    let got = receiver.told(4).await;
    let ids: HashSet<_> = got.iter().map(|one| one.header("webhook-id").to_owned()).collect();
    let bodies: HashSet<_> = got.iter().map(|one| one.body.clone()).collect();
    let times: HashSet<_> = got.iter().map(|one| one.header("webhook-timestamp").to_owned()).collect();
    assert_eq!((ids.len(), bodies.len(), times.len()), (1, 1, 4));
    stop.cancel();
    task.await.unwrap();
}

#[tokio::test]
async fn after_the_last_try_it_is_told_only_when_somebody_asks_for_it() {
    let mut stall = Stall::open(Environment::Practice).await;
    let receiver = Receiver::open();
    receiver.says((0..8).map(|_| answer(500, "", "")));
    stall.add(&receiver.url(), false, &[EventKind::PaymentAccepted]).await;
    let (task, stop) = stall.start();
    stall.sell().await;
    let id = stall.message().await.id;
    for tries in 1..8 {
        let message = stall.tried(id, tries).await;
        stall.clock.advance(message.next_at.unwrap() - stall.clock.now());
    }
    let dead = stall.tried(id, 8).await;
    assert_eq!((dead.state, dead.next_at), (MessageState::Dead, None));
    stall.clock.advance(TimeDelta::days(1));
    stall.store.redeliver(id, stall.clock.now()).await.unwrap();
    stall.delivered(id).await;
    let got = receiver.told(9).await;
    assert_eq!(got[8].header("webhook-id"), got[0].header("webhook-id"));
    stop.cancel();
    task.await.unwrap();
}

/// What happened is written down with it, so it is told whenever the program ends in between: before there was a message,
/// after there was one, and after it was told without that being noted.
#[tokio::test]
async fn killed_at_any_moment_nothing_is_missed_and_an_id_stands_for_one_thing() {
    let mut stall = Stall::open(Environment::Practice).await;
    let place = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = place.local_addr().unwrap();
    drop(place);
    stall.add(&format!("http://{address}/hook?token=secret"), false, &[EventKind::PaymentAccepted]).await;
    stall.sell().await;
    stall.store.close().await.unwrap();
    stall.store = store::Store::open(&stall.path(), stall.clock.now()).await.unwrap().0;

    let (task, _) = stall.start();
    let first = stall.tried(stall.message().await.id, 1).await;
    assert_eq!((first.status, first.error.as_deref()), (None, Some("it cannot be reached")));
    stall.sell().await;
    while stall.messages().await.len() < 2 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    task.abort();
    drop(task.await);
    let written: Vec<_> = stall.messages().await.into_iter().map(|one| one.told.message).collect();

    let receiver = Receiver::on(TcpListener::bind(address).unwrap());
    stall.clock.advance(TimeDelta::seconds(5));
    let (task, stop) = stall.start();
    let got = receiver.told(2).await;
    let ids: Vec<_> = got.iter().map(|one| one.header("webhook-id").to_owned()).collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>(), written.iter().collect());
    for message in stall.messages().await {
        stall.delivered(message.id).await;
    }
    stop.cancel();
    task.await.unwrap();
    let (task, stop) = stall.start();
    stall.sell().await;
    assert_eq!(receiver.told(3).await.len(), 3);
    stop.cancel();
    task.await.unwrap();
}

#[tokio::test]
async fn many_sales_at_once_are_each_told_once() {
    let mut stall = Stall::open(Environment::Practice).await;
    let receiver = Receiver::open();
    stall.add(&receiver.url(), false, &[EventKind::PaymentAccepted]).await;
    let (task, stop) = stall.start();
    for _ in 0..60 {
        stall.sell().await;
    }
    let got = receiver.told(60).await;
    let payments: HashSet<_> =
        got.iter().map(|one| one.json()["data"]["payment"]["id"].to_string()).collect();
    assert_eq!((got.len(), payments.len()), (60, 60));
    stop.cancel();
    task.await.unwrap();
    assert_eq!(receiver.got().len(), 60);
}

#[tokio::test]
async fn a_receiver_that_never_answers_holds_up_nobody_else() {
    let mut stall = Stall::open(Environment::Practice).await;
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let receiver = Receiver::open();
    let url = format!("http://{}/hook?token=secret", silent.local_addr().unwrap());
    let slow = stall.add(&url, false, &[EventKind::PaymentAccepted]).await;
    stall.add(&receiver.url(), false, &[EventKind::PaymentAccepted]).await;
    let (task, stop) = stall.start();
    for _ in 0..3 {
        stall.sell().await;
    }
    assert_eq!(receiver.told(3).await.len(), 3);
    assert!(stall.messages().await.iter().all(|one| one.webhook != slow.id || one.attempts == 0));
    let first = stall.messages().await.into_iter().find(|one| one.webhook == slow.id).unwrap();
    let late = stall.tried(first.id, 1).await;
    assert_eq!(late.error.as_deref(), Some("it did not answer within 10 seconds"));
    stop.cancel();
    task.abort();
}

#[tokio::test]
async fn while_receivers_change_over_both_secrets_sign() {
    let mut stall = Stall::open(Environment::Practice).await;
    let receiver = Receiver::open();
    let row = stall.add(&receiver.url(), false, &[EventKind::PaymentAccepted]).await;
    let old = stall.secrets.find(row.id).unwrap().shown();
    let new = stall.secrets.rotate(row.id, [9; 32], stall.clock.now()).unwrap().shown();
    let (task, stop) = stall.start();
    stall.sell().await;
    let got = receiver.told(1).await.remove(0);
    verify(&got, &old);
    verify(&got, &new);
    stall.clock.advance(TimeDelta::hours(24));
    stall.sell().await;
    let later = receiver.told(2).await.remove(1);
    assert_eq!(later.header("webhook-signature").split(' ').count(), 1);
    stall.secrets.forget(row.id).unwrap();
    stall.sell().await;
    while stall.messages().await.len() < 3 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let unsigned = stall.tried(stall.messages().await[2].id, 1).await;
    assert_eq!(unsigned.error.as_deref(), Some("the secret that signs its messages is missing"));
    assert_eq!(receiver.got().len(), 2);
    stop.cancel();
    task.await.unwrap();
}

#[tokio::test]
async fn a_webhook_is_tried_out_at_once_and_may_say_that_it_is_gone() {
    let mut stall = Stall::open(Environment::Practice).await;
    let receiver = Receiver::open();
    let row = stall.add(&receiver.url(), false, &[EventKind::PaymentAccepted]).await;
    let courier = stall.courier();
    let taken = courier.test(&row).await.unwrap();
    assert_eq!((taken.state, taken.status), (MessageState::Delivered, Some(204)));
    let got = receiver.told(1).await.remove(0);
    assert_eq!(got.kind(), "webhook.test");
    verify(&got, &stall.secrets.find(row.id).unwrap().shown());
    receiver.says([answer(410, "", ""), answer(410, "", "")]);
    let refused = courier.test(&row).await.unwrap();
    assert_eq!((refused.state, refused.next_at), (MessageState::Dead, None));
    assert_ne!(refused.told.message, taken.told.message);
    assert!(stall.webhook(row.id).await.is_on);
    let (task, stop) = stall.start();
    stall.sell().await;
    while stall.webhook(row.id).await.is_on {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(stall.webhook(row.id).await.off_because, Some(OffBecause::Gone));
    stop.cancel();
    task.await.unwrap();
}

#[tokio::test]
async fn that_the_stall_closes_is_told_before_it_does() {
    let mut stall = Stall::open(Environment::Practice).await;
    let receiver = Receiver::open();
    stall.add(&receiver.url(), false, &[EventKind::StallOnline, EventKind::StallOffline]).await;
    let (task, stop) = stall.start();
    let standing = |why: &str| Standing { url: Some("https://shop.example".to_owned()), why: why.to_owned() };
    announce(&stall.store, true, &standing("opened"), stall.clock.now()).await.unwrap();
    announce(&stall.store, false, &standing("closed"), stall.clock.now()).await.unwrap();
    stop.cancel();
    task.await.unwrap();
    let got = receiver.got();
    assert_eq!(got.iter().map(Got::kind).collect::<Vec<_>>(), ["stall.online", "stall.offline"]);
    let expected = json!({ "state": "offline", "why": "closed", "url": "https://shop.example" });
    assert_eq!(got[1].json()["data"]["stall"], expected);
}
