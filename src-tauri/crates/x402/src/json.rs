//! JSON in one pass without a tree: only the members somebody asked for are kept, and the rules
//! hold everywhere, also inside what is skipped. An object that names a member twice is refused
//! because two readers could disagree about it, and so is nesting that no client needs (T26).

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::PaymentError;

/// How deep objects and lists may nest. Echoed extensions carry JSON schemas of about a dozen levels.
const DEEPEST: usize = 32;

/// How many texts of a list are kept.
const MOST_TEXTS: usize = 16;

/// What stood in the place of one member.
#[derive(Default)]
pub(crate) enum Value<'de, M> {
    /// Nothing, or `null`.
    #[default]
    Absent,
    Text(Cow<'de, str>),
    Number(u64),
    Object(M),
    /// A list of nothing but texts, where those are [asked for](Members::TEXTS).
    Texts(Vec<Cow<'de, str>>),
    Other,
}

impl<M> Value<'_, M> {
    pub(crate) fn text(&self, field: &'static str) -> Result<&str, PaymentError> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Absent => Err(PaymentError::Missing(field)),
            Self::Number(_) | Self::Object(_) | Self::Texts(_) | Self::Other => {
                Err(PaymentError::Malformed { field, expected: "a string" })
            }
        }
    }

    pub(crate) const fn number(&self, field: &'static str) -> Result<u64, PaymentError> {
        match self {
            Self::Number(number) => Ok(*number),
            Self::Absent => Err(PaymentError::Missing(field)),
            Self::Text(_) | Self::Object(_) | Self::Texts(_) | Self::Other => {
                Err(PaymentError::Malformed { field, expected: "a whole number" })
            }
        }
    }

    pub(crate) const fn object(&self, field: &'static str) -> Result<&M, PaymentError> {
        match self {
            Self::Object(members) => Ok(members),
            Self::Absent => Err(PaymentError::Missing(field)),
            Self::Text(_) | Self::Number(_) | Self::Texts(_) | Self::Other => {
                Err(PaymentError::Malformed { field, expected: "an object" })
            }
        }
    }

    /// The object, or nothing where it may be left out.
    pub(crate) fn optional_object(&self, field: &'static str) -> Result<Option<&M>, PaymentError> {
        match self {
            Self::Absent => Ok(None),
            Self::Text(_) | Self::Number(_) | Self::Object(_) | Self::Texts(_) | Self::Other => {
                self.object(field).map(Some)
            }
        }
    }

    /// The text, or nothing where it may be left out.
    pub(crate) fn optional_text(&self, field: &'static str) -> Result<Option<&str>, PaymentError> {
        match self {
            Self::Absent => Ok(None),
            Self::Text(_) | Self::Number(_) | Self::Object(_) | Self::Texts(_) | Self::Other => {
                self.text(field).map(Some)
            }
        }
    }

    /// The list, or nothing where it may be left out.
    pub(crate) fn optional_texts(
        &self,
        field: &'static str,
    ) -> Result<Option<&[Cow<'_, str>]>, PaymentError> {
        match self {
            Self::Absent => Ok(None),
            Self::Texts(texts) => Ok(Some(texts)),
            Self::Text(_) | Self::Number(_) | Self::Object(_) | Self::Other => {
                Err(PaymentError::Malformed { field, expected: "a list of at most 16 strings" })
            }
        }
    }
}

/// An object of which some members are kept.
pub(crate) trait Members<'de>: Default {
    /// Whether a list of texts in the object's place is kept, too.
    const TEXTS: bool = false;

    /// Takes the member's value, or reads it as [`Skipped`].
    fn member<A: MapAccess<'de>>(&mut self, name: &str, slot: Slot<'_, A>) -> Result<(), A::Error>;
}

/// An object of which nothing is kept.
#[derive(Default)]
pub(crate) struct Skipped;

impl<'de> Members<'de> for Skipped {
    fn member<A: MapAccess<'de>>(&mut self, _: &str, slot: Slot<'_, A>) -> Result<(), A::Error> {
        slot.read::<Self>().map(|_| ())
    }
}

/// A list of texts: an object in its place is skipped.
#[derive(Default)]
pub(crate) struct Texts;

impl<'de> Members<'de> for Texts {
    const TEXTS: bool = true;

    fn member<A: MapAccess<'de>>(&mut self, _: &str, slot: Slot<'_, A>) -> Result<(), A::Error> {
        slot.read::<Skipped>().map(|_| ())
    }
}

/// The value of the member that is being looked at.
pub(crate) struct Slot<'m, A> {
    map: &'m mut A,
    depth: usize,
}

