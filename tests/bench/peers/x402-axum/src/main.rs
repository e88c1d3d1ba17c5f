//! A seller of 1 KiB built on `x402-axum`, as its documentation shows it: the same job that Stallkeeper does, so that both can be measured
//! in one run. It checks no signature and stores nothing itself: the facilitator named as the only argument does that.
//!
//! Prints `{"ready":true,"url":"http://127.0.0.1:PORT"}` and ends when its standard input closes.

use anyhow::Context as _;
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use url::Url;
use x402_axum::X402Middleware;
use x402_chain_eip155::chain::ChecksummedAddress;
use x402_chain_eip155::{KnownNetworkEip155 as _, V2Eip155Exact};
use x402_types::networks::USDC;

const PAYOUT_ADDRESS: &str = "0x209693Bc6afc0C5328bA36FaF03C514EF312287C";
const GOODS: &[u8] = &[b'x'; 1024];

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let facilitator = std::env::args().nth(1).context("usage: peer-x402-axum FACILITATOR_URL")?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);

    let pay_to: ChecksummedAddress = PAYOUT_ADDRESS.parse().context("the payout address")?;
    let price = USDC::base_sepolia().parse("0.01").context("the price")?;
    let paywall = X402Middleware::try_new(&facilitator)
        .map_err(|error| anyhow::anyhow!("the facilitator's URL: {error}"))?
        .with_base_url(Url::parse(&url)?)
        .with_price_tag(V2Eip155Exact::price_tag(pay_to, price))
        .with_mime_type("application/octet-stream".to_owned());
    let router = Router::new()
        .route("/paid", get(async || ([(CONTENT_TYPE, "application/octet-stream")], GOODS)).layer(paywall));

    println!("{}", serde_json::json!({ "ready": true, "url": url }));
    let mut stdin = tokio::io::stdin();
    let mut nothing = [0_u8; 64];
    tokio::select! {
        ended = axum::serve(listener, router) => ended.context("the listener"),
        _ = async { while matches!(stdin.read(&mut nothing).await, Ok(count) if count > 0) {} } => Ok(()),
    }
}
