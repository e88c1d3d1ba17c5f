//! More than ten thousand ways to write what is sold, asked of the real program: none gives away a byte, and only the
//! one spelling leads to a price (T27).

use std::collections::HashSet;

use integration::{Buyer, PRICE, Seeded, Stall, Version};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Stands in everything that is sold here, so that one search finds any of it.
const MARK: &[u8] = b"only-for-those-who-paid";
const PATHS: [&str; 5] =
    ["/files/Guide-2.pdf", "/film.bin", "/stems/drums/kick.wav", "/all.zip", "/texts/Answer_42"];
/// Whose files are sold each by itself.
const FOLDER: &str = "/stems";
const SPELLINGS_OF_EACH: usize = 3_000;
const ASKING_AT_ONCE: usize = 8;

/// One request line, and a header line beside it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Asked {
    method: &'static str,
    target: Vec<u8>,
    version: &'static str,
    header: String,
}

/// A stall that sells a small and a large file, a folder by its files and as an archive, and a text.
async fn stall() -> Stall {
    let stall = Stall::start().await;
    stall.sell(PATHS[0], MARK, &[]).await;
    stall.sell(PATHS[1], &MARK.repeat(20_000), &[]).await;
    let folder = stall.goods().join("stems");
    std::fs::create_dir_all(folder.join("drums")).unwrap();
    std::fs::write(folder.join("drums/kick.wav"), MARK).unwrap();
    let folder = folder.to_str().unwrap();
    stall.cli(&["endpoint", "add", "--folder", folder, "--path", FOLDER, "--price", PRICE]).await;
    let archive = ["endpoint", "add", "--folder", folder, "--archive", "--path", PATHS[3], "--price", PRICE];
    stall.cli(&archive).await;
    let text = std::str::from_utf8(MARK).unwrap();
    stall.cli(&["endpoint", "add", "--text", text, "--path", PATHS[4], "--price", PRICE]).await;
    stall
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_spelling_of_anything_sold_yields_a_byte_of_it_and_only_one_leads_to_its_price() {
    let stall = stall().await;
    let authority = stall.url().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let mut random = Seeded::new(27);
    let mut spellings = HashSet::new();
    for path in PATHS {
        let enough = spellings.len() + SPELLINGS_OF_EACH;
        while spellings.len() < enough {
            spellings.insert(asked(&mut random, path, &authority));
        }
    }
    let targets: HashSet<_> = spellings.iter().map(|asked| &asked.target).collect();
    assert!(targets.len() >= 10_000, "only {} targets differ", targets.len());

    let spellings: Vec<_> = spellings.into_iter().collect();
    let share = spellings.len().div_ceil(ASKING_AT_ONCE);
    let asking = spellings.chunks(share).map(|share| ask_all(authority.clone(), share.to_vec()));
    let asking: Vec<_> = asking.map(tokio::spawn).collect();
    let mut seen = HashSet::new();
    for asking in asking {
        seen.extend(asking.await.unwrap());
    }
    // The proof is one only if what was looked for is refused in every way, and asked to be paid for where it stands.
    assert!(seen.is_superset(&HashSet::from([400, 402, 404, 405])), "{seen:?}");

    // And only if the mark is what a buyer gets.
    let buyer = Buyer::new();
    stall.fund(buyer.address(), "1.00").await;
    let visitor = stall.visitor();
    for path in PATHS {
        let signed = buyer.sign(&visitor.terms(path).await);
        let answer = visitor.pay(path, &signed.payment(Version::Two)).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.in_words());
        assert!(holds_mark(&answer.body), "{path}");
    }
    assert_eq!(stall.payments().await.len(), PATHS.len(), "whoever did not pay is not in the books");
}

