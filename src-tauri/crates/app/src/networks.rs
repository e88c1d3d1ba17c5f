//! What has to be right before anything is sold on a network.

use alloy_primitives::Address;
use chain::{ChainError, Multicall, PriceReading, Survey};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Amount, Asset, Finality, KnownNetwork, NetworkId};
use serde::Serialize;
use store::{NetworkFinding, NetworkRow, TOLD_FOR};
use ts_rs::TS;

use crate::api::money::native;
use crate::{ApiError, ErrorCode};

/// More decimal places than amounts can be kept in.
const MOST_DECIMALS: u8 = 18;

/// The largest gas limit of one transaction since EIP-7825, where no other is known.
const USUAL_GAS_CAP: u64 = 1 << 24;

/// Decimal places of a price.
const PRICE_DECIMALS: u8 = 6;

/// Coins under the names that price feeds still give them.
const FORMER_COINS: [(&str, &str); 1] = [("MATIC", "POL")];

/// By how much the clock of the network may be ahead of this computer's.
const AHEAD: TimeDelta = TimeDelta::hours(2);

/// What is asked of a network: what the seller chose, and for the rest what is known of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub(crate) network: NetworkId,
    pub(crate) known: Option<&'static KnownNetwork>,
    pub(crate) token: Address,
    pub(crate) multicall: Address,
    /// Who tells what its coin is worth.
    pub(crate) price_feed: Option<Address>,
}

impl Wanted {
    /// # Errors
    /// When nothing is known of the network and the seller named no token.
    pub(crate) fn of(row: &NetworkRow) -> Result<Self, ApiError> {
        let known = row.network.known();
        let token = row.token.or(known.map(|known| known.usdc)).ok_or_else(|| {
            let network = row.network;
            ApiError::invalid(format!(
                "Stallkeeper does not know {network}; say which token is paid in there."
            ))
            .by("--token 0x…")
        })?;
        let multicall = chain::multicall(row.network);
        let price_feed = row.price_feed.or(known.and_then(|known| known.price_feed));
        Ok(Self { network: row.network, known, token, multicall, price_feed })
    }
}

/// A network's name for people.
pub(crate) fn title(network: NetworkId) -> String {
    network.known().map_or_else(|| network.to_string(), |known| known.title.to_owned())
}

/// Where the known networks can be looked into from outside, without a slash at the end.
pub fn explorers() -> impl Iterator<Item = &'static str> {
    NetworkId::all_known().iter().filter_map(|known| known.explorer)
}

/// One thing that was looked at on chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CheckPoint {
    /// Which chain the nodes answer as.
    Chain,
    /// The token's contract.
    Token,
    /// The domain that buyers sign under.
    Domain,
    /// Whether the token's code is what it was.
    Code,
    /// Multicall3, which batches go through.
    Multicall,
    /// From when on a block is final.
    Finality,
    /// What a transaction costs.
    Gas,
    /// What the coin that gas is paid in is worth.
    Price,
}

/// How it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CheckState {
    /// As it should be.
    Ok,
    /// Good enough to sell, and worth knowing.
    Warning,
    /// Nothing is sold.
    Failed,
}

/// What was found, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CheckedView {
    /// What was looked at.
    pub point: CheckPoint,
    /// How it is.
    pub state: CheckState,
    /// What was found.
    pub sentence: String,
}

/// A network after a look at it.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    pub(crate) points: Vec<CheckedView>,
    /// The token, if it can be sold in.
    pub(crate) asset: Option<Asset>,
    /// What is to be remembered of it.
    pub(crate) finding: Option<NetworkFinding>,
    /// From when on its blocks are final.
    pub(crate) finality: Finality,
    /// Whether no Multicall3 can be trusted.
    pub(crate) single: bool,
    /// The most gas of one transaction.
    pub(crate) gas_cap: u64,
}

impl Checked {
    /// Why nothing is sold, if so.
    pub(crate) fn refusal(&self, title: &str) -> Option<ApiError> {
        let failed = self.points.iter().find(|point| point.state == CheckState::Failed)?;
        Some(ApiError::new(ErrorCode::Conflict, format!("Nothing is sold on {title}. {}", failed.sentence)))
    }

    /// Whether nothing but changed code stands in the way, which the seller may accept.
    pub(crate) fn is_acceptable(&self) -> bool {
        let mut failed = self.points.iter().filter(|point| point.state == CheckState::Failed).peekable();
        failed.peek().is_some()
            && failed.all(|point| matches!(point.point, CheckPoint::Code | CheckPoint::Multicall))
    }

