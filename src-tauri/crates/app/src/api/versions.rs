//! What was sold before under the same link, and which version its owners receive.

use std::collections::HashMap;

use alloy_primitives::{B256, hex};
use domain::{Content, OwnersGet, Part, SoldAs};
use serde::{Deserialize, Serialize};
use store::Earlier;
use ts_rs::TS;

use crate::api::endpoints::{LOOK, find, length_state, shown};
use crate::api::{EndpointName, EndpointView, FileState};
use crate::error::sentence;
use crate::{ApiError, App};

/// As many versions are listed at most.
const MOST: u32 = 500;

/// Chooses what owners of an earlier version receive.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct EndpointOwnersGet {
    /// The endpoint's path or id.
    pub endpoint: String,
    /// `newest`: what is sold now. `bought`: what they bought, as long as its files are there unchanged.
    pub owners_get: String,
}

/// The versions of an endpoint.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct VersionList {
    /// The endpoint's id.
    pub endpoint: String,
    /// `newest` or `bought`.
    pub owners_get: String,
    /// The newest first, 500 at most.
    pub items: Vec<VersionView>,
}

/// A version of what an endpoint sells, or of one of its parts.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct VersionView {
    /// The file of a folder; empty for all there is.
    pub part: String,
    /// The digest of the file, the archive or the text, as hexadecimal digits.
    pub sha256: String,
    /// Its length; of an archive, that of its files together.
    pub bytes: u64,
    /// Since when it was sold, the last time. Unix milliseconds.
    pub published_at: i64,
    /// How many payments bought it. Those from before versions were kept are counted nowhere.
    pub bought: u64,
    /// Whether it is what is sold now.
    pub current: bool,
    /// Whether an earlier version's files are there for its owners; where they are not, they receive the newest. Null where
    /// owners receive the newest anyway.
    pub file_state: Option<FileState>,
}

pub(crate) async fn set_owners_get(app: &App, request: EndpointOwnersGet) -> Result<EndpointView, ApiError> {
    let endpoint = find(app, &request.endpoint).await?.endpoint;
    let wanted: OwnersGet =
        request.owners_get.parse().map_err(|error: String| ApiError::invalid(sentence(&error)))?;
    if wanted == OwnersGet::Bought && !matches!(endpoint.content, Content::File(_) | Content::Folder(_)) {
        return Err(ApiError::invalid(
            "Only files and folders have earlier versions to receive: a text is kept as it is now, and nobody owns what a service does.",
        ));
    }
    app.store().set_owners_get(endpoint.id, wanted).await?;
    app.on_the_shelf().await;
    shown(app, endpoint.id).await
}

pub(crate) async fn list(app: &App, name: EndpointName) -> Result<VersionList, ApiError> {
    let listing = find(app, &name.endpoint).await?;
    let endpoint = &listing.endpoint;
    let now = now(&endpoint.content);
    let states = look(app, &listing).await;
    let rows = app.store().versions(endpoint.id, MOST).await?;
    let items = rows.into_iter().map(|row| {
        let current = now.contains(&(row.part.clone(), row.sha256));
        let is_handed_out =
            listing.earlier.iter().any(|one| one.part == row.part && one.sha256 == row.sha256);
        let is_asked = !current && (endpoint.owners_get == OwnersGet::Bought || is_handed_out);
        let state = states.get(&(row.part.clone(), row.sha256)).copied();
        VersionView {
            // What is not handed out was overwritten.
            file_state: is_asked.then(|| state.unwrap_or(FileState::Changed)),
            part: row.part.to_string(),
            sha256: hex::encode(row.sha256),
            bytes: row.bytes,
            published_at: row.published_at.timestamp_millis(),
            bought: row.bought,
            current,
        }
    });
    Ok(VersionList {
        endpoint: endpoint.id.to_string(),
        owners_get: endpoint.owners_get.to_string(),
        items: items.collect(),
    })
}

/// What is sold now, by part.
fn now(content: &Content) -> Vec<(Part, B256)> {
    match content {
        Content::File(file) => vec![(Part::WHOLE, file.sha256)],
        Content::Text(text) => vec![(Part::WHOLE, text.sha256)],
        Content::Folder(folder) => match folder.sold_as {
            SoldAs::Archive { sha256 } => vec![(Part::WHOLE, sha256)],
            SoldAs::Files => {
                folder.members.iter().map(|member| (member.part.clone(), member.file.sha256)).collect()
            }
        },
        Content::Service(_) => Vec::new(),
    }
}

/// How the files of earlier versions stand: by their lengths, and by what the server has seen.
async fn look(app: &App, listing: &store::Listing) -> HashMap<(Part, B256), FileState> {
    let (id, earlier) = (listing.endpoint.id, listing.earlier.clone());
    let shelf = app.engine().map(|engine| engine.shelf().clone());
    let looking = tokio::task::spawn_blocking(move || {
        let mut states: HashMap<(Part, B256), FileState> = HashMap::new();
        for Earlier { part, sha256, files } in &earlier {
            let state = files.iter().map(|member| length_state(&member.file)).max();
            states.insert((part.clone(), *sha256), state.unwrap_or(FileState::Missing));
        }
        for (part, sha256, problem) in shelf.map(|shelf| shelf.spoiled_earlier(id)).unwrap_or_default() {
            let seen =
                if problem == server::Problem::Missing { FileState::Missing } else { FileState::Changed };
            states.insert((part, sha256), seen);
        }
        states
    });
    match tokio::time::timeout(LOOK, looking).await {
        Ok(Ok(states)) => states,
        Ok(Err(_)) | Err(_) => HashMap::new(),
    }
}
