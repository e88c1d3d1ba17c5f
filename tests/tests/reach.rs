//! How buyers outside reach a stall: tunnels, the network around, an address of the seller's.

use std::net::SocketAddr;

use integration::{Environment, Outside, Stall, eventually};
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::shared::{GOODS, PATH};

/// A token as Cloudflare gives it out.
const TOKEN: &str = "eyJhIjoiNGM2ZjkwMWQiLCJ0IjoiYSBzZWNyZXQifQ";

/// An open stall in a world with these programs, with something for sale.
async fn stall(tools: &[&str]) -> (Stall, Outside) {
    let outside = Outside::with(tools).await;
    let mut stall = Stall::closed(Environment::Practice);
    outside.around(&mut stall);
    stall.open().await;
    stall.sell(PATH, GOODS, &[]).await;
    (stall, outside)
}

async fn shown(stall: &Stall) -> Value {
    stall.cli(&["reach", "show"]).await
}

async fn becomes(stall: &Stall, state: &str) -> Value {
    let mut last = Value::Null;
    let what = format!("the way becomes {state}");
    eventually(&what, async || {
        last = shown(stall).await;
        last["state"] == state
    })
    .await;
    last
}

async fn found(stall: &Stall) {
    eventually("the stall is found", async || shown(stall).await["check"]["answer"] == "stall").await;
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value}"))
}

async fn quoted(outside: &Outside, url: &str) -> String {
    let answer = outside.ask(&format!("{url}{PATH}"), &[]).await;
    assert_eq!(answer.status(), 402);
    let terms: Value = answer.json().await.expect("terms");
    terms["accepts"][0]["resource"].as_str().expect("a resource").to_owned()
}

