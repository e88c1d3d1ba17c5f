//! What has to be done before real money is taken, and what should be. The list is the same everywhere, so that a test
//! network is a rehearsal; only *live* refuses to sell while something on it is missing.

use alloy_primitives::U256;
use domain::Environment;
use serde::Serialize;
use store::{Change, NetworkRow, Store};
use ts_rs::TS;

use crate::api::money::{coin, native};
use crate::api::selling::{may_sell, paused_until};
use crate::api::wallet::{gas_for, title};
use crate::api::{NetworkName, ReachState, ReachView, facilitators, reach};
use crate::engine::Standing;
use crate::facilitators::need_no_wallet;
use crate::keys::Keys;
use crate::networks::CheckState;
use crate::{ApiError, App, ErrorCode};

/// How many full settlements the first filling of the gas wallet should pay for, and of how many payments each.
const FIRST_BATCHES: u64 = 10;
const FIRST_BATCH: usize = 50;

/// What stands between a stall and real money.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ChecklistView {
    /// practice, test or live.
    pub environment: String,
    /// Whether everything that must be done is done.
    pub ready: bool,
    /// Whether buyers are served now.
    pub selling: bool,
    /// In the order in which they are best done.
    pub items: Vec<ChecklistItem>,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ChecklistItem {
    /// Which.
    pub item: ChecklistStep,
    /// Whether nothing is sold for real money without it.
    pub mandatory: bool,
    /// Whether it is done.
    pub done: bool,
    /// How it stands.
    pub sentence: String,
    /// What to do next; null when nothing is left to do.
    pub next: Option<String>,
    /// What does that on the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub command: Option<String>,
    /// The network it is about, in CAIP-2; null when it is about all.
    pub network: Option<String>,
    /// The address that the next step is about, to copy or to show as a code.
    pub address: Option<String>,
}

/// The things to do before real money is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ChecklistStep {
    /// A network is set up, its node answers, its token is the right one.
    Node,
    /// The payout address is known to be the seller's.
    Payout,
    /// There is a gas wallet that can pay for settlements.
    Gas,
    /// Buyers can reach the stall.
    Reach,
    /// Somebody has paid, and the money has arrived.
    FirstSale,
}

/// The bar above everything that says whose money this is.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct BarView {
    /// What it says, as one word.
    pub kind: BarKind,
    /// The same as a sentence.
    pub sentence: String,
}

/// Whose money this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum BarKind {
    /// Nobody's: a private chain.
    Practice,
    /// Nobody's: public test networks.
    Test,
    /// Real money could be taken, and is not yet.
    LiveNotReady,
    /// Real money could be taken; the seller has the stall closed.
    LiveClosed,
    /// Real money is taken.
    Live,
}

/// What is missing for real money and can be told without asking any chain: the networks' nodes are looked after by
/// whoever sells on them, and gas comes and goes.
pub(crate) async fn missing(store: &Store, keys: &Keys) -> Result<Vec<String>, ApiError> {
    let rows = store.networks().await?;
    let mut missing = Vec::new();
    if rows.is_empty() {
        missing.push("No network is set up yet.".to_owned());
    }
    for row in &rows {
        missing.extend(payout(store, row).await?);
    }
    if keys.wallet().is_none() && !need_no_wallet(store).await? {
        missing.push("There is no gas wallet yet.".to_owned());
    }
    Ok(missing)
}

/// Why the payout address of a network cannot be relied on.
async fn payout(store: &Store, row: &NetworkRow) -> Result<Option<String>, ApiError> {
    let title = title(row.network);
    let Some(pay_to) = row.pay_to else {
        return Ok(Some(format!("No payout address is set on {title}.")));
    };
    let proof = store.payout_proof(row.network, pay_to).await?;
    Ok(proof.is_none().then(|| format!("The payout address {pay_to} on {title} is not verified.")))
}

