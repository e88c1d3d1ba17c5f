//! A shared cache between the stall and its buyers, as content networks and tunnels have one: what one buyer paid for
//! stays between the two (T28, T29).

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use integration::{Answer, Buyer, PRICE, Stall, Version, Visitor, eventually};
use tempfile::TempDir;

/// nginx with `proxy_cache` in front of a stall.
struct Cache {
    folder: TempDir,
    nginx: Child,
    url: String,
}

/// Keeps whatever it may, for each address without its query, and cuts ranges out of what it has.
const GREEDY: &str = "proxy_cache_key $uri; proxy_cache_valid any 10m; proxy_cache_use_stale error timeout updating \
                      http_500 http_503; proxy_cache_revalidate on; proxy_cache_lock on; proxy_force_ranges on;";
/// As the manual shows it.
const PLAIN: &str = "proxy_cache_valid 200 206 402 404 10m;";

impl Cache {
    async fn before(stall: &Stall, rules: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("cache-").tempdir().unwrap();
        let place = folder.path().to_str().unwrap();
        let mut nginx = None;
        // The port may be taken between the moment it was free and nginx's start.
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let url = format!("http://127.0.0.1:{port}");
            write_configuration(folder.path(), place, port, stall.url().trim_end_matches('/'), rules);
            let mut child = start(folder.path());
            let visitor = Visitor::new(&url);
            eventually("nginx listens or ends", async || {
                child.try_wait().unwrap().is_some() || visitor.try_get("/control", &[]).await.is_ok()
            })
            .await;
            if child.try_wait().unwrap().is_none() {
                nginx = Some((child, url));
                break;
            }
        }
        let said = std::fs::read_to_string(folder.path().join("error.log")).unwrap_or_default();
        let (nginx, url) = nginx.unwrap_or_else(|| panic!("nginx did not start: {said}"));
        Self { folder, nginx, url }
    }

    fn visitor(&self) -> Visitor {
        Visitor::new(&self.url)
    }

    /// Whether any file of the cache holds these bytes.
    fn keeps(&self, wanted: &[u8]) -> bool {
        fn any(folder: &Path, wanted: &[u8]) -> bool {
            std::fs::read_dir(folder).unwrap().flatten().any(|entry| {
                let path = entry.path();
                if path.is_dir() {
                    return any(&path, wanted);
                }
                let bytes = std::fs::read(path).unwrap_or_default();
                bytes.windows(wanted.len()).any(|window| window == wanted)
            })
        }
        any(&self.folder.path().join("kept"), wanted)
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        let _ = self.nginx.kill();
        let _ = self.nginx.wait();
    }
}

