//! Prices for those who name a code, and prices that buyers choose.

use alloy_primitives::U256;
use domain::{
    Amount, Audience, Content, CountedBy, EndpointId, EndpointState, Method, Part, Patience, Quota, Service,
};
use serde_json::{Value, json};
use store::NewOffer;

use crate::again;
use crate::buyer::{BOTH, Buyer, Signed, Version, encode};
use crate::http;
use crate::pages::BROWSER;
use crate::stall::{GOODS, GUIDE, GUIDE_TEXT, PRICE, Stall, eventually};
use crate::upstream::Upstream;

const CHEAP: u64 = PRICE / 5;
const LEAST: u64 = PRICE / 2;
const SPRING: &str = "/guide?code=SPRING";

async fn quote(stall: &Stall, audience: Audience, price: u64) {
    let offer = NewOffer { audience, amount: Amount::from_atomic(price).unwrap(), ..stall.offer(PRICE) };
    let id: EndpointId = stall.store.catalogue().await.unwrap()[0].endpoint.id;
    stall.store.quote(vec![(id, offer)], domain::Clock::now(&*stall.clock)).await.unwrap();
}

async fn terms(stall: &Stall, path: &str) -> Value {
    stall.get(path).await.decoded("PAYMENT-REQUIRED")
}

async fn price(stall: &Stall, path: &str) -> u64 {
    terms(stall, path).await["accepts"][0]["amount"].as_str().unwrap().parse().unwrap()
}

/// A stall whose guide has a price for everybody, one for a code, and one of the buyer's own.
async fn stall() -> Stall {
    let stall = Stall::open().await;
    quote(&stall, Audience::with_code("SPRING").unwrap(), CHEAP).await;
    quote(&stall, Audience::Own, LEAST).await;
    eventually("the prices", async || {
        price(&stall, SPRING).await == CHEAP && price(&stall, "/guide?pay=0.03").await == 30_000
    })
    .await;
    stall
}

/// Signs what is asked there, for another amount.
async fn sign_for(stall: &Stall, buyer: &Buyer, path: &str, amount: u64) -> Signed {
    let mut signed = stall.sign(buyer, path).await;
    signed.authorization.value = U256::from(amount);
    signed.signature = buyer.sign(&crate::stall::asset(), &signed.authorization);
    signed.accepted["amount"] = json!(amount.to_string());
    signed
}

#[tokio::test]
async fn who_names_the_code_pays_its_price_and_everybody_else_everybodys() {
    let stall = stall().await;
    assert_eq!(price(&stall, GUIDE).await, PRICE);
    assert_eq!(terms(&stall, SPRING).await["resource"]["url"], "https://stall.example/guide?code=SPRING");
    for (number, version) in BOTH.into_iter().enumerate() {
        let buyer = stall.buyer(&format!("ada {number}"));
        let (_, reply) = stall.buy(&buyer, SPRING, version).await;
        assert_eq!((reply.status, reply.body.as_slice()), (200, GUIDE_TEXT));
        assert_eq!(stall.payments().await[0].amount.atomic(), CHEAP);
    }
}

// I3: a code's price needs the code in the URL.
#[tokio::test]
async fn what_was_signed_for_a_code_buys_nothing_without_it() {
    let stall = stall().await;
    let buyer = stall.buyer("ada");
    for version in BOTH {
        let signed = stall.sign(&buyer, SPRING).await;
        for path in [
            GUIDE,
            "/guide?code=spring",
            "/guide?code=SPRING&code=SPRING",
            "/guide?code=SPRING&pay=0.03",
            "/guide?code=SPR%49NG",
            "/guide?Code=SPRING",
            "/guide?code=",
        ] {
            let reply = stall.pay(path, &signed, version).await;
            assert_eq!(reply.status, 402, "{path}");
            let asked = reply.decoded("PAYMENT-REQUIRED")["accepts"][0]["amount"].clone();
            assert_eq!(asked, json!(PRICE.to_string()), "{path}");
        }
    }
    assert!(stall.payments().await.is_empty());
}

