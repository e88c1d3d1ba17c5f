use std::collections::HashMap;

use store::PictureRow;

/// What the seller shows of themselves on the stall's pages. Texts are as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seller {
    /// The stall's name; empty where none was given.
    pub name: String,
    /// An e-mail address, a URL, or words.
    pub contact: Option<String>,
    /// `#rrggbb`.
    pub colour: Option<String>,
    /// A sentence or two about the stall.
    pub about: Option<String>,
    /// A picture of theirs, which is no setting.
    pub picture: Option<PictureRow>,
}

impl Seller {
    /// The setting that holds the name.
    pub const NAME: &'static str = "stall-name";
    /// The setting that holds the contact.
    pub const CONTACT: &'static str = "stall-contact";
    /// The setting that holds the colour.
    pub const COLOUR: &'static str = "stall-colour";
    /// The setting that holds the words about the stall.
    pub const ABOUT: &'static str = "stall-about";

    /// As the settings say. What cannot be shown as it should is left out.
    pub(crate) fn read(settings: Vec<(String, String)>) -> Self {
        let mut settings: HashMap<_, _> =
            settings.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        Self {
            name: settings.remove(Self::NAME).unwrap_or_default(),
            contact: settings.remove(Self::CONTACT),
            colour: settings.remove(Self::COLOUR).filter(|colour| Self::is_colour(colour)),
            about: settings.remove(Self::ABOUT),
            picture: None,
        }
    }

    /// Whether a text is a colour as pages take it: it goes into a style, so nothing else may.
    pub fn is_colour(text: &str) -> bool {
        text.strip_prefix('#')
            .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
    }

    /// Where a browser writes to the seller: an e-mail address or an https URL and nothing else; empty for anything else.
    pub(super) fn contact_link(&self) -> String {
        let Some(contact) = &self.contact else { return String::new() };
        let plain = contact.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"'`".contains(&b));
        match contact.split_once('@') {
            _ if !plain => String::new(),
            _ if contact.starts_with("https://") => contact.clone(),
            Some((name, host))
                if !name.is_empty()
                    && host.contains('.')
                    && !host.contains('@')
                    && !contact.contains([':', '?', '&', '/', '%']) =>
            {
                format!("mailto:{contact}")
            }
            Some(_) | None => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // T81
    #[test]
    fn a_contact_is_a_link_only_where_it_leads_to_a_mailbox_or_a_page() {
        for (contact, link) in [
            ("mara@birds.example", "mailto:mara@birds.example"),
            ("https://birds.example/mara", "https://birds.example/mara"),
            ("http://birds.example", ""),
            ("javascript:alert(1)", ""),
            ("javascript:alert(1)//@x.example", ""),
            ("mara@birds.example?bcc=all@x.example", ""),
            ("https://birds.example/\"onclick=", ""),
            ("ring twice", ""),
        ] {
            let seller = Seller { contact: Some(contact.to_owned()), ..Seller::default() };
            assert_eq!(seller.contact_link(), link, "{contact}");
        }
    }

    #[test]
    fn only_a_colour_is_a_colour() {
        assert!(Seller::is_colour("#0f766E"));
        for other in ["", "red", "#fff", "#0f766", "#0f766e;", "#0f766é", "0f766e"] {
            assert!(!Seller::is_colour(other), "{other}");
        }
    }
}
