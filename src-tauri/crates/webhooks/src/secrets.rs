use std::io::ErrorKind;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use domain::WebhookId;
use wallet::{WalletError, WebhookSecret};

/// How long the secret before signs beside a new one: time to take the new one to the receiver.
const CHANGE_OVER: TimeDelta = TimeDelta::hours(24);

/// The secrets that sign messages, one file for each webhook, beside the other keys.
#[derive(Clone, Debug)]
pub struct Secrets(PathBuf);

impl Secrets {
    /// Those in a folder that only its owner can read.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self(folder)
    }

    fn path(&self, webhook: WebhookId) -> PathBuf {
        self.0.join(format!("webhook-key-{webhook}.json"))
    }

    /// Keeps a webhook's first secret.
    ///
    /// # Errors
    /// When its file cannot be written.
    pub fn create(&self, webhook: WebhookId, random: [u8; 32]) -> Result<WebhookSecret, WalletError> {
        let secret = WebhookSecret::new(random);
        secret.save(&self.path(webhook))?;
        Ok(secret)
    }

    /// Keeps a new secret, beside which the one before signs for a day; nothing signs beside it when the one before is
    /// lost.
    ///
    /// # Errors
    /// When its file cannot be written.
    pub fn rotate(
        &self,
        webhook: WebhookId,
        random: [u8; 32],
        now: DateTime<Utc>,
    ) -> Result<WebhookSecret, WalletError> {
        let until = (now + CHANGE_OVER).timestamp().max(0).cast_unsigned();
        let path = self.path(webhook);
        let secret = match WebhookSecret::open(&path) {
            Ok(before) => before.rotated(random, until),
            Err(_) => WebhookSecret::new(random),
        };
        secret.save(&path)?;
        Ok(secret)
    }

    /// A webhook's secret.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub fn find(&self, webhook: WebhookId) -> Result<WebhookSecret, WalletError> {
        WebhookSecret::open(&self.path(webhook))
    }

    /// Whether a webhook's secret is where it should be.
    pub fn is_there(&self, webhook: WebhookId) -> bool {
        self.path(webhook).is_file()
    }

    /// Forgets a webhook's secret.
    ///
    /// # Errors
    /// When its file cannot be removed.
    pub fn forget(&self, webhook: WebhookId) -> std::io::Result<()> {
        match std::fs::remove_file(self.path(webhook)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}
