use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{Offer, OfferId};

use crate::default_assets::is_taken_by_default;
use crate::entries::{safe_for_v1, v2};
use crate::extension::members;
use crate::header::LONGEST_WRITTEN;
use crate::quoted::Quoted;
use crate::{Code, Extension, Version};

/// The reason of who has not paid yet.
const ASKED: &str = "Payment required";

/// How many bytes of JSON the longest header holds.
const MOST_JSON: usize = LONGEST_WRITTEN / 4 * 3;

/// How long a header grows by what a buyer can do without. Common proxies read the whole head of an answer into 4 KiB, and
/// what they keep beside it, and answer 502 where that is not enough.
const LONGEST_WITH_WELCOME: usize = 3 * 1024;

/// How many bytes of JSON that is.
const MOST_JSON_WITH_WELCOME: usize = LONGEST_WITH_WELCOME / 4 * 3;

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

/// What a 402 says beyond its terms. Nothing of it is a term, and version 1 knows none of the extensions.
#[derive(Clone, Copy, Debug, Default)]
pub struct Additions<'t> {
    /// Extensions without which a buyer could not buy: they are never left out.
    pub needed: &'t [Extension],
    /// Extensions that are left out, the last ones first, before an offer is.
    pub welcome: &'t [Extension],
    /// Bytes of JSON to keep free for what [`PaymentRequired::header_with`] adds to each answer.
    pub room: usize,
    /// Version 1's description of the resource ([`Discovery::output_schema`](crate::Discovery::output_schema)).
    pub output_schema: Option<&'t str>,
}

/// The 402 of one endpoint, written once and sent often: one answer that buyers of both versions
/// understand. Version 2 looks at the header and no further, version 1 at the body.
///
/// Everything in it is ASCII. It holds whatever is the same in every answer. What has to be fresh in each is added by
/// [`header_with`](Self::header_with) and [`refusal_with`](Self::refusal_with), which cost the encoding of one header;
/// an endpoint without such extensions sends the finished bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRequired {
    /// The value of `PAYMENT-REQUIRED`: base64, at most 4 KiB also with the longest reason.
    pub header: String,
    /// The body, `application/json`.
    pub body: Vec<u8>,
    /// What follows the reason in the header's JSON.
    terms_v2: String,
    /// The extensions that are always there, without braces.
    extensions: String,
    /// What follows the reason in the body.
    terms_v1: String,
    /// Bytes of JSON for which there is room in the header beside what is always there, whatever the reason.
    room: usize,
    /// The beginning of the header that asks for payment: JSON up to what is fresh in each answer.
    asking: Beginning,
    offers: Vec<OfferId>,
}

/// A beginning of JSON, encoded as far as what follows does not change it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Beginning {
    encoded: String,
    /// The last bytes, fewer than three, which are encoded with what follows.
    rest: String,
}

impl Beginning {
    fn of(json: &str) -> Self {
        // All is ASCII, so that it can be cut anywhere.
        let (whole, rest) = json.split_at(json.len() / 3 * 3);
        Self { encoded: STANDARD.encode(whole), rest: rest.to_owned() }
    }

