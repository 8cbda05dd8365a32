//! YAML to values, from the events of saphyr's parser.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span as Marks, Tag};
use serde_json::Value;

use super::Problem;
use super::scalar;
use super::tree::{Builder, Built, Copy, stop};
use crate::source::{SourceMap, Span};

/// What saphyr says and what a writer of documents can do about it; the first match counts.
const HELP: &[(&str, &str)] = &[
    ("tab", "indent with spaces, YAML does not allow tabs"),
    ("quoted scalar", "close the quote"),
    ("anchor", "quote the value if it begins with `&` or `*`"),
    ("alias", "quote the value if it begins with `*`"),
    ("tag", "quote the value if it begins with `!`"),
    ("%", "quote the value if it begins with `%`"),
    ("mapping values are not allowed", "quote the value if it contains `: `, or check the indentation"),
    ("simple key expect", "put a `:` after the key, or check the indentation"),
    ("", "check the indentation, and quote a value that contains `: `, ` #` or begins with a sign"),
];

/// Parses one YAML document.
pub fn parse(source: &SourceMap) -> Result<Built, Problem> {
    let mut reader = Reader { cursor: Cursor::new(source), builder: Builder::new(source), anchors: HashMap::new(), open: Vec::new() };
    let mut parser = Parser::new_from_str(source.text());
    let mut documents = 0;
    while let Some(event) = parser.next_event() {
        let (event, marks) = event.map_err(|error| reader.syntax(&error, source))?;
        if let Event::DocumentStart(_) = event {
            documents += 1;
            if documents > 1 {
                let help = "keep one document per file; remove what follows `---`";
                return Err(stop("syntax", reader.cursor.span(marks), "the file holds more than one YAML document", help));
            }
        }
        reader.event(event, marks)?;
    }
    reader.builder.finish()
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    builder: Builder<'a>,
    anchors: HashMap<usize, Copy>,
    /// Anchors of what is open; 0 for none.
    open: Vec<usize>,
}

impl<'a> Reader<'a> {
    fn event(&mut self, event: Event<'_>, marks: Marks) -> Result<(), Problem> {
        match event {
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), marks),
            Event::Alias(anchor) => self.alias(anchor, marks),
            Event::SequenceStart(anchor, tag) => {
                let span = self.start(anchor, tag.as_deref(), marks, &["seq"])?;
                self.builder.open_list(span)
            }
            Event::MappingStart(anchor, tag) => {
                let span = self.start(anchor, tag.as_deref(), marks, &["map"])?;
                self.builder.open_map(span)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let anchor = self.open.pop().unwrap_or(0);
                let end = self.cursor.span(marks);
                if let Some(copy) = self.builder.close(end, anchor > 0)? {
                    self.anchors.insert(anchor, copy);
                }
                Ok(())
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => Ok(()),
        }
    }

    fn start(&mut self, anchor: usize, tag: Option<&Tag>, marks: Marks, known: &[&str]) -> Result<Span, Problem> {
        let span = self.cursor.span(marks);
        if self.builder.wants_key() {
            return Err(stop("unsupported-yaml", span, "a list or an object cannot be a key", "write the key as text"));
        }
        if let Some(tag) = tag.filter(|tag| !(tag.is_yaml_core_schema() && known.contains(&tag.suffix.as_str()))) {
            self.refuse_tag(tag, span);
        }
        self.open.push(anchor);
        Ok(span)
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize, tag: Option<&Tag>, marks: Marks) -> Result<(), Problem> {
        let span = self.cursor.span(marks);
        if self.builder.wants_key() {
            if text == "<<" && style == ScalarStyle::Plain {
                self.builder.merge_key(span);
            } else {
                self.builder.key(text.to_owned(), span);
            }
            self.anchor_scalar(anchor, Value::String(text.to_owned()));
            return Ok(());
        }
        let value = self.scalar_value(text, style, tag, span);
        self.anchor_scalar(anchor, value.clone());
        self.builder.scalar(value, span)
    }

    fn anchor_scalar(&mut self, anchor: usize, value: Value) {
        if anchor > 0 {
            self.anchors.insert(anchor, Copy::scalar(value));
        }
    }

    fn scalar_value(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Value {
        let plain = match tag {
            None => style == ScalarStyle::Plain,
            Some(tag) if tag.is_yaml_core_schema() && tag.suffix == "str" => false,
            Some(tag) if tag.is_yaml_core_schema() && ["int", "float", "bool", "null"].contains(&tag.suffix.as_str()) => true,
            // `!` alone says "not plain" (YAML 1.2.2, 6.9.1).
            Some(tag) if tag.handle.is_empty() && tag.suffix == "!" => false,
            Some(tag) => {
                self.refuse_tag(tag, span);
                style == ScalarStyle::Plain
            }
        };
        if !plain {
            return Value::String(text.to_owned());
        }
        scalar::plain(text).unwrap_or_else(|kind| {
            let help = "quote it if it is text, or leave the bound out";
            self.builder.problem("syntax", span, format!("`{text}` is {kind}, which JSON cannot say"), help);
            Value::String(text.to_owned())
        })
    }

    fn refuse_tag(&mut self, tag: &Tag, span: Span) {
        let help = "quote the value if it begins with `!`; including files is not supported";
        self.builder.problem("unsupported-yaml", span, format!("the tag `{tag}` is not part of OpenAPI"), help);
    }

    fn alias(&mut self, anchor: usize, marks: Marks) -> Result<(), Problem> {
        let span = self.cursor.span(marks);
        let Some(copy) = self.anchors.get(&anchor) else {
            return Err(stop("unsupported-yaml", span, "this alias stands inside the value that it names", "use `$ref` for recursion"));
        };
        if !self.builder.wants_key() {
            return self.builder.copy(copy, span);
        }
        match &copy.value {
            Value::Array(_) | Value::Object(_) => {
                Err(stop("unsupported-yaml", span, "a list or an object cannot be a key", "write the key as text"))
            }
            Value::String(text) => {
                self.builder.key(text.clone(), span);
                Ok(())
            }
            other => {
                self.builder.key(other.to_string(), span);
                Ok(())
            }
        }
    }

    fn syntax(&mut self, error: &ScanError, source: &SourceMap) -> Problem {
        let offset = self.cursor.offset(*error.marker());
        let info = error.info();
        let line = source.line(source.position(offset).line);
        let tabbed = line.trim_start_matches(' ').starts_with('\t');
        let key = if tabbed { "tab" } else { info };
        let help = HELP.iter().find(|(part, _)| key.contains(part)).map_or("", |(_, help)| help);
        let span = Span::new(offset, offset + 1);
        Problem { pointer: self.builder.pointer(), ..stop("syntax", span, format!("this is not YAML: {info}"), help) }
    }
}

/// Turns saphyr's lines and columns into bytes. Remembers the last place, because a whole document
/// may stand on one line.
struct Cursor<'a> {
    source: &'a SourceMap,
    line: usize,
    column: usize,
    offset: usize,
}

impl<'a> Cursor<'a> {
    fn new(source: &'a SourceMap) -> Self {
        Self { source, line: 1, column: 0, offset: 0 }
    }

    fn span(&mut self, marks: Marks) -> Span {
        let start = self.offset(marks.start);
        Span::new(start, self.offset(marks.end))
    }

    fn offset(&mut self, marker: Marker) -> usize {
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
