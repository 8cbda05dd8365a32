//! Paragraphs, lists, tables and code of a text, each in a form that rustdoc neither runs nor warns
//! about.

use super::inline;
use super::wrap::fill;

/// Languages that a fence may name; any other would be taken for Rust or be warned about.
const LANGUAGES: &[&str] = &[
    "bash",
    "console",
    "css",
    "csv",
    "diff",
    "graphql",
    "html",
    "http",
    "java",
    "javascript",
    "js",
    "json",
    "json5",
    "jsonc",
    "jsonl",
    "markdown",
    "php",
    "python",
    "ruby",
    "sh",
    "shell",
    "sql",
    "text",
    "toml",
    "typescript",
    "xml",
    "yaml",
];

/// Where the next text belongs: the prefixes of its first and its other lines.
#[derive(Default)]
struct Place {
    first: String,
    rest: String,
}

/// Prose on its way into lines.
struct Blocks {
    width: usize,
    out: Vec<String>,
    paragraph: Vec<String>,
    place: Place,
    /// Open list items: the column of the marker in the source and of the content in the output.
    items: Vec<(usize, usize)>,
    after_blank: bool,
}

/// The lines of `text`, each at most `width` columns where words allow it.
pub(super) fn lines(text: &str, width: usize) -> Vec<String> {
    let text = inline::clean(text);
    let source: Vec<&str> = text.lines().map(unquote).collect();
    let mut state = Blocks {
        width,
        out: Vec::new(),
        paragraph: Vec::new(),
        place: Place::default(),
        items: Vec::new(),
        after_blank: true,
    };
    let mut at = 0;
    while at < source.len() {
        at = state.line(&source, at);
    }
    state.flush();
    let end = state.out.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
    state.out.truncate(end);
    state.out
}

/// A quoted line without its marks: code and lists inside a quote are not worth their dangers.
fn unquote(line: &str) -> &str {
    match line.trim_start().strip_prefix('>') {
        Some(rest) => unquote(rest.strip_prefix(' ').unwrap_or(rest)),
        None => line,
    }
}

impl Blocks {
    /// Takes the block that starts in line `at`; returns the line after it.
    fn line(&mut self, source: &[&str], at: usize) -> usize {
        let line = source[at];
        let text = line.trim();
        let indent = line.len() - line.trim_start().len();
        if text.is_empty() {
            self.flush();
            self.after_blank = true;
            return at + 1;
        }
        let after_blank = std::mem::take(&mut self.after_blank);
        if let Some(fence) = fence_start(text) {
            return self.fence(source, at, indent, fence);
        }
        if after_blank && indent >= 4 && self.items.is_empty() {
            return self.indented(source, at);
        }
        if is_table(text)
            || (text.contains('|') && source.get(at + 1).is_some_and(|next| is_rule_row(next)))
        {
            return self.table(source, at);
        }
        if is_break(text) {
            self.leave_lists();
            self.block(vec!["---".to_owned()]);
            self.after_blank = true;
        } else if is_heading(text) {
            self.leave_lists();
            let hashes = text.len() - text.trim_start_matches('#').len();
            let title =
                inline::safe(text.trim_start_matches('#').trim().trim_end_matches('#').trim());
            self.block(vec![format!("{} {title}", &text[..hashes])]);
            self.after_blank = true;
        } else if let Some((marker, rest)) = list_item(text) {
            self.item(indent, marker, rest);
        } else {
            self.words(indent, text, after_blank);
        }
        at + 1
    }

    /// Text of a paragraph; after an empty line, text at the left edge ends the lists.
    fn words(&mut self, indent: usize, text: &str, after_blank: bool) {
        if after_blank && !self.items.is_empty() {
            self.items.retain(|(column, _)| *column < indent);
            let column = self.items.last().map_or(0, |(_, content)| *content);
            self.place = Place { first: " ".repeat(column), rest: " ".repeat(column) };
        }
        self.paragraph.push(text.to_owned());
    }

    /// Starts an item of a list.
    fn item(&mut self, indent: usize, marker: &str, rest: &str) {
        self.flush();
        self.items.retain(|(column, _)| *column < indent);
        let column = self.items.last().map_or(0, |(_, content)| *content);
        let width = marker.len() + 1;
        self.items.push((indent, column + width));
        self.place = Place {
            first: format!("{}{marker} ", " ".repeat(column)),
            rest: " ".repeat(column + width),
        };
        self.paragraph.push(rest.to_owned());
    }

    /// Copies a fence, closed and with a language that rustdoc does not run.
    fn fence(
        &mut self,
        source: &[&str],
        at: usize,
        indent: usize,
        fence: (char, usize, &str),
    ) -> usize {
        let (mark, length, language) = fence;
        let mut end = at + 1;
        let closes = |line: &str| {
            let text = line.trim();
            text.len() >= length && text.chars().all(|c| c == mark)
        };
        while end < source.len() && !closes(source[end]) {
            end += 1;
        }
        let content: Vec<String> =
            source[at + 1..end].iter().map(|line| dedent(line, indent)).collect();
        self.leave_lists();
        self.code(language, content);
        (end + 1).min(source.len())
    }

