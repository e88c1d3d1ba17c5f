//! What must hold for any bytes where strangers write them: in the header of a range, a query, a path, a download link.
//! Shared by the fuzz targets, each of which uses a part, and by the crate's tests, which run the corpus through it on every
//! build.

use domain::{Amount, CanonicalPath};
use http::header::{HeaderMap, HeaderValue, RANGE};
use wallet::GrantKey;

use crate::choice::Choice;
use crate::range::Span;

/// The key that made the links of the corpus.
pub(crate) const GRANT_KEY: [u8; 32] = [7; 32];

/// Takes the bytes as a range of contents of several lengths. Says whether it is a part of any.
///
/// # Panics
/// When a part is served that is not there or that the same bytes do not name.
pub(crate) fn check_range(bytes: &[u8]) -> bool {
    let Ok(value) = HeaderValue::from_bytes(bytes) else { return false };
    let tag = HeaderValue::from_static("\"tag\"");
    let headers = HeaderMap::from_iter([(RANGE, value)]);
    let mut any = false;
    for length in [0, 1, 100, 1 << 40, u64::MAX] {
        let span = Span::of(&headers, length, &tag);
        let Some((start, end)) = span.bounds(length) else { continue };
        assert!(start <= end && end <= length, "{span:?} of {length}");
        let Span::Part { .. } = span else { continue };
        any = true;
        assert!(start < end || length == 0, "{span:?} of {length} is empty");
        // Read once more, in another way.
        let text = std::str::from_utf8(bytes).expect("a range that is served is text");
        let (first, last) = text["bytes=".len()..].trim().split_once('-').expect("two numbers");
        let number = |text: &str| text.parse::<u128>().unwrap_or(u128::MAX);
        let length = u128::from(length);
        let expected = match (first, last) {
            ("", last) => (length.saturating_sub(number(last)), length),
            (first, "") => (number(first), length),
            (first, last) => (number(first), number(last).saturating_add(1).min(length)),
        };
        assert_eq!((u128::from(start), u128::from(end)), expected, "{text} of {length}");
    }
    any
}

/// Takes the bytes as a query. Says whether it chooses a price.
///
/// # Panics
/// When a choice is read that the query does not make exactly once.
pub(crate) fn check_query(bytes: &[u8]) -> bool {
    let Ok(query) = std::str::from_utf8(bytes) else { return false };
    let named = |key: &str| query.split('&').filter(|pair| pair.split('=').next() == Some(key)).count();
    let (codes, amounts) = (named("code"), named("pay"));
    let says = |key: &str, value: &str| {
        let written = format!("{key}={value}");
        query.split('&').any(|pair| pair == written || (value.is_empty() && pair == key))
    };
    match Choice::of(Some(query)) {
        Choice::Everybody => assert_ne!(codes + amounts, 1, "{query:?} chooses"),
        Choice::Code(code) => {
            assert!((codes, amounts) == (1, 0) && says("code", code), "{query:?}: {code:?}");
        }
        Choice::Own(amount) => {
            assert!((codes, amounts) == (0, 1) && says("pay", amount), "{query:?}: {amount:?}");
            if let Ok(read) = Amount::from_decimal(amount, 6) {
                assert_eq!(u128::from(read.atomic()), millionths(amount), "{amount:?}");
            }
        }
    }
    codes + amounts == 1
}

/// An amount that was read, read once more in another way.
fn millionths(amount: &str) -> u128 {
    let mut places = amount.bytes().skip_while(|byte| *byte != b'.').skip(1).count();
    let digits = amount.bytes().filter(u8::is_ascii_digit);
    let mut sum = digits.fold(0, |sum: u128, digit| sum * 10 + u128::from(digit - b'0'));
    while places < 6 {
        sum *= 10;
        places += 1;
    }
    sum
}

/// Takes the bytes as a path. Says whether something can be sold there.
///
/// # Panics
/// When a path has another spelling, or one that somebody between the buyer and us would tidy up.
pub(crate) fn check_path(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    match text.parse::<CanonicalPath>() {
        Ok(path) => {
            assert_eq!(path.as_str(), text);
            assert!(text.len() <= 512 && text.starts_with('/') && text.is_ascii(), "{text:?}");
            for segment in text[1..].split('/') {
                assert!(!matches!(segment, "" | "." | ".."), "{text:?}");
                assert!(!segment.contains(['%', '\\', ';', '?', '#', ' ', ':', '*', '"']), "{text:?}");
            }
            assert!(!text.bytes().any(|byte| byte.is_ascii_control()), "{text:?}");
            assert!(!text.starts_with("/.stallkeeper/") && !text.starts_with("/.well-known/"), "{text:?}");
            true
        }
        Err(error) => {
            assert!(error.to_string().len() < 200, "an answer must not grow with the request: {error}");
            false
        }
    }
}

/// Takes the bytes as the end of a download link. Says whether it opens anything.
///
/// # Panics
/// When a link opens something that has another spelling, or that its key did not write.
pub(crate) fn check_grant(key: &GrantKey, bytes: &[u8]) -> bool {
    let Ok(token) = std::str::from_utf8(bytes) else { return false };
    match key.open(token, 1_800_000_000) {
        Ok(grant) => {
            assert!(grant.until > 1_800_000_000, "{grant:?}");
            assert_eq!(key.issue(grant.payment, grant.until, grant.epoch).as_str(), token);
            true
        }
        Err(error) => {
            assert!(error.to_string().len() < 200, "an answer must not grow with the request: {error}");
            false
        }
    }
}
