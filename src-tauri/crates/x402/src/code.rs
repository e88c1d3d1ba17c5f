use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $sentence:literal;)+) => {
        /// The protocol's vocabulary for what is wrong with a payment (§9 of the specification and
        /// version 1's list) or with a sign-in (the reference's), and the house's own words for what it has none
        /// for. Clients show these words and act on none of them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)+
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }

            /// One sentence for the buyer, where nothing more precise is known.
            pub const fn sentence(self) -> &'static str {
                match self {
                    $(Self::$name => $sentence,)+
                }
            }
        }
    };
}

codes! {
    /// The payer does not hold the amount, or what it holds is already promised.
    InsufficientFunds = "insufficient_funds",
        "The paying wallet does not hold enough for this payment and those that still wait.";
    /// The authorization is not valid yet.
    ValidAfter = "invalid_exact_evm_payload_authorization_valid_after",
        "The authorization is not valid yet; the clock of the paying computer may be ahead.";
    /// The authorization has expired or has too little time left.
    ValidBefore = "invalid_exact_evm_payload_authorization_valid_before",
        "The authorization has expired or has too little time left.";
    /// Version 1: the value is not the price.
    Value = "invalid_exact_evm_payload_authorization_value",
        "The authorization is not for exactly the price.";
    /// Version 2: the value is not the price.
    ValueMismatch = "invalid_exact_evm_payload_authorization_value_mismatch",
        "The authorization is not for exactly the price.";
    /// The signature is malformed or not the payer's.
    Signature = "invalid_exact_evm_payload_signature",
        "The signature is not the paying wallet's signature of this authorization.";
    /// The authorization pays somebody else.
    Recipient = "invalid_exact_evm_payload_recipient_mismatch",
        "The authorization pays another address than the seller's.";
    /// The payer is a smart account that does not exist on chain yet.
    UndeployedSmartWallet = "invalid_exact_evm_payload_undeployed_smart_wallet",
        "The paying smart account does not exist on chain yet; deploy it first, or pay from another wallet.";
    /// The network is not one the seller is paid on.
    Network = "invalid_network",
        "The seller is not paid on this network.";
    /// The payment cannot be read.
    Payload = "invalid_payload",
        "The payment cannot be read.";
    /// The payment answers none of the seller's offers.
    PaymentRequirements = "invalid_payment_requirements",
        "The payment answers none of the current offers; please pay by the terms of this answer.";
    /// The scheme is malformed.
    Scheme = "invalid_scheme",
        "The payment names no scheme.";
    /// The scheme is not `exact`.
    UnsupportedScheme = "unsupported_scheme",
        "Only the scheme exact is accepted.";
    /// The version is neither 1 nor 2.
    X402Version = "invalid_x402_version",
        "Only versions 1 and 2 of x402 are understood.";
    /// The authorization was used or cancelled on chain.
    TransactionState = "invalid_transaction_state",
        "The authorization was already used or cancelled.";
    /// The payment could not be verified just now.
    UnexpectedVerify = "unexpected_verify_error",
        "The payment could not be verified just now; nothing was charged.";
    /// The payment could not be settled just now.
    UnexpectedSettle = "unexpected_settle_error",
        "The payment could not be settled.";
    /// Version 1: the payment is refused for a reason of the seller's.
    Payment = "invalid_payment",
        "The seller does not accept this payment.";
    /// Version 1: the payment came too late.
    PaymentExpired = "payment_expired",
        "The payment came too late.";
    /// The authorization already bought something.
    DuplicateSettlement = "duplicate_settlement",
        "This authorization already bought something else; please sign a new one.";
    /// The house's: the seller wants no more business with the payer.
    PayerBlocked = "payer_blocked",
        "The seller takes no payments of this wallet. What it has paid for it can still fetch.";
    /// The house's: the payer's code let an earlier payment fail at the seller's cost.
    PayerDistrusted = "payer_distrusted",
        "The seller takes no more payments of this smart account.";
    /// The house's: the seller gives no more before earlier payments have settled.
    CapReached = "cap_reached",
        "The seller has to settle earlier payments before taking another. Nothing was charged.";
    /// The house's: the endpoint wants payments named and this one is not.
    IdentifierMissing = "payment_identifier_required",
        "This endpoint needs a payment-identifier.";
    /// The house's: what stands in the place of the payment's name is none.
    IdentifierMalformed = "invalid_payment_identifier",
        "The payment-identifier must have 16 to 128 letters, digits, hyphens and underscores.";
    /// The house's: the payment's name belongs to another payment.
    IdentifierConflict = "payment_identifier_conflict",
        "This payment-identifier was used for another payment.";
    /// The sign-in is for another site.
    SignInDomain = "invalid_siwx_domain_mismatch",
        "The sign-in is for another site.";
    /// The sign-in's URL is another site's.
    SignInUri = "invalid_siwx_uri_mismatch",
        "The uri of the sign-in belongs to another site.";
    /// The sign-in does not say when it was asked for.
    SignInIssuedAt = "invalid_siwx_issued_at",
        "The issuedAt of the sign-in is no time.";
    /// The sign-in answers an old challenge.
    SignInTooOld = "invalid_siwx_issued_at_too_old",
        "The challenge is older than five minutes; please answer a fresh one.";
    /// The sign-in answers a challenge of the future.
    SignInInFuture = "invalid_siwx_issued_at_in_future",
        "The issuedAt of the sign-in is in the future.";
    /// The sign-in's end is no time.
    SignInExpirationTime = "invalid_siwx_expiration_time",
        "The expirationTime of the sign-in is no time.";
    /// The sign-in has expired.
    SignInExpired = "invalid_siwx_expired",
        "The sign-in has expired.";
    /// The sign-in's beginning is no time.
    SignInNotBefore = "invalid_siwx_not_before",
        "The notBefore of the sign-in is no time.";
    /// The sign-in does not count yet.
    SignInNotYetValid = "invalid_siwx_not_yet_valid",
        "The sign-in does not count yet.";
    /// The sign-in answers no challenge of ours, or one that was answered before.
    SignInNonce = "invalid_siwx_nonce",
        "The nonce is not one of ours or was used before; please answer a fresh challenge.";
    /// The sign-in names no EVM network.
    SignInChainId = "invalid_siwx_chain_id",
        "The chainId of the sign-in must be eip155: and a number.";
    /// The sign-in is of a network that was not asked for.
    SignInUnsupportedChain = "invalid_siwx_unsupported_chain",
        "Wallets of this network cannot sign in here.";
    /// The sign-in's signature is none.
    SignInMalformedSignature = "invalid_siwx_malformed_signature",
        "The signature of the sign-in is malformed.";
    /// The sign-in's signature is somebody else's.
    SignInSignature = "invalid_siwx_signature",
        "The signature of the sign-in is not the one of its address.";
    /// A smart account could not be asked about its signature.
    SignInVerifier = "invalid_siwx_verifier_error",
        "Whether the smart account accepts the signature could not be asked just now.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_codes_share_a_word_and_every_word_fits_a_header() {
        let words: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(words.len(), Code::ALL.len());
        assert!(
            words.iter().all(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b"_402".contains(&b)))
        );
        assert!(Code::ALL.iter().all(|code| code.sentence().is_ascii() && code.sentence().ends_with('.')));
    }
}
