use crate::quoted::Quoted;

/// One entry of an `extensions` object: its key and what stands under it, finished JSON in ASCII.
///
/// Most never change for an endpoint and are part of the 402's precomputed bytes: `payment-identifier`
/// ([`Requirement::extension`](crate::Requirement::extension)) and `bazaar`
/// ([`Discovery::extension`](crate::Discovery::extension)). Two are made for each answer, where an endpoint has them:
/// `sign-in-with-x`, whose nonce and times are fresh ([`SignInTerms::challenge`](crate::SignInTerms::challenge)), and
/// the signed offers of `offer-receipt`, whose `validUntil` moves on
/// ([`signed_offers`](crate::signed_offers)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    key: &'static str,
    value: String,
}

impl Extension {
    pub(crate) const fn new(key: &'static str, value: String) -> Self {
        Self { key, value }
    }

    /// Its name in `extensions`.
    pub const fn key(&self) -> &'static str {
        self.key
    }

    /// How many bytes of JSON it takes in an `extensions` object, a comma included.
    pub const fn size(&self) -> usize {
        self.key.len() + self.value.len() + 4
    }
}

/// The members of an `extensions` object without the braces around them.
pub(crate) fn members<'e>(extensions: impl IntoIterator<Item = &'e Extension>) -> String {
    let mut json = String::new();
    for Extension { key, value } in extensions {
        if !json.is_empty() {
            json.push(',');
        }
        json.push_str(&format!("{}:{value}", Quoted(key)));
    }
    json
}

/// JSON as it may stand in a header: whatever is not ASCII can only be inside a string, where it has another spelling.
pub(crate) fn in_ascii(json: &str) -> String {
    let mut ascii = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            ascii.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                ascii.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    ascii
}
