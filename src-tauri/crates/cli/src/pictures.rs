//! Pictures that the stall's pages show, on the command line.

use std::path::PathBuf;

use clap::{ArgGroup, Subcommand};
use serde_json::{Value, json};

use crate::endpoints::whole;

/// What pages show of the seller beside the settings.
#[derive(Debug, Subcommand)]
pub(crate) enum Seller {
    /// Show it.
    Show,
    /// Show a picture of yourself or your stall: PNG, JPEG or WebP, 10 MB at most. It is scaled down and written anew.
    #[command(group(ArgGroup::new("picture").required(true).args(["file", "none"])))]
    Picture {
        /// The picture.
        file: Option<PathBuf>,
        /// Show none any more.
        #[arg(long)]
        none: bool,
    },
}

impl Seller {
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::Show => ("seller_show", Value::Null),
            Self::Picture { file, none: _ } => ("seller_picture", json!({ "file": file.map(whole) })),
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Picture {
    /// Print a picture in base64: one that pages show, or what they would show of a file.
    #[command(group(ArgGroup::new("which").required(true).args(["picture", "file"])))]
    Show {
        /// What names it, as the thing that it is a picture of says.
        picture: Option<String>,
        /// A file. Nothing of it is kept.
        #[arg(long)]
        file: Option<PathBuf>,
    },
}

impl Picture {
    pub(crate) fn call(self) -> (&'static str, Value) {
        let Self::Show { picture, file } = self;
        ("picture_show", json!({ "picture": picture, "file": file.map(whole) }))
    }
}
