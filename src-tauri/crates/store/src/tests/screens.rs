//! What screens ask: named requests, sums, histories, problems, undo.

use domain::{
    Amount, AssetId, BatchId, EndpointState, FailureReason, NetworkId, Outcome, PaymentResult, PaymentState,
};
use sqlx::{AssertSqlSafe, Row as _};

use super::fixture::{PRICE, Stall, after, amount, evidence, hash, mined, new_endpoint, new_offer, payer};
use crate::{
    Acceptance, Arrived, GiveUp, Lately, Narrow, NewBatch, PaymentQuery, Reason, SettleRequest, StoreError,
    Total, Trigger, history, newest, problems, sums,
};

fn request(key: &str) -> SettleRequest {
    SettleRequest { key: key.to_owned(), network: NetworkId::BASE_SEPOLIA }
}

async fn open_for(stall: &Stall, payments: &[domain::PaymentSeq], key: &str) -> Result<BatchId, StoreError> {
    let batch =
        NewBatch { asset: stall.asset, payments: payments.to_vec(), trigger: Trigger::Seller, at: after(60) };
    Ok(stall.store.open_requested_batch(batch, request(key)).await?.id)
}

// I9
#[tokio::test]
async fn a_named_request_leads_to_its_batches_also_after_a_restart() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(3).await;
    assert_eq!(stall.store.requested_batches("one", None).await.unwrap(), None);
    let first = open_for(&stall, &sold[..1], "one").await.unwrap();
    let second = open_for(&stall, &sold[1..2], "one").await.unwrap();
    let other = open_for(&stall, &sold[2..], "two").await.unwrap();
    stall.store.note_settle_request(request("none"), after(61)).await.unwrap();
    stall.store.note_settle_request(request("one"), after(62)).await.unwrap();
    let stall = stall.restart().await;
    for network in [None, Some(NetworkId::BASE_SEPOLIA)] {
        let batches = async |key| stall.store.requested_batches(key, network).await.unwrap();
        assert_eq!(batches("one").await, Some(vec![first, second]));
        assert_eq!(batches("two").await, Some(vec![other]));
        assert_eq!(batches("none").await, Some(vec![]));
        assert_eq!(batches("three").await, None);
    }
    assert_eq!(stall.store.requested_batches("one", Some(NetworkId::from_chain_id(1))).await.unwrap(), None);
}

#[tokio::test]
async fn a_request_whose_batch_could_not_be_opened_was_never_made() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(1).await;
    stall.batch(&sold).await;
    assert!(matches!(open_for(&stall, &sold, "late").await, Err(StoreError::Conflict(_))));
    assert_eq!(stall.store.requested_batches("late", None).await.unwrap(), None);
}

