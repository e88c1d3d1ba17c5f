//! What a message says. Its shape is a promise: words may be added, never changed or taken away. Money is decimal text,
//! times are RFC 3339, and nothing is said about where a buyer is.

use chrono::{DateTime, SecondsFormat, Utc};
use domain::{Amount, Asset, AssetId, Audience, BatchId, Environment, EventKind, Offer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::{Happening, NewMessage, Store, StoreError};

/// How the stall stands when it begins or ends to sell.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Standing {
    /// Where buyers reach it.
    pub url: Option<String>,
    /// Why, as one word for programs.
    pub why: String,
}

/// Notes that the stall sells from now on, or does not any more, for whoever asked to be told.
///
/// # Errors
/// When the file cannot be written.
pub async fn announce(
    store: &Store,
    online: bool,
    standing: &Standing,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let kind = if online { EventKind::StallOnline } else { EventKind::StallOffline };
    store.note_happening(kind, json!(standing).to_string(), at).await
}

/// Makes messages out of what happened.
pub(crate) struct Composer {
    pub(crate) store: Store,
    pub(crate) environment: Environment,
    /// Makes the ids of messages different from those of every other stall and start.
    pub(crate) seed: [u8; 32],
}

impl Composer {
    /// What is told of a happening; none when what it is about is gone.
    pub(crate) async fn compose(
        &self,
        happening: &Happening,
        now: DateTime<Utc>,
    ) -> Result<Option<NewMessage>, StoreError> {
        let at = happening.at.unwrap_or(now);
        let about = match happening.kind {
            EventKind::PaymentAccepted
            | EventKind::PaymentSettled
            | EventKind::PaymentFailed
            | EventKind::PaymentExpired => self.payment(happening).await?,
            EventKind::BatchSettled => self.batch(happening).await?,
            EventKind::EndpointChanged => self.endpoint(happening).await?,
            EventKind::StallOnline | EventKind::StallOffline => Some(stall(happening)),
            EventKind::Test => None,
        };
        let Some((subject, word, value)) = about else { return Ok(None) };
        let body = json!({
            "type": happening.kind.as_str(),
            "timestamp": time(at),
            "data": { "environment": self.environment.as_str(), word: value },
        });
        let message = self.id(happening);
        Ok(Some(NewMessage { message, kind: happening.kind, subject, body: body.to_string() }))
    }

    /// A message by which a webhook is tried out.
    pub(crate) fn test(&self, number: u64, now: DateTime<Utc>) -> NewMessage {
        let body = json!({
            "type": EventKind::Test.as_str(),
            "timestamp": time(now),
            "data": { "environment": self.environment.as_str() },
        });
        NewMessage {
            message: self.named(&format!("test {number} {}", now.timestamp_micros())),
            kind: EventKind::Test,
            subject: String::new(),
            body: body.to_string(),
        }
    }

    fn id(&self, happening: &Happening) -> String {
        self.named(&format!("{} {} {}", happening.id, happening.kind, happening.subject))
    }

    fn named(&self, what: &str) -> String {
        let hash = Sha256::new().chain_update(self.seed).chain_update(what).finalize();
        let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("msg_{hex}")
    }

    async fn payment(&self, happening: &Happening) -> Result<Option<About>, StoreError> {
        let Ok(id) = happening.subject.parse() else { return Ok(None) };
        let Some(payment) = self.store.payment(id).await? else { return Ok(None) };
        let value = json!({
            "id": payment.id.to_string(),
            "state": happening.state,
            "reason": happening.reason,
            "endpoint": {
                "id": payment.endpoint.to_string(),
                "path": payment.path.to_string(),
                "title": payment.endpoint_title,
            },
            "file": payment.file,
            "payer": payment.payer.to_string(),
            "payTo": payment.pay_to.to_string(),
            "money": money(payment.amount, &payment.asset),
            "mode": payment.mode.as_str(),
            "batch": payment.batch.map(|batch| batch.0),
            "transaction": happening.transaction.map(|hash| hash.to_string()),
            "acceptedAt": time(payment.accepted_at),
        });
        Ok(Some((payment.id.to_string(), "payment", value)))
    }

    async fn batch(&self, happening: &Happening) -> Result<Option<About>, StoreError> {
        let Ok(id) = happening.subject.parse::<BatchId>() else { return Ok(None) };
        let Some(batch) = self.store.batch(id).await? else { return Ok(None) };
        let summary = batch.summary;
        let Some(asset) = self.asset(summary.asset).await? else { return Ok(None) };
        let mined = summary.attempts.iter().rev().find(|(_, receipt)| receipt.is_some());
        let value = json!({
            "id": id.0,
            "state": happening.state,
            "startedBy": summary.started_by,
            "payments": summary.payments,
            "total": money(summary.total, &asset),
            "settledPayments": summary.settled_payments,
            "settledTotal": money(summary.settled_total, &asset),
            "transaction": mined.map(|(attempt, _)| attempt.hash().to_string()),
            "openedAt": time(summary.opened_at),
            "closedAt": summary.closed_at.map(time),
        });
        Ok(Some((id.to_string(), "batch", value)))
    }

    async fn endpoint(&self, happening: &Happening) -> Result<Option<About>, StoreError> {
        let listings = self.store.catalogue().await?;
        let is_meant = |id: domain::EndpointId| id.0.simple().to_string() == happening.subject;
        let Some(listing) = listings.into_iter().find(|listing| is_meant(listing.endpoint.id)) else {
            return Ok(None);
        };
        let mut prices = Vec::new();
        // A discount is for who knows its code.
        let current =
            |offer: &&Offer| offer.honoured_until.is_none() && !matches!(offer.audience, Audience::Code(_));
        for offer in listing.offers.iter().filter(current) {
            let mut price = money(offer.amount, &offer.asset);
            price["part"] = json!(offer.part.as_str());
            prices.push(price);
        }
        let endpoint = listing.endpoint;
        let value = json!({
            "id": endpoint.id.to_string(),
            "path": endpoint.path.to_string(),
            "title": endpoint.title,
            "kind": endpoint.content.kind().as_str(),
            "state": endpoint.state.as_str(),
            "mode": endpoint.mode.as_str(),
            "prices": prices,
        });
        Ok(Some((endpoint.id.to_string(), "endpoint", value)))
    }

    async fn asset(&self, id: AssetId) -> Result<Option<Asset>, StoreError> {
        Ok(self.store.assets().await?.into_iter().find(|(known, _)| *known == id).map(|(_, asset)| asset))
    }
}

/// A subject as people write it, the word for it, and what is told about it.
type About = (String, &'static str, Value);

fn stall(happening: &Happening) -> About {
    let standing: Option<Standing> =
        happening.detail.as_deref().and_then(|detail| serde_json::from_str(detail).ok());
    let state = if happening.kind == EventKind::StallOnline { "online" } else { "offline" };
    let value = json!({
        "state": state,
        "why": standing.as_ref().map(|standing| &standing.why),
        "url": standing.as_ref().and_then(|standing| standing.url.as_ref()),
    });
    (String::new(), "stall", value)
}

/// The same words as every other output has for money, and in which token on which network it is.
fn money(amount: Amount, asset: &Asset) -> Value {
    json!({
        "amount": amount.to_string(),
        "decimals": asset.decimals,
        "formatted": amount.to_decimal(asset.decimals),
        "token": asset.name,
        "asset": asset.address.to_string(),
        "network": asset.network.to_string(),
    })
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
