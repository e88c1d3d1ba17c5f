use std::fmt;
use std::str::FromStr;

use crate::Part;

/// The one spelling of an endpoint's path.
///
/// The gate and the delivery share it, and a request in any other spelling is simply unknown: nothing
/// is decoded, folded or tidied up on the way in, so there is no second spelling that could slip past
/// the price (T27). Segments hold ASCII letters, digits and `- . _ ~`, never a lone `.` or `..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CanonicalPath(String);

/// Why a text is not a path that can be sold at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// It does not begin with a slash, or is nothing but one.
    #[error("a path begins with a slash and names something, such as /guide")]
    NoName,
    /// A segment is empty: two slashes in a row, or one at the end.
    #[error("a path has no empty parts: no double slash, no slash at the end")]
    EmptySegment,
    /// A segment is `.` or `..`.
    #[error("a path has no . or .. parts")]
    DotSegment,
    /// A character outside the allowed ones.
    #[error("a path is made of letters a-z and A-Z, digits and - . _ ~; {0:?} is none of them")]
    Character(char),
    /// Longer than 512 bytes.
    #[error("a path has at most 512 characters")]
    TooLong,
    /// A path that the product keeps for itself.
    #[error("paths under /.well-known and /.stallkeeper are kept for Stallkeeper itself")]
    Reserved,
}

const LONGEST: usize = 512;

impl CanonicalPath {
    /// The path, beginning with a slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where a part of what is sold here is reached.
    ///
    /// # Errors
    /// When that would be too long.
    pub fn below(&self, part: &Part) -> Result<Self, PathError> {
        if part.is_whole() { Ok(self.clone()) } else { format!("{self}/{part}").parse() }
    }
}

impl FromStr for CanonicalPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        if text.len() > LONGEST {
            return Err(PathError::TooLong);
        }
        let name = text.strip_prefix('/').filter(|name| !name.is_empty()).ok_or(PathError::NoName)?;
        for segment in name.split('/') {
            match segment {
                "" => return Err(PathError::EmptySegment),
                "." | ".." => return Err(PathError::DotSegment),
                _ => {}
            }
            let allowed = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~');
            if let Some(wrong) = segment.chars().find(|c| !allowed(c)) {
                return Err(PathError::Character(wrong));
            }
        }
        if matches!(name.split('/').next(), Some(".well-known" | ".stallkeeper")) {
            return Err(PathError::Reserved);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for CanonicalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_path_is_kept_to_the_letter() {
        for path in ["/guide", "/a/b/c.pdf", "/Stems_2026/kick-01.wav", "/~ada", "/a..b"] {
            assert_eq!(path.parse::<CanonicalPath>().unwrap().as_str(), path);
        }
    }

    #[test]
    fn a_part_is_reached_below_the_whole() {
        let stems: CanonicalPath = "/stems".parse().unwrap();
        assert_eq!(
            stems.below(&"drums/kick.wav".parse().unwrap()).unwrap().as_str(),
            "/stems/drums/kick.wav"
        );
        assert_eq!(stems.below(&Part::WHOLE).unwrap(), stems);
        assert_eq!(stems.below(&"a".repeat(510).parse().unwrap()), Err(PathError::TooLong));
    }

    #[test]
    fn every_other_spelling_is_refused_with_its_reason() {
        for (text, why) in [
            ("", PathError::NoName),
            ("/", PathError::NoName),
            ("guide", PathError::NoName),
            ("//guide", PathError::EmptySegment),
            ("/guide/", PathError::EmptySegment),
            ("/a//b", PathError::EmptySegment),
            ("/./guide", PathError::DotSegment),
            ("/a/../guide", PathError::DotSegment),
            ("/%67uide", PathError::Character('%')),
            ("/guide;v=1", PathError::Character(';')),
            ("/guide?x", PathError::Character('?')),
            ("/a\\b", PathError::Character('\\')),
            ("/gu\u{0131}de", PathError::Character('\u{0131}')),
            ("/a b", PathError::Character(' ')),
            ("/.well-known/x402", PathError::Reserved),
            ("/.stallkeeper/x", PathError::Reserved),
        ] {
            assert_eq!(text.parse::<CanonicalPath>(), Err(why), "{text:?}");
        }
        assert_eq!(format!("/{}", "a".repeat(512)).parse::<CanonicalPath>(), Err(PathError::TooLong));
    }
}
