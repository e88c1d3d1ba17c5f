use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Frame, SizeHint};
use tokio_util::sync::{CancellationToken, WaitForCancellationFuture};

use crate::body::Body;
use crate::content::Problem;
use crate::gate::{Answer, Gate};

/// The connections that wait for a request to come whole, whoever has waited longest first. Where there is no room for
/// another connection, that one goes: whoever asks at once is answered, however many dribble (T70).
#[derive(Debug, Default)]
pub(crate) struct Waiting(Mutex<Queue>);

#[derive(Debug, Default)]
struct Queue {
    next: u64,
    seats: BTreeMap<u64, CancellationToken>,
}

/// The place of one connection in that queue; left while it is being answered, and when it is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    waiting: Arc<Waiting>,
    number: Mutex<Option<u64>>,
    sent_away: CancellationToken,
}

/// A request that is being answered; afterwards its connection waits again, behind the others.
#[derive(Debug)]
struct Answering(Arc<Seat>);

/// A gate that knows which connection it stands at.
pub(crate) struct Seated {
    gate: Gate,
    seat: Arc<Seat>,
}

/// An answer on its way, during which nobody is sent away.
pub(crate) struct Served {
    answer: Answer,
    answering: Option<Answering>,
}

/// The body of that answer.
#[derive(Debug)]
pub(crate) struct Held {
    body: Body,
    _answering: Option<Answering>,
}

impl Waiting {
    /// Lets a connection wait.
    pub(crate) fn sit(self: &Arc<Self>) -> Arc<Seat> {
        let sent_away = CancellationToken::new();
        let seat = Seat { waiting: Arc::clone(self), number: Mutex::default(), sent_away };
        seat.wait();
        Arc::new(seat)
    }

    /// Sends away whoever has waited longest, if anybody waits.
    pub(crate) fn send_one_away(&self) {
        if let Some((_, sent_away)) = held(&self.0).seats.pop_first() {
            sent_away.cancel();
        }
    }
}

impl Seat {
    /// Comes true when the room is needed for others.
    pub(crate) fn sent_away(&self) -> WaitForCancellationFuture<'_> {
        self.sent_away.cancelled()
    }

    fn wait(&self) {
        let mut number = held(&self.number);
        let mut queue = held(&self.waiting.0);
        let next = queue.next;
        queue.next += 1;
        queue.seats.insert(next, self.sent_away.clone());
        *number = Some(next);
    }

    fn leave(&self) {
        if let Some(number) = held(&self.number).take() {
            held(&self.waiting.0).seats.remove(&number);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.wait();
    }
}

impl Seated {
    /// The gate of the connection that sits there.
    pub(crate) const fn new(gate: Gate, seat: Arc<Seat>) -> Self {
        Self { gate, seat }
    }
}

impl<B> hyper::service::Service<Request<B>> for Seated
where
    Gate: hyper::service::Service<Request<B>, Future = Answer>,
{
    type Response = Response<Held>;
    type Error = std::convert::Infallible;
    type Future = Served;

    fn call(&self, request: Request<B>) -> Served {
        self.seat.leave();
        let answering = Some(Answering(Arc::clone(&self.seat)));
        Served { answer: self.gate.call(request), answering }
    }
}

impl Future for Served {
    type Output = Result<Response<Held>, std::convert::Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let reply = std::task::ready!(Pin::new(&mut self.answer).poll(cx))?;
        let answering = self.answering.take();
        Poll::Ready(Ok(reply.map(|body| Held { body, _answering: answering })))
    }
}

impl http_body::Body for Held {
    type Data = Bytes;
    type Error = Problem;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Problem>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    // T70
    #[test]
    fn whoever_has_waited_longest_goes_and_nobody_who_is_being_answered() {
        let waiting = Arc::new(Waiting::default());
        let [first, second, third] = [waiting.sit(), waiting.sit(), waiting.sit()];
        let gone = |seat: &Seat| seat.sent_away.is_cancelled();
        first.leave();
        let answering = Answering(Arc::clone(&first));
        waiting.send_one_away();
        assert_eq!([&first, &second, &third].map(|seat| gone(seat)), [false, true, false]);
        drop(answering);
        waiting.send_one_away();
        assert_eq!(
            [&first, &third].map(|seat| gone(seat)),
            [false, true],
            "it waits behind the others again"
        );
        waiting.send_one_away();
        assert!(gone(&first));
        let last = waiting.sit();
        drop(last);
        assert!(held(&waiting.0).seats.is_empty());
        waiting.send_one_away();
    }
}
