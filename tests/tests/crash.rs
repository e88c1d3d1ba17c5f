//! Killed at random points, the stall loses nothing and doubles nothing (I1, I2, I8, I9, I16; T02, T40, T61).

use std::collections::HashSet;
use std::time::Duration;

use alloy_primitives::U256;
use futures::future::join_all;
use integration::{Buyer, Payment, Seeded, Stall, UNITS, Version, random_word};
use tokio::time::{Instant, sleep, timeout};

use crate::shared::{GOODS, PATH, delivered, funded, stall};

const ROUNDS: u64 = 16;
const BUYERS: usize = 4;

/// Buyers think for a moment, or the queue would be longer than a test has time for.
const PAUSE: Duration = Duration::from_millis(20);

/// What one buyer saw before the stall died.
#[derive(Default)]
struct Seen {
    /// The payments' ids of every 200 that came whole.
    served: Vec<String>,
    /// The payment whose answer never came.
    lost: Option<Payment>,
}

/// Buys one thing after another until the stall is gone.
async fn buy_until_it_dies(stall: &Stall, buyer: &Buyer) -> Seen {
    let visitor = stall.visitor();
    let mut seen = Seen::default();
    let Ok(asked) = visitor.try_get(PATH, &[]).await else { return seen };
    let terms = integration::Terms::read(&asked);
    for version in [Version::One, Version::Two].into_iter().cycle() {
        let payment = buyer.sign(&terms).payment(version);
        let Ok(answer) = visitor.try_pay(PATH, &payment).await else {
            seen.lost = Some(payment);
            break;
        };
        // While the chain or the store is going down it may say 503, and then nothing was sold.
        if answer.status == 503 {
            break;
        }
        delivered(&answer, GOODS);
        seen.served.push(id_of(&answer));
        sleep(PAUSE).await;
    }
    seen
}

fn id_of(answer: &integration::Answer) -> String {
    answer.receipt()["extra"]["commitmentId"].as_str().expect("the payment's id").to_owned()
}

async fn ids(stall: &Stall) -> Vec<String> {
    let payments = stall.payments().await;
    payments.iter().map(|payment| payment["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_points_of_accept_and_settle_it_loses_nothing_and_doubles_nothing() {
    let seed = std::env::var("STALLKEEPER_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| u64::from_be_bytes(random_word()[..8].try_into().unwrap()));
    println!("STALLKEEPER_TEST_SEED={seed}");
    let mut random = Seeded::new(seed);
    let (mut stall, books) = stall().await;
    let mut buyers = Vec::new();
    for _ in 0..BUYERS {
        buyers.push(funded(&stall, "1000.00").await);
    }
    let mut served = HashSet::new();

    for round in 0..ROUNDS {
        let mut life = Duration::from_millis(30 + random.below(900));
        let (doomed, only_settles) = (round % 4 > 1, round % 4 == 3);
        if doomed {
            // Dies at one of its syncs, some of which come before it is ready and some hardly ever.
            life = Duration::from_millis(2000);
            stall.kill9();
            if !stall.open_doomed(2 + random.below(30)).await {
                stall.kill9();
                stall.open().await;
                continue;
            }
        }
        let settles = match round % 4 {
            0 => None,
            3 => Some(Duration::ZERO),
            _ => Some(Duration::from_millis(random.below(900))),
        };
        // What earlier rounds left in the queue is enough to settle.
        let present = if only_settles { &[] } else { &buyers[..] };
        let buying = join_all(present.iter().map(|buyer| buy_until_it_dies(&stall, buyer)));
        let settling = async {
            if let Some(after) = settles {
                sleep(after).await;
                // It may be killed half way; then the command fails, and that is the point.
                stall.run(&["settle"]).await;
            }
        };
        let dying = async {
            sleep(life).await;
            stall.strike();
        };
        let (seen, (), ()) = tokio::join!(buying, settling, dying);
        stall.kill9();
        stall.open().await;

        let rows = ids(&stall).await;
        let unique: HashSet<_> = rows.iter().cloned().collect();
        assert_eq!(unique.len(), rows.len(), "round {round}, seed {seed}: a payment is there twice");
        for each in seen {
            served.extend(each.served);
            // A buyer whose answer was lost asks again with the same payment.
            if let Some(payment) = each.lost {
                let answer = stall.visitor().pay(PATH, &payment).await;
                match answer.status {
                    200 => _ = served.insert(id_of(&answer)),
                    402 | 503 => {}
                    _ => panic!("round {round}, seed {seed}: {}", answer.in_words()),
                }
            }
        }
        let rows: HashSet<_> = ids(&stall).await.into_iter().collect();
        let forgotten: Vec<_> = served.difference(&rows).collect();
        assert!(forgotten.is_empty(), "round {round}, seed {seed}: served and not stored: {forgotten:?}");
    }

    // A chain that went back with its node takes blocks back, and what they held is settled again: it is over when
    // everything is final.
    let mut open = Vec::new();
    for _ in 0..30 {
        stall.settle().await;
        open = stall.payments().await;
        open.retain(|payment| payment["state"] != "settled" || payment["finalAt"].is_null());
        if open.is_empty() {
            break;
        }
        sleep(Duration::from_millis(200)).await;
    }
    assert!(open.is_empty(), "seed {seed}: neither settled nor final: {open:#?}");
    let sold = ids(&stall).await.len();
    assert!(sold >= ROUNDS as usize, "seed {seed}: only {sold} were sold");
    assert_eq!(books.agree(&stall).await, U256::from(sold as u64 * UNITS), "seed {seed}");
}

/// T67: a stop in order, in the middle of settling, leaves nothing to repair.
#[tokio::test(flavor = "multi_thread")]
async fn stopped_in_the_middle_of_settling_it_carries_on_where_it_was() {
    let (mut stall, books) = stall().await;
    let buyer = funded(&stall, "1.00").await;
    for _ in 0..5 {
        crate::shared::buy(&stall, &buyer).await;
    }
    let started = Instant::now();
    // No answer is waited for: the stop comes while it works.
    let _ = timeout(Duration::from_millis(60), stall.run(&["settle", "--wait"])).await;
    stall.restart().await;
    assert!(started.elapsed() < Duration::from_secs(40));
    assert_eq!(stall.settle().await.code, 0);
    assert_eq!(stall.states().await, ["settled"; 5]);
    assert_eq!(books.agree(&stall).await, U256::from(5 * UNITS));
}
