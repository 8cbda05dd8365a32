//! Where everything stands in the text: from JSON pointers to lines and columns.

use std::borrow::Cow;

use indexmap::IndexMap;

/// Bytes between two places whose characters are counted once and for all, because a whole document
/// may stand on one line.
const BLOCK: usize = 1024;

/// A place for people: both counted from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line of the text.
    pub line: usize,
    /// Character of that line.
    pub column: usize,
}

/// A piece of the text, in bytes. All files together are capped at 64 MiB, so 32 bits suffice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of these bytes.
    pub fn new(start: usize, end: usize) -> Self {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: narrow(start), end: narrow(end.max(start)) }
    }
}

/// Spans of one value and of all below it, shaped like the tree of values.
#[derive(Debug, Clone, Default)]
pub struct Node {
    /// The key in front of the value, quotes included.
    pub key: Option<Span>,
    /// The value.
    pub value: Span,
    /// What the value holds. Empty where it came through an alias: its place is the alias.
    pub children: Children,
}

/// What stands below a [`Node`].
#[derive(Debug, Clone, Default)]
pub enum Children {
    /// A scalar.
    #[default]
    None,
    /// Items of a list.
    List(Vec<Node>),
    /// Members of an object, in document order.
    Map(IndexMap<String, Node>),
}

/// The texts of a document and the place of every value in them.
///
/// Bytes of all files are counted in one row, so that a span says which file it is of.
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    /// The document itself, then the files that it refers to.
    files: Vec<Text>,
    root: Node,
}

/// One file.
#[derive(Debug, Clone, Default)]
struct Text {
    name: String,
    text: String,
    /// Bytes of the files before it.
    start: usize,
    /// Byte at which each line starts.
    lines: Vec<usize>,
    /// Characters before each block of bytes.
    blocks: Vec<usize>,
}

impl SourceMap {
    /// A map without places: everything is at the start of the text.
    pub fn new(name: &str, text: &str) -> Self {
        Self { files: vec![Text::new(name, text, 0)], root: Node::default() }
    }

    /// The same text with the places of its values.
    pub fn with_root(self, root: Node) -> Self {
        Self { root, ..self }
    }

    /// The places of all values.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// Takes the places of all values, to give them back rearranged.
    pub fn take_root(&mut self) -> Node {
        std::mem::take(&mut self.root)
    }

    /// Adds a file; gives what its own bytes are to be moved by.
    pub fn add(&mut self, name: &str, text: &str) -> u32 {
        // One byte between the files, so that the end of one is not the start of the next.
        let start = self.files.last().map_or(0, |last| last.start + last.text.len() + 1);
        self.files.push(Text::new(name, text, start));
        Span::new(start, start).start
    }

    /// File name as it was given.
    pub fn name(&self) -> &str {
        self.files.first().map_or("", |file| &file.name)
    }

    /// The whole text of the document itself, without a byte order mark.
    pub fn text(&self) -> &str {
        self.files.first().map_or("", |file| &file.text)
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> usize {
        self.files.iter().map(|file| file.text.len()).sum()
    }

    /// Names of all files, the document first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.name.as_str())
    }

    /// Which file a span is of: its number among [`SourceMap::names`].
    pub fn file_of(&self, span: Span) -> usize {
        self.files.partition_point(|file| file.start <= span.start as usize).saturating_sub(1)
    }

    /// The file of a byte, and the byte within it.
    fn locate(&self, offset: usize) -> Option<(&Text, usize)> {
        let index = self.files.partition_point(|file| file.start <= offset).checked_sub(1)?;
        let file = self.files.get(index)?;
        Some((file, offset - file.start))
    }

    /// Place of the key that leads to `pointer` (of the value for list items and for the whole
    /// document), or of its nearest ancestor that is in the text.
    pub fn place(&self, pointer: &str) -> Place {
        self.position(self.span(pointer).start as usize)
    }

    /// [`SourceMap::place`] in words, for messages that name a second place: `line 7`, with the
    /// file where it is not that of `from`.
    pub fn line_from(&self, pointer: &str, from: &str) -> String {
        let (span, other) = (self.span(pointer), self.span(from));
        let line = self.position(span.start as usize).line;
        let file = self.file_of(span);
        if file == self.file_of(other) {
            return format!("line {line}");
        }
        format!("line {line} of `{}`", self.names().nth(file).unwrap_or_default())
    }

    /// Span behind [`SourceMap::place`].
    pub fn span(&self, pointer: &str) -> Span {
        let (node, _) = self.find(pointer);
        node.key.unwrap_or(node.value)
    }

    /// Span of a scalar value; the key where the value is a list or an object.
    pub fn value_span(&self, pointer: &str) -> Span {
        match self.find(pointer) {
            (node, true)
                if matches!(node.children, Children::None) && node.value.end > node.value.start =>
            {
                node.value
            }
            (node, _) => node.key.unwrap_or(node.value),
        }
    }

    /// The value at `pointer` exactly as it is written, such as `1.10` where the tree has 1.1.
    pub fn raw(&self, pointer: &str) -> Option<&str> {
        let (node, exact) = self.find(pointer);
        let raw = self.piece(node.value);
        (exact && !raw.is_empty()).then(|| raw.trim())
    }

