//! Calls that wait. These tests have no async runtime of their own unless they say so.
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use bytes::Bytes;
use ship::runtime::{
    Attempt, Blocking, BlockingItems, BoxFuture, Error, Retry, Transport, TransportError,
};
use tokio::runtime::{Builder, Handle};

use crate::client::{Client, ListThings, Users, over};
use crate::paging::{list, page};
use crate::support::hasty;
use crate::support::script::{Script, Step, answer};
use crate::support::server::{Reply, Server};

fn done() -> Step {
    answer(200, &[], "OK")
}

#[test]
fn everything_that_can_be_awaited_can_be_waited_for() {
    let script = Script::new([page(&[1], "5"), page(&[2], "")]);
    let client = over(script.clone());
    let things = client.things();
    assert_eq!(things.list().wait().unwrap().things[0].id, "1");
    assert_eq!(things.list().response().wait().unwrap().status(), 200);
    assert!(things.list().raw().wait().unwrap().value().starts_with(b"{"));
    assert_eq!(things.list().pages().collect_all(1).wait().unwrap().len(), 1);
    let script = Script::new([answer(404, &[], "")]);
    assert!(list(&script).wait().unwrap_err().is_not_found());
}

#[test]
fn pages_and_items_are_iterators() {
    let script = || Script::new([page(&[1, 2], "5"), page(&[3], "6"), page(&[4], "")]);
    for is_ahead in [false, true] {
        let source = script();
        let pages = list(&source).pages();
        let pages = if is_ahead { pages.prefetch() } else { pages };
        let mut pages = pages.blocking();
        assert_eq!(pages.next().unwrap().unwrap().items.len(), 2);
        assert_eq!(pages.cursor().unwrap(), "5");
        assert_eq!(source.count(), if is_ahead { 2 } else { 1 });
        assert_eq!(pages.by_ref().map(|page| page.unwrap().items.len()).sum::<usize>(), 2);
        assert!(pages.next().is_none() && pages.into_inner().cursor().is_none());
    }
    let mut items = list(&script()).items().blocking();
    let ids: Vec<String> =
        items.by_ref().take(3).map(|item| item.unwrap().id.to_string()).collect();
    assert_eq!(ids, ["1", "2", "3"]);
    assert_eq!((items.cursor().unwrap().as_str(), items.offset_in_page()), ("6", 0));
}

#[test]
fn g5_error_pauses_the_iterator_until_retry() {
    let script = Script::new([page(&[1], "5"), answer(404, &[], ""), page(&[2], "")]);
    let mut items = list(&script).items().blocking();
    assert!(items.next().unwrap().is_ok());
    assert!(items.next().unwrap().unwrap_err().is_not_found());
    assert!(items.next().is_none() && items.next().is_none());
    assert_eq!(script.count(), 2);
    items.retry();
    assert_eq!(items.next().unwrap().unwrap().id, "2");
    assert!(items.next().is_none());
}

#[test]
fn batch_is_waited_for() {
    let users: Vec<String> = (0..250).map(|user| user.to_string()).collect();
    let script = Script::new([done()]);
    let request = over(script.clone()).things().remove_users("t", Users { users });
    let report = request.in_chunks().wait().unwrap();
    assert_eq!((report.entries(), report.calls(), script.count()), (250, 3, 3));
}

/// Sockets and clocks work, also between two calls, and waiting leaves nothing behind.
#[test]
fn real_connections_are_waited_for() {
    let helper = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let body = |next: &str| format!("{{\"things\":[{{\"id\":1}}]{next}}}");
    let replies = [
        Reply::answer(503, &[], ""),
        Reply::answer(200, &[], &body(",\"nextCursor\":5")),
        Reply::answer(200, &[], &body("")),
    ];
    let server = helper.block_on(Server::start(replies));
    let client = Client::builder("k").base_url(&server.url).retry(hasty()).build().unwrap();
    let mut pages = client.things().list().pages().prefetch().blocking();
    assert!(pages.next().unwrap().is_ok());
    assert!(pages.next().unwrap().is_ok());
    assert_eq!(server.requests().len(), 3);
    drop(pages);
    assert_eq!(client.things().list().wait().unwrap().things.len(), 1);
    let pages: Vec<_> = client.things().list().pages().prefetch().blocking().collect();
    assert!(pages.len() == 1 && pages[0].is_ok());
}

