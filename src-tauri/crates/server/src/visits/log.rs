use std::collections::VecDeque;
use std::net::IpAddr;
use std::time::Duration;

use alloy_primitives::Address;
use chrono::{DateTime, Utc};
use domain::EndpointId;
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
    /// What it was for, where that is sold or was.
    pub endpoint: Option<EndpointId>,
    /// How long it was until the answer began.
    pub took: Duration,
}

/// Which requests to list.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Only those for this endpoint.
    pub endpoint: Option<EndpointId>,
    /// Only those with a smaller number.
    pub before: Option<u64>,
    /// At most this many.
    pub limit: usize,
}

impl Request {
    /// As much of a path as is kept.
    pub(crate) fn path(path: &str) -> String {
        path.chars().take(LONGEST_PATH).collect()
    }
}

/// The newest requests.
#[derive(Debug, Default)]
pub(crate) struct Log {
    kept: VecDeque<Request>,
    /// How many were forgotten: the number of the oldest that is kept.
    forgotten: u64,
}

impl Log {
    pub(crate) fn push(&mut self, request: Request) {
        if self.kept.len() >= MOST {
            self.kept.pop_front();
            self.forgotten += 1;
        }
        self.kept.push_back(request);
    }

    /// The newest first, each with its number.
    pub(crate) fn newest(&self, Wanted { endpoint, before, limit }: Wanted) -> Vec<(u64, Request)> {
        let numbered = (self.forgotten..).zip(&self.kept).collect::<Vec<_>>().into_iter().rev();
        let wanted = numbered
            .filter(|(number, _)| before.is_none_or(|before| *number < before))
            .filter(|(_, request)| endpoint.is_none() || request.endpoint == endpoint);
        wanted.take(limit).map(|(number, request)| (number, request.clone())).collect()
    }

    /// In how much time nineteen of twenty were answered; none where nobody came.
    pub(crate) fn p95(&self) -> Option<Duration> {
        let mut took: Vec<_> = self.kept.iter().map(|request| request.took).collect();
        took.sort_unstable();
        took.get((took.len() * 19).div_ceil(20).checked_sub(1)?).copied()
    }

    /// Forgets from where they came.
    pub(crate) fn forget_addresses(&mut self) {
        for request in &mut self.kept {
            request.address = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(endpoint: u64, millis: u64) -> Request {
        Request {
            at: DateTime::UNIX_EPOCH,
            method: Method::GET,
            path: "/guide".to_owned(),
            status: 402,
            bytes: 0,
            payer: None,
            address: None,
            is_own: false,
            endpoint: format!("{endpoint:032x}").parse().ok(),
            took: Duration::from_millis(millis),
        }
    }

    #[test]
    fn pages_of_one_endpoint_follow_each_other_also_while_the_oldest_are_forgotten() {
        let mut log = Log::default();
        (0..MOST as u64).for_each(|number| log.push(request(number % 2, number)));
        let page = |log: &Log, before| {
            let endpoint = request(1, 0).endpoint;
            let found = log.newest(Wanted { endpoint, before, limit: 2 });
            found.into_iter().map(|(number, _)| number).collect::<Vec<_>>()
        };
        assert_eq!(page(&log, None), [999, 997]);
        (0..4).for_each(|_| log.push(request(0, 0)));
        assert_eq!(page(&log, Some(997)), [995, 993]);
        assert_eq!(page(&log, Some(6)), [5]);
    }

    #[test]
    fn one_of_twenty_may_have_waited_longer() {
        let mut log = Log::default();
        assert_eq!(log.p95(), None);
        log.push(request(1, 7));
        assert_eq!(log.p95(), Some(Duration::from_millis(7)));
        (0..18).for_each(|_| log.push(request(1, 3)));
        log.push(request(1, 90));
        assert_eq!(log.p95(), Some(Duration::from_millis(7)));
    }
}
