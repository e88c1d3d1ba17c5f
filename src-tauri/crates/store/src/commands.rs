//! What the seller's commands need.

use chrono::{DateTime, Utc};
use domain::{Amount, Asset, AssetId, BatchId, Content, EndpointId, EndpointState, NetworkId};

use crate::batches::{self, BatchDetail, BatchSummary};
use crate::endpoints::{self, Details, NewEndpoint};
use crate::networks::{self, NetworkFinding, NetworkRow};
use crate::offers::{self, NewOffer};
use crate::payments::{self, PaymentPage, PaymentQuery};
use crate::sums::{self, Total};
use crate::{Change, Store, StoreError, finality, queue, settings};

impl Store {
    /// Adds an endpoint with its first offer.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the path is taken.
    pub async fn add_endpoint(
        &self,
        new: NewEndpoint,
        first: NewOffer,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.add_endpoint_for(new, vec![first], now).await
    }

    /// Puts an endpoint up for sale, to be paid in any of several assets.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the path is taken.
    pub async fn add_endpoint_for(
        &self,
        new: NewEndpoint,
        offers: Vec<NewOffer>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    Ok((endpoints::add(db, &new, &offers, now).await?, vec![Change::Endpoints]))
                })
            })
            .await
    }

    /// Quotes new requirements for endpoints from now on, all or none. Each takes the place of what the endpoint was
    /// quoted at in the same asset.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn quote(
        &self,
        quotes: Vec<(EndpointId, NewOffer)>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    offers::quote_all(db, quotes, now).await?;
                    Ok(((), vec![Change::Endpoints]))
                })
            })
            .await
    }

    /// Pauses, resumes or removes an endpoint.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none or it was removed.
    pub async fn set_endpoint_state(
        &self,
        endpoint: EndpointId,
        state: EndpointState,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    Ok((endpoints::set_state(db, endpoint, state).await?, vec![Change::Endpoints]))
                })
            })
            .await
    }

    /// Says something else of an endpoint.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none or it was removed.
    pub async fn set_details(&self, endpoint: EndpointId, details: Details) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    Ok((endpoints::set_details(db, endpoint, &details).await?, vec![Change::Endpoints]))
                })
            })
            .await
    }

    /// Sells other content under the same endpoint. The prices of parts that it has no longer end.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none or it was removed.
    pub async fn set_content(
        &self,
        endpoint: EndpointId,
        content: Content,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    Ok((endpoints::set_content(db, endpoint, &content, now).await?, vec![Change::Endpoints]))
                })
            })
            .await
    }

    /// A page of payments, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn payments(&self, query: PaymentQuery) -> Result<PaymentPage, StoreError> {
        payments::page(&mut *self.reader().await?, query).await
    }

    /// Batches, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn batches(
        &self,
        before: Option<BatchId>,
        limit: u32,
    ) -> Result<Vec<BatchSummary>, StoreError> {
        batches::list(&mut *self.reader().await?, before, limit).await
    }

    /// One batch with its payments.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn batch(&self, id: BatchId) -> Result<Option<BatchDetail>, StoreError> {
        batches::detail(&mut *self.reader().await?, id).await
    }

    /// Every asset's sums by state.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn totals(&self) -> Result<Vec<Total>, StoreError> {
        sums::by_state(&mut *self.reader().await?).await
    }

    /// What was delivered, or is about to be, and is not on chain yet: per asset, instant sales left out.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn exposure(&self) -> Result<Vec<(AssetId, Amount)>, StoreError> {
        queue::exposure(&mut *self.reader().await?).await
    }

    /// The networks that were set up.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn networks(&self) -> Result<Vec<NetworkRow>, StoreError> {
        networks::list(&mut *self.reader().await?).await
    }

    /// Sets a network up.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_network(&self, network: NetworkRow, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    Ok((networks::set(db, &network, now).await?, vec![Change::Settings, Change::Endpoints]))
                })
            })
            .await
    }

    /// Forgets a network, and quotes nothing more in its assets where something is quoted in another one.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it was not set up, [`StoreError::Conflict`] while something on it waits to be settled,
    /// is on its way, or is not final: nobody would look after that any more.
    pub async fn remove_network(&self, network: NetworkId, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    networks::remove(db, network).await?;
                    for (id, asset) in networks::assets(db).await? {
                        if asset.network == network {
                            if finality::is_anything_left(db, id, now).await? {
                                let why = "payments on it are not settled for good".to_owned();
                                return Err(StoreError::Conflict(why));
                            }
                            offers::withdraw(db, id, now).await?;
                        }
                    }
                    Ok(((), vec![Change::Settings, Change::Endpoints]))
                })
            })
            .await
    }

    /// Quotes nothing more in an asset, wherever something is quoted in another one too.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn withdraw_offers(&self, asset: AssetId, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(
                    async move { Ok((offers::withdraw(db, asset, now).await?, vec![Change::Endpoints])) },
                )
            })
            .await
    }

    /// What was found of a network when it was set up, if it was ever reached.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn network_finding(&self, network: NetworkId) -> Result<Option<NetworkFinding>, StoreError> {
        networks::finding(&mut *self.reader().await?, network).await
    }

    /// Writes down what was found of a network that was set up.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_network_finding(
        &self,
        network: NetworkId,
        found: NetworkFinding,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move {
                    Ok((networks::set_finding(db, network, &found).await?, vec![Change::Settings]))
                })
            })
            .await
    }

    /// The asset's row, with what its contract says now.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn know_asset(&self, asset: Asset) -> Result<AssetId, StoreError> {
        self.writer
            .run(|db| {
                Box::pin(async move { Ok((networks::know_asset(db, &asset).await?, vec![Change::Settings])) })
            })
            .await
    }

    /// The settings that differ from their defaults.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn settings(&self) -> Result<Vec<(String, String)>, StoreError> {
        settings::all(&mut *self.reader().await?).await
    }

    /// Changes a setting.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_setting(&self, key: String, value: String) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move { Ok((settings::set(db, &key, &value).await?, vec![Change::Settings])) })
            })
            .await
    }

    /// A fact about this file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn fact(&self, key: &str) -> Result<Option<String>, StoreError> {
        settings::fact(&mut *self.reader().await?, key).await
    }

    /// Notes a fact about this file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_fact(&self, key: &'static str, value: String) -> Result<(), StoreError> {
        self.writer
            .run(move |db| {
                Box::pin(async move { Ok((settings::set_fact(db, key, &value).await?, Vec::new())) })
            })
            .await
    }
}
