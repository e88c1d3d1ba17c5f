//! What was sold before: which versions there were, who bought which, and what owners of earlier ones receive.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use alloy_primitives::B256;
use chrono::{DateTime, Utc};
use domain::{Content, EndpointId, Member, OwnersGet, Part, PaymentSeq, PublishedFile, SoldAs};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, QueryBuilder, Sqlite, SqliteConnection};

use crate::accept::runs;
use crate::column::{Columns, signed};
use crate::{Change, Store, StoreError};

/// So many earlier versions of one part are handed out to their owners.
const MOST_EARLIER: usize = 50;

/// A version of a part of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRow {
    /// The part that is bought by itself; the whole where there are none.
    pub part: Part,
    /// The digest of the file, the archive or the text.
    pub sha256: B256,
    /// Its length; of an archive, that of its files together.
    pub bytes: u64,
    /// When it was published; the last time, if it came back.
    pub published_at: DateTime<Utc>,
    /// How many payments bought it, those before versions were kept left out.
    pub bought: u64,
}

/// An earlier version whose owners receive it as long as its files are there, because the seller chose so or because its
/// part is not in what is sold any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Which part.
    pub part: Part,
    /// The digest of the file or the archive.
    pub sha256: B256,
    /// One file, or those of an archive.
    pub files: Arc<[Member]>,
}

/// A version by what it is, with its length and files.
struct Sold<'c> {
    part: Part,
    sha256: B256,
    bytes: u64,
    files: Vec<(&'c str, &'c str, &'c PublishedFile, Option<u32>)>,
}

impl Store {
    /// Every version that an endpoint sold or sells, the newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn versions(&self, endpoint: EndpointId, limit: u32) -> Result<Vec<VersionRow>, StoreError> {
        let rows = sqlx::query(
            "select part, sha256, bytes, published_at, bought from versions where endpoint_id = $1
             order by published_at desc, part limit $2",
        )
        .bind(endpoint.0.as_bytes().as_slice())
        .bind(i64::from(limit))
        .fetch_all(&mut *self.reader().await?)
        .await?;
        rows.iter().map(version).collect()
    }

    /// What a payment bought, by its digest; none where that is not known.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn bought_version(&self, payment: PaymentSeq) -> Result<Option<B256>, StoreError> {
        let row = sqlx::query("select sha256 from grants where payment_seq = $1")
            .bind(payment.0)
            .fetch_optional(&mut *self.reader().await?)
            .await?;
        row.map_or(Ok(None), |row| Columns::of("grants", &row).optional_hash("sha256"))
    }

    /// Chooses what owners of earlier versions receive.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such endpoint.
    pub async fn set_owners_get(
        &self,
        endpoint: EndpointId,
        owners_get: OwnersGet,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    let changed = sqlx::query("update endpoints set owners_get = $2 where id = $1")
                        .bind(endpoint.0.as_bytes().as_slice())
                        .bind(owners_get.as_str())
                        .execute(db)
                        .await?;
                    if changed.rows_affected() == 1 {
                        Ok(((), vec![Change::Endpoints]))
                    } else {
                        Err(StoreError::NotFound("endpoint"))
                    }
                })
            })
            .await
    }
}

fn version(row: &SqliteRow) -> Result<VersionRow, StoreError> {
    let columns = Columns::of("versions", row);
    Ok(VersionRow {
        part: columns.word("part")?,
        sha256: columns.hash("sha256")?,
        bytes: columns.unsigned("bytes")?,
        published_at: columns.time("published_at")?,
        bought: columns.unsigned("bought")?,
    })
}

/// What of some content is bought by itself. What a service answers has no versions.
fn sold(content: &Content) -> Vec<Sold<'_>> {
    match content {
        Content::File(file) => vec![Sold {
            part: Part::WHOLE,
            sha256: file.sha256,
            bytes: file.bytes,
            files: vec![("", "", file, None)],
        }],
        Content::Text(text) => vec![Sold {
            part: Part::WHOLE,
            sha256: text.sha256,
            bytes: text.body.len() as u64,
            files: Vec::new(),
        }],
        Content::Folder(folder) => match folder.sold_as {
            SoldAs::Archive { sha256 } => vec![Sold {
                part: Part::WHOLE,
                sha256,
                bytes: folder.members.iter().map(|member| member.file.bytes).sum(),
                files: folder.members.iter().map(named).collect(),
            }],
            SoldAs::Files => folder
                .members
                .iter()
                .map(|member| Sold {
                    part: member.part.clone(),
                    sha256: member.file.sha256,
                    bytes: member.file.bytes,
                    files: vec![named(member)],
                })
                .collect(),
        },
        Content::Service(_) => Vec::new(),
    }
}

fn named(member: &Member) -> (&str, &str, &PublishedFile, Option<u32>) {
    (member.part.as_str(), &member.name, &member.file, Some(member.crc32))
}

