//! What every client of this kind shares: sending, retrying, paging and the types of values.
//!
//! The files of this folder are the same in every generated client that has them, and name no API.
#![allow(unused_imports, reason = "no client uses every name")]

mod answer;
mod backoff;
mod batch;
#[cfg(feature = "blocking")]
mod blocking;
mod builder;
mod clock;
mod connections;
mod core;
mod cursor;
mod date;
mod day;
pub mod decode;
mod decode_error;
mod early;
mod encode;
mod error;
mod exchange;
mod failure;
mod flex;
mod gate;
pub mod header;
mod http_clients;
mod http_transport;
mod items;
mod limits;
mod line;
mod nullable;
pub mod number;
mod observer;
mod open_enum;
mod operation;
mod options;
mod origin;
mod pacer;
mod pacing;
mod page;
mod permit;
mod place;
mod progress;
mod query;
mod rate_limit;
mod request;
mod response;
mod retry;
mod retrying;
mod secret;
mod server;
mod slots;
mod styles;
mod sync;
mod tokens;
#[cfg(feature = "tracing")]
mod trace;
mod transport;
mod verdict;

// [streams
#[cfg(feature = "blocking")]
mod blocking_streams;
mod download;
mod http_streams;
mod incoming;
mod streaming;
mod upload;
// streams]
// [events
mod event_parser;
mod events;
// events]
// [lines
mod line_parser;
mod lines;
// lines]
// [forms
mod multipart;
mod pieces;
// forms]

pub use self::answer::{ApiError, BodyTooLarge, RedirectError};
pub use self::batch::{Batch, BatchError, BatchErrorOf, BatchReport, Batched};
#[cfg(feature = "blocking")]
pub use self::blocking::{Blocking, BlockingItems, BlockingPages};
pub use self::builder::{CoreBuilder, Settings, Timeouts};
pub use self::clock::Clock;
pub use self::core::Core;
pub use self::cursor::Cursor;
pub use self::date::{Date, DateTime, InvalidDate};
pub use self::decode::Parts;
pub use self::decode_error::{DecodeError, DecodeErrorKind};
pub use self::error::Error;
pub use self::failure::{ConfigError, PaginationError, RequestError, TimeoutError, TimeoutPhase};
pub use self::flex::{FlexInteger, FlexText};
pub use self::http_transport::HttpTransport;
pub use self::items::Items;
pub use self::limits::{Evidence, LimitScope, Quota, QuotaState, RateLimits};
pub use self::nullable::{Nullable, required_nullable};
pub use self::observer::{Event, Observer};
pub use self::open_enum::open_enum;
pub use self::operation::{Operation, RetrySafety};
pub use self::options::CallOptions;
pub use self::pacer::{Budget, BudgetError, Pacer};
pub use self::page::{Page, Paged, Pages};
pub use self::rate_limit::RateLimitError;
pub use self::request::Request;
pub use self::response::Response;
pub use self::retry::Retry;
pub use self::retrying::Retrying;
pub use self::secret::{ApiKey, Credential};
pub use self::server::ServerVariable;
pub use self::transport::{
    Attempt, BoxFuture, Sent, Transport, TransportError, TransportErrorKind,
};
// [streams
#[cfg(feature = "blocking")]
pub use self::blocking_streams::BlockingStream;
pub use self::download::Download;
pub use self::incoming::Incoming;
pub use self::upload::{Upload, UploadChunks};
// streams]
// [events
pub use self::events::{EventStream, ServerEvent};
// events]
// [lines
pub use self::lines::JsonLines;
// lines]
// [forms
pub use self::multipart::FilePart;
// forms]
