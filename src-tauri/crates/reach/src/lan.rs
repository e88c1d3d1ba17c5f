//! The network around this computer.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use mdns_sd::{DaemonEvent, Receiver, ServiceDaemon, ServiceInfo};
use tokio::time::timeout;

use crate::reach::{Listen, Stage};
use crate::state::State;
use crate::wish::Wish;

/// How often it is looked whether this computer is in another network.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// How long a name may take to be known; asking whether somebody has it takes three quarters of a second.
const NAMED_WITHIN: Duration = Duration::from_secs(4);

/// What browsers look for.
const SERVICE: &str = "_http._tcp.local.";

/// Opens the stall to the network and keeps it open, wherever this computer moves, until it is over.
pub(crate) async fn keep(stage: &Stage<'_>, wish: &Wish) {
    let port = stage.surroundings.listener.port();
    let mut doors: BTreeMap<IpAddr, Box<dyn Any + Send>> = BTreeMap::new();
    let mut name: Option<Name> = None;
    let mut told = BTreeSet::new();
    loop {
        let (here, trouble) = open(&mut doors, &stage.surroundings.listen, stage.surroundings.listener);
        if here != told || here.is_empty() {
            name = None;
            if here.is_empty() {
                let why = trouble.unwrap_or_else(|| "This computer is in no network.".to_owned());
                stage.tell(State::Failing { why, next_try: None });
            } else {
                name = Name::give(&wish.name, &here, port).await;
                let by_number = |address: &IpAddr| format!("http://{}", SocketAddr::new(*address, port));
                let by_name = name.as_ref().map(|name| format!("http://{}:{port}", name.host));
                let mut urls = by_name.into_iter().chain(here.iter().map(by_number));
                if let Some(url) = urls.next() {
                    stage.tell(State::Online { url, also: urls.collect() });
                }
            }
            told = here;
        }
        if stage.is_over_after(LOOK_AGAIN).await {
            drop(name);
            return;
        }
    }
}

/// Opens a door at each address of the network, and closes those that are gone. Answers with where there is one, and with
/// what went wrong.
fn open(
    doors: &mut BTreeMap<IpAddr, Box<dyn Any + Send>>,
    listen: &Listen,
    listener: SocketAddr,
) -> (BTreeSet<IpAddr>, Option<String>) {
    let here = addresses();
    doors.retain(|address, _| here.contains(address));
    let mut trouble = None;
    // Who listens everywhere, or there already, needs no further door.
    let is_open = |address: &IpAddr| listener.ip().is_unspecified() || listener.ip() == *address;
    for address in here.iter().filter(|address| !is_open(address)) {
        if !doors.contains_key(address) {
            match listen(SocketAddr::new(*address, listener.port())) {
                Ok(door) => drop(doors.insert(*address, door)),
                Err(why) => trouble = Some(why),
            }
        }
    }
    let open = here.into_iter().filter(|address| is_open(address) || doors.contains_key(address));
    (open.collect(), trouble)
}

/// Where others in this computer's own networks find what listens there.
pub fn urls_of(listener: SocketAddr) -> Vec<String> {
    let here = if listener.ip().is_unspecified() { addresses() } else { BTreeSet::from([listener.ip()]) };
    here.into_iter().map(|address| format!("http://{}", SocketAddr::new(address, listener.port()))).collect()
}

/// The addresses of this computer that only its own networks know: whoever wants to be found by the whole internet
/// says so in another way (T77).
fn addresses() -> BTreeSet<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    interfaces.into_iter().map(|interface| interface.ip()).filter(|address| is_local(*address)).collect()
}

fn is_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            let is_shared = first == 100 && (64..128).contains(&second);
            address.is_private() || address.is_link_local() || address.is_documentation() || is_shared
        }
        // Addresses of one link need to be told with the link, which no URL can do.
        IpAddr::V6(address) => address.is_unique_local(),
    }
}

