//! Pictures that the stall's pages show.

use alloy_primitives::hex;
use server::PictureFolder;
use store::PictureRow;

use crate::buyer::Version;
use crate::http;
use crate::pages::BROWSER;
use crate::stall::{GUIDE, GUIDE_TEXT, Stall, eventually};

/// As much of a file as makes it one of those that are shown.
const LARGE: &[u8] = b"\x89PNG, the larger one";
const SMALL: &[u8] = b"\xff\xd8\xff, the smaller one";

fn at(digest: &[u8]) -> String {
    format!("/.stallkeeper/pictures/{}", hex::encode(digest))
}

fn keep(stall: &Stall) -> PictureRow {
    let folder = PictureFolder::new(stall.file("pictures"));
    let (large, small) = (folder.keep(LARGE).unwrap(), folder.keep(SMALL).unwrap());
    PictureRow { large, small, width: 800, height: 600 }
}

// T27, T28, T81
#[tokio::test]
async fn a_cover_stands_on_every_page_of_its_thing_and_may_be_kept_for_good_until_nobody_shows_it() {
    let stall = Stall::open().await;
    let id = stall.store.catalogue().await.unwrap()[0].endpoint.id;
    let picture = keep(&stall);
    // It lies there, and nobody shows it.
    assert_eq!(stall.get(&at(&*picture.large)).await.status, 404);
    stall.store.set_picture(Some(id), Some(picture)).await.unwrap();
    eventually("its cover", async || stall.get(&at(&*picture.large)).await.status == 200).await;

    let (large, small) = (at(&*picture.large), at(&*picture.small));
    for (path, content, media_type) in [(&large, LARGE, "image/png"), (&small, SMALL, "image/jpeg")] {
        let shown = stall.get(path).await;
        assert_eq!((&*shown.body, shown.header("content-type")), (content, Some(media_type)));
        assert_eq!(shown.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert_eq!(shown.header("x-content-type-options"), Some("nosniff"));
        let etag = shown.header("etag").unwrap().to_owned();
        let again = http::send(stall.address, &http::get(path, &[("If-None-Match", &etag)])).await;
        assert_eq!((again.status, again.body.len()), (304, 0));
    }
    let page = stall.browse(GUIDE).await;
    let text = String::from_utf8(page.body).unwrap();
    assert!(text.contains(&format!("<img class=\"cover\" src=\"{large}\" alt=\"\">")), "{text}");
    assert!(text.contains(&format!("property=\"og:image\" content=\"https://stall.example{large}\"")));
    let front = stall.browse("/").await;
    assert!(String::from_utf8(front.body).unwrap().contains(&format!("src=\"{small}\"")));
    let (signed, bought) = stall.buy(&stall.buyer("Ada"), GUIDE, Version::Two).await;
    assert_eq!((&*bought.body, signed.header(Version::Two).0), (GUIDE_TEXT, "PAYMENT-SIGNATURE"));
    let receipt = bought.decoded("PAYMENT-RESPONSE")["extra"]["receiptUrl"].as_str().unwrap().to_owned();
    let receipt = stall.browse(receipt.strip_prefix("https://stall.example").unwrap()).await;
    assert!(String::from_utf8(receipt.body).unwrap().contains(&format!("src=\"{small}\"")));

    stall.store.set_picture(Some(id), None).await.unwrap();
    eventually("no cover", async || stall.get(&large).await.status == 404).await;
    assert!(!String::from_utf8(stall.browse(GUIDE).await.body).unwrap().contains("class=\"cover\""));
}

#[tokio::test]
async fn the_sellers_picture_stands_where_the_initial_stood() {
    let stall = Stall::open().await;
    let picture = keep(&stall);
    stall.store.set_picture(None, Some(picture)).await.unwrap();
    let small = at(&*picture.small);
    eventually("the picture", async || stall.get(&small).await.status == 200).await;
    for path in ["/", GUIDE, "/nothing"] {
        let text = String::from_utf8(stall.browse(path).await.body).unwrap();
        assert!(text.contains(&format!("<img class=\"initial\" src=\"{small}\"")), "{path}: {text}");
        assert!(!text.contains("<span class=\"initial\""), "{path}");
    }
}

// T27
#[tokio::test]
async fn no_picture_has_a_second_name_and_what_is_sold_has_none() {
    let stall = Stall::open().await;
    let picture = keep(&stall);
    stall.store.set_picture(None, Some(picture)).await.unwrap();
    let path = at(&*picture.large);
    eventually("the picture", async || stall.get(&path).await.status == 200).await;
    // What was bought lies in memory under its digest, which the page tells everybody.
    stall.buy(&stall.buyer("Ada"), GUIDE, Version::Two).await;
    let sold = stall.store.catalogue().await.unwrap()[0].endpoint.content.file().unwrap().sha256;
    std::fs::copy(stall.file("guide.txt"), stall.file("pictures").join(hex::encode(sold))).unwrap();
    for other in [
        at(&*sold),
        path.to_uppercase(),
        format!("{path}/"),
        path.replace("pictures/", "pictures/../pictures/"),
        format!("{path}.png"),
        "/.stallkeeper/pictures/".to_owned(),
        at(&[0; 32]),
    ] {
        assert_eq!(stall.get(&other).await.status, 404, "{other}");
    }
    // Somebody wrote to it.
    std::fs::write(stall.file("pictures").join(hex::encode(picture.small)), b"\x89PNG something else")
        .unwrap();
    assert_eq!(stall.get(&at(&*picture.small)).await.status, 404);
    assert_eq!(http::send(stall.address, &http::get(&path, &BROWSER)).await.status, 200);
}
