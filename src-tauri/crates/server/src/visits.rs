//! Who came, and what became of it: counts for the seller's funnel and a short log of requests.
//!
//! All of it is kept in memory and written grouped every few seconds, so that nobody waits for it; what was not written
//! yet is lost when the program is killed. Purchases of the built-in buyer count as nobody's.

mod asked;
mod funnel;
mod log;
mod traffic;

pub(crate) use asked::{Asked, Led, Payer, Visitor, asks_too_often, counted, too_often};
pub use log::{Request, Wanted};
pub use traffic::Traffic;
