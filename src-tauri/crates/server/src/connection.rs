use std::net::SocketAddr;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_io_timeout::TimeoutWriter;
use tokio_util::sync::CancellationToken;

use crate::gate::Gate;
use crate::limits::Limits;
use crate::waiting::{Seat, Seated};

/// Serves one connection until it ends, breaks a limit, waits too long while others need its room, or `stop` has been
/// called and its answer is out.
pub(crate) async fn serve(
    stream: TcpStream,
    buyer: SocketAddr,
    gate: Gate,
    seat: Arc<Seat>,
    limits: Arc<Limits>,
    stop: CancellationToken,
) {
    // Hyper counts a request's head from its first wait on, but a connection that never speaks should
    // not even cost its buffers.
    let spoke = tokio::select! {
        spoke = timeout(limits.first_byte, stream.readable()) => matches!(spoke, Ok(Ok(()))),
        () = stop.cancelled() => false,
        () = seat.sent_away() => false,
    };
    if !spoke {
        return;
    }
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%buyer, %error, "a connection ended before it began");
        return;
    }
    let mut stream = TimeoutWriter::new(stream);
    stream.set_timeout(Some(limits.write));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(limits.head_bytes)
        .max_header_size(limits.head_bytes)
        .serve_connection(TokioIo::new(Box::pin(stream)), Seated::new(gate, Arc::clone(&seat)));
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            timeout(limits.drain, connection).await.unwrap_or(Ok(()))
        }
        () = seat.sent_away() => Ok(()),
    };
    if let Err(error) = ended {
        tracing::debug!(%buyer, %error, "a connection broke off");
    }
}
