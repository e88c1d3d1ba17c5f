//! What memory many slow downloads of one long file take.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use futures_util::future::try_join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;
use tokio::time::{Instant, sleep, sleep_until};

use crate::connection::Connection;
use crate::cores::Cores;
use crate::stallkeeper::Stall;

const DOWNLOADS: usize = 200;
const BYTES: u64 = 1 << 30;
/// What each reads, and how often.
const STEP: usize = 32 * 1024;
const EVERY: Duration = Duration::from_millis(200);
/// When memory is looked at after they have begun.
const LOOKS: [u64; 3] = [2, 6, 12];

/// Begins them all, looks at the server's memory for a while, and leaves.
pub(crate) async fn run(program: &Path, cores: &Cores, folder: &Path) -> anyhow::Result<()> {
    let file = folder.join("long");
    std::fs::File::create(&file)?.set_len(BYTES)?;
    let stall = Stall::new(program, &folder.join("data"));
    let server = stall.open(cores, folder).await?;
    let link = stall.sold(&server, "/long", &file).await?;
    let whole = Connection::open(server.url()).await?.get(&link, None, None).await?;
    anyhow::ensure!(whole.bytes == BYTES, "it answered {}", whole.in_words());
    let before = server.resident_kib()?;

    let address = server.url().strip_prefix("http://").context("its address")?;
    let began = Instant::now();
    let until = began + Duration::from_secs(LOOKS[LOOKS.len() - 1] + 1);
    let request = format!("GET {} HTTP/1.1\r\nHost: {address}\r\n\r\n", link.path());
    let downloads = (0..DOWNLOADS).map(|_| download(address, &request, until));
    let looks = async {
        let mut seen = Vec::with_capacity(LOOKS.len());
        for after in LOOKS {
            sleep_until(began + Duration::from_secs(after)).await;
            seen.push(server.resident_kib()?);
        }
        Ok(seen)
    };
    let (downloads, seen) = tokio::try_join!(try_join_all(downloads), looks)?;
    let least = downloads.iter().min().context("a download")?;
    let most = seen.iter().max().context("a look")?;
    println!(
        "\n{DOWNLOADS} slow downloads of 1 GiB, memory of the server in KiB: {before} before; after {LOOKS:?} s {seen:?}"
    );
    println!(
        "growth {} KiB, {:.1} KiB for each download; the slowest had got {} KiB",
        most.saturating_sub(before),
        most.saturating_sub(before) as f64 / DOWNLOADS as f64,
        least / 1024
    );
    server.stop().await
}

/// Reads slowly until `until`; returns how many bytes came.
async fn download(address: &str, request: &str, until: Instant) -> anyhow::Result<usize> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(64 * 1024)?;
    let mut stream = socket.connect(address.parse()?).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut buffer = vec![0; STEP];
    let mut came = 0;
    while Instant::now() < until {
        let read = stream.read(&mut buffer).await?;
        anyhow::ensure!(read > 0, "a slow download ended after {came} bytes");
        anyhow::ensure!(came > 0 || buffer.starts_with(b"HTTP/1.1 200"), "it was not answered with 200");
        came += read;
        sleep(EVERY).await;
    }
    Ok(came)
}
