//! What the seller was told, and what of it was seen.

use chrono::{DateTime, Utc};
use domain::Amount;

use super::fixture::{PRICE, Stall, after, amount, payer};
use crate::{News, NoticeKind, Trouble};

async fn told(stall: &Stall) -> Vec<(NoticeKind, String, u64)> {
    let notices = stall.store.notices(None, 50).await.unwrap();
    notices.into_iter().map(|notice| (notice.kind, notice.about, notice.payments)).collect()
}

async fn tell_sales(stall: &Stall, seconds: i64) {
    stall.store.tell_sales(after(seconds)).await.unwrap();
}

fn trouble(name: &str, payments: u64) -> Trouble {
    Trouble {
        name: name.to_owned(),
        about: "payments".to_owned(),
        sentence: format!("{name} is wrong."),
        payments,
        amount: amount(PRICE * payments),
    }
}

#[tokio::test]
async fn sales_become_one_notice_until_it_is_seen_and_what_came_before_anybody_listened_none() {
    let stall = Stall::open().await;
    stall.sell(stall.song(1, 0)).await;
    tell_sales(&stall, 10).await;
    assert_eq!(told(&stall).await, []);

    stall.store.note_own_payers(vec![payer(9)]).await.unwrap();
    stall.sell(stall.song(9, 0)).await;
    let second = stall.sell(stall.song(2, 0)).await;
    tell_sales(&stall, 20).await;
    let title = stall.payment(second.seq).await.endpoint_title;
    assert_eq!(told(&stall).await, [(NoticeKind::Sales, title, 1)]);
    stall.sell(stall.song(3, 0)).await;
    tell_sales(&stall, 30).await;
    tell_sales(&stall, 40).await;
    let one = stall.store.notices(None, 50).await.unwrap().remove(0);
    assert_eq!((one.payments, one.amount, one.about.as_str()), (2, amount(2 * PRICE), ""));
    assert_eq!((one.at, one.until), (after(20), after(30)));
    assert_eq!(stall.store.unseen_notices().await.unwrap(), (0, 1));

    // What was seen stays as it was seen, and what was named beyond the last is not seen before it is there.
    stall.store.see_notices(one.seq + 50).await.unwrap();
    assert_eq!(stall.store.unseen_notices().await.unwrap(), (one.seq, 0));
    stall.sell(stall.song(4, 0)).await;
    tell_sales(&stall, 50).await;
    assert_eq!(told(&stall).await.iter().map(|(_, _, payments)| *payments).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(stall.store.unseen_notices().await.unwrap(), (one.seq, 1));
    // An hour later another one begins.
    stall.sell(stall.song(5, 0)).await;
    tell_sales(&stall, 50 + 3601).await;
    assert_eq!(stall.store.unseen_notices().await.unwrap().1, 2);
}

#[tokio::test]
async fn what_goes_on_is_told_once_and_again_when_it_grows_or_comes_back() {
    let stall = Stall::open().await;
    let tell = async |seconds, troubles: &[Trouble]| {
        stall.store.tell_trouble(after(seconds), troubles.to_vec()).await.unwrap();
        told(&stall).await.len()
    };
    assert_eq!(tell(1, &[trouble("gas", 0), trouble("failed", 2)]).await, 2);
    assert_eq!(tell(2, &[trouble("failed", 2), trouble("gas", 0)]).await, 2);
    assert_eq!(tell(3, &[trouble("failed", 1), trouble("gas", 0)]).await, 2);
    stall.store.see_notices(2).await.unwrap();
    assert_eq!(tell(4, &[trouble("failed", 3)]).await, 3);
    assert_eq!(tell(5, &[trouble("failed", 3), trouble("gas", 0)]).await, 4);
    let last = stall.store.notices(None, 1).await.unwrap().remove(0);
    assert_eq!((last.sentence.as_str(), last.kind), ("gas is wrong.", NoticeKind::Attention));
    let over: Vec<_> = stall.store.notices(None, 4).await.unwrap().iter().map(|notice| notice.over).collect();
    assert_eq!(over, [false, false, true, true], "one trouble calls from one notice");
}

#[tokio::test]
async fn what_grows_or_comes_and_goes_adds_to_its_notice_until_that_is_seen() {
    let stall = Stall::open().await;
    stall.store.tell_sales(after(0)).await.unwrap();
    stall.sell(stall.song(1, 0)).await;
    tell_sales(&stall, 1).await;
    let tell = async |seconds: i64, troubles: &[Trouble]| {
        stall.store.tell_trouble(after(seconds), troubles.to_vec()).await.unwrap();
    };
    for minute in 0..600_i64 {
        let offline: &[_] = if minute % 2 == 0 { &[trouble("offline", 0)] } else { &[] };
        let failed = trouble("failed", minute.unsigned_abs() + 1);
        tell(60 * minute + 2, &[offline, &[failed]].concat()).await;
    }
    let notices = stall.store.notices(None, 1000).await.unwrap();
    let [failed, offline, sales] = notices.as_slice() else { panic!("{}", notices.len()) };
    assert_eq!((sales.kind, sales.payments), (NoticeKind::Sales, 1));
    assert_eq!((offline.sentence.as_str(), offline.until), ("offline is wrong.", after(60 * 598 + 2)));
    assert_eq!((failed.payments, failed.amount), (600, amount(600 * PRICE)));
    assert_eq!((failed.at, failed.until), (after(2), after(60 * 599 + 2)));
    assert_eq!((failed.over, offline.over, sales.over), (false, true, false));
    assert_eq!(stall.store.unseen_notices().await.unwrap(), (0, 2), "what is over calls nobody");

    stall.store.see_notices(offline.seq).await.unwrap();
    tell(36_000, &[trouble("failed", 601), trouble("offline", 0)]).await;
    let told = told(&stall).await;
    let payments: Vec<_> = told.into_iter().map(|(_, _, payments)| payments).collect();
    assert_eq!(payments, [0, 601, 0, 1], "what was seen stays as it was seen");
}

#[tokio::test]
async fn a_fact_is_told_when_it_changes_and_only_the_newest_notices_are_kept() {
    let stall = Stall::open().await;
    let tell = async |at: DateTime<Utc>, is: String, first| {
        let news = News { kind: NoticeKind::Version, about: is.clone(), sentence: String::new() };
        stall.store.tell_once(at, "notices_test", is, first, news).await.unwrap();
    };
    tell(after(1), "1".to_owned(), false).await;
    assert_eq!(told(&stall).await, []);
    for version in 0..505 {
        tell(after(2), format!("{}", version / 2), false).await;
    }
    let kept = stall.store.notices(None, 1000).await.unwrap();
    assert_eq!((kept.len(), kept[0].about.as_str(), kept[0].amount), (253, "252", Amount::ZERO));
    for version in 1000..1300 {
        tell(after(3), version.to_string(), false).await;
    }
    let kept = stall.store.notices(None, 1000).await.unwrap();
    assert_eq!((kept.len(), kept[0].about.as_str()), (500, "1299"));
    let page = stall.store.notices(Some(kept[1].seq), 2).await.unwrap();
    assert_eq!(page, kept[2..4]);
}
