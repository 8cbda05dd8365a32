//! A proxy on the loopback address that writes down all that goes through it.
use std::io;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};

use super::server::read;

/// Opens tunnels, and answers plain requests itself.
#[derive(Clone)]
pub struct Proxy {
    pub url: String,
    seen: Arc<Mutex<Vec<u8>>>,
}

impl Proxy {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let proxy = Self { url, seen: Arc::default() };
        let listening = proxy.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let proxy = listening.clone();
                tokio::spawn(async move { proxy.serve(stream).await });
            }
        });
        proxy
    }

    /// What came from clients so far, requests and what went into tunnels.
    pub fn seen(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().unwrap()).into_owned()
    }

    async fn serve(&self, mut client: TcpStream) -> io::Result<()> {
        let Some(request) = read(&mut client).await else { return Ok(()) };
        self.seen.lock().unwrap().extend_from_slice(request.as_bytes());
        let Some(rest) = request.strip_prefix("CONNECT ") else {
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nproxy";
            return client.write_all(answer).await;
        };
        let server = TcpStream::connect(rest.split(' ').next().unwrap_or_default()).await?;
        client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await?;
        let ((from, mut to), (mut back, into)) = (client.into_split(), server.into_split());
        tokio::spawn(async move { copy(&mut back, &mut to).await });
        self.pass(from, into).await
    }

    async fn pass(
        &self,
        mut from: impl AsyncRead + Unpin,
        mut into: impl AsyncWrite + Unpin,
    ) -> io::Result<()> {
        let mut bytes = Vec::new();
        while from.read_buf(&mut bytes).await? > 0 {
            self.seen.lock().unwrap().extend_from_slice(&bytes);
            into.write_all(&bytes).await?;
            bytes.clear();
        }
        Ok(())
    }
}
