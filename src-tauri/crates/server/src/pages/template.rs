//! The one way in which texts get into a page.

use std::borrow::Cow;

/// What a template's names stand for. A name that is not here stands for nothing.
#[derive(Debug, Default)]
pub(super) struct Values<'v> {
    texts: Vec<(&'static str, Cow<'v, str>)>,
    finished: Vec<(&'static str, String)>,
}

impl<'v> Values<'v> {
    /// A text, escaped wherever it stands.
    pub(super) fn text(&mut self, name: &'static str, text: impl Into<Cow<'v, str>>) -> &mut Self {
        self.texts.push((name, text.into()));
        self
    }

    /// What is HTML or script-safe JSON already.
    pub(super) fn finished(&mut self, name: &'static str, html: String) -> &mut Self {
        self.finished.push((name, html));
        self
    }

    fn get(&self, name: &str) -> &str {
        let texts = self.texts.iter().map(|(found, text)| (*found, &**text));
        let finished = self.finished.iter().map(|(found, html)| (*found, html.as_str()));
        texts.chain(finished).find(|(found, _)| *found == name).map_or("", |(_, text)| text)
    }

    /// Fills a template in: `{{name}}` is a text, `{{{name}}}` is finished, `{{#name}}…{{/name}}` stays where the text is not empty. A
    /// comment at the head of the template is taken out.
    pub(super) fn fill(&self, template: &str) -> String {
        let (head, body) = match template.split_once("<!--") {
            Some((head, rest)) => (head, rest.split_once("-->\n").map_or(rest, |(_, body)| body)),
            None => ("", template),
        };
        let mut page = String::with_capacity(template.len() + 1024);
        page.push_str(head);
        self.fill_into(&mut page, body);
        page
    }

    fn fill_into(&self, page: &mut String, mut template: &str) {
        while let Some((before, rest)) = template.split_once("{{") {
            page.push_str(before);
            if let Some(rest) = rest.strip_prefix('{') {
                let Some((name, rest)) = rest.split_once("}}}") else { return };
                page.push_str(self.get(name));
                template = rest;
                continue;
            }
            let Some((name, rest)) = rest.split_once("}}") else { return };
            template = rest;
            if let Some(name) = name.strip_prefix('#') {
                let Some((inside, rest)) = rest.split_once(format!("{{{{/{name}}}}}").as_str()) else {
                    return;
                };
                if !self.get(name).is_empty() {
                    self.fill_into(page, inside);
                }
                template = rest;
            } else {
                escape(page, self.get(name));
            }
        }
        page.push_str(template);
    }
}

/// A text as it may stand in an element or a quoted attribute (T81).
fn escape(page: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            // A page never holds one, whatever a text says.
            '\0' => page.push('\u{fffd}'),
            c => page.push(c),
        }
    }
}

/// JSON as it may stand in a script element: no seller's words can end it (T81). These characters stand in JSON's strings only.
pub(super) fn in_script(json: &str) -> String {
    let mut safe = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}') {
            safe.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            safe.push(c);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str, name: &'static str, text: &str) -> String {
        Values::default().text(name, text).fill(template)
    }

    #[test]
    fn a_block_stays_where_its_text_is_there_and_nests_in_others() {
        let template = "a{{#x}}[{{#y}}{{y}}{{/y}}{{x}}{{#y}}!{{/y}}]{{/x}}z";
        assert_eq!(filled(template, "x", "1"), "a[1]z");
        assert_eq!(filled(template, "y", "1"), "az");
        assert_eq!(Values::default().text("x", "1").text("y", "2").fill(template), "a[21!]z");
    }

    // T81
    #[test]
    fn no_text_leaves_its_place() {
        for hostile in [
            "<script>",
            "\"><img src=x onerror=alert(1)>",
            "' onload='x",
            "{{name}}",
            "{{{name}}}",
            "&lt;",
            "\0",
        ] {
            let page = filled("<p title=\"{{name}}\">{{name}}</p>", "name", hostile);
            let inside = page.strip_prefix("<p title=\"").unwrap().strip_suffix("</p>").unwrap();
            let (attribute, element) = inside.split_once("\">").unwrap();
            for part in [attribute, element] {
                assert!(!part.contains(['<', '>', '"', '\'', '\0']), "{page}");
            }
            assert_eq!(
                page.matches("{{").count(),
                2 * hostile.matches("{{").count(),
                "nothing is filled in twice"
            );
        }
    }

    // T81
    #[test]
    fn json_in_a_script_ends_no_element_and_reads_the_same() {
        let json = serde_json::json!({ "a": "</script><!--\u{2028}&amp;\u{2029}" }).to_string();
        let safe = in_script(&json);
        assert!(!safe.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{safe}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&safe).unwrap(),
            serde_json::from_str::<serde_json::Value>(&json).unwrap()
        );
    }

    #[test]
    fn a_comment_at_the_head_is_taken_out() {
        assert_eq!(filled("<!doctype html>\n<!--\n {{x}}\n-->\n<p>{{x}}", "x", "1"), "<!doctype html>\n<p>1");
    }
}
