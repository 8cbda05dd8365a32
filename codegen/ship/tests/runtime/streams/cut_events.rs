//! Events as bytes that are cut anywhere, against the parser's own file.
#[allow(dead_code, reason = "the client uses the rest")]
#[path = "../../../src/runtime/event_parser.rs"]
mod event_parser;

use std::time::Duration;

use bytes::Bytes;

use event_parser::{EventParser, Found, TooLong};

fn all(parts: &[&[u8]]) -> Vec<Found> {
    let mut parser = EventParser::new(1000);
    let mut found = Vec::new();
    for part in parts {
        let mut input = Bytes::copy_from_slice(part);
        while let Some(event) = parser.next(&mut input).expect("it is short enough") {
            found.push(event);
        }
    }
    found
}

fn event(data: &str, event: &str, id: Option<&str>, retry: Option<u64>) -> Found {
    Found {
        data: data.into(),
        event: event.to_owned(),
        id: id.map(str::to_owned),
        retry: retry.map(Duration::from_millis),
    }
}

const STREAM: &str = "\u{feff}: hello\r\ndata: one\r\ndata:two\rdata\n\nevent: add\nid: 7\nretry: 50\n\
    data: {\"é\": \"€😀\"}\r\n\r\nid: 8\u{0}\nretry: 5s\nevent: none\n\n: only a comment\n\ndata:  x:y\nother: z\r\r\
    data:\n\nid\ndata: last\n\ndata: cut";

fn expected() -> Vec<Found> {
    vec![
        event("one\ntwo\n", "", None, None),
        event("{\"é\": \"€😀\"}", "add", Some("7"), Some(50)),
        event(" x:y", "", Some("7"), None),
        event("", "", Some("7"), None),
        event("last", "", Some(""), None),
    ]
}

#[test]
fn events_are_those_of_the_standard_wherever_the_bytes_are_cut() {
    let bytes = STREAM.as_bytes();
    assert_eq!(all(&[bytes]), expected());
    for at in 0..bytes.len() {
        let (start, end) = bytes.split_at(at);
        assert_eq!(all(&[start, end]), expected(), "cut at {at}");
    }
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(all(&single), expected());
}

#[test]
fn what_the_end_cuts_off_is_kept_and_what_is_too_long_is_refused() {
    let mut parser = EventParser::new(12);
    let mut input = Bytes::from_static(b"data: ab\n\ndata: c\ndata: d");
    assert_eq!(parser.next(&mut input), Ok(Some(event("ab", "", None, None))));
    assert_eq!(parser.next(&mut input), Ok(None));
    assert_eq!(parser.rest(), Some(b"c\nd".to_vec()));
    assert_eq!(parser.rest(), None);
    let mut input = Bytes::from_static(b"data: 0123\ndata: 45678\n\n");
    assert_eq!(parser.next(&mut input), Err(TooLong));
    let mut input = Bytes::from_static(b": a comment without end");
    assert_eq!(EventParser::new(12).next(&mut input), Err(TooLong));
}
