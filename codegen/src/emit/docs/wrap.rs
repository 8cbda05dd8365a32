//! Fills lines with words.

use super::inline::near;

/// `text` in lines of at most `width` columns: the first starts with `first`, others with `rest`.
pub(super) fn fill(text: &str, first: &str, rest: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut columns = 0;
    for word in words(text) {
        let prefix = if lines.is_empty() { first } else { rest };
        let length = word.chars().count();
        let full = prefix.chars().count() + columns + 1 + length > width;
        if line.is_empty() {
            line.push_str(prefix);
        } else if full && !starts_block(word) {
            lines.push(std::mem::replace(&mut line, rest.to_owned()));
            columns = 0;
        } else {
            line.push(' ');
            columns += 1;
        }
        line.push_str(&if columns == 0 { harmless(word) } else { word.to_owned() });
        columns += length;
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// The words of `text`; a code span and the text of a link are one word each.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let c = rest.chars().next().expect("`at` stands before a character");
        match c {
            '\\' => at += 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '`' => at += span_length(rest),
            '[' => at += near(rest).find("](").map_or(1, |end| end + 2),
            _ if c.is_whitespace() => {
                words.push(&text[start..at]);
                at += c.len_utf8();
                start = at;
            }
            _ => at += c.len_utf8(),
        }
    }
    words.push(&text[start..]);
    words.retain(|word| !word.is_empty());
    words
}

/// The length of a code span, or of the backticks that open none.
fn span_length(text: &str) -> usize {
    let run = text.len() - text.trim_start_matches('`').len();
    let fence = &text[..run];
    near(&text[run..]).find(fence).map_or(run, |end| run + end + run)
}

/// Whether a line that starts with this word would start a list, a heading, a quote or a rule.
fn starts_block(word: &str) -> bool {
    let digits = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let all = |mark: char| word.chars().all(|c| c == mark);
    matches!(word, "*" | "+" | "***")
        || ['#', '=', '-', '_'].into_iter().any(all)
        || word.starts_with('>')
        || word.starts_with("~~~")
        || (digits.len() < word.len() && matches!(digits, "." | ")"))
}

/// The first word of a paragraph so that it starts no block.
fn harmless(word: &str) -> String {
    if !starts_block(word) {
        return word.to_owned();
    }
    let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    format!("{}\\{}", &word[..digits], &word[digits..])
}