#[tokio::test]
async fn sums_of_endpoints_days_and_arrivals_follow_the_payments_and_reorganisations() {
    let stall = Stall::open().await;
    let mut sold = stall.sell_songs(3).await;
    sold.push(stall.sell(stall.guide(7, 7)).await.seq);
    let day = after(0).timestamp() / 86_400;
    let of = |state, payments: u64| Total {
        asset: stall.asset,
        state,
        payments,
        amount: amount(PRICE * payments),
    };
    stall.settle_one(sold[0], 0, 9).await;
    let song = stall.song.endpoint;
    let expected = [of(PaymentState::Queued, 2), of(PaymentState::Settled, 1)];
    assert_eq!(stall.store.endpoint_totals(song).await.unwrap(), expected);
    let all = stall.store.totals_by_endpoint().await.unwrap();
    assert_eq!(all.iter().filter(|(endpoint, _)| *endpoint == song).count(), 2);
    assert_eq!(all.len(), 3);
    let days = stall.store.totals_by_day(day, day).await.unwrap();
    assert_eq!(days, [(day, of(PaymentState::Queued, 3)), (day, of(PaymentState::Settled, 1))]);
    assert!(stall.store.totals_by_day(day + 1, day + 9).await.unwrap().is_empty());
    let hour = after(0).timestamp() / 3600;
    let hours = stall.store.totals_by_hour(hour, hour).await.unwrap();
    assert_eq!(hours, [(hour, of(PaymentState::Queued, 3)), (hour, of(PaymentState::Settled, 1))]);
    let best = stall.store.best_sellers((day, day), 1).await.unwrap();
    assert_eq!(best, [(song, of(PaymentState::Queued, 2)), (song, of(PaymentState::Settled, 1))]);
    assert!(stall.store.best_sellers((day + 1, day + 9), 5).await.unwrap().is_empty());
    let arrived = Arrived { payments: 1, amount: amount(PRICE) };
    assert_eq!(stall.store.arrived_on_day_of(after(120)).await.unwrap(), arrived);
    let next_day = |seconds: i64| after(86_400 + seconds);
    let by = async |at| stall.store.arrived_the_day_before_by(at).await.unwrap();
    assert_eq!(by(after(120)).await, Arrived::default(), "today is not the day before");
    assert_eq!(by(next_day(7200)).await, arrived);
    assert_eq!(by(next_day(-7200)).await, Arrived::default(), "it had not come by then");
    let lately = async |at| stall.store.arrived_lately(at, Some(song)).await.unwrap();
    let all = Lately { today: arrived.amount, week: arrived.amount, month: arrived.amount };
    assert_eq!(lately(after(120)).await, [(song, all)]);
    assert_eq!(lately(after(6 * 86_400)).await, [(song, Lately { today: Amount::ZERO, ..all })]);
    let month = Lately { month: arrived.amount, ..Lately::default() };
    assert_eq!(lately(after(7 * 86_400)).await, [(song, month)]);
    assert_eq!(lately(after(30 * 86_400)).await, []);

    stall.store.take_back(stall.asset, evidence(9).block_hash).await.unwrap();
    assert_eq!(stall.store.arrived_on_day_of(after(120)).await.unwrap(), Arrived::default());
    assert_eq!(stall.store.endpoint_totals(song).await.unwrap()[1], of(PaymentState::Settling, 1));
    stall.assert_conserved().await;
}

#[tokio::test]
async fn a_payments_history_tells_every_batch_it_was_in() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(1).await;
    assert_eq!(stall.store.history(sold[0]).await.unwrap(), history::History::default());
    let first = stall.batch(&sold).await.id;
    stall.record(first, &[(sold[0], Outcome::Failed(FailureReason::Paused))]).await;
    let second = stall.batch(&sold).await.id;
    let attempt = stall.attempt(second, 4).await;
    stall.store.note_broadcast(attempt.id(), after(70)).await.unwrap();
    stall.record_mined(second, Some(mined(&attempt, 9)), &[(sold[0], Outcome::Settled(evidence(9)))]).await;
    let told = stall.store.history(sold[0]).await.unwrap();
    assert_eq!(told.handed_over_at, Some(after(60)));
    assert_eq!(told.decided_at, Some(after(120)));
    assert_eq!(told.stays.iter().map(|stay| stay.batch).collect::<Vec<_>>(), [first, second]);
    assert_eq!(told.stays[0].result, PaymentResult::Returned);
    assert_eq!(told.stays[0].reason, Some(FailureReason::Paused));
    let sending = &told.stays[1].sendings[0];
    assert_eq!((sending.sent_at, sending.mined), (Some(after(70)), Some((9, after(120)))));
}

