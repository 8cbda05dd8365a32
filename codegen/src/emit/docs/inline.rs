//! What stands inside a line of prose: code, links, addresses, and characters that need a backslash.

/// How far behind its start the end of a code span, a link or an address is looked for: whoever
/// looks to the end of a long text at each mark is never done.
pub(super) const NEAR: usize = 4096;

/// What stands near the start of `text`.
pub(super) fn near(text: &str) -> &str {
    let end = (0..=NEAR.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

/// `text` without what no doc comment may hold.
pub(super) fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', "    ");
    text.chars().filter(|c| *c == '\n' || !(c.is_control() || is_direction(*c))).collect()
}

/// Marks that turn the direction of writing; rustc refuses them in comments.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// `text` as a code span.
pub(crate) fn code(text: &str) -> String {
    let text = clean(text).replace('\n', " ");
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let blank = text.trim().is_empty();
    let padded = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
    match (blank, padded) {
        (true, _) => format!("`\"{text}\"`"),
        (false, true) => format!("{fence} {text} {fence}"),
        (false, false) => format!("{fence}{text}{fence}"),
    }
}

/// The first sentence of `text` in one line, without its period.
pub(crate) fn sentence(text: &str) -> String {
    let text = clean(text);
    let paragraph: Vec<&str> =
        text.trim().lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    let paragraph = paragraph.join(" ");
    let first = paragraph.split_once(". ").map_or(paragraph.as_str(), |(first, _)| first);
    safe(first.trim_end_matches('.')).trim().to_owned()
}

/// All of `text` in one line.
pub(crate) fn sentences(text: &str) -> String {
    safe(&clean(text).split_whitespace().collect::<Vec<_>>().join(" ")).trim().to_owned()
}

/// `text` so that it reads the same and means nothing more.
pub(super) fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '`' => span(rest, &mut out),
            '[' => link(rest, &mut out),
            // An image would be fetched by whoever reads the docs: a link is enough.
            '!' if rest.starts_with("![") && link_parts(&rest[1..]).is_some() => 1,
            '<' => angle(rest, &mut out),
            '\\' => backslash(rest, &mut out),
            ']' => escaped(c, &mut out),
            'h' if is_address(rest) && !ends_in_word(&out) => address(rest, &mut out),
            _ => {
                out.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    out
}

fn escaped(c: char, out: &mut String) -> usize {
    out.push('\\');
    out.push(c);
    c.len_utf8()
}

/// A code span, or backticks that open nothing.
fn span(rest: &str, out: &mut String) -> usize {
    let length = rest.len() - rest.trim_start_matches('`').len();
    match span_end(&rest[length..], length) {
        Some(end) => {
            let end = length + end + length;
            out.push_str(&rest[..end]);
            end
        }
        None => {
            out.push_str(&"\\`".repeat(length));
            length
        }
    }
}

/// Where the run of exactly `length` backticks starts that closes a span.
fn span_end(text: &str, length: usize) -> Option<usize> {
    let near = near(text);
    let mut at = 0;
    while let Some(found) = near.get(at..).and_then(|near| near.find('`')) {
        let start = at + found;
        let run = text[start..].len() - text[start..].trim_start_matches('`').len();
        if run == length {
            return Some(start);
        }
        at = start + run;
    }
    None
}

/// `[text](https://…)` stays; any other bracket would be taken for the name of a Rust item.
fn link(rest: &str, out: &mut String) -> usize {
    let Some((text, target, end)) = link_parts(rest) else {
        return escaped('[', out);
    };
    let text = safe(text);
    let target = target.replace('(', "%28").replace(')', "%29").replace(['<', '>'], "");
    out.push_str(&format!("[{}]({target})", without_links(&text)));
    end
}

/// Text, address and end of a link to an absolute address.
fn link_parts(rest: &str) -> Option<(&str, &str, usize)> {
    let rest = near(rest);
    let close = rest.find(']')?;
    let text = &rest[1..close];
    if text.contains(['[', '\n']) || !text.matches('`').count().is_multiple_of(2) {
        return None;
    }
    let inside = rest[close + 1..].strip_prefix('(')?;
    let end = close_parenthesis(inside)?;
    let target = inside[..end].split_whitespace().next()?;
    let target = target.trim_matches(['<', '>']);
    let absolute =
        ["https://", "http://", "mailto:"].iter().any(|scheme| target.starts_with(scheme));
    absolute.then_some((text, target, close + 2 + end + 1))
}

fn close_parenthesis(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// A link must not hold another: addresses in its text lose their marks.
fn without_links(text: &str) -> String {
    text.replace("<http", "http").replace('>', "")
}

/// `<https://…>` stays; any other angle bracket would open a tag.
fn angle(rest: &str, out: &mut String) -> usize {
    let address = near(&rest[1..]).find('>').map(|end| &rest[1..=end]);
    match address {
        Some(inside) if is_address(inside) && !inside.contains(char::is_whitespace) => {
            out.push('<');
            out.push_str(inside);
            out.push('>');
            inside.len() + 2
        }
        _ => escaped('<', out),
    }
}

/// A backslash before punctuation already escapes it; one before a space would break the line.
fn backslash(rest: &str, out: &mut String) -> usize {
    match rest[1..].chars().next() {
        Some(next) if next.is_ascii_punctuation() => {
            out.push('\\');
            out.push(next);
            2
        }
        Some(next) if !next.is_whitespace() => {
            out.push('\\');
            1
        }
        _ => escaped('\\', out),
    }
}

fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn ends_in_word(out: &str) -> bool {
    out.chars().next_back().is_some_and(char::is_alphanumeric)
}

/// A bare address, marked as one.
fn address(rest: &str, out: &mut String) -> usize {
    let stop = |c: char| {
        c.is_whitespace()
            || matches!(c, '<' | '>' | '"' | '\'' | '`' | '(' | ')' | '[' | ']' | '|' | '\\')
    };
    let end = rest.find(stop).unwrap_or(rest.len());
    let url = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
    if url.ends_with("://") {
        out.push_str(url);
    } else {
        out.push('<');
        out.push_str(url);
        out.push('>');
    }
    url.len()
}
