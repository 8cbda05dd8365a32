//! Streams as iterators, for programs without an async runtime.
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;

use futures_core::Stream;

use super::blocking::step;
use super::error::Error;

/// A stream as an iterator that waits for each item.
///
/// On a thread of an async runtime it gives one error, [`Error::Config`], and then `None`.
#[must_use = "nothing is read until it is asked for"]
pub struct BlockingStream<S> {
    stream: S,
    /// The last call was one that cannot wait.
    refused: bool,
}

impl<S> BlockingStream<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, refused: false }
    }

    /// What was made blocking.
    #[must_use]
    pub fn into_inner(self) -> S {
        self.stream
    }
}

impl<T, S: Stream<Item = Result<T, Error>> + Unpin> Iterator for BlockingStream<S> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let stream = &mut self.stream;
        step(&mut self.refused, poll_fn(|context| Pin::new(&mut *stream).poll_next(context)))
    }
}

impl<S: fmt::Debug> fmt::Debug for BlockingStream<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BlockingStream").field(&self.stream).finish()
    }
}
