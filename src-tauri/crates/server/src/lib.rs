//! Sells content: no stored payment, no content.
//!
//! The listener and its limits, the paywall and the delivery. A request is looked up letter by letter
//! in a catalogue of what is on sale; whoever does not pay gets the terms, and whoever pays gets the
//! content once the payment was checked, covered by the payer's balance and stored. It decides no
//! settlement and never speaks to the settler: an instant sale waits in the store for its evidence.
//! It has no administration, so that nothing of that kind can be reached from outside (I13).

mod archive;
mod body;
mod cache;
mod catalogue;
mod check;
mod choice;
mod chosen;
mod connection;
mod content;
mod content_headers;
#[cfg(test)]
mod corpus;
mod deliver;
mod discovery;
mod doors;
mod error;
mod file_body;
mod folder;
mod gate;
mod gift;
mod goods;
mod grants;
mod headers;
mod hosts;
mod identifiers;
mod instant;
mod limits;
mod networks;
mod open_file;
#[cfg(test)]
#[path = "../fuzz/oracle.rs"]
mod oracle;
mod paces;
mod pages;
mod paid;
mod picture_folder;
mod public_url;
mod publish;
mod quotas;
mod quotes;
mod range;
mod receipts;
mod reply;
mod server;
mod service;
mod shelf;
mod shop;
mod sign_in;
mod signed_offers;
mod status;
mod stop;
mod tally;
mod trusted_proxies;
mod versions;
mod visitors;
mod visits;
mod waiting;

pub use chosen::{Chosen, TrustedProxies, TrustedProxiesError};
pub use content::Problem;
pub use doors::{Door, Doors};
pub use error::ServerError;
pub use folder::{
    FolderGlance, InspectedFolder, LeftOut, MOST_FILES, Packing, glance_folder, inspect_folder,
};
pub use hosts::{Forwarding, Proof, Ways};
pub use limits::Limits;
pub use networks::Networks;
pub use pages::Seller;
pub use picture_folder::PictureFolder;
pub use public_url::{PublicUrl, PublicUrlError};
pub use publish::{Glance, InspectError, Inspected, glance, inspect};
pub use receipts::receipt_path;
pub use server::{Keys, Open, Parts, Server};
pub use service::{Tried, Untried, judge_service, try_service};
pub use shelf::Shelf;
pub use visits::{Request, Traffic, Wanted};