    /// Turns indented code into a fence, since rustdoc would run it.
    fn indented(&mut self, source: &[&str], at: usize) -> usize {
        let mut end = at;
        let mut last = at;
        while end < source.len()
            && (source[end].starts_with("    ") || source[end].trim().is_empty())
        {
            if !source[end].trim().is_empty() {
                last = end;
            }
            end += 1;
        }
        let content = source[at..=last].iter().map(|line| dedent(line, 4)).collect();
        self.leave_lists();
        self.code("text", content);
        last + 1
    }

    fn code(&mut self, language: &str, content: Vec<String>) {
        let longest = content
            .iter()
            .map(|line| line.trim_start())
            .map(|line| line.len() - line.trim_start_matches('`').len());
        let fence = "`".repeat(longest.max().map_or(3, |longest| longest.max(2) + 1));
        let mut lines = vec![format!("{fence}{language}")];
        lines.extend(content);
        lines.push(fence);
        self.block(lines);
        self.after_blank = true;
    }

    /// Copies the rows of a table.
    fn table(&mut self, source: &[&str], at: usize) -> usize {
        let rows = source[at..].iter().take_while(|line| line.contains('|')).count();
        let lines = source[at..at + rows].iter().map(|line| inline::safe(line.trim())).collect();
        self.leave_lists();
        self.block(lines);
        self.after_blank = true;
        at + rows
    }

    fn leave_lists(&mut self) {
        self.flush();
        self.items.clear();
        self.place = Place::default();
    }

    /// Ends the paragraph.
    fn flush(&mut self) {
        if self.paragraph.is_empty() {
            return;
        }
        let text = inline::safe(&self.paragraph.join(" "));
        let place = std::mem::take(&mut self.place);
        let item = place.first != place.rest;
        let lines = fill(&text, &place.first, &place.rest, self.width);
        self.paragraph.clear();
        self.place = Place { first: place.rest.clone(), rest: place.rest };
        if item && self.out.last().is_some_and(|last| !last.is_empty()) && self.follows_item() {
            self.out.extend(lines);
        } else {
            self.block(lines);
        }
    }

    /// Whether the last block was an item, so that the next one may follow at once.
    fn follows_item(&self) -> bool {
        let start = self.out.iter().rposition(String::is_empty).map_or(0, |empty| empty + 1);
        self.out
            .get(start)
            .is_some_and(|line| list_item(line.trim()).is_some() || line.starts_with("  "))
    }

    fn block(&mut self, lines: Vec<String>) {
        if self.out.last().is_some_and(|last| !last.is_empty()) {
            self.out.push(String::new());
        }
        self.out.extend(lines);
    }
}

/// The mark, its length and the language of a line that opens a fence.
fn fence_start(text: &str) -> Option<(char, usize, &'static str)> {
    let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = text.chars().take_while(|c| *c == mark).count();
    let info = text[length..].trim();
    if length < 3 || (mark == '`' && info.contains('`')) {
        return None;
    }
    let word = info.split(|c: char| c.is_whitespace() || c == ',').next().unwrap_or_default();
    let language = LANGUAGES.iter().find(|known| known.eq_ignore_ascii_case(word));
    Some((mark, length, language.copied().unwrap_or("text")))
}

/// The marker and the text of a list item.
fn list_item(text: &str) -> Option<(&str, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let end = match text.as_bytes().get(digits)? {
        b'-' | b'*' | b'+' if digits == 0 => 1,
        b'.' | b')' if (1..=9).contains(&digits) => digits + 1,
        _ => return None,
    };
    let rest = text[end..].strip_prefix(' ')?.trim_start();
    (!rest.is_empty()).then_some((&text[..end], rest))
}

fn is_heading(text: &str) -> bool {
    let rest = text.trim_start_matches('#');
    (1..=6).contains(&(text.len() - rest.len())) && rest.starts_with(' ')
}

fn is_break(text: &str) -> bool {
    let marks: String = text.chars().filter(|c| *c != ' ').collect();
    marks.len() >= 3 && ['-', '*', '_'].iter().any(|mark| marks.chars().all(|c| c == *mark))
}

fn is_table(text: &str) -> bool {
    text.len() > 1 && text.starts_with('|') && text.ends_with('|')
}

/// Whether this is the row of dashes below the head of a table.
fn is_rule_row(text: &str) -> bool {
    let text = text.trim();
    text.contains('-')
        && text.contains('|')
        && text.chars().all(|c| matches!(c, '-' | '|' | ':' | ' '))
}

/// `line` without its first `columns` spaces.
fn dedent(line: &str, columns: usize) -> String {
    let spaces = line.len() - line.trim_start_matches(' ').len();
    line[spaces.min(columns)..].trim_end().to_owned()
}
