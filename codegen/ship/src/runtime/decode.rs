//! How the body of a successful answer becomes a value.
//!
//! Each function here can stand as the last argument of `Core::execute`. It runs inside the
//! attempt, so that a damaged body counts as a failure of the transport.
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use super::decode_error::DecodeError;

/// A successful answer that is to be decoded.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    /// The status, from 200 to 299.
    pub status: StatusCode,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The whole body.
    pub body: &'a Bytes,
}

/// Reads the body as JSON, whatever content type is declared.
///
/// # Errors
///
/// The body is not JSON, or is JSON of another shape than `T`.
pub fn json<T: DeserializeOwned>(parts: &Parts<'_>) -> Result<T, DecodeError> {
    // Some services put a byte order mark in front, which RFC 8259 lets a reader ignore.
    let body = parts.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(parts.body);
    serde_json::from_slice(body).map_err(|error| DecodeError::json(&error, body))
}

/// Reads the body as text.
///
/// # Errors
///
/// The body is not UTF-8.
pub fn text(parts: &Parts<'_>) -> Result<String, DecodeError> {
    match std::str::from_utf8(parts.body) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(DecodeError::text(error, parts.body)),
    }
}

/// Takes the body as it is.
///
/// # Errors
///
/// None; the signature is that of its siblings.
pub fn bytes(parts: &Parts<'_>) -> Result<Bytes, DecodeError> {
    Ok(parts.body.clone())
}

/// Does not look at the body.
///
/// # Errors
///
/// None; the signature is that of its siblings.
pub fn nothing(_: &Parts<'_>) -> Result<(), DecodeError> {
    Ok(())
}
