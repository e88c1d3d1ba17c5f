//! Figures as people read them.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use domain::{Amount, Asset, Content, CountedBy, Environment, NetworkId, Quota};

/// `USDC`: the token's symbol where it is known, else its name.
pub(crate) fn symbol(asset: &Asset) -> &str {
    if is_dollar(asset) { "USDC" } else { &asset.name }
}

/// Whether one is worth one US dollar.
pub(super) fn is_dollar(asset: &Asset) -> bool {
    asset.network.known().is_some_and(|known| known.usdc == asset.address)
}

/// `$0.05`, or `0.05 Token`.
pub(crate) fn price(amount: Amount, asset: &Asset) -> String {
    let figure = amount.to_decimal(asset.decimals);
    if is_dollar(asset) { format!("${figure}") } else { format!("{figure} {}", asset.name) }
}

/// `0.05 USDC`
pub(crate) fn amount(amount: Amount, asset: &Asset) -> String {
    format!("{} {}", amount.to_decimal(asset.decimals), symbol(asset))
}

/// `Base`
pub(crate) fn network(network: NetworkId) -> Cow<'static, str> {
    network.known().map_or_else(|| network.to_string().into(), |known| known.title.into())
}

/// `4.2 MB`
pub(super) fn size(bytes: u64) -> String {
    let mut unit = "bytes";
    let mut tenths = bytes.saturating_mul(10);
    for larger in ["kB", "MB", "GB", "TB"] {
        if tenths < 10_000 {
            break;
        }
        tenths = tenths.saturating_add(500) / 1000;
        unit = larger;
    }
    match (unit, tenths / 10, tenths % 10) {
        ("bytes", 1, _) => "1 byte".to_owned(),
        ("bytes", whole, _) => format!("{whole} bytes"),
        (unit, whole, _) if whole >= 100 => format!("{whole} {unit}"),
        (unit, whole, tenth) => format!("{whole}.{tenth} {unit}"),
    }
}

/// `21 November 2026, 16:04 UTC`
pub(crate) fn moment(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y, %H:%M UTC").to_string()
}

/// `5 requests a day are free for each network address`
pub(super) fn quota(quota: Quota) -> String {
    let (many, are) = match quota.requests_a_day {
        1 => ("1 request".to_owned(), "is"),
        many => (format!("{many} requests"), "are"),
    };
    let whom = match quota.counted_by {
        CountedBy::Address => "each network address",
        CountedBy::Wallet => "each wallet that signs in",
    };
    format!("{many} a day {are} free for {whom}")
}

/// What is said of the money; empty where it is real.
pub(super) const fn environment(environment: Environment) -> &'static str {
    match environment {
        Environment::Practice => "Practice: a private chain on the seller’s computer, no real money.",
        Environment::Test => "Test network: no real money.",
        Environment::Live => "",
    }
}

/// `PDF file`, by a file's name.
fn file_kind(name: &str) -> String {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let extension: String = extension.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    match extension.to_ascii_lowercase().as_str() {
        "" => "File".to_owned(),
        "epub" => "EPUB book".to_owned(),
        "txt" | "md" => "Text file".to_owned(),
        "html" | "htm" => "Web page".to_owned(),
        "zip" | "7z" | "gz" | "tgz" => format!("{} archive", extension.to_ascii_uppercase()),
        _ => format!("{} file", extension.to_ascii_uppercase()),
    }
}

/// `PDF file`, `Folder, 12 files`, `Text`, `Service`.
pub(super) fn kind(content: &Content, is_whole: bool, file_name: &str) -> String {
    match content {
        Content::Folder(folder) if is_whole => match folder.members.len() {
            1 => "Folder, 1 file".to_owned(),
            count => format!("Folder, {count} files"),
        },
        Content::File(_) | Content::Folder(_) => file_kind(file_name),
        Content::Text(_) => "Text".to_owned(),
        Content::Service(_) => "Service".to_owned(),
    }
}

/// The first words of a text, in one line.
pub(super) fn summary(text: &str) -> String {
    const LONGEST: usize = 200;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    if line.chars().count() <= LONGEST {
        return line.to_owned();
    }
    let cut: String = line.chars().take(LONGEST).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{whole}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_at_a_glance() {
        for (bytes, words) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1000, "1.0 kB"),
            (4_200_000, "4.2 MB"),
            (123_456_789, "123 MB"),
            (20_000_000_000, "20.0 GB"),
            (u64::MAX, "1844674 TB"),
        ] {
            assert_eq!(size(bytes), words, "{bytes}");
        }
    }

    #[test]
    fn a_long_text_is_cut_between_its_words() {
        assert_eq!(summary("\n  One line. \nAnother"), "One line.");
        let cut = summary(&"word ".repeat(100));
        assert!(cut.ends_with("word…") && cut.chars().count() <= 201, "{cut}");
    }
}
