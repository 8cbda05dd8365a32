//! Text of the document between tags and in attributes.

/// `text` between tags.
pub(in crate::reference) fn text(text: &str) -> String {
    attribute(&cleaned(text))
}

/// `text` in double quotes, or anywhere else.
pub(in crate::reference) fn attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// `text` without what HTML forbids, and without the marks that turn the direction of writing: a line
/// of a sample must read as it runs.
pub(in crate::reference) fn cleaned(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| matches!(c, '\n' | '\t') || !is_forbidden(*c)).collect()
}

fn is_forbidden(c: char) -> bool {
    let direction = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let none = matches!(u32::from(c), 0xFDD0..=0xFDEF) || u32::from(c) & 0xFFFE == 0xFFFE;
    c.is_control() || direction || none
}
