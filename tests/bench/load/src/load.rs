//! The load: so many callers, each with a connection of its own, each asking again as soon as it was answered.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use hyper::header::HeaderValue;
use hyper::{StatusCode, Uri};

use crate::connection::{Connection, PATH};
use crate::latencies::Latencies;
use crate::process::Process;

/// When a measurement ends, whichever comes first.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) requests: usize,
    pub(crate) time: Duration,
}

/// What the callers ask.
pub(crate) enum Asking {
    /// Without paying: every answer must be a 402.
    Unpaid,
    /// With one of these payments each: every answer must be a 200 with so many bytes.
    Paid { payments: Vec<HeaderValue>, bytes: u64 },
    /// For what costs nothing or is paid already: every answer must be a 200 with so many bytes.
    Free { path: Uri, bytes: u64 },
}

/// What came out.
pub(crate) struct Measured {
    pub(crate) requests: usize,
    pub(crate) wall: Duration,
    /// CPU time of the server's process.
    pub(crate) cpu: Duration,
    pub(crate) latencies: Latencies,
}

impl Measured {
    /// CPU time of the server per request, in microseconds.
    pub(crate) fn cpu_micros(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.requests as f64
    }

    /// Requests per second of wall-clock time.
    pub(crate) fn rate(&self) -> f64 {
        self.requests as f64 / self.wall.as_secs_f64()
    }
}

/// What is left to ask, shared by the callers.
struct Supply {
    unpaid: usize,
    payments: Vec<HeaderValue>,
}

impl Supply {
    fn next(&mut self) -> Option<Option<HeaderValue>> {
        if let Some(payment) = self.payments.pop() {
            return Some(Some(payment));
        }
        self.unpaid = self.unpaid.checked_sub(1)?;
        Some(None)
    }
}

/// Lets `callers` ask until `bounds`. The first wrong answer fails the measurement.
pub(crate) async fn measure(
    server: &Process,
    callers: usize,
    asking: Asking,
    bounds: Bounds,
) -> anyhow::Result<Measured> {
    let without = Supply { unpaid: bounds.requests, payments: Vec::new() };
    let (supply, path, status, bytes) = match asking {
        Asking::Unpaid => (without, Uri::from_static(PATH), StatusCode::PAYMENT_REQUIRED, None),
        Asking::Paid { mut payments, bytes } => {
            payments.truncate(bounds.requests);
            (Supply { unpaid: 0, payments }, Uri::from_static(PATH), StatusCode::OK, Some(bytes))
        }
        Asking::Free { path, bytes } => (without, path, StatusCode::OK, Some(bytes)),
    };
    let supply = RefCell::new(supply);
    let connections = try_join_all((0..callers).map(|_| Connection::open(server.url()))).await?;

    let cpu_before = server.cpu_time()?;
    let began = Instant::now();
    let durations = try_join_all(connections.into_iter().map(|mut connection| {
        let (supply, path) = (&supply, &path);
        async move {
            let mut durations = Vec::new();
            while began.elapsed() < bounds.time {
                let Some(payment) = supply.borrow_mut().next() else { break };
                let asked = Instant::now();
                let answer = connection.get(path, payment, None).await?;
                durations.push(asked.elapsed());
                anyhow::ensure!(
                    answer.status == status && bytes.is_none_or(|bytes| answer.bytes == bytes),
                    "{} answered {}",
                    server.name(),
                    answer.in_words()
                );
            }
            Ok(durations)
        }
    }))
    .await?;
    let wall = began.elapsed();
    let cpu = server.cpu_time()?.saturating_sub(cpu_before);

    let latencies = Latencies::new(durations.into_iter().flatten().collect());
    Ok(Measured { requests: latencies.count(), wall, cpu, latencies })
}
