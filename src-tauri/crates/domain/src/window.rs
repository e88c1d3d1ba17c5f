use chrono::TimeDelta;

/// How long an authorization may wait to be settled: `maxTimeoutSeconds` on the wire.
///
/// The client signs `validBefore` = its own now plus this. The seller's schedule decides it (I6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window(u32);

/// The window while settling is manual: three days.
pub const MANUAL_WINDOW: Window = Window(72 * 3600);

/// The longest window that is ever asked of a buyer: eight days.
pub const MAX_WINDOW: Window = Window(8 * 24 * 3600);

impl Window {
    /// A window of the given seconds, at least one and at most [`MAX_WINDOW`].
    pub const fn from_seconds(seconds: u32) -> Option<Self> {
        if seconds == 0 || seconds > MAX_WINDOW.0 { None } else { Some(Self(seconds)) }
    }

    /// In seconds.
    pub const fn seconds(self) -> u32 {
        self.0
    }

    /// How long before the deadline an authorization must have been sent: a tenth of the window,
    /// at least 30 seconds, at most ten minutes.
    pub fn send_margin(self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.0 / 10).clamp(30, 600))
    }

    /// The least time an arriving authorization must have left to be queued. Half the window: a
    /// buyer's clock may be off, and a signed quote may have waited, but what is left must cover
    /// the wait that the schedule promises.
    pub fn least_left(self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.0 / 2))
    }
}
