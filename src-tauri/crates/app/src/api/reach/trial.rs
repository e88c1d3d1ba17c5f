//! A purchase at the public address, as a buyer outside would make it.

use ::practice::{Practice, Protocol, Purchase};
use ::reach::State;
use ::reach::check::look_at_offer;
use alloy_primitives::B256;
use domain::{Amount, CanonicalPath, Content, EndpointState, Mode};
use serde::Serialize;
use store::Listing;
use ts_rs::TS;

use super::open;
use super::view::{ReachAnswer, check_view};
use crate::error::sentence;
use crate::{ApiError, App, random};

/// What became of a purchase through the public address.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReachTrial {
    /// Where.
    pub url: String,
    /// Whether all went well.
    pub ok: bool,
    /// Every step.
    pub steps: Vec<TrialStep>,
}

/// A step of a purchase through the public address.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TrialStep {
    /// reach, offer, v1 or v2.
    pub step: String,
    /// Whether it went well.
    pub ok: bool,
    /// How it went.
    pub sentence: String,
}

pub(crate) async fn try_it(app: &App, (): ()) -> Result<ReachTrial, ApiError> {
    let outside = open(app)?;
    let engine = app.working()?;
    let url = engine.url();
    let mut steps = Vec::new();
    if !matches!(outside.state(), State::Off) {
        outside.ask().await;
        let (ok, sentence) = match outside.checked().map(check_view) {
            Some(check) => (check.answer == ReachAnswer::Stall, check.sentence),
            None => (false, outside.trouble().unwrap_or_else(|| "The way is not open yet.".to_owned())),
        };
        steps.push(TrialStep { step: "reach".to_owned(), ok, sentence });
    }
    let cheapest = cheapest(app).await?;
    let Some((path, price)) = cheapest else {
        let sentence = "Nothing is for sale that could be bought.".to_owned();
        steps.push(TrialStep { step: "offer".to_owned(), ok: false, sentence });
        return Ok(ReachTrial { url, ok: false, steps });
    };
    let offer = look_at_offer(&url, path.as_str()).await;
    let sentence = match &offer {
        Ok(()) => {
            format!("{url}{path} asks for payment, under that very address, and lets nobody keep the answer.")
        }
        Err(why) => why.clone(),
    };
    steps.push(TrialStep { step: "offer".to_owned(), ok: offer.is_ok(), sentence });
    if let (Some(practice), true) = (engine.practice(), offer.is_ok()) {
        for (word, protocol) in [("v1", Protocol::V1), ("v2", Protocol::V2)] {
            steps.push(purchase(app, practice, &format!("{url}{path}"), word, protocol, price).await?);
        }
    }
    Ok(ReachTrial { ok: steps.iter().all(|step| step.ok), url, steps })
}

/// The cheapest file or text for sale, with its price. A folder has no bytes at its own path, and a service does something
/// each time it is paid.
async fn cheapest(app: &App) -> Result<Option<(CanonicalPath, Amount)>, ApiError> {
    let listings = app.store().catalogue().await?;
    let live = listings.into_iter().filter(|Listing { endpoint, .. }| {
        let is_whole = matches!(endpoint.content, Content::File(_) | Content::Text(_));
        is_whole && endpoint.state == EndpointState::Live
    });
    let priced = live.filter_map(|listing| {
        let price = listing.usual().map(|offer| offer.amount).min()?;
        // What waits for its transaction is the last choice: the trial should not take long.
        Some((price, listing.endpoint.mode == Mode::Instant, listing.endpoint.path))
    });
    Ok(priced.min_by_key(|(price, instant, _)| (*price, *instant)).map(|(price, _, path)| (path, price)))
}

async fn purchase(
    app: &App,
    practice: &Practice,
    url: &str,
    word: &str,
    protocol: Protocol,
    price: Amount,
) -> Result<TrialStep, ApiError> {
    let (key, nonce) = (B256::new(random::bytes()?), B256::new(random::bytes()?));
    let wanted = Purchase { url: url.to_owned(), protocol, key, nonce };
    app.store().note_own_payers(wanted.payer().into_iter().collect()).await?;
    let bought = practice.buy(&wanted).await?;
    let step = word.to_owned();
    Ok(match bought.error {
        Some(why) => TrialStep { step, ok: false, sentence: sentence(&why) },
        None if bought.amount != Some(price) => TrialStep {
            step,
            ok: false,
            sentence: "It was sold at another price than the stall's.".to_owned(),
        },
        None => TrialStep { step, ok: true, sentence: format!("Bought, {} bytes.", bought.bytes) },
    })
}