// I3, I4: whatever the buyer echoes, the URL decides what is asked, and what was asked is what is paid.
#[tokio::test]
async fn no_cheaper_echo_buys_at_a_price_of_ones_own() {
    let stall = stall().await;
    let buyer = stall.buyer("ada");
    let at = "/guide?pay=0.04";
    for amount in [CHEAP, LEAST, 39_999, 40_001, PRICE] {
        for version in BOTH {
            let signed = sign_for(&stall, &buyer, at, amount).await;
            assert_eq!(stall.pay(at, &signed, version).await.status, 402, "{amount}");
        }
    }
    // Signed for less, and said to be the amount that is asked.
    let mut signed = sign_for(&stall, &buyer, at, LEAST).await;
    signed.accepted["amount"] = json!("40000");
    let reply = stall.pay_with(at, "PAYMENT-SIGNATURE", &encode(&signed.payment(Version::Two))).await;
    assert_eq!(reply.status, 402);
    assert!(stall.payments().await.is_empty());
    let (signed, reply) = stall.buy(&buyer, at, Version::Two).await;
    assert_eq!(reply.status, 200);
    assert_eq!(stall.payment().await.amount.atomic(), 40_000);
    for elsewhere in [GUIDE, SPRING, "/guide?pay=0.040", "/guide?pay=0.04&x=1"] {
        assert_eq!(stall.pay(elsewhere, &signed, Version::Two).await.status, 402, "{elsewhere}");
    }
    assert_eq!(stall.payments().await.len(), 1);
}

#[tokio::test]
async fn the_page_says_what_a_code_and_a_price_of_ones_own_come_to_in_the_buyers_language() {
    let stall = stall().await;
    let page = async |path: &str, language: &str| {
        let headers = [BROWSER[0], BROWSER[1], ("Accept-Language", language)];
        let page = http::send(stall.address, &http::get(path, &headers)).await;
        assert_eq!(page.status, 402, "{page:?}");
        assert!(page.header("content-security-policy").unwrap().contains("form-action 'self'"));
        String::from_utf8(page.body).unwrap()
    };
    let usual = page(GUIDE, "fr").await;
    assert!(usual.contains("<html lang=\"en\">") && usual.contains("Pay what you want"), "{usual}");
    assert!(usual.contains("min=\"0.025\" max=\"25.00\" value=\"0.05\""), "{usual}");
    assert!(usual.contains("At least $0.025; suggested: $0.05.") && !usual.contains("with the code"));
    assert!(page("/guide?pay=0.03", "en").await.contains("value=\"0.03\""));
    assert!(page("/guide?pay=0.01", "en").await.contains("has to be from $0.025 to $25.00"));
    assert!(page(SPRING, "en").await.contains("This is the price with the code SPRING."));
    let german = page("/guide?code=%3Cb%3E", "de-DE,en;q=0.5").await;
    assert!(
        german.contains("<html lang=\"de\">") && german.contains("Der Code %3Cb%3E ändert hier"),
        "{german}"
    );
    assert!(german.contains("30 Tage lang erneut herunterladen") && german.contains("The file guide.txt"));
    assert!(page(GUIDE, "es").await.contains("Paga lo que quieras"));
}

#[tokio::test]
async fn a_price_of_ones_own_is_the_least_at_least_and_a_thousand_times_that_at_most() {
    let stall = stall().await;
    for (query, asked) in [
        ("pay=0.025", LEAST),
        ("pay=25", 25_000_000),
        ("pay=0.024999", PRICE),
        ("pay=25.000001", PRICE),
        ("pay=0", PRICE),
        ("pay=", PRICE),
        ("pay=-1", PRICE),
        ("pay=1e3", PRICE),
        ("pay=0.0300001", PRICE),
        ("pay=99999999999999999999999999", PRICE),
        ("pay=0.03&pay=0.03", PRICE),
        ("pay=%30.03", PRICE),
    ] {
        assert_eq!(price(&stall, &format!("/guide?{query}")).await, asked, "{query}");
    }
    assert!(stall.payments().await.is_empty());
}