#[tokio::test]
async fn what_failed_is_listed_by_reason_and_closed_once_the_chain_cannot_take_it_back() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(6).await;
    let batch = stall.batch(&sold[..5]).await.id;
    stall
        .record(
            batch,
            &[
                (sold[0], Outcome::Failed(FailureReason::Underfunded)),
                (sold[1], Outcome::Failed(FailureReason::Underfunded)),
                (sold[2], Outcome::Expired),
                (sold[3], Outcome::Cancelled(evidence(9))),
            ],
        )
        .await;
    let listed = stall.store.problems().await.unwrap();
    let seen: Vec<_> = listed.iter().map(|one| (one.state, one.reason, one.payments, one.amount)).collect();
    assert_eq!(
        seen,
        [
            (PaymentState::Cancelled, Some(FailureReason::NonceUsed), 1, amount(PRICE)),
            (PaymentState::Expired, Some(FailureReason::Expired), 1, amount(PRICE)),
            (PaymentState::Failed, Some(FailureReason::Underfunded), 2, amount(2 * PRICE)),
        ]
    );
    let give_up = async |wanted| stall.store.give_up(wanted, after(300)).await.unwrap();
    let because = |failure, asset, expected| {
        GiveUp::Because(Reason { assets: vec![asset], state: None, failure: Some(failure), expected })
    };
    let underfunded = |asset, expected| because(FailureReason::Underfunded, asset, expected);
    assert_eq!(give_up(because(FailureReason::Blocked, stall.asset, 0)).await, 0);
    assert_eq!(give_up(underfunded(AssetId(stall.asset.0 + 1), 0)).await, 0, "those of another network stay");
    for seen in [1, 3] {
        let refused = stall.store.give_up(underfunded(stall.asset, seen), after(300)).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    }
    assert_eq!(give_up(underfunded(stall.asset, 2)).await, 2);
    let mut ids = Vec::new();
    for seq in &sold {
        ids.push(stall.payment(*seq).await.id);
    }
    // Queued, settling and not yet final ones stay; those closed before are not counted again.
    assert_eq!(give_up(GiveUp::Payments(ids.clone())).await, 1);
    assert_eq!(stall.state(sold[3]).await, PaymentState::Cancelled);
    stall.finalise(9, after(310)).await;
    assert_eq!(give_up(GiveUp::Payments(ids)).await, 1);
    let history = stall.store.history(sold[3]).await.unwrap();
    assert_eq!(history.written_off_at, Some(after(300)));
    assert_eq!(stall.state(sold[4]).await, PaymentState::Settling);
    assert_eq!(stall.state(sold[5]).await, PaymentState::Queued);
    assert!(stall.store.problems().await.unwrap().is_empty());
    stall.assert_conserved().await;
}

#[tokio::test]
async fn more_problems_than_fit_into_one_transaction_are_all_closed() {
    let stall = Stall::open().await;
    let sold = stall.sell_songs(501).await;
    let batch = stall.batch(&sold).await.id;
    let outcomes: Vec<_> = sold.iter().map(|seq| (*seq, Outcome::Expired)).collect();
    stall.record(batch, &outcomes).await;
    let wanted = GiveUp::Because(Reason {
        assets: vec![stall.asset],
        state: Some(PaymentState::Expired),
        failure: Some(FailureReason::Expired),
        expected: 501,
    });
    assert_eq!(stall.store.give_up(wanted, after(300)).await.unwrap(), 501);
    stall.assert_conserved().await;
}

#[tokio::test]
async fn a_removed_endpoint_comes_back_as_it_was_unless_its_path_was_taken() {
    let stall = Stall::open().await;
    let state = async |id| {
        let listings = stall.store.catalogue().await.unwrap();
        listings.iter().find(|one| one.endpoint.id == id).unwrap().endpoint.state
    };
    let song = stall.song.endpoint;
    assert!(matches!(stall.store.restore_endpoint(song).await, Err(StoreError::Conflict(_))));
    for before in [EndpointState::Live, EndpointState::Paused] {
        stall.store.set_endpoint_state(song, before).await.unwrap();
        stall.store.set_endpoint_state(song, EndpointState::Removed).await.unwrap();
        assert_eq!(state(song).await, EndpointState::Removed);
        stall.store.restore_endpoint(song).await.unwrap();
        assert_eq!(state(song).await, before);
    }
    stall.store.set_endpoint_state(song, EndpointState::Removed).await.unwrap();
    let other = new_endpoint(3, "/song", domain::OwnedFor::NEVER);
    stall.store.add_endpoint(other, new_offer(stall.asset, PRICE), after(1)).await.unwrap();
    assert!(matches!(stall.store.restore_endpoint(song).await, Err(StoreError::Conflict(_))));
    let nobody = domain::EndpointId::from_random([9; 16]);
    assert!(matches!(stall.store.restore_endpoint(nobody).await, Err(StoreError::NotFound(_))));
}

