use tokio::sync::{mpsc, oneshot};

/// As many may wait at once; more of them wait to be let in.
const ASKING: usize = 16;

/// What is on sale, for whoever has changed it: the server follows the store by itself, and this
/// tells when it has caught up.
#[derive(Clone, Debug)]
pub struct Shelf(mpsc::Sender<oneshot::Sender<()>>);

/// The server's end of a [`Shelf`].
pub(crate) type Asks = mpsc::Receiver<oneshot::Sender<()>>;

impl Shelf {
    pub(crate) fn new() -> (Self, Asks) {
        let (ask, asks) = mpsc::channel(ASKING);
        (Self(ask), asks)
    }

    /// Returns when buyers are answered by what the store held at the call, or when the server has
    /// stopped and answers nobody.
    pub async fn caught_up(&self) {
        let (done, told) = oneshot::channel();
        if self.0.send(done).await.is_ok() {
            // Dropped unanswered when the server stops.
            drop(told.await);
        }
    }
}