/// A request that some server somewhere takes for one of `path`.
fn asked(random: &mut Seeded, path: &str, authority: &str) -> Asked {
    let method = match random.below(10) {
        0 => "HEAD",
        1 => "OPTIONS",
        2 => pick(random, &["POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT"]),
        3 => pick(random, &["get", "Get", "GETX", "PROPFIND", "COPY", "PURGE", "PRI", "SEARCH", "QUERY"]),
        _ => "GET",
    };
    let mut target = path.as_bytes().to_vec();
    for _ in 0..=random.below(3) {
        misspell(random, &mut target);
    }
    if random.below(12) == 0 {
        let before = pick(
            random,
            &[
                "http://HOST",
                "HTTP://HOST",
                "http://user@HOST",
                "http://evil.example",
                "https://HOST",
                "HOST",
            ],
        );
        target.splice(..0, before.replace("HOST", authority).into_bytes());
    }
    let version = match random.below(12) {
        0 => " HTTP/1.0",
        1 => pick(random, &["", " HTTP/2.0", " HTTP/0.9", " HTTP/1.2", " http/1.1", "  HTTP/1.1"]),
        _ => " HTTP/1.1",
    };
    let header = match random.below(14) {
        0 => "Range: bytes=0-".to_owned(),
        1 => "Range: bytes=-5".to_owned(),
        2 => "If-None-Match: *".to_owned(),
        3 => "If-Range: *\r\nRange: bytes=0-3".to_owned(),
        4 => format!("{}: {path}", pick(random, &["X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Uri"])),
        5 => "X-HTTP-Method-Override: GET".to_owned(),
        6 => "Accept: text/html\r\nUser-Agent: Mozilla/5.0".to_owned(),
        7 => "PAYMENT-SIGNATURE: e30=".to_owned(),
        8 => "X-PAYMENT: AAAA".to_owned(),
        9 => "SIGN-IN-WITH-X: e30=".to_owned(),
        10 => "Upgrade: h2c\r\nConnection: Upgrade".to_owned(),
        11 => "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: https".to_owned(),
        _ => "X-Nothing: 1".to_owned(),
    };
    Asked { method, target, version, header }
}

fn pick<'t>(random: &mut Seeded, from: &[&'t str]) -> &'t str {
    from[index(random, from.len())]
}

fn index(random: &mut Seeded, bound: usize) -> usize {
    usize::try_from(random.below(bound as u64)).unwrap()
}

/// Writes one letter, one slash, the beginning or the end in another way.
fn misspell(random: &mut Seeded, target: &mut Vec<u8>) {
    if target.is_empty() {
        target.push(b'/');
    }
    let at = index(random, target.len());
    let letter = target[at];
    match random.below(8) {
        0..=2 => drop(target.splice(at..=at, written(random, letter))),
        3 => {
            let slashes: Vec<_> = (0..target.len()).filter(|at| target[*at] == b'/').collect();
            let Some(at) = slashes.get(index(random, slashes.len().max(1))).copied() else { return };
            let other = [
                "//",
                "/./",
                "/../",
                "/x/../",
                "\\",
                "/\\",
                "%2f",
                "%2F",
                "%5c",
                "%5C",
                "%252f",
                "/%2e/",
                "/%2e%2e/",
                "/.%2e/",
                "/;/",
                "/.;/",
                "/..;/",
                ";/",
                "/%00/",
                "/%20",
                "/ ",
                "/\t",
                "%c0%af",
                "%e0%80%af",
                "%f0%80%80%af",
                "\u{2215}",
                "%e2%88%95",
                "\u{ff0f}",
                "/~/",
                "/*/",
                "/%09",
                "/%0d%0a",
                "/%u002f",
                "",
                "/.stallkeeper/../",
                "/.well-known/../",
                "?/",
                "#/",
                "/%3f/",
            ];
            drop(target.splice(at..=at, pick(random, &other).bytes()));
        }
        4 => {
            let more = pick(random, &["/", ".", ";", "%", "\\", "\0", "\u{7f}", ":", "+", "&"]).as_bytes()[0];
            target.insert(at, more);
        }
        5 => drop(target.remove(at)),
        _ => {
            let after = [
                "/",
                "//",
                "/.",
                "/..",
                "/./",
                "%2f",
                "%5c",
                "\\",
                ".",
                "..",
                "%2e",
                ";",
                ";x=1",
                ";.css",
                "%00",
                "%00.jpg",
                "%20",
                " ",
                "\t",
                "%09",
                "%0a",
                "%0d%0a",
                ".json",
                ".bak",
                ".css",
                "/x.css",
                "~",
                "::$DATA",
                ":$i30",
                "%23",
                "%3f",
                "*",
                ":",
                "/index.html",
                "$",
                "&",
                "'",
                "|",
                "^",
                "\u{e9}",
                "%c2%a0",
                "%ad",
                "?",
                "??",
                "?x=1",
                "#",
                "#x",
                "?%2e%2e",
                "%",
                "%zz",
                "%e2%80%8b",
                ".PDF",
                "%u0000",
            ];
            target.extend_from_slice(pick(random, &after).as_bytes());
        }
    }
}

