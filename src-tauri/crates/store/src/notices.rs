//! What the seller was told: sales in bundles, what needed a look, backups, new versions. Only the newest is kept.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Amount, PaymentSeq};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use crate::column::{Columns, signed};
use crate::{Change, Store, StoreError, news, settings};

/// How many are kept.
const KEPT: i64 = 500;

/// Sales of this long become one notice, unless it was seen in between.
const BUNDLED: TimeDelta = TimeDelta::hours(1);

/// The facts that say which payment was told last, and which notice was seen last.
const TOLD: &str = "notices_told";
const SEEN: &str = "notices_seen";

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Something was sold.
    Sales,
    /// Something needs a look.
    Attention,
    /// A backup was made by itself.
    Backup,
    /// Another version runs than before.
    Version,
}

impl NoticeKind {
    const ALL: [Self; 4] = [Self::Sales, Self::Attention, Self::Backup, Self::Version];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sales => "sales",
            Self::Attention => "attention",
            Self::Backup => "backup",
            Self::Version => "version",
        }
    }
}

impl fmt::Display for NoticeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for NoticeKind {
    type Err = StoreError;

    fn from_str(word: &str) -> Result<Self, StoreError> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or(StoreError::NotFound("kind of notice"))
    }
}

/// What the seller was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its place: later ones have larger numbers.
    pub seq: i64,
    /// When it began.
    pub at: DateTime<Utc>,
    /// When something was last added to it.
    pub until: DateTime<Utc>,
    /// What it is about.
    pub kind: NoticeKind,
    /// Of a single sale, what was bought; of what needed a look, what that was about; of a version, its number.
    pub about: String,
    /// What was said of it; may be empty.
    pub sentence: String,
    /// How many payments it concerns.
    pub payments: u64,
    /// What those come to.
    pub amount: Amount,
    /// Whether what needed a look does not any more.
    pub over: bool,
}

/// Something that needs a look now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What it is, the same as long as it goes on.
    pub name: String,
    /// What it is about, as one word.
    pub about: String,
    /// What to say of it.
    pub sentence: String,
    /// How many payments it concerns.
    pub payments: u64,
    /// What those come to.
    pub amount: Amount,
}

/// Something that is told once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// What it is about.
    pub kind: NoticeKind,
    /// More of that.
    pub about: String,
    /// What to say of it.
    pub sentence: String,
}

