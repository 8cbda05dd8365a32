//! The lock of the pacer. Its tests put one in its place that tries out many orders of events.

pub(super) use std::sync::{Mutex, MutexGuard, PoisonError};