fn write_configuration(folder: &Path, place: &str, port: u16, stall: &str, rules: &str) {
    std::fs::create_dir_all(folder.join("public")).unwrap();
    std::fs::write(folder.join("public/control"), "anybody may keep this").unwrap();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {place}/{kind};"))
        .concat();
    let inner = format!("unix:{place}/inner");
    let configuration = format!(
        "daemon off; master_process off; worker_processes 1; pid {place}/pid; error_log {place}/error.log;
         events {{ worker_connections 256; }}
         http {{
           access_log off; {temporary}
           proxy_cache_path {place}/kept keys_zone=all:1m use_temp_path=off;
           server {{ listen {inner}; root {place}/public; expires 1h; }}
           server {{
             listen 127.0.0.1:{port};
             proxy_cache all; proxy_http_version 1.1; add_header X-Cache $upstream_cache_status always; {rules}
             location = /control {{ proxy_pass http://{inner}; }}
             location / {{ proxy_pass {stall}; }}
           }}
         }}"
    );
    std::fs::write(folder.join("nginx.conf"), configuration).unwrap();
}

fn start(folder: &Path) -> Child {
    // Debian keeps it where only root looks for programs.
    let program = ["/usr/sbin/nginx", "/usr/bin/nginx"].into_iter().find(|path| Path::new(path).is_file());
    let mut command = Command::new(program.unwrap_or("nginx"));
    command.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("nginx runs; `cargo xtask test` installs it")
}

/// Every way to ask for what somebody else has paid for.
fn thefts(bought: &Answer) -> Vec<Vec<(&'static str, String)>> {
    let tag = bought.header("etag").expect("a tag").to_owned();
    vec![
        vec![],
        vec![("Range", "bytes=0-".to_owned())],
        vec![("Range", "bytes=0-4".to_owned())],
        vec![("Range", "bytes=-5".to_owned())],
        vec![("Range", "bytes=1-2,5-6".to_owned())],
        vec![("Range", "bytes=2-".to_owned()), ("If-Range", tag.clone())],
        vec![("If-None-Match", tag.clone())],
        vec![("If-None-Match", "*".to_owned())],
        vec![("If-Match", tag)],
        vec![("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT".to_owned())],
        vec![("Cache-Control", "only-if-cached, max-stale=999999".to_owned())],
        vec![("Accept", "text/html".to_owned()), ("User-Agent", "Mozilla/5.0".to_owned())],
        vec![("PAYMENT-SIGNATURE", "e30=".to_owned())],
    ]
}

/// Buys everything through the cache, after others have asked in vain; then the same is asked for without paying.
async fn leaks_nothing(rules: &str) {
    let stall = Stall::start().await;
    let goods: &[u8] = b"only-for-those-who-paid";
    let large = goods.repeat(30_000);
    stall.sell("/small.css", goods, &[]).await;
    stall.sell("/large.bin", &large, &[]).await;
    let folder = stall.goods().join("stems");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("kick.wav"), goods).unwrap();
    let folder = folder.to_str().unwrap();
    stall.cli(&["endpoint", "add", "--folder", folder, "--path", "/stems", "--price", PRICE]).await;
    stall
        .cli(&["endpoint", "add", "--folder", folder, "--archive", "--path", "/all.zip", "--price", PRICE])
        .await;
    let text = std::str::from_utf8(goods).unwrap();
    stall.cli(&["endpoint", "add", "--text", text, "--path", "/text", "--price", PRICE]).await;
    let cache = Cache::before(&stall, rules).await;
    let between = cache.visitor();
    let buyer = Buyer::new();
    stall.fund(buyer.address(), "1.00").await;

    for path in ["/small.css", "/large.bin", "/stems/kick.wav", "/all.zip", "/text"] {
        // Others come first: an answer that is not theirs alone must not be kept for the buyer either.
        for early in [format!("/{path}"), format!("{path}?x"), format!("/x/..{path}"), path.to_owned()] {
            let answer = between.ask(&early).await;
            assert!(matches!(answer.status, 402 | 404), "{early}: {}", answer.in_words());
        }
        let signed = buyer.sign(&between.terms(path).await);
        let bought = between.pay(path, &signed.payment(Version::Two)).await;
        assert_eq!(bought.status, 200, "{path}: {}", bought.in_words());
        assert!(holds(&bought.body, goods), "{path}");
        for theft in thefts(&bought) {
            for method in ["GET", "HEAD"] {
                let answer = between.request(method, path, &theft).await.unwrap();
                let in_words = answer.in_words();
                assert_eq!(answer.status, 402, "{method} {path} with {theft:?}: {in_words}");
                assert!(!holds(&answer.body, goods), "{method} {path} with {theft:?}: {in_words}");
                assert_ne!(
                    answer.header("x-cache"),
                    Some("HIT"),
                    "{method} {path} with {theft:?}: {in_words}"
                );
            }
        }
        for near in ["/x.css", ";x.css", "%00.css", "/", "?.css", "%3f.css"] {
            let answer = between.ask(&format!("{path}{near}")).await;
            assert!(matches!(answer.status, 400 | 402 | 404), "{path}{near}: {}", answer.in_words());
            assert!(!holds(&answer.body, goods), "{path}{near}");
        }
        // A link is for who has it: it works through the cache, and nobody learns from the cache what it leads to.
        let link = between.pay_for_link(path, &signed.payment(Version::Two)).await;
        for _ in 0..2 {
            let by_link = between.ask(&link).await;
            assert_eq!((by_link.status, by_link.sha256()), (200, bought.sha256()), "{path}");
            assert_ne!(by_link.header("x-cache"), Some("HIT"), "{path}");
        }
        // A second buyer gets the goods, not what the thieves were told.
        let second = Buyer::new();
        stall.fund(second.address(), "1.00").await;
        let signed = second.sign(&between.terms(path).await);
        let again = between.pay(path, &signed.payment(Version::One)).await;
        assert_eq!((again.status, again.sha256()), (200, bought.sha256()), "{path}");
    }
    assert!(!cache.keeps(goods), "the goods lie in the cache");
    assert!(!cache.keeps(b"x402Version"), "terms lie in the cache");
    assert!(!cache.keeps(b"\"grant\""), "links lie in the cache");

    // It is a cache: what may be kept is kept.
    between.ask("/control").await;
    assert_eq!(between.ask("/control").await.header("x-cache"), Some("HIT"));
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cache_between_gives_nobody_what_another_has_paid_for() {
    leaks_nothing(PLAIN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn not_even_a_greedy_one_that_keeps_whatever_it_may() {
    leaks_nothing(GREEDY).await;
}
