use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::reply::{self, Reply, SOON};

/// Room for the bodies of all requests together, in units of [`UNIT`].
const ROOM: usize = 64 * 1024;
const UNIT: usize = 1024;

/// Reads the bodies of requests, each within limits, and all of them together within the room that there is (I15, T72).
#[derive(Clone)]
pub(crate) struct Bodies(Arc<Semaphore>);

/// A body, and the room that it takes while it is kept.
pub(crate) struct Collected {
    pub(crate) body: Bytes,
    pub(crate) room: Vec<OwnedSemaphorePermit>,
}

impl Default for Bodies {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(ROOM)))
    }
}

impl Bodies {
    /// Reads all of a body.
    pub(crate) async fn collect<B>(
        &self,
        body: B,
        longest: u32,
        within: Duration,
    ) -> Result<Collected, Box<Reply>>
    where
        B: http_body::Body + Unpin,
    {
        let reading = self.read(body, longest as usize);
        timeout(within, reading).await.unwrap_or_else(|_| {
            let message = "The body did not arrive in time. Nothing was charged.";
            Err(reply::closing(reply::error(StatusCode::REQUEST_TIMEOUT, "body_too_slow", message)).into())
        })
    }

    async fn read<B>(&self, mut body: B, longest: usize) -> Result<Collected, Box<Reply>>
    where
        B: http_body::Body + Unpin,
    {
        if body.size_hint().lower() > longest as u64 {
            return Err(too_long(longest).into());
        }
        let mut collected = BytesMut::new();
        let mut room = Vec::new();
        let mut free = 0;
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
            if bytes > free {
                let units = (bytes - free).div_ceil(UNIT);
                let permits = u32::try_from(units)
                    .ok()
                    .and_then(|units| Arc::clone(&self.0).try_acquire_many_owned(units).ok());
                let Some(permits) = permits else {
                    let message = "Too many requests are being read. Nothing was charged.";
                    return Err(reply::closing(reply::unavailable("busy", message, SOON)).into());
                };
                room.push(permits);
                free += units * UNIT;
            }
            free -= bytes;
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
