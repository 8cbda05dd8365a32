//! Reading page by page.
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use futures_core::Stream;
use futures_core::stream::FusedStream;
use ship::runtime::{Cursor, Error, FlexText, Pages, PaginationError, Retry};

use crate::client::{Client, ListThings, over};
use crate::support::script::{Script, Step, answer};

/// A page of things with these ids; `next` is JSON, or empty for a page without the member.
pub fn page(ids: &[u32], next: &str) -> Step {
    let things: Vec<String> = ids.iter().map(|id| format!("{{\"id\":{id}}}")).collect();
    let next = if next.is_empty() { String::new() } else { format!(",\"nextCursor\":{next}") };
    answer(200, &[], &format!("{{\"things\":[{}]{next}}}", things.join(",")))
}

pub fn list(script: &Script) -> ListThings {
    over(script.clone()).things().list()
}

/// The ids that are read until the end or the first error.
async fn ids(mut pages: Pages<ListThings>) -> (Vec<String>, Option<Error>) {
    let mut ids = Vec::new();
    loop {
        match pages.try_next().await {
            Ok(Some(page)) => ids.extend(page.items.iter().map(|item| item.id.to_string())),
            Ok(None) => return (ids, None),
            Err(error) => return (ids, Some(error)),
        }
    }
}

#[tokio::test]
async fn g3_cursor_of_any_kind_leads_on_and_nothing_ends() {
    let table = [
        ("\"26397\"", Some("26397")),
        ("3003", Some("3003")),
        ("9007199254740993", Some("9007199254740993")),
        ("18446744073709551615", Some("18446744073709551615")),
        ("3003.0", Some("3003")),
        ("\"a b/é\"", Some("a%20b%2F%C3%A9")),
        ("-1", Some("-1")),
        ("", None),
        ("null", None),
        ("\"\"", None),
        ("\"0\"", None),
        ("0", None),
        ("0.0", None),
        ("-0", None),
        ("-0.0", None),
        ("false", None),
        ("\"false\"", Some("false")),
    ];
    for (next, sent) in table {
        let script = Script::new([page(&[1], next), page(&[2], "")]);
        let (ids, error) = ids(list(&script).pages()).await;
        assert!(error.is_none(), "{next}: {error:?}");
        let second = sent.map(|cursor| format!("/api/1/things?limit=1000&cursor={cursor}"));
        assert_eq!(script.targets().get(1), second.as_ref(), "{next}");
        assert_eq!(ids.len(), if sent.is_some() { 2 } else { 1 }, "{next}");
    }
}

#[tokio::test]
async fn g3_empty_page_goes_on() {
    let script = Script::new([page(&[], "1"), page(&[1], "2"), page(&[], "3"), page(&[2], "")]);
    let (ids, error) = ids(list(&script).pages()).await;
    assert_eq!((ids, error.is_none()), (vec!["1".to_owned(), "2".to_owned()], true));
    assert_eq!(script.count(), 4);
}

#[tokio::test]
async fn g2_cursor_repeats_ends_with_an_error_after_the_items_before_it() {
    let table: [(&[&str], u64, u64); 5] = [
        (&["7", "7"], 1, 0),
        (&["7", "8", "7"], 2, 0),
        (&["\"A\"", "\"B\"", "\"A\""], 2, 0),
        (&["7", "8", "9", "8"], 3, 1),
        (&["\"7\"", "7"], 1, 0),
    ];
    for (cursors, last, first) in table {
        let pages = cursors.iter().zip(0..).map(|(next, id)| page(&[id], next));
        let script = Script::new(pages.chain([page(&[99], "")]));
        let mut pages = list(&script).pages();
        for id in 0..cursors.len() {
            let page = pages.try_next().await.unwrap().unwrap();
            assert_eq!(page.items[0].id, id.to_string());
            assert_eq!(page.index, id as u64);
        }
        let Err(Error::Pagination(error)) = pages.try_next().await else { panic!("{cursors:?}") };
        let PaginationError::Repeated { cursor, page, first_seen, .. } = *error else { panic!() };
        let named = cursors.last().unwrap().trim_matches('"');
        assert_eq!((cursor.as_str(), page, first_seen), (named, last, first));
        pages.retry();
        assert!(pages.next().await.is_none(), "the end is final");
        assert_eq!(script.count(), cursors.len());
    }
}

