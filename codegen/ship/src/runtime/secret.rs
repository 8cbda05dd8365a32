//! Credentials, and how they are kept out of sight.
use std::fmt;

use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use zeroize::Zeroize;

use super::encode;
use super::error::Error;
use super::failure::ConfigError;

/// A secret that opens the API. It cannot be printed, and its memory is overwritten when it is
/// dropped (the copy in the headers of requests is not).
#[derive(Clone)]
pub struct ApiKey(String);

impl Drop for ApiKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ApiKey {
    /// Reads a key from the environment. `origin` says where keys are made, for the error's text.
    ///
    /// # Errors
    ///
    /// The variable is missing, empty, blank or not text.
    pub fn from_env(variable: &str, origin: &str) -> Result<Self, Error> {
        let problem = match std::env::var(variable) {
            Ok(key) if key.trim().is_empty() => "is empty",
            Ok(key) => return Ok(Self(key)),
            Err(std::env::VarError::NotPresent) => "is not set",
            Err(std::env::VarError::NotUnicode(_)) => "is not text",
        };
        let dot = if origin.is_empty() { "" } else { ". " };
        let message = format!("the environment variable {variable} {problem}{dot}{origin}");
        Err(ConfigError::new(message).into())
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }

    /// Refuses what cannot be a key, without repeating it.
    fn check(&self) -> Result<(), Error> {
        let problem = if self.0.trim().is_empty() {
            "is empty"
        } else if self.0.contains(['\n', '\r']) {
            "contains a line break; check how it was read"
        } else if self.0.contains(char::is_whitespace) {
            "contains a space"
        } else if !self.0.bytes().all(|byte| byte.is_ascii_graphic()) {
            "contains a character that is not plain ASCII"
        } else {
            return Ok(());
        };
        Err(ConfigError::new(format!("the API key {problem}")).into())
    }
}

impl From<&str> for ApiKey {
    fn from(key: &str) -> Self {
        Self(key.to_owned())
    }
}

impl From<&String> for ApiKey {
    fn from(key: &String) -> Self {
        Self(key.clone())
    }
}

impl From<String> for ApiKey {
    fn from(key: String) -> Self {
        Self(key)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(redacted)")
    }
}

/// The fewest bytes of a secret at a text's end that count as a part of it.
const PART: usize = 4;

/// What stands for a secret.
const BLANK: &str = "(redacted)";

/// Blanks `secret` in `text`, which was not cut.
pub(super) fn redact_whole(text: &mut String, secret: &str) {
    if !secret.is_empty() && text.contains(secret) {
        *text = text.replace(secret, BLANK);
    }
}

/// Blanks `secret` in `text`, also where the text was cut in the middle of it.
pub(super) fn redact(text: &mut String, secret: &str) {
    redact_whole(text, secret);
    let parts = || (PART..secret.len()).rev();
    let kept = text.trim_end_matches('…');
    let first = parts().find_map(|length| kept.strip_suffix(secret.get(..length)?));
    if let Some(rest) = first {
        *text = format!("{rest}{BLANK}");
    }
    let last = parts().find_map(|length| text.strip_prefix(secret.get(secret.len() - length..)?));
    if let Some(rest) = last {
        *text = format!("{BLANK}{rest}");
    }
}

/// A credential and the place where it travels.
#[derive(Debug, Clone)]
pub enum Credential {
    /// `Authorization: Bearer ...`.
    Bearer(ApiKey),
    /// `Authorization: Basic ...`.
    Basic {
        /// The user's name.
        user: String,
        /// The password.
        password: ApiKey,
    },
    /// A header of its own.
    Header {
        /// The header.
        name: &'static str,
        /// Its value.
        value: ApiKey,
    },
    /// A query parameter.
    Query {
        /// The parameter.
        name: &'static str,
        /// Its value.
        value: ApiKey,
    },
    /// A cookie.
    Cookie {
        /// The cookie.
        name: &'static str,
        /// Its value.
        value: ApiKey,
    },
}

/// A credential in the form in which it is sent.
pub(super) enum Prepared {
    Header(HeaderName, HeaderValue),
    Query(String),
    Cookie(String),
}

impl Credential {
    pub(super) fn secret(&self) -> &ApiKey {
        match self {
            Self::Bearer(key) | Self::Basic { password: key, .. } => key,
            Self::Header { value, .. } | Self::Query { value, .. } | Self::Cookie { value, .. } => {
                value
            }
        }
    }

    pub(super) fn prepare(&self) -> Result<Prepared, Error> {
        match self {
            Self::Basic { user, password } => basic(user, password),
            Self::Bearer(key) => {
                key.check()?;
                header(AUTHORIZATION, &format!("Bearer {}", key.expose()))
            }
            Self::Header { name, value } => {
                value.check()?;
                let name = HeaderName::from_bytes(name.as_bytes())
                    .map_err(|_| ConfigError::new(format!("`{name}` is not a header name")))?;
                header(name, value.expose())
            }
            Self::Query { name, value } => {
                value.check()?;
                Ok(Prepared::Query(encode::pair(name, value.expose())))
            }
            Self::Cookie { name, value } => {
                value.check()?;
                Ok(Prepared::Cookie(format!("{name}={}", encode::cookie(value.expose()))))
            }
        }
    }
}

/// RFC 7617: the user's name ends at the first colon, and neither part holds control characters.
fn basic(user: &str, password: &ApiKey) -> Result<Prepared, Error> {
    if user.contains(':') {
        return Err(ConfigError::new("the user name contains a colon").into());
    }
    if user.chars().chain(password.expose().chars()).any(char::is_control) {
        let message = "the user name or the password contains a control character";
        return Err(ConfigError::new(message).into());
    }
    let pair = encode::base64(format!("{user}:{}", password.expose()).as_bytes());
    header(AUTHORIZATION, &format!("Basic {pair}"))
}

fn header(name: HeaderName, value: &str) -> Result<Prepared, Error> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| ConfigError::new("the credential does not fit into a header"))?;
    value.set_sensitive(true);
    Ok(Prepared::Header(name, value))
}
