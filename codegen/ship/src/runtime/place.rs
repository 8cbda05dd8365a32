//! Finds the place of a JSON error: its offset, the path of members to it, the text around it.
//!
//! The parser gives a line and a column only. Walking the text again, after the failure, costs the
//! successful case nothing.

use super::answer::{one_line, visible};

/// The largest window, in bytes, and how much of it lies before the place.
const WINDOW: usize = 120;
const WINDOW_BEFORE: usize = 80;

/// The longest member name that a path shows whole, in characters.
const NAME_LENGTH: usize = 40;

enum Level<'a> {
    Object { key: &'a [u8], before_colon: bool },
    Array { index: usize },
}

/// The byte after the last one that was read, from the parser's line and column.
pub(super) fn offset_of(body: &[u8], line: usize, column: usize) -> usize {
    let breaks = body.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let start = match line {
        0 | 1 => 0,
        _ => breaks.map(|(at, _)| at + 1).nth(line - 2).unwrap_or(body.len()),
    };
    start.saturating_add(column).min(body.len())
}

/// The members and indexes that lead to `offset`, like `things[3].name`.
pub(super) fn path_at(body: &[u8], offset: usize) -> String {
    let body = body.get(..offset).unwrap_or(body);
    let mut levels: Vec<Level<'_>> = Vec::new();
    let mut at = 0;
    while let Some(byte) = body.get(at) {
        at += 1;
        match byte {
            b'{' => levels.push(Level::Object { key: b"", before_colon: true }),
            b'[' => levels.push(Level::Array { index: 0 }),
            b'}' | b']' => {
                levels.pop();
            }
            b'"' => {
                let text = string_at(body, at);
                at += text.len() + 1;
                if let Some(Level::Object { key, before_colon: true }) = levels.last_mut() {
                    *key = text;
                }
            }
            b':' | b',' => separate(levels.last_mut(), *byte),
            _ => {}
        }
    }
    // The parser stopped at the bracket: the list itself is wrong, not its first item.
    if body.trim_ascii_end().last() == Some(&b'[') {
        levels.pop();
    }
    levels.iter().fold(String::new(), add_level)
}

/// The string that starts at `at`, without its quotes, as far as it goes.
fn string_at(body: &[u8], at: usize) -> &[u8] {
    let rest = body.get(at..).unwrap_or_default();
    let mut escaped = false;
    let end = rest.iter().position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest)
}

fn separate(level: Option<&mut Level<'_>>, byte: u8) {
    match level {
        Some(Level::Object { before_colon, .. }) => *before_colon = byte == b',',
        Some(Level::Array { index }) => *index += usize::from(byte == b','),
        None => {}
    }
}

fn add_level(mut path: String, level: &Level<'_>) -> String {
    match level {
        Level::Array { index } => path.extend(["[", &index.to_string(), "]"]),
        Level::Object { key: b"", .. } => {}
        Level::Object { key, .. } => {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&one_line(&String::from_utf8_lossy(key), NAME_LENGTH));
        }
    }
    path
}

/// The text around `offset` on one line.
pub(super) fn window_at(body: &[u8], offset: usize) -> String {
    let start = offset.saturating_sub(WINDOW_BEFORE);
    let end = body.len().min(start + WINDOW);
    let text = String::from_utf8_lossy(body.get(start..end).unwrap_or_default());
    let mut window = String::with_capacity(WINDOW);
    for c in text.trim().chars() {
        let c = visible(c);
        if window.len() + c.len_utf8() > WINDOW {
            break;
        }
        window.push(c);
    }
    window
}
