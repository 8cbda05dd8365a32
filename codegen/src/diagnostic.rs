//! What is wrong with a document: collected while it is read, placed and printed at the end.

mod excerpt;

use std::collections::{HashMap, HashSet};
use std::fmt;

use crate::source::{Place, SourceMap, Span};
use excerpt::{Excerpt, visible_text};

/// Problems of one kind that are printed in full; the others are counted.
const SHOWN_WARNINGS: usize = 3;
const SHOWN_ERRORS: usize = 20;
/// Problems that are printed at all; a document with more of them is not the one that was meant.
const SHOWN: usize = 500;
/// Problems that are printed with their line where all are printed.
const EXCERPTS: usize = 10_000;
/// Codes whose place is the value; all others are about the key.
const VALUE_CODES: &[&str] = &[
    "dangling-reference",
    "duplicate-value",
    "external-reference",
    "reference-cycle",
    "unknown-name",
    "unsupported-version",
    "wrong-expression",
    "wrong-kind",
    "wrong-reference",
    "wrong-value",
];

/// Whether the run can go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The document cannot be compiled.
    Error,
    /// The document was understood in some way, named in the message.
    Warning,
}

impl Severity {
    /// Problems of one kind that are printed.
    fn limit(self) -> usize {
        match self {
            Self::Error => SHOWN_ERRORS,
            Self::Warning => SHOWN_WARNINGS,
        }
    }
}

/// One problem of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable name of the kind of problem.
    pub code: &'static str,
    /// Whether the run can go on.
    pub severity: Severity,
    /// JSON pointer to what is wrong; empty for the whole document.
    pub pointer: String,
    /// What is wrong there. Names out of the document stand in backquotes.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

/// Collects problems of one run.
#[derive(Debug, Default)]
pub struct Collector {
    problems: Vec<(Diagnostic, Option<Span>)>,
    errors: usize,
}

impl Collector {
    /// Adds something that stops the run.
    pub fn error(
        &mut self,
        code: &'static str,
        pointer: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(Severity::Error, code, pointer, message.into(), help.into(), None);
    }

    /// Adds something the reader should know.
    pub fn warning(
        &mut self,
        code: &'static str,
        pointer: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(Severity::Warning, code, pointer, message.into(), help.into(), None);
    }

    /// Adds a problem at a place that no pointer names, such as a second key of the same name.
    pub fn at(
        &mut self,
        severity: Severity,
        code: &'static str,
        pointer: &str,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(severity, code, pointer, message.into(), help.into(), Some(span));
    }

    fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        pointer: &str,
        message: String,
        help: String,
        span: Option<Span>,
    ) {
        self.errors += usize::from(severity == Severity::Error);
        let pointer = pointer.to_owned();
        self.problems.push((Diagnostic { code, severity, pointer, message, help }, span));
    }

    /// Takes over what another collector has.
    pub fn append(&mut self, other: Collector) {
        self.errors += other.errors;
        self.problems.extend(other.problems);
    }

    /// Whether the run must stop.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Finds the places, sorts by them and drops exact repeats.
    pub fn finish(self, source: &SourceMap) -> Diagnostics {
        let mut seen = HashSet::new();
        let mut sorted: Vec<(usize, Option<Place>, Span, Diagnostic)> = self
            .problems
            .into_iter()
            .map(|(diagnostic, span)| {
                (span.unwrap_or_else(|| span_of(&diagnostic, source)), diagnostic)
            })
            .filter(|(span, Diagnostic { code, pointer, message, .. })| {
                seen.insert((*code, pointer.clone(), message.clone(), span.start))
            })
            .map(|(span, diagnostic)| {
                (source.file_of(span), source.place_of(span), span, diagnostic)
            })
            .collect();
        sorted.sort_by_key(|(file, place, _, _)| (*file, *place));
        let names = source.names().map(str::to_owned).collect();
        Diagnostics { names, placed: shown(sorted, source) }
    }
}

