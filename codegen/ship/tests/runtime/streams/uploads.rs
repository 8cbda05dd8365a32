//! Bodies that go out part by part.
use std::future::pending;
use std::io::Cursor;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use serde::Serialize;
use ship::runtime::{
    Attempt, BoxFuture, CallOptions, Core, Error, FilePart, Incoming, Request, Response, Sent,
    Transport, TransportError, TransportErrorKind, Upload, decode,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Led, PUT, Received, soon, stream_of};
use crate::support::printed;
use crate::support::script::{Script, answer, ok};
use crate::wire::builder;

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nOK";
const FAILED: &str = "HTTP/1.1 503 No\r\ncontent-length: 0\r\nretry-after: 0\r\n\r\n";

async fn put(core: &Core, upload: &Upload) -> Result<Response<String>, Error> {
    let request = Request::new(&PUT).upload("a/b", upload);
    soon(core.execute(request, &CallOptions::new(), decode::text)).await
}

/// Serves one connection per answer: each head, and its body as it is on the wire.
async fn serve(led: &Led, answers: &[&str]) -> Vec<(String, String)> {
    let mut seen = Vec::new();
    for answer in answers {
        let Some((mut stream, head, mut body)) = soon(led.try_accept()).await else { break };
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        let length = length.map(|length| length.parse::<usize>().unwrap());
        while length.map_or_else(|| !body.ends_with(b"0\r\n\r\n"), |length| body.len() < length) {
            if soon(stream.read_buf(&mut body)).await.unwrap_or(0) == 0 {
                break;
            }
        }
        seen.push((head, String::from_utf8(body).unwrap()));
        // Who has given up is gone.
        let _ = stream.write_all(answer.as_bytes()).await;
    }
    seen
}

async fn exchange(
    upload: &Upload,
    answers: &[&str],
) -> (Result<Response<String>, Error>, Vec<(String, String)>) {
    let led = Led::start().await;
    tokio::join!(put(&led.core, upload), serve(&led, answers))
}

#[tokio::test]
async fn body_is_chunked_or_has_the_length_that_is_given() {
    let (outcome, seen) = exchange(&Upload::stream(stream_of(&["ab", "", "c"])), &[OK]).await;
    assert_eq!(outcome.unwrap().value(), "OK");
    assert!(seen[0].0.contains("\r\ntransfer-encoding: chunked\r\n"), "{seen:?}");
    assert!(seen[0].0.contains("\r\ncontent-type: a/b\r\n"), "{seen:?}");
    assert_eq!(seen[0].1, "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");

    let reader = Upload::reader(Cursor::new("from a reader")).with_length(13);
    let (outcome, seen) = exchange(&reader, &[OK]).await;
    assert_eq!(outcome.unwrap().value(), "OK");
    assert!(!seen[0].0.contains("transfer-encoding"), "{seen:?}");
    assert_eq!(seen[0].1, "from a reader");
    assert!(reader.is_spent());
}

#[tokio::test]
async fn what_is_in_memory_goes_the_usual_way() {
    let script = Script::new([answer(503, &[], ""), ok()]);
    let core = builder("https://host").transport(script.clone()).build().unwrap();
    put(&core, &Upload::from("in memory")).await.unwrap();
    let bodies: Vec<Bytes> = script.log().iter().map(|log| log.request.body().clone()).collect();
    assert_eq!(bodies, ["in memory", "in memory"]);
}

#[tokio::test]
async fn stream_that_was_begun_is_not_sent_again() {
    let upload = Upload::stream(stream_of(&["once"]));
    let (outcome, seen) = exchange(&upload, &[FAILED]).await;
    let error = outcome.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (503, 1));
    assert_eq!(seen.len(), 1);
    assert!(upload.is_spent());
    let led = Led::start().await;
    let error = put(&led.core, &upload).await.unwrap_err();
    assert_eq!(error.to_string(), "PUT /x: not sent: the stream of the body was read before");
}

#[tokio::test]
async fn stream_that_was_refused_after_it_began_is_not_sent_again() {
    let refused = "HTTP/1.1 429 No\r\ncontent-length: 0\r\nretry-after: 0\r\n\r\n";
    let (outcome, seen) = exchange(&Upload::stream(stream_of(&["once"])), &[refused]).await;
    let error = outcome.unwrap_err();
    assert!(error.is_rate_limited() && error.attempts() == 1 && seen.len() == 1, "{error:?}");
}

#[tokio::test]
async fn stream_that_can_be_made_again_is_sent_again() {
    let made = Arc::new(AtomicUsize::new(0));
    let count = made.clone();
    let upload = Upload::repeatable(move || {
        count.fetch_add(1, Ordering::SeqCst);
        stream_of(&["again"])
    });
    let (outcome, seen) = exchange(&upload, &[FAILED, OK]).await;
    assert_eq!(outcome.unwrap().attempts(), 2);
    assert_eq!(
        seen.iter().map(|(_, body)| body.as_str()).collect::<Vec<_>>(),
        ["5\r\nagain\r\n0\r\n\r\n"; 2]
    );
    assert!(made.load(Ordering::SeqCst) == 2 && !upload.is_spent());
}

/// Cannot connect the first time, and reads the body the second time.
#[derive(Clone, Default)]
struct Late(Arc<Mutex<Vec<Option<u64>>>>);

