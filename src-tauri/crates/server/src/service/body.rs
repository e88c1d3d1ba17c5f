use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::SizeHint;
use tokio::io::{AsyncRead as _, ReadBuf};

use crate::content::Problem;
use crate::service::live::Live;
use crate::service::spools::Spooled;

/// Bytes of a kept answer that are read at once.
const STEP: usize = 64 * 1024;

/// What a service answers, on its way to the buyer.
#[derive(Debug)]
pub(crate) enum ServiceBody {
    /// As it comes.
    Live(Live),
    /// Out of the file in which it waited.
    Spooled(Spooled),
}

impl ServiceBody {
    pub(crate) fn poll_part(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Problem>>> {
        match self {
            Self::Live(live) => live.poll_part(cx),
            Self::Spooled(Spooled { left: 0, .. }) => Poll::Ready(None),
            Self::Spooled(spooled) => {
                let mut part = BytesMut::zeroed(STEP);
                let mut buffer = ReadBuf::new(&mut part);
                let read = ready!(Pin::new(&mut spooled.file).poll_read(cx, &mut buffer));
                let bytes = buffer.filled().len();
                if let Err(error) = read {
                    return Poll::Ready(Some(Err(Problem::unreadable(&error))));
                }
                spooled.left = spooled.left.saturating_sub(bytes as u64);
                if bytes == 0 {
                    return Poll::Ready(Some(Err(Problem::Changed)));
                }
                part.truncate(bytes);
                Poll::Ready(Some(Ok(part.freeze())))
            }
        }
    }

    /// Whether all of it has been handed over.
    pub(crate) const fn is_at_end(&self) -> bool {
        match self {
            Self::Live(live) => live.is_at_end(),
            Self::Spooled(spooled) => spooled.left == 0,
        }
    }

    pub(crate) fn size_hint(&self) -> SizeHint {
        match self {
            Self::Live(live) => live.left().map_or_else(SizeHint::default, SizeHint::with_exact),
            Self::Spooled(spooled) => SizeHint::with_exact(spooled.left),
        }
    }
}
