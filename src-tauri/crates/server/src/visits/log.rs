use std::collections::VecDeque;
use std::net::IpAddr;

use alloy_primitives::Address;
use chrono::{DateTime, Utc};
use http::Method;

/// How many requests are remembered.
const MOST: usize = 1000;

/// How much of a path is.
const LONGEST_PATH: usize = 200;

/// One request that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// When it came.
    pub at: DateTime<Utc>,
    /// GET mostly.
    pub method: Method,
    /// What was asked for, without what followed a question mark; the beginning of it if it was very long.
    pub path: String,
    /// What was answered.
    pub status: u16,
    /// How many bytes of content left.
    pub bytes: u64,
    /// Who paid, if anybody's signature was seen.
    pub payer: Option<Address>,
    /// From where, if the seller wants that to be kept.
    pub address: Option<IpAddr>,
    /// Whether the built-in buyer made it.
    pub is_own: bool,
}

impl Request {
    /// As much of a path as is kept.
    pub(crate) fn path(path: &str) -> String {
        path.chars().take(LONGEST_PATH).collect()
    }
}

/// The newest requests.
#[derive(Debug, Default)]
pub(crate) struct Log(VecDeque<Request>);

impl Log {
    pub(crate) fn push(&mut self, request: Request) {
        if self.0.len() >= MOST {
            self.0.pop_front();
        }
        self.0.push_back(request);
    }

    /// The newest first.
    pub(crate) fn newest(&self, limit: usize) -> Vec<Request> {
        self.0.iter().rev().take(limit).cloned().collect()
    }

    /// Forgets from where they came.
    pub(crate) fn forget_addresses(&mut self) {
        for request in &mut self.0 {
            request.address = None;
        }
    }
}
