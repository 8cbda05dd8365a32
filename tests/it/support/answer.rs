//! What the server answers to one request.
use serde_json::Value;

/// An answer, whole or cut off.
#[derive(Debug, Clone)]
pub struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
    /// The bytes of the body after which the connection is closed.
    pub(super) cut: Option<usize>,
}

impl Answer {
    /// Status 200 and a JSON body.
    pub fn json(body: &Value) -> Self {
        Self::new(200, body.to_string()).header("content-type", "application/json; charset=utf-8")
    }

    /// Status 200 and the text that the service answers to most writes. Its content type is not
    /// documented; this one is a lie on purpose, for a client must not parse the text.
    pub fn ok_text() -> Self {
        Self::new(200, "OK").header("content-type", "application/json")
    }

    /// Any status with a body.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), cut: None }
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Announces the whole body and closes the connection after this many bytes of it.
    pub fn cut_after(mut self, bytes: usize) -> Self {
        self.cut = Some(bytes);
        self
    }

    /// The answer as it stands on the wire.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut head =
            format!("HTTP/1.1 {} -\r\ncontent-length: {}\r\n", self.status, self.body.len());
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        let end = self.cut.unwrap_or(self.body.len()).min(self.body.len());
        bytes.extend_from_slice(&self.body[..end]);
        bytes
    }
}
