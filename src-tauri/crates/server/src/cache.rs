use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use alloy_primitives::B256;
use bytes::Bytes;

/// So many digests that were missed lately are remembered.
const MISSED: usize = 32;

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

    /// Whether content that is not held was missed lately before, which is then forgotten: what is asked for once makes no
    /// room for itself.
    pub(crate) fn is_missed_again(&self, digest: &B256) -> bool {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = held.missed.iter().position(|missed| missed == digest) {
            held.missed.remove(place);
            return true;
        }
        held.missed.truncate(MISSED - 1);
        held.missed.push_front(*digest);
        false
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
        assert_eq!(
            [1, 2, 1, 1, 2].map(|n| cache.is_missed_again(&digest(n))),
            [false, false, true, false, true]
        );
        for n in 10..10 + u8::try_from(MISSED).unwrap() {
            assert!(!cache.is_missed_again(&digest(n)));
        }
        assert!(!cache.is_missed_again(&digest(1)), "that is long ago");
    }

    #[test]
    fn what_is_larger_than_the_room_is_not_kept() {
        let cache = Cache::new(5);
        cache.put(digest(1), Bytes::from(vec![1; 6]));
        assert!(cache.get(&digest(1)).is_none());
    }
}