#[tokio::test]
async fn a_code_that_ended_is_honoured_for_who_was_told_its_price() {
    let stall = stall().await;
    let buyer = stall.buyer("ada");
    let signed = stall.sign(&buyer, SPRING).await;
    quote(&stall, Audience::with_code("SPRING").unwrap(), 2 * CHEAP).await;
    eventually("the other price", async || price(&stall, SPRING).await == 2 * CHEAP).await;
    assert_eq!(stall.pay(SPRING, &signed, Version::One).await.status, 200);
}

#[tokio::test]
async fn what_is_free_is_given_to_everybody_and_kept_by_no_cache() {
    let stall = Stall::open().await;
    let id: EndpointId = stall.store.catalogue().await.unwrap()[0].endpoint.id;
    stall.store.set_free(id, Part::WHOLE, true).await.unwrap();
    stall.until(GUIDE, 200).await;
    let free = stall.get(GUIDE).await;
    assert_eq!((free.body.as_slice(), free.header("cache-control")), (GUIDE_TEXT, Some("private, no-store")));
    let part = http::send(stall.address, &http::get(GUIDE, &[("Range", "bytes=4-7")])).await;
    assert_eq!((part.status, part.body.as_slice()), (206, &GUIDE_TEXT[4..8]));
    let head = http::send(stall.address, &http::request("HEAD", GUIDE, &[])).await;
    assert_eq!((head.status, head.header("content-length")), (200, Some("20")));
    stall.store.set_free(id, Part::WHOLE, false).await.unwrap();
    stall.until(GUIDE, 402).await;
    assert!(stall.payments().await.is_empty());
}

#[tokio::test]
async fn a_preview_is_given_and_the_thing_itself_is_not() {
    let stall = Stall::open().await;
    let id: EndpointId = stall.store.catalogue().await.unwrap()[0].endpoint.id;
    let sample = stall.file("sample.txt");
    std::fs::write(&sample, "How to keep").unwrap();
    let Content::File(sample) = server::inspect(&sample, &stall.file("data")).await.unwrap().into() else {
        panic!("no file")
    };
    stall.store.set_preview(id, Some(sample)).await.unwrap();
    stall.until("/guide?preview", 200).await;
    let seen = stall.get("/guide?preview").await;
    assert_eq!(
        (seen.body.as_slice(), seen.header("content-type")),
        (&b"How to keep"[..], Some("text/plain; charset=utf-8"))
    );
    for path in [GUIDE, "/guide?preview=1", "/guide?preview&x", "/guide?PREVIEW", "/guide?%70review"] {
        assert_eq!(stall.get(path).await.status, 402, "{path}");
    }
    // Who pays there by mistake is not charged.
    let signed = stall.sign(&stall.buyer("ada"), GUIDE).await;
    assert_eq!(stall.pay("/guide?preview", &signed, Version::Two).await.body, b"How to keep");
    assert!(stall.payments().await.is_empty());
    stall.store.set_endpoint_state(id, EndpointState::Paused).await.unwrap();
    stall.until("/guide?preview", 503).await;
}

/// A folder of two files, the second of which gets prices of its own.
async fn stems() -> (Stall, EndpointId) {
    let stall = Stall::open().await;
    let folder = stall.file("stems");
    std::fs::create_dir(&folder).unwrap();
    for name in ["kick.wav", "snare.wav"] {
        std::fs::write(folder.join(name), name).unwrap();
    }
    let content =
        server::inspect_folder(&folder, &stall.file("data"), server::Packing::Files, &[]).await.unwrap();
    let id = stall.put_up("/stems", content.into(), "Stems", GOODS).await;
    stall.until("/stems/snare.wav", 402).await;
    (stall, id)
}

async fn quote_part(stall: &Stall, id: EndpointId, part: &str, audience: Audience, price: u64) {
    let part = part.parse().unwrap();
    let offer =
        NewOffer { part, audience, amount: Amount::from_atomic(price).unwrap(), ..stall.offer(PRICE) };
    stall.store.quote(vec![(id, offer)], domain::Clock::now(&*stall.clock)).await.unwrap();
}

