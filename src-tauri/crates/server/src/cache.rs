use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use alloy_primitives::B256;
use bytes::Bytes;

/// So many digests that were missed lately are remembered.
const MISSED: usize = 32;

/// So many files are read as a whole at once, beside those who ask for them.
const READ_AT_ONCE: usize = 2;

/// The content of files, by digest, up to a fixed number of bytes in all. A clone is a handle to the same.
///
/// Whatever was asked for since it last came up for eviction stays one more round.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    room: usize,
    held: Arc<Mutex<Held>>,
}

#[derive(Debug, Default)]
struct Held {
    bytes: usize,
    files: HashMap<B256, File>,
    order: VecDeque<B256>,
    missed: VecDeque<B256>,
    /// What is being read as a whole.
    reading: Vec<B256>,
}

/// Leave to read a file as a whole, which nobody else has until it is dropped.
pub(crate) struct Turn {
    held: Arc<Mutex<Held>>,
    digest: B256,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.reading.retain(|digest| *digest != self.digest);
    }
}

#[derive(Debug)]
struct File {
    content: Bytes,
    wanted: bool,
}

impl Cache {
    /// A cache for at most `room` bytes.
    pub(crate) fn new(room: usize) -> Self {
        Self { room, held: Arc::default() }
    }

    pub(crate) fn get(&self, digest: &B256) -> Option<Bytes> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let file = held.files.get_mut(digest)?;
        file.wanted = true;
        Some(file.content.clone())
    }

    /// Lets content of so many bytes be read that was missed, if it was missed lately before: what is asked for once makes no
    /// room for itself. Nobody reads what somebody reads already, what does not fit, or more than a few at once: a request
    /// costs a stranger nothing, and whole files in memory cost us much (I15).
    pub(crate) fn turn_to_read(&self, digest: &B256, bytes: u64) -> Option<Turn> {
        let fits = usize::try_from(bytes).is_ok_and(|bytes| bytes <= self.room);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = fits
            && held.reading.len() < READ_AT_ONCE
            && !held.reading.contains(digest)
            && !held.files.contains_key(digest)
            && held.is_missed_again(digest);
        is_due.then(|| {
            held.reading.push(*digest);
            Turn { held: Arc::clone(&self.held), digest: *digest }
        })
    }

    /// Keeps `content`, whose digest the caller has checked.
    pub(crate) fn put(&self, digest: B256, content: Bytes) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if content.len() > self.room || held.files.contains_key(&digest) {
            return;
        }
        while held.bytes + content.len() > self.room {
            held.evict_one();
        }
        held.bytes += content.len();
        held.order.push_back(digest);
        held.files.insert(digest, File { content, wanted: false });
    }
}

impl Held {
    /// Whether it was missed lately before, which is then forgotten.
    fn is_missed_again(&mut self, digest: &B256) -> bool {
        if let Some(place) = self.missed.iter().position(|missed| missed == digest) {
            self.missed.remove(place);
            return true;
        }
        self.missed.truncate(MISSED - 1);
        self.missed.push_front(*digest);
        false
    }

    fn evict_one(&mut self) {
        while let Some(digest) = self.order.pop_front() {
            match self.files.get_mut(&digest) {
                Some(file) if file.wanted => {
                    file.wanted = false;
                    self.order.push_back(digest);
                }
                _ => {
                    self.bytes -= self.files.remove(&digest).map_or(0, |file| file.content.len());
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(n: u8) -> B256 {
        B256::repeat_byte(n)
    }

    #[test]
    fn it_never_holds_more_than_its_room_and_keeps_what_is_wanted() {
        let cache = Cache::new(30);
        for n in 0..3 {
            cache.put(digest(n), Bytes::from(vec![n; 10]));
        }
        assert!(cache.get(&digest(0)).is_some());
        for n in 3..5 {
            cache.put(digest(n), Bytes::from(vec![n; 10]));
        }
        let kept: Vec<u8> = (0..5).filter(|n| cache.get(&digest(*n)).is_some()).collect();
        assert_eq!(kept, [0, 3, 4]);
        let held = cache.held.lock().unwrap();
        assert_eq!((held.bytes, held.order.len()), (30, 3));
    }

    #[test]
    fn what_is_asked_for_once_is_not_worth_reading_as_a_whole() {
        let cache = Cache::new(5);
        let is_worth_it = |n| cache.turn_to_read(&digest(n), 5).is_some();
        assert_eq!([1, 2, 1, 1, 2].map(is_worth_it), [false, false, true, false, true]);
        for n in 10..10 + u8::try_from(MISSED).unwrap() {
            assert!(!is_worth_it(n));
        }
        assert!(!is_worth_it(1), "that is long ago");
    }

    // I15
    #[test]
    fn two_files_are_read_at_once_each_of_them_once_and_none_that_is_held_or_does_not_fit() {
        let cache = Cache::new(5);
        let asked =
            |n, bytes| (0..100).filter_map(|_| cache.turn_to_read(&digest(n), bytes)).collect::<Vec<_>>();
        let (one, two) = (asked(1, 5), asked(2, 5));
        assert_eq!((one.len(), two.len(), asked(3, 5).len()), (1, 1, 0));
        drop(one);
        assert_eq!((asked(2, 5).len(), asked(3, 5).len()), (0, 1));
        drop(two);
        assert_eq!(asked(4, 6).len(), 0, "it does not fit");
        cache.put(digest(5), Bytes::from(vec![5; 5]));
        assert_eq!(asked(5, 5).len(), 0, "it is held");
    }

    #[test]
    fn what_is_larger_than_the_room_is_not_kept() {
        let cache = Cache::new(5);
        cache.put(digest(1), Bytes::from(vec![1; 6]));
        assert!(cache.get(&digest(1)).is_none());
    }
}
