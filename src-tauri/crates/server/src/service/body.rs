use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use domain::PaymentSeq;
use http_body::{Body as _, SizeHint};
use hyper::body::Incoming;
use store::Store;
use tokio::fs::File;
use tokio::io::{AsyncRead as _, ReadBuf};
use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep, sleep};

use crate::content::Problem;
use crate::service::spool::KEPT;

/// Bytes of a kept answer that are read at once.
const STEP: usize = 64 * 1024;

/// What a service answers, on its way to the buyer.
#[derive(Debug)]
pub(crate) enum ServiceBody {
    /// As it comes.
    Live(Box<Live>),
    /// Out of the file in which it waited, and how much of it is left.
    Spooled(File, u64),
}

/// An answer as it comes, a copy of which is kept for whoever asks again.
#[derive(Debug)]
pub(crate) struct Live {
    incoming: Option<Incoming>,
    patience: Duration,
    silence: Pin<Box<Sleep>>,
    keeping: Option<Keeping>,
    ended: bool,
}

/// An answer, as far as it came.
#[derive(Debug)]
pub(crate) struct Keeping {
    store: Store,
    payment: PaymentSeq,
    status: u16,
    lines: String,
    parts: Vec<Bytes>,
    bytes: usize,
}

impl Keeping {
    pub(crate) const fn new(store: Store, payment: PaymentSeq, status: u16, lines: String) -> Self {
        Self { store, payment, status, lines, parts: Vec::new(), bytes: 0 }
    }

    /// Adds a part; nothing is kept any more of what is too long.
    fn and(mut self, part: &Bytes) -> Option<Self> {
        self.bytes += part.len();
        if self.bytes > KEPT {
            self.lost();
            return None;
        }
        self.parts.push(part.clone());
        Some(self)
    }

    /// It is whole.
    fn done(self) {
        let Self { store, payment, status, lines, parts, .. } = self;
        store.record_answer(payment, status, Some((lines, parts.concat())), false);
    }

    /// It will never be whole.
    fn lost(self) {
        self.store.record_answer(self.payment, self.status, None, false);
    }
}

impl Live {
    pub(crate) fn new(incoming: Incoming, patience: Duration, keeping: Keeping) -> Self {
        let silence = Box::pin(sleep(patience));
        let mut live =
            Self { incoming: Some(incoming), patience, silence, keeping: Some(keeping), ended: false };
        live.look_for_end();
        live
    }

    fn look_for_end(&mut self) {
        if self.incoming.as_ref().is_none_or(http_body::Body::is_end_stream) {
            self.ended = true;
            self.keeping.take().into_iter().for_each(Keeping::done);
        }
    }

    fn poll_part(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Problem>>> {
        loop {
            let Some(incoming) = &mut self.incoming else { return Poll::Ready(None) };
            match Pin::new(incoming).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => {
                    let Ok(data) = frame.into_data() else { continue };
                    self.silence.as_mut().reset(Instant::now() + self.patience);
                    self.keeping = self.keeping.take().and_then(|keeping| keeping.and(&data));
                    self.look_for_end();
                    return Poll::Ready(Some(Ok(data)));
                }
                Poll::Ready(None) => {
                    self.incoming = None;
                    self.look_for_end();
                    return Poll::Ready(None);
                }
                Poll::Ready(Some(Err(_))) => return Poll::Ready(Some(Err(self.broke_off()))),
                Poll::Pending => {
                    ready!(self.silence.as_mut().poll(cx));
                    return Poll::Ready(Some(Err(self.broke_off())));
                }
            }
        }
    }

    fn broke_off(&mut self) -> Problem {
        self.incoming = None;
        self.keeping.take().into_iter().for_each(Keeping::lost);
        Problem::Unreadable("the service broke off".to_owned())
    }
}

/// Its buyer is gone; what a little more patience brings is kept for when they come again.
impl Drop for Live {
    fn drop(&mut self) {
        let (Some(mut incoming), Some(mut keeping)) = (self.incoming.take(), self.keeping.take()) else {
            return;
        };
        let Ok(runtime) = Handle::try_current() else { return };
        let patience = self.patience;
        runtime.spawn(async move {
            use http_body_util::BodyExt as _;
            loop {
                match tokio::time::timeout(patience, incoming.frame()).await {
                    Ok(Some(Ok(frame))) => {
                        let Ok(data) = frame.into_data() else { continue };
                        match keeping.and(&data) {
                            Some(kept) => keeping = kept,
                            None => return,
                        }
                    }
                    Ok(None) => return keeping.done(),
                    Ok(Some(Err(_))) | Err(_) => return keeping.lost(),
                }
            }
        });
    }
}

impl ServiceBody {
    pub(crate) fn poll_part(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Problem>>> {
        match self {
            Self::Live(live) => live.poll_part(cx),
            Self::Spooled(_, 0) => Poll::Ready(None),
            Self::Spooled(file, left) => {
                let mut part = BytesMut::zeroed(STEP);
                let mut buffer = ReadBuf::new(&mut part);
                let read = ready!(Pin::new(file).poll_read(cx, &mut buffer));
                let bytes = buffer.filled().len();
                if let Err(error) = read {
                    return Poll::Ready(Some(Err(Problem::unreadable(&error))));
                }
                *left = left.saturating_sub(bytes as u64);
                if bytes == 0 {
                    return Poll::Ready(Some(Err(Problem::Changed)));
                }
                part.truncate(bytes);
                Poll::Ready(Some(Ok(part.freeze())))
            }
        }
    }

    /// Whether all of it has been handed over.
    pub(crate) fn is_at_end(&self) -> bool {
        match self {
            Self::Live(live) => live.ended,
            Self::Spooled(_, left) => *left == 0,
        }
    }

    pub(crate) fn size_hint(&self) -> SizeHint {
        match self {
            Self::Live(live) => {
                live.incoming.as_ref().map_or_else(|| SizeHint::with_exact(0), http_body::Body::size_hint)
            }
            Self::Spooled(_, left) => SizeHint::with_exact(*left),
        }
    }
}
