//! What is known of payments by whose links somebody downloads: what the store said lately, and how much left.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Delivery, PaymentId, PaymentSeq};
use store::{Bought, Store};

/// How long what the store said of a payment is taken as said.
const FRESH: TimeDelta = TimeDelta::minutes(1);

/// So many payments are known at once.
const MOST_KNOWN: usize = 4096;

/// What was looked up of links lately, so that a download asks the store nothing.
#[derive(Debug, Default)]
pub(crate) struct Grants(Mutex<Lately>);

#[derive(Debug, Default)]
struct Lately {
    /// How often everything was forgotten: what was read before that is not remembered after it.
    forgotten: u64,
    held: HashMap<PaymentId, Held>,
}

#[derive(Debug, Default)]
struct Held {
    known: Option<Arc<Known>>,
    /// Outlives what is known, because what is under way is written nowhere else.
    downloads: Arc<Downloads>,
}

/// What is known of one payment's links.
#[derive(Debug)]
pub(crate) struct Known {
    pub(super) bought: Bought,
    read_at: DateTime<Utc>,
    delivery: Mutex<Delivery>,
    downloads: Arc<Downloads>,
}

/// How many bytes left by one payment's links, where the seller limits that.
#[derive(Debug, Default)]
struct Downloads(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    sent: u64,
    /// What may still leave of downloads that are under way.
    reserved: u64,
}

/// Why nothing more leaves by a payment's links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoMore {
    /// As much has left as may.
    Ever,
    /// What is under way may come to that much.
    Now,
}

/// Bytes of one answer that were set aside before any of them left. What was not sent is given back when this is dropped.
#[derive(Debug)]
pub(crate) struct Reserved {
    downloads: Arc<Downloads>,
    bytes: u64,
    sent: u64,
}

impl Downloads {
    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reserved {
    /// So much of it left in the end. The store is told, while an answer is dropped, where nobody can wait.
    pub(crate) fn sent(mut self, store: &Store, payment: PaymentSeq, bytes: u64) {
        self.sent = bytes;
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if bytes == 0 {
            return;
        }
        let (store, downloads) = (store.clone(), Arc::clone(&self.downloads));
        runtime.spawn(async move {
            if let Err(error) = store.note_link_bytes(payment, bytes).await {
                tracing::warn!(%error, "what left through a link was not counted");
            }
            // Until here the count is nowhere but in memory, and kept there for as long as somebody holds it.
            drop(downloads);
        });
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        let mut counted = self.downloads.counted();
        counted.reserved = counted.reserved.saturating_sub(self.bytes);
        counted.sent = counted.sent.saturating_add(self.sent);
    }
}

impl Known {
    /// How far the content has got.
    pub(crate) fn note(&self, delivery: Delivery) {
        *self.delivery.lock().unwrap_or_else(PoisonError::into_inner) = delivery;
    }

    pub(super) fn delivery(&self) -> Delivery {
        *self.delivery.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets `bytes` aside for one answer, of `allowed` in all. The last one may go beyond that, so that whoever resumes a
    /// download that broke off gets its end, though not all that was sent had arrived; but only one, however many come at
    /// the same time.
    pub(super) fn reserve(&self, bytes: u64, allowed: u64) -> Result<Reserved, NoMore> {
        let mut counted = self.downloads.counted();
        if counted.sent >= allowed {
            return Err(NoMore::Ever);
        }
        if counted.sent.saturating_add(counted.reserved) >= allowed {
            return Err(NoMore::Now);
        }
        counted.reserved = counted.reserved.saturating_add(bytes);
        Ok(Reserved { downloads: Arc::clone(&self.downloads), bytes, sent: 0 })
    }
}

impl Grants {
    /// Forgets what was known: links were revoked, or the seller decided otherwise.
    pub(crate) fn forget(&self) {
        let mut lately = self.lately();
        lately.forgotten += 1;
        lately.clear();
    }

