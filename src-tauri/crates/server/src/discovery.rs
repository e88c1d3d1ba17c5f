//! What a 402 tells catalogues that programs search: how a thing is asked for. Nothing of it is a term.

use domain::{Content, Pattern};
use serde_json::json;
use x402::{Discovery, Extension, Parameter};

use crate::catalogue::Item;

/// The same for both versions.
pub(crate) struct Told {
    pub(crate) extension: Extension,
    /// Version 1's.
    pub(crate) output_schema: String,
}

impl Told {
    /// Of what the stall's own pages list, too: what is not listed is told to nobody.
    pub(crate) fn of(item: &Item, mime_type: &str) -> Option<Self> {
        if !item.endpoint.is_listed {
            return None;
        }
        let (method, pattern) = match &item.endpoint.content {
            Content::Service(service) => (item.part.as_str(), service.pattern.clone()),
            Content::File(_) | Content::Folder(_) | Content::Text(_) => ("GET", Pattern::default()),
        };
        let base = item.endpoint.path.as_str();
        let rest = item.path.as_str().strip_prefix(base).unwrap_or_default();
        let path = parameters(&pattern, rest);
        let template = template(base, &pattern).filter(|_| !path.is_empty());
        let discovery = Discovery {
            method,
            query: &[],
            path: &path,
            route_template: template.as_deref(),
            body: None,
            mime_type,
            example: None,
        };
        Some(Self { extension: discovery.extension(), output_schema: discovery.output_schema() })
    }
}

/// What stands for something in a path, each with what stands there in `rest`.
fn parameters<'p>(pattern: &'p Pattern, rest: &str) -> Vec<Parameter<'p>> {
    let mut given = rest.split('/');
    let mut all = Vec::new();
    for part in pattern.as_str().split('/') {
        let given = given.next().filter(|text| !text.is_empty());
        let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else { continue };
        let (name, example) = match name.strip_prefix('*') {
            Some(name) => (name, None),
            None => (name, given.map(|text| json!(text))),
        };
        all.push(Parameter { name, schema: json!({ "type": "string" }), example, required: true });
    }
    all
}

/// `/weather/:city`. There is no spelling for a rest of any length.
fn template(base: &str, pattern: &Pattern) -> Option<String> {
    let pattern = pattern.as_str();
    (!pattern.contains("{*")).then(|| format!("{base}{}", pattern.replace('{', ":").replace('}', "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_told_as_catalogues_spell_it_with_what_was_asked_as_an_example() {
        let pattern: Pattern = "/{city}/days/{day}".parse().unwrap();
        let told = parameters(&pattern, "/paris/days/1");
        let told: Vec<_> = told.iter().map(|one| (one.name, one.example.clone())).collect();
        assert_eq!(told, [("city", Some(json!("paris"))), ("day", Some(json!("1")))]);
        assert_eq!(template("/weather", &pattern).unwrap(), "/weather/:city/days/:day");
        assert!(parameters(&pattern, "").iter().all(|one| one.example.is_none()));
        let rest: Pattern = "/v1/{*rest}".parse().unwrap();
        assert_eq!(template("/weather", &rest), None);
        assert_eq!(parameters(&rest, "/v1/a/b")[0].name, "rest");
    }
}
