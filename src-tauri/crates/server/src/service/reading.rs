use std::fmt;
use std::future::{Future as _, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::Body as _;
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::service::upstreams::Failure;

/// An answer that is read part by part, each of which may take as long as the service's patience, and all of them
/// together no longer than any answer may.
pub(crate) struct Reading {
    incoming: Incoming,
    patience: Duration,
    longest: Duration,
    ends: Instant,
    timer: Pin<Box<Sleep>>,
}

impl Reading {
    /// To be begun when the head has come.
    pub(crate) fn begin(incoming: Incoming, patience: Duration, longest: Duration) -> Self {
        let now = Instant::now();
        let ends = now + longest;
        Self { incoming, patience, longest, ends, timer: Box::pin(sleep_until(ends.min(now + patience))) }
    }

    /// The next bytes; none at the end.
    pub(crate) async fn part(&mut self) -> Result<Option<Bytes>, Failure> {
        poll_fn(|cx| self.poll_part(cx)).await
    }

    pub(crate) fn poll_part(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Failure>> {
        loop {
            match Pin::new(&mut self.incoming).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => {
                    let Some(data) = frame.into_data().ok().filter(|data| !data.is_empty()) else { continue };
                    let now = Instant::now();
                    if now >= self.ends {
                        return Poll::Ready(Err(Failure::Endless(self.longest)));
                    }
                    self.timer.as_mut().reset(self.ends.min(now + self.patience));
                    return Poll::Ready(Ok(Some(data)));
                }
                Poll::Ready(None) => return Poll::Ready(Ok(None)),
                Poll::Ready(Some(Err(_))) => return Poll::Ready(Err(Failure::BrokeOff)),
                Poll::Pending => {
                    ready!(self.timer.as_mut().poll(cx));
                    let is_over = Instant::now() >= self.ends;
                    let failure = if is_over { Failure::Endless(self.longest) } else { Failure::Silent };
                    return Poll::Ready(Err(failure));
                }
            }
        }
    }

    /// Whether nothing comes any more, as far as that is known.
    pub(crate) fn is_at_end(&self) -> bool {
        self.incoming.is_end_stream()
    }

    /// How much is to come, where the service says it.
    pub(crate) fn left(&self) -> Option<u64> {
        self.incoming.size_hint().exact()
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading").finish_non_exhaustive()
    }
}
