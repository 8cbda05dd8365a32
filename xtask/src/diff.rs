//! Differences as people read them.

use std::fmt::Write;

use similar::TextDiff;

/// Lines of a diff that are shown.
const SHOWN: usize = 40;

/// A unified diff from `before` to `after`, cut after forty lines.
pub fn unified(name: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let text = diff
        .unified_diff()
        .context_radius(3)
        .header(&format!("{name} (on disk)"), &format!("{name} (generated)"))
        .to_string();
    let mut shown: String = text.split_inclusive('\n').take(SHOWN).collect();
    let more = text.lines().count().saturating_sub(SHOWN);
    if more > 0 {
        let _ = writeln!(shown, "… {more} more lines");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::unified;

    #[test]
    fn a_change_is_shown_with_three_lines_around_it() {
        let before: String = (1..=9).map(|line| format!("{line}\n")).collect();
        let expected = "--- a (on disk)\n+++ a (generated)\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n";
        assert_eq!(unified("a", &before, &before.replace('5', "five")), expected);
    }

    #[test]
    fn a_long_diff_is_cut_and_counted() {
        let lines =
            |word: &str| (0..100).map(|line| format!("{word} {line}\n")).collect::<String>();
        let shown = unified("a", &lines("old"), &lines("new"));
        assert_eq!(shown.lines().count(), 41);
        assert!(shown.ends_with("… 163 more lines\n"), "{shown}");
    }
}
