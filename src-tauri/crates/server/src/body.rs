use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use crate::content::{Problem, SMALL};
use crate::file_body::FileBody;
use crate::service::ServiceBody;
use crate::tally::Tally;
use crate::visits::Visitor;

/// Bytes out of memory that are handed over at once: what is still unsent when the connection
/// ends counts as delivered, so it should not be much.
const STEP: usize = 64 * 1024;

/// The body of an answer.
#[derive(Debug)]
pub(crate) enum Body {
    /// Nothing, or a short text, whole.
    Plain(Bytes),
    /// Paid bytes out of memory.
    Small(Bytes, Tally),
    /// Paid bytes out of a file.
    Large(FileBody, Tally),
    /// Bytes out of a file that cost nothing.
    Given(FileBody),
    /// What a service answers, paid.
    Service(ServiceBody, Tally),
}

impl Body {
    pub(crate) const fn empty() -> Self {
        Self::Plain(Bytes::new())
    }

    /// Paid bytes out of memory. Long answers say that they began.
    pub(crate) fn from_memory(content: Bytes, tally: Tally) -> Self {
        if content.len() as u64 > SMALL {
            tally.say_streaming();
        }
        Self::Small(content, tally)
    }

    /// Tells whoever counts visitors when paid bytes have left; gives the visitor back where none will.
    pub(crate) fn watched_by(&mut self, visitor: Visitor) -> Option<Visitor> {
        match self {
            Self::Plain(_) | Self::Given(_) => Some(visitor),
            Self::Small(_, tally) | Self::Large(_, tally) | Self::Service(_, tally) => {
                tally.watched_by(visitor);
                None
            }
        }
    }

    /// How much of it is to come, as far as that is known.
    fn left(&self) -> SizeHint {
        match self {
            Self::Plain(bytes) | Self::Small(bytes, _) => SizeHint::with_exact(bytes.len() as u64),
            Self::Large(file, _) | Self::Given(file) => SizeHint::with_exact(file.left()),
            Self::Service(answer, _) => answer.size_hint(),
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    /// Ends the connection in the middle of the body, so that no buyer takes a part for the whole.
    type Error = Problem;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Problem>>> {
        match &mut *self {
            Self::Plain(bytes) if bytes.is_empty() => Poll::Ready(None),
            Self::Plain(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Self::Small(bytes, tally) => {
                let step = bytes.split_to(bytes.len().min(STEP));
                if step.is_empty() {
                    return Poll::Ready(None);
                }
                tally.count(step.len());
                Poll::Ready(Some(Ok(Frame::data(step))))
            }
            Self::Service(answer, tally) => {
                let part = std::task::ready!(answer.poll_part(cx));
                if let Some(Ok(part)) = &part {
                    tally.count(part.len());
                }
                if answer.is_at_end() {
                    tally.ends();
                }
                Poll::Ready(part.map(|part| part.map(Frame::data)))
            }
            Self::Given(file) => file.poll_block(cx).map(|block| block.map(|block| Ok(Frame::data(block?)))),
            Self::Large(file, tally) => file.poll_block(cx).map(|block| {
                block.map(|block| {
                    let block = block?;
                    tally.count(block.len());
                    Ok(Frame::data(block))
                })
            }),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Service(answer, _) => answer.is_at_end(),
            Self::Plain(_) | Self::Small(..) | Self::Large(..) | Self::Given(_) => {
                self.left().exact() == Some(0)
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.left()
    }
}
