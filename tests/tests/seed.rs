//! Many payments in a data file without the time it takes to sell so much: copies of one that was sold and settled.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Executor as _};

/// Each its own buyer, nonce and place in the list.
const COPIES: &str = "
    create temp table copies as
        with recursive numbers (number) as (select 1 union all select number + 1 from numbers where number < 99999)
        select payments.* from payments, numbers;
    update copies set
        seq = seq + rowid, id = randomblob(16), payer = randomblob(20), nonce = randomblob(32);
    insert into payments select * from copies";

const SUMS: &str = "
    update totals set payments = payments * 100000, amount = amount * 100000;
    update amount_totals set payments = payments * 100000;
    update endpoint_totals set payments = payments * 100000, amount = amount * 100000;
    update totals_by_hour set payments = payments * 100000, amount = amount * 100000;
    update arrivals set payments = payments * 100000, amount = amount * 100000;
    update arrivals_by_minute set payments = payments * 100000, amount = amount * 100000;
    update payment_days set last_seq = (select max(seq) from payments)";

/// Makes 100,000 of the one payment in the file, which nobody has open.
pub(crate) async fn a_hundred_thousand(file: &Path) {
    let mut db = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    for step in ["begin", COPIES, SUMS, "commit"] {
        db.execute(step).await.unwrap();
    }
}
