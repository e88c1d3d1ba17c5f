use serde::Serialize;
use ts_rs::TS;

use crate::api::PaymentName;
use crate::{ApiError, App};

/// The links to what a payment bought are over.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LinksEnded {
    /// The payment.
    pub payment: String,
    /// How often its links were ended by now.
    pub times: u32,
}

/// Ends every link by which somebody could receive again what a payment bought; whoever proves to be its payer gets a new one.
pub(crate) async fn end(app: &App, request: PaymentName) -> Result<LinksEnded, ApiError> {
    let id = request.payment.parse().map_err(|_| ApiError::not_found("payment", &request.payment))?;
    let times = app.store().revoke_links(id).await?;
    app.on_the_shelf().await;
    Ok(LinksEnded { payment: request.payment, times })
}
