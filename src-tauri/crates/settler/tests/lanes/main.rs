//! Lanes against a chain that does what each test says and a real data file, on a clock that the test
//! moves.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod afterwards;
mod calls;
mod clock;
mod deadlines;
mod dry;
mod evidence;
mod exposure;
mod facilitator;
mod faults;
mod ledger;
mod locked;
mod node;
mod once;
mod opinions;
mod order;
mod recovery;
mod relayer;
mod reorganisations;
mod replacing;
mod schedules;
mod sending;
mod single;
mod stall;
