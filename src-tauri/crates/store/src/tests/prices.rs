//! Prices beside the usual one.

use alloy_primitives::B256;
use domain::{Audience, Content, Folder, Member, Part, PublishedFile, SoldAs};

use super::fixture::{Stall, after, amount};
use crate::{GRACE, NewOffer, PricedFor};

#[tokio::test]
async fn a_price_that_ends_leaves_the_others_and_is_honoured_for_a_while() {
    let stall = Stall::open().await;
    let (store, id) = (&stall.store, stall.guide.endpoint);
    let code = PricedFor { part: Part::WHOLE, audience: Audience::with_code("SPRING").unwrap() };
    let usual = store.catalogue().await.unwrap().remove(0).offers.remove(0);
    let offer = NewOffer {
        part: code.part.clone(),
        audience: code.audience.clone(),
        asset: usual.asset_id,
        pay_to: usual.pay_to,
        amount: amount(3),
        window: usual.window,
    };
    store.quote(vec![(id, offer)], after(10)).await.unwrap();
    assert!(store.end_price(id, code.clone(), after(20)).await.unwrap());
    assert!(!store.end_price(id, code, after(30)).await.unwrap());
    let listings = store.catalogue().await.unwrap();
    let listing = listings.iter().find(|listing| listing.endpoint.id == id).unwrap();
    assert_eq!(listing.current().count(), 1);
    let ended = listing.offers.iter().find(|offer| offer.audience != Audience::Everybody).unwrap();
    assert_eq!(ended.honoured_until, Some(after(20) + GRACE));
    let history = store.price_history(id, 10).await.unwrap();
    assert_eq!(history.iter().map(|offer| offer.amount).collect::<Vec<_>>(), [amount(3), usual.amount]);
}

#[tokio::test]
async fn a_planned_price_begins_once_and_one_that_was_called_off_never() {
    let stall = Stall::open().await;
    let (store, id) = (&stall.store, stall.guide.endpoint);
    let usual = store.catalogue().await.unwrap().remove(0).offers.remove(0);
    let new = |price| NewOffer {
        part: Part::WHOLE,
        audience: Audience::Everybody,
        asset: usual.asset_id,
        pay_to: usual.pay_to,
        amount: amount(price),
        window: usual.window,
    };
    for price in ["0.5", "0.7"] {
        store.plan_price(id, PricedFor::default(), price.to_owned(), after(60), after(10)).await.unwrap();
    }
    store.set_free(id, Part::WHOLE, true).await.unwrap();
    let planned = store.price_changes().await.unwrap();
    let [first, second] = planned.as_slice() else { panic!("{planned:?}") };
    assert_eq!((first.price.as_str(), first.begins_at), ("0.5", after(60)));
    assert!(store.cancel_price_change(second.id).await.unwrap());
    assert!(!store.cancel_price_change(second.id).await.unwrap());
    store.begin_price_change(second.clone(), vec![new(70)], after(60)).await.unwrap();
    store.begin_price_change(first.clone(), vec![new(50)], after(60)).await.unwrap();
    store.begin_price_change(first.clone(), vec![new(90)], after(61)).await.unwrap();
    let listings = store.catalogue().await.unwrap();
    let listing = listings.iter().find(|listing| listing.endpoint.id == id).unwrap();
    assert_eq!(listing.usual().map(|offer| offer.amount).collect::<Vec<_>>(), [amount(50)]);
    assert!(listing.given.free.is_empty(), "what has a price again is not given away");
    assert!(store.price_changes().await.unwrap().is_empty());
}

fn folder(parts: &[&str]) -> Content {
    let members = parts.iter().map(|part| {
        let file = PublishedFile {
            path: format!("/stems/{part}"),
            file_name: (*part).to_owned(),
            media_type: "audio/wav".to_owned(),
            bytes: 4,
            sha256: B256::ZERO,
        };
        Member { part: part.parse().unwrap(), name: (*part).to_owned(), file, crc32: 0 }
    });
    Content::Folder(Folder { path: "/stems".to_owned(), sold_as: SoldAs::Files, members: members.collect() })
}

#[tokio::test]
async fn what_is_gone_from_a_folder_has_no_price_any_more_and_what_stays_keeps_its_own() {
    let stall = Stall::open().await;
    let (store, id) = (&stall.store, stall.guide.endpoint);
    store.set_content(id, folder(&["kick.wav", "snare.wav", "hat.wav", "bell.wav"]), after(5)).await.unwrap();
    let usual = store.catalogue().await.unwrap().remove(0).offers.remove(0);
    let part = |name: &str| name.parse::<Part>().unwrap();
    let own = |name: &str, audience| NewOffer {
        part: part(name),
        audience,
        asset: usual.asset_id,
        pay_to: usual.pay_to,
        amount: amount(3),
        window: usual.window,
    };
    let code = Audience::with_code("SPRING").unwrap();
    for offer in [
        own("kick.wav", Audience::Everybody),
        own("snare.wav", Audience::Everybody),
        own("snare.wav", code.clone()),
    ] {
        store.quote(vec![(id, offer)], after(10)).await.unwrap();
    }
    for name in ["hat.wav", "bell.wav"] {
        store.set_free(id, part(name), true).await.unwrap();
        let priced = PricedFor { part: part(name), audience: Audience::Everybody };
        store.plan_price(id, priced, "0.5".to_owned(), after(60), after(10)).await.unwrap();
    }
    store.set_content(id, folder(&["kick.wav", "hat.wav"]), after(20)).await.unwrap();
    let listing = store.catalogue().await.unwrap().remove(0);
    let current: Vec<_> = listing.current().map(|offer| offer.part.clone()).collect();
    assert_eq!(current, [part("kick.wav"), Part::WHOLE]);
    assert_eq!(listing.given.free, [part("hat.wav")]);
    let planned = store.price_changes().await.unwrap();
    assert_eq!(planned.iter().map(|change| &change.priced.part).collect::<Vec<_>>(), [&part("hat.wav")]);
    // Another file of that name has what the folder has.
    store.set_content(id, folder(&["snare.wav"]), after(30)).await.unwrap();
    let listing = store.catalogue().await.unwrap().remove(0);
    assert!(listing.current().all(|offer| offer.part.is_whole()), "{listing:?}");
    assert!(listing.offers.iter().all(|offer| offer.part.is_whole() || !offer.is_honoured_at(after(31))));
}
