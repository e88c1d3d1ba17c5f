//! Bad input: each its own clear error, and nothing changes.

use std::time::Duration;

use alloy_primitives::{Address, U256, hex};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use integration::{
    Buyer, Environment, Payment, Signed, Stall, Version, exchange, freeze, node_of, random_word, thaw,
    unix_now,
};
use serde_json::{Value, json};

use crate::shared::{CHARGED_EACH_TIME, GOODS, PATH, delivered, funded, stall};

/// Nothing was stored, nothing is held.
async fn nothing_changed(stall: &Stall) {
    assert_eq!(stall.payments().await, Vec::<Value>::new());
    assert_eq!(stall.exposure().await, U256::ZERO);
}

/// A payment with one thing wrong.
type Spoil = fn(&mut Bad<'_>);

/// What can be spoilt: before the signature, and after it.
struct Bad<'a> {
    buyer: &'a Buyer,
    version: Version,
    signed: Signed,
    json: Value,
}

impl Bad<'_> {
    /// Changes what is signed, and signs again.
    fn resign(&mut self, change: impl FnOnce(&mut Signed)) {
        let mut signed = self.signed.clone();
        change(&mut signed);
        self.signed = self.buyer.sign_this(&signed.terms, signed.authorization);
        self.json = self.signed.payment(self.version).json;
    }

    fn accepted(&mut self, field: &str, value: Value) {
        if self.version == Version::Two {
            self.json["accepted"][field] = value;
        }
    }

    fn network(&mut self, one: &str, two: &str) {
        match self.version {
            Version::One => self.json["network"] = one.into(),
            Version::Two => self.json["accepted"]["network"] = two.into(),
        }
    }

    fn scheme(&mut self, scheme: &str) {
        match self.version {
            Version::One => self.json["scheme"] = scheme.into(),
            Version::Two => self.json["accepted"]["scheme"] = scheme.into(),
        }
    }
}

const VALUE: [&str; 2] = [
    "invalid_exact_evm_payload_authorization_value",
    "invalid_exact_evm_payload_authorization_value_mismatch",
];
const BEFORE: [&str; 2] = ["invalid_exact_evm_payload_authorization_valid_before"; 2];
const AFTER: [&str; 2] = ["invalid_exact_evm_payload_authorization_valid_after"; 2];
const SIGNATURE: [&str; 2] = ["invalid_exact_evm_payload_signature"; 2];
const RECIPIENT: [&str; 2] = ["invalid_exact_evm_payload_recipient_mismatch"; 2];
const PAYLOAD: [&str; 2] = ["invalid_payload"; 2];

