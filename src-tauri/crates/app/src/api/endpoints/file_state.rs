//! Whether the files that are sold are still what was published.

use std::time::Duration;

use domain::{Content, EndpointState, PublishedFile};
use serde::Serialize;
use store::Listing;
use ts_rs::TS;

use crate::{ApiError, App};

/// How a file stands compared with what was published, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum FileState {
    /// It is there, and nothing is known to be different.
    Ok,
    /// Something else stands in its place.
    Changed,
    /// It is gone, or cannot be reached.
    Missing,
}

/// How long all files together may take to look at: one may lie on a disk that is away.
pub(crate) const LOOK: Duration = Duration::from_secs(1);

/// Looks at the files of endpoints, in their order.
pub(super) async fn look(app: &App, listings: &[&Listing]) -> Vec<Option<FileState>> {
    let contents: Vec<Content> = listings.iter().map(|listing| listing.endpoint.content.clone()).collect();
    let shelf = app.engine().map(|engine| engine.shelf().clone());
    let looking = tokio::task::spawn_blocking(move || {
        let lengths: Vec<_> = contents.iter().map(file_state).collect();
        // The server has read the files through, and knows of changes that leave the length as it was.
        (lengths, shelf.map(|shelf| shelf.spoiled()).unwrap_or_default())
    });
    let Ok(Ok((lengths, seen))) = tokio::time::timeout(LOOK, looking).await else {
        return vec![None; listings.len()];
    };
    let states = listings.iter().zip(lengths).map(|(listing, length)| {
        let problem = seen.iter().find(|(id, _)| *id == listing.endpoint.id).map(|(_, problem)| problem);
        Some(match (length, problem) {
            (FileState::Missing, _) | (_, Some(server::Problem::Missing)) => FileState::Missing,
            (FileState::Changed, _) | (_, Some(_)) => FileState::Changed,
            (FileState::Ok, None) => FileState::Ok,
        })
    });
    states.collect()
}

/// How the files of some content stand: the worst of them counts.
fn file_state(content: &Content) -> FileState {
    content.files().map(length_state).max().unwrap_or(FileState::Ok)
}

/// How a file stands by its length.
pub(crate) fn length_state(file: &PublishedFile) -> FileState {
    match std::fs::symlink_metadata(&file.path) {
        Ok(found) if found.is_file() && found.len() == file.bytes => FileState::Ok,
        Ok(_) => FileState::Changed,
        Err(_) => FileState::Missing,
    }
}

/// Live endpoints that answer 503 because their file is not what was published.
pub(crate) async fn spoiled(app: &App) -> Result<Vec<(Listing, FileState)>, ApiError> {
    let listings = app.store().catalogue().await?;
    let live: Vec<&Listing> =
        listings.iter().filter(|listing| listing.endpoint.state == EndpointState::Live).collect();
    let states = look(app, &live).await;
    let spoiled = live.into_iter().zip(states).filter_map(|(listing, state)| match state {
        Some(state @ (FileState::Missing | FileState::Changed)) => Some((listing.clone(), state)),
        Some(FileState::Ok) | None => None,
    });
    Ok(spoiled.collect())
}
