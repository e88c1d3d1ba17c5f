//! A million payments in a data file without the time it takes to sell so much: copies of a few that were sold and settled, one every
//! half minute for about a year, of many buyers, a hundred to a batch, one in a thousand failed.

use anyhow::Context as _;
use integration::Stall;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};

/// What a stall sells: path, title, price.
const WARES: [(&str, &str, &str); 5] = [
    ("/harbour-at-dawn", "Harbour at dawn", "0.05"),
    ("/field-notes", "Field notes, autumn", "0.20"),
    ("/kick-and-snare", "Kick and snare stems", "1.50"),
    ("/tide-tables", "Tide tables 2027", "0.02"),
    ("/lighthouse", "Letters from the lighthouse", "2.40"),
];

/// Something to look for, from the middle of the list.
pub(crate) struct Known {
    pub(crate) id: String,
    pub(crate) payer: String,
    pub(crate) transaction: String,
}

/// The path of the first thing that is for sale.
pub(crate) const PATH: &str = WARES[0].0;

/// Sells each thing once and closes the stall.
pub(crate) async fn sell(stall: &mut Stall) -> anyhow::Result<()> {
    for (path, title, price) in WARES {
        stall.sell(path, title.as_bytes(), &["--title", title, "--price", price, "--owned-for", "0"]).await;
        stall.cli(&["practice", "buy", path]).await;
    }
    anyhow::ensure!(stall.settle().await.code == 0, "the first sales are not settled");
    stall.close();
    Ok(())
}

/// Makes a million payments of those that were sold, while nobody has the file open.
pub(crate) async fn fill(stall: &Stall) -> anyhow::Result<Known> {
    let file = stall.data().join("practice/stall.sqlite");
    let mut db = SqliteConnectOptions::new().filename(file).foreign_keys(false).connect().await?;
    multiply(&mut db).await?;
    let row = sqlx::raw_sql(
        "select lower(hex(payments.id)) as id, lower(hex(payer)) as payer, lower(hex(hash)) as hash
        from payments join attempts using (batch_id) where payments.seq > 500000 limit 1",
    )
    .fetch_one(&mut db)
    .await?;
    let known = Known {
        id: row.try_get("id")?,
        payer: format!("0x{}", row.try_get::<String, _>("payer")?),
        transaction: format!("0x{}", row.try_get::<String, _>("hash")?),
    };
    db.close().await?;
    Ok(known)
}

async fn multiply(db: &mut SqliteConnection) -> anyhow::Result<()> {
    sqlx::raw_sql("pragma synchronous = off; pragma cache_size = -600000; pragma temp_store = memory; begin")
        .execute(&mut *db)
        .await?;
    sqlx::raw_sql(include_str!("million/before.sql")).execute(&mut *db).await?;
    copies(db, "batches", include_str!("million/batches.txt"), "moves cross join old_batches as base")
        .await?;
    copies(db, "attempts", include_str!("million/attempts.txt"), "moves cross join old_attempts as base")
        .await?;
    // An index that is made at once takes a part of the time that it takes to be kept.
    let indexes = sqlx::raw_sql(
        "select name, sql from sqlite_master where type = 'index' and tbl_name = 'payments' and sql is not null",
    )
    .fetch_all(&mut *db)
    .await?;
    for index in &indexes {
        let drop = format!("drop index {}", index.try_get::<String, _>("name")?);
        sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut *db).await?;
    }
    let places = "numbers cross join old as base on base.kind = number % kinds
        cross join people on people.person = number * 7919 % 40000 cross join moves on move = number / 100
        order by number";
    copies(db, "payments", include_str!("million/payments.txt"), places).await?;
    for index in &indexes {
        sqlx::raw_sql(AssertSqlSafe(index.try_get::<String, _>("sql")?)).execute(&mut *db).await?;
    }
    sqlx::raw_sql(include_str!("million/sums.sql")).execute(&mut *db).await?;
    sqlx::raw_sql("commit; pragma wal_checkpoint(truncate)").execute(&mut *db).await?;
    Ok(())
}

/// Copies rows of `base`; `changed` has a line for each column that is not copied as it is: its name and what it becomes.
async fn copies(db: &mut SqliteConnection, table: &str, changed: &str, from: &str) -> anyhow::Result<()> {
    let mut changed: Vec<(&str, &str)> = changed.lines().filter_map(|line| line.split_once(": ")).collect();
    let columns = sqlx::raw_sql(AssertSqlSafe(format!("select name from pragma_table_info('{table}')")))
        .fetch_all(&mut *db)
        .await?;
    let mut values = Vec::with_capacity(columns.len());
    for column in columns {
        let name: String = column.try_get("name")?;
        match changed.iter().position(|(changed, _)| *changed == name) {
            Some(place) => values.push(changed.remove(place).1.to_owned()),
            None => values.push(format!("base.{name}")),
        }
    }
    anyhow::ensure!(changed.is_empty(), "{table} has no {changed:?}");
    let insert = format!("insert into {table} select {} from {from}", values.join(", "));
    sqlx::raw_sql(AssertSqlSafe(insert)).execute(&mut *db).await.with_context(|| table.to_owned())?;
    Ok(())
}
