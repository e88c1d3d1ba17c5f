//! Who is told what happens at the stall: the courier that tells them, and when the stall itself is worth a message.

use std::sync::{Mutex, PoisonError};

use tokio_util::sync::CancellationToken;
use webhooks::{Courier, CourierConfig, Secrets, Standing, announce};

use crate::engine::Engine;
use crate::folder::EnvironmentFolder;
use crate::{ApiError, App, Config, random};

/// Who takes messages, by which secrets, and what was told last of the stall itself.
pub(crate) struct Webhooks {
    secrets: Secrets,
    courier: Option<Courier>,
    told: Mutex<Option<bool>>,
}

impl Webhooks {
    /// The memory only: nobody takes messages.
    pub(crate) fn closed(folder: &EnvironmentFolder) -> Self {
        Self { secrets: folder.webhook_keys(), courier: None, told: Mutex::default() }
    }

    /// With a courier, which sets out by [`keep`].
    pub(crate) fn open(
        config: &Config,
        folder: &EnvironmentFolder,
        store: &store::Store,
        engine: &Engine,
    ) -> Result<Self, ApiError> {
        let secrets = folder.webhook_keys();
        let courier = Courier::new(CourierConfig {
            store: store.clone(),
            clock: config.clock.clone(),
            environment: config.environment,
            secrets: secrets.clone(),
            own: Some(engine.address()),
            seed: random::bytes()?,
        })
        .map_err(ApiError::internal)?;
        Ok(Self { courier: Some(courier), ..Self { secrets, courier: None, told: Mutex::default() } })
    }

    /// What signs the messages.
    pub(crate) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Who takes them, while the stall is open.
    pub(crate) fn courier(&self) -> Option<&Courier> {
        self.courier.as_ref()
    }

    /// Whether this is news.
    fn is_new(&self, online: bool) -> bool {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).replace(online) != Some(online)
    }
}

/// Lets messages be taken until the stop, and a moment longer.
pub(crate) async fn keep(app: App, stop: CancellationToken) {
    if let Some(courier) = app.webhooks().courier() {
        courier.clone().run(stop).await;
    }
}

/// Tells when the stall begins or ends to sell, or to be reached. A stall that one command opened does neither.
pub(crate) async fn follow(app: App) {
    let (Some(engine), Some(outside)) = (app.engine(), app.outside()) else { return };
    let (mut selling, mut news) = (engine.selling().subscribe(), outside.news());
    loop {
        let sells = *selling.borrow_and_update();
        news.mark_unchanged();
        let why = match (sells, outside.trouble()) {
            (false, _) => "closed",
            (true, Some(_)) => "unreached",
            (true, None) => "open",
        };
        tell(&app, sells && why == "open", why).await;
        let changed = tokio::select! {
            changed = selling.changed() => changed,
            changed = news.changed() => changed,
        };
        if changed.is_err() {
            return;
        }
    }
}

/// Tells that the stall stops, if it was told that it is there.
pub(crate) async fn tell_the_end(app: &App) {
    if app.outside().is_some() {
        tell(app, false, "stopped").await;
    }
}

async fn tell(app: &App, online: bool, why: &str) {
    let standing = Standing { url: app.url(), why: why.to_owned() };
    if app.webhooks().is_new(online)
        && let Err(error) = announce(app.store(), online, &standing, app.clock().now()).await
    {
        tracing::warn!(%error, online, "nobody is told how the stall stands");
    }
}
