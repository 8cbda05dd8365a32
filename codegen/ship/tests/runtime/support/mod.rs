//! What the tests share.
#[cfg(all(feature = "rustls", feature = "tracing"))]
pub mod capture;
pub mod clock;
pub mod counting;
pub mod paced;
#[cfg(feature = "rustls")]
pub mod proxy;
pub mod script;
pub mod server;
pub mod sim;
#[cfg(feature = "rustls")]
pub mod tls;

use std::time::Duration;

use http::Method;
use serde_json::Value;
use ship::runtime::{Error, Operation, Response, Retry, RetrySafety};

pub const fn operation(
    id: &'static str,
    method: Method,
    path: &'static str,
    retry: RetrySafety,
) -> Operation {
    Operation { id, method, path, retry, security: &[] }
}

const THING: &str = "/things/{id}";

pub static READ: Operation = operation("getThing", Method::GET, THING, RetrySafety::Safe);
pub static REMOVE: Operation =
    operation("deleteThing", Method::DELETE, THING, RetrySafety::Idempotent);
pub static WRITE: Operation = operation("createThing", Method::POST, THING, RetrySafety::OnRefusal);

/// Waits short enough for a real clock.
pub fn hasty() -> Retry {
    Retry::default()
        .backoff(Duration::from_millis(4), Duration::from_millis(8))
        .refusal_wait(Duration::from_millis(4))
}

/// What a table says about the end of a call.
pub fn summary<T>(outcome: &Result<Response<T>, Error>) -> String {
    let error = match outcome {
        Ok(response) => return format!("ok {}", response.attempts()),
        Err(error) => error,
    };
    let name = match error {
        Error::Timeout(_) => "timeout".to_owned(),
        Error::Transport(error) => format!("{:?}, sent {:?}", error.kind, error.sent),
        Error::Api(error) => format!("status {}", error.status().as_u16()),
        Error::RateLimited(_) => "rate limited".to_owned(),
        Error::Redirect(_) => "redirect".to_owned(),
        Error::Decode(error) => format!("{:?}", error.kind()),
        Error::BodyTooLarge(_) => "too large".to_owned(),
        Error::Request(_) => "request".to_owned(),
        other => format!("{other:?}"),
    };
    let ambiguous = if error.is_ambiguous() { ", ambiguous" } else { "" };
    format!("{name} {}{ambiguous}", error.attempts())
}

/// All that can be printed of an error.
pub fn printed(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}\n");
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(&format!("{error}\n{error:?}\n"));
        cause = error.source();
    }
    text
}

pub fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}
