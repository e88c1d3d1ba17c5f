use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A program whose answers are sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Where it is asked, such as `http://127.0.0.1:3000/api`. What matches the pattern is put behind it.
    pub upstream: String,
    /// Whether the seller allowed it to be on another computer.
    pub is_remote: bool,
    /// What follows the endpoint's path.
    pub pattern: Pattern,
    /// What may be asked, each method once, in the order of [`Method::ALL`].
    pub methods: Vec<Method>,
    /// The buyer's headers that reach it, in lower case, beside those that describe the body.
    pub request_headers: Vec<HeaderName>,
    /// Its headers that reach the buyer, in lower case, beside those that describe the body.
    pub answer_headers: Vec<HeaderName>,
    /// The longest body that reaches it, in bytes.
    pub longest_request: u32,
    /// The longest answer that is kept until its payment is settled, in bytes.
    pub longest_answer: u32,
    /// How long it may take to begin its answer, and between two parts of it.
    pub patience: Patience,
}

/// A method a service may be asked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Read something.
    Get,
    /// Do something.
    Post,
    /// Put something in its place.
    Put,
    /// Change something.
    Patch,
    /// Remove something.
    Delete,
}

/// The text is no method that can be sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a method is GET, POST, PUT, PATCH or DELETE")]
pub struct MethodError;

impl Method {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// As it stands in a request.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Method {
    type Err = MethodError;

    fn from_str(text: &str) -> Result<Self, MethodError> {
        Self::ALL.into_iter().find(|method| method.as_str() == text).ok_or(MethodError)
    }
}

/// What follows an endpoint's path in the requests it answers: nothing, or segments behind slashes, each of them
/// as it is written, `{name}` for any one segment, or at the end `{*name}` for one or more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pattern(String);

/// The text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a pattern is empty, or made of parts behind slashes such as /today, /{{city}} or, at its end, /{{*rest}}; \
     names have letters a-z, digits and _"
)]
pub struct PatternError;

impl Pattern {
    const LONGEST: usize = 256;

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let parts = text.strip_prefix('/').filter(|_| text.len() <= Self::LONGEST).ok_or(PatternError)?;
        let mut names: Vec<&str> = Vec::new();
        let mut parts = parts.split('/').peekable();
        while let Some(part) = parts.next() {
            let is_last = parts.peek().is_none();
            if let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                let name = if is_last { name.strip_prefix('*').unwrap_or(name) } else { name };
                let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
                if name.is_empty() || !name.bytes().all(letter) || names.contains(&name) {
                    return Err(PatternError);
                }
                names.push(name);
            } else if format!("/{part}").parse::<crate::CanonicalPath>().is_err() {
                return Err(PatternError);
            }
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of a header that may pass, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HeaderName(String);

/// The text is no header that may pass.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderNameError {
    /// No header is spelled like that.
    #[error("{0:?} is not the name of a header")]
    NoHeader(String),
    /// It belongs to the connection, to the payment, or is written by us.
    #[error("the header {0} is never passed on")]
    Kept(String),
}

impl HeaderName {
    /// Headers that mean one connection only, that we write ourselves, or that pay.
    const KEPT: [&str; 24] = [
        "connection",
        "content-length",
        "expect",
        "forwarded",
        "host",
        "keep-alive",
        "payment-required",
        "payment-response",
        "payment-signature",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "set-cookie",
        "sign-in-with-x",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-payment",
        "x-payment-response",
    ];
    const LONGEST: usize = 64;

    /// In lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for HeaderName {
    type Err = HeaderNameError;

    fn from_str(text: &str) -> Result<Self, HeaderNameError> {
        let name = text.to_ascii_lowercase();
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        if !(1..=Self::LONGEST).contains(&name.len()) || !name.bytes().all(allowed) {
            return Err(HeaderNameError::NoHeader(text.chars().take(Self::LONGEST).collect()));
        }
        if Self::KEPT.contains(&name.as_str()) {
            return Err(HeaderNameError::Kept(name));
        }
        Ok(Self(name))
    }
}

impl fmt::Display for HeaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How long a service may keep a buyer waiting: 1 to 600 seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Patience(u16);

impl Patience {
    /// Unless the seller says otherwise.
    pub const DEFAULT: Self = Self(30);

    /// From seconds.
    pub const fn from_seconds(seconds: u16) -> Option<Self> {
        if seconds >= 1 && seconds <= 600 { Some(Self(seconds)) } else { None }
    }

    /// In seconds.
    pub const fn seconds(self) -> u16 {
        self.0
    }

    /// As a length of time.
    pub const fn duration(self) -> Duration {
        Duration::from_secs(self.0 as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_kept_as_it_was_written_or_refused() {
        for pattern in ["", "/today", "/{city}", "/{city}/days/{day}", "/{*rest}", "/v1/{*rest}"] {
            assert_eq!(pattern.parse::<Pattern>().unwrap().as_str(), pattern);
        }
        for wrong in [
            "/",
            "today",
            "/{}",
            "/{City}",
            "/{a}/{a}",
            "/{*rest}/x",
            "/a{b}",
            "/..",
            "//",
            "/a?b",
            "/{a",
            "/%41",
        ] {
            assert_eq!(wrong.parse::<Pattern>(), Err(PatternError), "{wrong}");
        }
    }

    #[test]
    fn headers_that_pay_or_belong_to_the_connection_never_pass() {
        assert_eq!("Accept-Language".parse::<HeaderName>().unwrap().as_str(), "accept-language");
        for kept in ["Host", "x-payment", "Payment-Signature", "Transfer-Encoding", "X-Forwarded-For"] {
            assert!(matches!(kept.parse::<HeaderName>(), Err(HeaderNameError::Kept(_))), "{kept}");
        }
        for wrong in ["", "a b", "a:b", "a\r\nb"] {
            assert!(matches!(wrong.parse::<HeaderName>(), Err(HeaderNameError::NoHeader(_))), "{wrong:?}");
        }
    }
}
