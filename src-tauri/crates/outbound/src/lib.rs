//! Guards the connections that the stall makes to addresses somebody typed: it resolves a name once, refuses every
//! address that was not allowed, and connects to the very address that it looked at.
//!
//! So no webhook and no service can be turned against what only this computer reaches (server-side request forgery):
//! neither by a name that means another address the next time, nor by another spelling of an address, nor by a redirect,
//! which is never followed. It knows nothing of what is sent; nodes and facilitators have clients of their own.

mod client;
mod connector;
mod place;
mod policy;
mod target;

pub use client::{Client, NoTls, SendError, Tls};
pub use place::{Place, is_public, place};
pub use policy::{Policy, Refused};
pub use target::Target;
