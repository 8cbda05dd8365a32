//! Holds the runtime that is copied into every generated client; nothing else uses this package.
pub mod runtime;