    fn lately(&self) -> MutexGuard<'_, Lately> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a payment; `read` asks the store where that is not fresh.
    pub(super) async fn of<E>(
        &self,
        id: PaymentId,
        now: DateTime<Utc>,
        read: impl Future<Output = Result<Option<Bought>, E>>,
    ) -> Result<Option<Arc<Known>>, E> {
        let (forgotten, downloads) = {
            let mut lately = self.lately();
            if lately.held.len() >= MOST_KNOWN && !lately.held.contains_key(&id) {
                lately.clear();
            }
            let forgotten = lately.forgotten;
            let held = lately.held.entry(id).or_default();
            let is_fresh = |known: &&Arc<Known>| now.signed_duration_since(known.read_at).abs() < FRESH;
            if let Some(known) = held.known.as_ref().filter(is_fresh) {
                return Ok(Some(Arc::clone(known)));
            }
            // Held from before the store is asked, so that what leaves meanwhile is counted here too.
            (forgotten, Arc::clone(&held.downloads))
        };
        let Some(bought) = read.await? else { return Ok(None) };
        {
            let mut counted = downloads.counted();
            counted.sent = counted.sent.max(bought.link_bytes);
        }
        let known = Arc::new(Known {
            delivery: Mutex::new(bought.payment.delivery),
            read_at: now,
            downloads,
            bought,
        });
        let mut lately = self.lately();
        if lately.forgotten == forgotten
            && let Some(held) = lately.held.get_mut(&id)
        {
            held.known = Some(Arc::clone(&known));
        }
        Ok(Some(known))
    }
}

impl Lately {
    /// Keeps only what somebody is downloading now, and how much.
    fn clear(&mut self) {
        self.held.retain(|_, held| {
            held.known = None;
            Arc::strong_count(&held.downloads) > 1
        });
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use domain::{Amount, EndpointId, Mode, Part, PaymentState};
    use store::PaymentRef;
    use tokio::sync::oneshot;

    use super::*;

    fn bought(epoch: u32) -> Bought {
        let at = DateTime::UNIX_EPOCH;
        let payment = PaymentRef {
            seq: PaymentSeq(1),
            id: id(),
            state: PaymentState::Queued,
            accepted_at: at,
            settle_by: at,
            valid_before: 0,
            amount: Amount::from_atomic(1).unwrap(),
            transaction: None,
            mode: Mode::Batched,
            delivery: Delivery::Waiting,
        };
        let endpoint = EndpointId::from_random([1; 16]);
        let (part, owned_until) = (Part::WHOLE, at);
        Bought {
            payment,
            endpoint,
            part,
            sha256: None,
            accepted_at: at,
            owned_until,
            is_owed: true,
            epoch,
            link_bytes: 0,
        }
    }

    fn id() -> PaymentId {
        "00000000-0000-8000-8000-000000000001".parse().unwrap()
    }

    async fn known(grants: &Grants, epoch: u32) -> Arc<Known> {
        let read = async { Ok::<_, Infallible>(Some(bought(epoch))) };
        grants.of(id(), DateTime::UNIX_EPOCH, read).await.unwrap().unwrap()
    }

    #[tokio::test]
    async fn what_was_read_before_links_were_revoked_is_not_remembered_after_it() {
        let grants = Grants::default();
        let (answer, answered) = oneshot::channel();
        let slow = async { Ok::<_, Infallible>(Some(answered.await.unwrap())) };
        let reading = grants.of(id(), DateTime::UNIX_EPOCH, slow);
        let revoking = async {
            grants.forget();
            answer.send(bought(0)).unwrap();
        };
        let (before, ()) = tokio::join!(reading, revoking);
        assert_eq!(before.unwrap().unwrap().bought.epoch, 0);
        assert_eq!(known(&grants, 1).await.bought.epoch, 1, "the store is asked again");
        assert_eq!(known(&grants, 2).await.bought.epoch, 1, "and then not, for a while");
    }

    #[tokio::test]
    async fn however_many_downloads_begin_at_once_no_more_leaves_than_one_beyond_the_limit() {
        let grants = Grants::default();
        let one = known(&grants, 0).await;
        let first = one.reserve(10, 15).unwrap();
        // Whatever else the seller does meanwhile.
        grants.forget();
        let other = known(&grants, 0).await;
        let second = other.reserve(10, 15).unwrap();
        assert_eq!([(); 3].map(|()| other.reserve(1, 15).unwrap_err()), [NoMore::Now; 3]);
        drop(second);
        let mut again = other.reserve(10, 15).unwrap();
        again.sent = 10;
        drop(again);
        assert_eq!(other.reserve(1, 15).unwrap_err(), NoMore::Now, "the first may still take all of its own");
        drop(first);
        let mut last = other.reserve(10, 15).unwrap();
        last.sent = 5;
        drop(last);
        grants.forget();
        assert_eq!(other.reserve(1, 15).unwrap_err(), NoMore::Ever);
    }
}
