//! Packs what a seller owns into one file that only a passphrase opens, reads it again, and puts it where a stall looks for
//! it at its next start.
//!
//! The file is an `age` file around a compressed `tar`, so it can also be opened without this product. It begins with a
//! [`Manifest`] that says what is in it. This crate knows neither databases nor keys: it is handed finished files, and
//! puts back only files of the names that a data folder has.

mod error;
mod manifest;
mod name;
mod pack;
mod staged;
mod unpack;

pub use error::BackupError;
pub use manifest::{Contents, Manifest};
pub use name::Name;
pub use pack::{Packed, Source, pack};
pub use staged::{put_in_place, stage, staged, unstage};
pub use unpack::{look, unpack};
