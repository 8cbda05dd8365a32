//! Requests as bytes, for what no client would send.

use amplitude_experiment_fake::Fake;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::conform;

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// The headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn read(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("no answer: {:?}", String::from_utf8_lossy(bytes)));
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let (status, headers) = head.split_once("\r\n").unwrap();
        let headers = headers.split("\r\n").map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_ascii_lowercase(), value.to_owned())
        });
        Self {
            status: status.split(' ').nth(1).unwrap().parse().unwrap(),
            headers: headers.collect(),
            body: bytes[end + 4..].to_vec(),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// What an error says.
    pub fn message(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }
}

/// Sends bytes and reads until the connection ends.
pub async fn bytes(fake: &Fake, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(fake.address()).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    answer
}

/// A request with these lines of headers.
pub async fn send(
    fake: &Fake,
    method: &str,
    target: &str,
    headers: &[&str],
    body: &[u8],
) -> Answer {
    let mut request = format!("{method} {target} HTTP/1.1\r\nHost: fake\r\nConnection: close\r\n");
    for header in headers {
        request.push_str(&format!("{header}\r\n"));
    }
    request.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
    let mut request = request.into_bytes();
    request.extend_from_slice(body);
    let answer = Answer::read(&bytes(fake, &request).await);
    if method != "OPTIONS" && method != "HEAD" {
        let kind = answer.header("content-type").unwrap_or_default().to_owned();
        conform::check_request(method, target, answer.status, &kind, &answer.body);
    }
    answer
}

/// A request to the API, with the key and this body as JSON.
pub async fn api(fake: &Fake, method: &str, path: &str, body: impl AsRef<[u8]>) -> Answer {
    let key = format!("Authorization: Bearer {}", fake.key());
    let headers = [key.as_str(), "Content-Type: application/json"];
    send(fake, method, &format!("/api/1{path}"), &headers, body.as_ref()).await
}
