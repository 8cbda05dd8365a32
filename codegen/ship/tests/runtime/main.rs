//! Tests of the runtime, from outside, as generated code uses it.
mod batch;
#[cfg(feature = "blocking")]
mod blocking;
mod client;
mod client_calls;
mod credentials;
mod cursors;
mod dates;
mod decoding;
mod errors;
mod flexible;
mod http2;
mod matrix;
mod nullable;
mod pacing;
mod paging;
mod paging_items;
mod paging_prefetch;
mod promises;
mod query;
mod requests;
mod secrets;
mod support;
mod waits;
mod wire;
mod wire_faults;
mod wire_limits;
