//! From the parser's lines and columns to bytes, and text that the parser is too strict about.

use saphyr_parser::{Marker, Span as Marks};

use crate::source::{SourceMap, Span};

/// Turns saphyr's lines and columns into bytes. Remembers the last place, because a whole document
/// may stand on one line.
pub struct Cursor<'a> {
    source: &'a SourceMap,
    line: usize,
    column: usize,
    offset: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(source: &'a SourceMap) -> Self {
        Self { source, line: 1, column: 0, offset: 0 }
    }

    pub fn span(&mut self, marks: Marks) -> Span {
        let start = self.offset(marks.start);
        Span::new(start, self.offset(marks.end))
    }

    pub fn offset(&mut self, marker: Marker) -> usize {
        let (line, column) = (marker.line(), marker.col());
        if line != self.line || column < self.column {
            (self.line, self.column, self.offset) = (line, 0, self.source.line_start(line));
        }
        let rest = self.source.text().get(self.offset..).unwrap_or("");
        let steps = column - self.column;
        let width = rest.char_indices().nth(steps).map_or(rest.len(), |(index, _)| index);
        self.column = column;
        self.offset += width;
        self.offset
    }
}

/// The text with the further lines of a quoted text moved right, which does not change its value:
/// blanks at the start of such lines do not count.
pub fn indent(text: &str, start: Marker) -> Option<String> {
    let source = SourceMap::new("", text);
    let from = Cursor::new(&source).offset(start);
    let quote = text.get(from..)?.chars().next().filter(|quote| ['"', '\''].contains(quote))?;
    let mut indented = text.get(..=from)?.to_owned();
    let mut letters = text.get(from + 1..)?.char_indices();
    while let Some((at, letter)) = letters.next() {
        indented.push(letter);
        match letter {
            '\n' => indented.extend(std::iter::repeat_n(' ', start.col() + 1)),
            '\\' if quote == '"' => {
                // An escaped line end is the other way to fold, and its next line is not text yet.
                let (_, escaped) = letters.next()?;
                indented.push(escaped);
                if escaped == '\n' {
                    indented.extend(std::iter::repeat_n(' ', start.col() + 1));
                }
            }
            letter if letter == quote => {
                indented.push_str(text.get(from + 1 + at + letter.len_utf8()..)?);
                return Some(indented);
            }
            _ => {}
        }
    }
    None
}
