//! One request as it is put together: path, headers, cookies and body.
use std::borrow::Cow;
use std::fmt::{self, Display};
use std::ops::Range;

use bytes::Bytes;
use http::Method;
use http::header::{
    ACCEPT, CONTENT_TYPE, COOKIE, HeaderName, HeaderValue, InvalidHeaderValue, USER_AGENT,
};
use http::uri::{Parts, PathAndQuery, Uri};
use serde::Serialize;

use super::encode;
use super::error::Error;
use super::failure::RequestError;
use super::operation::Operation;
use super::secret::Prepared;

/// A request under construction.
///
/// The first problem is remembered and reported when the request is to be sent, so that no step in
/// between returns a `Result`.
pub struct Request {
    operation: &'static Operation,
    pub(super) server: Option<&'static str>,
    path: Vec<(&'static str, String)>,
    pub(super) query: String,
    headers: Headers,
    cookies: String,
    body: Bytes,
    /// What transports get besides.
    pub(super) extensions: http::Extensions,
    problem: Option<RequestError>,
}

impl Request {
    /// A request for `operation` without any values.
    #[must_use]
    pub fn new(operation: &'static Operation) -> Self {
        Self {
            operation,
            server: None,
            path: Vec::new(),
            query: String::new(),
            headers: Headers::default(),
            cookies: String::new(),
            body: Bytes::new(),
            extensions: http::Extensions::new(),
            problem: None,
        }
    }

    /// Sends the request elsewhere than others: to an address of its own, or below another path
    /// (`/v2`) of their host.
    #[must_use]
    pub fn server(mut self, server: &'static str) -> Self {
        self.server = Some(server);
        self
    }

    /// Puts `value` into the path. It stays within its segment.
    #[must_use]
    pub fn path<T: Display>(self, name: &'static str, value: &T) -> Self {
        let text = value.to_string();
        // What needs no encoding is not copied. A borrowed text may be the code of a single character.
        let encoded = Cow::from(encode::value(&text));
        let encoded = (encoded != text).then(|| encoded.into_owned());
        self.path_text(name, encoded.unwrap_or(text))
    }

    /// Puts the `values` into one segment of the path.
    #[must_use]
    pub fn path_joined<T: Display>(
        self,
        name: &'static str,
        values: &[T],
        separator: char,
    ) -> Self {
        let joined = join(values, separator);
        self.path_text(name, joined)
    }

    pub(super) fn path_text(mut self, name: &'static str, encoded: String) -> Self {
        if encoded.is_empty() {
            return self.fail(Some(name), "must not be empty");
        }
        self.path.push((name, encoded));
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header<T: Display>(self, name: &'static str, value: Option<&T>) -> Self {
        match value {
            Some(value) => self.header_text(name, &value.to_string()),
            None => self,
        }
    }

    /// Adds a header with a list in it.
    #[must_use]
    pub fn header_joined<T: Display>(self, name: &'static str, values: Option<&[T]>) -> Self {
        match values {
            Some(values) if !values.is_empty() => {
                let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
                self.header_text(name, &texts.join(","))
            }
            _ => self,
        }
    }

    fn header_text(mut self, name: &'static str, value: &str) -> Self {
        let Ok(header) = HeaderName::from_bytes(name.as_bytes()) else {
            return self.fail(Some(name), "is not a header name");
        };
        let Ok(value) = HeaderValue::from_str(value) else {
            return self.fail(Some(name), "holds a character that a header cannot carry");
        };
        self.headers.set(&header, value);
        self
    }

    /// Adds a cookie.
    #[must_use]
    pub fn cookie<T: Display>(mut self, name: &'static str, value: Option<&T>) -> Self {
        if let Some(value) = value {
            self.add_cookie(&encode::pair(name, &value.to_string()));
        }
        self
    }

    pub(super) fn add_cookie(&mut self, pair: &str) {
        add_cookie(&mut self.cookies, pair);
    }

    /// Says which media type is wanted.
    #[must_use]
    #[inline]
    pub fn accept(mut self, media_type: &'static str) -> Self {
        let Ok(media_type) = header_value(media_type) else {
            return self.fail(None, "the accepted type is not a header value");
        };
        self.headers.set(&ACCEPT, media_type);
        self
    }

    /// Sends `body` as JSON.
    #[must_use]
    pub fn json<T: Serialize + ?Sized>(self, media_type: &'static str, body: &T) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => self.bytes(media_type, body.into()),
            Err(error) => self.fail(None, format!("the body cannot be written: {error}")),
        }
    }

