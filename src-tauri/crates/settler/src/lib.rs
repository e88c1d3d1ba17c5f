//! Turns stored payments into settled ones, surviving anything.
//!
//! One lane per network does all settling work of that network, one step after the other: it chooses
//! payments, simulates, drops the doomed, signs, saves, sends, and decides every payment by what the
//! token's own events say (I7). A watcher beside it turns what was seen into what is final, or
//! takes it back when a reorganisation removed it. The crate knows nothing of HTTP and never meets
//! `server`: both meet in the store, whose change feed wakes the lanes. Where the seller wants it, a facilitator is asked instead of a
//! node; what it answers is a hint. It holds no key and writes no SQL.

mod afterwards;
mod agenda;
mod allowance;
mod appetite;
mod asked;
mod beside;
mod calling;
mod calls;
mod deadline;
mod error;
mod exposure_watch;
mod flight;
mod halt;
mod hurry;
mod intake;
mod judge;
mod lane;
mod loose;
mod opinion;
mod pace;
mod plan;
mod preview;
mod rail;
mod recovery;
mod scheduled;
mod send;
mod settler;
mod state;
mod watch;
mod worth;

pub use afterwards::{Prospect, examine, proof_in};
pub use agenda::{Agenda, Cause, Step, Waiting};
pub use deadline::first_deadline;
pub use error::SettleError;
pub use plan::most_per_transaction;
pub use preview::{Exclusion, Preview};
pub use rail::FacilitatorRail;
pub use settler::{LaneConfig, SettleReport, Settler, SettlerConfig, Wait};
pub use state::LaneState;
pub use worth::{marginal_cost, marginal_fee};
