//! What was sold before.

use alloy_primitives::B256;
use domain::{Content, EndpointId, Folder, Member, OwnersGet, Part, PublishedFile, SoldAs};
use futures::future::join_all;

use super::fixture::{Stall, after, new, payer};
use crate::{Acceptance, Accepted, Earlier, Store};

fn published(name: &str, content: u8) -> PublishedFile {
    PublishedFile {
        path: format!("/goods/{name}"),
        file_name: name.to_owned(),
        media_type: "audio/wav".to_owned(),
        bytes: 4,
        sha256: B256::repeat_byte(content),
    }
}

fn archive(sha256: u8, files: &[(&str, u8)]) -> Content {
    let member = |(name, content): &(&str, u8)| Member {
        part: name.parse().unwrap(),
        name: (*name).to_owned(),
        file: published(name, *content),
        crc32: 7,
    };
    Content::Folder(Folder {
        path: "/goods".to_owned(),
        sold_as: SoldAs::Archive { sha256: B256::repeat_byte(sha256) },
        members: files.iter().map(member).collect(),
    })
}

async fn earlier(store: &Store, id: EndpointId) -> Vec<Earlier> {
    let listings = store.catalogue().await.unwrap();
    listings.into_iter().find(|listing| listing.endpoint.id == id).unwrap().earlier
}

#[tokio::test]
async fn each_version_is_kept_with_those_who_bought_it_and_comes_back_as_itself() {
    let stall = Stall::open().await;
    let (store, id) = (&stall.store, stall.guide.endpoint);
    let (one, two) = (published("one.wav", 1), published("two.wav", 2));
    let at = |seconds, file: &PublishedFile| (Content::File(file.clone()), after(seconds));
    for (content, at) in [at(20, &one), at(30, &two), at(40, &two), at(50, &one)] {
        store.set_content(id, content, at).await.unwrap();
    }
    let of = |file: &PublishedFile| Some(file.sha256);
    stall.sell(Acceptance { sha256: of(&one), ..stall.guide(1, 1) }).await;
    stall.sell(Acceptance { sha256: of(&one), ..stall.guide(2, 2) }).await;
    let dropped = stall.sell(Acceptance { sha256: of(&two), ..stall.guide(3, 3) }).await;
    assert_eq!(store.bought_version(dropped.seq).await.unwrap(), of(&two));
    assert!(store.void(dropped.seq, after(60)).await.unwrap());
    let versions = store.versions(id, 2).await.unwrap();
    let told: Vec<_> = versions.iter().map(|row| (row.sha256, row.published_at, row.bought)).collect();
    assert_eq!(told, [(one.sha256, after(50), 2), (two.sha256, after(30), 0)]);
}

#[tokio::test]
async fn an_earlier_version_is_handed_out_only_where_that_was_chosen_and_nothing_took_the_place_of_its_files()
{
    let stall = Stall::open().await;
    let (store, id) = (&stall.store, stall.guide.endpoint);
    for (seconds, content) in [
        (20, archive(11, &[("kick.wav", 1), ("snare.wav", 2)])),
        (30, archive(12, &[("kick.wav", 1), ("hat.wav", 3)])),
        (40, archive(13, &[("kick.wav", 1), ("snare.wav", 4)])),
    ] {
        store.set_content(id, content, after(seconds)).await.unwrap();
    }
    assert!(earlier(store, id).await.is_empty());
    store.set_owners_get(id, OwnersGet::Bought).await.unwrap();
    let kept = earlier(store, id).await;
    let digests: Vec<_> = kept.iter().filter(|one| one.part == Part::WHOLE).map(|one| one.sha256).collect();
    // Another snare lies where that of the first version was, so that is gone as a whole.
    assert!(!digests.contains(&B256::repeat_byte(11)), "{kept:?}");
    let second = kept.iter().find(|one| one.sha256 == B256::repeat_byte(12)).unwrap();
    let files: Vec<_> = second.files.iter().map(|member| (member.name.as_str(), member.crc32)).collect();
    assert_eq!(files, [("hat.wav", 7), ("kick.wav", 7)]);
}

/// T03: what is bought again is another version, so nobody pays twice for the same one.
#[tokio::test]
async fn who_keeps_what_was_bought_buys_another_version_once_and_owns_both() {
    let stall = Stall::open().await;
    let (store, endpoint) = (&stall.store, stall.guide.endpoint);
    let version =
        |number, nonce| Acceptance { sha256: Some(B256::repeat_byte(number)), ..stall.guide(0, nonce) };
    let owned = async |number, nonce| match store.accept(version(number, nonce)).await.unwrap() {
        Accepted::Owned(earlier) => earlier.seq,
        other => panic!("not owned: {other:?}"),
    };
    let quoted = async |number| {
        let on_sale = B256::repeat_byte(number);
        let found = store.owned_as_quoted(endpoint, &Part::WHOLE, payer(0), on_sale, after(20)).await;
        found.unwrap().map(|payment| payment.seq)
    };
    let first = new(store.accept(version(1, 1)).await.unwrap()).seq;
    assert_eq!((owned(2, 2).await, quoted(2).await), (first, Some(first)), "owners get the newest");
    store.set_owners_get(endpoint, OwnersGet::Bought).await.unwrap();
    assert_eq!((owned(1, 2).await, quoted(1).await, quoted(2).await), (first, Some(first), None));
    // At once as well as one after the other.
    let group = [version(2, 3), version(2, 4), version(3, 5)].map(|request| store.accept(request));
    let group: Vec<_> = join_all(group).await.into_iter().map(Result::unwrap).collect();
    let (second, third) = (new(group[0].clone()).seq, new(group[2].clone()).seq);
    assert!(matches!(&group[1], Accepted::Owned(earlier) if earlier.seq == second), "{group:?}");
    assert_eq!([owned(1, 6).await, owned(2, 6).await, owned(3, 6).await], [first, second, third]);
    stall.assert_conserved().await;
}

#[tokio::test]
async fn what_was_bought_before_versions_were_noted_stays_owned_and_is_the_newest() {
    let stall = Stall::open().await;
    stall.store.set_owners_get(stall.guide.endpoint, OwnersGet::Bought).await.unwrap();
    stall.sell(Acceptance { sha256: None, ..stall.guide(0, 1) }).await;
    let now = Acceptance { sha256: Some(B256::repeat_byte(2)), ..stall.guide(0, 2) };
    assert!(matches!(stall.store.accept(now).await.unwrap(), Accepted::Owned(_)));
}
