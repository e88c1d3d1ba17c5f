//! Keeps the direction of the house: which of our crates may know which, and which external
//! libraries live behind one crate's fence. Cargo itself refuses a circle; this refuses a shortcut.

use serde_json::Value;

use crate::step;
use crate::workspace::Workspace;

/// Every crate of the workspace and the crates of ours it may depend on.
const HOUSE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("x402", &["domain"]),
    ("store", &["domain"]),
    ("chain", &["domain"]),
    ("wallet", &["domain"]),
    ("facilitator", &["domain", "x402", "wallet"]),
    ("outbound", &[]),
    ("pictures", &[]),
    ("backup", &["domain"]),
    ("webhooks", &["domain", "store", "wallet", "outbound"]),
    ("reach", &["domain"]),
    ("server", &["domain", "x402", "store", "chain", "wallet", "outbound", "pictures"]),
    ("settler", &["domain", "x402", "store", "chain", "wallet", "facilitator"]),
    ("practice", &["domain", "x402", "chain"]),
    (
        "app",
        &[
            "domain",
            "x402",
            "store",
            "chain",
            "wallet",
            "facilitator",
            "reach",
            "outbound",
            "pictures",
            "backup",
            "webhooks",
            "server",
            "settler",
            "practice",
        ],
    ),
    ("cli", &["app"]),
    ("desktop", &["app"]),
    ("integration", &["domain", "x402", "store", "chain", "wallet", "server", "settler", "practice", "app"]),
    ("simulator", &["app", "domain", "integration"]),
    ("xtask", &[]),
];

/// A crate's own tests may use any part below `app`, as long as the two that meet only in the
/// store do not meet in a test either.
const TESTS_MAY_USE: &[&str] =
    &["domain", "x402", "store", "chain", "wallet", "facilitator", "server", "settler", "practice"];
const STRANGERS: &[(&str, &str)] = &[("server", "settler"), ("settler", "server")];

/// An external library that only some of our crates may depend on.
struct Fence {
    rule: &'static str,
    /// Names, or beginnings of names ending in `*`.
    crates: &'static [&'static str],
    /// Features of the `alloy` facade that pull the same thing in, as beginnings.
    alloy_features: &'static [&'static str],
    inside: &'static [&'static str],
    /// Whether a crate's own tests are held to it as well.
    binds_tests: bool,
}

const FENCES: &[Fence] = &[
    Fence {
        rule: "only `store` contains SQL",
        crates: &["sqlx", "sqlx-*", "rusqlite", "libsqlite3-sys"],
        alloy_features: &[],
        inside: &["store", "integration", "simulator"],
        binds_tests: true,
    },
    Fence {
        rule: "only `chain` speaks JSON-RPC",
        crates: &[
            "alloy-provider",
            "alloy-contract",
            "alloy-rpc-client",
            "alloy-transport*",
            "alloy-json-rpc",
            "jsonrpsee*",
        ],
        alloy_features: &["provider", "contract", "rpc-client", "transport", "json-rpc", "pubsub", "full"],
        inside: &["chain", "integration"],
        binds_tests: true,
    },
    Fence {
        rule: "only `desktop` knows Tauri",
        crates: &["tauri", "tauri-*", "wry", "tao"],
        alloy_features: &[],
        inside: &["desktop"],
        binds_tests: true,
    },
    Fence {
        rule: "only `chain` recovers signatures with libsecp256k1, and only `wallet` signs with it",
        crates: &["secp256k1", "secp256k1-sys"],
        alloy_features: &[],
        inside: &["chain", "wallet", "integration"],
        binds_tests: false,
    },
    Fence {
        rule: "only `wallet` holds the seller's keys, and `practice` the play money's",
        crates: &["alloy-signer*", "k256", "p256", "ed25519*", "keyring*"],
        alloy_features: &["signer"],
        inside: &["wallet", "practice", "integration"],
        binds_tests: false,
    },
    Fence {
        rule: "`domain` and `x402` do no I/O and have no clock or randomness of their own",
        crates: &["tokio", "reqwest", "hyper", "hyper-util", "axum", "getrandom", "rand"],
        alloy_features: &[],
        inside: &[
            "store",
            "chain",
            "wallet",
            "facilitator",
            "outbound",
            "webhooks",
            "reach",
            "server",
            "settler",
            "practice",
            "app",
            "cli",
            "desktop",
            "integration",
            "simulator",
            "xtask",
        ],
        binds_tests: false,
    },
];

/// Reads the manifests and reports every edge that points the wrong way.
pub(crate) fn check(workspace: &Workspace) -> Result<(), String> {
    let mut metadata = workspace.cargo(["metadata", "--no-deps", "--format-version", "1"]);
    let text = step::read(&mut metadata).ok_or("`cargo metadata` failed")?;
    let metadata = serde_json::from_str(&text).map_err(|error| format!("`cargo metadata`: {error}"))?;
    let wrong = violations(&metadata)?;
    for sentence in &wrong {
        eprintln!("    {sentence}");
    }
    match wrong.len() {
        0 => Ok(()),
        number => Err(format!("{number} dependencies point the wrong way")),
    }
}

/// One dependency of one of our crates.
struct Edge<'a> {
    from: &'a str,
    to: &'a str,
    own: bool,
    test_only: bool,
    features: Vec<&'a str>,
}

