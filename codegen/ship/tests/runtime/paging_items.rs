//! Reading item by item.
use std::future::poll_fn;
use std::pin::Pin;

use futures_core::Stream;
use futures_core::stream::FusedStream;
use ship::runtime::Items;

use crate::client::ListThings;
use crate::paging::{list, page};
use crate::support::script::{Script, answer};

async fn rest(items: &mut Items<ListThings>) -> Vec<String> {
    let mut ids = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        ids.push(item.id.to_string());
    }
    ids
}

#[tokio::test]
async fn items_come_in_order_over_all_pages() {
    let script = Script::new([page(&[1, 2], "5"), page(&[], "6"), page(&[3], "")]);
    let mut items = list(&script).items();
    assert_eq!(rest(&mut items).await, ["1", "2", "3"]);
    assert!(items.is_terminated());
    assert!(items.next().await.is_none());
    assert_eq!(script.count(), 3);
}

#[tokio::test]
async fn items_are_a_stream() {
    let script = Script::new([page(&[1, 2], "5"), page(&[3], "")]);
    let mut items = list(&script).items();
    let mut count = 0;
    while let Some(item) = poll_fn(|context| Pin::new(&mut items).poll_next(context)).await {
        item.unwrap();
        count += 1;
    }
    assert_eq!(count, 3);
}

/// Stops after each number of items and goes on from there in a new reading.
#[tokio::test]
async fn g4_reading_stopped_anywhere_goes_on_without_loss_or_repetition() {
    let script =
        || Script::new([page(&[1, 2], "5"), page(&[], "6"), page(&[3, 4], "7"), page(&[5], "")]);
    let tail = |cursor: Option<&str>| match cursor {
        None => script(),
        Some("5") => Script::new([page(&[], "6"), page(&[3, 4], "7"), page(&[5], "")]),
        Some("6") => Script::new([page(&[3, 4], "7"), page(&[5], "")]),
        Some("7") => Script::new([page(&[5], "")]),
        other => panic!("{other:?}"),
    };
    for stop in 0..=6 {
        let mut items = list(&script()).items();
        let mut ids = Vec::new();
        for _ in 0..stop {
            ids.extend(items.try_next().await.unwrap().map(|item| item.id.to_string()));
        }
        let (cursor, offset) = (items.cursor().cloned(), items.offset_in_page());
        let pages = list(&tail(cursor.as_ref().map(|cursor| cursor.as_str()))).pages();
        let pages = match cursor {
            Some(cursor) => pages.resume_from(cursor),
            None => pages,
        };
        let mut items = pages.items().skip_in_page(offset);
        ids.extend(rest(&mut items).await);
        assert_eq!(ids, ["1", "2", "3", "4", "5"], "stopped after {stop}");
    }
}

#[tokio::test]
async fn g5_error_between_pages_keeps_the_place_until_retry() {
    let fault = answer(400, &[], "");
    let script = Script::new([page(&[1], "5"), fault, page(&[2], "")]);
    let mut items = list(&script).items();
    items.next().await.unwrap().unwrap();
    assert!(items.next().await.unwrap().is_err());
    assert!(items.next().await.is_none());
    // Not the end of the page before: what is removed meanwhile would shift that.
    let place = (items.cursor().map(ToString::to_string), items.offset_in_page());
    assert_eq!(place, (Some("5".to_owned()), 0));
    items.retry();
    assert_eq!(rest(&mut items).await, ["2"]);
    assert_eq!(script.count(), 3);
}

#[tokio::test]
async fn g4_page_that_became_shorter_skips_nothing_of_the_next() {
    let script = Script::new([page(&[1], "5"), page(&[2, 3], "")]);
    let mut items = list(&script).items().skip_in_page(4);
    assert_eq!(items.offset_in_page(), 4);
    assert_eq!(rest(&mut items).await, ["2", "3"]);
}

/// A row that was made meanwhile pushes the last one of page 1 onto page 2.
#[tokio::test]
async fn g4_item_that_comes_twice_is_left_out_and_still_counts_as_done() {
    let script = || {
        Script::new([page(&[1, 2], "5"), page(&[2, 3], "6"), page(&[3, 1], "7"), page(&[4], "")])
    };
    let mut items = list(&script()).items().dedup_by(|item| item.id.clone());
    for expected in ["1", "2", "3"] {
        assert_eq!(items.try_next().await.unwrap().unwrap().id, expected);
    }
    assert_eq!((items.cursor().unwrap().as_str(), items.offset_in_page()), ("6", 0));
    assert_eq!(items.try_next().await.unwrap().unwrap().id, "4");
    assert_eq!((items.cursor().unwrap().as_str(), items.offset_in_page()), ("7", 1));
    assert!(items.try_next().await.unwrap().is_none());

    let distinct = list(&script()).items().dedup_by(|item| item.id.clone()).collect_all(4).await;
    assert_eq!(distinct.unwrap().len(), 4);
    let error = list(&script()).items().collect_all(4).await.unwrap_err();
    assert_eq!(error.to_string(), "there are more than 4 items");
}

/// What was skipped may have been another item, so it is not held against a later one.
#[tokio::test]
async fn g4_skipped_items_are_not_taken_for_given_out() {
    let script = Script::new([page(&[1, 2], "5"), page(&[1, 3], "")]);
    let mut items = list(&script).items().skip_in_page(1).dedup_by(|item| item.id.clone());
    assert_eq!(rest(&mut items).await, ["2", "1", "3"]);
}
