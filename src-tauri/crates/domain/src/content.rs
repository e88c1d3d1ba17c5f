use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use alloy_primitives::B256;

use crate::{CanonicalPath, PathError, Service};

/// What an endpoint delivers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// One file, served from disk, never copied.
    File(PublishedFile),
    /// Every file of a folder, each at its own path or all of them as one archive.
    Folder(Folder),
    /// A short text that the product keeps itself.
    Text(Text),
    /// What a program answers, on this computer or on another one.
    Service(Service),
}

/// Which kind of content it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// [`Content::File`]
    File,
    /// [`Content::Folder`]
    Folder,
    /// [`Content::Text`]
    Text,
    /// [`Content::Service`]
    Service,
}

impl Kind {
    /// The word in the database and in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Folder => "folder",
            Self::Text => "text",
            Self::Service => "service",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::File, Self::Folder, Self::Text, Self::Service]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(())
    }
}

impl Content {
    /// Which kind it is.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::File(_) => Kind::File,
            Self::Folder(_) => Kind::Folder,
            Self::Text(_) => Kind::Text,
            Self::Service(_) => Kind::Service,
        }
    }

    /// The file that all of it is, where it is one.
    pub const fn file(&self) -> Option<&PublishedFile> {
        match self {
            Self::File(file) => Some(file),
            Self::Folder(_) | Self::Text(_) | Self::Service(_) => None,
        }
    }

    /// Every file on this computer that it is made of.
    pub fn files(&self) -> impl Iterator<Item = &PublishedFile> {
        let members = match self {
            Self::Folder(folder) => &folder.members[..],
            Self::File(_) | Self::Text(_) | Self::Service(_) => &[],
        };
        self.file().into_iter().chain(members.iter().map(|member| &member.file))
    }
}

/// A file as it was when it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedFile {
    /// Where it is on this computer: an absolute path.
    pub path: String,
    /// The name a buyer's download gets.
    pub file_name: String,
    /// Its media type.
    pub media_type: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256: what buyers are quoted and must be served (I14).
    pub sha256: B256,
}

/// A folder as it was when it was published. What was put into it since is not sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Where it is on this computer: an absolute path.
    pub path: String,
    /// How it is sold.
    pub sold_as: SoldAs,
    /// Its files, in the order of their parts, no two of the same part.
    pub members: Arc<[Member]>,
}

/// How a folder is sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SoldAs {
    /// Each file by itself, at its own path, with a list of them at the folder's.
    Files,
    /// All of it as one archive, at the folder's path.
    Archive {
        /// The archive's SHA-256, which follows from its members.
        sha256: B256,
    },
}

/// A file of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Where it is reached below the folder's path.
    pub part: Part,
    /// Where it stands in the folder, as people see it: its own names, parted by slashes.
    pub name: String,
    /// The file.
    pub file: PublishedFile,
    /// Its CRC-32, which an archive carries.
    pub crc32: u32,
}

/// A text that is sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The name a buyer's download gets.
    pub file_name: String,
    /// Its media type.
    pub media_type: String,
    /// All of it.
    pub body: Arc<str>,
    /// Its SHA-256.
    pub sha256: B256,
}

/// Which part of an endpoint a price is for, and what a payment bought: a file of a folder by its path below
/// the folder's, a method of a service by its name, or all there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part(String);

impl Part {
    /// All there is.
    pub const WHOLE: Self = Self(String::new());

    /// The part in words; empty where it is all there is.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is all there is.
    pub fn is_whole(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromStr for Part {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        if text.is_empty() {
            return Ok(Self::WHOLE);
        }
        format!("/{text}").parse::<CanonicalPath>().map(|path| Self(path.as_str()[1..].to_owned()))
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whom an offer is for: everybody, whoever names a discount code, or who chose a price of their own. It stands
/// in the query of the request that is paid for.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Everybody.
    #[default]
    Everybody,
    /// Who asks with `?code=` and this code.
    Code(String),
    /// Who asks with `?pay=` and the offer's amount.
    Own,
}

/// The text names nobody an offer could be for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a discount code has 1 to 32 letters a-z and A-Z, digits, - and _")]
pub struct AudienceError;

impl Audience {
    const CODE: &str = "code=";
    const OWN: &str = "pay";
    const LONGEST_CODE: usize = 32;

    /// Who names this code.
    ///
    /// # Errors
    /// When no code is spelled like that.
    pub fn with_code(code: &str) -> Result<Self, AudienceError> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        let fits = (1..=Self::LONGEST_CODE).contains(&code.len()) && code.bytes().all(allowed);
        if fits { Ok(Self::Code(code.to_owned())) } else { Err(AudienceError) }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everybody => Ok(()),
            Self::Code(code) => write!(f, "{}{code}", Self::CODE),
            Self::Own => f.write_str(Self::OWN),
        }
    }
}

impl FromStr for Audience {
    type Err = AudienceError;

    fn from_str(text: &str) -> Result<Self, AudienceError> {
        match text {
            "" => Ok(Self::Everybody),
            Self::OWN => Ok(Self::Own),
            _ => Self::with_code(text.strip_prefix(Self::CODE).ok_or(AudienceError)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_spelled_like_a_path_without_its_slash() {
        for part in ["", "kick.wav", "drums/kick.wav", "POST"] {
            assert_eq!(part.parse::<Part>().unwrap().as_str(), part);
        }
        for wrong in ["/kick.wav", "drums//kick.wav", "../kick.wav", "a b", "drums/"] {
            assert!(wrong.parse::<Part>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_audience_is_read_as_it_was_written() {
        for audience in [Audience::Everybody, Audience::with_code("SPRING-26").unwrap(), Audience::Own] {
            assert_eq!(audience.to_string().parse(), Ok(audience));
        }
        for wrong in ["", "two words", "a&b", &"x".repeat(33)] {
            assert_eq!(Audience::with_code(wrong), Err(AudienceError), "{wrong}");
        }
        assert_eq!("spring".parse::<Audience>(), Err(AudienceError));
    }
}