impl Store {
    /// The newest notices, the last first; those before one of them where that is named.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn notices(&self, before: Option<i64>, limit: u32) -> Result<Vec<Notice>, StoreError> {
        let rows = sqlx::query(
            "select *, kind = 'attention' and (name not in (select name from notices_open) or exists (
                 select 1 from notices as later where later.name = notices.name and later.seq > notices.seq
             )) as is_over
             from notices where seq < $1 order by seq desc limit $2",
        )
        .bind(before.unwrap_or(i64::MAX))
        .bind(i64::from(limit))
        .fetch_all(&mut *self.reader().await?)
        .await?;
        rows.iter().map(notice).collect()
    }

    /// The place of the last notice that was seen, and how many came after it and are not over.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn unseen_notices(&self) -> Result<(i64, u64), StoreError> {
        let db = &mut *self.reader().await?;
        let seen = number(db, SEEN).await?.unwrap_or_default();
        let row = sqlx::query(
            "select count(*) as payments from notices
             where seq > $1 and (kind <> 'attention' or name in (select name from notices_open) and not exists (
                 select 1 from notices as later where later.name = notices.name and later.seq > notices.seq
             ))",
        );
        let row = row.bind(seen).fetch_one(db).await?;
        Ok((seen, Columns::of("notices", &row).unsigned("payments")?))
    }

    /// All notices up to one of them were seen.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn see_notices(&self, until: i64) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    let last = sqlx::query("select coalesce(max(seq), 0) as seq from notices");
                    let last: i64 = last.fetch_one(&mut *db).await?.try_get("seq")?;
                    let seen = number(db, SEEN).await?.unwrap_or_default().max(until.min(last));
                    settings::set_fact(db, SEEN, &seen.to_string()).await?;
                    Ok(((), vec![Change::Notices]))
                })
            })
            .await
    }

    /// Tells what was sold since that was told last; what was sold before it was ever asked for is not news.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn tell_sales(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let told = {
            let db = &mut *self.reader().await?;
            let told = number(db, TOLD).await?.map(PaymentSeq);
            (told, news::since(db, told, now).await?.until)
        };
        if told.0 == Some(told.1) {
            return Ok(());
        }
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    let told = number(db, TOLD).await?.map(PaymentSeq);
                    let sold = news::since(db, told, now).await?;
                    settings::set_fact(db, TOLD, &sold.until.0.to_string()).await?;
                    if sold.payments == 0 {
                        return Ok(((), Vec::new()));
                    }
                    bundle(db, &sold, now).await?;
                    Ok(((), vec![Change::Notices]))
                })
            })
            .await
    }

    /// Tells what needs a look now and was not told, or concerns more payments than when it was: in the notice that tells
    /// of it already, until that is seen. What is not among it any more is over.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn tell_trouble(&self, now: DateTime<Utc>, troubles: Vec<Trouble>) -> Result<(), StoreError> {
        if open(&mut *self.reader().await?).await? == as_open(&troubles) {
            return Ok(());
        }
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    let told = open(db).await?;
                    for trouble in &troubles {
                        let before = told.iter().find(|(name, _)| *name == trouble.name);
                        if before.is_none_or(|(_, payments)| *payments < signed(trouble.payments)) {
                            add_trouble(db, trouble, now).await?;
                        }
                    }
                    sqlx::query("delete from notices_open").execute(&mut *db).await?;
                    for (name, payments) in as_open(&troubles) {
                        sqlx::query("insert into notices_open (name, payments) values ($1, $2)")
                            .bind(name)
                            .bind(payments)
                            .execute(&mut *db)
                            .await?;
                    }
                    Ok(((), vec![Change::Notices]))
                })
            })
            .await
    }

    /// The names of the troubles that were told and are not over.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn open_troubles(&self) -> Result<BTreeSet<String>, StoreError> {
        Ok(open(&mut *self.reader().await?).await?.into_iter().map(|(name, _)| name).collect())
    }

    /// Notes that the troubles of these names are over.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn end_troubles(&self, names: BTreeSet<String>) -> Result<(), StoreError> {
        if names.is_empty() {
            return Ok(());
        }
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    for name in names {
                        let over = sqlx::query("delete from notices_open where name = $1").bind(name);
                        over.execute(&mut *db).await?;
                    }
                    Ok(((), vec![Change::Notices]))
                })
            })
            .await
    }

    /// Tells something whose fact is another one than when it was told last; where nothing is known of that, the fact alone
    /// is noted unless `first` says that this is news too.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn tell_once(
        &self,
        now: DateTime<Utc>,
        fact: &'static str,
        is: String,
        first: bool,
        news: News,
    ) -> Result<(), StoreError> {
        if settings::fact(&mut *self.reader().await?, fact).await?.as_ref() == Some(&is) {
            return Ok(());
        }
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    let before = settings::fact(db, fact).await?;
                    settings::set_fact(db, fact, &is).await?;
                    if before.as_ref() == Some(&is) || (before.is_none() && !first) {
                        return Ok(((), Vec::new()));
                    }
                    let News { kind, about, sentence } = news;
                    add(db, kind, (&about, &sentence), (0, Amount::ZERO), now).await?;
                    Ok(((), vec![Change::Notices]))
                })
            })
            .await
    }
}

fn notice(row: &SqliteRow) -> Result<Notice, StoreError> {
    let columns = Columns::of("notices", row);
    Ok(Notice {
        seq: columns.get("seq")?,
        at: columns.time("at")?,
        until: columns.time("until")?,
        kind: columns.word("kind")?,
        about: columns.get("about")?,
        sentence: columns.get("sentence")?,
        payments: columns.unsigned("payments")?,
        amount: columns.amount("amount")?,
        over: columns.get("is_over")?,
    })
}

