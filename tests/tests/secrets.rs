//! The gas key is nowhere but in memory and in files that are meant to hold it (I12, T84).

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use alloy_primitives::{B256, U256, hex};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use integration::{Anvil, Buyer, Environment, Stall, Version, eventually, random_word};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, UnixListener, UnixStream};

use crate::shared::{CHARGED_EACH_TIME, GOODS, PATH};

const PASSPHRASE: &str = "for this test only";

/// Everything that went over the control socket in either direction.
type Transcript = Arc<Mutex<Vec<u8>>>;

/// Puts itself between the stall and all who ask it.
async fn listen_in(stall: &Stall) -> Transcript {
    let socket = PathBuf::from(stall.ready()["control"].as_str().unwrap());
    let behind = socket.with_extension("behind");
    std::fs::rename(&socket, &behind).unwrap();
    let listener = UnixListener::bind(&socket).unwrap();
    let transcript = Transcript::default();
    let heard = transcript.clone();
    tokio::spawn(async move {
        while let Ok((asking, _)) = listener.accept().await {
            let stall = UnixStream::connect(&behind).await.unwrap();
            let ((asked, ask), (answered, answer)) = (asking.into_split(), stall.into_split());
            tokio::spawn(pass_on(asked, answer, heard.clone()));
            tokio::spawn(pass_on(answered, ask, heard.clone()));
        }
    });
    transcript
}

async fn pass_on(
    mut from: tokio::net::unix::OwnedReadHalf,
    mut to: tokio::net::unix::OwnedWriteHalf,
    heard: Transcript,
) {
    let mut some = vec![0; 4096];
    while let Ok(read @ 1..) = from.read(&mut some).await {
        heard.lock().unwrap().extend_from_slice(&some[..read]);
        if to.write_all(&some[..read]).await.is_err() {
            return;
        }
    }
}

/// The ways in which a key could stand somewhere.
fn spellings(key: &[u8; 32]) -> Vec<Vec<u8>> {
    let mut spellings = vec![
        key.to_vec(),
        key.iter().rev().copied().collect(),
        hex::encode(key).into_bytes(),
        hex::encode_upper(key).into_bytes(),
        format!("{key:?}").trim_matches(['[', ']']).as_bytes().to_vec(),
        key.iter().map(u8::to_string).collect::<Vec<_>>().join(",").into_bytes(),
    ];
    // Base64 of a longer text shifts what is inside by up to two bytes.
    for skip in 0..3 {
        let inside = &key[skip..skip + 27];
        spellings.push(STANDARD_NO_PAD.encode(inside).into_bytes());
        spellings.push(URL_SAFE_NO_PAD.encode(inside).into_bytes());
    }
    spellings
}

/// Fails where one of the keys stands in any spelling.
fn clean(what: &str, bytes: &[u8], keys: &[B256; 2]) {
    for spelling in keys.iter().flat_map(|key| spellings(key)) {
        let found = bytes.windows(spelling.len()).any(|some| some == spelling);
        assert!(!found, "a key stands in {what}");
    }
}

/// Every file below a folder, with its bytes.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            found.extend(files(&path));
        } else if kind.is_file() {
            found.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
    found
}

/// An address of this computer by which nothing else of the test is known.
const SOMEWHERE: &str = "127.0.0.77";