    /// The most payments of one transaction.
    pub(crate) fn largest(&self) -> usize {
        if self.single { 1 } else { settler::most_per_transaction(self.gas_cap) }
    }

    fn say(&mut self, point: CheckPoint, state: CheckState, sentence: impl Into<String>) {
        self.points.push(CheckedView { point, state, sentence: sentence.into() });
    }
}

/// Compares what is on chain with what is wanted and with what was found before (T17, T22, T58).
pub(crate) fn judge(
    wanted: &Wanted,
    survey: &Survey,
    before: Option<&NetworkFinding>,
    now: DateTime<Utc>,
) -> Checked {
    // What was found of another token says nothing about this one.
    let before = before.filter(|before| before.token == wanted.token);
    let known_cap = wanted.known.map_or(USUAL_GAS_CAP, |known| known.transaction_gas_cap);
    let mut checked = Checked {
        points: Vec::new(),
        asset: None,
        finding: None,
        finality: survey.finality,
        single: true,
        gas_cap: known_cap.min(survey.block_gas_limit),
    };
    let answers = format!("The nodes answer as chain {}.", wanted.network.chain_id());
    checked.say(CheckPoint::Chain, CheckState::Ok, answers);
    token(&mut checked, wanted, survey);
    code(&mut checked, survey, before);
    multicall(&mut checked, wanted, survey, before);
    finality(&mut checked, wanted, survey, before);
    gas(&mut checked, wanted, survey);
    checked.finding = survey.token.as_ref().map(|token| NetworkFinding {
        token: wanted.token,
        token_code: token.code,
        multicall_code: genuine(survey),
        finality: checked.finality,
        block_gas_limit: survey.block_gas_limit,
        checked_at: now,
    });
    checked
}

fn token(checked: &mut Checked, wanted: &Wanted, survey: &Survey) {
    let Some(token) = &survey.token else {
        let what = format!("There is no contract at {}, where the token should be.", wanted.token);
        return checked.say(CheckPoint::Token, CheckState::Failed, what);
    };
    let facts = &token.facts;
    let asset = Asset {
        network: wanted.network,
        address: wanted.token,
        name: facts.name.clone(),
        version: facts.version.clone(),
        decimals: facts.decimals,
    };
    if !token.knows_authorizations {
        let what = "The token knows no authorizations (EIP-3009), so buyers cannot sign for it.";
        checked.say(CheckPoint::Token, CheckState::Failed, what);
    } else if let Some(known) = wanted.known.filter(|known| known.usdc == wanted.token)
        && known.usdc_decimals != asset.decimals
    {
        // No part of what is signed, so nothing else would show that a node lies about it (T53).
        let what = format!(
            "The node says that USDC has {} decimal places here; it has {}. Ask another node.",
            asset.decimals, known.usdc_decimals
        );
        checked.say(CheckPoint::Token, CheckState::Failed, what);
    } else if asset.decimals > MOST_DECIMALS {
        let what = "The token has more decimal places than amounts can be kept in.";
        checked.say(CheckPoint::Token, CheckState::Failed, what);
    } else {
        let what = format!("The token at {} has {} decimal places.", asset.address, asset.decimals);
        checked.say(CheckPoint::Token, CheckState::Ok, what);
    }
    let signs = format!("Buyers sign for {:?}, version {:?}", asset.name, asset.version);
    let expected = wanted.known.filter(|known| known.usdc == wanted.token);
    if chain::domain_separator(&asset) != facts.domain_separator {
        let what = "The token signs under another domain than its name and version say.";
        checked.say(CheckPoint::Domain, CheckState::Failed, what);
    } else if let Some(known) = expected
        && (known.usdc_name, known.usdc_version) != (&asset.name, &asset.version)
    {
        let usual = format!("{:?}, version {:?}", known.usdc_name, known.usdc_version);
        let what = format!("{signs}, where USDC is usually {usual}.");
        checked.say(CheckPoint::Domain, CheckState::Warning, what);
    } else {
        checked.say(CheckPoint::Domain, CheckState::Ok, format!("{signs}."));
    }
    let sellable = checked.points.iter().all(|point| point.state != CheckState::Failed);
    checked.asset = sellable.then_some(asset);
}

fn code(checked: &mut Checked, survey: &Survey, before: Option<&NetworkFinding>) {
    let Some(token) = &survey.token else { return };
    match before {
        Some(before) if before.token_code != token.code => {
            let since = before.checked_at.format("%Y-%m-%d");
            let what = format!(
                "The token's code is no longer what it was on {since}. Find out what changed; then accept it, and selling goes on."
            );
            checked.say(CheckPoint::Code, CheckState::Failed, what);
        }
        Some(_) => checked.say(CheckPoint::Code, CheckState::Ok, "The token's code is what it was."),
        None => checked.say(CheckPoint::Code, CheckState::Ok, "The token's code was taken down."),
    }
}