    /// Sends `body` as it is.
    #[must_use]
    pub fn text(self, media_type: &'static str, body: &str) -> Self {
        self.bytes(media_type, Bytes::copy_from_slice(body.as_bytes()))
    }

    /// Sends `body` as it is.
    #[must_use]
    pub fn bytes(self, media_type: &'static str, body: Bytes) -> Self {
        let Ok(media_type) = header_value(media_type) else {
            return self.fail(None, "the content type is not a header value");
        };
        self.content(media_type, body)
    }

    pub(super) fn content(mut self, media_type: HeaderValue, body: Bytes) -> Self {
        self.headers.set(&CONTENT_TYPE, media_type);
        self.body = body;
        self
    }

    /// Refuses a value below `bound`.
    #[must_use]
    #[inline]
    pub fn check_minimum(self, name: &'static str, value: Option<f64>, bound: f64) -> Self {
        match value {
            Some(value) if value < bound => {
                self.fail(Some(name), format!("must be at least {bound}"))
            }
            _ => self,
        }
    }

    /// Refuses a value above `bound`.
    #[must_use]
    #[inline]
    pub fn check_maximum(self, name: &'static str, value: Option<f64>, bound: f64) -> Self {
        match value {
            Some(value) if value > bound => {
                self.fail(Some(name), format!("must be at most {bound}"))
            }
            _ => self,
        }
    }

    pub(super) fn fail(
        mut self,
        parameter: Option<&'static str>,
        message: impl Into<String>,
    ) -> Self {
        if self.problem.is_none() {
            self.problem = Some(RequestError::new(self.operation, parameter, message));
        }
        self
    }

    pub(super) fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The finished request, with the credentials in their places.
    pub(super) fn finish<'a>(
        mut self,
        base: &Uri,
        user_agent: &HeaderValue,
        credentials: impl Iterator<Item = &'a Prepared>,
    ) -> Result<Ready, Error> {
        if let Some(problem) = self.problem {
            return Err(problem.into());
        }
        for credential in credentials {
            match credential {
                Prepared::Header(name, value) => {
                    self.headers.set(name, value.clone());
                }
                Prepared::Query(pair) => add_query(&mut self.query, pair),
                Prepared::Cookie(pair) => add_cookie(&mut self.cookies, pair),
            }
        }
        let refuse = |message| RequestError::new(self.operation, None, message);
        if !self.cookies.is_empty() {
            let mut cookies = HeaderValue::try_from(self.cookies)
                .map_err(|_| refuse("the cookies do not fit into a header"))?;
            cookies.set_sensitive(true);
            self.headers.set(&COOKIE, cookies);
        }
        if !self.headers.has(&USER_AGENT) {
            self.headers.set(&USER_AGENT, user_agent.clone());
        }
        let target = target(base, self.operation, &self.path, &self.query)?;
        let uri = uri(base, target).ok_or_else(|| refuse("the URL is too long or not valid"))?;
        let Self { operation, headers, body, extensions, .. } = self;
        Ok(Ready { method: &operation.method, uri, headers, body, extensions })
    }
}

/// A finished request, which can be sent more than once.
pub(super) struct Ready {
    method: &'static Method,
    uri: Uri,
    headers: Headers,
    body: Bytes,
    pub(super) extensions: http::Extensions,
}

impl Ready {
    /// The request for one attempt. Its map of headers is made here and not copied: a copy costs as
    /// much, and would have to grow when the HTTP library adds its own.
    pub(super) fn request(&self) -> http::Request<Bytes> {
        let mut request = http::Request::new(self.body.clone());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        for (name, value) in &self.headers.0 {
            request.headers_mut().insert(name, value.clone());
        }
        request
    }
}

