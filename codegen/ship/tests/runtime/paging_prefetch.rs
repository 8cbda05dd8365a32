//! One page ahead.
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_core::stream::FusedStream;
use ship::runtime::{
    Attempt, BoxFuture, Error, Pages, Retry, Sent, Transport, TransportError, TransportErrorKind,
};
use tokio::time::{Instant, sleep};

use crate::client::{Client, ListThings};
use crate::paging::{list, page};
use crate::support::script::{Script, Step, answer};

const SECOND: Duration = Duration::from_secs(1);
const LOST: Step = Step::Fault(Sent::Maybe, TransportErrorKind::Closed);

/// Reads ahead, without repeated attempts inside of a call.
fn ahead(script: &Script) -> Pages<ListThings> {
    let client = Client::builder("k").transport(script.clone()).retry(Retry::off());
    client.build().unwrap().things().list().pages().prefetch()
}

async fn id(pages: &mut Pages<ListThings>) -> String {
    pages.try_next().await.unwrap().unwrap().items[0].id.to_string()
}

/// Counts the requests that were neither answered nor dropped.
#[derive(Clone, Default)]
struct Watched {
    script: Script,
    open: Arc<AtomicUsize>,
}

struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Transport for Watched {
    fn send(
        &self,
        request: http::Request<Bytes>,
        attempt: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        self.open.fetch_add(1, Ordering::SeqCst);
        let open = Open(self.open.clone());
        let answer = self.script.send(request, attempt);
        Box::pin(async move {
            let answer = answer.await;
            drop(open);
            answer
        })
    }
}