// T14, T76, T78
#[tokio::test(flavor = "multi_thread")]
async fn a_temporary_link_is_open_within_seconds_found_from_outside_and_sells_in_both_versions() {
    let (mut stall, outside) = stall(&["cloudflared"]).await;
    assert_eq!(stall.run(&["reach", "check"]).await.refused(), "conflict", "nobody outside reaches it yet");
    let reach = stall.cli(&["reach", "set", "cloudflare_quick"]).await;
    assert_eq!(reach["state"], "online", "{reach}");
    assert_eq!(reach["way"]["permanent"], false);
    assert!(text(&reach["way"], "onRestart").contains("changes at each start"));
    assert!(text(&reach["way"], "whoReads").contains("Cloudflare"));
    let url = text(&reach, "url").to_owned();
    assert!(url.ends_with(".trycloudflare.com"), "{url}");
    found(&stall).await;
    assert_eq!(quoted(&outside, &url).await, format!("{url}{PATH}"));

    let tried = stall.cli(&["reach", "try"]).await;
    let steps: Vec<_> = tried["steps"].as_array().unwrap().iter().map(|step| text(step, "step")).collect();
    assert_eq!(steps, ["reach", "offer", "v1", "v2"]);
    assert_eq!(tried["ok"], true, "{tried}");
    assert_eq!(stall.states().await, ["queued"; 2]);

    let misled = outside.ask(&format!("{url}{PATH}"), &[("Host", "evil.example")]).await;
    assert_eq!(misled.status(), 421);

    let calls = outside.calls();
    assert!(calls[0].arguments.iter().any(|one| one == stall.url().trim_end_matches('/')), "{calls:?}");
    stall.close();
    assert!(!calls[0].runs(), "the program of the tunnel outlived the stall");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_stall_leaves_no_tunnel_behind_and_opens_another_one_at_the_next_start() {
    let (mut stall, outside) = stall(&["cloudflared"]).await;
    let first = text(&stall.cli(&["reach", "set", "cloudflare_quick"]).await, "url").to_owned();
    stall.kill9();
    eventually("the program ends with the stall", async || outside.calls().iter().all(|call| !call.runs()))
        .await;
    stall.open().await;
    let second = text(&becomes(&stall, "online").await, "url").to_owned();
    assert_ne!(first, second);
    found(&stall).await;
    assert_eq!(quoted(&outside, &second).await, format!("{second}{PATH}"));
    let off = stall.cli(&["reach", "off"]).await;
    assert_eq!((off["state"].as_str(), off["url"].as_str()), (Some("off"), None));
    eventually("nothing is left of it", async || outside.calls().iter().all(|call| !call.runs())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_that_breaks_is_opened_again_by_itself() {
    let (stall, outside) = stall(&["cloudflared"]).await;
    let first = text(&stall.cli(&["reach", "set", "cloudflare_quick"]).await, "url").to_owned();
    outside.crash(&outside.calls()[0]);
    let failing = becomes(&stall, "failing").await;
    assert!(failing["nextTryAt"].is_i64(), "{failing}");
    let attention = stall.cli(&["attention"]).await;
    let kinds: Vec<_> =
        attention["items"].as_array().unwrap().iter().map(|item| text(item, "kind")).collect();
    assert!(kinds.contains(&"reach"), "{attention}");
    let again = becomes(&stall, "online").await;
    assert_ne!(text(&again, "url"), first);
    found(&stall).await;
}

// I12
#[tokio::test(flavor = "multi_thread")]
async fn a_domain_at_cloudflare_stays_the_same_over_restarts_and_its_token_is_seen_by_nobody() {
    let (mut stall, outside) = stall(&["cloudflared"]).await;
    let named = ["reach", "set", "cloudflare_named", "--address", "https://stall.example"];
    let without = stall.cli(&named).await;
    assert_eq!(without["state"], "failing");
    assert!(text(&without, "sentence").contains("token"), "{without}");

    let target = stall.url().to_owned();
    outside.plan(&json!({ "host": "stall.example", "target": target }));
    let file = outside.file("token", &format!("sudo cloudflared service install {TOKEN}\n"));
    let mut with = named.to_vec();
    with.extend(["--token-file", &file]);
    let reach = stall.cli(&with).await;
    assert_eq!((text(&reach, "state"), text(&reach, "url")), ("online", "https://stall.example"), "{reach}");
    assert_eq!(reach["token"], "kept");
    found(&stall).await;
    let checklist = stall.cli(&["live", "checklist"]).await;
    let item = checklist["items"].as_array().unwrap().iter().find(|item| item["item"] == "reach").unwrap();
    assert_eq!(item["done"], true, "{item}");

    stall.close();
    stall.open().await;
    assert_eq!(stall.ready()["url"], "https://stall.example", "it is known before anything was opened");
    assert_eq!(stall.cli(&["endpoint", "show", PATH]).await["url"], format!("https://stall.example{PATH}"));
    eventually("the tunnel is opened again", async || outside.calls().len() >= 2).await;
    let calls = outside.calls();
    assert!(calls.iter().all(|call| call.token.as_deref() == Some(TOKEN)), "{calls:?}");
    assert!(calls.iter().all(|call| call.arguments.iter().all(|argument| !argument.contains(TOKEN))));
    let log = std::fs::read_to_string(stall.log()).unwrap();
    assert!(!log.contains(TOKEN) && !shown(&stall).await.to_string().contains(TOKEN));

    let empty = outside.file("empty", "");
    let forgotten = stall.cli(&["reach", "set", "cloudflare_named", "--token-file", &empty]).await;
    assert_eq!((text(&forgotten, "token"), text(&forgotten, "state")), ("none", "failing"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_provider_complains_about_is_told_and_what_it_waits_for_too() {
    let (stall, outside) = stall(&["cloudflared", "tailscale"]).await;
    outside.plan(&json!({ "complaint": "failed to request quick Tunnel: 429 Too Many Requests" }));
    let refused = stall.cli(&["reach", "set", "cloudflare_quick"]).await;
    assert!(text(&refused, "sentence").contains("no more temporary addresses"), "{refused}");

    let link = "https://login.tailscale.com/f/funnel?node=abc";
    outside.plan(&json!({ "permission": link, "allowedAfter": 3000 }));
    let asks = stall.cli(&["reach", "set", "tailscale_funnel"]).await;
    assert_eq!(asks["state"], "failing");
    assert!(text(&asks, "sentence").contains(link), "{asks}");
    let open = becomes(&stall, "online").await;
    assert_eq!(text(&open, "url"), "https://desk.tail1234.ts.net");
    found(&stall).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_missing_is_named_and_can_be_brought() {
    let (stall, outside) = stall(&[]).await;
    let missing = stall.cli(&["reach", "set", "cloudflare_quick"]).await;
    assert_eq!(missing["state"], "failing");
    assert!(text(&missing, "sentence").contains("choose the file you downloaded"), "{missing}");
    let relay = concat!(env!("CARGO_MANIFEST_DIR"), "/tunnels/relay.mjs");
    let program = outside.file("downloaded", &format!("#!/bin/sh\nexec node '{relay}' cloudflared \"$@\"\n"));
    let brought = stall.cli(&["reach", "set", "cloudflare_quick", "--program", &program]).await;
    assert_eq!(brought["state"], "online", "{brought}");
    let path = text(&brought["way"], "programPath");
    assert!(path.starts_with(stall.data().to_str().unwrap()), "{path}");
    found(&stall).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_leads_to_somebody_else_is_called_out() {
    let (stall, mut outside) = stall(&[]).await;
    let other = Stall::start().await;
    outside.host("stall.example", other.url()).await;
    stall.cli(&["reach", "set", "own_url", "--address", "https://stall.example"]).await;
    let checked = stall.run(&["reach", "check"]).await;
    assert_eq!(checked.code, 6, "{}", checked.in_words());
    assert_eq!(checked.json()["check"]["answer"], "somebody_else");
    becomes(&stall, "unreached").await;
    eventually("it is called out", async || {
        let items = stall.cli(&["attention"]).await["items"].take();
        items.as_array().unwrap().iter().any(|item| item["kind"] == "reach")
    })
    .await;
    let doctor = stall.run(&["doctor"]).await;
    assert_eq!(doctor.code, 6, "{}", doctor.in_words());

    outside.host("stall.example", stall.url()).await;
    eventually("it leads here", async || stall.run(&["reach", "check"]).await.code == 0).await;
    assert_eq!(shown(&stall).await["state"], "online");
}

// T77
#[tokio::test(flavor = "multi_thread")]
async fn the_network_around_gets_in_only_while_it_is_let_in() {
    let (stall, _outside) = stall(&[]).await;
    let reach = stall.cli(&["reach", "set", "this_network", "--name", "ada-books"]).await;
    if reach["state"] == "failing" {
        assert_eq!(text(&reach, "sentence"), "This computer is in no network.");
        return;
    }
    assert!(text(&reach["way"], "whoReads").contains("Nothing is encrypted"));
    let url = text(&reach, "url").to_owned();
    let numbers: Vec<_> = reach["also"].as_array().unwrap().iter().map(|url| url.as_str().unwrap()).collect();
    let number = numbers.first().copied().unwrap_or(&url).to_owned();
    let authority = number.strip_prefix("http://").unwrap();
    let address: SocketAddr = authority.parse().unwrap();
    assert!(!address.ip().is_loopback());
    found(&stall).await;
    let visitor = integration::Visitor::new(&number);
    assert_eq!(visitor.ask(PATH).await.json()["accepts"][0]["resource"], format!("{url}{PATH}"));
    let host = url.strip_prefix("http://").unwrap();
    let request = format!("GET {PATH} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    assert!(integration::exchange(&number, request.as_bytes()).await.starts_with("HTTP/1.1 402"));
    stall.cli(&["reach", "off"]).await;
    eventually("the door is closed", async || TcpStream::connect(address).await.is_err()).await;
    assert_eq!(stall.visitor().ask(PATH).await.status, 402);
}