fn assert_refused(error: &Error) {
    assert!(matches!(error, Error::Config(_)), "{error:?}");
    let text = error.to_string();
    assert!(text.contains("await it instead") && text.contains("spawn_blocking"), "{text}");
}

fn assert_all_refused() {
    let script = Script::new([page(&[1], "")]);
    let client = over(script.clone());
    assert_refused(&list(&script).wait().unwrap_err());
    let mut pages = list(&script).pages().blocking();
    assert_refused(&pages.next().unwrap().unwrap_err());
    assert!(pages.next().is_none(), "a loop that only logs comes to an end");
    pages.retry();
    assert_refused(&pages.next().unwrap().unwrap_err());
    let users = Users { users: vec!["a".to_owned(), "b".to_owned()] };
    let error = client.things().remove_users("t", users).in_chunks().wait().unwrap_err();
    assert_refused(error.error());
    assert_eq!(error.into_remaining(), ["a", "b"]);
    assert_eq!(script.count(), 0);
}

#[tokio::test]
async fn blocking_call_inside_async_is_refused() {
    assert_all_refused();
    tokio::task::spawn_blocking(assert_all_refused).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn blocking_call_inside_async_on_many_threads_is_refused() {
    tokio::spawn(async { assert_all_refused() }).await.unwrap();
    // What the message says to do.
    let script = Script::new([page(&[1], "")]);
    let call = list(&script).send();
    let inside = tokio::task::spawn_blocking(move || Handle::current().block_on(call)).await;
    assert!(inside.unwrap().is_ok());
    let call = list(&script);
    assert!(thread::spawn(move || call.wait()).join().unwrap().is_ok());
}

/// The refusal of an iterator on a wrong thread loses nothing: it goes on elsewhere.
#[test]
fn iterator_that_was_refused_goes_on_elsewhere() {
    let script = Script::new([page(&[1], "5"), page(&[2], "")]);
    let mut items: BlockingItems<ListThings> = list(&script).items().blocking();
    assert_eq!(items.next().unwrap().unwrap().id, "1");
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(async { assert_refused(&items.next().unwrap().unwrap_err()) });
    assert_eq!((items.cursor().unwrap().as_str(), items.offset_in_page()), ("5", 0));
    items.retry();
    assert_eq!(items.next().unwrap().unwrap().id, "2");
}

type Seen = (ThreadId, Option<String>);

/// Panics in the first call, and afterwards says which thread its tasks run on.
#[derive(Clone, Default)]
struct Odd {
    seen: Arc<Mutex<Vec<Seen>>>,
    script: Script,
}

impl Transport for Odd {
    fn send(
        &self,
        request: http::Request<Bytes>,
        attempt: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let answer = self.script.send(request, attempt);
        Box::pin(async move {
            if self.script.count() == 1 {
                panic!("odd transport");
            }
            let named = tokio::spawn(async {
                (thread::current().id(), thread::current().name().map(str::to_owned))
            });
            let named = named.await.unwrap();
            self.seen.lock().unwrap().push(named);
            answer.await
        })
    }
}

#[test]
fn panic_comes_out_in_the_caller_and_the_one_thread_goes_on() {
    let odd = Odd { script: Script::new([page(&[1], "")]), ..Odd::default() };
    let client = Client::builder("k").transport(odd.clone()).retry(Retry::off()).build().unwrap();
    let mut pages = client.things().list().pages().blocking();
    let panic = catch_unwind(AssertUnwindSafe(|| pages.next().is_some())).unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"odd transport"));
    assert!(pages.next().is_none(), "a request that panicked is not polled again");
    pages.retry();
    assert!(pages.next().unwrap().is_ok());
    let elsewhere = client.clone();
    thread::spawn(move || elsewhere.things().list().wait().map(drop)).join().unwrap().unwrap();
    let seen = odd.seen.lock().unwrap();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0], seen[1], "all calls share one thread");
    assert_eq!(seen[0].1.as_deref(), Some("blocking-calls"));
}

#[test]
fn many_threads_may_wait_at_once() {
    let script = Script::new([page(&[1], "")]);
    let client = over(script.clone());
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| client.things().list().wait().unwrap());
        }
    });
    assert_eq!(script.count(), 16);
    let slow = Script::new([Step::Delay(Duration::from_millis(50)), page(&[1], "")]);
    assert!(list(&slow).wait().is_ok());
    assert!(start.elapsed() < Duration::from_secs(30));
}