/// Refuses to open a stall for real money while something that must be done is not.
pub(crate) async fn must_be_ready(app: &App) -> Result<(), ApiError> {
    if app.environment() != Environment::Live {
        return Ok(());
    }
    let list = checklist(app, ()).await?;
    let open: Vec<_> = list.items.into_iter().filter(|item| item.mandatory && !item.done).collect();
    if open.is_empty() {
        return Ok(());
    }
    let sentences: Vec<_> = open.into_iter().map(|item| item.sentence).collect();
    let why = sentences.join(" ");
    Err(ApiError::new(ErrorCode::Conflict, format!("Real money is not taken yet. {why}")))
}

/// Serves buyers, or stops, as the seller chose and as far as it may be.
pub(crate) async fn turn_switch(app: &App) -> Result<(), ApiError> {
    let Some(engine) = app.engine() else { return Ok(()) };
    let may = may_sell(app.store(), app.environment(), app.keys(), app.clock().now()).await?;
    engine.selling().send_if_modified(|selling| std::mem::replace(selling, may) != may);
    Ok(())
}

/// Keeps the switch as it may be, whatever changes: another payout address is not verified yet, or a pause is over.
pub(crate) async fn keep_switch(app: App) {
    let mut changes = app.store().changes();
    loop {
        let until = paused_until(&app).await.unwrap_or_else(|error| {
            tracing::error!(%error, "it cannot be told how long the stall is paused");
            None
        });
        let over = async {
            match until {
                Some(until) => app.clock().sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        let chosen_anew = async {
            loop {
                match changes.next().await {
                    Some(Change::Settings | Change::Everything) => return true,
                    Some(_) => {}
                    None => return false,
                }
            }
        };
        let goes_on = tokio::select! {
            goes_on = chosen_anew => goes_on,
            () = over => true,
        };
        if !goes_on {
            return;
        }
        if let Err(error) = turn_switch(&app).await {
            tracing::error!(%error, "it cannot be told whether sales are still allowed");
        }
    }
}

/// The bar above everything.
pub(crate) async fn bar(app: &App, selling: bool) -> Result<BarView, ApiError> {
    let bar = |kind, sentence: &str| BarView { kind, sentence: sentence.to_owned() };
    Ok(match app.environment() {
        Environment::Practice => bar(BarKind::Practice, "Practice: the money here is worth nothing."),
        Environment::Test => bar(BarKind::Test, "Test network: the money here is worth nothing."),
        Environment::Live => {
            let missing = missing(app.store(), app.keys()).await?;
            if !missing.is_empty() {
                let sentence = format!("Real money is not taken yet. {}", missing.join(" "));
                bar(BarKind::LiveNotReady, &sentence)
            } else if selling {
                bar(BarKind::Live, "Live: buyers pay with real money.")
            } else {
                bar(BarKind::LiveClosed, "Live, and closed: nobody can pay at the moment.")
            }
        }
    })
}

pub(crate) async fn checklist(app: &App, (): ()) -> Result<ChecklistView, ApiError> {
    let rows = app.store().networks().await?;
    let mut items = nodes(app, &rows);
    items.extend(payouts(app, &rows).await?);
    items.push(gas(app, &rows).await?);
    items.push(reach(app).await?);
    items.push(first_sale(app).await?);
    Ok(ChecklistView {
        environment: app.environment().to_string(),
        ready: items.iter().all(|item| item.done || !item.mandatory),
        selling: app.engine().is_some_and(|engine| *engine.selling().borrow()),
        items,
    })
}

impl ChecklistItem {
    fn done(item: ChecklistStep, sentence: impl Into<String>) -> Self {
        Self {
            item,
            mandatory: item.is_mandatory(),
            done: true,
            sentence: sentence.into(),
            next: None,
            command: None,
            network: None,
            address: None,
        }
    }

    fn open(item: ChecklistStep, sentence: impl Into<String>, next: impl Into<String>) -> Self {
        Self { done: false, next: Some(next.into()), ..Self::done(item, sentence) }
    }

    fn by(self, command: impl Into<String>) -> Self {
        Self { command: Some(command.into()), ..self }
    }

    fn on(self, row: &NetworkRow) -> Self {
        Self { network: Some(row.network.to_string()), ..self }
    }
}

impl ChecklistStep {
    /// Money could be lost, or never arrive, without these.
    const fn is_mandatory(self) -> bool {
        match self {
            Self::Node | Self::Payout | Self::Gas => true,
            Self::Reach | Self::FirstSale => false,
        }
    }
}

fn nodes(app: &App, rows: &[NetworkRow]) -> Vec<ChecklistItem> {
    let step = ChecklistStep::Node;
    if rows.is_empty() {
        let next = "Choose a network and paste the URL of a node for it; Base is the usual first one.";
        return vec![ChecklistItem::open(step, "No network is set up yet.", next)];
    }
    let item = |row: &NetworkRow| {
        let name = title(row.network);
        let connection = app.engine().and_then(|engine| engine.connection(row.network));
        let standing = connection.map(|connection| connection.standing.borrow().clone());
        let item = match standing {
            Some(Standing::Ready { .. }) => ChecklistItem::done(
                step,
                format!("{name} answers, and its token is the one that buyers know."),
            ),
            Some(Standing::Waiting(why)) => {
                let next = "Look after the node, or choose another one.";
                ChecklistItem::open(step, format!("{name} cannot be used: {why}"), next)
            }
            None => ChecklistItem::open(step, format!("{name} was not looked at."), "Open the stall."),
        };
        item.on(row)
    };
    rows.iter().map(item).collect()
}

async fn payouts(app: &App, rows: &[NetworkRow]) -> Result<Vec<ChecklistItem>, ApiError> {
    let step = ChecklistStep::Payout;
    let mut items = Vec::new();
    for row in rows {
        let item = match (payout(app.store(), row).await?, row.pay_to) {
            (None, _) => {
                let sentence = format!("The payout address on {} is yours.", title(row.network));
                ChecklistItem::done(step, sentence)
            }
            (Some(sentence), None) => {
                let next = "Paste the address of a wallet of yours whose key is not on this computer.";
                ChecklistItem::open(step, sentence, next)
            }
            (Some(sentence), Some(_)) => {
                let next =
                    "Sign the message in the wallet that the address belongs to, and paste the signature.";
                ChecklistItem::open(step, sentence, next)
            }
        };
        items.push(ChecklistItem { address: row.pay_to.map(|pay_to| pay_to.to_string()), ..item.on(row) });
    }
    if items.is_empty() {
        let next = "Set the network up first.";
        items.push(ChecklistItem::open(step, "No payout address is set.", next));
    }
    Ok(items)
}

async fn gas(app: &App, rows: &[NetworkRow]) -> Result<ChecklistItem, ApiError> {
    if need_no_wallet(app.store()).await? {
        return facilitated(app).await;
    }
    Ok(gas_money(app, rows).await)
}

/// Facilitators are the way to settle, so that neither a wallet nor gas is needed.
async fn facilitated(app: &App) -> Result<ChecklistItem, ApiError> {
    let step = ChecklistStep::Gas;
    let facilitators = facilitators::all(app).await?;
    if let Some(locked) = facilitators.iter().find(|facilitator| facilitator.locked) {
        let sentence = format!("The credential of the facilitator {} is locked.", locked.host);
        let next = "Unlock it in Settings, under Networks.";
        return Ok(ChecklistItem::open(step, sentence, next).by("stallkeeper facilitator unlock"));
    }
    for facilitator in &facilitators {
        let name = NetworkName { network: facilitator.network.clone() };
        let points = facilitators::check(app, name).await?.points;
        if let Some(failed) = points.into_iter().find(|point| point.state == CheckState::Failed) {
            let sentence = format!("The facilitator {} cannot settle: {}", facilitator.host, failed.sentence);
            let how = format!("stallkeeper facilitator check {}", facilitator.network);
            return Ok(ChecklistItem {
                network: Some(facilitator.network.clone()),
                ..ChecklistItem::open(step, sentence, "Look at it in Settings, under Networks.").by(how)
            });
        }
    }
    let sentences: Vec<_> = facilitators.into_iter().map(|facilitator| facilitator.sentence).collect();
    Ok(ChecklistItem::done(step, sentences.join(" ")))
}

/// Every network that is sold on needs gas of its own: told is the first that lacks it.
async fn gas_money(app: &App, rows: &[NetworkRow]) -> ChecklistItem {
    let mut told = gas_on(app, rows.first()).await;
    for row in rows.iter().skip(1) {
        if !told.done {
            break;
        }
        told = gas_on(app, Some(row)).await;
    }
    told
}

async fn gas_on(app: &App, row: Option<&NetworkRow>) -> ChecklistItem {
    let step = ChecklistStep::Gas;
    let Some(wallet) = app.keys().wallet() else {
        let next = "Create a gas wallet. It pays the network for settling and holds nothing else.";
        return ChecklistItem::open(step, "There is no gas wallet yet.", next);
    };
    let address = Some(wallet.address().to_string());
    let Some(row) = row else {
        let next = "Set the network up first.";
        return ChecklistItem::open(step, "What settling costs is not known yet.", next);
    };
    let (name, coin) = (title(row.network), coin(Some(row.network)));
    let health = app.health_of(row.network).await;
    let Some(holds) = health.gas else {
        let next = "It is looked again as soon as the node answers.";
        let item = ChecklistItem::open(step, "What the gas wallet holds cannot be read now.", next).on(row);
        return ChecklistItem { address, ..item };
    };
    let worst = gas_for(1, FIRST_BATCH, health.gas_price);
    let item = if holds >= worst && holds > U256::ZERO {
        ChecklistItem::done(step, format!("The gas wallet holds {} {coin} on {name}.", native(holds)))
    } else {
        let enough = native(gas_for(FIRST_BATCHES, FIRST_BATCH, health.gas_price));
        let sentence = format!(
            "The gas wallet holds {} {coin} on {name}; one settlement may need {}.",
            native(holds),
            native(worst)
        );
        let next = format!(
            "Send about {enough} {coin} to it, from an exchange or another wallet, on the network {name}. That pays for at least {FIRST_BATCHES} settlements of {FIRST_BATCH} payments."
        );
        ChecklistItem::open(step, sentence, next)
    };
    ChecklistItem { address, ..item.on(row) }
}

async fn reach(app: &App) -> Result<ChecklistItem, ApiError> {
    let step = ChecklistStep::Reach;
    let ReachView { way, state, sentence, url, .. } = reach::show(app, ()).await?;
    let (next, how) = match state {
        ReachState::Off => {
            ("Choose in Settings, under Reach, how others reach it.", "stallkeeper reach set WAY")
        }
        ReachState::Starting => ("Wait a moment, and look again.", "stallkeeper reach show"),
        ReachState::Failing | ReachState::Unreached => {
            ("Look at it in Settings, under Reach.", "stallkeeper reach check")
        }
        ReachState::Online if !way.permanent => {
            return Ok(ChecklistItem::open(
                step,
                format!("{sentence} {}", way.on_restart),
                "Choose a way whose address stays the same before you give links away.",
            ));
        }
        ReachState::Online if url.as_deref().is_none_or(|url| !url.starts_with("https://")) => {
            return Ok(ChecklistItem::open(
                step,
                format!("{sentence} It is not encrypted on the way."),
                "Use an address that begins with https:// for buyers outside your own network.",
            ));
        }
        ReachState::Online => return Ok(ChecklistItem::done(step, sentence)),
    };
    Ok(ChecklistItem::open(step, sentence, next).by(how))
}

async fn first_sale(app: &App) -> Result<ChecklistItem, ApiError> {
    let step = ChecklistStep::FirstSale;
    let arrived =
        app.store().totals().await?.into_iter().any(|total| total.state.is_paid() && total.payments > 0);
    Ok(if arrived {
        ChecklistItem::done(step, "The first sale has arrived at your address.")
    } else {
        let next =
            "Price something at 0.01, buy it with a wallet of your own, settle, and see the cent arrive.";
        ChecklistItem::open(step, "Nothing was sold yet.", next)
    })
}
