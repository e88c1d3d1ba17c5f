//! A folder that is to be sold: which of its files, and what they are.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use alloy_primitives::B256;
use domain::{Content, Folder, Member, Part, PublishedFile, SoldAs};
use sha2::{Digest as _, Sha256};

use crate::archive::{self, Layout};
use crate::content::{Problem, blocking};
use crate::open_file::OpenFile;
use crate::publish::{InspectError, media_type};

/// As many files as a folder may have. Each is kept open while it is sold.
pub const MOST_FILES: usize = 1_000;

/// How deep its folders may lie within each other.
const DEEPEST: usize = 16;

/// Beginnings and ends of names that keys and passwords usually have (T75).
const SECRET_NAMES: [&str; 8] =
    ["id_rsa", "id_ed25519", "id_ecdsa", "id_dsa", "keystore", "credentials", "secrets", "wallet"];
const SECRET_ENDINGS: [&str; 7] = ["pem", "key", "p12", "pfx", "kdbx", "jks", "keystore"];

/// A folder that may be sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectedFolder {
    /// What is sold.
    pub folder: Folder,
    /// What was left out, by its name in the folder, and why.
    pub left_out: Vec<(String, LeftOut)>,
}

/// Why a file of a folder is not sold with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// Its name, or that of a folder around it, begins with a dot.
    Hidden,
    /// Its name is one that keys and passwords usually have.
    LooksSecret,
    /// It is a link, a pipe or something else that is no file.
    NotAFile,
    /// Nothing is in it.
    Empty,
    /// It belongs to the stall itself.
    OwnData,
}

/// Whether a folder's files are sold one by one or together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// One by one.
    Files,
    /// Together.
    Archive,
}

impl From<InspectedFolder> for Content {
    fn from(inspected: InspectedFolder) -> Self {
        Self::Folder(inspected.folder)
    }
}

/// Reads every file of a folder through before it is published.
///
/// Links are never followed (T74), what is hidden or looks like a key is left out (T75), and so is whatever lies in
/// `data_folder`. `before` are the files it had when it was published before: each keeps the part at which it is reached,
/// because prices and what people own follow the part.
///
/// # Errors
/// Says why the folder cannot be sold.
pub async fn inspect_folder(
    path: &Path,
    data_folder: &Path,
    packing: Packing,
    before: &[Member],
) -> Result<InspectedFolder, InspectError> {
    let given = path.display().to_string();
    let failed = |problem| InspectError::File { path: given.clone(), problem };
    let (root, found) = sellable(path, data_folder).await?;
    let left_out = found.left_out;
    let unread = |Unread(path, problem)| InspectError::File { path, problem };
    let parts = Parts::kept(before);
    let (members, archive) =
        blocking(move || Ok(read(found.files, packing, parts))).await.map_err(failed)?.map_err(unread)?;
    let sold_as = archive.map_or(SoldAs::Files, |sha256| SoldAs::Archive { sha256 });
    Ok(InspectedFolder { folder: Folder { path: root, sold_as, members: members.into() }, left_out })
}

/// What can be said of a folder at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderGlance {
    /// Where it really is.
    pub path: String,
    /// How many of its files would be sold.
    pub files: usize,
    /// Their lengths together.
    pub bytes: u64,
    /// What would be left out, by its name in the folder, and why.
    pub left_out: Vec<(String, LeftOut)>,
}

/// The same without reading its files through, which may take long.
///
/// # Errors
/// Says why the folder cannot be sold.
pub async fn glance_folder(path: &Path, data_folder: &Path) -> Result<FolderGlance, InspectError> {
    let (path, Found { files, bytes, left_out, .. }) = sellable(path, data_folder).await?;
    Ok(FolderGlance { path, files: files.len(), bytes, left_out })
}

/// Where the folder really is, and what is in it, if that can be sold.
async fn sellable(path: &Path, data_folder: &Path) -> Result<(String, Found), InspectError> {
    let given = path.display().to_string();
    let (path, data_folder) = (path.to_owned(), data_folder.to_owned());
    let found = blocking(move || find(&path, &data_folder)).await;
    let found = found.map_err(|problem| InspectError::File { path: given.clone(), problem })?;
    if found.files.is_empty() {
        return Err(InspectError::NothingToSell(given));
    }
    if found.files.len() > MOST_FILES {
        return Err(InspectError::TooManyFiles { path: given, most: MOST_FILES });
    }
    match found.root.to_str().map(str::to_owned) {
        Some(root) => Ok((root, found)),
        None => Err(InspectError::NotUnicode(given)),
    }
}

struct Found {
    root: PathBuf,
    files: Vec<(String, PathBuf)>,
    bytes: u64,
    left_out: Vec<(String, LeftOut)>,
}

