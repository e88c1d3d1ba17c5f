//! The files of a folder that is for sale, one by one.

use domain::{Audience, Content, Part, SoldAs};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::MoneyView;
use crate::api::endpoints::find;
use crate::api::prices::link;
use crate::{ApiError, App, ErrorCode};

/// How many files a page has at most.
const LARGEST_PAGE: u32 = 1000;
const USUAL_PAGE: u32 = 200;

/// Which files of a folder to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export, optional_fields)]
pub struct FolderFileQuery {
    /// The endpoint's path or id.
    pub endpoint: String,
    /// At most this many, 200 by default, 1000 at most.
    pub limit: Option<u32>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// A page of a folder's files.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FolderFileList {
    /// In the order of their parts.
    pub items: Vec<FolderFileView>,
    /// Where the next page begins; null when this is the last.
    pub next: Option<String>,
    /// How many there are on all pages.
    pub total: u64,
}

/// A file of a folder, and what it costs.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FolderFileView {
    /// Where it is reached below the folder's path; prices name it so.
    pub part: String,
    /// Where it stands in the folder, by its own names.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Its media type.
    pub media_type: String,
    /// `own`: a price of its own; `folder`: the folder's; `free`: it is given away; `archive`: it is sold with the others only.
    pub priced: String,
    /// What everybody is asked for it; null where it is free or not sold by itself.
    pub price: Option<MoneyView>,
    /// The link to hand out; null while the stall is closed, and where it is not sold by itself.
    pub url: Option<String>,
}

pub(crate) async fn list(app: &App, query: FolderFileQuery) -> Result<FolderFileList, ApiError> {
    let limit = query.limit.unwrap_or(USUAL_PAGE);
    if limit == 0 || limit > LARGEST_PAGE {
        return Err(ApiError::invalid(format!("A page has 1 to {LARGEST_PAGE} files.")));
    }
    let listing = find(app, &query.endpoint).await?;
    let Content::Folder(folder) = &listing.endpoint.content else {
        return Err(ApiError::new(ErrorCode::Conflict, "Only a folder has files to list."));
    };
    let is_archive = matches!(folder.sold_as, SoldAs::Archive { .. });
    let of_all = |part: &Part| {
        let mut offers: Vec<_> = listing
            .current()
            .filter(|offer| offer.part == *part && offer.audience == Audience::Everybody)
            .collect();
        offers.sort_by_key(|offer| offer.asset.network.rank());
        offers.first().map(|offer| MoneyView::of(offer.amount, &offer.asset))
    };
    let gives = |part: &Part| listing.given.free.contains(part);
    let usual = of_all(&Part::WHOLE);
    // Members are in the order of their parts, so a page goes on after the last part of the one before.
    let rest = folder
        .members
        .iter()
        .filter(|member| query.after.as_deref().is_none_or(|after| member.part.as_str() > after));
    let mut members: Vec<_> = rest.take(limit as usize + 1).collect();
    let has_more = members.len() > limit as usize;
    members.truncate(limit as usize);
    let next = members.last().filter(|_| has_more).map(|member| member.part.to_string());
    let items = members.into_iter().map(|member| {
        let own = of_all(&member.part);
        let (priced, price) = match own {
            _ if is_archive => ("archive", None),
            Some(own) => ("own", Some(own)),
            None if gives(&member.part) || gives(&Part::WHOLE) => ("free", None),
            None => ("folder", usual.clone()),
        };
        FolderFileView {
            part: member.part.to_string(),
            name: member.name.clone(),
            bytes: member.file.bytes,
            media_type: member.file.media_type.clone(),
            priced: priced.to_owned(),
            price,
            url: link(app, &listing, &member.part, "").filter(|_| !is_archive),
        }
    });
    Ok(FolderFileList { items: items.collect(), next, total: folder.members.len() as u64 })
}
