//! A look at a file before it is priced.

use std::collections::HashSet;
use std::path::PathBuf;

use domain::EndpointState;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::endpoints::LONGEST_TITLE;
use crate::error::sentence;
use crate::{ApiError, App, ErrorCode};

/// Longest suggested path, leaving room for a number: links are read by people.
const LONGEST_SLUG: usize = 60;

/// Names a file of this computer.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct FileInspect {
    /// Its path.
    pub file: String,
}

/// A file that may be sold.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct InspectedFileView {
    /// Where it really is.
    pub path: String,
    /// The name a download would get.
    pub name: String,
    /// A name for people, made of the file's.
    pub title: String,
    /// Its length.
    pub bytes: u64,
    /// Its media type, by its extension.
    pub media_type: String,
    /// Where it could be sold; no other endpoint is there.
    pub suggested_path: String,
}

pub(crate) async fn inspect(app: &App, request: FileInspect) -> Result<InspectedFileView, ApiError> {
    let file = server::glance(&PathBuf::from(&request.file), app.data_dir())
        .await
        .map_err(|error| ApiError::new(ErrorCode::File, sentence(&error.to_string())))?;
    let listings = app.store().catalogue().await?;
    let taken: HashSet<&str> = listings
        .iter()
        .filter(|listing| listing.endpoint.state != EndpointState::Removed)
        .map(|listing| listing.endpoint.path.as_str())
        .collect();
    let stem = stem(&file.file_name);
    Ok(InspectedFileView {
        title: title(&file.file_name),
        suggested_path: free_path(&slug(stem), &taken),
        path: file.path,
        name: file.file_name,
        bytes: file.bytes,
        media_type: file.media_type,
    })
}

fn stem(file_name: &str) -> &str {
    file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem)
}

/// The file's name as people would write it: what is sold is called so unless the seller says otherwise.
pub(crate) fn title(file_name: &str) -> String {
    let words = stem(file_name).replace(['_', '-'], " ");
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = if words.is_empty() { file_name } else { &words };
    title.chars().take(LONGEST_TITLE).collect()
}

/// The letters and digits that a path may hold, everything between them as one dash.
fn slug(stem: &str) -> String {
    let plain: String =
        stem.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    let slug = plain.split_whitespace().collect::<Vec<_>>().join("-");
    let slug: String = slug.chars().take(LONGEST_SLUG).collect();
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "file".to_owned() } else { slug.to_owned() }
}

/// The path made of the slug, or the first numbered one that is free.
fn free_path(slug: &str, taken: &HashSet<&str>) -> String {
    let numbered = (2_u64..).map(|number| format!("/{slug}-{number}"));
    let mut paths = std::iter::once(format!("/{slug}")).chain(numbered);
    paths.find(|path| !taken.contains(path.as_str())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_leads_to_a_path_that_can_be_sold_at() {
        for (stem, expected) in [
            ("Field Guide", "field-guide"),
            ("Field_Guide (2nd ed.)", "field-guide-2nd-ed"),
            ("Über uns", "ber-uns"),
            ("<script>alert(1)</script>", "script-alert-1-script"),
            ("\u{202e}fdp", "fdp"),
            ("日本", "file"),
            ("..", "file"),
            ("", "file"),
        ] {
            assert_eq!(slug(stem), expected);
        }
        assert_eq!(slug(&"a".repeat(500)).len(), LONGEST_SLUG);
        for stem in ["Field Guide", "日本", "-.-"] {
            let path = free_path(&slug(stem), &HashSet::new());
            assert!(path.parse::<domain::CanonicalPath>().is_ok(), "{path}");
        }
    }

    #[test]
    fn a_taken_path_gets_the_first_free_number() {
        assert_eq!(free_path("guide", &HashSet::from(["/guide", "/guide-2"])), "/guide-3");
    }

    #[test]
    fn a_title_is_the_name_without_its_extension() {
        assert_eq!(title("field_guide.pdf"), "field guide");
        assert_eq!(title("morning-rain.flac"), "morning rain");
        assert_eq!(title("_.pdf"), "_.pdf");
    }
}
