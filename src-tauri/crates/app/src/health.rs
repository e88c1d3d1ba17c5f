//! Whether the nodes answer and the gas wallet holds anything: what no change of the store tells.

use std::collections::BTreeMap;
use std::time::Duration;

use alloy_primitives::U256;
use domain::NetworkId;
use settler::LaneState;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::engine::Standing;
use crate::{ApiError, App};

/// How often it is looked while somebody watches. With [`PATIENCE`], a node that falls silent is
/// noticed within ten seconds.
const LOOK_AGAIN: Duration = Duration::from_secs(4);

/// How long a node may take to answer.
const PATIENCE: Duration = Duration::from_secs(4);

/// What was seen of every network that was set up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen(BTreeMap<NetworkId, Health>);

impl Seen {
    /// How one network is.
    pub(crate) fn of(&self, network: NetworkId) -> Health {
        self.0.get(&network).cloned().unwrap_or_else(|| Health::offline("The network is not set up."))
    }

    /// How the stall is: as long as one network answers, something can be sold.
    fn stall(&self) -> Health {
        let well = self.0.values().find(|health| health.offline.is_none());
        let first = well.or_else(|| self.0.values().next()).cloned();
        first.unwrap_or_else(|| Health::offline("No network is set up yet."))
    }

    fn is_news_after(&self, before: Option<&Self>) -> bool {
        before.is_none_or(|before| {
            self.0.len() != before.0.len()
                || self.0.iter().any(|(network, health)| health.is_news_after(before.0.get(network)))
        })
    }
}

/// What was seen of a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Health {
    /// Which network that is; none where none is set up.
    pub(crate) network: Option<NetworkId>,
    /// Why nothing can be sold, in a sentence.
    pub(crate) offline: Option<String>,
    /// What the gas wallet holds, in wei, if it could be read.
    pub(crate) gas: Option<U256>,
    /// What a transaction signed now would offer per gas, in wei.
    pub(crate) gas_price: u128,
    /// Why nothing can be settled for the moment, as its lane says it.
    pub(crate) settling_waits: Option<String>,
}

impl Health {
    /// A price that moves with every block is no news.
    fn is_news_after(&self, before: Option<&Self>) -> bool {
        before.is_none_or(|before| {
            (&before.offline, before.gas, &before.settling_waits)
                != (&self.offline, self.gas, &self.settling_waits)
        })
    }

    fn offline(why: impl Into<String>) -> Self {
        Self { offline: Some(why.into()), ..Self::default() }
    }
}

impl App {
    /// How the stall is: as it was seen last while somebody watches, or as it is now.
    pub(crate) async fn health(&self) -> Health {
        self.seen().await.stall()
    }

    /// How one network is.
    pub(crate) async fn health_of(&self, network: NetworkId) -> Health {
        self.seen().await.of(network)
    }

    pub(crate) async fn seen(&self) -> Seen {
        let seen = self.seen_health().borrow().clone();
        match seen {
            Some(seen) => seen,
            None => look(self).await,
        }
    }
}

/// Looks again and again while somebody watches.
pub(crate) async fn follow(app: App) {
    let mut ticks = interval(LOOK_AGAIN);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let seen: &watch::Sender<Option<Seen>> = app.seen_health();
        // Whoever asks without watching is told what is so at that moment.
        let now = if seen.receiver_count() == 0 { None } else { Some(look(&app).await) };
        seen.send_if_modified(|before| {
            let news = now.as_ref().is_some_and(|now| now.is_news_after(before.as_ref()));
            *before = now;
            news
        });
    }
}

async fn look(app: &App) -> Seen {
    let rows = app.store().networks().await.unwrap_or_default();
    let looks = rows.iter().map(async |row| {
        let network = Some(row.network);
        (row.network, Health { network, ..look_at(app, row.network).await })
    });
    let mut seen: BTreeMap<_, _> = futures::future::join_all(looks).await.into_iter().collect();
    if let Some(engine) = app.engine() {
        for (network, state) in engine.settler().state().await {
            if let (LaneState::Blocked(why), Some(health)) = (state, seen.get_mut(&network)) {
                health.settling_waits = Some(why);
            }
        }
    }
    Seen(seen)
}

async fn look_at(app: &App, network: NetworkId) -> Health {
    let Some(engine) = app.engine() else { return Health::offline("The stall is closed.") };
    let standing = engine.connection(network).map(|connection| connection.standing.borrow().clone());
    let chain = match standing {
        Some(Standing::Ready { chain, .. }) => chain,
        Some(Standing::Waiting(why)) => return Health::offline(why),
        None => return Health::offline("The network is not connected."),
    };
    let reading = async {
        let fees = chain.fees();
        let balance = async {
            match engine.wallet() {
                Some(wallet) => chain.sender(wallet.address()).await.map(|sender| Some(sender.balance)),
                None => Ok(None),
            }
        };
        tokio::try_join!(fees, balance)
    };
    match timeout(PATIENCE, reading).await {
        Ok(Ok((fees, gas))) => Health { gas, gas_price: fees.max_fee_per_gas, ..Health::default() },
        Ok(Err(error)) => Health::offline(ApiError::from(error).message),
        Err(_) => Health::offline(format!("The node for {network} does not answer.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stall_is_open_as_long_as_one_network_answers() {
        let (base, polygon) = (NetworkId::from_chain_id(8453), NetworkId::from_chain_id(137));
        let away = Health::offline("It does not answer.");
        let well = Health { gas: Some(U256::from(5)), ..Health::default() };
        let seen = |of_base: &Health, of_polygon: &Health| {
            Seen([(base, of_base.clone()), (polygon, of_polygon.clone())].into_iter().collect())
        };
        for one in [seen(&well, &away), seen(&away, &well), seen(&well, &well)] {
            assert_eq!(one.stall(), well);
        }
        assert_eq!(seen(&away, &well).of(base), away);
        assert_eq!(seen(&away, &away).stall(), away);
        assert!(Seen::default().stall().offline.is_some());
        assert!(seen(&away, &well).is_news_after(Some(&seen(&well, &well))));
        assert!(!seen(&away, &well).is_news_after(Some(&seen(&away, &well))));
    }

    #[test]
    fn a_new_price_of_gas_is_no_news_but_silence_and_money_are() {
        let well = Health { gas: Some(U256::from(5)), gas_price: 1, ..Health::default() };
        assert!(well.is_news_after(None));
        assert!(!Health { gas_price: 2, ..well.clone() }.is_news_after(Some(&well)));
        assert!(Health { gas: Some(U256::from(4)), ..well.clone() }.is_news_after(Some(&well)));
        assert!(Health::offline("The node does not answer.").is_news_after(Some(&well)));
    }

    #[test]
    fn a_lane_that_is_blocked_is_news_and_so_is_one_that_goes_on() {
        let well = Health { gas: Some(U256::from(5)), ..Health::default() };
        let blocked = Health { settling_waits: Some("The wallet is locked.".to_owned()), ..well.clone() };
        assert!(blocked.is_news_after(Some(&well)));
        assert!(well.is_news_after(Some(&blocked)));
        assert!(!blocked.is_news_after(Some(&blocked)));
    }
}
