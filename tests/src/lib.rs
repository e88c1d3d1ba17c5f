//! The harness of the integration tests: starts the real `stallkeeper` on a real node, and plays the seller at its
//! command line, the buyer on its HTTP port, and the chain around it.
//!
//! It knows none of the product's crates. What it signs, writes and reads on the wire and on the chain is its own, so
//! that a mistake there cannot hide behind the same mistake here. It panics where a test must end.

#![expect(clippy::expect_used, clippy::panic, reason = "a harness that cannot go on ends its test")]

mod account;
mod anvil;
mod books;
mod buyer;
mod clients;
mod command_line;
mod door;
mod facilitator;
mod http;
mod node;
mod outside;
mod processes;
mod random;
mod seller;
mod stall;
mod terms;
mod token;
mod trace;
mod upstream;
mod wait;
mod window;

pub use account::Temper;
pub use anvil::Anvil;
pub use books::{Books, PAID};
pub use buyer::{Buyer, Payment, Signed, Version};
pub use clients::{Client, Line};
pub use command_line::Ran;
pub use door::Door;
pub use facilitator::Facilitator;
pub use http::{Answer, Visitor, exchange};
pub use node::{Mined, Node};
pub use outside::{Called, Outside};
pub use processes::{freeze, node_of, thaw};
pub use random::{Seeded, random_word};
pub use seller::{PRICE, UNITS};
pub use stall::{Environment, Stall, practice_resources, program};
pub use terms::Terms;
pub use token::{
    Authorization, BASE_USDC, Domain, MULTICALL3, TOKEN, balance_question, both, minting, transfer,
};
pub use trace::{Call, trace};
pub use upstream::Upstream;
pub use wait::{eventually, unix_now};
pub use window::{Key, Panel, Part, Watch, Window, Work, program as desktop_program};
