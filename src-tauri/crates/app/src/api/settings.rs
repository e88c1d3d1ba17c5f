use serde::{Deserialize, Serialize};
use server::PublicUrl;
use ts_rs::TS;

use crate::engine::local_url;
use crate::error::sentence;
use crate::{ApiError, App};

/// Where buyers reach the stall, when that is not the listener itself.
pub(crate) const PUBLIC_URL: &str = "public-url";

/// Every setting.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SettingsView {
    /// In the order of their names.
    pub items: Vec<SettingView>,
}

/// A setting.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SettingView {
    /// Its name.
    pub key: String,
    /// Its value; null for the default.
    pub value: Option<String>,
    /// What it means.
    pub meaning: String,
}

/// Changes a setting.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct SettingSet {
    /// Its name.
    pub key: String,
    /// Its new value; empty brings the default back.
    pub value: String,
}

pub(crate) async fn get(app: &App, (): ()) -> Result<SettingsView, ApiError> {
    let chosen = app.store().settings().await?;
    let value = chosen.into_iter().find(|(key, value)| key == PUBLIC_URL && !value.is_empty());
    Ok(SettingsView {
        items: vec![SettingView {
            key: PUBLIC_URL.to_owned(),
            value: value.map(|(_, value)| value),
            meaning:
                "Where buyers reach the stall, such as https://stall.example; by default its own address."
                    .to_owned(),
        }],
    })
}

pub(crate) async fn set(app: &App, request: SettingSet) -> Result<SettingsView, ApiError> {
    if request.key != PUBLIC_URL {
        return Err(ApiError::not_found("setting", &request.key));
    }
    let value = request.value.trim();
    let parse = |text: &str| {
        text.parse::<PublicUrl>().map_err(|error| ApiError::invalid(sentence(&error.to_string())))
    };
    let url = if value.is_empty() { None } else { Some(parse(value)?) };
    let stored = url.as_ref().map(ToString::to_string).unwrap_or_default();
    app.store().set_setting(PUBLIC_URL.to_owned(), stored).await?;
    if let Some(engine) = app.engine() {
        let url = match url {
            Some(url) => url,
            None => parse(&local_url(engine.address()))?,
        };
        engine.public_url().send_replace(url);
        app.on_the_shelf().await;
    }
    get(app, ()).await
}
