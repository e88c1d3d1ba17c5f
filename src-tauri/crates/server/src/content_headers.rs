use alloy_primitives::{B256, hex};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::PublishedFile;
use http::HeaderMap;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::headers;

/// What may stand unescaped in an extended parameter value (RFC 8187).
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// For what could run in the stall's origin.
pub(crate) const SANDBOX: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'");

/// What is said of content beside its length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Label<'c> {
    /// The name a buyer's download gets.
    pub(crate) file_name: &'c str,
    /// Its media type.
    pub(crate) media_type: &'c str,
    /// Its SHA-256.
    pub(crate) sha256: &'c B256,
}

impl<'c> Label<'c> {
    /// What is said of a file.
    pub(crate) fn of_file(file: &'c PublishedFile) -> Self {
        Self { file_name: &file.file_name, media_type: &file.media_type, sha256: &file.sha256 }
    }
}

/// What the archive of a folder is called.
pub(crate) fn archive_name(folder: &str) -> String {
    let name = folder.rsplit(['/', '\\']).find(|name| !name.is_empty()).unwrap_or("files");
    format!("{name}.zip")
}

/// The headers with which content leaves, but for those of the payment and the part.
pub(crate) fn of(label: Label<'_>) -> HeaderMap {
    let Label { file_name, media_type, sha256 } = label;
    let mut headers = headers::delivery();
    let fallback = HeaderValue::from_static("application/octet-stream");
    headers.insert(CONTENT_TYPE, HeaderValue::from_str(media_type).unwrap_or(fallback));
    headers.insert(CONTENT_DISPOSITION, disposition(file_name));
    headers.insert(ETAG, etag(sha256));
    if let Ok(digest) = HeaderValue::from_str(&format!("sha-256=:{}:", STANDARD.encode(sha256))) {
        headers.insert(headers::REPR_DIGEST, digest);
    }
    // A page of the seller's is shown, if at all, without any right in the stall's origin (T82).
    if runs_scripts(media_type) {
        headers.insert(CONTENT_SECURITY_POLICY, SANDBOX);
    }
    headers
}

/// The strong tag of content with the given digest.
pub(crate) fn etag(sha256: &B256) -> HeaderValue {
    let tag = format!("\"{}\"", hex::encode(&sha256[..16]));
    HeaderValue::from_str(&tag).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

pub(crate) fn runs_scripts(media_type: &str) -> bool {
    let kind = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(
        kind.as_str(),
        "text/html" | "application/xhtml+xml" | "image/svg+xml" | "application/xml" | "text/xml"
    )
}

/// A download under the given name, once plain for old clients and once exact.
fn disposition(file_name: &str) -> HeaderValue {
    let tame = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '_' };
    let plain: String =
        file_name.chars().map(|c| if matches!(c, '"' | '\\' | '%' | '/') { '_' } else { tame(c) }).collect();
    let exact = utf8_percent_encode(file_name, PLAIN);
    HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}"))
        .unwrap_or_else(|_| HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reaches_old_and_new_clients_and_breaks_out_of_nothing() {
        for (name, expected) in [
            ("guide.pdf", "attachment; filename=\"guide.pdf\"; filename*=UTF-8''guide.pdf"),
            ("a \"b\".pdf", "attachment; filename=\"a _b_.pdf\"; filename*=UTF-8''a%20%22b%22.pdf"),
            ("caf\u{e9}.pdf", "attachment; filename=\"caf_.pdf\"; filename*=UTF-8''caf%C3%A9.pdf"),
            ("x\r\ny: z", "attachment; filename=\"x__y: z\"; filename*=UTF-8''x%0D%0Ay%3A%20z"),
        ] {
            assert_eq!(disposition(name), expected);
        }
    }

    // T82
    #[test]
    fn pages_and_drawings_get_no_rights_in_our_origin() {
        for (media_type, sandboxed) in
            [("text/html; charset=utf-8", true), ("image/SVG+xml", true), ("application/pdf", false)]
        {
            let headers = of(Label { file_name: "x", media_type, sha256: &B256::ZERO });
            assert_eq!(headers.contains_key(CONTENT_SECURITY_POLICY), sandboxed, "{media_type}");
            assert_eq!(headers["x-content-type-options"], "nosniff");
            assert_eq!(headers["cache-control"], "private, no-store");
        }
    }
}