/// What is wrong, the error codes of versions 1 and 2, and how it is made so (T11, T15, T16, T17).
const MISTAKES: &[(&str, [&str; 2], Spoil)] = &[
    ("one unit too little", VALUE, |bad| bad.resign(|it| it.authorization.value -= U256::from(1))),
    ("one unit too much", VALUE, |bad| bad.resign(|it| it.authorization.value += U256::from(1))),
    ("nothing at all", VALUE, |bad| bad.resign(|it| it.authorization.value = U256::ZERO)),
    ("another payee", RECIPIENT, |bad| {
        bad.resign(|it| it.authorization.to = Address::from_word(random_word()));
    }),
    ("another token's domain", SIGNATURE, |bad| {
        bad.resign(|it| it.terms.domain.asset = Address::from_word(random_word()));
    }),
    ("another token's name", SIGNATURE, |bad| {
        bad.resign(|it| it.terms.domain.name = "USD Coin".to_owned());
    }),
    ("another chain's domain", SIGNATURE, |bad| bad.resign(|it| it.terms.domain.chain_id = 8453)),
    ("another chain", ["invalid_network"; 2], |bad| bad.network("base", "eip155:8453")),
    ("no chain", ["invalid_network"; 2], |bad| bad.network("nowhere", "eip155:0")),
    ("another scheme", ["unsupported_scheme"; 2], |bad| bad.scheme("upto")),
    ("expired", BEFORE, |bad| bad.resign(|it| it.authorization.valid_before = unix_now() - 1)),
    ("about to expire", BEFORE, |bad| bad.resign(|it| it.authorization.valid_before = unix_now() + 5)),
    ("too short to be settled first", BEFORE, |bad| {
        bad.resign(|it| it.authorization.valid_before = unix_now() + 20);
    }),
    ("absurdly long", BEFORE, |bad| {
        bad.resign(|it| it.authorization.valid_before = unix_now() + 400 * 86_400);
    }),
    ("not valid yet", AFTER, |bad| bad.resign(|it| it.authorization.valid_after = unix_now() + 600)),
    ("somebody else's signature", SIGNATURE, |bad| {
        let forged = Buyer::new().sign_this(&bad.signed.terms, bad.signed.authorization).signature;
        bad.json["payload"]["signature"] = hex::encode_prefixed(forged).into();
    }),
    ("a signature of zeros", SIGNATURE, |bad| {
        bad.json["payload"]["signature"] = hex::encode_prefixed([0; 65]).into();
    }),
    ("a signature of ones", SIGNATURE, |bad| {
        bad.json["payload"]["signature"] = hex::encode_prefixed([0xff; 65]).into();
    }),
    ("a signature with an odd v", SIGNATURE, |bad| {
        let mut signature = bad.signed.signature;
        signature[64] = 35;
        bad.json["payload"]["signature"] = hex::encode_prefixed(signature).into();
    }),
    ("a changed nonce", SIGNATURE, |bad| {
        bad.json["payload"]["authorization"]["nonce"] = random_word().to_string().into();
    }),
    ("an amount that is no number", PAYLOAD, |bad| {
        bad.json["payload"]["authorization"]["value"] = "5e4".into();
    }),
    ("an amount that is no text", PAYLOAD, |bad| {
        bad.json["payload"]["authorization"]["value"] = json!(50_000);
    }),
    ("an amount too large for anything", PAYLOAD, |bad| {
        bad.json["payload"]["authorization"]["value"] = "9".repeat(90).into();
    }),
    ("no nonce", PAYLOAD, |bad| {
        bad.json["payload"]["authorization"].as_object_mut().unwrap().remove("nonce");
    }),
    ("no payload", PAYLOAD, |bad| {
        bad.json.as_object_mut().unwrap().remove("payload");
    }),
    ("an unknown version", ["invalid_x402_version"; 2], |bad| bad.json["x402Version"] = json!(3)),
];