#[tokio::test]
async fn g2_long_cycle_is_found_and_going_backwards_is_allowed() {
    let cycle = (0..1000).map(|id| page(&[id], &(id + 1).to_string()));
    let script = Script::new(cycle.chain([page(&[1000], "1")]));
    let (ids, error) = ids(list(&script).pages()).await;
    assert_eq!(ids.len(), 1001);
    let error = error.unwrap().to_string();
    assert_eq!(error, "page 1000 leads back to a cursor first seen on page 0");
    assert_eq!(script.count(), 1001);

    let script =
        Script::new([page(&[1], "50"), page(&[2], "40"), page(&[3], "30"), page(&[4], "")]);
    assert_eq!(list(&script).pages().collect_all(9).await.unwrap().len(), 4);
}

#[tokio::test]
async fn g2_page_that_leads_back_to_the_start_of_a_resumed_reading_is_an_error() {
    let script = Script::new([page(&[1], "5")]);
    let (ids, error) = ids(list(&script).pages().resume_from("5")).await;
    assert_eq!(ids, ["1"]);
    assert_eq!(error.unwrap().to_string(), "page 0 leads back to a cursor first seen on page 0");
}

#[tokio::test(start_paused = true)]
async fn g5_error_pauses_until_retry_asks_for_the_same_page() {
    let fault = answer(404, &[], "gone");
    let script = Script::new([page(&[1], "5"), fault, page(&[2], "")]);
    let mut pages = list(&script).pages();
    pages.next().await.unwrap().unwrap();
    assert!(pages.next().await.unwrap().unwrap_err().is_not_found());
    assert!(pages.is_terminated());
    for _ in 0..3 {
        assert!(pages.next().await.is_none());
    }
    assert_eq!(script.count(), 2);
    assert_eq!(pages.cursor().unwrap(), "5");
    pages.retry();
    assert!(!pages.is_terminated());
    assert_eq!(pages.next().await.unwrap().unwrap().items[0].id, "2");
    for _ in 0..3 {
        assert!(pages.next().await.is_none());
        pages.retry();
    }
    assert_eq!(script.count(), 3);
    assert_eq!(script.targets()[1], script.targets()[2]);
}

/// Page 7 fails; another process knows no more than what was written down: a text, or JSON.
#[tokio::test]
async fn g4_error_on_page_7_is_followed_by_a_resume_in_another_process() {
    for as_json in [false, true] {
        let before = (0..7).map(|id| page(&[id], &(3000 + id).to_string()));
        let script = Script::new(before.chain([answer(400, &[], "")]));
        let mut pages = list(&script).limit(1).pages();
        let mut all = Vec::new();
        while let Some(Ok(page)) = pages.next().await {
            all.extend(page.items.iter().map(|item| item.id.to_string()));
        }
        let cursor = pages.cursor().unwrap();
        let kept =
            if as_json { serde_json::to_string(cursor).unwrap() } else { cursor.to_string() };
        assert_eq!(kept, "3006");
        drop(pages);

        let cursor =
            if as_json { serde_json::from_str(&kept).unwrap() } else { Cursor::from(kept) };
        let script = Script::new([page(&[7], "3007"), page(&[8], "")]);
        let (rest, error) = ids(list(&script).limit(1).pages().resume_from(cursor)).await;
        assert!(error.is_none());
        all.extend(rest);
        assert_eq!(all, (0..9).map(|id| id.to_string()).collect::<Vec<_>>());
        let same = "/api/1/things?limit=1&cursor=";
        assert_eq!(script.targets(), [format!("{same}3006"), format!("{same}3007")]);
    }
}

