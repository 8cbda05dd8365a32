//! Text of a document where people read it.

/// Text in which nothing is hidden: what a terminal or a line would act on stands as an escape.
pub(super) fn visible(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match is_hidden(c) {
            true => out.extend(c.escape_default()),
            false => out.push(c),
        }
    }
    out
}

/// Text as code in Markdown, which no text can leave.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", visible(text).replace('`', "\\u{60}"))
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_acts_on_the_terminal_or_leaves_the_code() {
        assert_eq!(visible("a\u{1b}[31mb\nc\u{202e}d"), "a\\u{1b}[31mb\\nc\\u{202e}d");
        assert_eq!(code("a`b`\n# c"), "`a\\u{60}b\\u{60}\\n# c`");
        assert_eq!(code("Größe"), "`Größe`");
    }
}