async fn number(db: &mut SqliteConnection, fact: &str) -> Result<Option<i64>, StoreError> {
    Ok(settings::fact(db, fact).await?.and_then(|text| text.parse().ok()))
}

async fn open(db: &mut SqliteConnection) -> Result<Vec<(String, i64)>, StoreError> {
    let rows = sqlx::query("select name, payments from notices_open order by name").fetch_all(db).await?;
    rows.iter().map(|row| Ok((row.try_get("name")?, row.try_get("payments")?))).collect()
}

/// The same, as it is written down.
fn as_open(troubles: &[Trouble]) -> Vec<(String, i64)> {
    let mut open: Vec<_> =
        troubles.iter().map(|trouble| (trouble.name.clone(), signed(trouble.payments))).collect();
    open.sort_unstable();
    open.dedup_by(|one, other| one.0 == other.0);
    open
}

/// Adds sales to a notice of sales that nobody has seen yet, or begins one.
async fn bundle(db: &mut SqliteConnection, sold: &news::Sold, now: DateTime<Utc>) -> Result<(), StoreError> {
    let seen = number(db, SEEN).await?.unwrap_or_default();
    let added = sqlx::query(
        "update notices set until = $1, payments = payments + $2, amount = amount + $3, about = ''
         where seq = (select max(seq) from notices where kind = 'sales' and seq > $4 and at > $5)",
    )
    .bind(now.timestamp_millis())
    .bind(signed(sold.payments))
    .bind(signed(sold.amount.atomic()))
    .bind(seen)
    .bind((now - BUNDLED).timestamp_millis())
    .execute(&mut *db)
    .await?;
    if added.rows_affected() > 0 {
        return Ok(());
    }
    let title = sold.title.as_deref().unwrap_or_default();
    add(db, NoticeKind::Sales, (title, ""), (sold.payments, sold.amount), now).await?;
    Ok(())
}

/// Says it in a notice of the same thing that nobody has seen yet, or begins one.
async fn add_trouble(
    db: &mut SqliteConnection,
    trouble: &Trouble,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Trouble { name, about, sentence, payments, amount } = trouble;
    let seen = number(db, SEEN).await?.unwrap_or_default();
    let added = sqlx::query(
        "update notices set until = $1, sentence = $2, payments = $3, amount = $4
         where seq = (select max(seq) from notices where kind = 'attention' and name = $5 and seq > $6)",
    )
    .bind(now.timestamp_millis())
    .bind(sentence)
    .bind(signed(*payments))
    .bind(signed(amount.atomic()))
    .bind(name)
    .bind(seen)
    .execute(&mut *db)
    .await?;
    if added.rows_affected() > 0 {
        return Ok(());
    }
    let seq = add(db, NoticeKind::Attention, (about, sentence), (*payments, *amount), now).await?;
    sqlx::query("update notices set name = $1 where seq = $2").bind(name).bind(seq).execute(db).await?;
    Ok(())
}

async fn add(
    db: &mut SqliteConnection,
    kind: NoticeKind,
    (about, sentence): (&str, &str),
    (payments, amount): (u64, Amount),
    now: DateTime<Utc>,
) -> Result<i64, StoreError> {
    let row = sqlx::query(
        "insert into notices (seq, at, until, kind, about, sentence, payments, amount)
         values ((select coalesce(max(seq), 0) + 1 from notices), $1, $1, $2, $3, $4, $5, $6) returning seq",
    )
    .bind(now.timestamp_millis())
    .bind(kind.as_str())
    .bind(about)
    .bind(sentence)
    .bind(signed(payments))
    .bind(signed(amount.atomic()))
    .fetch_one(&mut *db)
    .await?;
    let last: i64 = row.try_get("seq")?;
    sqlx::query("delete from notices where seq <= $1").bind(last - KEPT).execute(db).await?;
    Ok(last)
}