/// A name that the network knows; no longer once this is dropped.
struct Name {
    daemon: ServiceDaemon,
    /// With `.local`.
    host: String,
}

impl Name {
    /// Takes a name, or one beside it when somebody has it already; none where names cannot be given.
    async fn give(name: &str, addresses: &BTreeSet<IpAddr>, port: u16) -> Option<Self> {
        match Self::try_give(name, addresses, port).await {
            Ok(name) => Some(name),
            Err(error) => {
                tracing::warn!(%error, "the stall gets no name in this network");
                None
            }
        }
    }

    async fn try_give(name: &str, addresses: &BTreeSet<IpAddr>, port: u16) -> mdns_sd::Result<Self> {
        let daemon = ServiceDaemon::new()?;
        // From here on the daemon ends with what is returned, or with this.
        let mut given = Self { daemon, host: format!("{name}.local") };
        let events = given.daemon.monitor()?;
        let wanted = format!("{name}.local.");
        let addresses: Vec<_> = addresses.iter().copied().collect();
        let service = ServiceInfo::new(SERVICE, name, &wanted, &addresses[..], port, &[("path", "/")][..])?;
        given.daemon.register(service)?;
        if let Ok(Some(other)) = timeout(NAMED_WITHIN, settled(&events, &wanted)).await {
            given.host = other.trim_end_matches('.').to_owned();
        }
        Ok(given)
    }
}

/// Waits until a name is announced; answers with the one that it got instead.
async fn settled(events: &Receiver<DaemonEvent>, wanted: &str) -> Option<String> {
    let mut other = None;
    while let Ok(event) = events.recv_async().await {
        match event {
            DaemonEvent::NameChange(change) if change.original.eq_ignore_ascii_case(wanted) => {
                other = Some(change.new_name);
            }
            DaemonEvent::Announce(..) => break,
            _ => {}
        }
    }
    other
}

impl Drop for Name {
    fn drop(&mut self) {
        // A daemon that is gone already has said its good-byes.
        drop(self.daemon.shutdown());
    }
}

/// Where a program on this computer reaches the listener.
pub(crate) fn target(listener: SocketAddr) -> String {
    let address = match listener.ip() {
        address if !address.is_unspecified() => address,
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(_) => IpAddr::V6(std::net::Ipv6Addr::LOCALHOST),
    };
    format!("http://{}", SocketAddr::new(address, listener.port()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // T77
    #[test]
    fn what_listens_at_an_address_is_found_there_and_what_listens_everywhere_at_each_of_the_network() {
        let urls = |listener: &str| urls_of(listener.parse().unwrap());
        assert_eq!(urls("192.168.1.5:4021"), ["http://192.168.1.5:4021"]);
        assert_eq!(urls("0.0.0.0:4021").len(), addresses().len());
        assert!(urls("[::]:4021").iter().all(|url| url.ends_with(":4021")));
    }

    #[test]
    fn an_address_that_the_whole_internet_knows_is_not_of_this_network() {
        for local in ["192.168.1.5", "10.0.0.1", "172.16.0.1", "169.254.1.1", "100.64.0.1", "fd00::2"] {
            assert!(is_local(local.parse().unwrap()), "{local}");
        }
        for other in
            ["127.0.0.1", "::1", "8.8.8.8", "100.63.0.1", "100.128.0.1", "2001:4860::1", "fe80::1", "0.0.0.0"]
        {
            assert!(!is_local(other.parse().unwrap()), "{other}");
        }
    }

    #[test]
    fn a_tunnel_leads_to_the_listener_on_this_computer() {
        for (listener, led) in [
            ("127.0.0.1:4021", "http://127.0.0.1:4021"),
            ("0.0.0.0:80", "http://127.0.0.1:80"),
            ("[::]:80", "http://[::1]:80"),
            ("192.168.1.5:80", "http://192.168.1.5:80"),
        ] {
            assert_eq!(target(listener.parse().unwrap()), led);
        }
    }
}