    /// The text of a span.
    pub fn piece(&self, span: Span) -> &str {
        let length = (span.end - span.start) as usize;
        self.locate(span.start as usize)
            .and_then(|(file, start)| file.text.get(start..start + length))
            .unwrap_or("")
    }

    /// Place of a span; none where there is no text, as of a file that could not be read.
    pub fn place_of(&self, span: Span) -> Option<Place> {
        let (file, offset) = self.locate(span.start as usize)?;
        (!file.text.is_empty()).then(|| file.position(offset))
    }

    /// Line and column of a byte.
    pub fn position(&self, offset: usize) -> Place {
        self.locate(offset)
            .map_or(Place { line: 1, column: 1 }, |(file, offset)| file.position(offset))
    }

    /// Byte at which a line of the document itself starts.
    pub fn line_start(&self, line: usize) -> usize {
        self.files.first().map_or(0, |file| file.line_start(line))
    }

    /// Text of a line of the document itself, without its end.
    pub fn line(&self, line: usize) -> &str {
        self.files.first().map_or("", |file| file.line(line))
    }

    /// The line of a byte, in two pieces: before it and from it on.
    pub fn line_around(&self, offset: usize) -> (&str, &str) {
        self.locate(offset).map_or(("", ""), |(file, offset)| file.line_around(offset))
    }

    /// The node of a pointer and true, or its nearest known ancestor and false.
    fn find(&self, pointer: &str) -> (&Node, bool) {
        let mut node = &self.root;
        for token in tokens(pointer) {
            let child = match &node.children {
                Children::None => None,
                Children::List(items) => {
                    token.parse::<usize>().ok().and_then(|index| items.get(index))
                }
                Children::Map(members) => members.get(token.as_ref()),
            };
            match child {
                Some(child) => node = child,
                None => return (node, false),
            }
        }
        (node, true)
    }
}

impl Text {
    fn new(name: &str, text: &str, start: usize) -> Self {
        Self {
            name: name.to_owned(),
            text: text.to_owned(),
            start,
            lines: line_starts(text),
            blocks: block_starts(text),
        }
    }

    fn position(&self, offset: usize) -> Place {
        let line = self.line_of(offset);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        let column = self.characters(offset).saturating_sub(self.characters(start)) + 1;
        Place { line, column }
    }

    fn line_of(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset).max(1)
    }

    /// Characters before a byte.
    fn characters(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        let block = (offset / BLOCK).min(self.blocks.len().saturating_sub(1));
        let counted = self.blocks.get(block).copied().unwrap_or(0);
        counted + self.text.as_bytes().get(block * BLOCK..offset).map_or(0, count)
    }

    fn line_start(&self, line: usize) -> usize {
        self.lines.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len())
    }

    fn line(&self, line: usize) -> &str {
        let start = self.line_start(line);
        let end = self.lines.get(line).copied().unwrap_or(self.text.len());
        self.text.get(start..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    fn line_around(&self, offset: usize) -> (&str, &str) {
        let line = self.line_of(offset);
        let start = self.line_start(line);
        let whole = self.line(line);
        whole.split_at_checked(offset.saturating_sub(start)).unwrap_or((whole, ""))
    }
}

/// Characters that begin in these bytes; those that continue one do not count.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

fn block_starts(text: &str) -> Vec<usize> {
    let mut total = 0;
    let before = |block: &[u8]| {
        let before = total;
        total += count(block);
        before
    };
    text.as_bytes().chunks(BLOCK).map(before).collect()
}

fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for (index, byte) in bytes.iter().enumerate() {
        let ends = *byte == b'\n' || (*byte == b'\r' && bytes.get(index + 1) != Some(&b'\n'));
        if ends {
            starts.push(index + 1);
        }
    }
    starts
}

/// Keys and indices of a JSON pointer, unescaped.
pub fn tokens(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(|token| {
        if token.contains('~') {
            Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
        } else {
            Cow::Borrowed(token)
        }
    })
}

/// Adds a step to a JSON pointer, escaped.
pub fn push(pointer: &mut String, key: &str) {
    pointer.push('/');
    for part in key.chars() {
        match part {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            part => pointer.push(part),
        }
    }
}

/// A JSON pointer with one more step.
pub fn join(pointer: &str, key: &str) -> String {
    let mut joined = pointer.to_owned();
    push(&mut joined, key);
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_every_kind_of_line_end() {
        let source = SourceMap::new("t", "ab\r\ncäd\rx\n\ny");
        for (offset, line, column) in [
            (0, 1, 1),
            (1, 1, 2),
            (4, 2, 1),
            (5, 2, 2),
            (7, 2, 3),
            (9, 3, 1),
            (11, 4, 1),
            (12, 5, 1),
        ] {
            assert_eq!(source.position(offset), Place { line, column }, "byte {offset}");
        }
        assert_eq!(source.line(1), "ab");
        assert_eq!(source.line(2), "cäd");
        assert_eq!(source.line(4), "");
        assert_eq!(source.line(9), "");
    }

    #[test]
    fn pointers_are_escaped_and_unescaped() {
        assert_eq!(join("/paths", "/a~b"), "/paths/~1a~0b");
        assert_eq!(tokens("/paths/~1a~0b/").collect::<Vec<_>>(), ["paths", "/a~b", ""]);
        assert_eq!(tokens("").count(), 0);
        assert_eq!(tokens("/~01").collect::<Vec<_>>(), ["~1"]);
    }
}
