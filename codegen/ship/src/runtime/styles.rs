//! Parameters whose style makes one text of several values, RFC 6570.
use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

use super::encode::{self, push_pair};
use super::query::NESTED;
use super::request::Request;

/// A value as its style sees it.
enum Parts {
    One(String),
    Many(Vec<String>),
    Members(Vec<(String, String)>),
}

/// How a text is encoded where it goes.
type Encode = fn(&str) -> String;

impl Request {
    /// Puts `value` into the path as `.a`; a list as `.a.b`, an object as `.k=a.m=b` if it is to
    /// `explode`, and as `.a,b` and `.k,a,m,b` if not.
    #[must_use]
    pub fn path_label<T: Serialize>(self, name: &'static str, value: &T, explode: bool) -> Self {
        self.path_styled(name, value, |parts| match (explode, parts) {
            (true, Parts::Many(items)) => prefixed('.', items),
            (true, Parts::Members(members)) => prefixed('.', &pairs(members)),
            (_, parts) => prefixed('.', &[flat(parts, ",")]),
        })
    }

    /// Puts `value` into the path as `;name=a`; a list as `;name=a;name=b`, an object as `;k=a;m=b`
    /// if it is to `explode`, and as `;name=a,b` and `;name=k,a,m,b` if not.
    #[must_use]
    pub fn path_matrix<T: Serialize>(self, name: &'static str, value: &T, explode: bool) -> Self {
        let key = encode(name);
        self.path_styled(name, value, |parts| {
            let named = |text: &String| match text.as_str() {
                "" => key.clone(),
                text => format!("{key}={text}"),
            };
            match (explode, parts) {
                (true, Parts::Many(items)) => {
                    prefixed(';', &items.iter().map(named).collect::<Vec<_>>())
                }
                (true, Parts::Members(members)) => prefixed(';', &pairs(members)),
                (_, parts) => prefixed(';', &[named(&flat(parts, ","))]),
            }
        })
    }

    /// Puts an object into the path as `k=a,m=b` if it is to `explode`, and as `k,a,m,b` if not.
    #[must_use]
    pub fn path_object<T: Serialize>(self, name: &'static str, value: &T, explode: bool) -> Self {
        self.path_styled(name, value, |parts| simple(parts, explode))
    }

    /// Adds an object as one value: `name=k,a,m,b`, with this separator.
    #[must_use]
    pub fn query_flat<T: Serialize>(
        mut self,
        name: &'static str,
        value: Option<&T>,
        separator: char,
    ) -> Self {
        // A comma is legal as it is; spaces and bars are not.
        let separator = match separator {
            ',' => Cow::Borrowed(","),
            other => encode(other.encode_utf8(&mut [0; 4])).into(),
        };
        let Some(value) = value else { return self };
        match parts(value, encode) {
            Ok(Some(parts)) => {
                push_pair(&mut self.query, name, [flat(&parts, &separator).as_str()]);
                self
            }
            Ok(None) => self,
            Err(problem) => self.fail(Some(name), problem),
        }
    }

    /// Adds a header with an object in it: `k=a,m=b` if it is to `explode`, and `k,a,m,b` if not.
    #[must_use]
    pub fn header_object<T: Serialize>(
        self,
        name: &'static str,
        value: Option<&T>,
        explode: bool,
    ) -> Self {
        let Some(value) = value else { return self };
        match parts(value, str::to_owned) {
            Ok(Some(parts)) => self.header(name, Some(&simple(&parts, explode))),
            Ok(None) => self,
            Err(problem) => self.fail(Some(name), problem),
        }
    }

    /// Adds a list or an object as cookies: `name=a; name=b` and `k=a; m=b` if it is to `explode`,
    /// `name=a,b` and `name=k,a,m,b` if not.
    #[must_use]
    pub fn cookie_parts<T: Serialize>(
        mut self,
        name: &'static str,
        value: Option<&T>,
        explode: bool,
    ) -> Self {
        let Some(value) = value else { return self };
        let parts = match parts(value, encode) {
            Ok(Some(parts)) => parts,
            Ok(None) => return self,
            Err(problem) => return self.fail(Some(name), problem),
        };
        let key = encode(name);
        let cookies = match (explode, &parts) {
            (true, Parts::Many(items)) => {
                items.iter().map(|item| format!("{key}={item}")).collect()
            }
            (true, Parts::Members(members)) => pairs(members),
            (_, parts) => vec![format!("{key}={}", flat(parts, ","))],
        };
        cookies.iter().for_each(|cookie| self.add_cookie(cookie));
        self
    }

    fn path_styled<T: Serialize>(
        self,
        name: &'static str,
        value: &T,
        write: impl FnOnce(&Parts) -> String,
    ) -> Self {
        match parts(value, encode) {
            Ok(parts) => {
                let text = parts.map(|parts| write(&parts)).unwrap_or_default();
                self.path_text(name, text)
            }
            Err(problem) => self.fail(Some(name), problem),
        }
    }
}

fn encode(text: &str) -> String {
    encode::value(text).to_string()
}

/// The parts of a value, each encoded; `None` if there are none. What is null is left out.
fn parts(value: &impl Serialize, encode: Encode) -> Result<Option<Parts>, Cow<'static, str>> {
    let value = serde_json::to_value(value);
    let value = value.map_err(|error| Cow::from(format!("cannot be written: {error}")))?;
    let text = |value: Value| match value {
        Value::Null => Ok(None),
        Value::Bool(_) | Value::Number(_) => Ok(Some(encode(&value.to_string()))),
        Value::String(text) => Ok(Some(encode(&text))),
        Value::Array(_) | Value::Object(_) => Err(Cow::from(NESTED)),
    };
    Ok(match value {
        Value::Array(items) => {
            let items = items.into_iter().filter_map(|item| text(item).transpose());
            Some(items.collect::<Result<Vec<_>, _>>()?)
                .filter(|items| !items.is_empty())
                .map(Parts::Many)
        }
        Value::Object(members) => {
            let members = members.into_iter().filter_map(|(name, value)| {
                let value = text(value).transpose()?;
                Some(value.map(|value| (encode(&name), value)))
            });
            Some(members.collect::<Result<Vec<_>, _>>()?)
                .filter(|members| !members.is_empty())
                .map(Parts::Members)
        }
        scalar => text(scalar)?.map(Parts::One),
    })
}

/// `a,b` and `k,a,m,b`
fn flat(parts: &Parts, separator: &str) -> String {
    match parts {
        Parts::One(text) => text.clone(),
        Parts::Many(items) => items.join(separator),
        Parts::Members(members) => {
            let texts = members.iter().flat_map(|(name, value)| [name.as_str(), value]);
            texts.collect::<Vec<_>>().join(separator)
        }
    }
}

/// `a,b`, `k=a,m=b` and `k,a,m,b`
fn simple(parts: &Parts, explode: bool) -> String {
    match (explode, parts) {
        (true, Parts::Members(members)) => pairs(members).join(","),
        (_, parts) => flat(parts, ","),
    }
}

fn pairs(members: &[(String, String)]) -> Vec<String> {
    members.iter().map(|(name, value)| format!("{name}={value}")).collect()
}

fn prefixed(prefix: char, texts: &[String]) -> String {
    texts.iter().map(|text| format!("{prefix}{text}")).collect()
}
