use std::future::Future as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use tokio::task::JoinHandle;

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
}

impl Source {
    fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<(), Problem> {
        match self {
            Self::File(file) => file.read(offset, buffer),
            Self::Archive(archive) => archive.read(offset, buffer),
        }
    }
}

/// A span of an open file or archive, read block by block as the buyer takes it.
///
/// Every block is known to be of the published file before it is handed over; once it is not, the
/// body ends with an error and never cleanly (I14).
#[derive(Debug)]
pub(crate) struct FileBody {
    source: Source,
    at: u64,
    end: u64,
    first: Option<Bytes>,
    reading: Option<JoinHandle<Result<Bytes, Problem>>>,
    /// The block handed over last, whose memory serves again once it was sent.
    sent: Option<Bytes>,
}

impl FileBody {
    /// Opens the span and reads its first block, so that a file that cannot be served is noticed
    /// before the answer has begun.
    pub(crate) async fn open(source: Source, start: u64, end: u64) -> Result<Self, Problem> {
        let mut body = Self { source, at: start, end, first: None, reading: None, sent: None };
        body.first = Some(match body.read_next().await {
            Ok(block) => block?,
            Err(error) => return Err(Problem::Unreadable(error.to_string())),
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
        let block = match self.first.take() {
            Some(block) => Ok(block),
            None => {
                let mut reading = self.reading.take().unwrap_or_else(|| self.read_next());
                match Pin::new(&mut reading).poll(cx) {
                    Poll::Pending => {
                        self.reading = Some(reading);
                        return Poll::Pending;
                    }
                    Poll::Ready(block) => {
                        block.unwrap_or_else(|error| Err(Problem::Unreadable(error.to_string())))
                    }
                }
            }
        };
        if let Ok(block) = &block {
            self.at += block.len() as u64;
            self.sent = Some(block.clone());
        }
        Poll::Ready(Some(block))
    }

    fn read_next(&mut self) -> JoinHandle<Result<Bytes, Problem>> {
        let (source, at, length) = (self.source.clone(), self.at, block_at(self.at, self.end));
        let spare = self.sent.take().and_then(|sent| sent.try_into_mut().ok());
        tokio::task::spawn_blocking(move || {
            let mut block = spare.unwrap_or_else(|| BytesMut::with_capacity(length));
            block.resize(length, 0);
            source.read(at, &mut block)?;
            Ok(block.freeze())
        })
    }
}
