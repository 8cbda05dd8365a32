//! The line of a problem, fit for a terminal.

use crate::source::{SourceMap, Span};

/// Characters of a line that an excerpt shows.
const EXCERPT_WIDTH: usize = 100;

/// A line, or the part of it around a column, fit for a terminal.
#[derive(Debug, Clone, Default)]
pub struct Excerpt {
    pub line: String,
    pub indent: usize,
    pub carets: usize,
}

impl Excerpt {
    pub fn of(span: Span, source: &SourceMap) -> Self {
        let (before, after) = source.line_around(span.start as usize);
        let piece = source.piece(span);
        Self::new(before, after, piece)
    }

    /// The line in two pieces, and what is to be marked at the start of the second. Only as much
    /// is looked at as is shown: a line may be megabytes long.
    fn new(before: &str, after: &str, piece: &str) -> Self {
        let left = before.chars().rev().take(EXCERPT_WIDTH + 1).count();
        let right = after.chars().take(EXCERPT_WIDTH + 1).count();
        let whole = left + right <= EXCERPT_WIDTH;
        // The left part takes what the right one leaves.
        let room = (EXCERPT_WIDTH / 3).max(EXCERPT_WIDTH.saturating_sub(right));
        let left_shown = if whole { left } else { left.min(room) };
        let right_shown = right.min(EXCERPT_WIDTH - left_shown);
        let marked = piece
            .chars()
            .take(right_shown)
            .take_while(|letter| !['\n', '\r'].contains(letter))
            .count();

        let mut lead: Vec<char> = before.chars().rev().take(left_shown).collect();
        lead.reverse();
        let mut line: String = lead.into_iter().map(visible).collect();
        if left_shown < left {
            line.insert(0, '…');
        }
        let indent = line.chars().count();
        let shown =
            |letters: &mut dyn Iterator<Item = char>| letters.map(visible).collect::<String>();
        let mark = shown(&mut after.chars().take(marked));
        line.push_str(&mark);
        line.push_str(&shown(&mut after.chars().take(right_shown).skip(marked)));
        if right_shown < right {
            line.push('…');
        }
        Self { line, indent, carets: mark.chars().count().max(1) }
    }
}

/// A character as a terminal may show it without being steered by it.
fn visible(character: char) -> String {
    match character {
        '\t' => "    ".to_owned(),
        '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}' => character.escape_unicode().to_string(),
        character if character.is_control() => character.escape_default().to_string(),
        character => character.to_string(),
    }
}

pub fn visible_text(text: &str) -> String {
    text.chars().map(visible).collect()
}
