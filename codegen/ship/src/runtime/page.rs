//! Lists that come page by page.
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::future::poll_fn;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::{fmt, mem};

use futures_core::Stream;
use futures_core::stream::FusedStream;
use serde::de::DeserializeOwned;

use super::cursor::Cursor;
use super::error::Error;
use super::failure::PaginationError;
use super::items::Items;
use super::operation::Operation;
use super::response::Response;
use super::transport::BoxFuture;

/// More pages than this are taken for an accident.
const MOST_PAGES: u64 = 100_000;

/// A request whose answer is one page of a list.
pub trait Paged: Clone + Send + Unpin + 'static {
    /// An answer.
    type Page: DeserializeOwned + Send + 'static;
    /// One of the things in the list.
    type Item: Send + 'static;

    /// What is called for each page.
    const OPERATION: &'static Operation;

    /// Requests the page at `cursor`, with all other parameters as they are set.
    fn fetch(
        &self,
        cursor: Option<&Cursor>,
    ) -> BoxFuture<'static, Result<Response<Self::Page>, Error>>;

    /// Takes an answer apart: its items, and where the next page begins.
    fn split(page: Self::Page) -> (Vec<Self::Item>, Option<Cursor>);
}

/// One page of a list.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items, which may be none in the middle of a list.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Cursor>,
    /// The number of the page, counted from 0 at the start.
    pub index: u64,
}

/// Reads a list page by page, by [`next`](Self::next) or as a `Stream`.
///
/// After an error, `next` and the stream give `None` until [`retry`](Self::retry) is called, so that
/// a loop that only logs errors comes to an end. A page that leads back to where the reading has
/// been ends it with [`Error::Pagination`]. Each page is a call with a deadline of its own; the
/// reading as a whole has none.
pub struct Pages<R: Paged> {
    request: R,
    /// Where the next page begins, and where the last one did.
    cursor: Option<Cursor>,
    read: Option<Cursor>,
    state: State<R>,
    /// Hashes of the cursors so far, with the page that named each first.
    seen: HashMap<u64, u64>,
    index: u64,
    most: u64,
    prefetch: bool,
}

enum State<R: Paged> {
    Ready,
    Fetching(Fetch<R>),
    /// An answer whose turn has not come.
    Fetched(Outcome<R>, Haste),
    Failed,
    Repeated {
        first_seen: u64,
    },
    Ended,
}

type Outcome<R> = Result<Response<<R as Paged>::Page>, Error>;

/// A request under way.
struct Fetch<R: Paged> {
    future: BoxFuture<'static, Outcome<R>>,
    haste: Haste,
}

/// Whether somebody waits for a page. Invariant: `Early` only until its turn comes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Haste {
    Early,
    Awaited,
}

impl<R: Paged> Pages<R> {
    /// Reads the list of `request` from `start`, or from its beginning.
    #[must_use]
    pub fn new(request: R, start: Option<Cursor>) -> Self {
        let mut pages = Self {
            request,
            cursor: None,
            read: None,
            state: State::Ready,
            seen: HashMap::new(),
            index: 0,
            most: MOST_PAGES,
            prefetch: false,
        };
        pages.start_at(start);
        pages
    }

    fn start_at(&mut self, start: Option<Cursor>) {
        let start = start.and_then(Cursor::given);
        self.seen = start.iter().map(|cursor| (hash(cursor), 0)).collect();
        self.cursor = start;
        self.state = State::Ready;
    }

    /// Goes on where another reading stopped, at what its [`cursor`](Self::cursor) was.
    ///
    /// The cursor of another operation is refused by the first [`next`](Self::next), with
    /// [`Error::Request`] and before anything is sent.
    #[must_use]
    pub fn resume_from(mut self, cursor: impl Into<Cursor>) -> Self {
        self.start_at(Some(cursor.into()));
        self
    }

