//! What the types promise to the compiler.
use bytes::Bytes;
use ship::runtime::{
    ApiKey, CallOptions, Core, CoreBuilder, Cursor, DecodeError, Error, FlexText, HttpTransport,
    Items, Nullable, Page, Pages, Parts, Request, Response, Retry, Retrying, Timeouts,
    TransportError, decode,
};

use crate::client::{Client, ListThings, Thing, over};
use crate::support::READ;
use crate::support::script::{Script, ok};

fn is_shared<T: Send + Sync + 'static>() {}
fn is_moved<T: Send + Unpin + 'static>() {}
fn is_moved_future<T: Send + 'static>(future: T) -> usize {
    size_of_val(&future)
}

#[test]
fn c1_types_go_between_threads() {
    is_shared::<Client>();
    is_shared::<Core>();
    is_shared::<Error>();
    is_shared::<TransportError>();
    is_shared::<DecodeError>();
    is_shared::<Response<Thing>>();
    is_shared::<Page<Thing>>();
    is_shared::<Cursor>();
    is_shared::<ApiKey>();
    is_shared::<Request>();
    is_shared::<Retry>();
    is_shared::<Timeouts>();
    is_shared::<HttpTransport>();
    is_shared::<Retrying<HttpTransport>>();
    is_shared::<Nullable<FlexText>>();
    is_moved::<CoreBuilder>();
    is_moved::<Pages<ListThings>>();
    is_moved::<Items<ListThings>>();
}

#[test]
fn types_are_small() {
    assert!(size_of::<Error>() <= 16, "{}", size_of::<Error>());
    assert!(size_of::<DecodeError>() < 128, "{}", size_of::<DecodeError>());
    assert!(size_of::<Parts<'_>>() <= 32);
    assert_eq!(size_of::<Client>(), size_of::<usize>());
}

#[test]
fn c1_futures_are_small_and_go_between_threads() {
    let list = over(Script::new([ok()])).things().list();
    let size = is_moved_future(list.clone().send());
    assert!(size < 4096, "{size}");
    is_moved_future(list.clone().into_future());
    is_moved_future(list.clone().pages().collect_all(1));
    is_moved_future(list.clone().items().dedup_by(|item| item.id.clone()).collect_all(1));
    let (mut pages, mut items) = (list.clone().pages().prefetch(), list.items().prefetch());
    is_moved_future(async move { pages.next().await });
    is_moved_future(async move { items.next().await });
}

/// As the documentation of a call says.
#[test]
#[should_panic(expected = "timers are disabled")]
fn call_panics_in_a_runtime_without_a_timer() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let request = http::Request::get("https://host/").body(Bytes::new()).unwrap();
    let retrying = Retrying::new(Script::new([ok()]), Retry::default());
    let _ = runtime.block_on(retrying.call(&READ, request, &CallOptions::new(), decode::nothing));
}
