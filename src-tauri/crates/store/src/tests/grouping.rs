//! A group decides each request as if it had come alone.

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert_eq, proptest};
use sqlx::{Connection as _, Row as _, SqliteConnection};
use tokio::sync::oneshot;

use super::fixture::{PRICE, Stall, amount};
use crate::writer::Accepting;
use crate::{Acceptance, Accepted, accept, owners};

#[derive(Clone, Copy, Debug)]
struct Request {
    payer: u64,
    nonce: u64,
    guide: bool,
    other_query: bool,
    balance: u64,
}

fn request() -> impl Strategy<Value = Request> {
    (0..3_u64, 0..4_u64, any::<bool>(), 0..8_u8, 0..4_u64).prop_map(|(payer, nonce, guide, query, songs)| {
        Request { payer, nonce, guide, other_query: query == 0, balance: songs * PRICE }
    })
}

impl Request {
    fn acceptance(self, stall: &Stall) -> Acceptance {
        let plain =
            if self.guide { stall.guide(self.payer, self.nonce) } else { stall.song(self.payer, self.nonce) };
        let binding = if self.other_query { super::fixture::get("/other") } else { plain.binding };
        Acceptance { balance: amount(self.balance), binding, ..plain }
    }
}

/// The decision without the row's number: numbers of rows that were taken out again come back.
fn decision(accepted: &Accepted) -> String {
    match accepted {
        Accepted::New(payment) => format!("new {}", payment.id),
        Accepted::Repeat(payment) => format!("repeat {}", payment.id),
        Accepted::Owned(payment) => format!("owned {}", payment.id),
        Accepted::InFlight(payment) => format!("in flight {}", payment.id),
        Accepted::Used(by) => format!("used {by:?}"),
        Accepted::Overdrawn { balance, held } => format!("overdrawn {balance} {held}"),
        Accepted::Capped(cap) => format!("capped by {}", cap.as_str()),
        Accepted::Blocked => "blocked".to_owned(),
        Accepted::Distrusted => "distrusted".to_owned(),
        Accepted::NotNow => "not now".to_owned(),
    }
}

async fn decide(db: &mut SqliteConnection, requests: &[Acceptance]) -> Vec<String> {
    let group: Vec<Accepting> = requests
        .iter()
        .map(|acceptance| Accepting { acceptance: acceptance.clone(), reply: oneshot::channel().0 })
        .collect();
    let mut transaction = db.begin_with("begin immediate").await.unwrap();
    let mut number = accept::next_number(&mut transaction).await.unwrap();
    let owners = owners::claimable(&mut transaction, &group).await.unwrap();
    let accepted = accept::group(&mut transaction, &group, &owners, &mut number).await.unwrap();
    transaction.commit().await.unwrap();
    accepted.iter().map(decision).collect()
}

/// What is stored. The order within one group is nobody's business: its requests came at once.
async fn stored(db: &mut SqliteConnection) -> Vec<(Vec<u8>, Vec<u8>, i64)> {
    sqlx::query(
        "select p.id, g.request, g.owned_until from payments p join grants g on g.payment_seq = p.seq order by p.id",
    )
    .fetch_all(db)
    .await
    .unwrap()
    .iter()
    .map(|row| (row.try_get(0).unwrap(), row.try_get(1).unwrap(), row.try_get(2).unwrap()))
    .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// I1, I4, I5.
    #[test]
    fn a_group_of_any_size_decides_as_its_requests_would_alone(
        requests in vec(request(), 1..60),
        sizes in vec(1..20_usize, 1..20),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (grouped, alone) = (Stall::open().await, Stall::open().await);
            let (mut grouped_db, mut alone_db) = (grouped.look().await, alone.look().await);
            let mut rest = requests.as_slice();
            for size in sizes.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (group, later) = rest.split_at(rest.len().min(*size));
                rest = later;
                let acceptances: Vec<Acceptance> = group.iter().map(|one| one.acceptance(&grouped)).collect();
                let together = decide(&mut grouped_db, &acceptances).await;
                let mut singly = Vec::new();
                for acceptance in &acceptances {
                    singly.extend(decide(&mut alone_db, std::slice::from_ref(acceptance)).await);
                }
                prop_assert_eq!(together, singly);
            }
            prop_assert_eq!(stored(&mut grouped_db).await, stored(&mut alone_db).await);
            grouped.assert_conserved().await;
            alone.assert_conserved().await;
            Ok(())
        })?;
    }
}
