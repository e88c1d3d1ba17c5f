//! The guard against real listeners on this computer.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use outbound::{Client, Place, Policy, Refused, SendError, Target, Tls};

/// A listener that answers every connection with the same bytes, and counts them.
fn listener(answer: &'static str) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            counted.fetch_add(1, Ordering::SeqCst);
            let _ = stream.read(&mut [0; 4096]);
            // Whoever asked may have gone.
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (address, count)
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";

async fn get(policy: Policy, url: &str) -> Result<(u16, Bytes), SendError> {
    let client = Client::<Full<Bytes>>::new(&Tls::of_this_computer().unwrap(), policy);
    let answer = client.send(Request::get(url).body(Full::default()).unwrap()).await?;
    let status = answer.status().as_u16();
    Ok((status, answer.into_body().collect().await.unwrap().to_bytes()))
}

#[tokio::test]
async fn what_is_allowed_is_reached() {
    let (address, _) = listener(OK);
    let url = format!("http://localhost:{}/", address.port());
    let target = Target::parse(&url, &Policy::this_computer()).unwrap();
    let (status, body) = get(Policy::this_computer(), &target.uri().to_string()).await.unwrap();
    assert_eq!((status, &body[..]), (200, &b"ok"[..]));
}

/// DNS rebinding, and every other name that means this computer: a name is judged by what it resolves to, when it is
/// connected to.
#[tokio::test]
async fn a_name_that_leads_inside_is_refused_before_anything_connects() {
    let (address, count) = listener(OK);
    for host in ["localhost", "127.0.0.1"] {
        let url = format!("https://{host}:{}/", address.port());
        let refused = get(Policy::public(), &url).await.unwrap_err();
        let SendError::Refused(Refused::Place { place, .. }) = refused else { panic!("{host}: {refused:?}") };
        assert_eq!(place, Place::ThisComputer, "{host}");
    }
    let mapped = format!("http://[::ffff:127.0.0.1]:{}/", address.port());
    let refused = get(Policy::this_computer(), &mapped).await.unwrap_err();
    assert!(matches!(refused, SendError::Refused(Refused::Place { place: Place::Never, .. })));
    let own = Policy::this_computer().but_not(address);
    let refused = get(own, &format!("http://localhost:{}/", address.port())).await.unwrap_err();
    assert!(matches!(refused, SendError::Refused(Refused::Own { .. })));
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (inner, reached) = listener(OK);
    let away = format!(
        "HTTP/1.1 302 Found\r\nlocation: http://{inner}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    );
    let (address, _) = listener(away.leak());
    let (status, _) = get(Policy::this_computer(), &format!("http://{address}/")).await.unwrap();
    assert_eq!(status, 302);
    assert_eq!(reached.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn what_is_not_there_is_told_from_what_broke_off() {
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let missing = get(Policy::this_computer(), &format!("http://{free}/")).await.unwrap_err();
    assert_eq!(missing, SendError::NotReached);
    let (address, _) = listener("");
    let silent = get(Policy::this_computer(), &format!("http://{address}/")).await.unwrap_err();
    assert_eq!(silent, SendError::BrokeOff);
}
