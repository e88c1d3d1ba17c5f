//! What people get, in a browser.

use domain::{Content, EndpointState, OwnedFor, Text};
use serde_json::Value;
use server::Seller;

use crate::http::{self, Reply};
use crate::stall::{GOODS, GUIDE, Goods, PRICE, Stall, eventually};
use crate::upstream::service;

pub(crate) const BROWSER: [(&str, &str); 2] = [
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    (
        "User-Agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36",
    ),
];

impl Stall {
    pub(crate) async fn browse(&self, path: &str) -> Reply {
        http::send(self.address, &http::get(path, &BROWSER)).await
    }

    async fn say(&self, key: &str, value: &str) {
        self.store.set_setting(key.to_owned(), value.to_owned()).await.unwrap();
    }
}

fn text(reply: &Reply) -> &str {
    std::str::from_utf8(&reply.body).unwrap()
}

/// What the page's script is told.
pub(crate) fn offer(reply: &Reply) -> Value {
    let (_, rest) = text(reply).split_once("<script type=\"application/json\" id=\"offer\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

#[tokio::test]
async fn a_browser_gets_a_page_with_the_same_terms_and_a_program_gets_json() {
    let stall = Stall::open().await;
    let page = stall.browse(GUIDE).await;
    assert_eq!(page.status, 402);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert!(page.header("vary").unwrap().starts_with("Accept, Accept-Language, User-Agent"));
    let terms = page.decoded("PAYMENT-REQUIRED");
    assert_eq!(terms["accepts"][0]["amount"], PRICE.to_string());
    let offer = offer(&page);
    let mut told = offer["paymentRequired"].clone();
    assert!(told["extensions"]["sign-in-with-x"].is_object());
    told.as_object_mut().unwrap().remove("extensions");
    assert_eq!(told, terms, "what is said beside the terms stands in the page");
    let facts = &offer["page"];
    assert_eq!(facts["title"], "The file guide.txt");
    assert_eq!(facts["kind"], "file");
    assert_eq!(facts["fileName"], "guide.txt");
    assert_eq!(facts["sizeBytes"], 20);
    assert_eq!(facts["environment"], "test");
    assert_eq!(facts["url"], "https://stall.example/guide");
    assert_eq!(facts["closed"], Value::Null);
    let network = &facts["networks"]["eip155:84532"];
    assert_eq!(network["name"], "Base Sepolia");
    let token = &network["tokens"]["0x036cbd53842c5426634e7929541ec2318f3dcf7e"];
    assert_eq!(token, &serde_json::json!({ "symbol": "USDC", "decimals": 6, "isDollar": true }));
    for words in
        ["<h1>The file guide.txt</h1>", ">$0.05<", "0.05 USDC on Base Sepolia", "Download again for 30 days"]
    {
        assert!(text(&page).contains(words), "{words}");
    }
    assert!(!text(&page).contains("{{"), "something of the template is left");

    for headers in [&[][..], &BROWSER[..1], &BROWSER[1..], &[("Accept", "application/json"), BROWSER[1]]] {
        let reply = http::send(stall.address, &http::get(GUIDE, headers)).await;
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (402, Some("application/json")),
            "{headers:?}"
        );
    }
}

// T81
#[tokio::test]
async fn nothing_runs_in_a_page_but_what_the_server_carries_itself() {
    let stall = Stall::open().await;
    let policy = |page: &Reply| page.header("content-security-policy").unwrap().to_owned();
    let (one, other) = (policy(&stall.browse(GUIDE).await), policy(&stall.browse(GUIDE).await));
    assert_ne!(one, other, "a nonce is used once");
    for directive in [
        "default-src 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "img-src 'self' data:",
    ] {
        assert!(one.contains(directive), "{one}");
    }
    assert!(!one.contains("unsafe") && !one.contains("http"), "{one}");
    let hostile = "</script><script>alert(1)</script>\u{2028}\"'><img src=x onerror=alert(1)>{{nonce}}";
    let file = stall.file("evil.txt");
    std::fs::write(&file, "x").unwrap();
    let content = server::inspect(&file, &stall.file("data")).await.unwrap();
    stall.put_up("/evil", content.into(), hostile, GOODS).await;
    for (key, value) in [
        (Seller::NAME, hostile),
        (Seller::CONTACT, "javascript:alert(1)//\"><script>"),
        (Seller::COLOUR, "#000000}</style><script>"),
    ] {
        stall.say(key, value).await;
    }
    stall.until("/evil", 402).await;
    eventually("the seller's name is there", async || {
        text(&stall.browse("/evil").await).contains("&lt;/script&gt;")
    })
    .await;
    for path in ["/evil", "/", "/nothing-here"] {
        let page = stall.browse(path).await;
        let page = text(&page);
        assert!(!page.contains("<script>"), "{path}: {page}");
        assert!(!page.contains("<img src=x"), "{path}");
        assert!(!page.contains("href=\"javascript:"), "{path}");
        assert!(!page.contains("</style><"), "{path}");
    }
    let page = stall.browse("/evil").await;
    assert_eq!(offer(&page)["page"]["title"], hostile);
}

#[tokio::test]
async fn a_page_says_whose_the_stall_is() {
    let stall = Stall::open().await;
    assert!(text(&stall.browse(GUIDE).await).contains("<bdi class=\"name\">stall.example</bdi>"));
    for (key, value) in [
        (Seller::NAME, "Mara Lindqvist"),
        (Seller::CONTACT, "mara@birds.example"),
        (Seller::COLOUR, "#0f766e"),
    ] {
        stall.say(key, value).await;
    }
    eventually("the name is there", async || {
        offer(&stall.browse(GUIDE).await)["page"]["seller"]["name"] == "Mara Lindqvist"
    })
    .await;
    eventually("the colour is there", async || {
        let page = stall.browse(GUIDE).await;
        text(&page).contains("--seller: #0f766e;")
            && text(&page).contains("href=\"mailto:mara@birds.example\"")
    })
    .await;
}

#[tokio::test]
async fn what_is_paused_or_closed_or_not_there_is_said_to_people_in_a_page() {
    let stall = Stall::open().await;
    let missing = stall.browse("/nothing").await;
    assert_eq!((missing.status, missing.header("content-type")), (404, Some("text/html; charset=utf-8")));
    assert!(text(&missing).contains("There is nothing here"));
    stall.selling.send_replace(false);
    let closed = stall.browse(GUIDE).await;
    assert_eq!((closed.status, closed.header("retry-after")), (503, Some("60")));
    assert_eq!(offer(&closed)["paymentRequired"], Value::Null);
    assert_eq!(offer(&closed)["page"]["closed"]["sentence"], "The seller is not selling at the moment.");
    assert!(closed.header("payment-required").is_none());
    stall.selling.send_replace(true);
    let id = stall.store.catalogue().await.unwrap()[0].endpoint.id;
    stall.set_state(id, GUIDE, EndpointState::Paused, 503).await;
    let paused = stall.browse(GUIDE).await;
    assert_eq!(paused.status, 503);
    assert!(text(&paused).contains("The seller paused this endpoint."));
    assert!(!text(&paused).contains("$0.05"), "nobody is told a price for what cannot be bought");
    stall.set_state(id, GUIDE, EndpointState::Removed, 404).await;
    assert!(text(&stall.browse(GUIDE).await).contains("There is nothing here"));
}

#[tokio::test]
async fn scripts_and_styles_are_kept_for_good_under_their_own_name_and_change_with_it() {
    let stall = Stall::open().await;
    let page = stall.browse(GUIDE).await;
    for (attribute, kind) in [
        ("src=\"", "text/javascript; charset=utf-8"),
        ("rel=\"stylesheet\" href=\"", "text/css; charset=utf-8"),
    ] {
        let (_, rest) = text(&page).split_once(attribute).unwrap();
        let path = rest.split_once('"').unwrap().0;
        let asset = stall.get(path).await;
        assert_eq!((asset.status, asset.header("content-type")), (200, Some(kind)), "{path}");
        assert_eq!(asset.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert!(asset.body.len() > 1000);
        let (bare, _) = path.split_once('?').unwrap();
        for other in [bare.to_owned(), format!("{bare}?v=0000000000000000")] {
            let other = stall.get(&other).await;
            assert_eq!((other.status, other.header("cache-control")), (200, Some("no-cache")));
            let etag = other.header("etag").unwrap();
            let again = http::send(stall.address, &http::get(bare, &[("If-None-Match", etag)])).await;
            assert_eq!((again.status, again.body.len()), (304, 0));
        }
    }
}

#[tokio::test]
async fn who_pays_from_a_browser_is_answered_as_everybody_is() {
    let stall = Stall::open().await;
    let signed = stall.sign(&stall.buyer("ada"), GUIDE).await;
    let (name, value) = signed.header(crate::buyer::Version::Two);
    let headers = [BROWSER[0], BROWSER[1], (name, value.as_str())];
    let reply = http::send(stall.address, &http::get(GUIDE, &headers)).await;
    assert_eq!((reply.status, reply.body.as_slice()), (200, crate::stall::GUIDE_TEXT));
}

#[tokio::test]
async fn what_is_charged_each_time_is_not_said_to_be_owned() {
    let stall = Stall::open().await;
    let goods = Goods { owned_for: OwnedFor::NEVER, ..GOODS };
    stall.add("/each", "each.txt", b"again", goods).await;
    assert!(!text(&stall.browse("/each").await).contains("Download again"));
}

#[tokio::test]
async fn a_service_has_a_page_that_says_how_it_is_asked() {
    let stall = Stall::open().await;
    let service = service("http://127.0.0.1:9/v1", "/{city}");
    let goods = Goods { owned_for: OwnedFor::NEVER, ..GOODS };
    stall.put_up("/weather", Content::Service(service), "The weather", goods).await;
    stall.until("/weather/oslo", 402).await;
    let page = stall.browse("/weather/oslo").await;
    assert_eq!((page.status, page.header("content-type")), (402, Some("text/html; charset=utf-8")));
    let facts = offer(&page)["page"].clone();
    assert_eq!(
        (&facts["kind"], &facts["method"], &facts["title"]),
        (&"service".into(), &"GET".into(), &"The weather".into())
    );
    assert_eq!((&facts["fileName"], &facts["sizeBytes"]), (&Value::Null, &Value::Null));
    assert_eq!(facts["url"], "https://stall.example/weather/oslo");
    let alone = stall.get("/weather").await;
    assert_eq!((alone.status, alone.error().as_str()), (404, "incomplete_path"));
    let page = stall.browse("/weather").await;
    assert!(text(&page).contains("Ask for /weather/{city}"), "{page:?}");
    let openapi = stall.get("/openapi.json").await.json();
    let route = &openapi["paths"]["/weather/{city}"];
    assert_eq!(route["get"]["parameters"][0]["name"], "city");
    assert!(route["post"].is_object());
}

// T90: nothing that is kept of requests is a link.
#[tokio::test]
async fn no_link_is_written_down() {
    let stall = Stall::open().await;
    for path in ["/d/secret-token", "/r/secret-token"] {
        assert_eq!(stall.get(path).await.status, 404);
    }
    let kept = format!("{:?}", stall.requests(100));
    assert!(kept.contains("/d/") && kept.contains("/r/"), "{kept}");
    assert!(!kept.contains("secret-token"), "{kept}");
}

// Nobody gets anything without paying, nor a part of it.
#[tokio::test]
async fn nothing_of_a_text_is_in_its_page() {
    let stall = Stall::open().await;
    let body = "gulls steal ice cream from tourists in the harbour every summer day";
    let content = Content::Text(Text {
        file_name: "gulls.txt".to_owned(),
        media_type: "text/plain; charset=utf-8".to_owned(),
        body: body.into(),
        sha256: Default::default(),
    });
    stall.put_up("/gulls", content, "On birds", GOODS).await;
    stall.until("/gulls", 402).await;
    assert!(!text(&stall.browse("/gulls").await).contains("steal"));
    assert!(!text(&stall.browse("/").await).contains("steal"));
}
