use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use std::time::Duration;
use tokio::fs::File;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use crate::content::Problem;
use crate::content::blocking;
use crate::service::upstreams::Failure;

/// The longest answer that is kept in memory, and for whoever asks again.
pub(crate) const KEPT: usize = 256 * 1024;

/// An answer, whole, that waits for its payment to be settled.
pub(crate) enum Spool {
    Memory(Bytes),
    /// In a file without a name, and its length.
    File(File, u64),
}

impl Spool {
    /// Reads an answer to its end, at most `longest` bytes, waiting for each part as long as the service may take.
    pub(crate) async fn of(mut answer: Incoming, longest: u32, patience: Duration) -> Result<Self, Failure> {
        let longest = u64::from(longest);
        let (mut memory, mut file, mut bytes) = (BytesMut::new(), None::<File>, 0_u64);
        loop {
            let frame = match timeout(patience, answer.frame()).await {
                Err(_) => return Err(Failure::Silent),
                Ok(None) => break,
                Ok(Some(Err(_))) => return Err(Failure::BrokeOff),
                Ok(Some(Ok(frame))) => frame,
            };
            let Ok(data) = frame.into_data() else { continue };
            bytes += data.len() as u64;
            if bytes > longest {
                return Err(Failure::TooLong);
            }
            if file.is_none() && memory.len() + data.len() > KEPT {
                file = Some(nameless().await.map_err(|_| Failure::TooLong)?);
            }
            match &mut file {
                None => memory.extend_from_slice(&data),
                Some(file) => {
                    let written = async {
                        file.write_all(&std::mem::take(&mut memory)).await?;
                        file.write_all(&data).await
                    };
                    written.await.map_err(|error| unwritten(&error))?;
                }
            }
        }
        let Some(mut file) = file else { return Ok(Self::Memory(memory.freeze())) };
        let back = async {
            file.flush().await?;
            file.rewind().await
        };
        back.await.map_err(|error| unwritten(&error))?;
        Ok(Self::File(file, bytes))
    }
}

async fn nameless() -> Result<File, Problem> {
    let file = blocking(|| tempfile::tempfile().map_err(|error| Problem::unreadable(&error))).await?;
    Ok(File::from_std(file))
}

fn unwritten(error: &std::io::Error) -> Failure {
    tracing::warn!(%error, "a service's answer could not be kept until it is paid for");
    Failure::TooLong
}
