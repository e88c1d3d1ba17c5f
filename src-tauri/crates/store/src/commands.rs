//! What the seller's commands need.

use chrono::{DateTime, Utc};
use domain::{Amount, Asset, AssetId, BatchId, EndpointId, EndpointState};

use crate::batches::{self, BatchDetail, BatchSummary};
use crate::endpoints::{self, NewEndpoint, NewOffer};
use crate::networks::{self, NetworkRow};
use crate::payments::{self, PaymentPage, PaymentQuery};
use crate::sums::{self, Total};
use crate::{Change, Store, StoreError, queue, settings};

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
        self.writer
            .run(move |db| {
                Box::pin(
                    async move { Ok((endpoints::add(db, &new, first, now).await?, vec![Change::Endpoints])) },
                )
            })
            .await
    }

    /// Quotes new requirements for endpoints from now on, all or none.
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
                    for (endpoint, offer) in quotes {
                        endpoints::quote(db, endpoint, offer, now).await?;
                    }
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
                Box::pin(async move { Ok((networks::set(db, &network, now).await?, vec![Change::Settings])) })
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
