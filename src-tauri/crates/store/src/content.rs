//! What endpoints deliver: rows of the table of its kind.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{Content, EndpointId, Folder, Kind, Member, Patience, PublishedFile, Service, SoldAs, Text};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::StoreError;
use crate::accept::runs;
use crate::column::{Columns, signed};
use crate::versions;

/// What every endpoint delivers, as one reading tells it.
pub(crate) struct Contents {
    files: HashMap<EndpointId, Vec<(Member, bool)>>,
    others: HashMap<EndpointId, Other>,
}

/// What stands in one row of its own.
enum Other {
    Folder { path: String, sold_as: SoldAs },
    Text(Text),
    Service(Service),
}

impl Contents {
    /// Reads all of them.
    pub(crate) async fn read(db: &mut SqliteConnection) -> Result<Self, StoreError> {
        let mut files: HashMap<EndpointId, Vec<(Member, bool)>> = HashMap::new();
        for row in sqlx::query("select * from files order by endpoint_id, part").fetch_all(&mut *db).await? {
            let columns = Columns::of("files", &row);
            files.entry(EndpointId(columns.uuid("endpoint_id")?)).or_default().push(file(&columns)?);
        }
        let mut others = HashMap::new();
        for row in sqlx::query("select * from folders").fetch_all(&mut *db).await? {
            let (id, columns) = of("folders", &row)?;
            let archive = columns.optional_hash("archive_sha256")?;
            let sold_as = archive.map_or(SoldAs::Files, |sha256| SoldAs::Archive { sha256 });
            others.insert(id, Other::Folder { path: columns.get("path")?, sold_as });
        }
        for row in sqlx::query("select * from texts").fetch_all(&mut *db).await? {
            let (id, columns) = of("texts", &row)?;
            others.insert(id, Other::Text(text(&columns)?));
        }
        for row in sqlx::query("select * from services").fetch_all(&mut *db).await? {
            let (id, columns) = of("services", &row)?;
            others.insert(id, Other::Service(service(&columns)?));
        }
        Ok(Self { files, others })
    }

    /// What one endpoint delivers.
    pub(crate) fn take(&mut self, id: EndpointId, kind: Kind) -> Result<Content, StoreError> {
        let lost = StoreError::Inconsistent { table: "endpoints", column: "kind" };
        let files = self.files.remove(&id).unwrap_or_default();
        match (kind, self.others.remove(&id)) {
            (Kind::File, None) => {
                let file = files.into_iter().find(|(member, _)| member.part.is_whole());
                Ok(Content::File(file.ok_or(lost)?.0.file))
            }
            (Kind::Folder, Some(Other::Folder { path, sold_as })) => {
                if files.iter().any(|(member, has_sum)| member.part.is_whole() || !has_sum) {
                    return Err(lost);
                }
                let members: Arc<[Member]> = files.into_iter().map(|(member, _)| member).collect();
                Ok(Content::Folder(Folder { path, sold_as, members }))
            }
            (Kind::Text, Some(Other::Text(text))) => Ok(Content::Text(text)),
            (Kind::Service, Some(Other::Service(service))) => Ok(Content::Service(service)),
            (Kind::File | Kind::Folder | Kind::Text | Kind::Service, _) => Err(lost),
        }
    }
}

fn of<'r>(table: &'static str, row: &'r SqliteRow) -> Result<(EndpointId, Columns<'r>), StoreError> {
    let columns = Columns::of(table, row);
    Ok((EndpointId(columns.uuid("endpoint_id")?), columns))
}

/// A file, and whether its CRC-32 is known.
fn file(columns: &Columns<'_>) -> Result<(Member, bool), StoreError> {
    let crc32 = columns.optional_unsigned("crc32")?;
    let file = PublishedFile {
        path: columns.get("path")?,
        file_name: columns.get("file_name")?,
        media_type: columns.get("media_type")?,
        bytes: columns.unsigned("bytes")?,
        sha256: columns.hash("sha256")?,
    };
    let (part, name) = (columns.word("part")?, columns.get("name")?);
    Ok((Member { part, name, file, crc32: crc32.unwrap_or_default() }, crc32.is_some()))
}

fn text(columns: &Columns<'_>) -> Result<Text, StoreError> {
    Ok(Text {
        file_name: columns.get("file_name")?,
        media_type: columns.get("media_type")?,
        body: columns.get::<&str>("body")?.into(),
        sha256: columns.hash("sha256")?,
    })
}

