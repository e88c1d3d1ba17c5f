use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use domain::PaymentSeq;
use store::{Keep, KeptBody, Store};
use tokio::sync::mpsc;

use crate::content::Problem;
use crate::service::reading::Reading;
use crate::service::spool::KEPT;
use crate::service::upstreams::Failure;

/// An answer that has begun well, which is what a batched sale is charged for.
pub(crate) enum Begun {
    /// It is short, and all there.
    Whole(Bytes),
    /// Its first bytes. How long it takes from here on nobody knows.
    Streams(Bytes, Reading),
}

impl Begun {
    /// Waits until something useful has come: all of what is said to be short, the first bytes of anything else. What
    /// breaks off before that is worth nothing (T31).
    pub(crate) async fn of(mut answer: Reading) -> Result<Self, Failure> {
        let is_short = answer.left().is_some_and(|bytes| bytes <= KEPT as u64);
        let mut short = BytesMut::new();
        while let Some(part) = answer.part().await? {
            let is_all = answer.is_at_end();
            if is_all && short.is_empty() {
                return Ok(Self::Whole(part));
            }
            if !is_short {
                return Ok(Self::Streams(part, answer));
            }
            short.extend_from_slice(&part);
            if is_all {
                break;
            }
        }
        Ok(Self::Whole(short.freeze()))
    }
}

/// What an answer is kept under for whoever asks again.
#[derive(Debug)]
pub(crate) struct Keeping {
    pub(crate) store: Store,
    pub(crate) payment: PaymentSeq,
    pub(crate) status: u16,
    pub(crate) lines: String,
}

impl Keeping {
    /// Notes how much of it there is to keep.
    pub(crate) fn note(&self, keep: Keep) {
        self.store.record_answer(self.payment, self.status, self.lines.clone(), keep, false);
    }
}

/// What has come of an answer.
enum Piece {
    /// Some bytes, and whether they are the last ones.
    Bytes(Bytes, bool),
    /// No more than came before.
    End,
    /// It broke off.
    Broken,
    /// More than is kept, which its buyer reads from here on.
    Rest(Reading),
}

/// An answer as it comes. What is kept of it is read whether its buyer reads or not, so that a slow one holds nothing up
/// and who left finds it when coming again; what is longer follows as fast as the buyer takes it.
#[derive(Debug)]
pub(crate) struct Live {
    pieces: mpsc::UnboundedReceiver<Piece>,
    rest: Option<Reading>,
    /// How much is to come, where the service said it.
    left: Option<u64>,
    ended: bool,
}

impl Live {
    /// To be called on a Tokio runtime.
    pub(crate) fn begin(first: Bytes, answer: Reading, keeping: Keeping) -> Self {
        let left = answer.left().map(|left| left + first.len() as u64);
        let (to, pieces) = mpsc::unbounded_channel();
        tokio::spawn(pull(first, answer, keeping, to));
        Self { pieces, rest: None, left, ended: false }
    }

    /// Whether all of it has been handed over.
    pub(crate) const fn is_at_end(&self) -> bool {
        self.ended
    }

    /// How much of it is to come, as far as that is known.
    pub(crate) const fn left(&self) -> Option<u64> {
        self.left
    }

    pub(crate) fn poll_part(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Problem>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let piece = match &mut self.rest {
            Some(rest) => {
                let part = ready!(rest.poll_part(cx));
                following(rest, part)
            }
            None => ready!(self.pieces.poll_recv(cx)).unwrap_or(Piece::Broken),
        };
        match piece {
            Piece::Bytes(bytes, is_last) => {
                self.ended = is_last;
                self.left = self.left.map(|left| left.saturating_sub(bytes.len() as u64));
                Poll::Ready(Some(Ok(bytes)))
            }
            Piece::End => {
                self.ended = true;
                Poll::Ready(None)
            }
            Piece::Broken => {
                self.rest = None;
                Poll::Ready(Some(Err(Problem::Unreadable("the service broke off".to_owned()))))
            }
            Piece::Rest(rest) => {
                self.rest = Some(rest);
                self.poll_part(cx)
            }
        }
    }
}

/// What a part that was read means for whoever follows.
fn following(answer: &Reading, part: Result<Option<Bytes>, Failure>) -> Piece {
    match part {
        Ok(Some(bytes)) => Piece::Bytes(bytes, answer.is_at_end()),
        Ok(None) => Piece::End,
        Err(failure) => {
            tracing::warn!(?failure, "a service did not come to the end of its answer");
            Piece::Broken
        }
    }
}

/// Reads an answer up to what is kept of it, and notes what came of that. Who follows may be gone.
async fn pull(first: Bytes, mut answer: Reading, keeping: Keeping, to: mpsc::UnboundedSender<Piece>) {
    let (mut kept, mut bytes) = (Vec::new(), 0);
    let mut piece = Piece::Bytes(first, false);
    while let Piece::Bytes(part, false) = piece {
        bytes += part.len();
        kept.push(part.clone());
        drop(to.send(Piece::Bytes(part, false)));
        if bytes > KEPT {
            keeping.note(Keep::Nothing);
            drop(to.send(Piece::Rest(answer)));
            return;
        }
        let next = answer.part().await;
        piece = following(&answer, next);
    }
    match &piece {
        Piece::Bytes(last, _) => {
            bytes += last.len();
            kept.push(last.clone());
        }
        Piece::End => {}
        Piece::Broken | Piece::Rest(_) => bytes = usize::MAX,
    }
    let is_kept = bytes <= KEPT;
    keeping.note(if is_kept { Keep::All(KeptBody::Bytes(kept.concat())) } else { Keep::Nothing });
    drop(to.send(piece));
}
