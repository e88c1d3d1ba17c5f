//! T62: a disk without room refuses the sale and harms nothing else.

use domain::{Delivery, PaymentState};
use sqlx::Row as _;
use tokio::sync::broadcast;

use super::fixture::{Stall, after, new};
use crate::deliveries::Progress;
use crate::writer::Writer;
use crate::{Acceptance, Accepted, Change, StoreError, batches, file};

/// A writer whose connection finds no room beyond a few pages; the next connection does.
async fn cramped(stall: &Stall) -> (Writer, broadcast::Receiver<Change>) {
    stall.store.close().await.unwrap();
    let (mut db, ..) = file::open(&stall.path(), after(0), 0).await.unwrap();
    let pages: i64 = sqlx::query("pragma page_count").fetch_one(&mut db).await.unwrap().try_get(0).unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("pragma max_page_count = {}", pages + 4)))
        .execute(&mut db)
        .await
        .unwrap();
    let (changes, feed) = broadcast::channel(1024);
    (Writer::start(db, stall.path(), changes), feed)
}

/// I2.
#[tokio::test]
async fn a_sale_that_finds_no_room_is_an_error_without_a_row_and_the_next_one_works() {
    let stall = Stall::open().await;
    let (writer, mut feed) = cramped(&stall).await;
    let mut sold = 0;
    let refused = loop {
        let request = stall.song(sold, 0);
        match writer.accept(request).await {
            Ok(accepted) => {
                assert!(matches!(accepted, Accepted::New(_)));
                sold += 1;
                assert_eq!(feed.try_recv().unwrap(), Change::Payments);
            }
            Err(error) => break error,
        }
        assert!(sold < 10_000);
    };
    assert!(matches!(refused, StoreError::Database(_)), "{refused:?}");
    assert!(feed.try_recv().is_err(), "what is not stored is not told");
    assert_eq!(stall.number("select count(*) from payments").await.cast_unsigned(), sold);
    stall.assert_conserved().await;
    // The very same authorization was not used up.
    let next = new(writer.accept(stall.song(sold, 0)).await.unwrap());
    assert_eq!(next.seq.0.cast_unsigned(), sold + 1);
    assert_eq!(stall.number("select count(*) from payments").await.cast_unsigned(), sold + 1);
    stall.assert_conserved().await;
    writer.stop().await.unwrap();
}

#[tokio::test]
async fn a_group_that_finds_no_room_is_refused_as_a_whole() {
    let stall = Stall::open().await;
    let (writer, _feed) = cramped(&stall).await;
    let buy = |from: u64| {
        let requests: Vec<Acceptance> = (from..from + 200).map(|number| stall.song(number, 0)).collect();
        let writer = writer.clone();
        async move {
            let accepting = requests.into_iter().map(|request| writer.accept(request));
            tokio::task::unconstrained(futures::future::join_all(accepting)).await
        }
    };
    assert!(buy(0).await.iter().all(|one| matches!(one, Err(StoreError::Database(_)))));
    assert_eq!(stall.number("select count(*) from payments").await, 0);
    assert!(buy(0).await.iter().all(|one| matches!(one, Ok(Accepted::New(_)))));
    stall.assert_conserved().await;
}

/// T32: the buyer who was cut off is not charged for what stood in the way of the note.
#[tokio::test]
async fn what_was_noted_outlives_the_group_that_found_no_room() {
    let stall = Stall::open().await;
    let (writer, _feed) = cramped(&stall).await;
    let cut_off = new(writer.accept(stall.song(0, 0)).await.unwrap());
    let served = new(writer.accept(stall.song(1, 0)).await.unwrap());
    let note = |payment, delivery| writer.progress(Progress { payment, delivery, bytes_sent: 400 });
    note(cut_off.seq, Delivery::Interrupted);
    note(served.seq, Delivery::Delivered);
    let accepting = (2..202).map(|number| writer.accept(stall.song(number, 0)));
    let refused = tokio::task::unconstrained(futures::future::join_all(accepting)).await;
    assert!(refused.iter().all(|one| matches!(one, Err(StoreError::Database(_)))));
    let claimed = writer.accept(stall.song(0, 1)).await.unwrap();
    assert!(matches!(&claimed, Accepted::Owned(payment) if payment.seq == cut_off.seq), "{claimed:?}");
    assert_eq!(stall.number("select count(*) from payments where delivery = 'delivered'").await, 1);
    assert_eq!(stall.number("select count(*) from payments").await, 2);
    stall.assert_conserved().await;
    writer.stop().await.unwrap();
}

#[tokio::test]
async fn a_batch_that_finds_no_room_leaves_its_payments_queued_and_can_be_opened_afterwards() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(3).await;
    let (writer, _feed) = cramped(&stall).await;
    let fill = writer
        .run(|db| {
            Box::pin(async move {
                sqlx::query("insert into settings (key, value) values ('filler', hex(zeroblob(100000)))")
                    .execute(db)
                    .await?;
                Ok(((), Vec::new()))
            })
        })
        .await;
    assert!(matches!(fill, Err(StoreError::Database(_))), "{fill:?}");
    let batch = crate::NewBatch {
        asset: stall.asset,
        payments: sold.clone(),
        trigger: crate::Trigger::Deadline,
        at: after(60),
    };
    let open = async || {
        let batch = batch.clone();
        writer.run(|db| Box::pin(async move { Ok((batches::open(db, batch).await?, Vec::new())) })).await
    };
    // The failure gave up its connection, and the new one has room.
    assert_eq!(stall.states().await, sold.iter().map(|seq| (*seq, PaymentState::Queued)).collect::<Vec<_>>());
    assert_eq!(open().await.unwrap().payments.len(), 3);
    assert!(matches!(open().await, Err(StoreError::Conflict(_))));
    assert_eq!(stall.number("select count(*) from settings").await, 0);
    stall.assert_conserved().await;
    writer.stop().await.unwrap();
}
