//! Tests of the runtime, from outside, as generated code uses it.
mod batch;
#[cfg(feature = "blocking")]
mod blocking;
mod budgets;
mod client;
mod client_calls;
mod credentials;
mod cursors;
mod dates;
mod day;
mod decoding;
mod errors;
mod fairness;
mod flexible;
mod headers;
mod http2;
mod kept;
mod limits;
mod matrix;
mod midnight;
mod multipart;
mod nullable;
mod pacing;
mod paging;
mod paging_items;
mod paging_prefetch;
mod panics;
mod promises;
#[cfg(feature = "rustls")]
mod proxies;
mod query;
mod refusals;
mod requests;
mod runtimes;
mod secrets;
mod servers;
mod sharing;
mod streams;
mod styles;
mod support;
#[cfg(feature = "rustls")]
mod tls;
#[cfg(all(feature = "rustls", feature = "tracing"))]
mod traces;
mod waits;
mod wire;
mod wire_faults;
mod wire_limits;
mod wire_pace;
