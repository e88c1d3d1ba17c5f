//! How the stall is reached from outside: the network around, the seller's own address, or a tunnel.
//!
//! One supervisor, [`Reach`], keeps the way open that the seller chose: it starts what is needed, tells how it stands, and
//! tries again, ever more rarely, whatever fails. A tunnel's program ends with the app, however that ends. [`check`] asks
//! from outside whether it is really this stall that answers. It knows nothing of what is sold, opens no address by
//! itself, and decides nothing about requests: that is `server`'s.

pub mod check;
mod cloudflared;
mod kind;
mod lan;
mod line;
mod ngrok;
mod process;
mod reach;
mod state;
mod supervisor;
mod tailscale;
mod tool;
mod tunnel;
mod wish;

pub use kind::{Kind, UnknownKind};
pub use lan::urls_of;
pub use reach::{Listen, Reach, Runner, Surroundings};
pub use state::State;
pub use supervisor::{SUPERVISOR_COMMAND, supervise};
pub use tool::Tool;
pub use wish::{Token, Wish};
