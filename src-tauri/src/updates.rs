//! New versions: looked for and fetched at the seller's word only, signed, and never in the middle of settling (T86).

use std::sync::{Mutex, PoisonError};

use app::{ApiError, ErrorCode};
use serde::Serialize;
use serde_json::Value;
use tauri::{AppHandle, Config, Runtime};
use tauri_plugin_updater::{Update, UpdaterExt as _};

use crate::engine::Engine;

/// A version that was found.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Found {
    version: String,
    /// What changed, as its makers wrote it.
    notes: Option<String>,
}

/// The one that was found last.
#[derive(Default)]
pub(crate) struct Updates(Mutex<Option<Update>>);

/// Whether this build was given a place to look and a key to check with. Both come with a release.
pub(crate) fn are_configured(config: &Config) -> bool {
    config.plugins.0.get("updater").is_some_and(|updater| {
        let key = updater["pubkey"].as_str().is_some_and(|key| !key.is_empty());
        key && updater["endpoints"].as_array().is_some_and(|places| !places.is_empty())
    })
}

impl Updates {
    /// Looks for a newer version; none when this is the newest.
    pub(crate) async fn look<R: Runtime>(&self, handle: &AppHandle<R>) -> Result<Option<Found>, ApiError> {
        if !are_configured(handle.config()) {
            return Err(ApiError::new(
                ErrorCode::Unavailable,
                "This build does not know where new versions are published.",
            ));
        }
        let updater = handle.updater().map_err(|error| failed(&error))?;
        let update = updater.check().await.map_err(|error| failed(&error))?;
        let found = update.as_ref().map(|update| Found {
            version: update.version.clone(),
            notes: update.body.clone().filter(|notes| !notes.trim().is_empty()),
        });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = update;
        Ok(found)
    }

    /// Fetches the version that was found, checks its signature, puts it in place and starts it.
    pub(crate) async fn install<R: Runtime>(
        &self,
        handle: &AppHandle<R>,
        engine: &Engine,
    ) -> Result<(), ApiError> {
        let (update, bytes) = self.fetch(engine).await?;
        update.install(bytes).map_err(|error| failed(&error))?;
        engine.stop().await;
        handle.restart();
    }

    /// The version that was found, if its makers signed exactly that.
    async fn fetch(&self, engine: &Engine) -> Result<(Update, Vec<u8>), ApiError> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(update) = found else {
            return Err(ApiError::new(ErrorCode::NotFound, "No newer version was found."));
        };
        gate(&engine.dispatch("quit_preview", Value::Null).await?)?;
        let bytes = update.download(|_, _| {}, || {}).await.map_err(|error| failed(&error))?;
        // It may have taken long.
        gate(&engine.dispatch("quit_preview", Value::Null).await?)?;
        Ok((update, bytes))
    }
}

/// What was sent is followed to its end first.
fn gate(stake: &Value) -> Result<(), ApiError> {
    if stake["inFlight"].as_u64() == Some(0) {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::Conflict,
        "Payments are being settled. The new version is put in place once that has ended.",
    ))
}

