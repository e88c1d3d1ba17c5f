//! Which prices a request is asked: those for everybody, or those that its query chooses.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use domain::{Amount, Audience, Offer};
use store::GRACE;

use crate::catalogue::{Item, Quote};
pub(crate) use crate::choice::Choice;

/// Room for what buyers pay of their own will: this many times the least.
const MOST_TIMES: u64 = 1000;

impl Choice<'_> {
    /// Whether an offer for the audience may answer it.
    fn is_for(self, audience: &Audience) -> bool {
        match (self, audience) {
            (Self::Everybody, Audience::Everybody) | (Self::Own(_), Audience::Own) => true,
            (Self::Code(code), Audience::Code(known)) => code == known,
            (Self::Everybody | Self::Code(_) | Self::Own(_), _) => false,
        }
    }

    /// The offer with what is asked of who comes with this choice: its own amount, or the buyer's where that is
    /// enough and not beyond all measure.
    fn priced(self, offer: &Offer) -> Option<Cow<'_, Offer>> {
        let Self::Own(text) = self else { return Some(Cow::Borrowed(offer)) };
        let amount = Amount::from_decimal(text, offer.asset.decimals).ok()?;
        let fits = (offer.amount..=most_of(offer)).contains(&amount);
        fits.then(|| Cow::Owned(Offer { amount, ..offer.clone() }))
    }
}

/// The most that buyers who choose their price pay, where this is the least.
pub(crate) fn most_of(least: &Offer) -> Amount {
    Amount::from_atomic(least.amount.atomic().saturating_mul(MOST_TIMES)).unwrap_or(Amount::MAX)
}

/// A quote as it is put to one request.
#[derive(Clone)]
pub(crate) struct Asked<'i> {
    pub(crate) quote: &'i Quote,
    /// The quote's offer, with the amount that is asked.
    pub(crate) offer: Cow<'i, Offer>,
}

/// Which offers count.
#[derive(Clone, Copy)]
enum When {
    /// What is quoted now.
    Current,
    /// What somebody who was told it may still pay at this moment.
    Honoured(DateTime<Utc>),
}

impl Item {
    /// What a request is asked now: what its query chose, or what everybody is asked where that is nothing.
    pub(crate) fn asked(&self, choice: Choice<'_>) -> Vec<Asked<'_>> {
        let chosen = self.answering(choice, When::Current);
        match choice {
            Choice::Code(_) | Choice::Own(_) if chosen.is_empty() => {
                self.answering(Choice::Everybody, When::Current)
            }
            Choice::Everybody | Choice::Code(_) | Choice::Own(_) => chosen,
        }
    }

    /// What a payment with the same query may answer: that, and what it was asked a while ago (I3).
    pub(crate) fn honoured(&self, choice: Choice<'_>, now: DateTime<Utc>) -> Vec<Asked<'_>> {
        let mut honoured = self.answering(choice, When::Honoured(now));
        if choice != Choice::Everybody && self.answering(choice, When::Current).is_empty() {
            honoured.extend(self.answering(Choice::Everybody, When::Honoured(now)));
        }
        honoured
    }

    /// Whether the query's choice is one that there is now.
    pub(crate) fn answers(&self, choice: Choice<'_>) -> bool {
        !self.answering(choice, When::Current).is_empty()
    }

    /// The least that buyers who choose their price pay, in the token that is told first.
    pub(crate) fn least_own(&self) -> Option<&Offer> {
        let of_whole = self.part.is_whole() || self.whole_counts(Choice::Own(""), When::Current);
        let own = self.quotes.iter().filter(|quote| quote.chain.is_some()).map(|quote| &*quote.offer);
        own.filter(|offer| {
            let here = offer.part == self.part || (of_whole && offer.part.is_whole());
            offer.honoured_until.is_none() && here && offer.audience == Audience::Own
        })
        .min_by_key(|offer| offer.asset.network.rank())
    }

    fn answering(&self, choice: Choice<'_>, when: When) -> Vec<Asked<'_>> {
        let of_whole = self.part.is_whole() || self.whole_counts(choice, when);
        self.quotes
            .iter()
            .filter(|Quote { offer, .. }| {
                let counts = match when {
                    When::Current => offer.honoured_until.is_none(),
                    When::Honoured(now) => offer.is_honoured_at(now),
                };
                let here = offer.part == self.part || (of_whole && offer.part.is_whole());
                counts && here && choice.is_for(&offer.audience)
            })
            .filter_map(|quote| Some(Asked { quote, offer: choice.priced(&quote.offer)? }))
            .collect()
    }

    /// Whether a part is asked what the whole is asked: until it has a price of its own, and a while longer for who was
    /// told the other one.
    fn whole_counts(&self, choice: Choice<'_>, when: When) -> bool {
        let own = self.quotes.iter().map(|quote| &quote.offer).filter(|offer| {
            offer.part == self.part
                && (offer.audience == Audience::Everybody || choice.is_for(&offer.audience))
        });
        if !own.clone().any(|offer| offer.honoured_until.is_none()) {
            return true;
        }
        match (when, own.map(|offer| offer.created_at).min()) {
            (When::Honoured(now), Some(since)) => now < since + GRACE,
            (When::Current, _) | (When::Honoured(_), None) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_choice_is_one_and_two_are_none() {
        for (query, choice) in [
            (None, Choice::Everybody),
            (Some(""), Choice::Everybody),
            (Some("code=SPRING"), Choice::Code("SPRING")),
            (Some("city=Berlin&code=SPRING"), Choice::Code("SPRING")),
            (Some("pay=2.50"), Choice::Own("2.50")),
            (Some("pay"), Choice::Own("")),
            (Some("code=A&code=A"), Choice::Everybody),
            (Some("code=A&pay=2"), Choice::Everybody),
            (Some("pay=1&x&pay=2"), Choice::Everybody),
            (Some("Code=A&PAY=1&xcode=A"), Choice::Everybody),
            (Some("c%6Fde=A"), Choice::Everybody),
        ] {
            assert_eq!(Choice::of(query), choice, "{query:?}");
        }
    }

    proptest! {
        #[test]
        fn a_query_chooses_only_what_stands_in_it_letter_by_letter(query in "[a-z&=%0-9A-Z.]{0,24}") {
            let keys = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
            let choices = keys.filter(|key| ["code", "pay"].contains(key)).count();
            match Choice::of(Some(&query)) {
                Choice::Everybody => prop_assert_ne!(choices, 1),
                Choice::Code(code) => {
                    prop_assert_eq!(choices, 1);
                    let spelled = format!("code={code}");
                    prop_assert!(query.split('&').any(|pair| pair == spelled || pair == "code"));
                }
                Choice::Own(amount) => {
                    prop_assert_eq!(choices, 1);
                    let spelled = format!("pay={amount}");
                    prop_assert!(query.split('&').any(|pair| pair == spelled || pair == "pay"));
                }
            }
        }
    }
}
