//! Buys from a real server over real sockets with a real data file. Only the chain is played.

mod abuse;
mod buyer;
mod chain;
mod clock;
mod files;
mod http;
mod instant;
mod mutations;
mod outages;
mod owners;
mod paths;
mod preflight;
mod ranges;
mod selling;
mod stall;
