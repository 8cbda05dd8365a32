//! JSON texts as bytes that are cut anywhere, against the parser's own file.
#[allow(dead_code, reason = "the client uses the rest")]
#[path = "../../../src/runtime/line_parser.rs"]
mod line_parser;

use bytes::Bytes;

use line_parser::{Framing, LineParser, TooLong};

fn all(framing: Framing, parts: &[&[u8]]) -> Vec<(String, bool)> {
    let mut parser = LineParser::new(framing, 1000);
    let mut found = Vec::new();
    let text = |text: Vec<u8>| String::from_utf8(text).expect("it is text").trim().to_owned();
    for part in parts {
        let mut input = Bytes::copy_from_slice(part);
        while let Some(next) = parser.next(&mut input).expect("it is short enough") {
            found.push((text(next), true));
        }
    }
    found.extend(parser.rest().map(|(rest, is_whole)| (text(rest), is_whole)));
    found
}

fn everywhere(framing: Framing, stream: &str, expected: &[(&str, bool)]) {
    let expected: Vec<(String, bool)> =
        expected.iter().map(|(text, is_whole)| ((*text).to_owned(), *is_whole)).collect();
    for at in 0..stream.len() {
        let (start, end) = stream.as_bytes().split_at(at);
        assert_eq!(all(framing, &[start, end]), expected, "{stream:?} cut at {at}");
    }
    let single: Vec<&[u8]> = stream.as_bytes().chunks(1).collect();
    assert_eq!(all(framing, &single), expected);
}

#[test]
fn lines_are_found_wherever_the_bytes_are_cut() {
    let stream = "\u{feff}{\"n\": 1}\n\n  \r\n{\"é\": \"€\"}\r\n3";
    let expected = [("{\"n\": 1}", true), ("{\"é\": \"€\"}", true), ("3", true)];
    everywhere(Framing::Lines, stream, &expected);
    assert_eq!(all(Framing::Lines, &[b""]), []);
}

#[test]
fn texts_of_a_sequence_may_hold_line_ends() {
    let stream =
        "\u{1e}{\"a\":\n [1,\n \"}\\\"\n\"]}\n\u{1e}\u{1e}\n\u{1e}12\n\u{1e}{\"cut\": \u{1e}true";
    let expected = [
        ("{\"a\":\n [1,\n \"}\\\"\n\"]}", true),
        ("12", true),
        ("{\"cut\":", true),
        ("true", false),
    ];
    everywhere(Framing::Sequence, stream, &expected);
}

/// Who waits for the next mark sees each text only when the next one comes.
#[test]
fn a_text_of_a_sequence_is_there_with_its_line_end() {
    let mut parser = LineParser::new(Framing::Sequence, 100);
    let mut input = Bytes::from_static(b"\x1e{\"a\": 1}\n");
    assert_eq!(parser.next(&mut input), Ok(Some(b"{\"a\": 1}\n".to_vec())));
}

#[test]
fn what_is_too_long_is_refused() {
    let mut parser = LineParser::new(Framing::Lines, 5);
    assert_eq!(parser.next(&mut Bytes::from_static(b"1234\n")), Ok(Some(b"1234\n".to_vec())));
    assert_eq!(parser.next(&mut Bytes::from_static(b"12")), Ok(None));
    assert_eq!(parser.next(&mut Bytes::from_static(b"3456")), Err(TooLong));
}
