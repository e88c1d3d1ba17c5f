use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts the open connections of each address.
#[derive(Debug, Default)]
pub(crate) struct Visitors(Mutex<HashMap<IpAddr, usize>>);

/// One counted connection; uncounted when dropped.
#[derive(Debug)]
pub(crate) struct Visit {
    visitors: Arc<Visitors>,
    address: IpAddr,
}

impl Visitors {
    /// Counts one more connection of `address`; none when it already has `most`.
    pub(crate) fn admit(self: &Arc<Self>, address: IpAddr, most: usize) -> Option<Visit> {
        // IPv4 buyers on a dual-stack listener count as themselves, not as one another.
        let address = address.to_canonical();
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Visit { visitors: Arc::clone(self), address })
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        let mut open = self.visitors.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use super::*;

    #[test]
    fn one_address_cannot_take_more_than_its_share_and_leaves_nothing_behind() {
        let visitors = Arc::new(Visitors::default());
        let one = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let mapped = IpAddr::V6(Ipv4Addr::LOCALHOST.to_ipv6_mapped());
        let other = IpAddr::V6(Ipv6Addr::LOCALHOST);
        let visits = [visitors.admit(one, 2), visitors.admit(mapped, 2)];
        assert!(visits.iter().all(Option::is_some));
        assert!(visitors.admit(one, 2).is_none());
        assert!(visitors.admit(other, 2).is_some());
        drop(visits);
        assert!(visitors.admit(one, 2).is_some());
        assert!(visitors.0.lock().unwrap().is_empty());
    }
}
