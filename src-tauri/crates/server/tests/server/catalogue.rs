//! The stall's own documents, all out of the same catalogue as the terms.

use domain::{Content, EndpointState, Part};
use server::Packing;
use store::NewOffer;

use crate::stall::{GOODS, GUIDE, PRICE, Stall, eventually};

fn text(reply: &crate::http::Reply) -> &str {
    std::str::from_utf8(&reply.body).unwrap()
}

/// A stall with the guide, a folder sold by its files, and something that is not listed.
async fn stall() -> Stall {
    let stall = Stall::open().await;
    let folder = stall.file("stems");
    std::fs::create_dir_all(folder.join("drums")).unwrap();
    std::fs::write(folder.join("drums/kick drum.wav"), b"boom").unwrap();
    std::fs::write(folder.join("snare.wav"), b"tshk").unwrap();
    let content = server::inspect_folder(&folder, &stall.file("data"), Packing::Files, &[]).await.unwrap();
    stall.put_up("/stems", content.into(), "Stems of a song", GOODS).await;
    stall.until("/stems/snare.wav", 402).await;
    let secret = stall.add("/secret", "secret.txt", b"psst", GOODS).await;
    let details = store::Details { title: "Secret".to_owned(), description: String::new(), is_listed: false };
    stall.store.set_details(secret, details).await.unwrap();
    eventually("it is not listed", async || !text(&stall.get("/llms.txt").await).contains("/secret")).await;
    stall
}

#[tokio::test]
async fn the_front_page_shows_what_is_listed_and_finds_it() {
    let stall = stall().await;
    let page = stall.browse("/").await;
    assert_eq!(page.status, 200);
    for words in
        ["The file guide.txt", "href=\"/guide\"", "$0.05", "Stems of a song", "Folder, 2 files", "$0.05 each"]
    {
        assert!(text(&page).contains(words), "{words}");
    }
    assert!(!text(&page).contains("ecret"));
    let found = stall.browse("/?q=song+OF").await;
    assert!(text(&found).contains("Stems of a song") && !text(&found).contains("guide.txt"));
    let none = stall.browse("/?q=%3Cscript%3E").await;
    assert!(text(&none).contains("Nothing here fits") && !text(&none).contains("<script>"));
    let id = stall
        .store
        .catalogue()
        .await
        .unwrap()
        .iter()
        .find(|listing| listing.endpoint.path.as_str() == GUIDE)
        .unwrap()
        .endpoint
        .id;
    stall.set_state(id, GUIDE, EndpointState::Removed, 404).await;
    assert!(!text(&stall.browse("/").await).contains("guide.txt"));
}

#[tokio::test]
async fn a_folder_sold_by_its_files_has_a_list_of_them_at_its_path() {
    let stall = stall().await;
    let page = stall.browse("/stems").await;
    assert_eq!(page.status, 200);
    for words in [
        "Stems of a song",
        "drums/kick drum.wav",
        "href=\"/stems/drums/kick-drum.wav\"",
        "snare.wav",
        "4 bytes",
    ] {
        assert!(text(&page).contains(words), "{words}: {}", text(&page));
    }
    let index = stall.get("/stems").await.json();
    assert_eq!(index["files"][0]["url"], "https://stall.example/stems/drums/kick-drum.wav");
    assert_eq!(index["files"][1]["sizeBytes"], 4);
}

#[tokio::test]
async fn programs_read_the_same_terms_in_every_list_as_in_the_402() {
    let stall = stall().await;
    let terms = stall.get(GUIDE).await.decoded("PAYMENT-REQUIRED");
    let listed = stall.get("/.well-known/x402.json").await.json();
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.len(), 3, "the guide and both files of the folder");
    let guide = items.iter().find(|item| item["resource"] == "https://stall.example/guide").unwrap();
    assert_eq!(guide["accepts"], terms["accepts"]);
    let openapi = stall.get("/openapi.json").await.json();
    assert_eq!(openapi["openapi"], "3.1.0");
    assert_eq!(openapi["paths"]["/guide"]["get"]["x-payment-info"]["accepts"], terms["accepts"]);
    assert_eq!(
        openapi["paths"]["/guide"]["get"]["x-payment-info"]["accepts"][0]["amount"],
        PRICE.to_string()
    );
    assert!(openapi["paths"]["/stems/snare.wav"]["get"].is_object());
    let llms = stall.get("/llms.txt").await;
    assert_eq!(llms.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(text(&llms).contains("- [The file guide.txt](https://stall.example/guide) (Text file, $0.05)"));
    assert_eq!(stall.get("/").await.body, llms.body, "a program at the door reads the same");
    let robots = stall.get("/robots.txt").await;
    assert!(text(&robots).contains("Disallow: /d/"));
    for document in ["/llms.txt", "/openapi.json", "/.well-known/x402.json", "/robots.txt"] {
        assert!(!text(&stall.get(document).await).contains("/secret"), "{document}");
    }
}