/// Headers, each name once.
#[derive(Default)]
struct Headers(Vec<(HeaderName, HeaderValue)>);

impl Headers {
    fn set(&mut self, name: &HeaderName, value: HeaderValue) {
        match self.0.iter_mut().find(|(given, _)| given == name) {
            Some((_, given)) => *given = value,
            None => self.0.push((name.clone(), value)),
        }
    }

    fn has(&self, name: &HeaderName) -> bool {
        self.0.iter().any(|(given, _)| given == name)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation.id)
            .field("problem", &self.problem)
            .finish_non_exhaustive()
    }
}

/// The `values`, each encoded, with the separator between them.
pub(super) fn join<T: Display>(values: &[T], separator: char) -> String {
    let encoded = |value: &T| encode::value(&value.to_string()).to_string();
    let texts: Vec<String> = values.iter().map(encoded).collect();
    // A comma is legal as it is; spaces and bars are not.
    match separator {
        ',' => texts.join(","),
        _ => texts.join(&encode::value(separator.encode_utf8(&mut [0; 4])).to_string()),
    }
}

/// A header's value, not copied.
fn header_value(text: &'static str) -> Result<HeaderValue, InvalidHeaderValue> {
    HeaderValue::from_maybe_shared(Bytes::from_static(text.as_bytes()))
}

/// The place at `base` with this path and query; `None` if they are too long or not valid.
fn uri(base: &Uri, target: String) -> Option<Uri> {
    let mut parts = Parts::default();
    parts.scheme = base.scheme().cloned();
    parts.authority = base.authority().cloned();
    parts.path_and_query = Some(PathAndQuery::from_maybe_shared(Bytes::from(target)).ok()?);
    Uri::from_parts(parts).ok()
}

/// Path and query with the values in their places.
fn target(
    base: &Uri,
    operation: &'static Operation,
    values: &[(&'static str, String)],
    query: &str,
) -> Result<String, RequestError> {
    let refuse = |name, message: &str| RequestError::new(operation, name, message);
    let mut start = base.path();
    while let Some(shorter) = start.strip_suffix('/') {
        start = shorter;
    }
    let length = start.len() + operation.path.len() + query.len() + 32;
    let mut target = String::with_capacity(length);
    target.push_str(start);
    let mut rest = operation.path;
    // Where each value begins.
    let mut places = Vec::with_capacity(values.len());
    while let Some((text, after)) = cut(rest, b'{') {
        let (name, after) =
            cut(after, b'}').ok_or_else(|| refuse(None, "its path has a brace without an end"))?;
        let (name, value) = values
            .iter()
            .find(|(given, _)| *given == name)
            .ok_or_else(|| refuse(None, "its path has a parameter without a value"))?;
        encode::push_literal(&mut target, text);
        places.push((target.len(), *name));
        target.push_str(value);
        rest = after;
    }
    encode::push_literal(&mut target, rest);
    // URL parsers fold dot segments, also encoded ones, and would reach another operation.
    if let Some(segment) = dot_segment(&target) {
        let mut inside = places.iter().filter(|(at, _)| segment.contains(at));
        let name = inside.next().map(|(_, name)| *name);
        return Err(refuse(name, "must not be `.` or `..`"));
    }
    if !query.is_empty() {
        target.push(if target.contains('?') { '&' } else { '?' });
        target.push_str(query);
    }
    Ok(target)
}

/// The text before and after the first such character.
fn cut(text: &str, character: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == character)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The first segment of the path of `target` that is one or two dots.
fn dot_segment(target: &str) -> Option<Range<usize>> {
    // Few paths hold a dot, and that is quick to see.
    if !target.bytes().any(|byte| byte == b'.') {
        return None;
    }
    let path = target.split('?').next().unwrap_or_default();
    let mut start = 0;
    for segment in path.split('/') {
        let end = start + segment.len();
        if matches!(segment, "." | "..") {
            return Some(start..end);
        }
        start = end + 1;
    }
    None
}

fn add_query(query: &mut String, pair: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(pair);
}

fn add_cookie(cookies: &mut String, pair: &str) {
    if !cookies.is_empty() {
        cookies.push_str("; ");
    }
    cookies.push_str(pair);
}
