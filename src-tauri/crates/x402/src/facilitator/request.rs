use alloy_primitives::hex;
use domain::{Authorization, Offer};

use crate::entries::{v1, v2};
use crate::required::described;
use crate::{Resource, Version};

/// The body of `POST /settle`: the payment as its buyer signed it, and the terms that it answers. Both are written
/// from the offer, so they agree with each other whatever the buyer echoed (I3). The same arguments always give the
/// same bytes. None when version 1 has no name for the network.
pub fn settle_request(
    version: Version,
    offer: &Offer,
    resource: &Resource<'_>,
    authorization: &Authorization,
    signature: &[u8],
) -> Option<String> {
    let signed = signed(authorization, signature);
    Some(match version {
        Version::V1 => {
            let network = offer.asset.network.known()?.v1_name?;
            let terms = v1(network, resource, offer, None);
            format!(
                r#"{{"x402Version":1,"paymentPayload":{{"x402Version":1,"scheme":"exact","network":"{network}","payload":{signed}}},"paymentRequirements":{terms}}}"#
            )
        }
        Version::V2 => {
            let (terms, resource) = (v2(offer), described(resource));
            format!(
                r#"{{"x402Version":2,"paymentPayload":{{"x402Version":2,"resource":{resource},"accepted":{terms},"payload":{signed}}},"paymentRequirements":{terms}}}"#
            )
        }
    })
}

fn signed(authorization: &Authorization, signature: &[u8]) -> String {
    let Authorization { from, to, value, valid_after, valid_before, nonce } = authorization;
    let signature = hex::encode_prefixed(signature);
    format!(
        r#"{{"signature":"{signature}","authorization":{{"from":"{from}","to":"{to}","value":"{value}","validAfter":"{valid_after}","validBefore":"{valid_before}","nonce":"{nonce}"}}}}"#
    )
}
