//! A folder's files as one ZIP archive that exists only while it is read.
//!
//! Nothing is compressed and every length is known beforehand, so the archive is the same bytes each time: it has a
//! digest that can be quoted, any span of it can be asked for, and nothing of it is ever kept.

use std::io;
use std::sync::Arc;

use domain::Member;

use crate::content::Problem;
use crate::open_file::OpenFile;

/// From this length on a field of 32 bits says that the 64-bit one beside it counts.
const LARGE: u64 = 0xffff_ffff;
/// The same for counts of 16 bits.
const MANY: u64 = 0xffff;

/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
/// Made on Unix, so that the permissions count; by version 4.5, which knows long files.
const MADE_BY: u16 = (3 << 8) | 45;
const NEEDS: u16 = 45;
/// 1 January 1980: the archive says nothing about when files were written.
const DATE: u16 = (1 << 5) | 1;
/// A regular file that its owner may write and everybody may read.
const PERMISSIONS: u32 = 0o100_644 << 16;

const LOCAL_HEADER: u32 = 0x0403_4b50;
const CENTRAL_HEADER: u32 = 0x0201_4b50;
const LONG_END: u32 = 0x0606_4b50;
const LONG_END_LOCATOR: u32 = 0x0706_4b50;
const END: u32 = 0x0605_4b50;
const LONG_EXTRA: u16 = 1;

/// Which bytes stand where.
#[derive(Debug)]
pub(crate) struct Layout {
    /// What begins where, in order.
    pieces: Vec<(u64, Piece)>,
    bytes: u64,
}

#[derive(Debug)]
enum Piece {
    /// Bytes of the archive's own.
    Own(Vec<u8>),
    /// All of the member of this number.
    Member(usize),
}

impl Layout {
    pub(crate) fn of(members: &[Member]) -> Self {
        let mut layout = Self { pieces: Vec::with_capacity(members.len() * 2 + 1), bytes: 0 };
        let mut directory = Vec::new();
        for (number, member) in members.iter().enumerate() {
            let begins = layout.bytes;
            layout.own(local_header(member));
            layout.pieces.push((layout.bytes, Piece::Member(number)));
            layout.bytes += member.file.bytes;
            directory.extend(central_header(member, begins));
        }
        let begins = layout.bytes;
        let length = directory.len() as u64;
        directory.extend(end(members.len() as u64, length, begins));
        layout.own(directory);
        layout
    }

    fn own(&mut self, bytes: Vec<u8>) {
        let begins = self.bytes;
        self.bytes += bytes.len() as u64;
        self.pieces.push((begins, Piece::Own(bytes)));
    }