#[tokio::test]
async fn what_the_seller_sells_at_a_path_comes_before_our_own_document() {
    let stall = Stall::open().await;
    stall.add("/llms.txt", "mine.txt", b"mine", GOODS).await;
    assert_eq!(stall.get("/llms.txt").await.status, 402);
}

#[tokio::test]
async fn every_list_says_what_a_folders_files_cost_and_what_is_free() {
    let stall = stall().await;
    let all = stall.store.catalogue().await.unwrap();
    let stems = all.iter().find(|listing| listing.endpoint.path.as_str() == "/stems").unwrap().endpoint.id;
    let llms_say = async |words: &str| {
        eventually(words, async || text(&stall.get("/llms.txt").await).contains(words)).await;
    };
    let snare: Part = "snare.wav".parse().unwrap();
    let own = NewOffer { part: snare.clone(), ..stall.offer(PRICE / 5) };
    stall.store.quote(vec![(stems, own)], domain::Clock::now(&*stall.clock)).await.unwrap();
    llms_say("(Folder, 2 files, from $0.01)").await;
    stall.store.set_free(stems, snare, true).await.unwrap();
    llms_say("(Folder, 2 files, some free, others $0.05)").await;
    let index = stall.get("/stems").await.json();
    let prices: Vec<_> = index["files"].as_array().unwrap().iter().map(|file| &file["price"]).collect();
    assert_eq!(prices, ["$0.05", "Free"]);
    let listed = stall.get("/.well-known/x402.json").await.json();
    assert!(!listed.to_string().contains("snare.wav"), "what is free has no terms");
    let openapi = stall.get("/openapi.json").await.json();
    let free = &openapi["paths"]["/stems/snare.wav"]["get"];
    assert_eq!(free["x-payment-info"], serde_json::Value::Null);
    assert!(free["responses"]["402"].is_null() && free["responses"]["200"].is_object(), "{free}");
    stall.store.set_free(stems, Part::WHOLE, true).await.unwrap();

    llms_say("(Folder, 2 files, Free)").await;
    assert!(text(&stall.browse("/stems").await).contains("<span class=\"price\">Free</span>"));
}

#[tokio::test]
async fn what_is_shown_before_it_is_paid_for_is_linked() {
    let stall = stall().await;
    let all = stall.store.catalogue().await.unwrap();
    let guide = all.iter().find(|listing| listing.endpoint.path.as_str() == GUIDE).unwrap().endpoint.id;
    assert!(!text(&stall.browse(GUIDE).await).contains("?preview"));
    let file = stall.file("sample.txt");
    std::fs::write(&file, b"How to keep").unwrap();
    let Content::File(sample) = server::inspect(&file, &stall.file("data")).await.unwrap().into() else {
        panic!()
    };
    stall.store.set_preview(guide, Some(sample)).await.unwrap();
    stall.until("/guide?preview", 200).await;
    assert!(text(&stall.browse(GUIDE).await).contains("<a href=\"/guide?preview\">See the free preview</a>"));
    assert!(
        text(&stall.get("/llms.txt").await).contains("[Free preview](https://stall.example/guide?preview)")
    );
    stall.selling.send_replace(false);
    assert!(!text(&stall.browse(GUIDE).await).contains("?preview"), "nothing is shown while nothing is sold");
}

#[tokio::test]
async fn a_stall_without_a_name_goes_by_its_host() {
    let stall = Stall::open().await;
    let page = stall.browse("/").await;
    assert!(text(&page).contains("<h1>stall.example</h1>"));
    assert!(text(&page).contains("Sold live from <bdi>the seller’s own computer</bdi>"));
    stall.public_url.send_replace("http://192.0.2.1:4021".parse().unwrap());
    eventually("a number is no name", async || {
        text(&stall.get("/llms.txt").await).starts_with("# A stall\n")
    })
    .await;
}
