//! Headers of answers as values.
use http::HeaderMap;
use http::header::HeaderValue;
use serde::de::value::Error;
use serde::de::{DeserializeOwned, IntoDeserializer};

/// The value of a header; `None` if there is none, or it is no `T`.
#[must_use]
pub fn one<T: DeserializeOwned>(headers: &HeaderMap, name: &str) -> Option<T> {
    text(headers.get(name)?).and_then(value)
}

/// The values of a header, which may stand on several lines (RFC 9110, section 5.3).
#[must_use]
pub fn list<T: DeserializeOwned>(headers: &HeaderMap, name: &str) -> Option<Vec<T>> {
    if !headers.contains_key(name) {
        return None;
    }
    let lines: Option<Vec<&str>> = headers.get_all(name).iter().map(text).collect();
    let lines = lines?;
    let items = lines.iter().flat_map(|line| line.split(',')).map(str::trim);
    items.filter(|item| !item.is_empty()).map(value).collect()
}

/// The value of a header that holds JSON.
#[must_use]
pub fn json<T: DeserializeOwned>(headers: &HeaderMap, name: &str) -> Option<T> {
    serde_json::from_slice(headers.get(name)?.as_bytes()).ok()
}

/// Header values are bytes; text outside of ASCII is UTF-8 as a rule (RFC 9110, section 5.5).
fn text(value: &HeaderValue) -> Option<&str> {
    std::str::from_utf8(value.as_bytes()).ok()
}

/// What a text means: itself, or the number or the truth value that it spells.
fn value<T: DeserializeOwned>(text: &str) -> Option<T> {
    let own = T::deserialize(IntoDeserializer::<Error>::into_deserializer(text));
    own.ok().or_else(|| serde_json::from_str(text).ok())
}