#[tokio::test]
async fn pages_mix_states_and_endpoints_in_the_order_of_acceptance() {
    let stall = Stall::open().await;
    let mut sold = stall.sell_songs(4).await;
    sold.push(stall.sell(stall.guide(8, 8)).await.seq);
    let batch = stall.batch(&sold[1..3]).await.id;
    stall.record(batch, &[(sold[1], Outcome::Expired)]).await;
    let page = async |states: &[PaymentState], endpoint, limit, before| {
        let query =
            PaymentQuery { states: states.to_vec(), endpoint, before, limit, ..PaymentQuery::default() };
        let page = stall.store.payments(query).await.unwrap();
        (page.items.iter().map(|one| one.seq).collect::<Vec<_>>(), page.next)
    };
    let open = [PaymentState::Queued, PaymentState::Settling];
    let song = Some(stall.song.endpoint);
    assert_eq!(page(&open, None, 9, None).await, (vec![sold[4], sold[3], sold[2], sold[0]], None));
    assert_eq!(page(&open, song, 9, None).await, (vec![sold[3], sold[2], sold[0]], None));
    let (first, next) = page(&open, song, 2, None).await;
    assert_eq!(first, [sold[3], sold[2]]);
    assert_eq!(page(&open, song, 2, next).await, (vec![sold[0]], None));
    assert_eq!(page(&[], song, 9, None).await, (vec![sold[3], sold[2], sold[1], sold[0]], None));
    assert_eq!(page(&[PaymentState::Settled], song, 9, None).await, (vec![], None));
}

#[tokio::test]
async fn the_payments_of_one_payer_are_listed_and_summed_by_themselves() {
    let stall = Stall::open().await;
    stall.sell_songs(3).await;
    let first = stall.sell(stall.song(8, 1)).await.seq;
    let guide = stall.sell(stall.guide(8, 2)).await.seq;
    let last = stall.sell(stall.song(8, 3)).await.seq;
    stall.sell(stall.song(9, 1)).await;
    let batch = stall.batch(&[first]).await.id;
    stall.record(batch, &[(first, Outcome::Expired)]).await;
    let page = async |states: &[PaymentState], endpoint, limit, before| {
        let query = PaymentQuery {
            states: states.to_vec(),
            endpoint,
            payer: Some(payer(8)),
            before,
            limit,
            ..PaymentQuery::default()
        };
        let page = stall.store.payments(query).await.unwrap();
        (page.items.iter().map(|one| one.seq).collect::<Vec<_>>(), page.next)
    };
    let song = Some(stall.song.endpoint);
    assert_eq!(page(&[], None, 2, None).await, (vec![last, guide], Some(guide)));
    assert_eq!(page(&[], None, 2, Some(guide)).await, (vec![first], None));
    assert_eq!(page(&[], song, 9, None).await, (vec![last, first], None));
    assert_eq!(page(&[PaymentState::Queued], None, 9, None).await, (vec![last, guide], None));
    assert_eq!(page(&[PaymentState::Queued], song, 9, None).await, (vec![last], None));

    let totals = async |endpoint| {
        let wanted = PaymentQuery { endpoint, payer: Some(payer(8)), ..PaymentQuery::default() };
        stall.store.totals_of(wanted).await.unwrap()
    };
    let counts = async |endpoint| {
        totals(endpoint).await.into_iter().map(|total| (total.state, total.payments)).collect::<Vec<_>>()
    };
    assert_eq!(counts(None).await, [(PaymentState::Expired, 1), (PaymentState::Queued, 2)]);
    assert_eq!(counts(song).await, [(PaymentState::Expired, 1), (PaymentState::Queued, 1)]);
    assert_eq!(totals(song).await[0].amount, amount(PRICE));
}