/// Gives an excerpt to what is printed, and counts what is not.
fn shown(sorted: Vec<(usize, Option<Place>, Span, Diagnostic)>, source: &SourceMap) -> Vec<Placed> {
    let mut kinds: HashMap<_, usize> = HashMap::new();
    for (_, _, _, diagnostic) in &sorted {
        *kinds.entry(kind_of(diagnostic)).or_default() += 1;
    }
    let (mut printed, mut met): (usize, HashMap<_, usize>) = (0, HashMap::new());
    let mut placed = Vec::with_capacity(sorted.len());
    for (file, place, span, diagnostic) in sorted {
        let kind = kind_of(&diagnostic);
        let total = kinds.get(&kind).copied().unwrap_or(0);
        let count = met.entry(kind).or_default();
        *count += 1;
        let limit = diagnostic.severity.limit();
        let hidden = *count > limit || printed >= SHOWN;
        printed += usize::from(!hidden);
        let excerpt = (placed.len() < EXCERPTS).then(|| Excerpt::of(span, source));
        let more = if *count == limit { total - limit } else { 0 };
        placed.push(Placed { diagnostic, file, place, excerpt, hidden, more });
    }
    placed
}

fn span_of(diagnostic: &Diagnostic, source: &SourceMap) -> Span {
    if VALUE_CODES.contains(&diagnostic.code) {
        source.value_span(&diagnostic.pointer)
    } else {
        source.span(&diagnostic.pointer)
    }
}

/// A problem and the line it is on.
#[derive(Debug, Clone)]
struct Placed {
    diagnostic: Diagnostic,
    /// Number of the file among the names.
    file: usize,
    place: Option<Place>,
    excerpt: Option<Excerpt>,
    /// Counted but not printed, unless all are.
    hidden: bool,
    /// How many more of its kind are not printed.
    more: usize,
}

/// All problems of a run with their places, ready to print.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    /// The document, then the files that it refers to.
    names: Vec<String>,
    placed: Vec<Placed>,
}

impl Diagnostics {
    /// Whether the document cannot be compiled.
    pub fn has_errors(&self) -> bool {
        self.error_count() > 0
    }

    /// How many errors.
    pub fn error_count(&self) -> usize {
        self.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
    }

    /// How many warnings.
    pub fn warning_count(&self) -> usize {
        self.placed.len() - self.error_count()
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.placed.is_empty()
    }

    fn name(&self, file: usize) -> &str {
        self.names.get(file).map_or("", String::as_str)
    }

    /// The problems, by place.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.placed.iter().map(|placed| &placed.diagnostic)
    }

    /// The problems with their places; none where the text could not be read.
    pub fn places(&self) -> impl Iterator<Item = (&Diagnostic, Option<Place>)> {
        self.placed.iter().map(|placed| (&placed.diagnostic, placed.place))
    }
}

impl std::error::Error for Diagnostics {}

/// Of many problems of one kind the first ones and a count; all with `{:#}`.
impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = f.alternate();
        let mut hidden = self.placed.len();
        for placed in self.placed.iter().filter(|placed| all || !placed.hidden) {
            let more = if all { 0 } else { placed.more };
            hidden -= 1 + more;
            write_problem(f, self.name(placed.file), placed)?;
            if more > 0 {
                writeln!(f, "    = and {more} more of this kind (--all-problems shows them)")?;
            }
            writeln!(f)?;
        }
        if hidden > 0 {
            writeln!(f, "... and {hidden} more (--all-problems shows them)\n")?;
        }
        let counted = |count: usize, word: &str| {
            format!("{count} {word}{}", if count == 1 { "" } else { "s" })
        };
        let (errors, warnings) = (self.error_count(), self.warning_count());
        writeln!(
            f,
            "{}, {} in {}",
            counted(errors, "error"),
            counted(warnings, "warning"),
            visible_text(self.name(0))
        )
    }
}

/// Problems are of one kind when they differ only in names and numbers.
fn kind_of(diagnostic: &Diagnostic) -> (&'static str, bool, String, String) {
    let unnamed: String = diagnostic.message.split('`').step_by(2).collect();
    let blanked = unnamed.replace(|letter: char| letter.is_ascii_digit(), "");
    (diagnostic.code, diagnostic.severity == Severity::Error, blanked, diagnostic.help.clone())
}

