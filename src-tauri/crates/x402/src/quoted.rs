use std::fmt::{self, Write};

/// A text as a JSON string in pure ASCII, quotes included.
///
/// Some clients decode base64 as Latin-1 before they read JSON, so nothing above ASCII may stand in
/// it. What this crate writes is small and has a fixed shape: it is formatted in place, which cannot
/// fail, instead of passing through a serializer, which could.
pub(crate) struct Quoted<'t>(pub(crate) &'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        let mut rest = self.0;
        // Nearly everything stands for itself and is written in one go.
        while let Some((at, c)) =
            rest.char_indices().find(|(_, c)| !matches!(c, ' '..='~') || matches!(c, '"' | '\\'))
        {
            f.write_str(&rest[..at])?;
            if c.is_ascii_graphic() {
                write!(f, "\\{c}")?;
            } else {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(f, "\\u{unit:04x}")?;
                }
            }
            rest = &rest[at + c.len_utf8()..];
        }
        f.write_str(rest)?;
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_quoted_in_ascii_and_read_back_the_same(text in any::<String>()) {
            let quoted = Quoted(&text).to_string();
            prop_assert!(quoted.bytes().all(|b| (b' '..=b'~').contains(&b)));
            prop_assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text);
        }
    }
}