/// A million payments, and every question of a screen still only looks at what it shows.
#[tokio::test]
async fn no_screen_scans_payments_or_the_sums_of_all_days() {
    let stall = Stall::open().await;
    for query in [
        sums::BY_STATE.to_owned(),
        sums::BY_ENDPOINT.to_owned(),
        sums::OF_ENDPOINT.to_owned(),
        sums::BY_DAY.to_owned(),
        sums::BY_HOUR.to_owned(),
        sums::BEST.to_owned(),
        sums::LATELY.to_owned(),
        sums::ARRIVED_BETWEEN.to_owned(),
        history::STAYS.to_owned(),
        problems::PROBLEMS.to_owned(),
        crate::news::DELIVERING.to_owned(),
        crate::news::UNDECIDED.to_owned(),
        crate::news::SOLD.to_owned(),
    ] {
        assert_reads_no_whole_table(&stall, &query).await;
    }
}

/// Every way in which the list of payments can be narrowed.
fn every_list(stall: &Stall) -> Vec<PaymentQuery> {
    let problems = PaymentState::ALL.into_iter().filter(|state| state.needs_attention()).collect::<Vec<_>>();
    let texts = [None, Some("song"), Some("0xc0ffee"), Some("beef 50%")];
    let narrows = texts.into_iter().flat_map(|text| {
        let text = text.map(str::to_owned);
        [None, Some((20_000, 20_030))].into_iter().flat_map(move |days| {
            let text = text.clone();
            let one = Narrow { days, text, ..Narrow::default() };
            [
                Narrow { assets: Some(vec![AssetId(1)]), ..one.clone() },
                Narrow { least: Some(amount(1)), ..one.clone() },
                Narrow { most: Some(amount(PRICE)), assets: Some(vec![AssetId(1)]), ..one.clone() },
                Narrow { least: Some(amount(1)), most: Some(amount(PRICE)), ..one.clone() },
                one,
            ]
        })
    });
    let of_states = [Vec::new(), vec![PaymentState::Settled], problems];
    let mut lists = Vec::new();
    for narrow in narrows {
        for states in &of_states {
            for endpoint in [None, Some(stall.song.endpoint)] {
                for payer in [None, Some(payer(8))] {
                    let (states, narrow) = (states.clone(), narrow.clone());
                    lists.push(PaymentQuery { states, endpoint, payer, narrow, before: None, limit: 50 });
                }
            }
        }
    }
    lists
}

/// The same of each filter, search and sum of the list of payments, in every combination.
#[tokio::test]
async fn no_list_of_payments_however_narrowed_reads_all_of_them() {
    let stall = Stall::open().await;
    let ever = (i64::MIN, i64::MAX);
    let mut queries = std::collections::BTreeSet::new();
    for wanted in every_list(&stall) {
        for query in sums::list_queries(&wanted) {
            queries.insert(query.into_string());
        }
        if let Some(payer) = wanted.payer {
            queries.insert(newest::payer_query(&wanted, payer, ever).into_string());
        } else {
            queries.insert(newest::groups_query(&wanted).into_string());
            queries.insert(newest::all_groups_query(&wanted, ever).into_string());
            let digits = newest::digits_query(&wanted, "c0ffee", ever).into_string();
            queries.insert(digits);
            for group in [newest::Group::default(), newest::Group::of_one(&stall.song)] {
                let query = newest::group_query(&wanted, &group, ever).into_string();
                queries.insert(query + " order by p.seq desc limit 51");
            }
        }
        queries.insert(newest::near_query(&wanted, ever).into_string());
    }
    for query in queries {
        assert_reads_no_whole_table(&stall, &query).await;
    }
}

async fn assert_reads_no_whole_table(stall: &Stall, query: &str) {
    let rows = sqlx::query(AssertSqlSafe(format!("explain query plan {query}")))
        .fetch_all(&mut stall.look().await)
        .await
        .unwrap();
    let plan: Vec<String> = rows.iter().map(|row| row.try_get("detail").unwrap()).collect();
    for step in &plan {
        let name = step.split_whitespace().nth(1).unwrap_or_default();
        let is_large = ["p", "payments", "totals", "amount_totals", "batch_payments", "b"].contains(&name);
        // The newest of all are read in their order, and no further than the page is long.
        let ends = step == "SCAN p" && query.ends_with("limit 51");
        let reads_everything =
            step.starts_with("SCAN") && is_large && !step.contains("payments_attention") && !ends;
        assert!(!reads_everything, "{step}\n{query}\n{plan:#?}");
    }
}