fn violations(metadata: &Value) -> Result<Vec<String>, String> {
    let mut wrong = Vec::new();
    for package in list(metadata, "packages")? {
        let from = text(package, "name")?;
        let Some((_, allowed)) = HOUSE.iter().find(|(name, _)| *name == from) else {
            wrong.push(format!("`{from}` has no place in the house: give it one in xtask's direction table"));
            continue;
        };
        for dependency in list(package, "dependencies")? {
            let edge = Edge {
                from,
                to: text(dependency, "name")?,
                own: dependency["path"].is_string(),
                test_only: dependency["kind"] == "dev",
                features: list(dependency, "features")?.iter().filter_map(Value::as_str).collect(),
            };
            wrong.extend(if edge.own { against_the_house(&edge, allowed) } else { over_a_fence(&edge) });
        }
    }
    Ok(wrong)
}

fn against_the_house(edge: &Edge<'_>, allowed: &[&str]) -> Option<String> {
    let Edge { from, to, .. } = *edge;
    if STRANGERS.contains(&(from, to)) {
        return Some(format!(
            "`{from}` depends on `{to}`: the two never call each other, they meet in the store"
        ));
    }
    if allowed.contains(&to) || (edge.test_only && TESTS_MAY_USE.contains(&to)) {
        return None;
    }
    let may = if allowed.is_empty() { "no crate of ours".to_owned() } else { allowed.join(", ") };
    Some(format!("`{from}` depends on `{to}`: it may depend on {may}"))
}

fn over_a_fence(edge: &Edge<'_>) -> Option<String> {
    FENCES.iter().find_map(|fence| {
        if fence.inside.contains(&edge.from) || (edge.test_only && !fence.binds_tests) {
            return None;
        }
        let what = if fence.crates.iter().any(|name| names(name, edge.to)) {
            format!("`{}`", edge.to)
        } else {
            let is_fenced =
                |feature: &&&str| fence.alloy_features.iter().any(|start| feature.starts_with(start));
            let feature = edge.features.iter().find(is_fenced).filter(|_| edge.to == "alloy")?;
            format!("`alloy` with feature `{feature}`")
        };
        Some(format!("`{}` depends on {what}: {}", edge.from, fence.rule))
    })
}

fn names(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

fn list<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>, String> {
    value[key].as_array().ok_or_else(|| format!("`cargo metadata` shows no {key}"))
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str, String> {
    value[key].as_str().ok_or_else(|| format!("`cargo metadata` shows no {key}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(from: &str, dependency: Value) -> Vec<String> {
        let mut dependency = dependency;
        for (key, default) in [("kind", Value::Null), ("features", json!([]))] {
            if dependency[key].is_null() {
                dependency[key] = default;
            }
        }
        violations(&json!({ "packages": [{ "name": from, "dependencies": [dependency] }] })).unwrap()
    }

    #[test]
    fn an_edge_of_the_drawing_is_accepted() {
        assert!(of("server", json!({ "name": "store", "path": "/store" })).is_empty());
        assert!(of("store", json!({ "name": "sqlx" })).is_empty());
        assert!(of("chain", json!({ "name": "alloy", "features": ["provider-http"] })).is_empty());
        assert!(
            of("practice", json!({ "name": "alloy", "features": ["signer-local", "sol-types"] })).is_empty()
        );
    }

    #[test]
    fn server_and_settler_never_meet_not_even_in_a_test() {
        let sentence = "`server` depends on `settler`: the two never call each other, they meet in the store";
        assert_eq!(of("server", json!({ "name": "settler", "path": "/s" })), [sentence]);
        assert_eq!(of("server", json!({ "name": "settler", "path": "/s", "kind": "dev" })), [sentence]);
    }

    #[test]
    fn a_shortcut_is_named_with_what_would_be_allowed() {
        assert_eq!(
            of("chain", json!({ "name": "store", "path": "/s" })),
            ["`chain` depends on `store`: it may depend on domain"]
        );
        assert_eq!(
            of("domain", json!({ "name": "x402", "path": "/x" })),
            ["`domain` depends on `x402`: it may depend on no crate of ours"]
        );
    }

    #[test]
    fn the_tests_of_a_part_may_use_the_practice_chain_but_not_the_app() {
        assert!(of("chain", json!({ "name": "practice", "path": "/p", "kind": "dev" })).is_empty());
        assert_eq!(of("chain", json!({ "name": "app", "path": "/a", "kind": "dev" })).len(), 1);
    }

    #[test]
    fn a_fenced_library_is_refused_outside_its_crate() {
        assert_eq!(
            of("app", json!({ "name": "sqlx" })),
            ["`app` depends on `sqlx`: only `store` contains SQL"]
        );
        assert_eq!(
            of("cli", json!({ "name": "tauri-plugin-single-instance" })),
            ["`cli` depends on `tauri-plugin-single-instance`: only `desktop` knows Tauri"]
        );
        assert_eq!(
            of("settler", json!({ "name": "alloy", "features": ["std", "providers"] })),
            ["`settler` depends on `alloy` with feature `providers`: only `chain` speaks JSON-RPC"]
        );
        assert_eq!(of("server", json!({ "name": "alloy", "features": ["signer-local"] })).len(), 1);
        assert_eq!(of("x402", json!({ "name": "tokio" })).len(), 1);
    }

    #[test]
    fn signing_in_a_test_is_accepted() {
        assert!(
            of("chain", json!({ "name": "alloy", "features": ["signer-local"], "kind": "dev" })).is_empty()
        );
    }

    #[test]
    fn a_new_crate_must_be_given_a_place() {
        assert_eq!(
            of("helpers", json!({ "name": "serde" })),
            ["`helpers` has no place in the house: give it one in xtask's direction table"]
        );
    }
}
