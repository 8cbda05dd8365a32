//! Lists that are longer than one call takes.
use std::fmt;
use std::future::IntoFuture;

use super::error::Error;
use super::failure::RequestError;
use super::operation::Operation;
use super::transport::BoxFuture;

/// A request with a list of which the service takes only so much in one call.
pub trait Batched: Clone + Send + 'static {
    /// One of the things in the list.
    type Entry: Clone + Send + 'static;
    /// What one call answers.
    type Answer: Send + 'static;

    /// What is called for each chunk.
    const OPERATION: &'static Operation;
    /// The most entries that one call takes.
    const MAX: usize;

    /// Takes the list out of the request; none where the request has no list.
    fn take_entries(&mut self) -> Vec<Self::Entry>;

    /// Sends the request with these entries in place of its list.
    fn call(&self, entries: Vec<Self::Entry>) -> BoxFuture<'static, Result<Self::Answer, Error>>;
}

/// Sends a long list in chunks, one call after the other and in order.
///
/// Every call has its own deadline and its own attempts. The first one that fails ends the batch:
/// [`BatchError`] says what is done and gives back what is not.
#[derive(Clone)]
#[must_use = "a batch does nothing until it is sent"]
pub struct Batch<R> {
    request: R,
    chunk_size: usize,
}

impl<R: Batched> Batch<R> {
    /// The list of `request` in the largest chunks that one call takes.
    pub fn new(request: R) -> Self {
        Self { request, chunk_size: R::MAX }
    }

    /// The most entries in one call: as many as the service takes. 0 and more than that are refused
    /// before anything is sent.
    pub fn chunk_size(mut self, entries: usize) -> Self {
        self.chunk_size = entries;
        self
    }

    /// Sends the list; without entries, nothing is sent.
    ///
    /// Dropping the future ends the batch with the call that is under way, which may or may not be
    /// executed; what was answered stays done, and no other call follows.
    ///
    /// # Errors
    ///
    /// A call failed, or the size of the chunks cannot be.
    pub async fn send(mut self) -> Result<BatchReport<R::Answer>, BatchErrorOf<R>> {
        if let Some(error) = self.problem() {
            return Err(self.refused(error));
        }
        let mut rest = self.request.take_entries().into_iter();
        let mut done = BatchReport { entries: 0, answers: Vec::new() };
        loop {
            let chunk: Vec<R::Entry> = rest.by_ref().take(self.chunk_size).collect();
            if chunk.is_empty() {
                return Ok(done);
            }
            let call = self.request.call(chunk.clone());
            match call.await {
                Ok(answer) => {
                    done.entries += chunk.len();
                    done.answers.push(answer);
                }
                Err(error) => {
                    return Err(BatchError { done, failed: chunk, unsent: rest.collect(), error });
                }
            }
        }
    }

    /// The error of a batch that does not begin.
    pub(super) fn refused(mut self, error: Error) -> BatchErrorOf<R> {
        let done = BatchReport { entries: 0, answers: Vec::new() };
        BatchError { done, failed: Vec::new(), unsent: self.request.take_entries(), error }
    }

    fn problem(&self) -> Option<Error> {
        if (1..=R::MAX).contains(&self.chunk_size) {
            return None;
        }
        let message =
            format!("the chunk size must be from 1 to {}, not {}", R::MAX, self.chunk_size);
        Some(RequestError::new(R::OPERATION, None, message).into())
    }
}

impl<R: Batched> IntoFuture for Batch<R> {
    type Output = Result<BatchReport<R::Answer>, BatchErrorOf<R>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl<R> fmt::Debug for Batch<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("chunk_size", &self.chunk_size).finish_non_exhaustive()
    }
}

/// What was done of a batch.
#[derive(Clone)]
pub struct BatchReport<A = ()> {
    entries: usize,
    answers: Vec<A>,
}

impl<A> BatchReport<A> {
    /// How many entries the service has accepted.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// In how many calls; repeated attempts are not counted.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.answers.len()
    }

    /// What the calls answered, in their order.
    #[must_use]
    pub fn answers(&self) -> &[A] {
        &self.answers
    }

    /// What the calls answered, in their order.
    #[must_use]
    pub fn into_answers(self) -> Vec<A> {
        self.answers
    }
}

impl<A> fmt::Debug for BatchReport<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchReport")
            .field("entries", &self.entries)
            .field("calls", &self.calls())
            .finish_non_exhaustive()
    }
}

/// The error of a batch of the request `R`.
pub type BatchErrorOf<R> = BatchError<<R as Batched>::Entry, <R as Batched>::Answer>;

/// A batch that came to an end before its last call.
///
/// Entries may be personal: they are kept, but not printed.
pub struct BatchError<E, A = ()> {
    done: BatchReport<A>,
    failed: Vec<E>,
    unsent: Vec<E>,
    error: Error,
}

impl<E, A> BatchError<E, A> {
    /// What was done before.
    #[must_use]
    pub fn done(&self) -> &BatchReport<A> {
        &self.done
    }

    /// The entries of the call that failed; none if the batch was refused before the first.
    #[must_use]
    pub fn failed(&self) -> &[E] {
        &self.failed
    }

    /// The entries behind those, which were not sent.
    #[must_use]
    pub fn unsent(&self) -> &[E] {
        &self.unsent
    }

    /// The error of the call that failed.
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// The error of the call that failed, by value.
    #[must_use]
    pub fn into_error(self) -> Error {
        self.error
    }

    /// Whether the call may have been executed although it failed, so that its entries may be done.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        self.error.is_ambiguous()
    }

    /// What was done, the entries that are not known to be done, and the error.
    #[must_use]
    pub fn into_parts(self) -> (BatchReport<A>, Vec<E>, Error) {
        let mut entries = self.failed;
        entries.extend(self.unsent);
        (self.done, entries, self.error)
    }

    /// All entries that are not known to be done, in their order: those of the call that failed and
    /// those that were not sent. A new batch of them goes on where this one stopped; after an
    /// [ambiguous](Self::is_ambiguous) failure it may do those of the first call a second time.
    #[must_use]
    pub fn into_remaining(self) -> Vec<E> {
        self.into_parts().1
    }
}

/// For those who need only the error; what was done is lost with the rest.
impl<E, A> From<BatchError<E, A>> for Error {
    fn from(error: BatchError<E, A>) -> Self {
        error.into_error()
    }
}

impl<E, A> fmt::Debug for BatchError<E, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchError")
            .field("done", &self.done)
            .field("failed", &self.failed.len())
            .field("unsent", &self.unsent.len())
            .field("error", &self.error)
            .finish()
    }
}

impl<E, A> fmt::Display for BatchError<E, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = self.done.entries;
        let all = done + self.failed.len() + self.unsent.len();
        write!(f, "{done} of {all} entries are done: {}", self.error)
    }
}

impl<E, A> std::error::Error for BatchError<E, A> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}