fn genuine(survey: &Survey) -> Option<alloy_primitives::B256> {
    match survey.multicall {
        Multicall::Genuine(code) => Some(code),
        Multicall::Counterfeit(_) | Multicall::Absent => None,
    }
}

fn multicall(checked: &mut Checked, wanted: &Wanted, survey: &Survey, before: Option<&NetworkFinding>) {
    let code = genuine(survey);
    checked.single = code.is_none();
    let place = wanted.multicall;
    let (state, what) = match (survey.multicall, before.and_then(|before| before.multicall_code)) {
        (Multicall::Genuine(_), None) => {
            (CheckState::Ok, "Multicall3 is there: many payments share a transaction.".to_owned())
        }
        (Multicall::Genuine(now), Some(then)) if now == then => {
            (CheckState::Ok, "Multicall3 is there: many payments share a transaction.".to_owned())
        }
        (_, Some(_)) => (
            CheckState::Failed,
            format!("What stands at {place} is no longer the Multicall3 that was there. Find out what changed; then accept it, and selling goes on."),
        ),
        (Multicall::Counterfeit(_), None) => (
            CheckState::Warning,
            format!("What stands at {place} is not Multicall3. It is not used: every payment is settled by a transaction of its own, which costs more."),
        ),
        (Multicall::Absent, None) => (
            CheckState::Warning,
            "This network has no Multicall3: every payment is settled by a transaction of its own, which costs more.".to_owned(),
        ),
    };
    checked.say(CheckPoint::Multicall, state, what);
}

/// Never weaker than what was known before: a node that does not name its final block now is in trouble (I7).
fn finality(checked: &mut Checked, wanted: &Wanted, survey: &Survey, before: Option<&NetworkFinding>) {
    let found = before.map(|before| before.finality);
    let table = wanted.known.and_then(|known| known.finality);
    let expected = found.into_iter().chain(table).min().unwrap_or(survey.finality);
    checked.finality = expected.min(survey.finality);
    let (state, what) = if survey.finality > expected {
        (
            CheckState::Warning,
            "The node does not name the network's final block now; nothing becomes final until it does.",
        )
    } else {
        match checked.finality {
            Finality::Finalized => (CheckState::Ok, "The network says when a block is final."),
            Finality::Safe => {
                (CheckState::Ok, "The network says when a block is safe, which counts as final.")
            }
            Finality::Depth => (
                CheckState::Warning,
                "The network does not say when a block is final; twelve blocks later it counts as such.",
            ),
        }
    };
    checked.say(CheckPoint::Finality, state, what);
}

/// What was read of a price feed, and the price with when it was found out, if it counts. Nothing is sold or kept from
/// being sold for it: without a price, costs are told in coins, and every payment counts as worth its gas.
pub(crate) fn price(
    coin: &str,
    feed: Address,
    reading: Result<PriceReading, ChainError>,
    now: DateTime<Utc>,
) -> (CheckedView, Option<(Amount, DateTime<Utc>)>) {
    let unused = |why: String| {
        let sentence =
            format!("{why} Say what one {coin} is worth in Settings, or costs are told in {coin} only.");
        (CheckedView { point: CheckPoint::Price, state: CheckState::Warning, sentence }, None)
    };
    let reading = match reading {
        Ok(reading) => reading,
        Err(error) => return unused(format!("The price feed at {feed} cannot be read: {error}.")),
    };
    let told_at = i64::try_from(reading.told_at).ok().and_then(|at| DateTime::from_timestamp(at, 0));
    let fits = FORMER_COINS.iter().filter(|(_, now)| *now == coin).map(|(former, _)| *former).chain([coin]);
    let mut pairs = fits.map(|coin| format!("{coin} / USD"));
    match (reading.price, told_at) {
        _ if !pairs.any(|pair| pair == reading.pair) => {
            let pair: String = reading.pair.chars().take(40).collect();
            unused(format!("The price feed at {feed} tells {pair:?}, not {coin} / USD."))
        }
        (Some(price), Some(told_at)) if told_at + TOLD_FOR > now && told_at < now + AHEAD => {
            let dollars = price.to_decimal(PRICE_DECIMALS);
            let at = told_at.format("%Y-%m-%d %H:%M UTC");
            let sentence =
                format!("One {coin} was worth {dollars} dollars at {at}, says the feed at {feed}.");
            let point = CheckedView { point: CheckPoint::Price, state: CheckState::Ok, sentence };
            (point, Some((price, told_at)))
        }
        (Some(_), _) => {
            unused(format!("The price feed at {feed} has not told a new price for more than a day."))
        }
        (None, _) => unused(format!("The price feed at {feed} tells no price that can be counted.")),
    }
}