fn find(path: &Path, data_folder: &Path) -> Result<Found, Problem> {
    let metadata = path.symlink_metadata().map_err(|error| Problem::unreadable(&error))?;
    if metadata.is_symlink() {
        return Err(Problem::SymbolicLink);
    }
    if !metadata.is_dir() {
        return Err(Problem::NotAFolder);
    }
    let root = path.canonicalize().map_err(|error| Problem::unreadable(&error))?;
    let own = data_folder.canonicalize().ok();
    let mut found = Found { root: root.clone(), files: Vec::new(), bytes: 0, left_out: Vec::new() };
    let mut walk =
        walkdir::WalkDir::new(&root).follow_links(false).max_depth(DEEPEST).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        let entry = entry.map_err(|error| match error.into_io_error() {
            Some(error) => Problem::unreadable(&error),
            None => Problem::NotAFolder,
        })?;
        if entry.depth() == 0 {
            continue;
        }
        let name = name_in(&root, entry.path());
        let last = entry.file_name().to_string_lossy();
        let length = || entry.metadata().map(|metadata| metadata.len()).ok();
        let reason = if own.as_deref().is_some_and(|own| entry.path().starts_with(own)) {
            Some(LeftOut::OwnData)
        } else if last.starts_with('.') {
            Some(LeftOut::Hidden)
        } else if entry.file_type().is_dir() {
            continue;
        } else if looks_secret(&last) {
            Some(LeftOut::LooksSecret)
        } else if !entry.file_type().is_file() {
            Some(LeftOut::NotAFile)
        } else {
            (length() == Some(0)).then_some(LeftOut::Empty)
        };
        match reason {
            Some(reason) => {
                if entry.file_type().is_dir() {
                    walk.skip_current_dir();
                }
                found.left_out.push((name, reason));
            }
            None => {
                found.bytes += length().unwrap_or(0);
                found.files.push((name, entry.into_path()));
            }
        }
        // One more than can be sold is enough to refuse them.
        if found.files.len() > MOST_FILES {
            break;
        }
    }
    Ok(found)
}

/// Its names below the root, parted by slashes.
fn name_in(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let names: Vec<_> = below.iter().map(|name| name.to_string_lossy()).collect();
    names.join("/")
}

fn looks_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_called = |secret: &&str| {
        name.strip_prefix(*secret).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    };
    SECRET_ENDINGS.contains(&ending) || SECRET_NAMES.iter().any(is_called)
}

/// A file that could not be read, by its path.
struct Unread(String, Problem);

fn read(
    files: Vec<(String, PathBuf)>,
    packing: Packing,
    mut parts: Parts,
) -> Result<(Vec<Member>, Option<B256>), Unread> {
    let mut read = Vec::with_capacity(files.len());
    for (name, path) in files {
        let told = |problem| Unread(path.display().to_string(), problem);
        let file = OpenFile::open(&path).map_err(told)?;
        let (sha256, crc32) = file.sums().map_err(told)?;
        let file_name = path.file_name().and_then(|name| name.to_str());
        let (Some(path_text), Some(file_name)) = (path.to_str(), file_name) else {
            return Err(told(Problem::NotUnicode));
        };
        let published = PublishedFile {
            path: path_text.to_owned(),
            file_name: file_name.to_owned(),
            media_type: media_type(file_name).to_owned(),
            bytes: file.identity().bytes(),
            sha256,
        };
        read.push((Member { part: parts.of(&name), name, file: published, crc32 }, file));
    }
    // The store gives them back in this order, and an archive's bytes follow it.
    read.sort_by(|(a, _), (b, _)| a.part.cmp(&b.part));
    let (members, files): (Vec<Member>, Vec<OpenFile>) = read.into_iter().unzip();
    let archive = match packing {
        Packing::Files => None,
        Packing::Archive => {
            let mut hash = Sha256::new();
            archive::read_through(&Layout::of(&members), &files, |block| hash.update(block))
                .map_err(|problem| Unread(String::new(), problem))?;
            Some(B256::from_slice(&hash.finalize()))
        }
    };
    Ok((members, archive))
}

/// Where files are reached.
struct Parts {
    kept: HashMap<String, Part>,
    taken: HashSet<Part>,
}

impl Parts {
    fn kept(before: &[Member]) -> Self {
        let kept: HashMap<_, _> =
            before.iter().map(|member| (member.name.clone(), member.part.clone())).collect();
        Self { taken: kept.values().cloned().collect(), kept }
    }

    /// Where a file of this name is reached: where it was before, else at its letters and digits, everything between them
    /// as a dash, and a number where something else is or was reached alike.
    fn of(&mut self, name: &str) -> Part {
        if let Some(part) = self.kept.get(name) {
            return part.clone();
        }
        let segments: Vec<String> = name.split('/').map(slug).collect();
        let path = segments.join("/");
        let (stem, ending) = match path.rsplit_once('.') {
            Some((stem, ending)) if !ending.contains('/') && !stem.is_empty() && !stem.ends_with('/') => {
                (stem.to_owned(), format!(".{ending}"))
            }
            _ => (path.clone(), String::new()),
        };
        let numbered = (2_u64..).map(|number| format!("{stem}-{number}{ending}"));
        let mut free = std::iter::once(path).chain(numbered).filter_map(|path| path.parse::<Part>().ok());
        let part = free.find(|part| !part.is_whole() && !self.taken.contains(part)).unwrap_or_default();
        self.taken.insert(part.clone());
        part
    }
}

