//! What is for sale, on the command line.

use std::path::PathBuf;

use app::Environment;
use clap::{ArgGroup, Subcommand};
use serde_json::{Value, json};

use crate::services::ServiceFlags;
use crate::table::{self, Column, cut, whole as stands};

const VERSIONS: &[Column] = &[
    stands(&["publishedAt"]),
    cut(&["part"]),
    stands(&["bytes"]),
    stands(&["bought"]),
    stands(&["state"]),
    cut(&["sha256"]),
];

/// What an endpoint sold before, and which of it owners still receive.
pub(crate) fn versions(items: &[Value]) -> String {
    let line = |item: &Value| {
        let mut line = item.clone();
        line["state"] = match item["fileState"].as_str() {
            _ if item["current"] == true => "on sale",
            Some("ok") => "for its owners",
            Some(_) => "gone: owners get the newest",
            None => "-",
        }
        .into();
        if item["part"] == "" {
            line["part"] = "(all)".into();
        }
        line
    };
    table::with_heads(VERSIONS, &items.iter().map(line).collect::<Vec<_>>())
}

const COPIES: &[Column] =
    &[stands(&["change"]), cut(&["path"]), cut(&["title"]), stands(&["price"]), cut(&["about"])];

/// What copying endpoints does, or would do.
pub(crate) fn copies(items: &[Value]) -> String {
    let line = |item: &Value| {
        let mut line = item.clone();
        let differs = item["differs"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let differs = differs.collect::<Vec<_>>().join(", ");
        line["about"] = item["why"].as_str().map_or(differs, str::to_owned).into();
        line
    };
    table::with_heads(COPIES, &items.iter().map(line).collect::<Vec<_>>())
}

#[derive(Debug, Subcommand)]
pub(crate) enum Endpoint {
    /// Put a file, a folder, a text or a service up for sale.
    #[command(group(ArgGroup::new("ware").required(true).args(["file", "folder", "text", "service"])))]
    Add {
        /// The file. It stays where it is.
        #[arg(long)]
        file: Option<PathBuf>,
        /// The folder. Its files stay where they are; hidden ones and keys are left out.
        #[arg(long)]
        folder: Option<PathBuf>,
        /// Sell the folder's files together, as one archive, instead of each by itself.
        #[arg(long, requires = "folder")]
        archive: bool,
        /// The text itself.
        #[arg(long)]
        text: Option<String>,
        /// The name under which the text is downloaded.
        #[arg(long, requires = "text")]
        file_name: Option<String>,
        /// Where it is reached, such as /guide.
        #[arg(long)]
        path: String,
        /// Its price, such as 0.05; of a folder that is sold by its files, that of each.
        #[arg(long)]
        price: String,
        /// Its name for people; by default the file's name without its extension.
        #[arg(long)]
        title: Option<String>,
        /// What it is, in a few sentences.
        #[arg(long)]
        description: Option<String>,
        /// Leave it out of the stall's own pages: only who knows its link finds it.
        #[arg(long)]
        unlisted: bool,
        /// batched: deliver at once, settle later. instant: settle, then deliver.
        #[arg(long)]
        mode: Option<String>,
        /// How long buyers may fetch it again: 30d (default), 12h, or 0 to charge every purchase.
        #[arg(long)]
        owned_for: Option<String>,
        /// A picture of it for the stall's pages: PNG, JPEG or WebP, 10 MB at most.
        #[arg(long)]
        cover: Option<PathBuf>,
        #[command(flatten)]
        service: Box<ServiceFlags>,
    },
    /// Copy endpoints into another environment, where they keep their ids: what they deliver, their prices, quotas, pictures.
    /// Payments, grants, links and visits stay where they are.
    Copy {
        /// Their paths or ids; all of them where none is named.
        endpoint: Vec<String>,
        /// practice, test or live; by default the environment that is open.
        #[arg(long, value_name = "NAME")]
        from: Option<Environment>,
        /// practice, test or live; by default the environment that is open.
        #[arg(long, value_name = "NAME")]
        to: Option<Environment>,
        /// Only show what would change there.
        #[arg(long)]
        dry_run: bool,
    },
    /// List what is for sale.
    List,
    /// Show one endpoint, by its path or id.
    Show {
        /// Its path or id.
        endpoint: String,
    },
    /// List the files of a folder that is for sale, and what each costs.
    Files {
        /// Its path or id.
        endpoint: String,
        /// At most this many.
        #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
        /// Those after this one: the `next` of the page before.
        #[arg(long)]
        after: Option<String>,
    },
    /// Say something else of an endpoint, or change its text. What is left out stays.
    Edit {
        /// Its path or id.
        endpoint: String,
        /// Its name for people.
        #[arg(long)]
        title: Option<String>,
        /// What it is, in a few sentences; "" for nothing.
        #[arg(long)]
        description: Option<String>,
        /// Show it on the stall's own pages.
        #[arg(long, conflicts_with = "unlisted")]
        listed: bool,
        /// Leave it out of them.
        #[arg(long)]
        unlisted: bool,
        /// Its new text. Who owns it gets that too.
        #[arg(long)]
        text: Option<String>,
        #[command(flatten)]
        service: Box<ServiceFlags>,
    },
    /// Ask a service once and say how it answered. Nobody is charged. Ends with exit code 6 if a buyer would not be
    /// charged for that answer.
    Test {
        /// Its path or id.
        endpoint: String,
        /// What is asked behind the program's address, such as /paris.
        #[arg(long)]
        path: Option<String>,
    },
    /// Print the text that an endpoint sells.
    Text {
        /// Its path or id.
        endpoint: String,
    },
    /// Let everybody see a file of it before they pay, at its link with ?preview.
    #[command(group(ArgGroup::new("preview").required(true).args(["file", "none"])))]
    Preview {
        /// Its path or id.
        endpoint: String,
        /// The file. It stays where it is.
        #[arg(long)]
        file: Option<PathBuf>,
        /// Show none any more.
        #[arg(long)]
        none: bool,
    },
    /// Show a picture of it on the stall's pages: PNG, JPEG or WebP, 10 MB at most. It is scaled down and written anew,
    /// so that nothing of it leaves this computer but what is seen.
    #[command(group(ArgGroup::new("cover").required(true).args(["file", "none"])))]
    Cover {
        /// Its path or id.
        endpoint: String,
        /// The picture.
        file: Option<PathBuf>,
        /// Show none any more.
        #[arg(long)]
        none: bool,
    },
    /// Let a service answer so many requests a day for nothing, to each network address or to each wallet that signs in.
    /// Who has many addresses has as many for each; the wallets of one address have together no more than ten of them
    /// would; a restart begins anew.
    #[command(group(ArgGroup::new("quota").required(true).args(["free_a_day", "none"])))]
    Quota {
        /// Its path or id.
        endpoint: String,
        /// How many.
        #[arg(long, value_name = "REQUESTS")]
        free_a_day: Option<u32>,
        /// By what they are told apart: address, or wallet (sign-in-with-x).
        #[arg(long, value_name = "WHAT", value_parser = ["address", "wallet"], default_value = "address")]
        by: String,
        /// None any more.
        #[arg(long)]
        none: bool,
    },
    /// Change a price. Quotes in flight are honoured for ten minutes.
    SetPrice {
        /// Its path or id.
        endpoint: String,
        /// The new price, such as 0.10.
        price: String,
    },
    /// Sell its file or folder as it is now, after it changed, or a new version from elsewhere. Who owns it gets that
    /// too, unless you chose otherwise.
    PublishAgain {
        /// Its path or id.
        endpoint: String,
        /// Where the new version is, if it is not where the one before was.
        #[arg(long)]
        from: Option<PathBuf>,
    },
    /// Choose what owners of an earlier version receive: the newest one, or the one they bought as long as its files are
    /// there unchanged. Who keeps what was bought and signs for it again buys the new version; the link of the first
    /// purchase, and a sign-in until then, lead to what was bought.
    OwnersGet {
        /// Its path or id.
        endpoint: String,
        /// newest or bought.
        what: String,
    },
    /// List what was sold before under the same link, and how many bought it.
    Versions {
        /// Its path or id.
        endpoint: String,
    },
    /// Stop selling it for a while.
    Pause {
        /// Its path or id.
        endpoint: String,
    },
    /// Sell it again.
    Resume {
        /// Its path or id.
        endpoint: String,
    },
    /// Take it off the stall. Buyers who own it keep it.
    Remove {
        /// Its path or id.
        endpoint: String,
    },
}

impl Endpoint {
    pub(crate) fn call(self) -> (&'static str, Value) {
        match self {
            Self::Add {
                file,
                folder,
                archive,
                text,
                file_name,
                path,
                price,
                title,
                description,
                unlisted,
                mode,
                owned_for,
                cover,
                service,
            } => {
                let sold_as = archive.then_some("archive");
                let request = json!({
                    "file": file.map(whole),
                    "folder": folder.map(|path| json!({ "path": whole(path), "soldAs": sold_as })),
                    "text": text.map(|body| json!({ "body": body, "fileName": file_name })),
                    "path": path, "price": price, "title": title, "description": description,
                    "listed": unlisted.then_some(false), "mode": mode, "ownedFor": owned_for,
                    "cover": cover.map(whole), "service": service.request(),
                });
                ("endpoint_add", request)
            }
            Self::Copy { endpoint, from, to, dry_run } => {
                let name = if dry_run { "endpoint_copy_preview" } else { "endpoint_copy" };
                (name, json!({ "from": from, "to": to, "endpoints": endpoint }))
            }
            Self::List => ("endpoint_list", Value::Null),
            Self::Show { endpoint } => ("endpoint_show", named(&endpoint)),
            Self::Files { endpoint, limit, after } => {
                ("endpoint_files", json!({ "endpoint": endpoint, "limit": limit, "after": after }))
            }
            Self::Edit { endpoint, title, description, listed, unlisted, text, service } => {
                let listed = (listed || unlisted).then_some(listed);
                let request = json!({
                    "endpoint": endpoint, "title": title, "description": description, "listed": listed,
                    "text": text, "service": service.request(),
                });
                ("endpoint_edit", request)
            }
            Self::Test { endpoint, path } => ("endpoint_test", json!({ "endpoint": endpoint, "path": path })),
            Self::Preview { endpoint, file, none: _ } => {
                ("endpoint_preview", json!({ "endpoint": endpoint, "file": file.map(whole) }))
            }
            Self::Cover { endpoint, file, none: _ } => {
                ("endpoint_cover", json!({ "endpoint": endpoint, "file": file.map(whole) }))
            }
            Self::Quota { endpoint, free_a_day, by, none: _ } => {
                let request = json!({ "endpoint": endpoint, "requestsADay": free_a_day, "countedBy": by });
                ("endpoint_quota", request)
            }
            Self::Text { endpoint } => ("endpoint_text", named(&endpoint)),
            Self::SetPrice { endpoint, price } => {
                ("endpoint_set_price", json!({ "endpoint": endpoint, "price": price }))
            }
            Self::PublishAgain { endpoint, from } => {
                ("endpoint_publish_again", json!({ "endpoint": endpoint, "from": from.map(whole) }))
            }
            Self::OwnersGet { endpoint, what } => {
                ("endpoint_owners_get", json!({ "endpoint": endpoint, "ownersGet": what }))
            }
            Self::Versions { endpoint } => ("endpoint_versions", named(&endpoint)),
            Self::Pause { endpoint } => ("endpoint_pause", named(&endpoint)),
            Self::Resume { endpoint } => ("endpoint_resume", named(&endpoint)),
            Self::Remove { endpoint } => ("endpoint_remove", named(&endpoint)),
        }
    }
}

fn named(endpoint: &str) -> Value {
    json!({ "endpoint": endpoint })
}

/// The engine may have been started in another folder.
pub(crate) fn whole(path: PathBuf) -> String {
    std::path::absolute(&path).unwrap_or(path).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_listed_with_what_their_owners_receive() {
        let version = |state: Value, current| {
            json!({ "part": "", "sha256": "ab12", "bytes": 14, "publishedAt": "19:35", "bought": 2,
                    "current": current, "fileState": state })
        };
        let listed = versions(&[
            version(Value::Null, true),
            version("ok".into(), false),
            version("missing".into(), false),
        ]);
        let lines: Vec<&str> = listed.lines().collect();
        assert_eq!(lines[0], "PUBLISHED AT  PART   BYTES  BOUGHT  STATE                        SHA256");
        for (line, state) in
            lines[1..].iter().zip(["on sale", "for its owners", "gone: owners get the newest"])
        {
            assert!(line.contains(state), "{line}");
        }
    }
}
