//! The commands against a real data file, through the door that every caller uses.

mod attention;
mod endpoints;
mod events;
mod exposure;
mod fixture;
mod live;
mod payments;
mod payout;
mod quit;
mod restored;
mod revenue;
mod schedule;
mod selling;
mod settle;
mod wallet;
