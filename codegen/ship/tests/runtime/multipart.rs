//! Forms with files.
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};
use ship::runtime::{FilePart, Nullable, Operation, Request};

use crate::requests::{operation, sent};

static SEND: Operation = operation("/send");

#[derive(Serialize)]
struct Photo {
    file: FilePart,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumb: Option<FilePart>,
    more: Vec<FilePart>,
    caption: &'static str,
    stars: f64,
    #[serde(skip_serializing_if = "Nullable::is_absent")]
    place: Nullable<String>,
    tags: Vec<&'static str>,
    meta: Value,
}

fn photo() -> Photo {
    Photo {
        file: FilePart::new(&b"\x00\xff\r\n--part"[..])
            .named("a \"b\"\r\nc.png")
            .media_type("image/png"),
        thumb: None,
        more: vec![FilePart::from("one"), FilePart::from(vec![b'2']).media_type("a/b\r\nx: y")],
        caption: "say \"hi\"",
        stars: 4.5,
        place: Nullable::Null,
        tags: vec!["x", "y"],
        meta: json!({ "a": [1, null] }),
    }
}

/// The parts of what goes out: each its lines of head, and its content.
async fn parts(request: Request) -> Vec<(Vec<String>, Bytes)> {
    let request = sent(request).await.unwrap();
    let media_type = request.headers()["content-type"].to_str().unwrap().to_owned();
    let boundary = media_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    let marker = format!("--{boundary}");
    let body = request.into_body();
    let mut rest = &body[..];
    let mut parts = Vec::new();
    loop {
        rest = rest.strip_prefix(marker.as_bytes()).unwrap();
        if rest == b"--\r\n" {
            return parts;
        }
        rest = rest.strip_prefix(b"\r\n").unwrap();
        let find =
            |text: &[u8], what: &[u8]| text.windows(what.len()).position(|part| part == what);
        let head = find(rest, b"\r\n\r\n").unwrap();
        let end = find(rest, format!("\r\n{marker}").as_bytes()).unwrap();
        let lines = std::str::from_utf8(&rest[..head]).unwrap().split("\r\n");
        parts.push((
            lines.map(str::to_owned).collect(),
            Bytes::copy_from_slice(&rest[head + 4..end]),
        ));
        rest = &rest[end + 2..];
    }
}

fn line(name: &str) -> String {
    format!("content-disposition: form-data; name=\"{name}\"")
}

#[tokio::test]
async fn members_of_a_form_are_parts() {
    let parts =
        parts(Request::new(&SEND).multipart(&photo(), &[("meta", "application/x+json")])).await;
    let file = |name: &str, file: &str, media_type: &str| {
        vec![format!("{}; filename=\"{file}\"", line(name)), format!("content-type: {media_type}")]
    };
    let expected: [(Vec<String>, &[u8]); 8] = [
        (file("file", "a %22b%22%0D%0Ac.png", "image/png"), b"\x00\xff\r\n--part"),
        (file("more", "more", "application/octet-stream"), b"one"),
        (file("more", "more", "a/b  x: y"), b"2"),
        (vec![line("caption")], b"say \"hi\""),
        (vec![line("stars")], b"4.5"),
        (vec![line("tags")], b"x"),
        (vec![line("tags")], b"y"),
        (vec![line("meta"), "content-type: application/x+json".to_owned()], br#"{"a":[1,null]}"#),
    ];
    assert_eq!(parts.len(), expected.len());
    for ((lines, content), (expected, bytes)) in parts.into_iter().zip(expected) {
        assert_eq!((lines, &content[..]), (expected, bytes));
    }
}

#[tokio::test]
async fn names_and_files_break_out_of_nothing() {
    let body = json!({ "a\"; x=\"\r\ny: z": "text" });
    let parts = parts(Request::new(&SEND).multipart(&body, &[])).await;
    assert_eq!(parts[0].0, [line("a%22; x=%22%0D%0Ay: z")]);
    assert_eq!(parts.len(), 1);
}

#[tokio::test]
async fn what_is_no_form_is_refused() {
    #[derive(Serialize)]
    struct Deep {
        inner: Photo,
    }
    for (request, problem) in [
        (Request::new(&SEND).multipart(&json!([1]), &[]), "a form is an object"),
        (Request::new(&SEND).multipart(&"text", &[]), "a form is an object"),
        (
            Request::new(&SEND).multipart(&Deep { inner: photo() }, &[]),
            "a file must be a member of the form",
        ),
        (Request::new(&SEND).multipart(&[("a", f64::NAN)].map(|pair| [pair]), &[]), "not finite"),
    ] {
        let text = sent(request).await.unwrap_err().to_string();
        assert!(text.starts_with("POST /send: not sent: ") && text.contains(problem), "{text}");
    }
}

#[test]
fn file_is_text_in_json_and_hides_its_content_in_debug() {
    let file: FilePart = serde_json::from_str("\"some text\"").unwrap();
    assert_eq!(serde_json::to_string(&file).unwrap(), "\"some text\"");
    assert_eq!(file.content().bytes().unwrap(), "some text");
    assert!(!format!("{file:?}").contains("some"), "{file:?}");
}
