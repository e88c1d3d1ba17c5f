use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::{Clock, Environment};
use store::Store;
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wallet::{GrantKey, ReceiptKey, SignInKey};

use crate::connection;
use crate::doors::{self, Doors, Opened};
use crate::error::ServerError;
use crate::gate::Gate;
use crate::hosts::{Line, Ways};
use crate::limits::Limits;
use crate::networks::Networks;
use crate::picture_folder::PictureFolder;
use crate::public_url::PublicUrl;
use crate::shelf::{Asks, Shelf, Stock};
use crate::shop::{Shop, Sources};
use crate::visitors::Visitors;
use crate::waiting::Waiting;

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
    doors: Doors,
    opened: mpsc::UnboundedReceiver<Opened>,
}

/// What a server sells from.
pub struct Parts {
    /// Where payments are stored before anything leaves.
    pub store: Store,
    /// The chains that may be sold on, now and later.
    pub networks: Networks,
    /// Where buyers reach the stall.
    pub public_url: watch::Receiver<PublicUrl>,
    /// How else they come.
    pub ways: watch::Receiver<Ways>,
    /// Whether the seller has the stall open. While it is not, every path on sale answers 503.
    pub selling: watch::Receiver<bool>,
    /// What the money is worth.
    pub environment: Environment,
    /// What it signs for buyers with.
    pub keys: Keys,
    /// Where the pictures lie that pages show.
    pub pictures: PictureFolder,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
}

/// The keys that hold no money.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Links by which what was bought is received again.
    pub grants: GrantKey,
    /// Receipts.
    pub receipts: ReceiptKey,
    /// Challenges of sign-ins, and whatever else nobody may foresee; made anew at each start.
    pub sign_in: SignInKey,
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
        let (listener, address) = doors::listen(listen)?;
        let (shelf, asks) = Shelf::new();
        let (doors, opened) = Doors::new();
        Ok(Self { listener, address, limits: Arc::new(limits), shelf, asks, doors, opened })
    }

    /// Where it listens.
    pub const fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Opens further addresses.
    pub fn doors(&self) -> Doors {
        self.doors.clone()
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
        let stock = Stock { own: Some(self.address), ..self.shelf.stock() };
        let (shop, mut sources) = Shop::new(parts, Arc::clone(&self.limits), stock);
        let shop = Arc::new(shop);
        shop.reload(&mut sources).await?;
        Ok(Open { server: self, shop, sources })
    }
}

impl Open {
    /// Sells until `stop`; then takes no new connection, lets open answers end within the limits'
    /// drain time, and returns.
    pub async fn run(self, stop: CancellationToken) {
        let Self { server: Server { listener, limits, asks, opened, .. }, shop, sources } = self;
        let entrance = Entrance {
            shop: Arc::clone(&shop),
            room: Arc::new(Semaphore::new(limits.connections)),
            visitors: Arc::default(),
            waiting: Arc::default(),
            connections: TaskTracker::new(),
            cut: CancellationToken::new(),
            stop: stop.clone(),
            limits,
        };
        tokio::join!(
            shop.follow(sources, asks, stop.clone()),
            shop.count_visits(stop.clone()),
            shop.clear_up(stop.clone()),
            entrance.accept(listener, CancellationToken::new()),
            entrance.further(opened),
        );
        let Entrance { connections, cut, limits, .. } = entrance;
        connections.close();
        if timeout(limits.drain, connections.wait()).await.is_err() {
            cut.cancel();
            connections.wait().await;
        }
        if let Err(error) = shop.traffic.write(&shop.store).await {
            tracing::warn!(%error, "who came last was not written down");
        }
    }
}

/// Where buyers come in, at whatever address they knock: the limits hold for all of them together.
#[derive(Clone)]
struct Entrance {
    shop: Arc<Shop>,
    limits: Arc<Limits>,
    room: Arc<Semaphore>,
    visitors: Arc<Visitors>,
    waiting: Arc<Waiting>,
    connections: TaskTracker,
    cut: CancellationToken,
    stop: CancellationToken,
}

impl Entrance {
    /// Lets buyers in at further addresses as they are opened.
    async fn further(&self, mut opened: mpsc::UnboundedReceiver<Opened>) {
        loop {
            let Opened { listener, closed } = tokio::select! {
                () = self.stop.cancelled() => return,
                Some(opened) = opened.recv() => opened,
            };
            let entrance = self.clone();
            self.connections.spawn(async move { entrance.accept(listener, closed).await });
        }
    }

    async fn accept(&self, listener: TcpListener, closed: CancellationToken) {
        loop {
            let accepted = tokio::select! {
                () = self.stop.cancelled() => return,
                () = closed.cancelled() => return,
                accepted = listener.accept() => accepted,
            };
            let (stream, buyer) = match accepted {
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
            let Some(visit) = self.visitors.admit(buyer.ip(), self.limits.connections_of_one) else {
                continue;
            };
            let place = tokio::select! {
                () = self.stop.cancelled() => return,
                () = closed.cancelled() => return,
                place = self.place() => place,
            };
            let seat = self.waiting.sit();
            let ours = stream.local_addr().ok().map(|address| address.ip());
            let gate = Gate::new(Arc::clone(&self.shop), Line { buyer: buyer.ip(), ours });
            let (limits, stop, cut) = (Arc::clone(&self.limits), self.stop.clone(), self.cut.clone());
            self.connections.spawn(async move {
                let _counted = (place, visit);
                tokio::select! {
                    () = connection::serve(stream, buyer, gate, seat, limits, stop) => {}
                    () = cut.cancelled() => {}
                }
            });
        }
    }

    /// Room for one more connection: that of whoever has waited longest for nothing, where there is no other.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = Arc::clone(&self.room).try_acquire_owned() {
            return Some(place);
        }
        self.waiting.send_one_away();
        // Never closed, so there is always one to be had.
        Arc::clone(&self.room).acquire_owned().await.ok()
    }
}
