use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
use store::Store;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::connection;
use crate::error::ServerError;
use crate::gate::Gate;
use crate::limits::Limits;
use crate::networks::Networks;
use crate::public_url::PublicUrl;
use crate::shelf::{Asks, Shelf};
use crate::shop::{Shop, Sources};
use crate::visitors::Visitors;

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1024;

/// How long to wait when the system has no room for another connection.
const NO_ROOM: Duration = Duration::from_millis(100);

/// A listener that is bound and not open yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    limits: Arc<Limits>,
    shelf: Shelf,
    asks: Asks,
}

/// What a server sells from.
pub struct Parts {
    /// Where payments are stored before anything leaves.
    pub store: Store,
    /// The chains that may be sold on, now and later.
    pub networks: Networks,
    /// Where buyers reach the stall.
    pub public_url: watch::Receiver<PublicUrl>,
    /// Whether the seller has the stall open. While it is not, every path on sale answers 503.
    pub selling: watch::Receiver<bool>,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
}

/// A server that knows what it sells.
pub struct Open {
    server: Server,
    shop: Arc<Shop>,
    sources: Sources,
}

impl Server {
    /// Takes the address; port 0 takes any free one. Nothing is answered before [`Open::run`].
    /// To be called on a Tokio runtime.
    ///
    /// # Errors
    /// Says why nobody can listen there.
    pub fn bind(listen: SocketAddr, limits: Limits) -> Result<Self, ServerError> {
        let bound = || -> io::Result<(TcpListener, SocketAddr)> {
            let socket = if listen.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
            // A restart must not wait for the old connections of the same port; on Windows the
            // option would let two programs share it.
            #[cfg(unix)]
            socket.set_reuseaddr(true)?;
            socket.bind(listen)?;
            let listener = socket.listen(BACKLOG)?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        };
        let (listener, address) = bound().map_err(|error| ServerError::listening(listen, error))?;
        let (shelf, asks) = Shelf::new();
        Ok(Self { listener, address, limits: Arc::new(limits), shelf, asks })
    }

    /// Where it listens.
    pub const fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Tells when a change of what is on sale has reached buyers.
    pub fn shelf(&self) -> Shelf {
        self.shelf.clone()
    }

    /// Reads what is on sale.
    ///
    /// # Errors
    /// When the store cannot say.
    pub async fn open(self, parts: Parts) -> Result<Open, ServerError> {
        let Parts { store, networks, public_url, selling, clock } = parts;
        let (open, halted) = (networks.watch(), networks.halted());
        let mut sources =
            Sources { changes: store.changes(), networks: open, halted: halted.clone(), public_url };
        let shop = Shop::new(store, clock, Arc::clone(&self.limits), self.shelf.stock(), selling, halted);
        let shop = Arc::new(shop);
        shop.reload(&mut sources).await?;
        Ok(Open { server: self, shop, sources })
    }
}

impl Open {
    /// Sells until `stop`; then takes no new connection, lets open answers end within the limits'
    /// drain time, and returns.
    pub async fn run(self, stop: CancellationToken) {
        let Self { server: Server { listener, limits, asks, .. }, shop, sources } = self;
        let connections = TaskTracker::new();
        let cut = CancellationToken::new();
        let gate = Gate::new(Arc::clone(&shop));
        tokio::join!(
            shop.follow(sources, asks, stop.clone()),
            accept(listener, &gate, &limits, &connections, &cut, &stop),
        );
        connections.close();
        if timeout(limits.drain, connections.wait()).await.is_err() {
            cut.cancel();
            connections.wait().await;
        }
    }
}

async fn accept(
    listener: TcpListener,
    gate: &Gate,
    limits: &Arc<Limits>,
    connections: &TaskTracker,
    cut: &CancellationToken,
    stop: &CancellationToken,
) {
    let room = Arc::new(Semaphore::new(limits.connections));
    let visitors = Arc::new(Visitors::default());
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = next(&listener, &room) => accepted,
        };
        let (stream, buyer, place) = match accepted {
            Ok(accepted) => accepted,
            // The buyer went away before its turn came.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
                ) =>
            {
                continue;
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(NO_ROOM).await;
                continue;
            }
        };
        let Some(visit) = visitors.admit(buyer.ip(), limits.connections_of_one) else { continue };
        let (gate, limits, stop, cut) = (gate.clone(), Arc::clone(limits), stop.clone(), cut.clone());
        connections.spawn(async move {
            let _counted = (place, visit);
            tokio::select! {
                () = connection::serve(stream, buyer, gate, limits, stop) => {}
                () = cut.cancelled() => {}
            }
        });
    }
}

/// The next connection, once there is room for it: more of them wait in the system's queue.
async fn next(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(room).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, buyer) = listener.accept().await?;
    Ok((stream, buyer, place))
}
