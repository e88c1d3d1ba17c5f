use std::fmt;
use std::str::FromStr;

use alloy_primitives::B256;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! row_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

row_ids! {
    /// One immutable row of quoted requirements.
    OfferId,
    /// A token on a network as this data file knows it.
    AssetId,
    /// Payments chosen to be settled together; counts up from 1.
    BatchId,
    /// One signed transaction of a batch.
    AttemptId,
    /// The order in which payments were accepted.
    PaymentSeq,
    /// Somebody who is told what happens at the stall; counts up from 1 and is never given twice.
    WebhookId,
    /// One message to one webhook; counts up from 1.
    MessageId,
}

macro_rules! uuids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    )+};
}

uuids! {
    /// What the seller has priced; stays the same in every environment.
    EndpointId,
    /// One accepted authorization. Derived from the authorization's identity, so it is also the
    /// commitment id that buyers are given.
    PaymentId,
}

impl EndpointId {
    /// Makes an id out of bytes that the caller drew at random.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }
}

impl PaymentId {
    pub(crate) fn from_identity(hash: B256) -> Self {
        let mut bytes = [0_u8; 16];
        bytes.copy_from_slice(&hash[..16]);
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}
