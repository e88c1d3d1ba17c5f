//! The store against real files. Invariants I1–I16 and threats T01–T90 are named where a test guards
//! one.

mod accept;
mod batches;
mod books;
mod calls;
mod catalogue;
mod conservation;
mod exposure;
mod file;
mod fixture;
mod full_disk;
mod grouping;
mod holds;
mod leaving;
mod log;
mod owning;
mod paging;
mod payouts;
mod plans;
mod reorganisation;
mod schedules;
mod screens;
mod verdicts;
mod watching;
mod webhooks;
mod worth;
