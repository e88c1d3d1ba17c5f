//! The private chain of the practice environment: a real node on loopback that answers as Base Sepolia and carries a
//! practice USDC at the real token's address.
//!
//! It starts and supervises the node, composes its genesis, keeps its state in durable snapshots, makes practice money,
//! and has a buyer of its own. It is not a simulation, and nothing else in the product knows that it exists: the rest
//! reads and settles on this chain through the [`Chain`](::chain::Chain) that it hands out, as it would on any other.

mod buyer;
mod chain;
mod durable;
mod error;
mod genesis;
mod keeper;
mod keys;
mod mining;
mod node;
mod practice;
mod resources;
mod rpc;
mod snapshot;
mod supervisor;
mod treasury;

pub use buyer::{Protocol, Purchase, Purchased};
pub use chain::PracticeChain;
pub use error::PracticeError;
pub use node::NodeState;
pub use practice::{Practice, PracticeConfig};
pub use supervisor::{SUPERVISOR_COMMAND, supervise};
