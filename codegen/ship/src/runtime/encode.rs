//! Percent-encoding and base64.
use std::fmt::Display;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

/// All but the unreserved characters of RFC 3986, section 2.3.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What stays of the reserved characters when a parameter allows them: those that neither end the
/// query nor separate its parts (`#`, `&`, `+`), nor are illegal in it (`[`, `]`).
const RESERVED: &AsciiSet = &VALUE
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// What must not stand in the fixed text of a path.
const LITERAL: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What must not stand in a cookie, RFC 6265, section 4.1.1.
const COOKIE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\');

pub(super) fn value(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, VALUE)
}

pub(super) fn reserved(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

/// Adds fixed text of a path, which mostly is as it must be.
pub(super) fn push_literal(path: &mut String, text: &str) {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_');
    if text.bytes().all(is_plain) {
        path.push_str(text);
    } else {
        path.extend(utf8_percent_encode(text, LITERAL));
    }
}

pub(super) fn cookie(text: &str) -> impl Display + '_ {
    utf8_percent_encode(text, COOKIE)
}

/// `name=value`, both encoded.
pub(super) fn pair(name: &str, text: &str) -> String {
    format!("{}={}", value(name), value(text))
}

/// Adds a finished pair to a query or form.
pub(super) fn push_pair<'a>(
    query: &mut String,
    name: &str,
    value: impl IntoIterator<Item = &'a str>,
) {
    // Pieces are added one by one.
    query.reserve(name.len() + 32);
    if !query.is_empty() {
        query.push('&');
    }
    query.extend(self::value(name));
    query.push('=');
    query.extend(value);
}

/// Base64 with padding, RFC 4648 section 4.
pub(super) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0_usize, |group, at| {
            (group << 8) | usize::from(chunk.get(at).copied().unwrap_or(0))
        });
        for place in 0..4 {
            let letter = ALPHABET[(group >> (18 - 6 * place)) & 63];
            text.push(if place <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    text
}
