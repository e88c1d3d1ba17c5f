use chrono::{DateTime, Utc};

/// How the way stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody outside is meant to reach the stall.
    Off,
    /// It is being opened.
    Starting,
    /// It is open, as far as can be told from inside.
    Online {
        /// Where buyers reach the stall.
        url: String,
        /// Other addresses of the same.
        also: Vec<String>,
    },
    /// It is not open.
    Failing {
        /// Why, in a sentence or two.
        why: String,
        /// When it is tried again; none while it is, or when somebody has to do something first.
        next_try: Option<DateTime<Utc>>,
    },
}

impl State {
    /// Where buyers reach the stall now.
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Online { url, .. } => Some(url),
            Self::Off | Self::Starting | Self::Failing { .. } => None,
        }
    }
}
