//! Remembers, and tells the truth about what it remembers.
//!
//! The only crate that contains SQL. One writer turns everything that waits for it into one commit,
//! many readers look at consistent states, and a change feed speaks after each commit. It decides
//! nothing about the chain: outcomes come in as evidence, and balances come in with the block they
//! were read at. It is not an event log and not a cache.

mod accept;
mod attempts;
mod batches;
mod bookkeeping;
mod burnt;
mod calls;
mod change;
mod column;
mod commands;
mod content;
mod costs;
mod deliveries;
mod endpoints;
mod error;
mod exposure;
mod facilitators;
mod failures;
mod file;
mod finality;
mod gas_a_day;
mod history;
mod holds;
mod lock;
mod loose;
mod messages;
mod networks;
mod offers;
mod owners;
mod payers;
mod payments;
mod payouts;
mod problems;
mod proved;
mod queue;
mod reconcile;
mod refunds;
mod reports;
mod requests;
mod requote;
mod restored;
mod schedules;
mod screens;
mod settings;
mod stake;
mod store;
mod sums;
#[cfg(test)]
mod tests;
mod totals;
mod verdict;
mod watched;
mod webhooks;
mod worth;
mod writer;

pub use accept::{Acceptance, Accepted};
pub use attempts::{NewAttempt, SavedAttempt};
pub use batches::{BatchDetail, BatchPayment, BatchSummary, NewBatch, OpenBatch, ReceiptRow, Trigger};
pub use calls::{NewCall, PaidFor, SavedCall};
pub use change::{Change, Changes};
pub use costs::{COIN_PRICE, TOLD_FOR};
pub use endpoints::{Details, Listing, NewEndpoint};
pub use error::StoreError;
pub use exposure::AssetExposure;
pub use facilitators::FacilitatorRow;
pub use failures::{Failure, FailurePlace, FailureQuery};
pub use file::Opened;
pub use finality::Unfinal;
pub use gas_a_day::{GAS_A_DAY, GasOfADay};
pub use history::{History, Sending, Stay};
pub use lock::FolderLock;
pub use loose::Loose;
pub use messages::{Message, MessageQuery, MessageState, NewMessage, Then, Tried};
pub use networks::{NetworkFinding, NetworkRow};
pub use offers::NewOffer;
pub use payers::{PayerOrder, PayerPage, PayerPlace, PayerRow, StandingRow, Tallied};
pub use payments::{Payment, PaymentPage, PaymentQuery, PaymentRef};
pub use payouts::{PayoutChange, PayoutProof, ProofKind};
pub use problems::{GiveUp, Problem, Reason};
pub use proved::Proved;
pub use queue::{Choice, OpenPayment, QueueSummary};
pub use reconcile::Booked;
pub use refunds::{NewRefund, Refund};
pub use reports::{BookLine, CostRow, QueueAge, ReportBy};
pub use requests::SettleRequest;
pub use schedules::Schedule;
pub use stake::AtStake;
pub use store::Store;
pub use sums::{Arrived, Total};
pub use verdict::{MinedAttempt, Verdict};
pub use watched::{Look, Watched};
pub use webhooks::{Happening, NewWebhook, OffBecause, WebhookRow};
