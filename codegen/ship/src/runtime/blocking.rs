//! Calls that wait, for programs without an async runtime.
use std::fmt;
use std::future::{Future, IntoFuture, pending};
use std::sync::{Mutex, PoisonError};
use std::thread;

use tokio::runtime::{Builder, Handle};

use super::batch::{Batch, BatchErrorOf, BatchReport, Batched};
use super::cursor::Cursor;
use super::error::Error;
use super::failure::ConfigError;
use super::items::Items;
use super::page::{Page, Paged, Pages};

/// Waits for anything that could be awaited: a request, its `response()` or `raw()`, or
/// `pages().collect_all(100)`.
///
/// The waiting is done on the thread of the caller. One thread for the whole process, started by the
/// first call, looks after connections and clocks.
///
/// Pages and items are read by [`Pages::blocking`] and [`Items::blocking`], a batch is sent by
/// [`Batch::wait`].
pub trait Blocking {
    /// What comes of it.
    type Value;

    /// Waits for it.
    ///
    /// # Errors
    ///
    /// Those of the call. On a thread of an async runtime, [`Error::Config`]: it would keep the
    /// other tasks of that thread from going on. Await the call there; inside of `spawn_blocking`,
    /// use `Handle::current().block_on(...)` of tokio, or a thread of your own. Also if the thread
    /// for connections cannot be started.
    fn wait(self) -> Result<Self::Value, Error>;
}

impl<F, T> Blocking for F
where
    F: IntoFuture<Output = Result<T, Error>>,
{
    type Value = T;

    fn wait(self) -> Result<T, Error> {
        waiter()?.block_on(self.into_future())
    }
}

/// The runtime that drives connections and clocks.
static DRIVER: Mutex<Option<Handle>> = Mutex::new(None);

/// Polls futures on the thread of its caller. A panic inside of one comes out there, and leaves the
/// driver as it was.
fn waiter() -> Result<Handle, ConfigError> {
    match Handle::try_current() {
        Err(_) => driver(),
        Ok(_) => Err(ConfigError::new(
            "a blocking call on a thread of an async runtime: await it instead, or, inside of \
             `spawn_blocking`, use `Handle::current().block_on(...)` or a thread of your own",
        )),
    }
}

fn driver() -> Result<Handle, ConfigError> {
    let mut driver = DRIVER.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*driver {
        return Ok(handle.clone());
    }
    let failed = |error| {
        ConfigError::with_source("the thread for blocking calls could not be started", error)
    };
    let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let handle = runtime.handle().clone();
    // The handle of such a runtime drives nothing by itself.
    let run = move || runtime.block_on(pending::<()>());
    thread::Builder::new().name("blocking-calls".to_owned()).spawn(run).map_err(failed)?;
    *driver = Some(handle.clone());
    Ok(handle)
}

impl<R: Batched> Batch<R> {
    /// Sends the list and waits until that is done.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send). On a thread of an async runtime nothing is sent, and the error
    /// is [`Error::Config`]; see [`Blocking::wait`].
    pub fn wait(self) -> Result<BatchReport<R::Answer>, BatchErrorOf<R>> {
        match waiter() {
            Ok(waiter) => waiter.block_on(self.send()),
            Err(error) => Err(self.refused(error.into())),
        }
    }
}

impl<R: Paged> Pages<R> {
    /// Reads page by page as an iterator that waits for each.
    #[must_use]
    pub fn blocking(self) -> BlockingPages<R> {
        BlockingPages { pages: self, refused: false }
    }
}

impl<R: Paged> Items<R> {
    /// Reads item by item as an iterator that waits for each page.
    #[must_use]
    pub fn blocking(self) -> BlockingItems<R> {
        BlockingItems { items: self, refused: false }
    }
}

/// [`Pages`] as an iterator.
///
/// After an error it gives `None` until [`retry`](Self::retry) is called. On a thread of an async
/// runtime the error is [`Error::Config`]; see [`Blocking::wait`].
pub struct BlockingPages<R: Paged> {
    pages: Pages<R>,
    /// The last call was one that cannot wait.
    refused: bool,
}

impl<R: Paged> BlockingPages<R> {
    /// See [`Pages::cursor`].
    #[must_use]
    pub fn cursor(&self) -> Option<&Cursor> {
        self.pages.cursor()
    }

    /// Asks again for the page that failed.
    pub fn retry(&mut self) {
        self.refused = false;
        self.pages.retry();
    }

    /// What was made blocking.
    #[must_use]
    pub fn into_inner(self) -> Pages<R> {
        self.pages
    }
}

impl<R: Paged> Iterator for BlockingPages<R> {
    type Item = Result<Page<R::Item>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        step(&mut self.refused, self.pages.next())
    }
}

/// [`Items`] as an iterator.
///
/// After an error it gives `None` until [`retry`](Self::retry) is called. On a thread of an async
/// runtime the error is [`Error::Config`]; see [`Blocking::wait`].
pub struct BlockingItems<R: Paged> {
    items: Items<R>,
    /// The last call was one that cannot wait.
    refused: bool,
}

impl<R: Paged> BlockingItems<R> {
    /// See [`Items::cursor`].
    #[must_use]
    pub fn cursor(&self) -> Option<&Cursor> {
        self.items.cursor()
    }

    /// See [`Items::offset_in_page`].
    #[must_use]
    pub fn offset_in_page(&self) -> usize {
        self.items.offset_in_page()
    }

    /// Asks again for the page that failed.
    pub fn retry(&mut self) {
        self.refused = false;
        self.items.retry();
    }

    /// What was made blocking.
    #[must_use]
    pub fn into_inner(self) -> Items<R> {
        self.items
    }
}

impl<R: Paged> Iterator for BlockingItems<R> {
    type Item = Result<R::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        step(&mut self.refused, self.items.next())
    }
}

/// A loop that only logs errors comes to an end here too.
pub(super) fn step<T>(
    refused: &mut bool,
    next: impl Future<Output = Option<Result<T, Error>>>,
) -> Option<Result<T, Error>> {
    if *refused {
        return None;
    }
    match waiter() {
        Ok(waiter) => waiter.block_on(next),
        Err(error) => {
            *refused = true;
            Some(Err(error.into()))
        }
    }
}

impl<R: Paged> fmt::Debug for BlockingPages<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BlockingPages").field(&self.pages).finish()
    }
}

impl<R: Paged> fmt::Debug for BlockingItems<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BlockingItems").field(&self.items).finish()
    }
}
