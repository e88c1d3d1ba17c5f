//! What programs answer, sold: a request is passed on once its payment is stored, and only what came back well is
//! charged.
//!
//! The authorization is shown to nobody before the service has answered (the store sees to that), so a service that
//! fails, hangs or is away costs its buyer nothing (T31). A batched answer is charged once its first bytes are there, and
//! one that is said to be short once all of them are; what breaks off later is charged, because what of it arrived cannot
//! be taken back. An instant one waits whole until its money has come, on the disk where it is long. A request that was
//! begun is ended whether its buyer waits or not: who hangs up gets no work done for nothing. It is never made twice for
//! one authorization; whoever comes again gets the answer that was kept. Only what the seller allowed passes in either
//! direction.

mod answer;
mod ask;
mod body;
mod collect;
mod entrance;
mod found;
mod free;
mod live;
mod outgoing;
mod reading;
mod spool;
mod spools;
mod upstreams;

pub(crate) use ask::{again, ask, over};
pub(crate) use body::ServiceBody;
pub(crate) use collect::Bodies;
pub(crate) use entrance::{call, unread};
pub(crate) use found::{Found, Services};
pub(crate) use free::give;
pub(crate) use outgoing::Outgoing;
pub(crate) use spools::Spools;
pub(crate) use upstreams::Upstreams;
pub use upstreams::{Tried, Untried, judge_service, try_service};
