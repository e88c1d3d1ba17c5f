use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use alloy_primitives::hex;

/// A program that says what it was asked, and fails where it is asked to. Counts what reaches it.
pub struct Upstream {
    address: SocketAddr,
    count: Arc<AtomicUsize>,
}

impl Upstream {
    /// Starts one, which answers for as long as the tests run.
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("its address");
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // Whoever asked may have gone.
                let _ = answer(stream, &counted);
            }
        });
        Self { address, count }
    }

    /// Where it answers what begins with `/v1`.
    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }

    /// What it answers to a request with this first line, without the version, and this body.
    pub fn says(line: &str, body: &[u8]) -> String {
        format!("{{\"asked\":\"{line}\",\"with\":\"{}\"}}", hex::encode(body))
    }
}

fn answer(mut stream: TcpStream, counted: &AtomicUsize) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let (mut first, mut length) = (String::new(), 0);
    lines.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body)?;
    let Some((line, _)) = first.rsplit_once(' ') else { return Ok(()) };
    counted.fetch_add(1, Ordering::SeqCst);
    let status = if line.contains("/fail") { "500 Internal Server Error" } else { "200 OK" };
    let said = Upstream::says(line, &body);
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}", said.len());
    stream.write_all(format!("{head}\r\nconnection: close\r\n\r\n{said}").as_bytes())
}