// I3: a code for all there is says nothing of a file that has a price of its own.
#[tokio::test]
async fn a_code_for_the_whole_counts_where_a_part_has_no_price_of_its_own() {
    let (stall, id) = stems().await;
    let code = || Audience::with_code("SPRING").unwrap();
    let (kick, snare) = ("/stems/kick.wav?code=SPRING", "/stems/snare.wav?code=SPRING");
    quote_part(&stall, id, "", code(), CHEAP).await;
    eventually("the code", async || {
        (price(&stall, kick).await, price(&stall, snare).await) == (CHEAP, CHEAP)
    })
    .await;
    quote_part(&stall, id, "snare.wav", Audience::Everybody, 3 * PRICE).await;
    eventually("the own price", async || price(&stall, snare).await == 3 * PRICE).await;
    assert_eq!((price(&stall, kick).await, price(&stall, "/stems/kick.wav").await), (CHEAP, PRICE));
    quote_part(&stall, id, "snare.wav", code(), 2 * PRICE).await;
    eventually("the own code", async || price(&stall, snare).await == 2 * PRICE).await;
    assert_eq!(price(&stall, "/stems/snare.wav").await, 3 * PRICE);
}

// I3
#[tokio::test]
async fn what_was_told_before_a_part_had_its_own_price_is_honoured_for_a_while_and_no_longer() {
    let (stall, id) = stems().await;
    let at = "/stems/snare.wav";
    let [early, late] = [stall.buyer("ada"), stall.buyer("bob")];
    let (in_time, too_late) = (stall.sign(&early, at).await, stall.sign(&late, at).await);
    quote_part(&stall, id, "snare.wav", Audience::Everybody, 3 * PRICE).await;
    eventually("the own price", async || price(&stall, at).await == 3 * PRICE).await;
    assert_eq!(stall.pay(at, &in_time, Version::One).await.status, 200);
    stall.clock.advance(store::GRACE);
    assert_eq!(stall.pay(at, &too_late, Version::Two).await.status, 402);
    // The other way round: its own price ends, and who was told it may pay it still.
    let told = stall.sign(&late, at).await;
    let own = store::PricedFor { part: "snare.wav".parse().unwrap(), audience: Audience::Everybody };
    assert!(stall.store.end_price(id, own, domain::Clock::now(&*stall.clock)).await.unwrap());
    eventually("the usual price", async || price(&stall, at).await == PRICE).await;
    assert_eq!(stall.pay(at, &told, Version::Two).await.status, 200);
    assert_eq!(stall.payments().await[0].amount.atomic(), 3 * PRICE);
}

// I4: a payment with one query is no payment with another, whatever both cost.
#[tokio::test]
async fn what_was_bought_with_a_code_is_one_request_and_owned_as_one_thing() {
    let stall = stall().await;
    let buyer = stall.buyer("ada");
    let (signed, reply) = stall.buy(&buyer, SPRING, Version::Two).await;
    assert_eq!(reply.status, 200);
    assert_eq!(stall.pay(SPRING, &signed, Version::Two).await.status, 200, "the same request again");
    let other = stall.pay("/guide?code=SPRING&x=1", &signed, Version::Two).await;
    assert_eq!((other.status, other.error().as_str()), (402, "invalid_transaction_state"));
    // Who owns it is not charged at any price.
    let (_, again) = stall.buy(&buyer, GUIDE, Version::Two).await;
    assert_eq!((again.status, stall.payments().await.len()), (200, 1));
}

fn by(counted_by: CountedBy) -> Quota {
    Quota { requests_a_day: 3, counted_by }
}

/// A stall that sells what a program answers.
async fn api() -> (Stall, Upstream, EndpointId) {
    let (stall, upstream) = (Stall::open().await, Upstream::open().await);
    let service = Service {
        upstream: format!("http://{}/v1", upstream.address),
        is_remote: false,
        pattern: "/{*rest}".parse().unwrap(),
        methods: vec![Method::Get],
        request_headers: Vec::new(),
        answer_headers: Vec::new(),
        longest_request: 1_000,
        longest_answer: 1_000_000,
        patience: Patience::from_seconds(1).unwrap(),
    };
    let id = stall.put_up("/api", Content::Service(service), "An interface", GOODS).await;
    stall.until("/api/x", 402).await;
    (stall, upstream, id)
}

