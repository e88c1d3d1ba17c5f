//! The fuzz corpus, held to the fuzz targets' own rules on every build (I15, T26, T27, T29).

use std::fs;
use std::path::Path;

use wallet::GrantKey;

use crate::oracle::{GRANT_KEY, check_grant, check_path, check_query, check_range};

/// Every file of a target's corpus is one of `kind` or a hostile one, and is read as what it says it is.
fn holds(target: &str, kind: &str, check: impl Fn(&[u8]) -> bool) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let (mut good, mut hostile) = (0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let is_good = name.starts_with(kind);
        assert!(is_good || name.starts_with("hostile-"), "{name} says not what it is");
        let bytes = fs::read(entry.path()).unwrap();
        assert_eq!(check(&bytes), is_good, "{target}/{name}");
        *(if is_good { &mut good } else { &mut hostile }) += 1;
        damaged(&bytes, &check);
    }
    assert!(good >= 3 && hostile >= 8, "{target}: {good} good ones and {hostile} hostile ones");
}

/// Every single byte changed, doubled or left out: whatever it is then, the rules hold.
fn damaged(bytes: &[u8], check: &impl Fn(&[u8]) -> bool) {
    for at in 0..bytes.len().min(80) {
        for other in [0, b' ', b'-', b'&', b'=', b'/', b'.', b'%', b'9', 0xff, bytes[at] ^ 1] {
            let mut changed = bytes.to_vec();
            changed[at] = other;
            check(&changed);
            changed.insert(at, bytes[at]);
            check(&changed);
        }
        check(&[&bytes[..at], &bytes[at + 1..]].concat());
        check(&bytes[..at]);
    }
}

#[test]
fn ranges_are_parts_of_what_is_there() {
    holds("range_header", "part-", check_range);
}

#[test]
fn queries_choose_exactly_one_price_or_none() {
    holds("price_query", "choice-", check_query);
}

#[test]
fn paths_have_one_spelling() {
    holds("request_path", "path-", check_path);
}

#[test]
fn download_links_are_the_stalls_own_to_the_letter() {
    let folder = tempfile::tempdir().unwrap();
    let key = GrantKey::open_or_create(&folder.path().join("grants.key"), GRANT_KEY).unwrap();
    holds("grant_token", "grant-", |bytes| check_grant(&key, bytes));
}
