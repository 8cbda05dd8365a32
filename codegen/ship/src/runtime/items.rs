//! Lists that come item by item.
use std::collections::HashSet;
use std::fmt;
use std::future::poll_fn;
use std::hash::Hash;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;
use futures_core::stream::FusedStream;

use super::cursor::Cursor;
use super::error::Error;
use super::failure::PaginationError;
use super::page::{Paged, Pages};

/// Reads a list item by item, by [`next`](Self::next) or as a `Stream`; pages are fetched as needed.
///
/// After an error, `next` and the stream give `None` until [`retry`](Self::retry) is called.
///
/// To go on later without a loss or a repetition, keep [`cursor`](Self::cursor) and
/// [`offset_in_page`](Self::offset_in_page) together, and begin again with
/// `pages().resume_from(cursor).items().skip_in_page(offset)`.
pub struct Items<R: Paged> {
    pages: Pages<R>,
    page: Option<vec::IntoIter<R::Item>>,
    taken: usize,
    skip: usize,
    is_new: Option<IsNew<R::Item>>,
}

/// Whether an item has not been given out before.
type IsNew<T> = Box<dyn FnMut(&T) -> bool + Send>;

impl<R: Paged> Items<R> {
    pub(super) fn new(pages: Pages<R>) -> Self {
        Self { pages, page: None, taken: 0, skip: 0, is_new: None }
    }

    /// Leaves out the first `offset` items of the first page.
    #[must_use]
    pub fn skip_in_page(mut self, offset: usize) -> Self {
        self.skip = offset;
        self
    }

    /// Leaves out every item whose key, such as its id, an earlier one has had:
    /// `items.dedup_by(|item| item.id.clone())`.
    ///
    /// Items that are made or removed while a list is read shift its pages, so that some come twice
    /// (or, if removed, not at all). Every key is kept until the reading is dropped, which for short
    /// texts takes about 100 bytes per item; a key that is a number takes less. What a resumed
    /// reading skips by [`skip_in_page`](Self::skip_in_page) does not count as given out. An item
    /// that is left out counts in [`offset_in_page`](Self::offset_in_page) nevertheless.
    ///
    /// A second call takes the place of the first.
    #[must_use]
    pub fn dedup_by<K, F>(mut self, mut key: F) -> Self
    where
        K: Eq + Hash + Send + 'static,
        F: FnMut(&R::Item) -> K + Send + 'static,
    {
        let mut seen = HashSet::new();
        self.is_new = Some(Box::new(move |item| seen.insert(key(item))));
        self
    }

    /// Asks for each page while the items of the one before are worked on; see
    /// [`Pages::prefetch`].
    #[must_use]
    pub fn prefetch(mut self) -> Self {
        self.pages = self.pages.prefetch();
        self
    }

    /// Reads the rest of the list, of at most `max` items.
    ///
    /// # Errors
    ///
    /// A page could not be read, or there are more items.
    pub async fn collect_all(mut self, max: usize) -> Result<Vec<R::Item>, Error> {
        let mut items = Vec::new();
        while let Some(item) = self.try_next().await? {
            if items.len() >= max {
                return Err(PaginationError::TooManyItems { limit: max }.into());
            }
            items.push(item);
        }
        Ok(items)
    }

    /// The next item; `None` after the last one, and after an error.
    ///
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<R::Item, Error>> {
        poll_fn(|context| self.poll_item(context)).await
    }

    /// The next item; `None` after the last one, and after an error.
    ///
    /// # Errors
    ///
    /// The next page could not be read, or leads back.
    pub async fn try_next(&mut self) -> Result<Option<R::Item>, Error> {
        self.next().await.transpose()
    }

    /// Where the page begins that the next item comes from, as far as that is known; `None` for the
    /// first page.
    #[must_use]
    pub fn cursor(&self) -> Option<&Cursor> {
        match self.page {
            Some(_) if !self.is_between_pages() => self.pages.read(),
            _ => self.pages.cursor(),
        }
    }

    /// How many items of that page are done.
    #[must_use]
    pub fn offset_in_page(&self) -> usize {
        match self.page {
            Some(_) if self.is_between_pages() => 0,
            Some(_) => self.taken,
            None => self.skip,
        }
    }

    /// All of the page is done and there is another: what becomes of the list meanwhile shifts the
    /// old page, and not where the new one begins.
    fn is_between_pages(&self) -> bool {
        self.page.as_ref().is_some_and(|page| page.len() == 0) && self.pages.cursor().is_some()
    }

    /// Asks again for the page that failed.
    pub fn retry(&mut self) {
        self.pages.retry();
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<R::Item, Error>>> {
        loop {
            while let Some(item) = self.page.as_mut().and_then(Iterator::next) {
                self.taken += 1;
                if self.is_new.as_mut().is_none_or(|is_new| is_new(&item)) {
                    self.pages.poll_ahead(context);
                    return Poll::Ready(Some(Ok(item)));
                }
            }
            match ready!(self.pages.poll_page(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => self.begin(page.items),
            }
        }
    }

    fn begin(&mut self, items: Vec<R::Item>) {
        // A page that has become shorter leaves nothing to skip on the next one.
        self.taken = std::mem::take(&mut self.skip).min(items.len());
        let mut items = items.into_iter();
        items.by_ref().take(self.taken).for_each(drop);
        self.page = Some(items);
    }
}

/// Items are moved, never pinned.
impl<R: Paged> Unpin for Items<R> {}

impl<R: Paged> Stream for Items<R> {
    type Item = Result<R::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(context)
    }
}

impl<R: Paged> FusedStream for Items<R> {
    fn is_terminated(&self) -> bool {
        self.page.as_ref().is_none_or(|page| page.len() == 0) && self.pages.is_terminated()
    }
}

impl<R: Paged> fmt::Debug for Items<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("cursor", &self.cursor())
            .field("offset_in_page", &self.offset_in_page())
            .finish_non_exhaustive()
    }
}
