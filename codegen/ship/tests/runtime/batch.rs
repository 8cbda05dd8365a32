//! Lists that are longer than one call takes.
use std::error::Error as _;
use std::time::Duration;

use ship::runtime::{Batch, Error, Retry, Sent, TransportErrorKind};
use tokio::time::timeout;

use crate::client::{Client, RemoveUsers, Users};
use crate::support::json;
use crate::support::script::{Script, Step, answer};

fn users(count: usize) -> Vec<String> {
    (0..count).map(|user| format!("user-{user}@example.org")).collect()
}

/// Removes that many users, without repeated attempts inside of a call.
fn batch(script: &Script, count: usize) -> Batch<RemoveUsers> {
    let client = Client::builder("k-1").transport(script.clone()).retry(Retry::off());
    let things = client.build().unwrap().things();
    things.remove_users("t 1", Users { users: users(count) }).in_chunks()
}

/// The users of each call.
fn sent(script: &Script) -> Vec<Vec<String>> {
    let log = script.log();
    let bodies = log.iter().map(|logged| std::str::from_utf8(logged.request.body()).unwrap());
    bodies.map(|body| serde_json::from_value(json(body)["users"].clone()).unwrap()).collect()
}

fn done() -> Step {
    answer(200, &[], "OK")
}

#[tokio::test]
async fn list_is_sent_in_chunks_in_its_order() {
    let table: [(usize, Option<usize>, &[usize]); 8] = [
        (0, None, &[]),
        (1, None, &[1]),
        (99, None, &[99]),
        (100, None, &[100]),
        (101, None, &[100, 1]),
        (250, None, &[100, 100, 50]),
        (5, Some(2), &[2, 2, 1]),
        (3, Some(1), &[1, 1, 1]),
    ];
    for (count, size, chunks) in table {
        let script = Script::new([done()]);
        let batch = batch(&script, count);
        let batch = match size {
            Some(size) => batch.chunk_size(size),
            None => batch,
        };
        let report = batch.await.unwrap();
        assert_eq!((report.entries(), report.calls()), (count, chunks.len()), "{count}");
        let sent = sent(&script);
        assert_eq!(sent.iter().map(Vec::len).collect::<Vec<_>>(), chunks);
        assert_eq!(sent.concat(), users(count));
        assert!(script.targets().iter().all(|target| target == "/api/1/things/t%201/users"));
    }
}

#[tokio::test]
async fn failed_chunk_is_reported_with_what_is_done_and_what_is_not() {
    let fault = answer(404, &[], "no such thing");
    let script = Script::new([done(), done(), fault, done()]);
    let error = batch(&script, 450).send().await.unwrap_err();
    let all = users(450);
    assert_eq!((error.done().entries(), error.done().calls()), (200, 2));
    assert_eq!((error.failed(), error.unsent()), (&all[200..300], &all[300..]));
    assert!(error.error().is_not_found() && !error.is_ambiguous());
    assert_eq!(script.count(), 3);
    let text =
        "200 of 450 entries are done: DELETE /things/{id}/users: 404 Not Found: no such thing";
    assert_eq!(error.to_string(), text);
    assert_eq!(error.source().unwrap().to_string(), error.error().to_string());

    let rest = error.into_remaining();
    assert_eq!(rest, all[200..]);
    let client = Client::builder("k-1").transport(script.clone()).build().unwrap();
    let report = client.things().remove_users("t 1", Users { users: rest }).in_chunks().await;
    assert_eq!(report.unwrap().entries(), 250);
    let mut sent = sent(&script);
    sent.remove(2);
    assert_eq!(sent.concat(), all, "no entry was lost or sent twice");
}

#[tokio::test]
async fn lost_call_is_ambiguous() {
    let lost = Step::Fault(Sent::Maybe, TransportErrorKind::Closed);
    let script = Script::new([done(), lost]);
    let error = batch(&script, 150).send().await.unwrap_err();
    assert!(error.is_ambiguous());
    assert_eq!((error.failed().len(), error.unsent().len()), (50, 0));
    assert!(matches!(error.into_error(), Error::Transport(_)));
}

#[tokio::test]
async fn chunk_size_that_cannot_be_is_refused_before_anything_is_sent() {
    for size in [0, 101, usize::MAX] {
        let script = Script::new([done()]);
        let error = batch(&script, 150).chunk_size(size).send().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "0 of 150 entries are done: DELETE /things/{{id}}/users: not sent: \
                 the chunk size must be from 1 to 100, not {size}"
            )
        );
        assert!(matches!(error.error(), Error::Request(_)));
        assert_eq!(error.failed().len(), 0);
        assert_eq!(error.into_remaining(), users(150));
        assert_eq!(script.count(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn dropped_batch_sends_nothing_more() {
    let script = Script::new([done(), Step::Delay(Duration::from_secs(10)), done()]);
    let wait = timeout(Duration::from_secs(1), batch(&script, 450).send()).await;
    assert!(wait.is_err());
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert_eq!(script.count(), 2);
}

#[tokio::test]
async fn entries_are_not_printed() {
    let script = Script::new([answer(400, &[], "bad")]);
    let batch = batch(&script, 3);
    let printed = format!("{batch:?}");
    let error = batch.clone().send().await.unwrap_err();
    let printed = format!("{printed} {error} {error:?} {error:#?}");
    assert!(!printed.contains("example.org"), "{printed}");
    assert!(printed.contains("failed: 3") && !error.to_string().contains('\n'), "{printed}");
}

#[test]
fn c1_batches_go_between_threads() {
    fn is_moved<T: Send + 'static>(value: T) -> usize {
        size_of_val(&value)
    }
    let script = Script::new([done()]);
    let size = is_moved(batch(&script, 1).send());
    assert!(size < 4096, "{size}");
    is_moved(batch(&script, 1).into_future());
    fn is_error<T: std::error::Error + Send + Sync + 'static>() {}
    is_error::<ship::runtime::BatchErrorOf<RemoveUsers>>();
}
