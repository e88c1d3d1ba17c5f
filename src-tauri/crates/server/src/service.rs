//! What programs answer, sold: a request is passed on once its payment is stored, and only what came back well is
//! charged.
//!
//! The authorization is shown to nobody before the service has answered (the store sees to that), so a service that
//! fails, hangs or is away costs its buyer nothing (T31). A batched answer that began well is charged also when it
//! breaks off later: what of it arrived cannot be taken back. A request that was begun is ended whether its buyer waits or
//! not: who hangs up gets no work done for nothing. It is never made twice for one authorization; whoever comes again
//! gets the answer that was kept. Only what the seller allowed passes in either direction.

mod answer;
mod ask;
mod body;
mod collect;
mod entrance;
mod found;
mod free;
mod outgoing;
mod spool;
mod upstreams;

pub(crate) use ask::{again, ask, over};
pub(crate) use body::ServiceBody;
pub(crate) use collect::Bodies;
pub(crate) use entrance::{call, unread};
pub(crate) use found::{Found, Services};
pub(crate) use free::give;
pub(crate) use outgoing::Outgoing;
pub(crate) use upstreams::Upstreams;
pub use upstreams::{Tried, Untried, judge_service, try_service};