fn service(columns: &Columns<'_>) -> Result<Service, StoreError> {
    let patience = columns.unsigned("patience_seconds").ok().and_then(Patience::from_seconds);
    Ok(Service {
        upstream: columns.get("upstream")?,
        is_remote: columns.get::<i64>("is_remote")? == 1,
        pattern: columns.word("pattern")?,
        methods: list(columns, "methods")?,
        request_headers: list(columns, "request_headers")?,
        answer_headers: list(columns, "answer_headers")?,
        longest_request: columns.unsigned("longest_request")?,
        longest_answer: columns.unsigned("longest_answer")?,
        patience: match patience {
            Some(patience) => patience,
            None => return columns.inconsistent("patience_seconds"),
        },
    })
}

fn list<T: FromStr>(columns: &Columns<'_>, column: &'static str) -> Result<Vec<T>, StoreError> {
    let words = columns.get::<&str>(column)?.split(',').filter(|word| !word.is_empty());
    words.map(|word| word.parse().or_else(|_| columns.inconsistent(column))).collect()
}

fn listed<T: AsRef<str>>(words: impl Iterator<Item = T>) -> String {
    words.fold(String::new(), |mut list, word| {
        if !list.is_empty() {
            list.push(',');
        }
        list.push_str(word.as_ref());
        list
    })
}

/// Writes what an endpoint delivers, in the place of what it delivered before.
pub(crate) async fn write(
    db: &mut SqliteConnection,
    endpoint: EndpointId,
    content: &Content,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let id = endpoint.0.as_bytes().as_slice();
    versions::note(db, id, content, at).await?;
    for table in [
        "delete from files where endpoint_id = $1",
        "delete from folders where endpoint_id = $1",
        "delete from texts where endpoint_id = $1",
        "delete from services where endpoint_id = $1",
    ] {
        sqlx::query(table).bind(id).execute(&mut *db).await?;
    }
    match content {
        Content::File(file) => {
            write_file(db, id, file).await?;
        }
        Content::Folder(folder) => write_folder(db, id, folder).await?,
        Content::Text(text) => {
            sqlx::query(
                "insert into texts (endpoint_id, file_name, media_type, body, sha256) values ($1, $2, $3, $4, $5)",
            )
            .bind(id)
            .bind(&text.file_name)
            .bind(&text.media_type)
            .bind(&*text.body)
            .bind(text.sha256.as_slice())
            .execute(db)
            .await?;
        }
        Content::Service(service) => write_service(db, id, service).await?,
    }
    Ok(())
}

async fn write_file(db: &mut SqliteConnection, id: &[u8], file: &PublishedFile) -> Result<(), StoreError> {
    sqlx::query(
        "insert into files (endpoint_id, part, name, path, file_name, media_type, bytes, sha256)
         values ($1, '', '', $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(&file.path)
    .bind(&file.file_name)
    .bind(&file.media_type)
    .bind(signed(file.bytes))
    .bind(file.sha256.as_slice())
    .execute(db)
    .await?;
    Ok(())
}

async fn write_folder(db: &mut SqliteConnection, id: &[u8], folder: &Folder) -> Result<(), StoreError> {
    let archive = match folder.sold_as {
        SoldAs::Files => None,
        SoldAs::Archive { sha256 } => Some(sha256.to_vec()),
    };
    sqlx::query("insert into folders (endpoint_id, path, archive_sha256) values ($1, $2, $3)")
        .bind(id)
        .bind(&folder.path)
        .bind(archive)
        .execute(&mut *db)
        .await?;
    for run in runs(&folder.members) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "insert into files (endpoint_id, part, name, path, file_name, media_type, bytes, sha256, crc32) ",
        );
        query.push_values(run, |mut row, Member { part, name, file, crc32 }| {
            row.push_bind(id)
                .push_bind(part.as_str())
                .push_bind(name)
                .push_bind(&file.path)
                .push_bind(&file.file_name)
                .push_bind(&file.media_type)
                .push_bind(signed(file.bytes))
                .push_bind(file.sha256.as_slice())
                .push_bind(i64::from(*crc32));
        });
        query.build().execute(&mut *db).await?;
    }
    Ok(())
}

async fn write_service(db: &mut SqliteConnection, id: &[u8], service: &Service) -> Result<(), StoreError> {
    sqlx::query(
        "insert into services (
            endpoint_id, upstream, is_remote, pattern, methods, request_headers, answer_headers,
            longest_request, longest_answer, patience_seconds
         ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(id)
    .bind(&service.upstream)
    .bind(i64::from(service.is_remote))
    .bind(service.pattern.as_str())
    .bind(listed(service.methods.iter().map(|method| method.as_str())))
    .bind(listed(service.request_headers.iter().map(|name| name.as_str())))
    .bind(listed(service.answer_headers.iter().map(|name| name.as_str())))
    .bind(i64::from(service.longest_request))
    .bind(i64::from(service.longest_answer))
    .bind(i64::from(service.patience.seconds()))
    .execute(db)
    .await?;
    Ok(())
}