    /// Ends with an error after this many pages: 100,000.
    #[must_use]
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.most = pages;
        self
    }

    /// Asks for each page while the one before is worked on, which hides the time of its travel.
    ///
    /// Never more than one page ahead, so two pages are held at most. Nothing is spawned: the
    /// request is sent when a page is handed out, and gets on whenever this reading is polled and
    /// whenever the network does without it. Dropping the reading drops the request. A page that was
    /// lost on its way before anybody waited for it is asked for once more when its turn comes; any
    /// other failure is reported then.
    #[must_use]
    pub fn prefetch(mut self) -> Self {
        self.prefetch = true;
        self
    }

    /// The next page; `None` after the last one, and after an error.
    ///
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<Page<R::Item>, Error>> {
        poll_fn(|context| self.poll_page(context)).await
    }

    /// The next page; `None` after the last one, and after an error.
    ///
    /// # Errors
    ///
    /// The page could not be read, or leads back.
    pub async fn try_next(&mut self) -> Result<Option<Page<R::Item>>, Error> {
        self.next().await.transpose()
    }

    /// Where the page begins that comes next, or that failed. `None` before the first page and
    /// after the last.
    #[must_use]
    pub fn cursor(&self) -> Option<&Cursor> {
        self.cursor.as_ref()
    }

    /// Asks again for the page that failed.
    pub fn retry(&mut self) {
        if matches!(self.state, State::Failed) {
            self.state = State::Ready;
        }
    }

    /// Reads item by item instead.
    #[must_use]
    pub fn items(self) -> Items<R> {
        Items::new(self)
    }

    /// Reads the whole list, of at most `max` items.
    ///
    /// # Errors
    ///
    /// A page could not be read, or there are more items.
    pub async fn collect_all(mut self, max: usize) -> Result<Vec<R::Item>, Error> {
        let mut items = Vec::new();
        while let Some(page) = self.try_next().await? {
            items.extend(page.items);
            if items.len() > max {
                return Err(PaginationError::TooManyItems { limit: max }.into());
            }
        }
        Ok(items)
    }

    /// Where the last page that was read begins.
    pub(super) fn read(&self) -> Option<&Cursor> {
        self.read.as_ref()
    }

    pub(super) fn poll_page(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Page<R::Item>, Error>>> {
        loop {
            // Should a transport panic, its request is not polled again.
            match mem::replace(&mut self.state, State::Failed) {
                State::Ready if self.index >= self.most => {
                    self.state = State::Ended;
                    let error = PaginationError::TooManyPages { limit: self.most };
                    return Poll::Ready(Some(Err(error.into())));
                }
                State::Ready => self.state = self.fetch(Haste::Awaited),
                State::Fetching(mut fetch) => match fetch.future.as_mut().poll(context) {
                    Poll::Ready(outcome) => self.state = State::Fetched(outcome, fetch.haste),
                    Poll::Pending => {
                        fetch.haste = Haste::Awaited;
                        self.state = State::Fetching(fetch);
                        return Poll::Pending;
                    }
                },
                State::Fetched(Err(error), Haste::Early) if is_lost(&error) => {
                    self.state = self.fetch(Haste::Awaited);
                }
                State::Fetched(Err(error), _) => return Poll::Ready(Some(Err(error))),
                State::Fetched(Ok(response), _) => {
                    let page = self.accept(response.into_value());
                    self.begin_next(context);
                    return Poll::Ready(Some(Ok(page)));
                }
                State::Repeated { first_seen } => {
                    self.state = State::Ended;
                    return Poll::Ready(Some(Err(self.repeated(first_seen))));
                }
                state @ (State::Failed | State::Ended) => {
                    self.state = state;
                    return Poll::Ready(None);
                }
            }
        }
    }

    /// Lets the next page get on, which nobody waits for yet.
    pub(super) fn poll_ahead(&mut self, context: &mut Context<'_>) {
        if let State::Fetching(fetch) = &mut self.state {
            if let Poll::Ready(outcome) = fetch.future.as_mut().poll(context) {
                self.state = State::Fetched(outcome, fetch.haste);
            }
        }
    }

    fn begin_next(&mut self, context: &mut Context<'_>) {
        let is_wanted = self.prefetch && self.index < self.most;
        if is_wanted && matches!(self.state, State::Ready) {
            self.state = self.fetch(Haste::Early);
            self.poll_ahead(context);
        }
    }

    fn fetch(&self, haste: Haste) -> State<R> {
        State::Fetching(Fetch { future: self.request.fetch(self.cursor.as_ref()), haste })
    }

    fn accept(&mut self, page: R::Page) -> Page<R::Item> {
        let (items, next) = R::split(page);
        let next = next.map(|cursor| cursor.named_by(R::OPERATION));
        let index = self.index;
        self.state = match &next {
            None => State::Ended,
            // Any return counts, an immediate one or one over many pages; going backwards to a
            // cursor that was not seen does not, since cursors need not be ordered.
            Some(cursor) => match self.seen.entry(hash(cursor)) {
                Entry::Occupied(seen) => State::Repeated { first_seen: *seen.get() },
                Entry::Vacant(free) => {
                    free.insert(index);
                    State::Ready
                }
            },
        };
        self.index += 1;
        self.read = mem::replace(&mut self.cursor, next.clone());
        Page { items, next, index }
    }

    fn repeated(&self, first_seen: u64) -> Error {
        let cursor = self.cursor.clone().unwrap_or_else(|| Cursor::from(""));
        let page = self.index.saturating_sub(1);
        PaginationError::Repeated { cursor, page, first_seen }.into()
    }
}

/// Whether a page may have been lost only because nobody polled its request: its time went by, or
/// the service gave up on an answer that was not read.
fn is_lost(error: &Error) -> bool {
    match error {
        Error::Transport(_) | Error::Timeout(_) => true,
        Error::Decode(error) => error.is_cut(),
        _ => false,
    }
}

/// Eight bytes per page, however long the cursors are.
fn hash(cursor: &Cursor) -> u64 {
    let mut hasher = DefaultHasher::new();
    cursor.hash(&mut hasher);
    hasher.finish()
}

/// Pages are moved, never pinned.
impl<R: Paged> Unpin for Pages<R> {}

impl<R: Paged> Stream for Pages<R> {
    type Item = Result<Page<R::Item>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(context)
    }
}

impl<R: Paged> FusedStream for Pages<R> {
    fn is_terminated(&self) -> bool {
        matches!(self.state, State::Failed | State::Ended)
    }
}

impl<R: Paged> fmt::Debug for Pages<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("cursor", &self.cursor)
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}
