//! The commands against a real data file, through the door that every caller uses.

mod attention;
mod books;
mod endpoints;
mod events;
mod exposure;
mod facilitators;
mod failures;
mod fixture;
mod live;
mod networks;
mod news;
mod payments;
mod payout;
mod pictures;
mod prices;
mod quit;
mod reach;
mod restored;
mod revenue;
mod schedule;
mod selling;
mod services;
mod settle;
mod traffic;
mod wallet;
mod webhooks;