#[tokio::test(start_paused = true)]
async fn g5_drop_with_prefetch_in_flight_cancels_the_request() {
    let script = Script::new([page(&[1, 2], "5"), Step::Hang]);
    let watched = Watched { script: script.clone(), open: Arc::default() };
    let open = || watched.open.load(Ordering::SeqCst);
    let client = Client::builder("k").transport(watched.clone()).build().unwrap();

    let mut pages = client.things().list().pages().prefetch();
    pages.try_next().await.unwrap().unwrap();
    assert_eq!((script.count(), open()), (2, 1));
    drop(pages);
    assert_eq!(open(), 0);
    sleep(600 * SECOND).await;
    assert_eq!(script.count(), 2, "nothing goes on behind the caller's back");

    let script = Script::new([page(&[1, 2], "5"), Step::Hang]);
    let watched = Watched { script: script.clone(), open: Arc::default() };
    let client = Client::builder("k").transport(watched.clone()).build().unwrap();
    let mut items = client.things().list().items().prefetch();
    items.try_next().await.unwrap().unwrap();
    assert_eq!(watched.open.load(Ordering::SeqCst), 1);
    drop(items);
    assert_eq!(watched.open.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn g5_poll_after_the_end_and_after_an_error_gives_none_also_ahead() {
    let script = Script::new([page(&[1], "5"), answer(404, &[], ""), page(&[2], "")]);
    let mut pages = ahead(&script);
    assert_eq!(id(&mut pages).await, "1");
    assert_eq!((script.count(), pages.cursor().unwrap().as_str()), (2, "5"));
    assert!(!pages.is_terminated(), "its turn has not come");
    assert!(pages.next().await.unwrap().unwrap_err().is_not_found());
    for _ in 0..3 {
        assert!(pages.next().await.is_none());
    }
    assert_eq!((script.count(), pages.cursor().unwrap().as_str()), (2, "5"));
    pages.retry();
    assert_eq!(id(&mut pages).await, "2");
    for _ in 0..3 {
        assert!(pages.next().await.is_none());
        pages.retry();
    }
    assert_eq!(script.count(), 3);
    assert_eq!(script.targets()[1], script.targets()[2]);
}

/// Five pages of a second each, worked on for a second each: 6 s instead of 10 s.
#[tokio::test(start_paused = true)]
async fn prefetch_hides_the_time_of_a_page_behind_the_work_on_the_one_before() {
    for (is_ahead, expected) in [(false, 10), (true, 6)] {
        let steps = (0..5).flat_map(|id| {
            let next = if id < 4 { (id + 1).to_string() } else { String::new() };
            [Step::Delay(SECOND), page(&[id], &next)]
        });
        let script = Script::new(steps);
        let pages = list(&script).pages();
        let mut pages = if is_ahead { pages.prefetch() } else { pages };
        let start = Instant::now();
        let mut count = 0;
        while pages.try_next().await.unwrap().is_some() {
            sleep(SECOND).await;
            count += 1;
        }
        assert_eq!(count, 5);
        let took = start.elapsed();
        assert!(took >= expected * SECOND && took < expected * SECOND + SECOND / 10, "{took:?}");
    }
}

/// The page needs two polls to come in, which the items of the page before give it.
#[tokio::test(start_paused = true)]
async fn items_let_the_next_page_get_on() {
    let page_2 = [Step::Delay(SECOND), Step::Delay(SECOND), page(&[4], "")];
    let script = Script::new([page(&[1, 2, 3], "5")].into_iter().chain(page_2));
    let mut items = list(&script).items().prefetch();
    let start = Instant::now();
    while items.try_next().await.unwrap().is_some() {
        sleep(SECOND).await;
    }
    let took = start.elapsed();
    assert!(took >= 4 * SECOND && took < 4 * SECOND + SECOND / 10, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn never_more_than_one_page_ahead_and_none_past_an_end() {
    let script = Script::new((0..9).map(|id| page(&[id], &(id + 1).to_string())));
    let mut pages = ahead(&script).max_pages(3);
    for (read, asked) in [(0, 2), (1, 3), (2, 3)] {
        assert_eq!(id(&mut pages).await, read.to_string());
        sleep(600 * SECOND).await;
        assert_eq!(script.count(), asked, "after page {read}");
    }
    let error = pages.try_next().await.unwrap_err();
    assert_eq!(error.to_string(), "there are more than 3 pages");
    assert_eq!(script.count(), 3);

    for last in ["", "5"] {
        let script = Script::new([page(&[1], "5"), page(&[2], last), page(&[3], "")]);
        let mut pages = ahead(&script);
        id(&mut pages).await;
        id(&mut pages).await;
        assert_eq!(script.count(), 2);
        let end = pages.try_next().await;
        assert_eq!(matches!(end, Err(Error::Pagination(_))), !last.is_empty());
        assert!(pages.next().await.is_none());
        assert_eq!(script.count(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn place_is_that_of_what_was_handed_out() {
    let script = Script::new([page(&[1, 2], "5"), page(&[3], "6"), page(&[4], "")]);
    let mut items = list(&script).items().prefetch();
    let mut places = Vec::new();
    while items.try_next().await.unwrap().is_some() {
        places.push((items.cursor().map(ToString::to_string), items.offset_in_page()));
    }
    let place = |cursor: Option<&str>, offset| (cursor.map(str::to_owned), offset);
    assert_eq!(
        places,
        [place(None, 1), place(Some("5"), 0), place(Some("6"), 0), place(Some("6"), 1)]
    );
}

/// A request that nobody polled has had no chance: it is made again when its turn comes.
#[tokio::test(start_paused = true)]
async fn page_lost_before_its_turn_is_asked_for_once_more() {
    for lost in [LOST, Step::Hang, Step::Cut] {
        let script = Script::new([page(&[1], "5"), lost.clone(), page(&[2], "")]);
        let mut pages = ahead(&script);
        id(&mut pages).await;
        sleep(600 * SECOND).await;
        assert_eq!(script.count(), 2);
        assert_eq!(id(&mut pages).await, "2");
        assert_eq!((script.count(), &script.targets()[1]), (3, &script.targets()[2]));

        let script = Script::new([page(&[1], "5"), lost, LOST, page(&[2], "")]);
        let mut pages = ahead(&script);
        id(&mut pages).await;
        sleep(600 * SECOND).await;
        pages.try_next().await.unwrap_err();
        assert!(pages.next().await.is_none());
        assert_eq!(script.count(), 3, "once more, and not for ever");
        pages.retry();
        assert_eq!(id(&mut pages).await, "2");
    }
}

#[tokio::test(start_paused = true)]
async fn page_lost_while_it_is_waited_for_is_an_error() {
    let script = Script::new([page(&[1], "5"), Step::Delay(SECOND), LOST, page(&[2], "")]);
    let mut pages = ahead(&script);
    id(&mut pages).await;
    assert!(matches!(pages.try_next().await, Err(Error::Transport(_))));
    assert_eq!(script.count(), 2);
    pages.retry();
    assert_eq!(id(&mut pages).await, "2");
}