fn write_problem(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    Placed { diagnostic, place, excerpt, .. }: &Placed,
) -> fmt::Result {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let (name, help) = (visible_text(name), visible_text(&diagnostic.help));
    writeln!(f, "{severity}[{}]: {}", diagnostic.code, visible_text(&diagnostic.message))?;
    let Some(Place { line, column }) = place else {
        writeln!(f, "  --> {name}")?;
        return if help.is_empty() { Ok(()) } else { writeln!(f, "    = {help}") };
    };
    writeln!(f, "  --> {name}:{line}:{column}")?;
    let Some(excerpt) = excerpt else {
        return if help.is_empty() { Ok(()) } else { writeln!(f, "    = {help}") };
    };
    let gutter = line.to_string().len() + 1;
    writeln!(f, "{:gutter$}|", "")?;
    writeln!(f, "{line} | {}", excerpt.line.trim_end())?;
    let carets = format!(
        "{:indent$}{:^<carets$} {help}",
        "",
        "",
        indent = excerpt.indent,
        carets = excerpt.carets
    );
    writeln!(f, "{:gutter$}| {}", "", carets.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str, span: Span, message: &str, help: &str) -> String {
        let source = SourceMap::new("dir/a.yaml", text);
        let mut problems = Collector::default();
        problems.at(Severity::Error, "some-code", "", span, message, help);
        problems.finish(&source).to_string()
    }

    #[test]
    fn a_problem_is_printed_with_its_line() {
        let text = "a: 1\nresponses:\n  x: 2\n";
        let expected = "error[some-code]: it is wrong\n  --> dir/a.yaml:2:1\n  |\n2 | responses:\n  | ^^^^^^^^^ do this\n\n1 error, 0 warnings in dir/a.yaml\n";
        assert_eq!(printed(text, Span::new(5, 14), "it is wrong", "do this"), expected);
    }

    #[test]
    fn tabs_and_control_characters_do_not_reach_the_terminal() {
        let shown = printed("a\tb\u{1b}[31m: \u{202e}c", Span::new(2, 3), "named `\u{7}\n`", "");
        assert!(shown.contains("1 | a    b\\u{1b}[31m: \\u{202e}c\n  |      ^\n"), "{shown}");
        assert!(shown.contains("named `\\u{7}\\n`"), "{shown}");
    }

    #[test]
    fn long_lines_are_cut_around_the_column() {
        let text = format!("{}HERE{}", "x".repeat(500), "y".repeat(500));
        let shown = printed(&text, Span::new(500, 504), "m", "h");
        let line = shown.lines().nth(3).unwrap_or("");
        assert!(line.chars().count() < 110 && line.contains("xHEREy"), "{shown}");
        let caret = shown.lines().nth(4).and_then(|line| line.find("^^^^ h"));
        assert_eq!(
            caret.map(|at| line.chars().skip(at).take(4).collect::<String>()),
            Some("HERE".to_owned())
        );
    }

    #[test]
    fn many_of_one_kind_are_counted_not_printed() {
        let source = SourceMap::new("a", "k: v\n");
        let mut problems = Collector::default();
        for index in 0..9 {
            problems.warning("w", "/k", format!("`{index}` is odd"), "no");
            problems.warning("w", "/k", "the same", "no");
        }
        let all = problems.finish(&source);
        assert_eq!((all.warning_count(), all.error_count(), all.has_errors()), (10, 0, false));
        let shown = all.to_string();
        assert_eq!(shown.matches("is odd").count(), SHOWN_WARNINGS);
        assert!(
            shown.contains("    = and 6 more of this kind (--all-problems shows them)\n")
                && shown.ends_with("0 errors, 10 warnings in a\n"),
            "{shown}"
        );
        let all = format!("{all:#}");
        assert_eq!((all.matches("is odd").count(), all.matches("more").count()), (9, 0), "{all}");
        assert!(all.ends_with("0 errors, 10 warnings in a\n"), "{all}");
    }

    #[test]
    fn kinds_without_end_are_counted_too() {
        let source = SourceMap::new("a", "k: v\n");
        let mut problems = Collector::default();
        for index in 0..SHOWN + 30 {
            let kind: String = std::iter::repeat_n('x', index).collect();
            problems.error("e", "/k", format!("another {kind}"), "no");
        }
        let all = problems.finish(&source);
        let shown = all.to_string();
        assert_eq!(shown.matches("error[e]").count(), SHOWN);
        assert!(shown.contains("... and 30 more (--all-problems shows them)\n"), "{shown}");
        assert_eq!(format!("{all:#}").matches("error[e]").count(), SHOWN + 30);
    }
}
