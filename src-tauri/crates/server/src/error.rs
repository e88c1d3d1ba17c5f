use std::io;
use std::net::SocketAddr;

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// Another program listens there.
    #[error("another program already listens on {listen}; stop it or choose another port")]
    AddressInUse {
        /// The address asked for.
        listen: SocketAddr,
    },
    /// The system does not let this user listen there.
    #[error("this user may not listen on {listen}; choose a port above 1023")]
    NotAllowed {
        /// The address asked for.
        listen: SocketAddr,
    },
    /// The address belongs to another computer.
    #[error("{listen} is not an address of this computer")]
    NotOurs {
        /// The address asked for.
        listen: SocketAddr,
    },
    /// Anything else the system said.
    #[error("listening on {listen} failed: {source}")]
    Listen {
        /// The address asked for.
        listen: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The endpoints cannot be read.
    #[error("the endpoints cannot be read: {0}")]
    Store(#[from] store::StoreError),
}

impl ServerError {
    pub(crate) fn listening(listen: SocketAddr, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::AddrInUse => Self::AddressInUse { listen },
            io::ErrorKind::PermissionDenied => Self::NotAllowed { listen },
            io::ErrorKind::AddrNotAvailable => Self::NotOurs { listen },
            _ => Self::Listen { listen, source },
        }
    }
}