/// Notes what is sold from now on. To be called while what was sold before still stands in the tables of its kind.
pub(crate) async fn note(
    db: &mut SqliteConnection,
    id: &[u8],
    content: &Content,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let rows = sqlx::query(
        "select part, sha256 from files where endpoint_id = $1
         union all select '', archive_sha256 from folders where endpoint_id = $1 and archive_sha256 is not null
         union all select '', sha256 from texts where endpoint_id = $1",
    )
    .bind(id)
    .fetch_all(&mut *db)
    .await?;
    let mut before = HashSet::new();
    for row in &rows {
        let columns = Columns::of("files", row);
        before.insert((columns.word::<Part>("part")?, columns.hash("sha256")?));
    }
    for Sold { part, sha256, bytes, files } in sold(content) {
        let is_new = !before.contains(&(part.clone(), sha256));
        sqlx::query(
            "insert into versions (endpoint_id, part, sha256, bytes, published_at) values ($1, $2, $3, $4, $5)
             on conflict (endpoint_id, part, sha256) do update set
                published_at = case when $6 = 1 then excluded.published_at else versions.published_at end",
        )
        .bind(id)
        .bind(part.as_str())
        .bind(sha256.as_slice())
        .bind(signed(bytes))
        .bind(at.timestamp_millis())
        .bind(i64::from(is_new))
        .execute(&mut *db)
        .await?;
        // The same content may lie somewhere else by now.
        sqlx::query("delete from version_files where endpoint_id = $1 and part = $2 and sha256 = $3")
            .bind(id)
            .bind(part.as_str())
            .bind(sha256.as_slice())
            .execute(&mut *db)
            .await?;
        for run in runs(&files) {
            let mut query = QueryBuilder::<Sqlite>::new(
                "insert into version_files (endpoint_id, part, sha256, member, name, path, file_name, media_type, bytes,
                    file_sha256, crc32) ",
            );
            query.push_values(run, |mut row, (member, name, file, crc32)| {
                row.push_bind(id)
                    .push_bind(part.as_str())
                    .push_bind(sha256.as_slice())
                    .push_bind(*member)
                    .push_bind(*name)
                    .push_bind(&file.path)
                    .push_bind(&file.file_name)
                    .push_bind(&file.media_type)
                    .push_bind(signed(file.bytes))
                    .push_bind(file.sha256.as_slice())
                    .push_bind(crc32.map(i64::from));
            });
            query.build().execute(&mut *db).await?;
        }
    }
    Ok(())
}

/// An earlier version, as its files are read.
struct Found {
    part: Part,
    sha256: B256,
    files: Vec<Member>,
    /// Whether something else lies where one of them was.
    is_gone: bool,
    /// So many versions of its part are handed out.
    most: usize,
}

/// Of versions `v`: whether their part is a file that is missing from the folder as it was published last.
const IS_LEFT: &str = "v.part <> '' and e.kind = 'folder' and not exists (
    select 1 from files n where n.endpoint_id = v.endpoint_id and n.part = v.part)";

/// The earlier versions of everything whose owners receive what they bought, the newest first, and the newest one of each
/// part that is missing by now. One whose place something else has taken is not there any more, and is left out.
pub(crate) async fn earlier(
    db: &mut SqliteConnection,
) -> Result<HashMap<EndpointId, Vec<Earlier>>, StoreError> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "select f.endpoint_id, f.path, f.sha256 from endpoints e join files f on f.endpoint_id = e.id
         where e.owners_get = 'bought' or exists (
            select 1 from versions v where v.endpoint_id = e.id and {IS_LEFT})",
    )))
    .fetch_all(&mut *db)
    .await?;
    let mut now = HashMap::new();
    for row in &rows {
        let columns = Columns::of("files", row);
        let place = (EndpointId(columns.uuid("endpoint_id")?), columns.get::<String>("path")?);
        now.insert(place, columns.hash("sha256")?);
    }
    let rows = sqlx::query(AssertSqlSafe(format!(
        "select v.endpoint_id, v.part, v.sha256, f.member, f.name, f.path, f.file_name, f.media_type, f.bytes,
            f.file_sha256, f.crc32, e.owners_get
         from endpoints e
         join versions v on v.endpoint_id = e.id
         join version_files f on f.endpoint_id = v.endpoint_id and f.part = v.part and f.sha256 = v.sha256
         where e.owners_get = 'bought' or ({IS_LEFT})
         order by v.endpoint_id, v.published_at desc, v.part, v.sha256, f.member",
    )))
    .fetch_all(db)
    .await?;
    let mut all: HashMap<EndpointId, Vec<Found>> = HashMap::new();
    for row in &rows {
        let columns = Columns::of("version_files", row);
        let endpoint = EndpointId(columns.uuid("endpoint_id")?);
        let of = all.entry(endpoint).or_default();
        let (part, sha256): (Part, _) = (columns.word("part")?, columns.hash("sha256")?);
        let file = Member {
            part: columns.word("member")?,
            name: columns.get("name")?,
            file: PublishedFile {
                path: columns.get("path")?,
                file_name: columns.get("file_name")?,
                media_type: columns.get("media_type")?,
                bytes: columns.unsigned("bytes")?,
                sha256: columns.hash("file_sha256")?,
            },
            crc32: columns.optional_unsigned("crc32")?.unwrap_or_default(),
        };
        let there = now.get(&(endpoint, file.file.path.clone()));
        let is_gone = there.is_some_and(|sha256| *sha256 != file.file.sha256);
        match of.last_mut() {
            Some(same) if same.part == part && same.sha256 == sha256 => {
                same.is_gone |= is_gone;
                same.files.push(file);
            }
            Some(_) | None => {
                let most = match columns.word("owners_get")? {
                    OwnersGet::Bought => MOST_EARLIER,
                    OwnersGet::Newest => 1,
                };
                of.push(Found { part, sha256, files: vec![file], is_gone, most });
            }
        }
    }
    let mut counts: HashMap<(EndpointId, Part), usize> = HashMap::new();
    let few = |(id, versions): (EndpointId, Vec<Found>)| {
        let there = versions.into_iter().filter(|version| !version.is_gone);
        let few = there.filter_map(|Found { part, sha256, files, most, .. }| {
            let count = counts.entry((id, part.clone())).or_default();
            *count += 1;
            (*count <= most).then(|| Earlier { part, sha256, files: files.into() })
        });
        (id, few.collect())
    };
    Ok(all.into_iter().map(few).collect())
}
