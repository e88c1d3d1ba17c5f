use domain::PaymentId;
use http::StatusCode;
use serde::Serialize;

use crate::reply::{self, Reply, SOON};
use crate::shop::Shop;

/// Where a buyer asks what became of a payment: this and its commitment id.
pub(crate) const PREFIX: &str = "/.stallkeeper/payments/";

/// Words only: who paid whom is nobody's business who was merely shown an id.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    commitment_id: String,
    state: &'static str,
    delivery: &'static str,
}

pub(crate) async fn answer(shop: &Shop, id: PaymentId) -> Reply {
    match shop.store.payment(id).await {
        Ok(Some(payment)) => {
            let (state, delivery) = (payment.state.as_str(), payment.delivery.as_str());
            reply::json(StatusCode::OK, &Status { commitment_id: id.to_string(), state, delivery })
        }
        Ok(None) => reply::not_found(),
        Err(error) => {
            tracing::error!(%error, "a payment cannot be looked up");
            reply::unavailable(
                "store_unavailable",
                "The seller's records cannot be read at the moment.",
                SOON,
            )
        }
    }
}
