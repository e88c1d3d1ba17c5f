use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use tower::{Layer, Service};

/// Counts the connections that an HTTP client opens, whoever asked for them: behind a new connection may stand another
/// node than behind the last one (T54).
#[derive(Clone, Debug, Default)]
pub(crate) struct Connections(Arc<AtomicU64>);

impl Connections {
    /// How many were opened so far.
    pub(crate) fn opened(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl<S> Layer<S> for Connections {
    type Service = Counted<S>;

    fn layer(&self, connector: S) -> Counted<S> {
        Counted { connector, connections: self.clone() }
    }
}

/// A connector that is counted.
#[derive(Clone, Debug)]
pub(crate) struct Counted<S> {
    connector: S,
    connections: Connections,
}

impl<S: Service<R>, R> Service<R> for Counted<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, destination: R) -> S::Future {
        self.connections.0.fetch_add(1, Ordering::SeqCst);
        self.connector.call(destination)
    }
}