    fn followed_by(&self, end: &str) -> String {
        let mut text = String::with_capacity(self.encoded.len() + encoded(self.rest.len() + end.len()));
        text.push_str(&self.encoded);
        STANDARD.encode_string([self.rest.as_str(), end].concat(), &mut text);
        text
    }
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
        Self::with_additions(resource, offers, &Additions::default())
    }

    /// The same with what the 402 says beyond its terms.
    ///
    /// # Errors
    /// As [`PaymentRequired::new`].
    pub fn with_additions<'o>(
        resource: &Resource<'_>,
        offers: impl IntoIterator<Item = &'o Offer>,
        additions: &Additions<'_>,
    ) -> Result<Self, PaymentRequiredError> {
        if !is_absolute(resource.url) {
            return Err(PaymentRequiredError::Url(resource.url.chars().take(256).collect()));
        }
        let mut offers: Vec<&Offer> = offers.into_iter().collect();
        if offers.is_empty() {
            return Err(PaymentRequiredError::NoOffer);
        }
        offers.sort_by_key(|offer| !is_taken_by_default(offer.asset.network, offer.asset.address));
        let mut welcome = additions.welcome;
        let room = if additions.room == 0 { 0 } else { additions.room + EMPTY_EXTENSIONS };
        let (terms_v2, extensions) = loop {
            let terms = terms_v2(resource, &offers);
            let extensions = members(additions.needed.iter().chain(welcome));
            let longest = encoded(with_longest_reason(&terms, &extensions) + room);
            if longest <= if welcome.is_empty() { LONGEST_WRITTEN } else { LONGEST_WITH_WELCOME } {
                break (terms, extensions);
            }
            match (welcome, offers.len()) {
                ([fewer @ .., _], _) => welcome = fewer,
                ([], 1) => return Err(PaymentRequiredError::TooLong(longest)),
                ([], _) => drop(offers.pop()),
            }
        };
        let entries = safe_for_v1(resource, &offers, additions.output_schema).join(",");
        let terms_v1 = format!(r#""accepts":[{entries}]}}"#);
        let always = with_longest_reason(&terms_v2, &extensions);
        let mut asking = with_head(Version::V2, ASKED, None, &terms_v2);
        asking.push_str(&format!(r#","extensions":{{{extensions}"#));
        Ok(Self {
            header: header(ASKED, &terms_v2, &extensions),
            room: room
                .max(MOST_JSON_WITH_WELCOME.saturating_sub(always))
                .min(MOST_JSON.saturating_sub(always)),
            asking: Beginning::of(&asking),
            body: body("X-PAYMENT header is required", None, &terms_v1),
            terms_v2,
            extensions,
            terms_v1,
            offers: offers.iter().map(|offer| offer.id).collect(),
        })
    }

    /// The offers that version 2 is shown, in the order of `accepts`.
    pub fn offers(&self) -> &[OfferId] {
        &self.offers
    }

    /// How many bytes of JSON fit into the header beside what is always there, whatever the reason.
    pub const fn room(&self) -> usize {
        self.room
    }

    /// The header with extensions that were made for this one answer; those for which there is no room are left out.
    pub fn header_with(&self, fresh: &[Extension]) -> String {
        let fitting = members(self.fitting(fresh));
        let comma = if self.extensions.is_empty() { "" } else { "," };
        if fitting.is_empty() {
            self.header.clone()
        } else {
            self.asking.followed_by(&format!("{comma}{fitting}}}}}"))
        }
    }

    /// The 402 for a payment that was refused. Both versions get the code as `error`; the sentence
    /// stands beside it as `errorMessage` in the body, where there is room.
    pub fn refusal(&self, code: Code, sentence: &str) -> Refusal {
        self.refusal_with(code, sentence, &[])
    }

    /// The same with extensions that were made for this one answer, as [`header_with`](Self::header_with) adds them.
    pub fn refusal_with(&self, code: Code, sentence: &str, fresh: &[Extension]) -> Refusal {
        Refusal {
            header: header(code.as_str(), &self.terms_v2, &self.extensions_with(fresh)),
            body: body(code.as_str(), Some(sentence), &self.terms_v1),
        }
    }

    fn fitting<'e>(&self, fresh: &'e [Extension]) -> impl Iterator<Item = &'e Extension> {
        let mut room = self.room;
        fresh.iter().filter(move |extension| {
            // The first one may need the braces, too.
            let needed = extension.size() + EMPTY_EXTENSIONS;
            let fits = needed <= room;
            room -= if fits { extension.size() } else { 0 };
            fits
        })
    }

    fn extensions_with(&self, fresh: &[Extension]) -> String {
        let fitting = members(self.fitting(fresh));
        match (self.extensions.is_empty(), fitting.is_empty()) {
            (true, _) => fitting,
            (false, true) => self.extensions.clone(),
            (false, false) => format!("{},{fitting}", self.extensions),
        }
    }
}

/// What an `extensions` object takes beside its members: `,"extensions":{}`.
const EMPTY_EXTENSIONS: usize = 16;

/// The bytes of JSON of the longest header with these terms.
fn with_longest_reason(terms: &str, extensions: &str) -> usize {
    let longest = Code::ALL.iter().map(|code| json_v2(code.as_str(), terms, extensions).len());
    longest.fold(0, usize::max)
}

/// How long base64 is of that many bytes.
const fn encoded(bytes: usize) -> usize {
    bytes.div_ceil(3) * 4
}

/// What follows the reason in the header's JSON.
fn terms_v2(resource: &Resource<'_>, offers: &[&Offer]) -> String {
    let accepts: Vec<String> = offers.iter().map(|offer| v2(offer)).collect();
    format!(r#""resource":{},"accepts":[{}]"#, described(resource), accepts.join(","))
}

fn header(error: &str, terms: &str, extensions: &str) -> String {
    STANDARD.encode(json_v2(error, terms, extensions))
}

fn json_v2(error: &str, terms: &str, extensions: &str) -> String {
    let mut json = with_head(Version::V2, error, None, terms);
    if !extensions.is_empty() {
        json.push_str(&format!(r#","extensions":{{{extensions}}}"#));
    }
    json.push('}');
    json
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
