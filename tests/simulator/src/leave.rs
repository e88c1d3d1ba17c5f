//! Somebody who pays and does not stay for the answer.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long somebody waits for the next bytes before leaving all the same.
const PATIENCE: Duration = Duration::from_millis(500);

/// Asks with this header, reads so many bytes of the answer, and leaves.
pub(crate) async fn after(url: &str, path: &str, (name, value): &(&str, String), bytes: usize) {
    let authority = url.trim_start_matches("http://").trim_end_matches('/');
    let Ok(mut stream) = TcpStream::connect(authority).await else { return };
    let request = format!("GET {path} HTTP/1.1\r\nhost: {authority}\r\n{name}: {value}\r\n\r\n");
    if stream.write_all(request.as_bytes()).await.is_err() {
        return;
    }
    let (mut read, mut piece) = (0, vec![0; 1_000]);
    while read < bytes {
        let most = piece.len().min(bytes - read);
        match timeout(PATIENCE, stream.read(&mut piece[..most])).await {
            Ok(Ok(count)) if count > 0 => read += count,
            _ => return,
        }
    }
}
