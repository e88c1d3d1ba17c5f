//! What a strange program says, made fit for people and for the log.

use secrecy::{ExposeSecret, SecretString};

/// The longest sentence of a program's that is shown.
const LONGEST: usize = 300;

/// The fewest characters of a token that is looked for in a text.
const SHORTEST_SOUGHT: usize = 8;

/// A line without colours, other control characters and the token, not too long (I12, T80).
pub(crate) fn tidy(line: &str, token: Option<&SecretString>) -> String {
    let mut text = String::new();
    let mut chars = line.chars();
    while let Some(next) = chars.next() {
        if next == '\u{1b}' {
            // A colour ends with its first letter.
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else if !next.is_control() {
            text.push(next);
        }
    }
    let token = token.map(ExposeSecret::expose_secret).filter(|token| token.len() >= SHORTEST_SOUGHT);
    if let Some(token) = token {
        text = text.replace(token, "…");
    }
    text.trim().chars().take(LONGEST).collect()
}

/// The first `https` URL in a line whose host ends like this; scheme and host, and the port if it names one.
pub(crate) fn url_on<'l>(line: &'l str, ending: &str) -> Option<&'l str> {
    line.match_indices("https://").find_map(|(start, scheme)| {
        let rest = line.get(start..)?;
        let host = rest.get(scheme.len()..)?;
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
        let end = host.find(|c| !fits(c)).unwrap_or(host.len());
        let authority = host.get(..end)?.trim_end_matches(['.', ':']);
        let name = authority.split(':').next()?;
        let fits = name.len() > ending.len() && name.ends_with(ending) && !name.starts_with(['.', '-']);
        fits.then(|| rest.get(..scheme.len() + authority.len())).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_shown_without_colours_tokens_and_tricks() {
        let token = SecretString::from("eyJhIjoi-token");
        let line = "\u{1b}[31mERR\u{1b}[0m bad token eyJhIjoi-token\u{7}\r";
        assert_eq!(tidy(line, Some(&token)), "ERR bad token …");
        assert_eq!(tidy(&"x".repeat(10_000), None).len(), LONGEST);
        assert_eq!(tidy("\u{1b}[", None), "");
    }

    proptest::proptest! {
        #[test]
        fn no_line_upsets_who_reads_it(line in "(https://|connIndex=|Registered tunnel connection |\u{1b}\\[|.){0,40}(.ts.net|.trycloudflare.com)?") {
            let tidied = tidy(&line, None);
            proptest::prop_assert!(tidied.chars().count() <= LONGEST && !tidied.contains(char::is_control));
            for ending in [".ts.net", ".trycloudflare.com"] {
                if let Some(url) = url_on(&line, ending) {
                    proptest::prop_assert!(url.starts_with("https://") && url.contains(ending));
                }
            }
            let (mut cloudflared, mut tailscale) = Default::default();
            crate::cloudflared::Cloudflared::read(&mut cloudflared, &line);
            crate::tailscale::Tailscale::read(&mut tailscale, &line);
        }
    }

    #[test]
    fn only_an_address_of_the_providers_is_taken_for_one() {
        let on = |line| url_on(line, ".trycloudflare.com");
        assert_eq!(on("INF |  https://a-b.trycloudflare.com   |"), Some("https://a-b.trycloudflare.com"));
        assert_eq!(
            on("see https://x.example or https://b.trycloudflare.com/x"),
            Some("https://b.trycloudflare.com")
        );
        assert_eq!(on("https://b.trycloudflare.com:8443/"), Some("https://b.trycloudflare.com:8443"));
        for none in [
            "https://trycloudflare.com",
            "https://.trycloudflare.com",
            "http://a.trycloudflare.com",
            "https://a.trycloudflare.com.evil.example",
            "https://eviltrycloudflare.com",
            "https://user@a.example",
            "",
        ] {
            assert_eq!(on(none), None, "{none}");
        }
    }
}