#[tokio::test]
async fn payments_are_found_by_their_time_their_amount_and_what_their_ids_begin_with() {
    let stall = Stall::open().await;
    let early = stall.sell(stall.song(1, 1)).await;
    let later = Acceptance { at: after(90_000), ..stall.guide(0xc0ffee, 2) };
    let late = stall.sell(later).await;
    let batch = stall.batch(&[early.seq]).await.id;
    stall.attempt(batch, 7).await;
    let ask = async |narrow: Narrow| {
        let wanted = PaymentQuery { narrow, limit: 9, ..PaymentQuery::default() };
        let page = stall.store.payments(wanted.clone()).await.unwrap();
        let found: Vec<_> = page.items.iter().map(|one| one.seq).collect();
        let totals = stall.store.totals_of(wanted).await.unwrap();
        assert_eq!(totals.iter().map(|total| total.payments).sum::<u64>(), found.len() as u64);
        found
    };
    let (first, last) = (after(0).timestamp() / 86_400, after(90_000).timestamp() / 86_400);
    for (days, found) in [
        ((first, first), vec![early.seq]),
        ((last, last), vec![late.seq]),
        ((first, last), vec![late.seq, early.seq]),
        ((0, first - 1), vec![]),
        ((last + 1, i64::MAX), vec![]),
    ] {
        assert_eq!(ask(Narrow { days: Some(days), ..Narrow::default() }).await, found, "{days:?}");
    }
    assert_eq!(ask(Narrow { least: Some(amount(PRICE + 1)), ..Narrow::default() }).await, []);
    assert_eq!(ask(Narrow { most: Some(amount(PRICE)), ..Narrow::default() }).await, [late.seq, early.seq]);
    assert_eq!(ask(Narrow { assets: Some(vec![AssetId(99)]), ..Narrow::default() }).await, []);
    let named = async |text: String| ask(Narrow { text: Some(text), ..Narrow::default() }).await;
    assert_eq!(named(early.id.to_string()[..9].to_owned()).await, [early.seq]);
    assert_eq!(named(payer(0xc0ffee).to_string().to_lowercase()).await, [late.seq]);
    assert_eq!(named(hash(2_000_007).to_string()).await, [early.seq]);
    assert_eq!(named(hash(2).to_string()).await, [late.seq]);
    assert_eq!(named("guid".to_owned()).await, [late.seq]);
    assert_eq!(named("50%".to_owned()).await, []);
}

