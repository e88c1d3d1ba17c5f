//! What the seller chose about how buyers are served, out of the settings.

pub use crate::trusted_proxies::{TrustedProxies, TrustedProxiesError};

/// How buyers are served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// How often as much as all of the content may leave through one payment's links; as often as anybody likes where that is not said.
    pub most_downloads: Option<u32>,
    /// Whether a payment's id stands where a transaction will be, for clients that insist on something there.
    pub id_as_transaction: bool,
    /// Who may say for whom they ask.
    pub proxies: TrustedProxies,
}

impl Chosen {
    /// The setting that holds how often something may be downloaded.
    pub const MOST_DOWNLOADS: &'static str = "downloads-per-payment";
    /// The setting that says whether ids stand where transactions will be: `on`.
    pub const ID_AS_TRANSACTION: &'static str = "id-as-transaction";
    /// The setting that names the seller's own proxies.
    pub const TRUSTED_PROXIES: &'static str = "trusted-proxies";

    pub(crate) fn read(settings: &[(String, String)]) -> Self {
        let find = |key| settings.iter().find(|(found, _)| found == key).map(|(_, value)| value.as_str());
        Self {
            most_downloads: find(Self::MOST_DOWNLOADS)
                .and_then(|value| value.parse().ok())
                .filter(|most| *most > 0),
            id_as_transaction: find(Self::ID_AS_TRANSACTION) == Some("on"),
            proxies: find(Self::TRUSTED_PROXIES).and_then(|value| value.parse().ok()).unwrap_or_default(),
        }
    }
}
