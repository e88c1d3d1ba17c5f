//! New versions: looked for at the seller's word only, each day where that is the word, fetched when the seller says so,
//! signed, and never in the middle of settling (T86).

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use app::{ApiError, ErrorCode};
use serde::Serialize;
use serde_json::{Value, json};
use tauri::{AppHandle, Config, Manager as _, Runtime};
use tauri_plugin_updater::{Update, UpdaterExt as _};

use crate::choices::Kept;
use crate::engine::Engine;
use crate::news::Notify;
use crate::{notices, wants};

/// How often the wish to look is looked at, and after how many of those a look is due again.
const HOUR: Duration = Duration::from_secs(3600);
const HOURS_OF_A_DAY: u32 = 24;

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
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = update;
        Ok(self.found())
    }

    /// The version that the last look found.
    pub(crate) fn found(&self) -> Option<Found> {
        let update = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        update.as_ref().map(|update| Found {
            version: update.version.clone(),
            notes: update.body.clone().filter(|notes| !notes.trim().is_empty()),
        })
    }

    /// Fetches the version that was found, checks its signature, puts it in place and starts it.
    pub(crate) async fn install<R: Runtime>(
        &self,
        handle: &AppHandle<R>,
        engine: &Engine,
    ) -> Result<(), ApiError> {
        let (update, bytes) = self.fetch(engine).await?;
        put_in_place(engine, || update.install(bytes)).await.map_err(|error| failed(&error))?;
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

/// Looks each day, while the seller wants that, and tells of what is found. Nothing is fetched.
pub(crate) async fn look_daily<R: Runtime>(handle: AppHandle<R>) {
    let (mut hours, mut told) = (HOURS_OF_A_DAY, None);
    loop {
        if let Some(found) = look_if_due(&handle, &mut hours).await
            && told.as_ref() != Some(&found.version)
        {
            notices::newer(&handle, &how_to_tell(&handle).await, &found.version);
            // The page shows it, told there or not.
            wants::tell(&handle);
            told = Some(found.version);
        }
        tokio::time::sleep(HOUR).await;
        hours = hours.saturating_add(1);
    }
}

/// What is found where it is time to look. One that failed is made up for an hour later: at login there may be no network yet.
async fn look_if_due<R: Runtime>(handle: &AppHandle<R>, hours: &mut u32) -> Option<Found> {
    if !handle.state::<Kept>().get().look_daily || *hours < HOURS_OF_A_DAY {
        return None;
    }
    match handle.state::<Updates>().look(handle).await {
        Ok(found) => {
            *hours = 0;
            found
        }
        Err(error) => {
            tracing::debug!(%error, "no newer version was looked for");
            None
        }
    }
}

async fn how_to_tell<R: Runtime>(handle: &AppHandle<R>) -> Notify {
    let news = handle.state::<Engine>().dispatch("stall_news", json!({})).await;
    let notify = news.ok().and_then(|mut news| serde_json::from_value(news["notify"].take()).ok());
    notify.unwrap_or_default()
}

/// Closes the stall in order before the new version is put in place: on some systems that ends this program at once. Where
/// it was not put in place, the stall goes on.
async fn put_in_place<E>(engine: &Engine, install: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
    let _alone = engine.alone().await;
    engine.stop().await;
    let installed = install();
    if installed.is_err() {
        engine.go_on();
    }
    installed
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

    use app::{AppEvent, Environment, Overrides};
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

    fn engine(folder: &Path, tell: impl Fn(AppEvent) + Send + Sync + 'static) -> Engine {
        let overrides = Overrides {
            data_dir: Some(folder.to_owned()),
            environment: Some(Environment::Test),
            listen: Some("127.0.0.1:0".parse().unwrap()),
        };
        Engine::start(overrides, tell)
    }

    /// T86.
    #[test]
    fn a_version_is_taken_only_as_its_makers_signed_it_and_never_an_older_one() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(folder.path(), |_| {});
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
    fn the_stall_is_closed_before_a_new_version_is_put_in_place_and_goes_on_where_it_was_not() {
        let folder = tempfile::tempdir().unwrap();
        let (told, events) = std::sync::mpsc::channel();
        let engine = engine(folder.path(), move |event| drop(told.send(event)));
        let status = || block_on(engine.dispatch("status", Value::Null));
        status().unwrap();
        let lock = folder.path().join("lock");
        let is_free = || {
            let file = std::fs::File::open(&lock).unwrap();
            file.try_lock().is_ok()
        };
        assert!(lock.exists() && !is_free(), "an open stall owns its folder");
        let refused = block_on(put_in_place(&engine, || {
            assert!(is_free(), "the stall is still open");
            while events.try_recv().is_ok() {}
            Err("no room")
        }));
        assert_eq!(refused, Err("no room"));
        // What was asked meanwhile failed.
        assert!(events.try_iter().any(|event| event == AppEvent::everything()), "nobody asks again");
        status().unwrap();
        assert_eq!(block_on(put_in_place::<()>(&engine, || Ok(()))), Ok(()));
        assert!(is_free());
        assert_eq!(status().unwrap_err().code, ErrorCode::Internal);
    }

    #[test]
    fn a_look_that_failed_is_made_up_for_and_what_one_found_is_kept() {
        let asks = |place: &str, hours: &mut u32| {
            let program = program(Some(place), KEY);
            let kept = Kept::of(None);
            kept.change(|choices| choices.look_daily = true).unwrap();
            assert!(program.manage(kept) && program.manage(Updates::default()));
            let found = block_on(look_if_due(program.handle(), hours)).map(|found| found.version);
            assert_eq!(found, program.state::<Updates>().found().map(|found| found.version));
            found
        };
        // Nobody answers there.
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut hours = HOURS_OF_A_DAY;
        assert_eq!((asks(&format!("http://{free}"), &mut hours), hours), (None, HOURS_OF_A_DAY));
        let place = publish("0.9.0", NEXT);
        assert_eq!((asks(&place, &mut hours), hours), (Some("0.9.0".to_owned()), 0));
        assert_eq!((asks(&place, &mut hours), hours), (None, 0));
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