#[tokio::test]
async fn a_service_gives_each_address_so_many_requests_a_day_and_is_paid_for_after_that() {
    let (stall, upstream, id) = api().await;
    stall.store.set_free_quota(id, Some(by(CountedBy::Address))).await.unwrap();
    // The look that finds the quota in force takes the first.
    stall.until("/api/x", 200).await;
    let head = http::send(stall.address, &http::request("HEAD", "/api/x", &[])).await;
    assert_eq!(head.status, 402, "HEAD takes none");
    let given = stall.get("/api/x").await;
    assert_eq!((given.status, given.header("cache-control")), (200, Some("private, no-store")));
    assert_eq!([stall.get("/api/x").await.status, stall.get("/api/x").await.status], [200, 402]);
    assert_eq!(upstream.seen().len(), 3);
    let (_, bought) = stall.buy(&stall.buyer("ada"), "/api/x", Version::Two).await;
    assert_eq!((bought.status, stall.payments().await.len(), upstream.seen().len()), (200, 1, 4));
    stall.clock.advance(chrono::TimeDelta::days(1));
    assert_eq!(stall.get("/api/x").await.status, 200, "another day");
    stall.store.set_free_quota(id, None).await.unwrap();
    stall.until("/api/x", 402).await;
}

#[tokio::test]
async fn a_wallet_that_signs_in_has_so_many_requests_a_day_and_nobody_else() {
    let (stall, upstream, id) = api().await;
    assert!(stall.get("/api/x").await.decoded("PAYMENT-REQUIRED")["extensions"]["sign-in-with-x"].is_null());
    stall.store.set_free_quota(id, Some(by(CountedBy::Wallet))).await.unwrap();
    eventually("a wallet is asked for", async || {
        stall.get("/api/x").await.decoded("PAYMENT-REQUIRED")["extensions"]["sign-in-with-x"].is_object()
    })
    .await;
    assert_eq!(upstream.seen().len(), 0, "whoever does not sign in gets nothing");
    let [ada, bob] = [stall.buyer("ada"), stall.buyer("bob")];
    let ask = async |buyer: &Buyer| {
        let signed = again::answer(buyer, &stall.get("/api/x").await);
        again::sign_in(&stall, "/api/x", &signed).await
    };
    for _ in 0..3 {
        assert_eq!(ask(&ada).await.status, 200);
    }
    let (over, other) = (ask(&ada).await, ask(&bob).await);
    assert_eq!((over.status, other.status, upstream.seen().len()), (402, 200, 4));
    let signed = again::answer(&bob, &stall.get("/api/x").await);
    assert_eq!(again::sign_in(&stall, "/api/x", &signed).await.status, 200);
    let replayed = again::sign_in(&stall, "/api/x", &signed).await;
    assert_eq!((replayed.status, replayed.error().as_str()), (402, "invalid_siwx_nonce"));
    // What is repeated takes nothing of what the wallet has left: its third is there.
    assert_eq!(ask(&bob).await.status, 200);
    // Nobody signs for another, and no account's code is asked.
    let mut forged = again::answer(&stall.buyer("eve"), &stall.get("/api/x").await);
    forged["signature"] = "0xc0de".into();
    let (asked, refused) = (stall.chain.asked(), again::sign_in(&stall, "/api/x", &forged).await);
    assert_eq!((refused.error().as_str(), stall.chain.asked()), ("invalid_siwx_signature", asked));
    assert_eq!(upstream.seen().len(), 6);
    stall.clock.advance(chrono::TimeDelta::days(1));
    assert_eq!(ask(&ada).await.status, 200, "another day");
    let page = stall.browse("/api/x").await;
    assert!(
        String::from_utf8_lossy(&page.body)
            .contains("3 requests a day are free for each wallet that signs in")
    );
    let llms = stall.get("/llms.txt").await;
    assert!(String::from_utf8_lossy(&llms.body).contains("$0.05; 3 requests a day are free for each wallet"));
    assert!(stall.payments().await.is_empty());
}
