//! JSON texts one after the other: by lines, or as a sequence (RFC 7464).
use bytes::Bytes;

/// The mark before each text of a sequence.
const SEPARATOR: u8 = 0x1e;

/// How texts are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// One in each line.
    Lines,
    /// Each with a mark before it and a line feed behind; line feeds inside are legal.
    Sequence,
}

/// A text that is longer than is accepted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

/// Finds texts in bytes that come in parts, cut anywhere.
#[derive(Debug)]
pub(super) struct LineParser {
    framing: Framing,
    limit: usize,
    text: Vec<u8>,
    is_first: bool,
    nesting: Nesting,
}

impl LineParser {
    pub(super) fn new(framing: Framing, limit: usize) -> Self {
        Self { framing, limit, text: Vec::new(), is_first: true, nesting: Nesting::default() }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    pub(super) fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// Takes bytes away from `input` up to the end of the next text, if that is there.
    pub(super) fn next(&mut self, input: &mut Bytes) -> Result<Option<Vec<u8>>, TooLong> {
        while let Some(end) = self.end_in(input) {
            self.take(&input.split_to(end))?;
            let text = self.finish();
            if text.is_some() {
                return Ok(text);
            }
        }
        let all = std::mem::take(input);
        self.take(&all)?;
        Ok(None)
    }

    /// The last text, which may have no end of its own, and whether it can be whole.
    pub(super) fn rest(&mut self) -> Option<(Vec<u8>, bool)> {
        let text = self.finish()?;
        // RFC 7464, section 2.4: a number or word without anything behind may be cut off.
        let is_open =
            |last: &u8| !matches!(last, b'}' | b']' | b'"' | b'\n' | b'\r' | b' ' | b'\t');
        let is_cut = self.framing == Framing::Sequence && text.last().is_some_and(is_open);
        Some((text, !is_cut))
    }

    fn take(&mut self, part: &[u8]) -> Result<(), TooLong> {
        if self.text.len() + part.len() > self.limit {
            return Err(TooLong);
        }
        self.text.extend_from_slice(part);
        Ok(())
    }

    /// Where the text ends, the byte that ends it included.
    fn end_in(&mut self, input: &[u8]) -> Option<usize> {
        let at = match self.framing {
            Framing::Lines => input.iter().position(|byte| *byte == b'\n'),
            Framing::Sequence => input.iter().position(|byte| self.nesting.ends_with(*byte)),
        };
        at.map(|at| at + 1)
    }

    /// The text so far, unless it is blank.
    fn finish(&mut self) -> Option<Vec<u8>> {
        self.nesting = Nesting::default();
        let mut text = std::mem::take(&mut self.text);
        if self.framing == Framing::Sequence {
            text.retain(|byte| *byte != SEPARATOR);
        }
        if std::mem::take(&mut self.is_first) && text.starts_with(b"\xEF\xBB\xBF") {
            text.drain(..3);
        }
        let is_blank = text.iter().all(u8::is_ascii_whitespace);
        (!is_blank).then_some(text)
    }
}

/// Where in a JSON text its reading is.
#[derive(Debug, Default)]
struct Nesting {
    depth: u64,
    in_string: bool,
    is_escaped: bool,
    is_begun: bool,
}

impl Nesting {
    /// Whether the text ends with this byte: with a mark, which JSON never holds, or with the line
    /// feed behind a whole value.
    fn ends_with(&mut self, byte: u8) -> bool {
        match byte {
            SEPARATOR => return true,
            _ if std::mem::take(&mut self.is_escaped) => {}
            b'\\' if self.in_string => self.is_escaped = true,
            b'"' => self.in_string = !self.in_string,
            _ if self.in_string => {}
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            b'\n' => return self.is_begun && self.depth == 0,
            _ => {}
        }
        self.is_begun |= !byte.is_ascii_whitespace();
        false
    }
}