impl Transport for Late {
    fn send(
        &self,
        request: http::Request<Bytes>,
        _: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(async move { Ok(http::Response::new(request.into_body())) })
    }

    fn open(
        &self,
        request: http::Request<Upload>,
        _: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<Incoming>, TransportError>> {
        let mut log = self.0.lock().unwrap();
        log.push(request.body().length());
        let is_first = log.len() == 1;
        Box::pin(async move {
            if is_first {
                return Err(TransportError::new(Sent::No, TransportErrorKind::Connect));
            }
            let mut chunks = request.into_body().chunks();
            let mut all = Vec::new();
            while let Some(part) =
                std::future::poll_fn(|context| Pin::new(&mut chunks).poll_next(context)).await
            {
                all.extend_from_slice(&part.unwrap());
            }
            Ok(http::Response::new(Incoming::whole(all.into())))
        })
    }
}

#[tokio::test]
async fn stream_that_was_not_begun_is_sent_when_the_service_is_there() {
    let late = Late::default();
    let core = builder("https://host").transport(late.clone()).build().unwrap();
    let upload = Upload::stream(stream_of(&["la", "te"])).with_length(4);
    let response = put(&core, &upload).await.unwrap();
    assert_eq!((response.attempts(), response.value().as_str()), (2, "late"));
    assert_eq!(*late.0.lock().unwrap(), [Some(4); 2]);
}

#[tokio::test]
async fn length_that_is_not_kept_and_failing_streams_end_the_call() {
    let (sender, receiver) = tokio::sync::mpsc::channel(2);
    sender.try_send(Ok(Bytes::from_static(b"ab"))).unwrap();
    sender.try_send(Err(std::io::Error::other("the disk is gone"))).unwrap();
    let table = [
        (Upload::stream(stream_of(&["abc"])).with_length(2), "longer than the length"),
        (Upload::stream(stream_of(&["abc"])).with_length(4), "ended before the length"),
        (Upload::stream(Received(receiver)), "the disk is gone"),
    ];
    for (upload, reason) in table {
        let led = Led::start().await;
        // How much of it comes at the service is left open.
        let serving = async { drop((serve(&led, &[OK]).await, pending::<()>().await)) };
        let outcome = tokio::select! {
            outcome = put(&led.core, &upload) => outcome,
            () = serving => unreachable!("the service waits"),
        };
        let error = outcome.unwrap_err();
        let text = printed(&error);
        assert!(text.contains(reason) && text.contains("sending failed"), "{text}");
        assert_eq!(error.attempts(), 1);
    }
}

/// Without a word of the user an attempt has 30 s, which is little for a large body.
#[tokio::test(start_paused = true)]
async fn upload_may_take_as_long_as_the_call() {
    let script = Script::new([crate::support::script::Step::Delay(Duration::from_secs(300)), ok()]);
    let core = builder("https://host").transport(script.clone()).build().unwrap();
    let upload = Upload::stream(stream_of(&["slow"]));
    let request = Request::new(&PUT).upload("a/b", &upload);
    let options = CallOptions::new().deadline(Duration::from_secs(600));
    core.execute(request, &options, decode::nothing).await.unwrap();
    assert_eq!(script.count(), 1);
}

#[derive(Serialize)]
struct Form {
    note: &'static str,
    file: FilePart,
    more: Vec<FilePart>,
}

fn form(file: Upload) -> Form {
    Form { note: "n", file: FilePart::new(file).named("a.bin"), more: vec!["two".into()] }
}

async fn send_form(form: &Form) -> (Result<Response<String>, Error>, Vec<(String, String)>) {
    let led = Led::start().await;
    let request = Request::new(&PUT).multipart(form, &[]);
    let options = CallOptions::new();
    let call = led.core.execute(request, &options, decode::text);
    tokio::join!(soon(call), serve(&led, &[OK]))
}

#[tokio::test]
async fn files_of_a_form_may_be_streams() {
    let (outcome, seen) =
        send_form(&form(Upload::stream(stream_of(&["st", "ream"])).with_length(6))).await;
    outcome.unwrap();
    let (head, body) = &seen[0];
    assert!(head.contains(&format!("\r\ncontent-length: {}\r\n", body.len())), "{head}");
    let marker = body.lines().next().unwrap();
    let expected = format!(
        "{marker}\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\nn\r\n\
         {marker}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\ncontent-type: application/octet-stream\r\n\r\nstream\r\n\
         {marker}\r\ncontent-disposition: form-data; name=\"more\"; filename=\"more\"\r\ncontent-type: application/octet-stream\r\n\r\ntwo\r\n\
         {marker}--\r\n"
    );
    assert_eq!(*body, expected);

    let (outcome, seen) = send_form(&form(Upload::stream(stream_of(&["st", "ream"])))).await;
    outcome.unwrap();
    assert!(seen[0].0.contains("transfer-encoding: chunked"), "{seen:?}");
    assert!(seen[0].1.contains("\r\nream\r\n"), "{seen:?}");
}

#[tokio::test]
async fn files_are_parts_of_forms_only() {
    let file = FilePart::new(Upload::stream(stream_of(&["x"])));
    assert_eq!(serde_json::to_string(&file).unwrap_err().to_string(), "a stream has no text");
    assert_eq!(serde_json::to_string(&FilePart::from("x")).unwrap(), "\"x\"");
    assert_eq!(file, file.clone());
    assert_ne!(file, FilePart::new(Upload::stream(stream_of(&["x"]))));
}