fn gas(checked: &mut Checked, wanted: &Wanted, survey: &Survey) {
    let payments = checked.largest();
    let price = alloy_primitives::U256::from(survey.fees.max_fee_per_gas);
    let one = native(price.saturating_mul(alloy_primitives::U256::from(chain::gas_limit(1))));
    let coin = wanted.known.map_or("coins", |known| known.coin);
    let most = if payments == 1 { "one payment".to_owned() } else { format!("up to {payments} payments") };
    let what = format!("A transaction settles {most}; one payment costs at most {one} {coin} now.");
    checked.say(CheckPoint::Gas, CheckState::Ok, what);
}

#[cfg(test)]
mod tests {
    use alloy_primitives::B256;
    use chain::{Block, Fees, TokenFacts, TokenSurvey};

    use super::*;

    const THEN: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn wanted() -> Wanted {
        Wanted::of(&NetworkRow::new(NetworkId::BASE_SEPOLIA)).unwrap()
    }

    fn survey() -> Survey {
        let asset = Asset {
            network: NetworkId::BASE_SEPOLIA,
            address: wanted().token,
            name: "USDC".to_owned(),
            version: "2".to_owned(),
            decimals: 6,
        };
        let facts = TokenFacts {
            domain_separator: chain::domain_separator(&asset),
            name: asset.name,
            version: asset.version,
            decimals: asset.decimals,
        };
        Survey {
            token: Some(TokenSurvey { facts, knows_authorizations: true, code: B256::repeat_byte(1) }),
            multicall: Multicall::Genuine(B256::repeat_byte(2)),
            finality: Finality::Finalized,
            fees: Fees { max_fee_per_gas: 1_000_000, max_priority_fee_per_gas: 1 },
            block_gas_limit: 60_000_000,
            head: Block { number: 1, hash: B256::ZERO, timestamp: 1 },
        }
    }

    fn state(checked: &Checked, wanted: CheckPoint) -> CheckState {
        checked.points.iter().find(|point| point.point == wanted).unwrap().state
    }

    fn changed(change: impl Fn(&mut Survey), before: Option<&NetworkFinding>) -> Checked {
        let mut survey = survey();
        change(&mut survey);
        judge(&wanted(), &survey, before, THEN)
    }

    fn token(survey: &mut Survey) -> &mut TokenSurvey {
        survey.token.as_mut().unwrap()
    }

    #[test]
    fn what_is_as_it_should_be_is_sold_on() {
        let checked = changed(|_| {}, None);
        assert!(checked.points.iter().all(|point| point.state == CheckState::Ok), "{:?}", checked.points);
        assert!(checked.refusal("Base Sepolia").is_none());
        assert_eq!((checked.largest(), checked.single), (250, false));
        assert_eq!(checked.asset.as_ref().map(|asset| asset.name.as_str()), Some("USDC"));
        let again = changed(|_| {}, checked.finding.as_ref());
        assert!(again.refusal("Base Sepolia").is_none());
    }

    /// T17, T22: an offer in such a token could never be settled.
    #[test]
    fn a_token_that_does_not_fit_is_not_sold_in() {
        type Change = fn(&mut Survey);
        let misfits: [(CheckPoint, Change); 5] = [
            (CheckPoint::Token, |survey| survey.token = None),
            (CheckPoint::Token, |survey| token(survey).knows_authorizations = false),
            (CheckPoint::Token, |survey| token(survey).facts.decimals = 19),
            (CheckPoint::Token, |survey| token(survey).facts.decimals = 2),
            (CheckPoint::Domain, |survey| token(survey).facts.name.push('x')),
        ];
        for (point, change) in misfits {
            let checked = changed(change, None);
            // The number of decimal places is no part of what is signed.
            assert_eq!(state(&checked, point), CheckState::Failed);
            assert!(checked.asset.is_none() && checked.refusal("Base Sepolia").is_some());
        }
    }

