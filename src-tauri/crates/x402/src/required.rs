use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::Offer;

use crate::default_assets::is_taken_by_default;
use crate::entries::{safe_for_v1, v2};
use crate::header::LONGEST_WRITTEN;
use crate::quoted::Quoted;
use crate::{Code, Version};

/// What is for sale, as buyers are told.
#[derive(Clone, Copy, Debug)]
pub struct Resource<'t> {
    /// Its absolute URL under the seller's own public address, never one built from a request's
    /// `Host` (T14).
    pub url: &'t str,
    /// One sentence for people; may be empty.
    pub description: &'t str,
    /// Its media type; may be empty.
    pub mime_type: &'t str,
}

/// The 402 of one endpoint, written once and sent often: one answer that buyers of both versions
/// understand. Version 2 looks at the header and no further, version 1 at the body.
///
/// Everything in it is ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRequired {
    /// The value of `PAYMENT-REQUIRED`: base64, at most 4 KiB also with the longest reason.
    pub header: String,
    /// The body, `application/json`.
    pub body: Vec<u8>,
    /// What follows the reason in the header's JSON.
    terms_v2: String,
    /// What follows the reason in the body.
    terms_v1: String,
}

/// A 402 for a request whose payment was refused: the same terms, with the reason in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The value of `PAYMENT-REQUIRED`.
    pub header: String,
    /// The body, `application/json`.
    pub body: Vec<u8>,
}

/// Why offers cannot be put before buyers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaymentRequiredError {
    /// There is no offer.
    #[error("there is nothing to pay with: no offer")]
    NoOffer,
    /// Version 1 clients refuse everything when the URL is not absolute.
    #[error("{0:?} is not an absolute http or https URL in ASCII")]
    Url(String),
    /// Proxies refuse longer headers.
    #[error(
        "the terms need a header of {0} bytes, more than the {LONGEST_WRITTEN} that pass every proxy; \
         shorten the description or offer fewer assets"
    )]
    TooLong(usize),
}

impl PaymentRequired {
    /// Writes the 402 for a resource. The order of the offers is the seller's preference, except
    /// that those which stock clients pay without having been configured come first, because many
    /// clients take the first entry. Offers that have no room in the header are left out, the last ones first.
    ///
    /// # Errors
    /// Says what cannot be put before buyers.
    pub fn new<'o>(
        resource: &Resource<'_>,
        offers: impl IntoIterator<Item = &'o Offer>,
    ) -> Result<Self, PaymentRequiredError> {
        if !is_absolute(resource.url) {
            return Err(PaymentRequiredError::Url(resource.url.chars().take(256).collect()));
        }
        let mut offers: Vec<&Offer> = offers.into_iter().collect();
        if offers.is_empty() {
            return Err(PaymentRequiredError::NoOffer);
        }
        offers.sort_by_key(|offer| !is_taken_by_default(offer.asset.network, offer.asset.address));
        let terms_v2 = loop {
            let terms = terms_v2(resource, &offers);
            let longest =
                Code::ALL.iter().map(|code| header(code.as_str(), &terms).len()).fold(0, usize::max);
            if longest <= LONGEST_WRITTEN {
                break terms;
            }
            if offers.len() == 1 {
                return Err(PaymentRequiredError::TooLong(longest));
            }
            offers.pop();
        };
        let terms_v1 = format!(r#""accepts":[{}]}}"#, safe_for_v1(resource, &offers).join(","));
        Ok(Self {
            header: header("Payment required", &terms_v2),
            body: body("X-PAYMENT header is required", None, &terms_v1),
            terms_v2,
            terms_v1,
        })
    }

    /// The 402 for a payment that was refused. Both versions get the code as `error`; the sentence
    /// stands beside it as `errorMessage` in the body, where there is room.
    pub fn refusal(&self, code: Code, sentence: &str) -> Refusal {
        Refusal {
            header: header(code.as_str(), &self.terms_v2),
            body: body(code.as_str(), Some(sentence), &self.terms_v1),
        }
    }
}

/// What follows the reason in the header's JSON.
fn terms_v2(resource: &Resource<'_>, offers: &[&Offer]) -> String {
    let accepts: Vec<String> = offers.iter().map(|offer| v2(offer)).collect();
    format!(r#""resource":{},"accepts":[{}]}}"#, described(resource), accepts.join(","))
}

fn header(error: &str, terms: &str) -> String {
    STANDARD.encode(with_head(Version::V2, error, None, terms))
}

fn body(error: &str, sentence: Option<&str>, terms: &str) -> Vec<u8> {
    with_head(Version::V1, error, sentence, terms).into_bytes()
}

fn with_head(version: Version, error: &str, sentence: Option<&str>, terms: &str) -> String {
    let error = Quoted(error);
    match sentence.map(Quoted) {
        None => format!(r#"{{"x402Version":{version},"error":{error},{terms}"#),
        Some(sentence) => {
            format!(r#"{{"x402Version":{version},"error":{error},"errorMessage":{sentence},{terms}"#)
        }
    }
}

/// Version 2's `resource`, without what is empty.
pub(crate) fn described(resource: &Resource<'_>) -> String {
    let mut json = format!(r#"{{"url":{}"#, Quoted(resource.url));
    for (name, text) in [("description", resource.description), ("mimeType", resource.mime_type)] {
        if !text.is_empty() {
            json.push_str(&format!(r#","{name}":{}"#, Quoted(text)));
        }
    }
    json.push('}');
    json
}

fn is_absolute(url: &str) -> bool {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    host.is_some_and(|host| host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '['))
        && url.bytes().all(|b| b.is_ascii_graphic())
}
