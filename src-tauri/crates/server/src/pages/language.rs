//! The words of the buyer's page in the languages that it speaks: what the seller wrote stays as it is.

use std::collections::HashMap;

use domain::{Content, CountedBy, Environment, OwnedFor, Quota};
use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;

use super::template::Values;
use super::words;

const WORDS: [(&str, &str); 3] = [
    ("en", include_str!("../../../../../ui/buyer/words/en.json")),
    ("de", include_str!("../../../../../ui/buyer/words/de.json")),
    ("es", include_str!("../../../../../ui/buyer/words/es.json")),
];

/// What every name that begins so is: words of the template itself.
const OF_TEMPLATE: char = 'w';

/// All languages.
pub(super) struct Languages([Language; 3]);

/// One of them.
pub(super) struct Language {
    /// As BCP 47 calls it.
    tag: &'static str,
    sentences: HashMap<&'static str, String>,
}

impl Languages {
    pub(super) fn new() -> Self {
        Self(WORDS.map(|(tag, json)| {
            // The files are compiled in and looked at by a test.
            let sentences = serde_json::from_str(json).unwrap_or_default();
            Language { tag, sentences }
        }))
    }

    /// The one that the buyer would rather read than the others.
    pub(super) fn of(&self, headers: &HeaderMap) -> &Language {
        let [first, ..] = &self.0;
        let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut best: (u16, &Language) = (0, first);
        for one in asked.split(',').take(20) {
            let mut parts = one.split(';').map(str::trim);
            let primary = parts.next().and_then(|tag| tag.split('-').next()).unwrap_or_default();
            let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1000, thousandths);
            let spoken = self.0.iter().find(|language| language.tag.eq_ignore_ascii_case(primary));
            if let Some(language) = spoken.filter(|_| weight > best.0) {
                best = (weight, language);
            }
        }
        best.1
    }
}

/// `0.8` as 800; what is no weight counts for nothing.
fn thousandths(text: &str) -> u16 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    let parsed = whole.parse::<u16>().ok().zip(digits.parse::<u16>().ok());
    parsed.map_or(0, |(whole, part)| whole.saturating_mul(1000).saturating_add(part).min(1000))
}

impl Language {
    pub(super) const fn tag(&self) -> &'static str {
        self.tag
    }

    /// A sentence with what stands for the names in its braces.
    pub(super) fn say(&self, name: &str, given: &[(&str, &str)]) -> String {
        let mut rest = self.sentences.get(name).map(String::as_str).unwrap_or_default();
        let mut said = String::with_capacity(rest.len() + 32);
        // From left to right and once, so that nothing that is put in is read as a name.
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else { break };
            said.push_str(before);
            said.push_str(given.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text));
            rest = after;
        }
        said.push_str(rest);
        said
    }

    fn counted(&self, one: &str, many: &str, count: u32, given: &[(&str, &str)]) -> String {
        if count == 1 {
            return self.say(one, given);
        }
        let count = count.to_string();
        let all: Vec<_> = given.iter().copied().chain([("n", count.as_str())]).collect();
        self.say(many, &all)
    }

    /// The words that stand in the template.
    pub(super) fn of_template<'v>(&'v self, values: &mut Values<'v>) {
        for (name, text) in self.sentences.iter().filter(|(name, _)| name.starts_with(OF_TEMPLATE)) {
            values.text(name, text.as_str());
        }
        values.text("language", self.tag());
    }

    /// `Download again for 30 days`
    pub(super) fn again(&self, owned_for: OwnedFor) -> String {
        let time = match owned_for.seconds() {
            0 => return String::new(),
            seconds if seconds >= 86_400 => self.counted("day", "days", seconds / 86_400, &[]),
            seconds if seconds >= 3600 => self.counted("hour", "hours", seconds / 3600, &[]),
            seconds => self.counted("minute", "minutes", (seconds / 60).max(1), &[]),
        };
        self.say("again", &[("time", &time)])
    }

    /// `5 requests a day are free for each network address`
    pub(super) fn quota(&self, quota: Quota) -> String {
        let whom = match quota.counted_by {
            CountedBy::Address => "eachAddress",
            CountedBy::Wallet => "eachWallet",
        };
        self.counted("freeOne", "free", quota.requests_a_day, &[("whom", &self.say(whom, &[]))])
    }

    /// What is said of the money; empty where it is real.
    pub(super) fn environment(&self, environment: Environment) -> String {
        match environment {
            Environment::Practice => self.say("practice", &[]),
            Environment::Test => self.say("test", &[]),
            Environment::Live => String::new(),
        }
    }

    /// `PDF file`, `Folder, 12 files`, `Text`, `Service`: what a file is called is the same everywhere.
    pub(super) fn kind(&self, content: &Content, is_whole: bool, file_name: &str) -> String {
        match content {
            Content::Folder(folder) if is_whole => {
                let count = u32::try_from(folder.members.len()).unwrap_or(u32::MAX);
                self.counted("folderOne", "folder", count, &[])
            }
            Content::Text(_) => self.say("text", &[]),
            Content::Service(_) => self.say("service", &[]),
            Content::File(_) | Content::Folder(_) => words::kind(content, is_whole, file_name),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use http::HeaderValue;

    use super::*;

    fn names_in(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn every_sentence_is_there_in_every_language_with_the_same_names_in_it() {
        let Languages([english, others @ ..]) = Languages::new();
        assert!(english.sentences.len() > 40);
        for Language { tag, sentences } in &others {
            let missing: Vec<_> =
                english.sentences.keys().filter(|name| !sentences.contains_key(*name)).collect();
            assert!(missing.is_empty() && sentences.len() == english.sentences.len(), "{tag}: {missing:?}");
            for (name, text) in sentences {
                assert_eq!(names_in(text), names_in(&english.sentences[name]), "{tag}: {name}");
                assert!(!text.is_empty(), "{tag}: {name}");
            }
        }
    }

    #[test]
    fn the_language_is_the_one_that_the_browser_would_rather_show() {
        let languages = Languages::new();
        for (asked, tag) in [
            ("", "en"),
            ("de", "de"),
            ("de-CH, en;q=0.7", "de"),
            ("fr, es-MX;q=0.8, de;q=0.9", "de"),
            ("en;q=0.2,ES;q=0.25", "es"),
            ("de;q=0, en", "en"),
            ("*, fr", "en"),
            ("de;q=x, es;q=0.1", "es"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(asked));
            assert_eq!(languages.of(&headers).tag(), tag, "{asked}");
        }
    }

    #[test]
    fn what_is_put_into_a_sentence_is_not_read_as_a_part_of_it() {
        let languages = Languages::new();
        let english = languages.of(&HeaderMap::new());
        assert_eq!(
            english.say("codeOver", &[("code", "{code}")]),
            "The code {code} changes no price here, or not any more. This is the usual price."
        );
        assert_eq!(english.again("12h".parse().unwrap()), "Download again for 12 hours");
        assert_eq!(english.again("1d".parse().unwrap()), "Download again for 1 day");
    }
}