/// What the list shows is what a look at every payment finds, in every combination and over all pages; so are its sums.
#[tokio::test]
async fn every_way_to_narrow_the_list_finds_and_sums_the_same_as_a_look_at_every_payment() {
    let stall = Stall::open().await;
    let mut sold = Vec::new();
    for number in 0..40 {
        let new =
            if number % 3 == 0 { stall.guide(number + 5, number) } else { stall.song(number % 9, number) };
        let at = after(number.cast_signed() * 5_000);
        sold.push(stall.sell(Acceptance { at, ..new }).await.seq);
    }
    let batch = stall.batch(&sold[..20]).await.id;
    let outcomes: Vec<_> = sold[..12]
        .iter()
        .enumerate()
        .map(|(place, seq)| {
            let outcome = if place % 2 == 0 { Outcome::Settled(evidence(9)) } else { Outcome::Expired };
            (*seq, outcome)
        })
        .collect();
    stall.record(batch, &outcomes).await;
    let days = (after(0).timestamp() / 86_400, after(100_000).timestamp() / 86_400);
    for mut wanted in every_list(&stall) {
        wanted.narrow.days = wanted.narrow.days.map(|_| days);
        wanted.limit = 7;
        let mut query = sqlx::QueryBuilder::new("select p.seq, p.state, p.amount from payments p where true");
        crate::payments::in_states(&mut query, "p.", &wanted.states, wanted.endpoint);
        if let Some(payer) = wanted.payer {
            query.push(" and p.payer = ").push_bind(payer.to_vec());
        }
        wanted.narrow.push(&mut query);
        query.push(" order by p.seq desc");
        let rows = query.build().fetch_all(&mut stall.look().await).await.unwrap();
        let seen: Vec<i64> = rows.iter().map(|row| row.get("seq")).collect();
        let mut sums = std::collections::BTreeMap::<String, (u64, i64)>::new();
        for row in &rows {
            let sum = sums.entry(row.get("state")).or_default();
            sum.0 += 1;
            sum.1 += row.get::<i64, _>("amount");
        }
        let mut found = Vec::new();
        let mut before = None;
        loop {
            let page = stall.store.payments(PaymentQuery { before, ..wanted.clone() }).await.unwrap();
            found.extend(page.items.iter().map(|one| one.seq.0));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(found, seen, "{wanted:?}");
        let totals = stall.store.totals_of(wanted.clone()).await.unwrap();
        let totals: std::collections::BTreeMap<_, _> = totals
            .iter()
            .map(|total| (total.state.to_string(), (total.payments, total.amount.as_i64())))
            .collect();
        assert_eq!(totals, sums, "{wanted:?}");
    }
    stall.assert_conserved().await;
}

#[tokio::test]
async fn a_note_stands_beside_its_payment_until_it_is_taken_away_and_what_settling_cost_beside_it() {
    let stall = Stall::open().await;
    let sold = stall.sell(stall.song(1, 1)).await;
    let note = async || stall.store.payment_note(sold.seq).await.unwrap();
    assert_eq!(note().await, None);
    for text in ["=asked for an invoice", "sent"] {
        stall.store.note_payment(sold.id, text.to_owned(), after(70)).await.unwrap();
        assert_eq!(note().await.as_deref(), Some(text));
    }
    stall.store.note_payment(sold.id, String::new(), after(80)).await.unwrap();
    assert_eq!(note().await, None);
    let nobody = domain::PaymentId(domain::EndpointId::from_random([9; 16]).0);
    let refused = stall.store.note_payment(nobody, "x".to_owned(), after(80)).await;
    assert!(matches!(refused, Err(StoreError::NotFound(_))), "{refused:?}");
    assert_eq!(stall.store.payment_cost(sold.seq).await.unwrap(), crate::PaymentCost::default());
    let batch = stall.batch(&[sold.seq]).await.id;
    let attempt = stall.attempt(batch, 4).await;
    stall.record_mined(batch, Some(mined(&attempt, 9)), &[(sold.seq, Outcome::Settled(evidence(9)))]).await;
    let cost = stall.store.payment_cost(sold.seq).await.unwrap();
    assert!(cost.wei.is_some(), "{cost:?}");
    assert_eq!(cost.value, None, "nobody knows what the coin is worth");
}

/// More groups than are asked one by one: what buyers pay who choose the price themselves.
#[tokio::test]
async fn amounts_that_all_differ_are_listed_and_summed_all_the_same() {
    let stall = Stall::open().await;
    let mut sold = Vec::new();
    for number in 0..450 {
        let chosen = amount(PRICE + number);
        let new = stall.song(number, number);
        let authorization = domain::Authorization { value: chosen.into(), ..new.authorization };
        sold.push(stall.sell(Acceptance { amount: chosen, authorization, ..new }).await.seq);
    }
    let narrow = Narrow { least: Some(amount(PRICE + 10)), ..Narrow::default() };
    let wanted = PaymentQuery { narrow, limit: 100, ..PaymentQuery::default() };
    let mut found = Vec::new();
    let mut before = None;
    loop {
        let page = stall.store.payments(PaymentQuery { before, ..wanted.clone() }).await.unwrap();
        found.extend(page.items.iter().map(|one| one.seq));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    sold.drain(..10);
    sold.reverse();
    assert_eq!(found, sold);
    let totals = stall.store.totals_of(wanted).await.unwrap();
    let sum = (10..450).map(|number| PRICE + number).sum();
    assert_eq!((totals.len(), totals[0].payments, totals[0].amount), (1, 440, amount(sum)));
    stall.assert_conserved().await;
}
