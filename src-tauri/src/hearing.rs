//! The page that hears what goes stale.

use std::sync::Arc;
use std::time::Duration;

use app::AppEvent;
use tauri::ipc::Channel;
use tokio::sync::watch;
use tokio::time::timeout;

/// How long somebody waits for a page to hear. One that cannot is still better answered than not.
const HEARS_WITHIN: Duration = Duration::from_secs(2);

/// Which page of the window was last waited for, and how it is told.
#[derive(Clone, Default)]
pub(crate) struct Hearing(Arc<watch::Sender<Page>>);

#[derive(Default)]
struct Page {
    name: String,
    /// The channel of the last one that began to hear: whoever waited in vain may have done so for a page that is gone.
    told: Option<Channel<AppEvent>>,
}

impl Hearing {
    /// From now on this page is told, and the one before it no longer.
    pub(crate) fn begin(&self, name: String, told: Channel<AppEvent>) {
        self.0.send_replace(Page { name, told: Some(told) });
    }

    /// Tells the page that hears, if one does.
    pub(crate) fn tell(&self, event: AppEvent) {
        if let Some(told) = &self.0.borrow().told
            && let Err(error) = told.send(event)
        {
            tracing::debug!(%error, "the window did not hear what went stale");
        }
    }

    /// Waits until this page hears: what it is answered from then on is no older than what it is told.
    pub(crate) async fn of(&self, name: &str) {
        let mut page = self.0.subscribe();
        let before = page.borrow().name.clone();
        if timeout(HEARS_WITHIN, page.wait_for(|page| page.name == name)).await.is_ok() {
            return;
        }
        tracing::warn!("the window does not hear what goes stale");
        self.0.send_if_modified(|page| {
            // Another page may be shown by now.
            let is_still_shown = page.name == before;
            if is_still_shown {
                name.clone_into(&mut page.name);
            }
            is_still_shown
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    fn heard_by(heard: &Arc<Mutex<u32>>) -> Channel<AppEvent> {
        let heard = Arc::clone(heard);
        Channel::new(move |_| {
            *heard.lock().unwrap() += 1;
            Ok(())
        })
    }

    #[test]
    fn a_page_is_answered_once_it_hears_itself_and_only_the_one_that_is_shown_is_told() {
        tauri::async_runtime::block_on(async {
            let (hearing, before, now) = (Hearing::default(), Arc::default(), Arc::default());
            hearing.tell(AppEvent::everything());
            hearing.begin("before".to_owned(), heard_by(&before));
            hearing.tell(AppEvent::everything());
            let mut answer = Box::pin(hearing.of("now"));
            assert!(futures::poll!(&mut answer).is_pending());
            hearing.begin("now".to_owned(), heard_by(&now));
            assert!(futures::poll!(&mut answer).is_ready());
            hearing.tell(AppEvent::everything());
            assert_eq!((*before.lock().unwrap(), *now.lock().unwrap()), (1, 1));
        });
    }

    #[test]
    fn a_page_that_does_not_hear_is_answered_all_the_same_and_waited_for_once() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.unwrap().block_on(async {
            let hearing = Hearing::default();
            let began = tokio::time::Instant::now();
            hearing.of("deaf").await;
            assert_eq!(began.elapsed().as_secs(), HEARS_WITHIN.as_secs());
            hearing.of("deaf").await;
            assert_eq!(began.elapsed().as_secs(), HEARS_WITHIN.as_secs());
        });
    }

    #[test]
    fn a_page_that_is_gone_takes_nothing_from_the_one_that_hears() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.unwrap().block_on(async {
            let (hearing, now) = (Hearing::default(), Arc::default());
            let mut answer = Box::pin(hearing.of("gone"));
            assert!(futures::poll!(&mut answer).is_pending());
            hearing.begin("now".to_owned(), heard_by(&now));
            answer.await;
            hearing.tell(AppEvent::everything());
            hearing.of("also gone").await;
            hearing.tell(AppEvent::everything());
            assert_eq!(*now.lock().unwrap(), 2);
        });
    }
}
