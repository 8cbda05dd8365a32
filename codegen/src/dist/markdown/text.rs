//! Text of the document as Markdown that cannot become structure of the page.

use serde_json::Value;

use crate::emit::docs::{Docs, code, sentences};

/// Values that are longer are cut where they stand in a line.
const LONG: usize = 120;

/// Prose as blocks. Its headings become bold lines, so that the page's headings are its own.
pub(super) fn prose(text: &str) -> String {
    let mut fence: Option<String> = None;
    let mut out = String::new();
    for line in Docs::item().prose(text).into_lines() {
        let mark: String =
            line.trim_start().chars().take_while(|c| matches!(c, '`' | '~')).collect();
        match &fence {
            Some(open) if line.trim() == open.as_str() => fence = None,
            None if mark.len() >= 3 => fence = Some(mark),
            _ => {}
        }
        let title = line.trim_start_matches('#');
        let heading = fence.is_none() && title.len() < line.len() && title.starts_with(' ');
        match (heading, title.trim()) {
            (true, "") => {}
            (true, title) => out.push_str(&format!("**{}**", title.replace("**", ""))),
            (false, _) => out.push_str(&line),
        }
        out.push('\n');
    }
    out
}

/// Prose in one line.
pub(super) fn line(text: &str) -> String {
    sentences(text)
}

/// Prose in a cell of a table.
pub(crate) fn cell(text: &str) -> String {
    pipes(&sentences(text))
}

/// Markdown of our own in a cell: every bar is preceded by an odd number of backslashes.
pub(super) fn pipes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut slashes = 0_usize;
    for c in text.chars() {
        if c == '|' && slashes.is_multiple_of(2) {
            out.push('\\');
        }
        slashes = if c == '\\' { slashes + 1 } else { 0 };
        out.push(c);
    }
    out
}

/// A code span in a cell. A table takes the backslash of `\|` away, so such text needs another form.
pub(in crate::dist) fn code_cell(text: &str) -> String {
    if !text.contains("\\|") {
        return pipes(&code(text));
    }
    let special = |c: char| c.is_ascii_punctuation() || c.is_control();
    let inside: String = text
        .chars()
        .map(|c| if special(c) { format!("&#{};", c as u32) } else { c.to_string() })
        .collect();
    format!("<code>{inside}</code>")
}

/// A value in a cell.
pub(super) fn value_cell(value: &Value) -> String {
    let text = match value {
        Value::String(text) if !text.is_empty() => text.clone(),
        other => other.to_string(),
    };
    let mut cut: String = text.chars().take(LONG).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    code_cell(&cut)
}

/// A block of code that ends where it should.
pub(super) fn fence(language: &str, text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default().max(2);
    let marks = "`".repeat(longest + 1);
    let clean: String =
        text.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()).collect();
    format!("{marks}{language}\n{}\n{marks}\n", clean.trim_end())
}

/// A table; nothing where there are no rows.
pub(in crate::dist) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
    let mut out = line(head.to_vec()) + &line(head.iter().map(|_| "---").collect());
    for row in rows {
        out.push_str(&line(row.iter().map(String::as_str).collect()));
    }
    out
}

/// What sites that show Markdown call a heading, one page at a time.
#[derive(Debug, Default)]
pub(super) struct Slugs {
    taken: std::collections::HashMap<String, usize>,
}

impl Slugs {
    /// The anchor of the next heading.
    pub(super) fn take(&mut self, title: &str) -> String {
        let slug: String = title
            .trim()
            .to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect();
        let mut name = slug.clone();
        while self.taken.contains_key(&name) {
            let count = self.taken.entry(slug.clone()).or_default();
            *count += 1;
            name = format!("{slug}-{count}");
        }
        self.taken.insert(name.clone(), 0);
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_has_no_headings_tags_or_open_fences() {
        let text = "# Title\n\ntext <script>alert(1)</script>\n\n## `Two`\n\n```json\n# kept\n";
        let shown = prose(text);
        assert!(shown.starts_with("**Title**\n\ntext \\<script>"), "{shown}");
        assert!(shown.contains("\n**`Two`**\n\n```json\n# kept\n```\n"), "{shown}");
        // Underlines make no headings either: what is left of them stands apart.
        let shown = prose("One\n=====\n\nTwo\n-----\n");
        assert_eq!(shown, "One =====\n\nTwo\n\n---\n");
    }

    #[test]
    fn cells_stay_cells() {
        for text in ["a|b", "a\\|b", "a\\\\|b", "`a|b`", "a\n\n| b", "[x|y](https://e.x/|)"] {
            let cell = cell(text);
            let mut slashes = 0;
            for c in cell.chars() {
                assert!(c != '\n' && (c != '|' || slashes % 2 == 1), "{text:?}: {cell}");
                slashes = if c == '\\' { slashes + 1 } else { 0 };
            }
        }
        assert_eq!(code_cell("^(a|b)$"), "`^(a\\|b)$`");
        assert_eq!(code_cell("a\\|b"), "<code>a&#92;&#124;b</code>");
        assert_eq!(value_cell(&"".into()), "`\"\"`");
    }

    #[test]
    fn code_does_not_leave_its_block() {
        assert_eq!(fence("text", "a\n```\nb"), "````text\na\n```\nb\n````\n");
    }

    #[test]
    fn anchors_are_those_of_the_headings() {
        let mut slugs = Slugs::default();
        let taken: Vec<String> = [
            "List flags",
            "list_flags",
            "GET /pets/{id}",
            "list flags",
            "List flags",
            "list flags-1",
        ]
        .iter()
        .map(|title| slugs.take(title))
        .collect();
        assert_eq!(
            taken,
            [
                "list-flags",
                "list_flags",
                "get-petsid",
                "list-flags-1",
                "list-flags-2",
                "list-flags-1-1"
            ]
        );
    }
}
