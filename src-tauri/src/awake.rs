//! Keeps this computer from falling asleep while there is a reason to.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use keepawake::KeepAwake;
use serde::Serialize;
use tauri::{AppHandle, Runtime};

use crate::wants;

/// How that stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Held {
    /// Whether it is kept awake now.
    held: bool,
    /// Why it cannot be; null when it can, or was not tried.
    problem: Option<String>,
}

/// One thread asks the system and lets go again: some systems count it for the thread that asked.
pub(crate) struct Awake {
    wishes: Mutex<(bool, Sender<bool>)>,
    held: Arc<Mutex<Held>>,
}

impl Awake {
    pub(crate) fn start<R: Runtime>(handle: &AppHandle<R>) -> Self {
        let (wishes, heard) = channel();
        let held = Arc::new(Mutex::new(Held::default()));
        let (shown, handle) = (Arc::clone(&held), handle.clone());
        let started = thread::Builder::new()
            .name("awake".to_owned())
            .spawn(move || obey(&heard, &shown, || wants::tell(&handle)));
        if let Err(error) = started {
            tracing::warn!(%error, "this computer will not be kept awake");
        }
        Self { wishes: Mutex::new((false, wishes)), held }
    }

    /// Keeps the computer awake, or no longer.
    pub(crate) fn want(&self, awake: bool) {
        let mut wishes = self.wishes.lock().unwrap_or_else(PoisonError::into_inner);
        if wishes.0 != awake {
            wishes.0 = awake;
            // The thread is gone only when the program is.
            let _ = wishes.1.send(awake);
        }
    }

    pub(crate) fn held(&self) -> Held {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn obey(wishes: &Receiver<bool>, shown: &Mutex<Held>, tell: impl Fn()) {
    // Lets go when it is dropped.
    let mut awake = None;
    while let Ok(wanted) = wishes.recv() {
        let asked = wanted.then(keep);
        let problem = asked.as_ref().and_then(|asked| asked.as_ref().err().cloned());
        awake = asked.and_then(Result::ok);
        if let Some(problem) = &problem {
            tracing::warn!(problem, "this computer may fall asleep");
        }
        *shown.lock().unwrap_or_else(PoisonError::into_inner) = Held { held: awake.is_some(), problem };
        tell();
    }
    drop(awake);
}

fn keep() -> Result<KeepAwake, String> {
    keepawake::Builder::default()
        .idle(true)
        // There, falling asleep by itself is a sleep like any other. Elsewhere a person who sends it to sleep is obeyed.
        .sleep(cfg!(target_os = "linux"))
        .app_name("Stallkeeper")
        .app_reverse_domain("dev.stallkeeper.desktop")
        .reason("The stall is open for buyers")
        .create()
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn every_wish_is_answered_with_how_it_stands_or_why_not() {
        let (wishes, heard) = channel();
        let (shown, told) = (Mutex::new(Held::default()), Cell::new(0));
        for wish in [true, false] {
            wishes.send(wish).unwrap();
        }
        drop(wishes);
        obey(&heard, &shown, || {
            told.set(told.get() + 1);
            let held = shown.lock().unwrap().clone();
            if told.get() == 1 {
                // Whether this computer can be asked or not, one of the two is said.
                assert_ne!(held.held, held.problem.is_some(), "{held:?}");
            } else {
                assert_eq!(held, Held::default());
            }
        });
        assert_eq!(told.get(), 2);
    }
}