/// A place that was kept on the first page is empty.
#[tokio::test]
async fn g4_empty_cursor_begins_at_the_start() {
    for is_resumed in [false, true] {
        let script = Script::new([page(&[1], "5"), page(&[2], "")]);
        let pages = match is_resumed {
            false => list(&script).cursor("").pages(),
            true => list(&script).pages().resume_from(""),
        };
        let (ids, error) = ids(pages).await;
        assert!(ids == ["1", "2"] && error.is_none(), "{ids:?} {error:?}");
        let first = "/api/1/things?limit=1000";
        assert_eq!(script.targets(), [first.to_owned(), format!("{first}&cursor=5")]);
    }
    let script = Script::new([page(&[1], "5")]);
    list(&script).cursor(String::new()).send().await.unwrap();
    assert_eq!(script.targets(), ["/api/1/things"]);
}

#[tokio::test]
async fn g6_every_page_keeps_filters_and_limit() {
    let script = Script::new([page(&[1], "5"), page(&[2], "6"), page(&[3], "")]);
    let pages = list(&script).key("x y").limit(2).cursor("4").pages();
    ids(pages).await;
    let same = "/api/1/things?key=x%20y&limit=2&cursor=";
    assert_eq!(script.targets(), [4, 5, 6].map(|cursor| format!("{same}{cursor}")));
}

#[tokio::test]
async fn limits_on_pages_and_items_are_errors() {
    let endless = || Script::new((0..9).map(|id| page(&[id], &(id + 1).to_string())));
    let (ids, error) = ids(list(&endless()).pages().max_pages(3)).await;
    assert_eq!(ids.len(), 3);
    assert_eq!(error.unwrap().to_string(), "there are more than 3 pages");

    let error = list(&endless()).pages().collect_all(4).await.unwrap_err();
    assert_eq!(error.to_string(), "there are more than 4 items");
    let script = Script::new([page(&[1, 2], "5"), page(&[3, 4], "")]);
    assert_eq!(list(&script).pages().collect_all(4).await.unwrap().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn dropped_wait_for_a_page_loses_nothing() {
    let slow = Step::Delay(Duration::from_secs(10));
    let script = Script::new([slow, page(&[1], "5"), page(&[2], "")]);
    let mut pages = list(&script).pages();
    let wait = tokio::time::timeout(Duration::from_secs(1), pages.next()).await;
    assert!(wait.is_err());
    assert_eq!(pages.next().await.unwrap().unwrap().items[0].id, "1");
    assert_eq!(pages.next().await.unwrap().unwrap().items[0].id, "2");
    assert_eq!(script.count(), 2);
}

#[tokio::test]
async fn pages_are_a_stream() {
    let script = Script::new([page(&[1], "5"), page(&[2], "")]);
    let mut pages = list(&script).pages();
    let mut count = 0;
    while let Some(page) = poll_fn(|context| Pin::new(&mut pages).poll_next(context)).await {
        count += page.unwrap().items.len();
    }
    assert_eq!(count, 2);
    assert!(pages.is_terminated());
}

#[tokio::test(start_paused = true)]
async fn reading_may_move_to_another_task() {
    let script = Script::new([answer(503, &[], ""), page(&[1], "5"), page(&[2], "")]);
    let pages = list(&script).pages();
    let items = tokio::spawn(pages.collect_all(10)).await.unwrap().unwrap();
    assert_eq!(items.len(), 2);
}

/// Order is kept, no page is asked for twice, and a cursor is the only thing that changes.
#[tokio::test]
async fn g1_ten_thousand_pages_take_ten_thousand_requests() {
    const PAGES: u32 = 10_000;
    for prefetch in [false, true] {
        let more = (1..PAGES).map(|id| page(&[id], &id.to_string()));
        let script = Script::new(more.chain([page(&[PAGES], "")]));
        let client = Client::builder("k").transport(script.clone()).retry(Retry::off());
        let pages = client.build().unwrap().things().list().pages();
        let mut pages = if prefetch { pages.prefetch() } else { pages };
        let mut expected = 1;
        while let Some(page) = pages.try_next().await.unwrap() {
            assert_eq!(page.items[0].id, FlexText::from(expected));
            assert_eq!(page.index, u64::from(expected - 1));
            expected += 1;
        }
        assert_eq!((expected, script.count()), (PAGES + 1, 10_000));
        let last = format!("/api/1/things?limit=1000&cursor={}", PAGES - 1);
        assert_eq!(script.targets().last(), Some(&last));
    }
}
