//! The control socket: the command line's way to the running engine. One JSON object per line and
//! direction; readable by the folder's owner only.

use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::Environment;
use interprocess::local_socket::tokio::prelude::*;
use interprocess::local_socket::tokio::{Listener, Stream};
use interprocess::local_socket::{GenericFilePath, ListenerOptions, Name};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::folder::control_socket;
use crate::{ApiError, App, AppEvent, ErrorCode};

/// Longest line that is read; requests are small.
const LONGEST_LINE: u64 = 1 << 20;

/// How long a stopping engine waits for its last answers.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

#[derive(Serialize, Deserialize)]
struct Request {
    name: String,
    body: Value,
    environment: Option<Environment>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Reply {
    Ok(Value),
    Error(ApiError),
}

/// A connection to the engine that owns a data folder.
#[derive(Debug)]
pub struct Control {
    stream: BufReader<Stream>,
}

impl Control {
    /// Connects to the engine of the folder; none when no engine runs there.
    pub async fn connect(data_dir: &Path) -> Option<Self> {
        let path = control_socket(data_dir);
        let stream = Stream::connect(name(&path).ok()?).await.ok()?;
        Some(Self { stream: BufReader::new(stream) })
    }

    /// Asks the engine. `environment` is checked against the engine's own, if given.
    ///
    /// # Errors
    /// What the engine answers, or that it went away.
    pub async fn call(
        &mut self,
        command: &str,
        body: Value,
        environment: Option<Environment>,
    ) -> Result<Value, ApiError> {
        let gone =
            || ApiError::new(ErrorCode::Unavailable, "The running Stallkeeper ended before it answered.");
        let request = Request { name: command.to_owned(), body, environment };
        let mut line =
            serde_json::to_string(&request).map_err(|error| ApiError::invalid(error.to_string()))?;
        line.push('\n');
        self.stream.get_mut().write_all(line.as_bytes()).await.map_err(|_| gone())?;
        let mut answer = String::new();
        self.stream.read_line(&mut answer).await.map_err(|_| gone())?;
        match serde_json::from_str(&answer).map_err(|_| gone())? {
            Reply::Ok(value) => Ok(value),
            Reply::Error(error) => Err(error),
        }
    }

    /// Hears what goes stale from now on, instead of asking any more.
    ///
    /// # Errors
    /// What the engine answers, or that it went away.
    pub async fn watch(mut self, environment: Option<Environment>) -> Result<Watching, ApiError> {
        self.call(WATCH, Value::Null, environment).await?;
        Ok(Watching { stream: self.stream })
    }
}

/// The word that asks for events instead of an answer.
const WATCH: &str = "watch";

/// What is broken off when whoever asked for it goes. Everything else is done all the same.
const EXPORT: &str = "export";

/// The events of a running engine.
#[derive(Debug)]
pub struct Watching {
    stream: BufReader<Stream>,
}

impl Watching {
    /// The next event; none once the engine ended.
    pub async fn next(&mut self) -> Option<AppEvent> {
        let mut line = String::new();
        self.stream.read_line(&mut line).await.ok()?;
        serde_json::from_str(&line).ok()
    }
}

fn name(path: &Path) -> std::io::Result<Name<'_>> {
    path.to_fs_name::<GenericFilePath>()
}

/// The engine's end of the socket.
pub(crate) struct ControlSocket {
    listener: Listener,
    path: PathBuf,
}

impl ControlSocket {
    /// Opens the socket of a folder that the caller owns; what an earlier engine left is replaced.
    pub(crate) fn open(data_dir: &Path) -> Result<Self, ApiError> {
        let path = control_socket(data_dir);
        let open = || -> std::io::Result<Listener> {
            let options = ListenerOptions::new().name(name(&path)?).try_overwrite(true);
            #[cfg(unix)]
            let options = interprocess::os::unix::local_socket::ListenerOptionsExt::mode(options, 0o600);
            options.create_tokio()
        };
        if path.exists() {
            // Nobody listens behind it: the folder's lock is ours.
            drop(std::fs::remove_file(&path));
        }
        let listener = open().map_err(|error| {
            ApiError::new(
                ErrorCode::File,
                format!("The control socket {} cannot be opened: {error}.", path.display()),
            )
        })?;
        Ok(Self { listener, path })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Answers until told to stop.
    pub(crate) async fn serve(self, app: App, stop: CancellationToken) {
        let answers = TaskTracker::new();
        while let Some(accepted) = stop.run_until_cancelled(self.listener.accept()).await {
            match accepted {
                Ok(stream) => {
                    let (app, stop) = (app.clone(), stop.clone());
                    answers.spawn(async move { stop.run_until_cancelled(answer(stream, app)).await });
                }
                Err(error) => {
                    tracing::warn!(%error, "a control connection failed");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        answers.close();
        drop(tokio::time::timeout(LAST_ANSWERS, answers.wait()).await);
        drop(std::fs::remove_file(&self.path));
    }
}

async fn answer(stream: Stream, app: App) {
    let mut stream = BufReader::new(stream);
    loop {
        let mut line = String::new();
        let mut limited = tokio::io::AsyncReadExt::take(&mut stream, LONGEST_LINE);
        match limited.read_line(&mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let reply = match serde_json::from_str::<Request>(&line) {
            Ok(request) if request.environment.is_some_and(|wanted| wanted != app.environment()) => {
                Reply::Error(ApiError::new(
                    ErrorCode::Conflict,
                    format!(
                        "The running Stallkeeper works in the {} environment. Stop it first, or ask in that one.",
                        app.environment()
                    ),
                ))
            }
            Ok(request) if request.name == WATCH => return tell(stream, &app).await,
            Ok(request) => {
                let is_export = request.name == EXPORT;
                let dispatched = app.dispatch(&request.name, request.body);
                let answered = if is_export {
                    tokio::select! {
                        answered = dispatched => answered,
                        // Nobody waits for it any more: then nothing of it stays.
                        _ = stream.fill_buf() => return,
                    }
                } else {
                    dispatched.await
                };
                match answered {
                    Ok(value) => Reply::Ok(value),
                    Err(error) => Reply::Error(error),
                }
            }
            Err(error) => {
                Reply::Error(ApiError::invalid(format!("The request cannot be understood: {error}.")))
            }
        };
        let Ok(mut text) = serde_json::to_string(&reply) else { return };
        text.push('\n');
        if stream.get_mut().write_all(text.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// Tells events, one line each, until the listener goes.
async fn tell(mut stream: BufReader<Stream>, app: &App) {
    let mut events = app.events();
    let Ok(mut line) = serde_json::to_string(&Reply::Ok(Value::Null)) else { return };
    loop {
        line.push('\n');
        if stream.get_mut().write_all(line.as_bytes()).await.is_err() {
            return;
        }
        let event = tokio::select! {
            event = events.next() => event,
            // A listener says nothing more; what comes is its end.
            _ = stream.fill_buf() => None,
        };
        match event.map(|event| serde_json::to_string(&event)) {
            Some(Ok(next)) => line = next,
            Some(Err(_)) | None => return,
        }
    }
}