/// A letter in another alphabet, case or encoding.
fn written(random: &mut Seeded, letter: u8) -> Vec<u8> {
    let overlong = [0xc0 | (letter >> 6), 0x80 | (letter & 0x3f)];
    let wide = char::from_u32(0xfee0 + u32::from(letter)).filter(|_| letter.is_ascii_graphic());
    match random.below(10) {
        0 => format!("%{letter:02x}").into_bytes(),
        1 => format!("%{letter:02X}").into_bytes(),
        2 => format!("%25{letter:02x}").into_bytes(),
        3 => format!("%u00{letter:02x}").into_bytes(),
        4 => overlong.to_vec(),
        5 => format!("%{:02x}%{:02x}", overlong[0], overlong[1]).into_bytes(),
        6 => format!("%e0%{:02x}%{:02x}", 0x80 | (letter >> 6), overlong[1]).into_bytes(),
        7 => wide.map_or_else(|| vec![letter, letter], |wide| wide.to_string().into_bytes()),
        8 => vec![letter | 0x80],
        _ if letter.is_ascii_alphabetic() => vec![letter ^ 0x20],
        _ => vec![letter, letter],
    }
}

impl Asked {
    fn bytes(&self) -> Vec<u8> {
        let Self { method, target, version, header } = self;
        let after = format!("{version}\r\nHost: localhost\r\n{header}\r\n\r\n");
        [method.as_bytes(), b" ", target, after.as_bytes()].concat()
    }

    /// What a query or fragment adds changes no path, and whoever writes the whole address (RFC 9112, 3.2.2) means the
    /// same resource.
    fn path(&self) -> String {
        let target = String::from_utf8_lossy(&self.target).into_owned();
        let end = |text: &str| text.find(['?', '#']).unwrap_or(text.len());
        let path = match target.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") || scheme == "https" => {
                let rest = &rest[..end(rest)];
                rest.find('/').map_or("/", |at| &rest[at..])
            }
            _ => &target[..end(&target)],
        };
        path.to_owned()
    }

    /// Whether it is the one spelling after all.
    fn is_canonical(&self) -> bool {
        PATHS.contains(&self.path().as_str())
    }

    /// The stall's own pages and what a folder holds are nobody's goods.
    fn is_own_page(&self) -> bool {
        let path = self.path();
        path == "/" || path == FOLDER || path.starts_with("/.")
    }
}

/// Asks one after the other and answers which statuses were seen.
async fn ask_all(authority: String, all: Vec<Asked>) -> HashSet<u16> {
    let (mut stream, mut seen) = (None, HashSet::new());
    for asked in all {
        let (raw, open) = ask(&authority, stream.take(), &asked).await;
        stream = open;
        assert!(!holds_mark(&raw), "{asked:?} gave the goods away");
        let Some((status, _)) = head(&raw) else { continue };
        seen.insert(status);
        let allowed: &[u16] = match status {
            402 if asked.is_canonical() => continue,
            200 if asked.is_own_page() => continue,
            _ => &[204, 400, 404, 405, 413, 414, 421, 431, 501, 505],
        };
        let target = String::from_utf8_lossy(&asked.target);
        assert!(allowed.contains(&status), "{asked:?} ({target}) was answered {status}");
    }
    seen
}

/// Sends on the connection that is open, or on a fresh one, and reads one answer.
async fn ask(authority: &str, stream: Option<TcpStream>, asked: &Asked) -> (Vec<u8>, Option<TcpStream>) {
    let mut stream = match stream {
        Some(stream) => stream,
        None => TcpStream::connect(authority).await.unwrap(),
    };
    // What is refused at its first line closes the connection.
    let _ = stream.write_all(&asked.bytes()).await;
    let mut raw = Vec::new();
    let mut buffer = vec![0; 16 << 10];
    loop {
        let read = stream.read(&mut buffer).await.unwrap_or(0);
        raw.extend_from_slice(&buffer[..read]);
        if read == 0 {
            return (raw, None);
        }
        let Some((status, length)) = head(&raw) else { continue };
        let closing = holds(&raw, b"connection: close") || asked.version != " HTTP/1.1" || status == 400;
        if !closing && (asked.method == "HEAD" || raw.len() >= length) {
            return (raw, Some(stream));
        }
    }
}

/// The status, and how long the answer is with its body, once its head is there.
fn head(raw: &[u8]) -> Option<(u16, usize)> {
    let end = raw.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&raw[..end]).to_ascii_lowercase();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    Some((status, end + length.unwrap_or(0)))
}

fn holds_mark(bytes: &[u8]) -> bool {
    holds(bytes, MARK)
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