    /// T17, T58: what changed under the seller's feet stops the sale and says so.
    #[test]
    fn code_that_changed_stops_the_sale() {
        let before = changed(|_| {}, None).finding.unwrap();
        let upgraded = changed(|survey| token(survey).code = B256::repeat_byte(9), Some(&before));
        assert_eq!(state(&upgraded, CheckPoint::Code), CheckState::Failed);
        for other in [Multicall::Absent, Multicall::Counterfeit(B256::ZERO), Multicall::Genuine(B256::ZERO)] {
            let replaced = changed(|survey| survey.multicall = other, Some(&before));
            assert_eq!(state(&replaced, CheckPoint::Multicall), CheckState::Failed);
        }
        let sentence = upgraded.refusal("Base Sepolia").unwrap().message;
        assert!(
            sentence.starts_with("Nothing is sold on Base Sepolia. The token's code is no longer"),
            "{sentence}"
        );
        // What the seller accepts is what is compared with from then on.
        let accepted = upgraded.finding.unwrap();
        let later = changed(|survey| token(survey).code = B256::repeat_byte(9), Some(&accepted));
        assert!(later.refusal("Base Sepolia").is_none());
    }

    /// Nothing is guessed: what a feed tells counts only if it is of that coin, is a price, and is new.
    #[test]
    fn a_price_counts_only_when_it_is_of_the_coin_and_new() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let told_at = u64::try_from(now.timestamp()).unwrap() - 3_600;
        let good = PriceReading {
            pair: "ETH / USD".to_owned(),
            price: Amount::from_atomic(3_150_200_000).ok(),
            told_at,
        };
        let judged = |coin, reading| price(coin, Address::repeat_byte(1), reading, now);
        let (point, told) = judged("ETH", Ok(good.clone()));
        assert_eq!((point.state, told.map(|(price, _)| price)), (CheckState::Ok, good.price));
        assert!(point.sentence.starts_with("One ETH was worth 3150.20"), "{}", point.sentence);
        let old = PriceReading { told_at: told_at - 25 * 3_600, ..good.clone() };
        let ahead = PriceReading { told_at: told_at + 4 * 3_600, ..good.clone() };
        let nothing = PriceReading { price: None, ..good.clone() };
        let away = ChainError::Unknown("nobody".to_owned());
        for (coin, reading) in [
            ("ETH", Ok(old)),
            ("ETH", Ok(ahead)),
            ("ETH", Ok(nothing)),
            ("AVAX", Ok(good.clone())),
            ("ETH", Err(away)),
        ] {
            let (point, told) = judged(coin, reading);
            assert_eq!((point.state, told), (CheckState::Warning, None), "{}", point.sentence);
        }
        let renamed = PriceReading { pair: "MATIC / USD".to_owned(), ..good };
        assert!(judged("POL", Ok(renamed)).1.is_some());
    }

    /// T58: said plainly, and sold on all the same.
    #[test]
    fn without_multicall3_payments_are_settled_one_by_one() {
        for missing in [Multicall::Absent, Multicall::Counterfeit(B256::ZERO)] {
            let checked = changed(|survey| survey.multicall = missing, None);
            assert_eq!(state(&checked, CheckPoint::Multicall), CheckState::Warning);
            assert!(checked.refusal("Base Sepolia").is_none());
            assert_eq!((checked.single, checked.largest()), (true, 1));
        }
    }

    /// I7: no node talks the product into taking less for final.
    #[test]
    fn finality_only_ever_gets_stronger() {
        let weaker = changed(|survey| survey.finality = Finality::Depth, None);
        assert_eq!(weaker.finality, Finality::Finalized, "the table knows better");
        assert_eq!(state(&weaker, CheckPoint::Finality), CheckState::Warning);
        let custom = Wanted { known: None, ..wanted() };
        let found = |finality, before: Option<&NetworkFinding>| {
            judge(&custom, &Survey { finality, ..survey() }, before, THEN)
        };
        let safe = found(Finality::Safe, None);
        assert_eq!(safe.finality, Finality::Safe);
        assert_eq!(found(Finality::Depth, safe.finding.as_ref()).finality, Finality::Safe);
        assert_eq!(found(Finality::Finalized, safe.finding.as_ref()).finality, Finality::Finalized);
    }

    #[test]
    fn small_blocks_mean_small_batches() {
        assert_eq!(changed(|survey| survey.block_gas_limit = 6_060_000, None).largest(), 100);
    }

    #[test]
    fn a_network_that_is_not_known_needs_a_token() {
        let row = NetworkRow::new(NetworkId::from_chain_id(31_337));
        assert!(Wanted::of(&row).is_err());
        let token = Address::repeat_byte(7);
        let wanted = Wanted::of(&NetworkRow { token: Some(token), ..row }).unwrap();
        assert_eq!((wanted.token, title(wanted.network).as_str()), (token, "eip155:31337"));
    }
}
