use http::HeaderMap;
use http::header::{HeaderValue, IF_RANGE, RANGE};

/// What part of the content a paid request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Span {
    /// All of it.
    Whole,
    /// The bytes from `start` up to, not including, `end`.
    Part {
        /// The first byte.
        start: u64,
        /// One past the last byte.
        end: u64,
    },
    /// Nothing there, or several parts, which are not served.
    Unsatisfiable,
}

impl Span {
    /// Reads `Range` and `If-Range` for content of `bytes` bytes with the given tag.
    ///
    /// A range in words that we do not know is ignored, as HTTP asks; one of several parts is refused,
    /// because it would let a short request ask for a long answer (T29).
    pub(crate) fn of(headers: &HeaderMap, bytes: u64, etag: &HeaderValue) -> Self {
        let mut ranges = headers.get_all(RANGE).iter();
        let Some(range) = ranges.next() else { return Self::Whole };
        if ranges.next().is_some() {
            return Self::Unsatisfiable;
        }
        // Only the strong tag can vouch for what the buyer already has.
        if headers.get(IF_RANGE).is_some_and(|tag| tag != etag) {
            return Self::Whole;
        }
        let Some(range) = range.to_str().ok().and_then(|range| range.strip_prefix("bytes=")) else {
            return Self::Whole;
        };
        if range.contains(',') {
            return Self::Unsatisfiable;
        }
        let Some((first, last)) = range.trim().split_once('-') else { return Self::Whole };
        match (number(first), number(last)) {
            (Some(Some(first)), Some(last)) => {
                let end = last.map_or(bytes, |last| last.saturating_add(1).min(bytes));
                match last {
                    Some(last) if last < first => Self::Whole,
                    _ if first >= bytes => Self::Unsatisfiable,
                    _ => Self::Part { start: first, end },
                }
            }
            (Some(None), Some(Some(0))) => Self::Unsatisfiable,
            (Some(None), Some(Some(suffix))) => {
                Self::Part { start: bytes.saturating_sub(suffix), end: bytes }
            }
            _ => Self::Whole,
        }
    }

    /// First byte and end within content of `bytes` bytes; none when there is nothing to serve.
    pub(crate) const fn bounds(self, bytes: u64) -> Option<(u64, u64)> {
        match self {
            Self::Whole => Some((0, bytes)),
            Self::Part { start, end } => Some((start, end)),
            Self::Unsatisfiable => None,
        }
    }
}

/// Digits, or nothing at all; none for anything else.
fn number(text: &str) -> Option<Option<u64>> {
    if text.is_empty() {
        return Some(None);
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| Some(text.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(range: &str, if_range: Option<&str>) -> Span {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, range.parse().unwrap());
        if let Some(tag) = if_range {
            headers.insert(IF_RANGE, tag.parse().unwrap());
        }
        Span::of(&headers, 100, &HeaderValue::from_static("\"tag\""))
    }

    #[test]
    fn one_part_is_cut_to_what_there_is() {
        for (range, start, end) in [
            ("bytes=0-0", 0, 1),
            ("bytes=0-99", 0, 100),
            ("bytes=10-", 10, 100),
            ("bytes=10-1000", 10, 100),
            ("bytes=10-99999999999999999999999", 10, 100),
            ("bytes=-1", 99, 100),
            ("bytes=-500", 0, 100),
        ] {
            assert_eq!(span(range, None), Span::Part { start, end }, "{range}");
        }
    }

    // T29
    #[test]
    fn several_parts_and_parts_beyond_the_end_are_not_served() {
        let mut many = "bytes=0-1".to_owned();
        many.push_str(&",0-1".repeat(1000));
        for range in ["bytes=0-1,4-5", "bytes=100-", "bytes=100-200", "bytes=-0", many.as_str()] {
            assert_eq!(span(range, None), Span::Unsatisfiable, "{range}");
        }
        let mut headers = HeaderMap::new();
        headers.append(RANGE, "bytes=0-1".parse().unwrap());
        headers.append(RANGE, "bytes=4-5".parse().unwrap());
        assert_eq!(Span::of(&headers, 100, &HeaderValue::from_static("\"tag\"")), Span::Unsatisfiable);
    }

    #[test]
    fn what_is_no_range_of_bytes_is_ignored() {
        for range in ["", "bytes=", "bytes=a-b", "bytes=5-1", "lines=1-2", "bytes=-", "bytes=+1-2", "bytes=1"]
        {
            assert_eq!(span(range, None), Span::Whole, "{range}");
        }
    }

    #[test]
    fn a_part_is_served_only_to_who_holds_the_same_content() {
        assert_eq!(span("bytes=1-", Some("\"tag\"")), Span::Part { start: 1, end: 100 });
        for tag in ["\"other\"", "W/\"tag\"", "Wed, 21 Oct 2015 07:28:00 GMT"] {
            assert_eq!(span("bytes=1-", Some(tag)), Span::Whole, "{tag}");
        }
    }
}