fn slug(segment: &str) -> String {
    let mut slug = String::with_capacity(segment.len());
    for c in segment.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '~') {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_matches('-').trim_start_matches('.').to_owned();
    if slug.is_empty() { "file".to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    async fn inspected(path: &Path, packing: Packing) -> InspectedFolder {
        inspect_folder(path, Path::new("/nowhere"), packing, &[]).await.unwrap()
    }

    fn names(folder: &InspectedFolder) -> Vec<(&str, &str)> {
        let members = folder.folder.members.iter();
        members.map(|member| (member.part.as_str(), member.name.as_str())).collect()
    }

    // T74, T75
    #[tokio::test]
    async fn what_is_hidden_secret_or_a_link_is_left_out_and_said() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for name in ["drums", ".git", "own"] {
            fs::create_dir(root.join(name)).unwrap();
        }
        let files = [
            "drums/kick 1.wav",
            "drums/kick-1.wav",
            ".env",
            ".git/config",
            "id_rsa",
            "my.pem",
            "own/x",
            "r\u{e9}.txt",
        ];
        for name in files {
            fs::write(root.join(name), "x").unwrap();
        }
        fs::write(root.join("empty"), "").unwrap();
        std::os::unix::fs::symlink("/etc/passwd", root.join("link")).unwrap();
        let read = inspect_folder(root, &root.join("own"), Packing::Files, &[]).await.unwrap();
        let expected = [
            ("drums/kick-1-2.wav", "drums/kick-1.wav"),
            ("drums/kick-1.wav", "drums/kick 1.wav"),
            ("r-.txt", "r\u{e9}.txt"),
        ];
        assert_eq!(names(&read), expected);
        let mut left_out: Vec<_> = read.left_out.iter().map(|(name, why)| (name.as_str(), *why)).collect();
        left_out.sort_by_key(|(name, _)| *name);
        assert_eq!(
            left_out,
            [
                (".env", LeftOut::Hidden),
                (".git", LeftOut::Hidden),
                ("empty", LeftOut::Empty),
                ("id_rsa", LeftOut::LooksSecret),
                ("link", LeftOut::NotAFile),
                ("my.pem", LeftOut::LooksSecret),
                ("own", LeftOut::OwnData),
            ]
        );
    }

    #[tokio::test]
    async fn who_owns_a_file_of_a_folder_owns_no_other_one_when_it_is_published_again() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str| fs::write(folder.path().join(name), name).unwrap();
        write("a (1).wav");
        write("a [1].wav");
        let before = inspected(folder.path(), Packing::Files).await.folder;
        let [first, second] = &*before.members else { panic!("{before:?}") };
        fs::remove_file(folder.path().join(&first.name)).unwrap();
        write("a {1}.wav");
        let again = inspect_folder(folder.path(), Path::new("/nowhere"), Packing::Files, &before.members)
            .await
            .unwrap();
        let part = |name: &str| again.folder.members.iter().find(|m| m.name == name).map(|m| m.part.clone());
        assert_eq!(part(&second.name), Some(second.part.clone()));
        let new = part("a {1}.wav").unwrap();
        assert!(new != first.part && new != second.part, "{new} was reached as something else");
    }

    #[tokio::test]
    async fn an_archive_has_the_same_digest_each_time_and_another_once_a_file_is_another() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.wav"), vec![1; 300_000]).unwrap();
        fs::write(folder.path().join("b.wav"), vec![2; 10]).unwrap();
        let first = inspected(folder.path(), Packing::Archive).await.folder;
        assert_eq!(inspected(folder.path(), Packing::Archive).await.folder, first);
        fs::write(folder.path().join("b.wav"), vec![3; 10]).unwrap();
        assert_ne!(inspected(folder.path(), Packing::Archive).await.folder.sold_as, first.sold_as);
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_sold_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |path: PathBuf| async move {
            inspect_folder(&path, Path::new("/nowhere"), Packing::Files, &[]).await.unwrap_err()
        };
        assert!(matches!(refused(folder.path().to_owned()).await, InspectError::NothingToSell(_)));
        fs::write(folder.path().join("file"), "x").unwrap();
        let no_folder = refused(folder.path().join("file")).await;
        assert!(matches!(no_folder, InspectError::File { problem: Problem::NotAFolder, .. }));
        for number in 0..=MOST_FILES {
            fs::write(folder.path().join(number.to_string()), "x").unwrap();
        }
        assert!(matches!(refused(folder.path().to_owned()).await, InspectError::TooManyFiles { .. }));
    }
}
