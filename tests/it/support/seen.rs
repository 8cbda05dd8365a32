//! A request as the server saw it.
use serde_json::Value;

use super::KEY;

#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    /// Path and query, not decoded.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Seen {
    /// `GET /api/1/flags`, the query included.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }

    /// The only header of this name; `None` if there is none.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "`{name}` came twice: {self:#?}");
        value
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("the body is not JSON: {error}: {self:#?}"))
    }

    /// Asserts everything about a request without a body.
    #[track_caller]
    pub fn expect(&self, line: &str) {
        self.expect_head(line);
        assert_eq!(self.header("content-type"), None, "no body, no content type");
        assert_eq!(String::from_utf8_lossy(&self.body), "", "{line} has no body");
    }

    /// Asserts everything about a request with a JSON body. Numbers count as JSON writes them: `25`
    /// is not `25.0`.
    #[track_caller]
    pub fn expect_json(&self, line: &str, body: Value) {
        self.expect_head(line);
        assert_eq!(self.header("content-type"), Some("application/json"));
        assert_eq!(self.json(), body, "{line}");
        let length = self.body.len().to_string();
        assert_eq!(self.header("content-length"), Some(length.as_str()));
    }

    #[track_caller]
    fn expect_head(&self, line: &str) {
        assert_eq!(self.line(), line);
        let authorization = format!("Bearer {KEY}");
        assert_eq!(self.header("authorization"), Some(authorization.as_str()));
        assert_eq!(self.header("cookie"), None);
        let agent = self.header("user-agent").unwrap_or_default();
        assert!(agent.starts_with("amplitude-experiment-management/"), "{agent}");
    }
}
