use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http_body_util::BodyExt as _;
use tokio::time::timeout;

use crate::paces;
use crate::reply::{self, Reply, SOON};

/// Room for the bodies of all requests together, in bytes, and for those of one address as long as it has several.
const ROOM: usize = 64 * 1024 * 1024;
const SHARE: usize = ROOM / 8;

/// Reads the bodies of requests, each within limits, all of them together within the room that there is, and those of
/// one address within its share (I15, T72).
#[derive(Clone, Default)]
pub(crate) struct Bodies(Arc<Mutex<Taken>>);

#[derive(Default)]
struct Taken {
    all: usize,
    /// How many bodies of an address are kept, and what they take.
    of: HashMap<IpAddr, (usize, usize)>,
}

/// A body, and the room that it takes while it is kept.
pub(crate) struct Collected {
    pub(crate) body: Bytes,
    pub(crate) room: Room,
}

/// The room that one body takes; given back when dropped.
pub(crate) struct Room {
    bodies: Bodies,
    /// From where it comes; none where that is this computer, because all come from there who come by a proxy here.
    from: Option<IpAddr>,
    bytes: usize,
}

impl Room {
    fn begin(bodies: &Bodies, from: IpAddr) -> Self {
        let from = Some(from).filter(|from| !from.to_canonical().is_loopback()).map(paces::place);
        if let Some(from) = from {
            bodies.lock().of.entry(from).or_default().0 += 1;
        }
        Self { bodies: bodies.clone(), from, bytes: 0 }
    }

    /// Takes more, if there is more. The only body of an address is no longer than a service takes anyway.
    fn grow(&mut self, bytes: usize) -> bool {
        let mut taken = self.bodies.lock();
        if taken.all + bytes > ROOM {
            return false;
        }
        if let Some((bodies, of)) = self.from.and_then(|from| taken.of.get_mut(&from)) {
            if *bodies > 1 && *of + bytes > SHARE {
                return false;
            }
            *of += bytes;
        }
        taken.all += bytes;
        self.bytes += bytes;
        true
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut taken = self.bodies.lock();
        taken.all -= self.bytes;
        let Some(from) = self.from else { return };
        if let Some((bodies, of)) = taken.of.get_mut(&from) {
            (*bodies, *of) = (*bodies - 1, *of - self.bytes);
            if *bodies == 0 {
                taken.of.remove(&from);
            }
        }
    }
}

impl Bodies {
    fn lock(&self) -> std::sync::MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads all of a body.
    pub(crate) async fn collect<B>(
        &self,
        body: B,
        longest: u32,
        within: Duration,
        from: IpAddr,
    ) -> Result<Collected, Box<Reply>>
    where
        B: http_body::Body + Unpin,
    {
        let reading = self.read(body, longest as usize, from);
        timeout(within, reading).await.unwrap_or_else(|_| {
            let message = "The body did not arrive in time. Nothing was charged.";
            Err(reply::closing(reply::error(StatusCode::REQUEST_TIMEOUT, "body_too_slow", message)).into())
        })
    }

    async fn read<B>(&self, mut body: B, longest: usize, from: IpAddr) -> Result<Collected, Box<Reply>>
    where
        B: http_body::Body + Unpin,
    {
        if body.size_hint().lower() > longest as u64 {
            return Err(too_long(longest).into());
        }
        let mut collected = BytesMut::new();
        let mut room = Room::begin(self, from);
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else {
                let message = "The body broke off.";
                let reply = reply::error(StatusCode::BAD_REQUEST, "body_broke_off", message);
                return Err(reply::closing(reply).into());
            };
            let Ok(mut data) = frame.into_data() else { continue };
            let bytes = bytes::Buf::remaining(&data);
            if collected.len() + bytes > longest {
                return Err(too_long(longest).into());
            }
            if !room.grow(bytes) {
                let message = "Too many requests are being read. Nothing was charged.";
                return Err(reply::closing(reply::unavailable("busy", message, SOON)).into());
            }
            collected.extend_from_slice(&bytes::Buf::copy_to_bytes(&mut data, bytes));
        }
        Ok(Collected { body: collected.freeze(), room })
    }
}

fn too_long(longest: usize) -> Reply {
    let message = format!("The body is longer than {longest} bytes. Nothing was charged.");
    reply::closing(reply::error(StatusCode::PAYLOAD_TOO_LARGE, "body_too_long", &message))
}

/// Reads a body that nobody needs, so that the answer is not lost with what was not read of it. Returns how the
/// connection goes on.
pub(crate) async fn discard<B>(mut body: B, longest: u32, within: Duration, answer: Reply) -> Reply
where
    B: http_body::Body + Unpin,
{
    if body.size_hint().lower() > u64::from(longest) {
        return too_long(longest as usize);
    }
    let reading = async {
        let mut left = longest as usize;
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else { return Err(None) };
            let bytes = frame.data_ref().map_or(0, bytes::Buf::remaining);
            left = left.checked_sub(bytes).ok_or(Some(()))?;
        }
        Ok(())
    };
    match timeout(within, reading).await {
        Ok(Ok(())) => answer,
        Ok(Err(Some(()))) => too_long(longest as usize),
        Ok(Err(None)) | Err(_) => reply::closing(answer),
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use http_body::Frame;
    use http_body_util::{Full, StreamBody};

    use super::*;

    const LONG: u32 = 5 * 1024 * 1024;
    const WITHIN: Duration = Duration::from_secs(5);

    impl Bodies {
        fn is_empty(&self) -> bool {
            let taken = self.lock();
            taken.all == 0 && taken.of.is_empty()
        }
    }

    // I15, T72: whatever one address sends, others find room.
    #[tokio::test]
    async fn one_address_gets_its_share_of_the_room_for_bodies_and_no_more() {
        let bodies = Bodies::default();
        let collect = async |from: &str| {
            let body = Full::new(Bytes::from(vec![0; LONG as usize]));
            bodies.collect(body, LONG, WITHIN, from.parse().unwrap()).await.map_err(|reply| reply.status())
        };
        let kept = collect("192.0.2.1").await.unwrap();
        assert_eq!(collect("192.0.2.1").await.err(), Some(StatusCode::SERVICE_UNAVAILABLE));
        let others = [collect("192.0.2.2").await, collect("::ffff:192.0.2.3").await];
        assert!(others.iter().all(Result::is_ok));
        assert!(collect("::ffff:192.0.2.3").await.is_err(), "its other spelling is the same address");
        drop(kept);
        assert!(collect("192.0.2.1").await.is_ok());
        // Everybody who comes by a proxy on this computer comes from here.
        let here = [collect("127.0.0.1").await, collect("127.0.0.1").await];
        assert!(here.iter().all(Result::is_ok));
        drop((others, here));
        assert!(bodies.is_empty());
    }

    #[tokio::test]
    async fn what_broke_off_or_was_too_long_takes_no_room() {
        let bodies = Bodies::default();
        let parts = (0..20).map(|_| Ok::<_, Infallible>(Frame::data(Bytes::from(vec![0; 1024 * 1024]))));
        let endless = StreamBody::new(futures::stream::iter(parts));
        let refused = bodies.collect(endless, LONG, WITHIN, "192.0.2.1".parse().unwrap()).await;
        assert_eq!(refused.err().unwrap().status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert!(bodies.is_empty());
    }
}