/// What only a payment of version 2 can get wrong: the terms it sends back.
const MISTAKES_OF_VERSION_2: &[(&str, &str, Spoil)] = &[
    ("another token accepted", "invalid_payment_requirements", |bad| {
        bad.accepted("asset", Address::from_word(random_word()).to_string().into());
    }),
    ("another window accepted", "invalid_payment_requirements", |bad| {
        bad.accepted("maxTimeoutSeconds", json!(60));
    }),
    ("another price accepted", "invalid_exact_evm_payload_authorization_value_mismatch", |bad| {
        bad.accepted("amount", "1".into());
    }),
    ("another payee accepted", "invalid_exact_evm_payload_recipient_mismatch", |bad| {
        bad.accepted("payTo", Address::from_word(random_word()).to_string().into());
    }),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_with_one_thing_wrong_is_refused_by_its_own_code_and_stores_nothing() {
    let (stall, _) = stall().await;
    let visitor = stall.visitor();
    let buyer = funded(&stall, "1.00").await;
    let terms = visitor.terms(PATH).await;
    let both = MISTAKES.iter().flat_map(|(what, codes, spoil)| {
        [(Version::One, *what, codes[0], *spoil), (Version::Two, *what, codes[1], *spoil)]
    });
    let second = MISTAKES_OF_VERSION_2.iter().map(|(what, code, spoil)| (Version::Two, *what, *code, *spoil));
    let mut wrong = Vec::new();
    for (version, what, code, spoil) in both.chain(second) {
        let signed = buyer.sign(&terms);
        let json = signed.payment(version).json;
        let mut bad = Bad { buyer: &buyer, version, signed, json };
        spoil(&mut bad);
        let mut payment: Payment = bad.signed.payment(version);
        payment.json = bad.json;
        let answer = visitor.pay(PATH, &payment).await;
        // All at once: a table of mistakes is mended faster when all its faults are seen.
        let seen = (answer.status, if answer.status == 402 { answer.code() } else { answer.in_words() });
        if seen != (402, code.to_owned()) {
            wrong.push(format!("{what} in version {version:?}: expected {code}, got {seen:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    nothing_changed(&stall).await;
    // The table proves something only if the same payment without a mistake is accepted.
    delivered(&visitor.pay(PATH, &buyer.sign(&terms).payment(Version::Two)).await, GOODS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_that_is_no_payment_is_refused_with_fresh_terms() {
    let (stall, _) = stall().await;
    let visitor = stall.visitor();
    let buyer = funded(&stall, "1.00").await;
    let good = buyer.sign(&visitor.terms(PATH).await).payment(Version::Two);
    let nested = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let doubled = good.json.to_string().replacen("\"payload\"", "\"payload\":{},\"payload\"", 1);
    let not_payments = [
        ("not base64", "%%%".to_owned()),
        ("nothing", String::new()),
        ("base64 of noise", STANDARD.encode([0xff; 40])),
        ("half of a payment", good.header().1[..200].to_owned()),
        ("a list", STANDARD.encode("[]")),
        ("a number", STANDARD.encode("1")),
        ("deeply nested", STANDARD.encode(nested)),
        ("a field twice", STANDARD.encode(doubled)),
    ];
    for (what, value) in not_payments {
        for name in ["X-PAYMENT", "PAYMENT-SIGNATURE"] {
            let answer = visitor.try_get(PATH, &[(name, value.clone())]).await.unwrap();
            assert_eq!(answer.status, 402, "{what}: {}", answer.in_words());
            assert_eq!(answer.code(), "invalid_payload", "{what} in {name}");
        }
    }
    let other = buyer.sign(&visitor.terms(PATH).await).payment(Version::One);
    let two = visitor.try_get(PATH, &[good.header(), other.header()]).await.unwrap();
    assert_eq!((two.status, two.code().as_str()), (402, "invalid_payload"), "two different payments");
    nothing_changed(&stall).await;
}

/// T70, T71.
#[tokio::test(flavor = "multi_thread")]
async fn a_giant_header_is_refused_and_the_stall_sells_on() {
    let (stall, _) = stall().await;
    for size in [17 << 10, 33 << 10, 1 << 20] {
        let request = format!(
            "GET {PATH} HTTP/1.1\r\nHost: localhost\r\nPAYMENT-SIGNATURE: {}\r\nConnection: close\r\n\r\n",
            "A".repeat(size)
        );
        let answer = exchange(stall.url(), request.as_bytes()).await;
        let refused = answer.starts_with("HTTP/1.1 431") || answer.starts_with("HTTP/1.1 402");
        // A connection that is closed while much is still coming may lose the answer on its way.
        assert!(refused || (size > 33 << 10 && answer.is_empty()), "{size} bytes: {answer:.200}");
    }
    nothing_changed(&stall).await;
    let buyer = funded(&stall, "1.00").await;
    crate::shared::buy(&stall, &buyer).await;
}

/// T27: nothing is guessed, decoded or joined: only the published path leads to the file.
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_path_or_method_is_refused_with_or_without_a_payment() {
    let (stall, _) = stall().await;
    let visitor = stall.visitor();
    let buyer = funded(&stall, "1.00").await;
    let payment = buyer.sign(&visitor.terms(PATH).await).payment(Version::Two);
    for path in ["/good", "/goods/", "/GOODS", "/goods.bin", "/%67oods", "/a/../goods", "//goods"] {
        for headers in [vec![], vec![payment.header()]] {
            let request = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
            let request: String = request.collect();
            // Sent as it stands: clients tidy paths up before they send them.
            let request =
                format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{request}\r\n");
            let answer = exchange(stall.url(), request.as_bytes()).await;
            assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer:.200}");
        }
    }
    // The stall's own page takes no money.
    assert_eq!(visitor.pay("/", &payment).await.status, 200);
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        let answer = visitor.request(method, PATH, &[payment.header()]).await.unwrap();
        assert_eq!(answer.status, 405, "{method}: {}", answer.in_words());
    }
    // Asking for the headers alone never pays.
    let head = visitor.request("HEAD", PATH, &[payment.header()]).await.unwrap();
    assert_eq!(head.status, 402);
    nothing_changed(&stall).await;
}

/// I14, T30: a file that is gone or different is not charged for.
#[tokio::test(flavor = "multi_thread")]
async fn a_missing_or_changed_file_is_not_sold() {
    let mut stall = Stall::start().await;
    let missing = stall.goods().join("nothing-here.pdf");
    let missing = missing.to_str().unwrap();
    let folder = stall.goods();
    for file in [missing, folder.to_str().unwrap()] {
        let ran = stall.run(&["endpoint", "add", "--file", file, "--path", "/x", "--price", "0.05"]).await;
        ran.refused();
    }
    assert_eq!(stall.cli(&["endpoint", "list"]).await["items"], json!([]));

    stall.sell("/changed", GOODS, CHARGED_EACH_TIME).await;
    stall.sell("/deleted", GOODS, CHARGED_EACH_TIME).await;
    let terms = stall.visitor().terms("/changed").await;
    let deleted = stall.visitor().terms("/deleted").await;
    let buyer = funded(&stall, "1.00").await;
    stall.close();
    std::fs::write(stall.goods().join("changed.bin"), "something else entirely").unwrap();
    std::fs::remove_file(stall.goods().join("deleted.bin")).unwrap();
    stall.open().await;
    for (path, terms) in [("/changed", terms), ("/deleted", deleted)] {
        let answer = stall.visitor().pay(path, &buyer.sign(&terms).payment(Version::Two)).await;
        assert_eq!(answer.status, 503, "{path}: {}", answer.in_words());
    }
    nothing_changed(&stall).await;
}

/// T41, T66.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_engine_on_the_same_data_folder_says_so_and_the_first_sells_on() {
    let (stall, _) = stall().await;
    let data = stall.data();
    let data = data.to_str().unwrap();
    let second = stall.run_plainly(&["serve", "--listen", "127.0.0.1:0", "--data-dir", data, "--json"]).await;
    second.refused();
    let buyer = funded(&stall, "1.00").await;
    crate::shared::buy(&stall, &buyer).await;
}

/// When the chain cannot be asked, nothing is guessed.
#[tokio::test(flavor = "multi_thread")]
async fn without_an_answer_of_the_node_a_sale_is_refused_for_now_and_works_later() {
    let (stall, books) = stall().await;
    let visitor = stall.visitor();
    let buyer = funded(&stall, "1.00").await;
    let payment = buyer.sign(&visitor.terms(PATH).await).payment(Version::Two);
    let [node] = node_of(&stall.data())[..] else { panic!("one node runs for the stall") };

    freeze(node);
    let answer = visitor.pay(PATH, &payment).await;
    let preview = stall.run(&["settle", "--dry-run"]);
    let preview = tokio::time::timeout(Duration::from_secs(60), preview).await;
    thaw(node);
    assert_eq!(answer.status, 503, "{}", answer.in_words());
    assert!(answer.header("retry-after").is_some(), "{}", answer.in_words());
    assert_ne!(answer.body, GOODS);
    assert!(preview.is_ok(), "a command without a node ends");
    nothing_changed(&stall).await;

    delivered(&visitor.pay(PATH, &payment).await, GOODS);
    assert_eq!(stall.settle().await.code, 0);
    assert_eq!(books.agree(&stall).await, U256::from(integration::UNITS));
}

/// The same on a network of the seller's own choice that nobody answers for.
#[tokio::test(flavor = "multi_thread")]
async fn on_a_network_that_nobody_answers_for_nothing_is_priced_or_settled() {
    let mut stall = Stall::closed(Environment::Test);
    stall.open().await;
    let payout = Buyer::new().address().to_string();
    let set = async |rpc: &str, pay_to: &str| {
        stall.run(&["network", "set", "eip155:84532", "--rpc", rpc, "--pay-to", pay_to]).await
    };
    assert_eq!(set("not a url", &payout).await.refused(), "invalid_request");
    assert_eq!(set("http://127.0.0.1:9", "0x12").await.refused(), "invalid_request");
    assert_eq!(stall.cli(&["status"]).await["networks"], json!([]));
    assert_eq!(stall.run(&["settle"]).await.refused(), "unavailable");

    // A node that is away may come back, so it is kept, and said to be away.
    let network = set("http://127.0.0.1:9", &payout).await.succeeded();
    assert_eq!(network["ready"], false, "{network}");
    assert!(network["waitingFor"].as_str().is_some_and(|why| why.len() > 10), "{network}");
    let file = stall.goods().join("goods.bin");
    std::fs::write(&file, GOODS).unwrap();
    let file = file.to_str().unwrap();
    let added = stall.run(&["endpoint", "add", "--file", file, "--path", "/x", "--price", "0.05"]).await;
    assert_eq!(added.refused(), "unavailable");
    assert_eq!(stall.cli(&["endpoint", "list"]).await["items"], json!([]));
    assert_eq!(stall.run(&["settle", "--wait"]).await.refused(), "unavailable");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_makes_no_sense_is_refused_by_its_own_code_and_changes_nothing() {
    let stall = Stall::start().await;
    let file = stall.goods().join("goods.bin");
    std::fs::write(&file, GOODS).unwrap();
    let file = file.to_str().unwrap();
    let add = |path: &'static str, price: &'static str| {
        vec!["endpoint", "add", "--file", file, "--path", path, price]
    };
    stall.cli(&add("/taken", "--price=0.05")).await;
    let before = stall.cli(&["endpoint", "list"]).await;
    let nowhere = "00000000-0000-4000-8000-000000000000";
    let nonsense: Vec<Vec<&str>> = vec![
        add("/a", "--price=0"),
        add("/a", "--price=-1"),
        add("/a", "--price=free"),
        add("/a", "--price=0.0000001"),
        add("/a", "--price=99999999999999999999"),
        add("no-slash", "--price=0.05"),
        add("/a/../b", "--price=0.05"),
        add("/taken", "--price=0.05"),
        vec!["endpoint", "show", nowhere],
        vec!["endpoint", "show", "/nowhere"],
        vec!["endpoint", "set-price", "/nowhere", "0.05"],
        vec!["endpoint", "remove", "/nowhere"],
        vec!["payment", "show", nowhere],
        vec!["batch", "show", "12345"],
        vec!["payment", "list", "--state", "paid"],
        vec!["practice", "fund", "0x12", "1.00"],
        vec!["practice", "fund", "0x000000000000000000000000000000000000dEaD", "lots"],
        vec!["settings", "set", "no-such-setting", "1"],
    ];
    for arguments in &nonsense {
        stall.run(arguments).await.refused();
    }
    let nowhere = stall.run(&["practice", "buy", "/nowhere"]).await;
    assert_eq!(nowhere.code, 3, "nothing is sold there: {}", nowhere.in_words());
    assert!(nowhere.in_words().contains("Nothing is sold at /nowhere"), "{}", nowhere.in_words());
    assert_eq!(stall.cli(&["endpoint", "list"]).await, before);
    nothing_changed(&stall).await;
}
