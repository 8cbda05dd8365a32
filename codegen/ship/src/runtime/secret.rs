//! Credentials, and how they are kept out of sight.
use std::fmt;

use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use zeroize::Zeroize;

use super::encode;
use super::error::Error;
use super::failure::ConfigError;

/// A secret that opens the API. It cannot be printed, and its memory is overwritten when it is
/// dropped (the copy in the headers of requests is not).
///
/// Where a service repeats it in its answers, the texts of errors leave it out, in any form in which
/// it was sent. A key of less than four characters is accepted but not left out: blanking it would
/// spoil every text.
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

/// The fewest bytes of a secret, or of a part of it at the end of a text, that are blanked. Less
/// would blank what is none.
const PART: usize = 4;

/// What stands for a secret.
const BLANK: &str = "(redacted)";

/// What ends a text that was cut.
const CUT: char = '…';

/// Blanks `secret`, in whatever case it is, in a `text` that was not cut. Of the secret itself the
/// letters are small.
pub(super) fn redact_whole(text: &mut String, secret: &str) {
    let small = text.to_ascii_lowercase();
    let mut blanked = String::new();
    let mut end = 0;
    for (at, found) in small.match_indices(secret) {
        blanked.push_str(text.get(end..at).unwrap_or_default());
        blanked.push_str(BLANK);
        end = at + found.len();
    }
    if end > 0 {
        blanked.push_str(text.get(end..).unwrap_or_default());
        *text = blanked;
    }
}

/// Blanks `secret` in `text`, also where the text, or a part of it, was cut in the middle of it.
pub(super) fn redact(text: &mut String, secret: &str) {
    redact_whole(text, secret);
    let parts: Vec<_> = text.split(CUT).map(|part| without_start_of(secret, part)).collect();
    *text = parts.join(CUT.encode_utf8(&mut [0; 4]));
    let small = text.to_ascii_lowercase();
    let ends = (1..=secret.len().saturating_sub(PART)).filter_map(|from| secret.get(from..));
    if let Some(end) = ends.into_iter().find(|end| small.starts_with(end)) {
        text.replace_range(..end.len(), BLANK);
    }
}

/// `text` without the start of `secret` at its end.
fn without_start_of(secret: &str, text: &str) -> String {
    let small = text.to_ascii_lowercase();
    let starts = (PART..secret.len()).rev().filter_map(|to| secret.get(..to));
    let start = starts.into_iter().find(|start| small.ends_with(start));
    match start.and_then(|start| text.get(..text.len() - start.len())) {
        Some(rest) => format!("{rest}{BLANK}"),
        None => text.to_owned(),
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

/// The characters that libraries write by number in JSON: none, those of HTML as the libraries of
/// Go and Java do, and those and more as that of .NET does.
const IN_JSON: [&str; 4] = ["", "&<>", "&<>='", "&<>'+`\""];

/// The text in JSON, with these characters by number.
fn in_json(text: &str, numbered: &str) -> String {
    let escape = |c: char| match c {
        c if numbered.contains(c) => format!("\\u{:04x}", u32::from(c)),
        '"' | '\\' => format!("\\{c}"),
        c => c.to_string(),
    };
    text.chars().map(escape).collect()
}

/// The text in a page.
fn in_html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    escaped.replace('"', "&quot;").replace('\'', "&#39;")
}

impl Credential {
    /// The secret in the forms in which a service may repeat it, with small letters.
    pub(super) fn secrets(&self) -> Vec<ApiKey> {
        let secret = self.secret().expose();
        let mut forms = vec![
            secret.to_owned(),
            encode::value(secret).to_string(),
            encode::cookie(secret).to_string(),
            in_html(secret),
        ];
        forms.extend(IN_JSON.iter().map(|numbered| in_json(secret, numbered)));
        forms.push(in_json(secret, "").replace('/', "\\/"));
        if let Self::Basic { user, password } = self {
            forms.push(pair(user, password));
        }
        forms.iter_mut().for_each(|form| form.make_ascii_lowercase());
        let mut forms: Vec<_> = forms.into_iter().map(ApiKey).collect();
        forms.retain(|form| form.0.len() >= PART);
        forms.sort_by(|one, other| one.0.cmp(&other.0));
        forms.dedup_by(|one, other| one.0 == other.0);
        forms
    }

    fn secret(&self) -> &ApiKey {
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
    header(AUTHORIZATION, &format!("Basic {}", pair(user, password)))
}

fn pair(user: &str, password: &ApiKey) -> String {
    encode::base64(format!("{user}:{}", password.expose()).as_bytes())
}

fn header(name: HeaderName, value: &str) -> Result<Prepared, Error> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| ConfigError::new("the credential does not fit into a header"))?;
    value.set_sensitive(true);
    Ok(Prepared::Header(name, value))
}