    /// The length of the archive.
    pub(crate) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Fills `buffer` from `offset` on; `member` reads from the member of a number.
    pub(crate) fn read<E>(
        &self,
        offset: u64,
        buffer: &mut [u8],
        mut member: impl FnMut(usize, u64, &mut [u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let first = self.pieces.partition_point(|(begins, _)| *begins <= offset).saturating_sub(1);
        let (mut at, mut left) = (offset, buffer);
        for (place, (begins, piece)) in self.pieces.iter().enumerate().skip(first) {
            let ends = self.pieces.get(place + 1).map_or(self.bytes, |(next, _)| *next);
            let within = usize::try_from(ends.saturating_sub(at)).unwrap_or(usize::MAX);
            let (now, rest) = left.split_at_mut(within.min(left.len()));
            match piece {
                Piece::Own(bytes) => {
                    let from = usize::try_from(at - begins).unwrap_or(usize::MAX);
                    for (to, byte) in now.iter_mut().zip(bytes.iter().skip(from)) {
                        *to = *byte;
                    }
                }
                Piece::Member(_) if now.is_empty() => {}
                Piece::Member(number) => member(*number, at - begins, now)?,
            }
            at += now.len() as u64;
            left = rest;
            if left.is_empty() {
                break;
            }
        }
        Ok(())
    }
}

/// An archive all of whose files are open and as they were published.
#[derive(Clone, Debug)]
pub(crate) struct OpenArchive {
    pub(crate) layout: Arc<Layout>,
    pub(crate) files: Arc<[Arc<OpenFile>]>,
}

impl OpenArchive {
    /// Fills `buffer` from `offset` on.
    pub(crate) fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<(), Problem> {
        self.layout.read(offset, buffer, |number, offset, buffer| {
            self.files.get(number).ok_or(Problem::Changed)?.read(offset, buffer)
        })
    }

    /// The same, as long as nobody has to wait for a disk.
    pub(crate) fn read_at_hand(&self, offset: u64, buffer: &mut [u8]) -> Result<bool, Problem> {
        let read = self.layout.read(offset, buffer, |number, offset, buffer| {
            let file = self.files.get(number).ok_or(Some(Problem::Changed))?;
            if file.read_at_hand(offset, buffer).map_err(Some)? { Ok(()) } else { Err(None) }
        });
        read.map_or_else(|problem| problem.map_or(Ok(false), Err), |()| Ok(true))
    }
}

struct Field(Vec<u8>);

impl Field {
    fn new(signature: u32) -> Self {
        Self(signature.to_le_bytes().to_vec())
    }

    fn two(mut self, number: u16) -> Self {
        self.0.extend(number.to_le_bytes());
        self
    }

    fn four(mut self, number: u32) -> Self {
        self.0.extend(number.to_le_bytes());
        self
    }

    fn eight(mut self, number: u64) -> Self {
        self.0.extend(number.to_le_bytes());
        self
    }

    /// In 32 bits, or the sign that the 64-bit one counts.
    fn short(self, number: u64) -> Self {
        self.four(u32::try_from(number.min(LARGE)).unwrap_or(u32::MAX))
    }

    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend(bytes);
        self
    }
}

/// The lengths that do not fit into 32 bits; none where they do.
fn long_extra(numbers: &[u64]) -> Vec<u8> {
    let long: Vec<u8> =
        numbers.iter().filter(|number| **number >= LARGE).flat_map(|number| number.to_le_bytes()).collect();
    let length = u16::try_from(long.len()).unwrap_or_default();
    if long.is_empty() {
        return long;
    }
    [LONG_EXTRA.to_le_bytes().as_slice(), &length.to_le_bytes(), &long].concat()
}

fn length(bytes: &[u8]) -> u16 {
    u16::try_from(bytes.len()).unwrap_or(u16::MAX)
}

fn local_header(Member { name, file, crc32, .. }: &Member) -> Vec<u8> {
    let extra = long_extra(&[file.bytes, file.bytes]);
    let header = Field::new(LOCAL_HEADER).two(NEEDS).two(FLAGS).two(0).two(0).two(DATE).four(*crc32);
    let header = header.short(file.bytes).short(file.bytes).two(length(name.as_bytes())).two(length(&extra));
    header.bytes(name.as_bytes()).bytes(&extra).0
}

fn central_header(Member { name, file, crc32, .. }: &Member, begins: u64) -> Vec<u8> {
    let extra = long_extra(&[file.bytes, file.bytes, begins]);
    let header = Field::new(CENTRAL_HEADER).two(MADE_BY).two(NEEDS).two(FLAGS).two(0).two(0).two(DATE);
    let header = header.four(*crc32).short(file.bytes).short(file.bytes);
    let header = header.two(length(name.as_bytes())).two(length(&extra)).two(0).two(0).two(0);
    header.four(PERMISSIONS).short(begins).bytes(name.as_bytes()).bytes(&extra).0
}

fn end(members: u64, directory: u64, begins: u64) -> Vec<u8> {
    let mut end = Vec::new();
    if members >= MANY || directory >= LARGE || begins >= LARGE {
        let long = Field::new(LONG_END).eight(44).two(MADE_BY).two(NEEDS).four(0).four(0);
        end.extend(long.eight(members).eight(members).eight(directory).eight(begins).0);
        end.extend(Field::new(LONG_END_LOCATOR).four(0).eight(begins + directory).four(1).0);
    }
    let count = u16::try_from(members.min(MANY)).unwrap_or(u16::MAX);
    let short = Field::new(END).two(0).two(0).two(count).two(count).short(directory).short(begins).two(0);
    end.extend(short.0);
    end
}

/// Reads an archive from its beginning, for whoever wants its digest.
pub(crate) fn read_through(
    layout: &Layout,
    files: &[OpenFile],
    mut each: impl FnMut(&[u8]),
) -> Result<(), Problem> {
    let mut buffer = vec![0; crate::open_file::BLOCK];
    let mut at = 0;
    while at < layout.bytes() {
        let block = crate::open_file::block_at(at, layout.bytes());
        let now =
            buffer.get_mut(..block).ok_or_else(|| Problem::unreadable(&io::ErrorKind::OutOfMemory.into()))?;
        layout.read(at, now, |number, offset, buffer| {
            files.get(number).ok_or(Problem::Changed)?.read(offset, buffer)
        })?;
        each(now);
        at += block as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::io::Write as _;
    use std::process::Command;

    use alloy_primitives::B256;
    use domain::PublishedFile;

    use super::*;

    fn member(name: &str, content: &[u8]) -> Member {
        Member {
            part: name.replace([' ', 'é'], "-").parse().unwrap(),
            name: name.to_owned(),
            file: PublishedFile {
                path: String::new(),
                file_name: name.to_owned(),
                media_type: "application/octet-stream".to_owned(),
                bytes: content.len() as u64,
                sha256: B256::ZERO,
            },
            crc32: crc32fast::hash(content),
        }
    }

    fn span(layout: &Layout, contents: &[&[u8]], start: u64, end: u64) -> Vec<u8> {
        let mut buffer = vec![0; usize::try_from(end - start).unwrap()];
        let read = layout.read(start, &mut buffer, |number, offset, buffer| {
            let from = usize::try_from(offset).unwrap();
            buffer.copy_from_slice(&contents[number][from..from + buffer.len()]);
            Ok::<_, Infallible>(())
        });
        read.unwrap();
        buffer
    }

    #[test]
    fn the_archive_is_one_that_others_can_open_and_any_span_of_it_is_the_same_bytes() {
        let contents: [&[u8]; 3] = [b"kick", b"", &[7; 70_000]];
        let members: Vec<Member> = ["drums/kick 1.wav", "empty", "caf\u{e9}/long.wav"]
            .iter()
            .zip(contents)
            .map(|(n, c)| member(n, c))
            .collect();
        let layout = Layout::of(&members);
        let whole = span(&layout, &contents, 0, layout.bytes());
        for (start, end) in [(0, 1), (3, 40), (30, 90), (100, 70_100), (layout.bytes() - 5, layout.bytes())] {
            let expected = &whole[usize::try_from(start).unwrap()..usize::try_from(end).unwrap()];
            assert_eq!(span(&layout, &contents, start, end), expected, "{start}-{end}");
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stems.zip");
        std::fs::File::create(&path).unwrap().write_all(&whole).unwrap();
        let script = "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n\
                      print([(i.filename, i.file_size) for i in z.infolist()])";
        let opened = Command::new("python3").args(["-c", script]).arg(&path).output().unwrap();
        let listed = String::from_utf8_lossy(&opened.stdout).trim().to_owned();
        assert_eq!(
            listed, "[('drums/kick 1.wav', 4), ('empty', 0), ('caf\u{e9}/long.wav', 70000)]",
            "{opened:?}"
        );
    }

    #[test]
    fn what_is_longer_than_four_gigabytes_is_told_in_the_long_fields() {
        let mut long = member("long.mkv", b"");
        long.file.bytes = 5 << 30;
        let layout = Layout::of(&[long, member("after", b"x")]);
        let after = (5 << 30) + 30 + 8 + 20;
        assert_eq!(layout.pieces[2].0, after);
        let Piece::Own(directory) = &layout.pieces[4].1 else { panic!("no directory") };
        let told = after.to_le_bytes();
        assert!(directory.windows(8).any(|bytes| bytes == told), "the second file's place is nowhere told");
    }
}
