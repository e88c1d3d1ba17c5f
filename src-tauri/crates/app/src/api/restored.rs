//! Saying that a copy of everything was put back, which nothing can notice by itself.

use serde::Serialize;
use ts_rs::TS;

use crate::{ApiError, App};

/// What follows from a copy that was put back.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RestoredView {
    /// What buyers signed up to then is not accepted, in Unix milliseconds.
    pub refused_until: i64,
    /// One sentence.
    pub sentence: String,
}

pub(crate) async fn note(app: &App, (): ()) -> Result<RestoredView, ApiError> {
    let now = app.clock().now();
    app.store().note_restored(now).await?;
    Ok(RestoredView {
        refused_until: now.timestamp_millis(),
        sentence: "What buyers signed before now is not accepted any more, because it may have bought \
            something that this data knows nothing of. At the next start the queue is compared with the \
            chain before anything is sent."
            .to_owned(),
    })
}
