//! What the tray and notifications say. The page puts its own language in place of these as soon as it is there.

use std::sync::{Mutex, PoisonError};

use serde::Deserialize;

/// The longest that a word may be.
const LONGEST: usize = 300;

/// Each may name what is filled in, in braces.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Words {
    /// An amount: `{amount}`.
    pub(crate) amount: String,
    /// What divides dollars from cents.
    pub(crate) point: String,
    pub(crate) starting: String,
    pub(crate) selling: String,
    pub(crate) paused: String,
    pub(crate) offline: String,
    /// The tray's first line: `{state}`, `{sold}`, `{settled}`, `{pending}`.
    pub(crate) line: String,
    /// The switch.
    pub(crate) open: String,
    /// Closes the stall for an hour.
    pub(crate) pause: String,
    /// The same while that lasts: `{time}`.
    pub(crate) paused_until: String,
    /// Puts the stall's link where it can be pasted from.
    pub(crate) copy: String,
    /// What leads to the stall's page.
    pub(crate) visit: String,
    /// `{pending}`.
    pub(crate) settle: String,
    pub(crate) settle_nothing: String,
    /// `{count}`.
    pub(crate) attention: String,
    pub(crate) attention_none: String,
    pub(crate) show: String,
    pub(crate) settings: String,
    pub(crate) quit: String,
    /// One sale: `{title}`.
    pub(crate) sold_one: String,
    /// Several: `{count}`.
    pub(crate) sold_many: String,
    /// What they came to: `{amount}`.
    pub(crate) sold_for: String,
    /// Payments were not settled.
    pub(crate) failed: String,
    /// There is too little gas.
    pub(crate) gas: String,
    /// Nobody can buy.
    pub(crate) unreached: String,
    /// A backup was not made.
    pub(crate) unsaved: String,
    /// There is a newer version: `{version}`.
    pub(crate) update: String,
    /// What to do about it.
    pub(crate) update_text: String,
    /// Said once, when the window goes into the tray.
    pub(crate) in_tray: String,
    pub(crate) in_tray_text: String,
}

impl Default for Words {
    fn default() -> Self {
        let words = |text: &str| text.to_owned();
        Self {
            amount: words("${amount}"),
            point: words("."),
            starting: words("Starting…"),
            selling: words("Selling"),
            paused: words("Paused"),
            offline: words("Offline"),
            line: words("{state} · {sold} sold today · {settled} settled ({pending} pending)"),
            open: words("Open for sales"),
            pause: words("Pause for 1 hour"),
            paused_until: words("Paused until {time}"),
            copy: words("Copy the stall's link"),
            visit: words("Show the stall's page"),
            settle: words("Settle {pending}…"),
            settle_nothing: words("Nothing to settle"),
            attention: words("Needs attention ({count})"),
            attention_none: words("Nothing needs attention"),
            show: words("Open Stallkeeper"),
            settings: words("This computer…"),
            quit: words("Quit Stallkeeper"),
            sold_one: words("{title} was sold"),
            sold_many: words("{count} sales"),
            sold_for: words("{amount}"),
            failed: words("Payments were not settled"),
            gas: words("Gas money is running out"),
            unreached: words("Buyers cannot buy"),
            unsaved: words("A backup was not made"),
            update: words("Stallkeeper {version} is there"),
            update_text: words("It is installed at your word, under This computer in Settings."),
            in_tray: words("Stallkeeper is still open"),
            in_tray_text: words(
                "It goes on selling. Its icon in the tray brings the window back and quits. Settings says whether closing the window does this.",
            ),
        }
    }
}

impl Words {
    /// An amount as the seller's language writes it, from the engine's `0.05`.
    pub(crate) fn amount(&self, formatted: &str) -> String {
        fill(&self.amount, &[("amount", &formatted.replace('.', &self.point))])
    }
}

/// Puts each text where its name stands in braces. What is put in is never filled in itself.
pub(crate) fn fill(pattern: &str, texts: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let name = after.split_once('}').and_then(|(name, after)| {
            texts.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text, after))
        });
        match name {
            Some((text, after)) => {
                filled.push_str(text);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// The words that are spoken now.
#[derive(Default)]
pub(crate) struct Spoken(Mutex<Words>);

impl Spoken {
    pub(crate) fn get(&self) -> Words {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Speaks these from now on; says whether they are others.
    pub(crate) fn set(&self, words: Words) -> bool {
        let mut spoken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let are_others = *spoken != words;
        *spoken = words;
        are_others
    }
}

/// One line of at most so many letters: what sellers wrote may be anything.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_not_filled_in_again() {
        let texts = [("title", "{count}"), ("count", "3")];
        assert_eq!(fill("{title}: {count} {other} {", &texts), "{count}: 3 {other} {");
        assert_eq!(one_line("a\nb\u{7}"), "a b ");
    }

    #[test]
    fn amounts_are_written_as_the_seller_writes_them() {
        assert_eq!(Words::default().amount("1234.50"), "$1234.50");
        let german = Words { amount: "{amount} $".to_owned(), point: ",".to_owned(), ..Words::default() };
        assert_eq!(german.amount("0.05"), "0,05 $");
    }
}