fn failed(error: &tauri_plugin_updater::Error) -> ApiError {
    ApiError::new(ErrorCode::Unavailable, format!("The new version was not put in place: {error}."))
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;
    use std::path::Path;

    use app::{Environment, Overrides};
    use serde_json::json;
    use tauri::async_runtime::block_on;
    use tauri::test::{MockRuntime, mock_builder, mock_context, noop_assets};

    use super::*;

    /// Made for this test, together with a signature of [`NEXT`] as version 0.9.0.
    const KEY: &str = "dW50cnVzdGVkIGNvbW1lbnQ6IG1pbmlzaWduIHB1YmxpYyBrZXkKUldTbGROOFVjQnlYdHVmUUl2YkJWZnNXRFR5TXFaaUFZa3liUnVlYjNURkp4ZWowNFVRbVNtVG8K";
    const SIGNATURE: &str = "dW50cnVzdGVkIGNvbW1lbnQ6IHNpZ25hdHVyZQpSVVNsZE44VWNCeVh0Z0VPazZRaVQ2empJM21oT0VVTDVpMHhQNzgwcnlBVTNiSjRBYjNmeTQrN1NUc3NyU00zQmhHMjJOaHVRNTlTZ3d4VDBnUldBR3c4cHo5M29ObVFmZ0E9CnRydXN0ZWQgY29tbWVudDogdGltZXN0YW1wOjE3OTUyNjI0MDAJZmlsZTpuZXh0CXZlcnNpb246MC45LjAKUy91bG85WDBjZUhkQ2pMdURlNk9YN1pxMmZMWWlqaVN4WFlRczhZN0dLTW5nWnBIUnVlcHl1ZVRYYWpPVEgzb2s0RThoUUFyTDVJT1hyMFN5L1E5QWc9PQo=";
    const NEXT: &str = "the next version";

    /// Publishes a version as its makers' server does, and answers where.
    fn publish(version: &str, bytes: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let place = format!("http://{}", listener.local_addr().unwrap());
        let told = json!({ "version": version, "url": format!("{place}/next"), "signature": SIGNATURE, "notes": "Faster." });
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let head =
                    BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
                let first = head.collect::<Vec<_>>().remove(0);
                let body = if first.contains("/next") { bytes.to_owned() } else { told.to_string() };
                let head =
                    format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
                stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
            }
        });
        place
    }

    /// A program that looks there, with that key.
    fn program(place: Option<&str>, key: &str) -> tauri::App<MockRuntime> {
        let mut context = mock_context(noop_assets());
        let places: Vec<_> = place.into_iter().collect();
        let updater = json!({ "endpoints": places, "pubkey": key, "requireSignedVersion": true });
        context.config_mut().plugins.0.insert("updater".to_owned(), updater);
        mock_builder().plugin(tauri_plugin_updater::Builder::new().build()).build(context).unwrap()
    }

    fn engine(folder: &Path) -> Engine {
        let overrides = Overrides {
            data_dir: Some(folder.to_owned()),
            environment: Some(Environment::Test),
            listen: Some("127.0.0.1:0".parse().unwrap()),
        };
        Engine::start(overrides, |_| {})
    }

    /// T86.
    #[test]
    fn a_version_is_taken_only_as_its_makers_signed_it_and_never_an_older_one() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(folder.path());
        for (version, bytes, is_found, is_taken) in [
            ("0.9.0", NEXT, true, true),
            ("0.9.0", "something else", true, false),
            // An old version under a new number.
            ("0.9.1", NEXT, true, false),
            ("0.0.9", NEXT, false, false),
        ] {
            let program = program(Some(&publish(version, bytes)), KEY);
            let updates = Updates::default();
            let found = block_on(updates.look(program.handle())).unwrap();
            assert_eq!(found.map(|found| found.version), is_found.then(|| version.to_owned()));
            let fetched = block_on(updates.fetch(&engine));
            assert_eq!(fetched.is_ok(), is_taken, "{version}, {bytes}: {:?}", fetched.err());
        }
        block_on(engine.stop());
    }

    #[test]
    fn a_build_without_a_key_looks_nowhere_and_nothing_is_put_in_place_while_payments_settle() {
        for program in [program(None, ""), program(None, KEY), program(Some("https://example.org"), "")] {
            let refused = block_on(Updates::default().look(program.handle())).unwrap_err();
            assert_eq!(refused.code, ErrorCode::Unavailable);
        }
        assert_eq!(gate(&json!({ "inFlight": 1 })).unwrap_err().code, ErrorCode::Conflict);
        assert!(gate(&json!({ "payments": 3, "inFlight": 0 })).is_ok());
        // Whoever does not know lets nothing through.
        assert!(gate(&Value::Null).is_err());
    }
}
