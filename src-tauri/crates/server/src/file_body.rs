use std::future::Future as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use tokio::task::{JoinError, JoinHandle};

use crate::archive::OpenArchive;
use crate::content::Problem;
use crate::open_file::{OpenFile, block_at};

/// What large content is read from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// A file.
    File(Arc<OpenFile>),
    /// Files, with what makes an archive of them between them.
    Archive(OpenArchive),
    /// A file on a slow disk.
    #[cfg(test)]
    Slow(Arc<OpenFile>),
}

impl Source {
    fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<(), Problem> {
        match self {
            Self::File(file) => file.read(offset, buffer),
            Self::Archive(archive) => archive.read(offset, buffer),
            #[cfg(test)]
            Self::Slow(file) => file.read(offset, buffer),
        }
    }

    /// The same, as long as nobody has to wait for a disk.
    fn read_at_hand(&self, offset: u64, buffer: &mut [u8]) -> Result<bool, Problem> {
        match self {
            Self::File(file) => file.read_at_hand(offset, buffer),
            Self::Archive(archive) => archive.read_at_hand(offset, buffer),
            #[cfg(test)]
            Self::Slow(_) => Ok(false),
        }
    }
}

/// So many blocks are read where they are handed over before others get their turn.
const AT_ONCE: u32 = 16;

/// A span of an open file or archive, read block by block as the buyer takes it: what is in the system's memory where it
/// is handed over, what a disk has to bring where waiting for it is nobody else's business.
///
/// Every block is known to be of the published file before it is handed over; once it is not, the
/// body ends with an error and never cleanly (I14).
#[derive(Debug)]
pub(crate) struct FileBody {
    source: Source,
    at: u64,
    end: u64,
    first: Option<Bytes>,
    reading: Option<Reading>,
    /// The block handed over last, whose memory serves again once it was sent.
    sent: Option<Bytes>,
    /// How many blocks were handed over without a pause.
    in_a_row: u32,
}

type Reading = JoinHandle<Result<Bytes, Problem>>;

/// The next block, or whoever waits for it.
enum Next {
    AtHand(Bytes),
    Awaited(Reading),
}

impl FileBody {
    /// Opens the span and reads its first block, so that a file that cannot be served is noticed
    /// before the answer has begun.
    pub(crate) async fn open(source: Source, start: u64, end: u64) -> Result<Self, Problem> {
        let mut body = Self { source, at: start, end, first: None, reading: None, sent: None, in_a_row: 0 };
        body.first = Some(match body.read_next()? {
            Next::AtHand(block) => block,
            Next::Awaited(reading) => reading.await.map_err(|error| broken(&error))??,
        });
        Ok(body)
    }

    /// Bytes that have not been handed over yet.
    pub(crate) const fn left(&self) -> u64 {
        self.end - self.at
    }

    pub(crate) fn poll_block(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Problem>>> {
        if self.at == self.end {
            return Poll::Ready(None);
        }
        let block = match (self.first.take(), self.reading.take()) {
            (Some(block), _) => Ok(block),
            (None, Some(reading)) => ready!(self.poll_reading(reading, cx)),
            (None, None) if self.in_a_row >= AT_ONCE => {
                self.in_a_row = 0;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            (None, None) => match self.read_next() {
                Ok(Next::AtHand(block)) => {
                    self.in_a_row += 1;
                    Ok(block)
                }
                Ok(Next::Awaited(reading)) => ready!(self.poll_reading(reading, cx)),
                Err(problem) => Err(problem),
            },
        };
        if let Ok(block) = &block {
            self.at += block.len() as u64;
            self.sent = Some(block.clone());
        }
        Poll::Ready(Some(block))
    }

    fn poll_reading(&mut self, mut reading: Reading, cx: &mut Context<'_>) -> Poll<Result<Bytes, Problem>> {
        self.in_a_row = 0;
        match Pin::new(&mut reading).poll(cx) {
            Poll::Pending => {
                self.reading = Some(reading);
                Poll::Pending
            }
            Poll::Ready(block) => Poll::Ready(block.unwrap_or_else(|error| Err(broken(&error)))),
        }
    }

    fn read_next(&mut self) -> Result<Next, Problem> {
        let (at, length) = (self.at, block_at(self.at, self.end));
        let spare = self.sent.take().and_then(|sent| sent.try_into_mut().ok());
        let mut block = spare.unwrap_or_else(|| BytesMut::with_capacity(length));
        block.resize(length, 0);
        if self.source.read_at_hand(at, &mut block)? {
            return Ok(Next::AtHand(block.freeze()));
        }
        let source = self.source.clone();
        Ok(Next::Awaited(tokio::task::spawn_blocking(move || {
            source.read(at, &mut block)?;
            Ok(block.freeze())
        })))
    }
}

fn broken(error: &JoinError) -> Problem {
    Problem::Unreadable(error.to_string())
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::future::poll_fn;

    use super::*;
    use crate::open_file::BLOCK;

    /// More than is handed over without a pause, and no whole number of blocks.
    const BYTES: u64 = 20 * BLOCK as u64 + 7;

    async fn next(body: &mut FileBody) -> Option<Result<Bytes, Problem>> {
        poll_fn(|cx| body.poll_block(cx)).await
    }

    // I14
    #[tokio::test]
    async fn bytes_from_memory_and_from_a_disk_are_the_same_and_end_when_the_file_changes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long");
        let content: Vec<u8> = (0..BYTES).map(|at| (at / 1000) as u8).collect();
        for source in [Source::File, Source::Slow] {
            fs::write(&path, &content).unwrap();
            let file = Arc::new(OpenFile::open(&path).unwrap());
            let mut body = FileBody::open(source(Arc::clone(&file)), 5, BYTES).await.unwrap();
            let mut came = Vec::new();
            while let Some(block) = next(&mut body).await {
                came.extend_from_slice(&block.unwrap());
            }
            assert!(came == content[5..], "other bytes came");

            let mut body = FileBody::open(source(file), 0, BYTES).await.unwrap();
            assert!(next(&mut body).await.unwrap().is_ok());
            File::options().write(true).open(&path).unwrap().set_len(BYTES - 1).unwrap();
            assert_eq!(next(&mut body).await, Some(Err(Problem::Changed)));
        }
    }
}
