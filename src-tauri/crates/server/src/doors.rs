use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::error::ServerError;

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1024;

/// Opens further addresses of a server that already listens at one, for as long as they are wanted. A clone opens doors of
/// the same server.
#[derive(Clone, Debug)]
pub struct Doors(mpsc::UnboundedSender<Opened>);

/// An address at which buyers are let in; no longer once this is dropped.
#[derive(Debug)]
pub struct Door {
    address: SocketAddr,
    _open: DropGuard,
}

/// A door on its way to the server.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) listener: TcpListener,
    pub(crate) closed: CancellationToken,
}

impl Doors {
    pub(crate) fn new() -> (Self, mpsc::UnboundedReceiver<Opened>) {
        let (opened, next) = mpsc::unbounded_channel();
        (Self(opened), next)
    }

    /// Lets buyers in at another address. To be called on a Tokio runtime.
    ///
    /// # Errors
    /// Says why nobody can listen there.
    pub fn open(&self, address: SocketAddr) -> Result<Door, ServerError> {
        let (listener, bound) = listen(address)?;
        let closed = CancellationToken::new();
        // A server that has stopped lets nobody in, wherever they knock.
        drop(self.0.send(Opened { listener, closed: closed.clone() }));
        Ok(Door { address: bound, _open: closed.drop_guard() })
    }
}

impl Door {
    /// Where it is.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Takes an address; port 0 takes any free one.
pub(crate) fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServerError> {
    let bound = || -> io::Result<(TcpListener, SocketAddr)> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // A restart must not wait for the old connections of the same port; on Windows the
        // option would let two programs share it.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let listener = socket.listen(BACKLOG)?;
        let bound = listener.local_addr()?;
        Ok((listener, bound))
    };
    bound().map_err(|error| ServerError::listening(address, error))
}
