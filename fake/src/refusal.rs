//! Why a request is not done.

use http::{HeaderMap, Method, StatusCode};

/// The most problems that are told one by one.
const MOST: usize = 100;

/// An answer that is not a success.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Refusal {
    /// Each constraint that the input breaks, with its field.
    BadRequest(Vec<String>),
    Unauthorized,
    /// What the key does not reach.
    Forbidden(String),
    /// What there is not.
    NotFound(String),
    /// The path is there, with these methods.
    NoSuchMethod(Vec<Method>),
    /// The item cannot be edited here, whatever the method.
    NotEditable(&'static str),
    /// More bytes than this.
    TooLarge(usize),
    /// The media type that came.
    NotJson(String),
    /// With the headers that go with it.
    TooMany(&'static str, HeaderMap),
}

impl Refusal {
    pub(crate) fn bad(problem: impl Into<String>) -> Self {
        Self::BadRequest(vec![problem.into()])
    }

    /// A refusal if there are problems.
    pub(crate) fn of(problems: Vec<String>) -> Result<(), Self> {
        match problems.is_empty() {
            true => Ok(()),
            false => Err(Self::BadRequest(problems)),
        }
    }

    pub(crate) fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound(what.into())
    }

    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::NoSuchMethod(_) | Self::NotEditable(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotJson(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany(..) => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// One sentence, or several with `; ` between them.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::BadRequest(problems) => match problems.split_at_checked(MOST) {
                Some((told, rest)) if !rest.is_empty() => {
                    format!("{}; and {} more", told.join("; "), rest.len())
                }
                _ => problems.join("; "),
            },
            Self::Unauthorized => "missing or invalid management key".to_owned(),
            Self::Forbidden(what) => format!("the key has no access to {what}"),
            Self::NotFound(what) => format!("{what} not found"),
            Self::NoSuchMethod(methods) => format!("use {}", list(methods)),
            Self::NotEditable(what) => format!("{what} cannot be edited"),
            Self::TooLarge(most) => format!("the body has more than {most} bytes"),
            Self::NotJson(found) => format!("the body must be application/json, not `{found}`"),
            Self::TooMany(what, _) => format!("rate limit exceeded: {what}"),
        }
    }

    pub(crate) fn headers(self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        match self {
            Self::TooMany(_, headers) => return headers,
            Self::Unauthorized => {
                let value = http::HeaderValue::from_static("Bearer");
                headers.insert(http::header::WWW_AUTHENTICATE, value);
            }
            Self::NoSuchMethod(methods) => allow(&mut headers, &methods),
            // Everything but the edit is allowed.
            Self::NotEditable(_) => allow(&mut headers, &[Method::GET]),
            _ => {}
        }
        headers
    }
}

fn allow(headers: &mut HeaderMap, methods: &[Method]) {
    if let Ok(value) = list(methods).parse() {
        headers.insert(http::header::ALLOW, value);
    }
}

fn list(methods: &[Method]) -> String {
    let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_problems_are_told_in_part() {
        let told = |count| Refusal::BadRequest(vec!["a: b".to_owned(); count]).message();
        assert_eq!(told(2), "a: b; a: b");
        assert_eq!(told(MOST).matches("a: b").count(), MOST);
        assert!(!told(MOST).contains("more"));
        assert_eq!(told(MOST + 7), format!("{}; and 7 more", told(MOST)));
    }
}
