//! The members of a decoded payment that somebody reads; everything else in it is skipped.

use serde::de::MapAccess;

use crate::json::{Members, Skipped, Slot, Value};

macro_rules! members {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty = $spelling:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Default)]
        pub(crate) struct $name<'de> {
            $(pub(crate) $field: Value<'de, $type>,)+
        }

        impl<'de> Members<'de> for $name<'de> {
            fn member<A: MapAccess<'de>>(&mut self, name: &str, slot: Slot<'_, A>) -> Result<(), A::Error> {
                match name {
                    $($spelling => self.$field = slot.read()?,)+
                    _ => {
                        slot.read::<Skipped>()?;
                    }
                }
                Ok(())
            }
        }
    )+};
}

members! {
    /// Both versions at once: the version is only known when all of it has been read.
    Document {
        version: Skipped = "x402Version",
        // Version 1 names scheme and network here, version 2 in `accepted`.
        scheme: Skipped = "scheme",
        network: Skipped = "network",
        payload: Exact<'de> = "payload",
        accepted: Terms<'de> = "accepted",
        resource: Described<'de> = "resource",
    }

    /// The payload of the scheme `exact` on EVM networks.
    Exact {
        signature: Skipped = "signature",
        authorization: Message<'de> = "authorization",
    }

    /// The EIP-3009 message.
    Message {
        from: Skipped = "from",
        to: Skipped = "to",
        value: Skipped = "value",
        valid_after: Skipped = "validAfter",
        valid_before: Skipped = "validBefore",
        nonce: Skipped = "nonce",
    }

    /// The entry of our 402 that the client says it answers.
    Terms {
        scheme: Skipped = "scheme",
        network: Skipped = "network",
        amount: Skipped = "amount",
        asset: Skipped = "asset",
        pay_to: Skipped = "payTo",
        max_timeout_seconds: Skipped = "maxTimeoutSeconds",
        extra: Extra<'de> = "extra",
    }

    /// What an entry says beyond the standard fields.
    Extra {
        name: Skipped = "name",
    }

    /// What the client says it pays for.
    Described {
        url: Skipped = "url",
    }
}
