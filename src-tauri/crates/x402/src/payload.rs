//! The members of a decoded payment that somebody reads; everything else in it is skipped.

use crate::json::Skipped;

macro_rules! members {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty = $spelling:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Default)]
        pub(crate) struct $name<'de> {
            $(pub(crate) $field: $crate::json::Value<'de, $type>,)+
        }

        impl<'de> $crate::json::Members<'de> for $name<'de> {
            fn member<A: serde::de::MapAccess<'de>>(
                &mut self,
                name: &str,
                slot: $crate::json::Slot<'_, A>,
            ) -> Result<(), A::Error> {
                match name {
                    $($spelling => self.$field = slot.read()?,)+
                    _ => {
                        slot.read::<$crate::json::Skipped>()?;
                    }
                }
                Ok(())
            }
        }
    )+};
}

pub(crate) use members;

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
        extensions: Echoed<'de> = "extensions",
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

    /// The extensions that the client gives back, and what it put into them.
    Echoed {
        payment_identifier: WithInfo<'de> = "payment-identifier",
    }

    /// What a client gives back of `payment-identifier`.
    WithInfo {
        info: Identified<'de> = "info",
    }

    /// What names a payment.
    Identified {
        id: Skipped = "id",
    }
}
