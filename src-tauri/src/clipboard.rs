//! Puts a text where other programs paste from. The page can do that only for whoever presses something in it.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// One thread keeps what was put there: on some systems it is gone with whoever put it.
pub(crate) struct Clipboard(Sender<String>);

impl Clipboard {
    pub(crate) fn start() -> Self {
        let (put, texts) = channel();
        let started = thread::Builder::new().name("clipboard".to_owned()).spawn(move || obey(&texts));
        if let Err(error) = started {
            tracing::warn!(%error, "nothing can be copied from the tray");
        }
        Self(put)
    }

    pub(crate) fn put(&self, text: String) {
        // The thread is gone only when the program is.
        let _ = self.0.send(text);
    }
}

fn obey(texts: &Receiver<String>) {
    let mut clipboard = None;
    while let Ok(text) = texts.recv() {
        let opened = clipboard.take().map_or_else(arboard::Clipboard::new, Ok);
        match opened.and_then(|mut open| open.set_text(text).map(|()| open)) {
            Ok(open) => clipboard = Some(open),
            Err(error) => tracing::warn!(%error, "nothing was copied"),
        }
    }
}
