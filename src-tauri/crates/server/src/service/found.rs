use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use domain::{CanonicalPath, Content, EndpointState, Pattern, Service};

use crate::catalogue::Item;

/// Which service answers a path. Every path is looked up as it is written, like any other.
#[derive(Default)]
pub(crate) struct Services(HashMap<String, Vec<Arc<Item>>>);

/// A service that answers a path: an item for each of its methods.
pub(crate) struct Found {
    pub(crate) items: Vec<Arc<Item>>,
    pub(crate) path: CanonicalPath,
}

impl Services {
    /// Adds one method of a service.
    pub(crate) fn put(&mut self, item: &Arc<Item>) {
        match self.0.entry(item.endpoint.path.as_str().to_owned()) {
            Entry::Vacant(place) => {
                place.insert(vec![Arc::clone(item)]);
            }
            Entry::Occupied(mut place) => {
                let items = place.get_mut();
                if items.first().is_some_and(|other| other.endpoint.id == item.endpoint.id) {
                    items.push(Arc::clone(item));
                } else if items.first().is_none_or(|other| item.outranks(other)) {
                    *items = vec![Arc::clone(item)];
                }
            }
        }
    }

    /// The service that answers a path: of several the one whose own path is the longest.
    pub(crate) fn find(&self, path: &str) -> Option<Found> {
        if self.0.is_empty() {
            return None;
        }
        let path: CanonicalPath = path.parse().ok()?;
        let mut base = path.as_str();
        while !base.is_empty() {
            if let Some(items) = self.0.get(base)
                && let Some(Content::Service(service)) = items.first().map(|item| &item.endpoint.content)
                && matches(&service.pattern, &path.as_str()[base.len()..])
            {
                return Some(Found { items: items.clone(), path });
            }
            base = base.rfind('/').map_or("", |end| &base[..end]);
        }
        None
    }

    /// What follows the path of a service that is sold.
    pub(crate) fn pattern(&self, path: &str) -> Option<&Pattern> {
        let item = self.0.get(path)?.first().filter(|item| item.endpoint.state == EndpointState::Live)?;
        match &item.endpoint.content {
            Content::Service(service) => {
                Some(&service.pattern).filter(|pattern| !pattern.as_str().is_empty())
            }
            Content::File(_) | Content::Folder(_) | Content::Text(_) => None,
        }
    }

    /// Every method of every service.
    pub(crate) fn items(&self) -> impl Iterator<Item = &Arc<Item>> {
        self.0.values().flatten()
    }
}

/// Whether what follows the endpoint's path is what its service answers. It is canonical, so its parts are never empty.
fn matches(pattern: &Pattern, rest: &str) -> bool {
    let mut wanted = pattern.as_str().split('/');
    let mut found = rest.split('/');
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return true,
            (Some(part), Some(_)) if part.starts_with("{*") => return true,
            (Some(part), Some(_)) if part.starts_with('{') => {}
            (Some(part), Some(text)) if part == text => {}
            (Some(_) | None, Some(_) | None) => return false,
        }
    }
}

/// Where the service is asked for a path.
pub(crate) fn address(service: &Service, endpoint: &CanonicalPath, path: &CanonicalPath) -> String {
    let rest = path.as_str().strip_prefix(endpoint.as_str()).unwrap_or_default();
    format!("{}{rest}", service.upstream.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_whole_parts_and_nothing_else() {
        for (pattern, rest, expected) in [
            ("", "", true),
            ("", "/x", false),
            ("/today", "/today", true),
            ("/today", "/today/x", false),
            ("/today", "/todayx", false),
            ("/{city}", "/paris", true),
            ("/{city}", "", false),
            ("/{city}", "/paris/today", false),
            ("/{city}/days/{day}", "/paris/days/1", true),
            ("/{city}/days/{day}", "/paris/nights/1", false),
            ("/{*rest}", "/a/b/c", true),
            ("/{*rest}", "", false),
            ("/v1/{*rest}", "/v1", false),
            ("/v1/{*rest}", "/v1/a", true),
        ] {
            let pattern: Pattern = pattern.parse().unwrap();
            assert_eq!(matches(&pattern, rest), expected, "{pattern} {rest}");
        }
    }
}