/// Buys from there, and answers with all that was said.
async fn buy_from(here: &str, url: &str, header: &str) -> String {
    let there = url.trim_start_matches("http://").trim_end_matches('/');
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{here}:0").parse().unwrap()).unwrap();
    let mut stream = socket.connect(there.parse().unwrap()).await.unwrap();
    let request = format!("GET {PATH} HTTP/1.1\r\nhost: {there}\r\n{header}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

async fn sells_on(stall: &Stall, chain: &Anvil) -> String {
    let payout = Buyer::new().address().to_string();
    stall.cli(&["network", "set", "eip155:84532", "--rpc", chain.node().url(), "--pay-to", &payout]).await;
    eventually("the network", || async { stall.network().await["ready"] == true }).await;
    payout
}

#[test]
fn a_key_is_found_in_any_spelling() {
    let key = [0x5a; 32];
    let longer = [b"text before", key.as_slice(), b"and after"].concat();
    for text in [
        longer.clone(),
        format!("0x{}", hex::encode(key)).into_bytes(),
        STANDARD_NO_PAD.encode(&longer).into_bytes(),
        json!(key).to_string().into_bytes(),
    ] {
        assert!(spellings(&key).iter().any(|one| text.windows(one.len()).any(|some| some == one)));
    }
}

/// I12, T84: after all that is done with a key, it is in no file of the stall, log, message, argument or variable. T85: nor
/// does the log of a whole sale hold anybody's signature, header, key or address.
#[tokio::test(flavor = "multi_thread")]
async fn after_all_that_is_done_with_it_the_key_is_found_nowhere() {
    let mint = Buyer::new();
    let chain = Anvil::start(1, mint.address()).await;
    let mut stall = Stall::closed(Environment::Test);
    // The most that is ever logged.
    stall.variable("STALLKEEPER_LOG", "trace");
    stall.open().await;
    let transcript = listen_in(&stall).await;
    sells_on(&stall, &chain).await;

    let key = random_word();
    let wallet = Buyer::with_key(key).address();
    let path = |name: &str| stall.goods().join(name).to_str().unwrap().to_owned();
    let [theirs, passphrase, sealed, bare] = ["theirs", "passphrase", "sealed.json", "bare"].map(path);
    std::fs::write(&theirs, hex::encode(key)).unwrap();
    // The key by which a facilitator knows the seller is as secret.
    let (known_by, secret) = (random_word(), path("secret"));
    std::fs::write(&secret, STANDARD.encode(known_by)).unwrap();
    let keys = [key, known_by];
    std::fs::write(&passphrase, PASSPHRASE).unwrap();
    let mut said = Vec::new();
    let mut run = async |arguments: &[&str]| {
        let ran = stall.run(arguments).await;
        said.push(format!("{}{}", ran.stdout, ran.stderr));
        ran
    };
    let shown = run(&["wallet", "import", &theirs, "--passphrase-file", &passphrase]).await.succeeded();
    assert_eq!(shown["address"], wallet.to_string());
    chain.give_gas(wallet).await;
    for file in [&sealed, &bare] {
        assert_eq!(
            run(&["wallet", "export", file, "--word", "guess", "--bare"]).await.refused(),
            "invalid_request"
        );
    }
    let word = &wallet.to_string()[36..];
    run(&["wallet", "export", &sealed, "--word", word, "--passphrase-file", &passphrase]).await.succeeded();
    run(&["wallet", "export", &bare, "--word", word, "--bare"]).await.succeeded();
    assert_eq!(std::fs::read_to_string(&bare).unwrap().trim(), hex::encode(key));
    let facilitator = ["facilitator", "set", "eip155:84532", "http://127.0.0.1:9", "--used", "without_gas"];
    let told =
        ["--credential", "cdp", "--key-id", "k", "--secret-file", &secret, "--passphrase-file", &passphrase];
    run(&[&facilitator[..], &told].concat()).await.succeeded();
    assert_eq!(run(&["facilitator", "check", "eip155:84532"]).await.json()["ready"], false);
    run(&["facilitator", "unlock", "--passphrase-file", &passphrase]).await.succeeded();
    run(&["facilitator", "show"]).await.succeeded();
    run(&["facilitator", "remove", "eip155:84532"]).await.succeeded();
    run(&[&facilitator[..], &told].concat()).await.succeeded();
    run(&["facilitator", "remove", "eip155:84532"]).await.succeeded();
    run(&["wallet", "lock"]).await.succeeded();
    assert_eq!(run(&["settle"]).await.refused(), "locked");
    run(&["wallet", "unlock", "--passphrase-file", &passphrase]).await.succeeded();
    // The same again from a pipe, which nothing but the command itself reads.
    let piped = Command::new(format!("/proc/{}/exe", stall.pid()))
        .args(["wallet", "import", "-", "--replace", "--json", "--environment", "test"])
        .args(["--passphrase-file", &passphrase, "--data-dir", stall.data().to_str().unwrap()])
        .stdin(std::fs::File::open(&theirs).unwrap())
        .output()
        .unwrap();
    assert!(piped.status.success(), "{}", String::from_utf8_lossy(&piped.stderr));
    assert_eq!(serde_json::from_slice::<Value>(&piped.stdout).unwrap()["address"], wallet.to_string());

    stall.sell(PATH, GOODS, CHARGED_EACH_TIME).await;
    let buyer = Buyer::new();
    chain.node().mint(&[buyer.address()], U256::from(1_000_000)).await;
    let signed = buyer.sign(&stall.visitor().terms(PATH).await);
    let (name, header) = signed.payment(Version::Two).header();
    let bought = buy_from(SOMEWHERE, stall.url(), &format!("{name}: {header}")).await;
    assert!(bought.starts_with("HTTP/1.1 200 "), "{bought}");
    assert_eq!(run(&["settle", "--wait"]).await.code, 0);
    // A node whose address holds a key, and that nobody reaches.
    let node_key = hex::encode(random_word());
    let node = format!("http://127.0.0.1:9/v2/{node_key}");
    let payout = stall.network().await["payTo"].as_str().unwrap().to_owned();
    run(&["network", "set", "eip155:84532", "--rpc", &node, "--pay-to", &payout]).await;
    run(&["network", "check", "eip155:84532"]).await;
    run(&["network", "health"]).await;
    for command in [&["status"][..], &["wallet", "show"], &["batch", "list"], &["attention"]] {
        run(command).await;
    }

    let zip = path("diagnostics.zip");
    run(&["diagnostics", "save", &zip]).await.succeeded();

    let log = std::fs::read_to_string(stall.log()).unwrap();
    assert!(log.contains("127.0.0.1:9"), "nothing was logged of the node that is not there");
    let signature = hex::encode(&signed.signature[..64]);
    let private =
        [("a signature", signature.as_str()), ("a payment's header", &header), ("a node's key", &node_key)];
    for (what, text) in private.into_iter().chain([("a buyer's address on the net", SOMEWHERE)]) {
        assert!(!log.contains(text), "{what} stands in the log");
    }
    assert!(!said.concat().contains(&node_key), "a node's key was said at the command line");
    // What is kept of the log, and what a helper gets, tells not even who bought (acceptance statement 29).
    let mut kept = std::fs::read(&zip).unwrap();
    let days = std::fs::read_dir(stall.data().join("logs")).unwrap();
    kept.extend(days.flat_map(|day| std::fs::read(day.unwrap().path()).unwrap()));
    let kept = String::from_utf8_lossy(&kept).to_lowercase();
    assert!(kept.contains("log.jsonl") && kept.contains("\"level\":\"info\""), "there are no diagnostics");
    let who = hex::encode(buyer.address());
    for (what, text) in private.into_iter().chain([("a passphrase", PASSPHRASE), ("a buyer", who.as_str())]) {
        assert!(!kept.contains(&text.to_lowercase()), "{what} stands in the diagnostics");
    }

    for file in [theirs, bare, secret] {
        std::fs::remove_file(file).unwrap();
    }
    for (path, bytes) in files(stall.data().parent().unwrap()) {
        clean(&path.display().to_string(), &bytes, &keys);
    }
    clean("what was said at the command line", said.concat().as_bytes(), &keys);
    clean("what a pipe's command said", &[piped.stdout, piped.stderr].concat(), &keys);
    let transcript = transcript.lock().unwrap().clone();
    assert!(String::from_utf8_lossy(&transcript).contains("wallet_import"), "nothing was heard");
    clean("what went over the control socket", &transcript, &keys);
    for about in ["cmdline", "environ"] {
        let read = std::fs::read(format!("/proc/{}/{about}", stall.pid())).unwrap();
        assert!(!read.is_empty());
        clean(about, &read, &keys);
    }
    stall.close();
    for (path, bytes) in files(stall.data().parent().unwrap()) {
        clean(&path.display().to_string(), &bytes, &keys);
    }
}

/// I12, T84.
#[test]
fn a_crash_leaves_no_image_of_the_memory() {
    let stall = Stall::closed(Environment::Test);
    let program = std::env::current_exe().unwrap();
    let program = program.ancestors().nth(2).unwrap().join("stallkeeper");
    let mut engine = Command::new("sh")
        .args(["-c", "ulimit -c unlimited 2>/dev/null; exec \"$0\" \"$@\""])
        .arg(program)
        .args(["serve", "--listen", "127.0.0.1:0", "--environment", "test", "--data-dir"])
        .arg(stall.data())
        .current_dir(stall.goods())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut ready = String::new();
    BufReader::new(engine.stdout.take().unwrap()).read_line(&mut ready).unwrap();
    assert!(ready.contains("\"ready\":true"), "{ready}");
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", engine.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
    // Not SEGV: the runtime takes the first one for a fault of its own and looks whether it comes again.
    let killed = Command::new("kill").args(["-ABRT", &engine.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let ended = engine.wait().unwrap();
    assert!(ended.signal().is_some(), "{ended}");
    assert!(!ended.core_dumped(), "{ended}");
    assert_eq!(std::fs::read_dir(stall.goods()).unwrap().count(), 0);
}
