use tokio::sync::broadcast;

/// Something changed. Says what to read again, never what it is now, so a lost message loses nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// Messages were missed: read everything again.
    Everything,
    /// Endpoints or their offers.
    Endpoints,
    /// Payments: new ones or their states.
    Payments,
    /// Batches or their attempts.
    Batches,
    /// Settings, networks or assets.
    Settings,
    /// How far deliveries have got.
    Deliveries,
    /// Webhooks, or what they are told.
    Webhooks,
    /// What the seller was told.
    Notices,
}

/// What changed since the last look, in order, each change told after its commit.
#[derive(Debug)]
pub struct Changes(broadcast::Receiver<Change>);

impl Changes {
    pub(crate) const fn new(receiver: broadcast::Receiver<Change>) -> Self {
        Self(receiver)
    }

    /// The next change; none once the store is closed and its last handle is gone.
    pub async fn next(&mut self) -> Option<Change> {
        match self.0.recv().await {
            Ok(change) => Some(change),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Change::Everything),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }

    /// Waits until payments may have changed. False once the store is closed and its last handle is gone.
    pub async fn of_payments(&mut self) -> bool {
        loop {
            match self.next().await {
                Some(Change::Payments | Change::Everything) => return true,
                Some(
                    Change::Endpoints
                    | Change::Batches
                    | Change::Settings
                    | Change::Deliveries
                    | Change::Webhooks
                    | Change::Notices,
                ) => {}
                None => return false,
            }
        }
    }

    /// Forgets what was told up to now; for those who are about to read everything.
    pub fn skip_missed(&mut self) {
        self.0 = self.0.resubscribe();
    }
}
