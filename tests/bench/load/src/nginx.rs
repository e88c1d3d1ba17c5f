//! nginx, as a server of files and as a proxy.

use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use tokio::process::Command;

use crate::connection::Connection;
use crate::cores::Cores;
use crate::process::{Place, Process};

/// Starts one nginx without children, so that its process is all of it, whose `server` block says this beside where it listens;
/// `before` stands before that block.
pub(crate) async fn start(
    name: &'static str,
    place: Place,
    (before, says): (&str, &str),
    cores: &Cores,
    folder: &Path,
) -> anyhow::Result<Process> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let at = folder.join(name.replace([' ', ','], "-"));
    std::fs::create_dir(&at)?;
    let own = at.display();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {own}/{kind};"))
        .concat();
    let configuration = format!(
        "daemon off; master_process off; pid {own}/pid; error_log {own}/error.log; events {{ worker_connections 1024; }}
         http {{ access_log off; {temporary} keepalive_requests 1000000; {before}
                 server {{ listen 127.0.0.1:{port}; {says} }} }}"
    );
    std::fs::write(at.join("nginx.conf"), configuration)?;
    // It says nothing when it is ready, so a shell says it beforehand and becomes nginx.
    let mut command = Command::new("sh");
    let ready = format!("{{\"ready\":true,\"url\":\"http://127.0.0.1:{port}\"}}");
    let script = "echo \"$1\"; PATH=$PATH:/usr/sbin; exec nginx -p \"$2\" -c nginx.conf";
    command.args(["-c", script, "sh", &ready]).arg(&at);
    let server = Process::start(name, command, place, cores, &at.join("log")).await?;
    for _ in 0..100 {
        if Connection::open(server.url()).await.is_ok() {
            return Ok(server);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("{name} does not listen: {}", server.last_words())
}