impl<A> Slot<'_, A> {
    pub(crate) fn read<'de, M>(self) -> Result<Value<'de, M>, A::Error>
    where
        A: MapAccess<'de>,
        M: Members<'de>,
    {
        self.map.next_value_seed(Reader::at(self.depth))
    }
}

/// Reads one JSON text.
///
/// # Errors
/// [`PaymentError::Json`] says what is wrong and where.
pub(crate) fn read<'de, M: Members<'de>>(json: &'de [u8]) -> Result<Value<'de, M>, PaymentError> {
    let mut source = serde_json::Deserializer::from_slice(json);
    Reader::at(0)
        .deserialize(&mut source)
        .and_then(|value| source.end().map(|()| value))
        .map_err(|error| PaymentError::Json(error.to_string()))
}

struct Reader<M> {
    depth: usize,
    members: PhantomData<M>,
}

impl<M> Reader<M> {
    const fn at(depth: usize) -> Self {
        Self { depth, members: PhantomData }
    }

    fn deeper<E: Error>(&self) -> Result<usize, E> {
        if self.depth < DEEPEST {
            Ok(self.depth + 1)
        } else {
            Err(E::custom(format_args!("nested deeper than {DEEPEST} levels")))
        }
    }
}

impl<'de, M: Members<'de>> DeserializeSeed<'de> for Reader<M> {
    type Value = Value<'de, M>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de, M: Members<'de>> Visitor<'de> for Reader<M> {
    type Value = Value<'de, M>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Value::Absent)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Value::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Value::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Value::Other)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let depth = self.deeper()?;
        let mut texts = M::TEXTS.then(Vec::new);
        while let Some(element) = list.next_element_seed(Reader::<Skipped>::at(depth))? {
            texts = match (texts, element) {
                (Some(mut texts), Value::Text(text)) if texts.len() < MOST_TEXTS => {
                    texts.push(text);
                    Some(texts)
                }
                _ => None,
            };
        }
        Ok(texts.map_or(Value::Other, Value::Texts))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let depth = self.deeper()?;
        let mut members = M::default();
        let mut names = Vec::with_capacity(8);
        while let Some(Name(name)) = map.next_key_seed(Name(Cow::Borrowed("")))? {
            members.member(&name, Slot { map: &mut map, depth })?;
            names.push(name);
        }
        // Once at the end, so that a thousand members cost no million comparisons.
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => {
                let name = PaymentError::excerpt(&pair[0]);
                Err(Error::custom(format_args!("the member {name:?} stands there twice")))
            }
            None => Ok(Value::Object(members)),
        }
    }
}

/// A member's name, borrowed unless it was written with escapes.
struct Name<'de>(Cow<'de, str>);

impl<'de> DeserializeSeed<'de> for Name<'de> {
    type Value = Self;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self, D::Error> {
        source.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name<'de> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self, E> {
        Ok(Self(Cow::Borrowed(name)))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self, E> {
        Ok(Self(Cow::Owned(name.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(json: &str) -> String {
        match read::<Skipped>(json.as_bytes()) {
            Ok(_) => panic!("{json} was read"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_member_named_twice_is_refused_at_any_depth_and_in_any_spelling() {
        for json in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"b":2,"a":3}"#,
            r#"{"x":{"y":[{"a":1,"a":2}]}}"#,
            r#"{"a":1,"\u0061":2}"#,
        ] {
            assert!(refusal(json).contains("the member \"a\" stands there twice"), "{json}");
        }
        assert!(read::<Skipped>(br#"{"a":{"a":{"a":1}},"A":2,"b":[{"a":1},{"a":1}]}"#).is_ok());
    }

    #[test]
    fn nesting_ends_at_the_limit_for_objects_and_for_lists() {
        let nested = |open: &str, close: &str, levels| open.repeat(levels) + "1" + &close.repeat(levels);
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            assert!(read::<Skipped>(nested(open, close, DEEPEST).as_bytes()).is_ok());
            assert!(refusal(&nested(open, close, DEEPEST + 1)).contains("nested deeper than 32 levels"));
            assert!(refusal(&nested(open, close, 5_000)).contains("nested deeper than 32 levels"));
        }
    }

    #[test]
    fn what_is_not_one_whole_json_text_is_refused() {
        for json in
            ["", "{", "{} {}", "{\"a\":1,}", "nul", "{'a':1}", "{\"a\":NaN}", "{\"a\":01}", "\u{feff}{}"]
        {
            refusal(json);
        }
        assert!(read::<Skipped>(b"{\"a\":\"\xff\"}").is_err(), "not UTF-8");
        assert!(read::<Skipped>(br#"{"a":"\ud800"}"#).is_err(), "half a surrogate pair");
    }
}
