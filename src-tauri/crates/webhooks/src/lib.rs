//! Tells others what happens at the stall: signed messages to the addresses that the seller named, as Standard Webhooks
//! has them.
//!
//! What happened is read from the store, which wrote it down when it happened. A message is written there before it is
//! sent, and tried again at growing distances under the same id until it is taken or given up; so nothing is missed, and
//! a receiver that goes by the id counts nothing twice. It decides nothing and holds nothing up: neither a sale nor
//! settling waits for a receiver.

mod backoff;
mod courier;
mod payload;
mod post;
mod secrets;

use std::net::SocketAddr;

use domain::Environment;
use outbound::{Policy, Target};

pub use courier::{Courier, CourierConfig};
pub use payload::{Standing, announce};
pub use secrets::Secrets;

/// Where a webhook's messages may go: over https to public addresses; in practice to this computer as well; to the very
/// host of its address, wherever that is, where the seller allowed it; and never to what listens here itself.
pub fn policy(environment: Environment, url: &str, allowed: bool, own: Option<SocketAddr>) -> Policy {
    let mut policy = Policy::public();
    if environment == Environment::Practice {
        policy = policy.or_this_computer();
    }
    if allowed && let Some(host) = Target::host_in(url) {
        policy = policy.or_host(&host);
    }
    match own {
        Some(own) => policy.but_not(own),
        None => policy,
    }
}
