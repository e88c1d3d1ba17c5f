use bytes::{Bytes, BytesMut};
use domain::PaymentId;

use crate::service::reading::Reading;
use crate::service::spools::{Spooled, Spools, Writing};
use crate::service::upstreams::Failure;

/// The longest answer that is kept in memory and in the data file.
pub(crate) const KEPT: usize = 256 * 1024;

/// An answer, whole, that waits for its payment to be settled.
pub(crate) enum Spool {
    Memory(Bytes),
    File(Spooled),
}

/// Reads an answer to its end that nobody pays for: only what is kept in memory.
pub(crate) async fn short(mut answer: Reading, longest: u32) -> Result<Bytes, Failure> {
    let longest = KEPT.min(longest as usize);
    let mut memory = BytesMut::new();
    while let Some(part) = answer.part().await? {
        if memory.len() + part.len() > longest {
            return Err(Failure::TooLong);
        }
        memory.extend_from_slice(&part);
    }
    Ok(memory.freeze())
}

impl Spool {
    /// Reads the answer that `payment` buys to its end, at most `longest` bytes.
    pub(crate) async fn of(
        mut answer: Reading,
        longest: u32,
        spools: &Spools,
        payment: PaymentId,
    ) -> Result<Self, Failure> {
        let longest = u64::from(longest);
        let (mut memory, mut file, mut bytes) = (BytesMut::new(), None::<Writing>, 0_u64);
        while let Some(part) = answer.part().await? {
            bytes += part.len() as u64;
            if bytes > longest {
                return Err(Failure::TooLong);
            }
            if file.is_none() && memory.len() + part.len() > KEPT {
                let mut begun = spools.begin(payment).await?;
                begun.write(&std::mem::take(&mut memory)).await?;
                file = Some(begun);
            }
            match &mut file {
                None => memory.extend_from_slice(&part),
                Some(file) => file.write(&part).await?,
            }
        }
        match file {
            None => Ok(Self::Memory(memory.freeze())),
            Some(file) => Ok(Self::File(file.done().await?)),
        }
    }
}
