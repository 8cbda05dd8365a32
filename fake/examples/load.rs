//! How many requests per second a fake answers on this machine, together with what asks:
//! `cargo run --release -p amplitude-experiment-fake --example load [SECONDS]`

use std::error::Error;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use amplitude_experiment_fake::{Fake, KEY, Limits, PROJECT, Seed};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const FLAGS: u64 = 1000;
const CONNECTIONS: usize = 32;

#[tokio::main]
async fn main() -> Result<()> {
    let seconds = std::env::args().nth(1).map_or(Ok(3), |text| text.parse())?;
    let flags = (1..=FLAGS)
        .map(|id| json!({ "projectId": PROJECT, "key": format!("flag-{id}"), "id": id }));
    let seed = flags.fold(Seed::new(), Seed::flag);
    let fake = Fake::builder().limits(Limits::off()).seed(seed).start().await?;
    for (name, target) in [
        ("one flag", "/flags/500"),
        ("its variants", "/flags/500/variants"),
        ("a flag by its key", "/flags?key=flag-500"),
        ("a page of 100 flags", "/flags?limit=100"),
        ("a page of 1000 flags", "/flags?limit=1000"),
        ("nothing of that name", "/flags/5000"),
    ] {
        let (requests, bytes) =
            measure(fake.address(), target, Duration::from_secs(seconds)).await?;
        println!("{name:24} {:8} requests/s {bytes:8} bytes each", requests / seconds);
    }
    Ok(())
}

/// Requests in that time over all connections, and the length of an answer.
async fn measure(address: SocketAddr, target: &str, time: Duration) -> Result<(u64, usize)> {
    let end = Instant::now() + time;
    let request =
        format!("GET /api/1{target} HTTP/1.1\r\nHost: fake\r\nAuthorization: Bearer {KEY}\r\n\r\n");
    let connections: Vec<_> =
        (0..CONNECTIONS).map(|_| tokio::spawn(ask(address, request.clone(), end))).collect();
    let (mut requests, mut bytes) = (0, 0);
    for connection in connections {
        let (own, length) = connection.await??;
        requests += own;
        bytes = length;
    }
    Ok((requests, bytes))
}

/// Asks over one connection, one request after the other.
async fn ask(address: SocketAddr, request: String, end: Instant) -> Result<(u64, usize)> {
    let mut stream = BufReader::new(TcpStream::connect(address).await?);
    let (mut requests, mut line, mut body) = (0, String::new(), Vec::new());
    while Instant::now() < end {
        stream.get_mut().write_all(request.as_bytes()).await?;
        loop {
            line.clear();
            stream.read_line(&mut line).await?;
            if let Some(length) = line.strip_prefix("content-length: ") {
                body.resize(length.trim().parse()?, 0);
            }
            if line == "\r\n" {
                break;
            }
        }
        stream.read_exact(&mut body).await?;
        requests += 1;
    }
    Ok((requests, body.len()))
}
