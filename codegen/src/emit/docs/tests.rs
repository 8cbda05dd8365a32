use super::*;

fn lines(text: &str) -> String {
    Docs::item().prose(text).into_lines().join("\n")
}

/// Each of these would be run, warned about or hidden by rustdoc as it came.
#[test]
fn prose_is_harmless() {
    for (given, expected) in [
        ("One.\r\nTwo.", "One. Two."),
        ("a\u{0}b\u{202e}c\u{7}d", "abcd"),
        ("tab\there", "tab    here".split_whitespace().collect::<Vec<_>>().join(" ").as_str()),
        ("[link] <b> Vec<u8>", "\\[link\\] \\<b> Vec\\<u8>"),
        ("[this][nowhere]", "\\[this\\]\\[nowhere\\]"),
        ("[this](relative.md)", "\\[this\\](relative.md)"),
        ("[this](https://a.example/b)", "[this](https://a.example/b)"),
        ("[`a]`](https://a.example)", "\\[`a]`\\](<https://a.example>)"),
        ("![seen](https://a.example/b.png)", "[seen](https://a.example/b.png)"),
        ("see https://a.example/b.", "see <https://a.example/b>."),
        ("see <https://a.example/b>", "see <https://a.example/b>"),
        ("(https://a.example)", "(<https://a.example>)"),
        ("`https://a.example`", "`https://a.example`"),
        ("an `open span", "an \\`open span"),
        ("``two ` ticks``", "``two ` ticks``"),
        ("ends with \\", "ends with \\\\"),
        ("back\\slash \\[x\\]", "back\\slash \\[x\\]"),
        ("*/ /* \" \"# {x}", "*/ /* \" \"# {x}"),
        (" #![allow(x)] #[doc(hidden)] ", "#!\\[allow(x)\\] #\\[doc(hidden)\\]"),
        ("[x]: https://a.example", "\\[x\\]: <https://a.example>"),
        ("- [ ] open", "- \\[ \\] open"),
    ] {
        assert_eq!(lines(given), expected, "{given:?}");
    }
}

#[test]
fn code_is_never_rust() {
    for (given, expected) in [
        ("```\nlet x;\n```", "```text\nlet x;\n```"),
        ("```rust\nlet x;\n```", "```text\nlet x;\n```"),
        ("```rust,ignore\nlet x;\n```", "```text\nlet x;\n```"),
        ("```json\n{}\n```", "```json\n{}\n```"),
        ("~~~ JSON\n{}\n~~~", "```json\n{}\n```"),
        ("```\nnever closed", "```text\nnever closed\n```"),
        ("a\n\n    indented\n\n    more\n\nb", "a\n\n```text\nindented\n\nmore\n```\n\nb"),
        ("    at the start", "```text\nat the start\n```"),
        ("- a\n\n        - deeper\n", "- a\n  - deeper"),
        ("- a\n\n        deep", "- a\n\n  deep"),
        ("> ```rust\n> let x;\n> ```", "```text\nlet x;\n```"),
        (">     quoted code", "```text\nquoted code\n```"),
        ("  ```\n  two\n  ```\n", "```text\ntwo\n```"),
        ("````\n```\n````", "````text\n```\n````"),
    ] {
        assert_eq!(lines(given), expected, "{given:?}");
    }
}

#[test]
fn blocks_keep_their_form() {
    for (given, expected) in [
        ("# Title #\ntext", "# Title\n\ntext"),
        ("a\n\n\n\nb\n\n", "a\n\nb"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("* a\n  goes on\n* b", "* a goes on\n* b"),
        ("- a\n  - b\n- c", "- a\n  - b\n- c"),
        ("text\n- a", "text\n\n- a"),
        ("- a\n\ntext", "- a\n\ntext"),
        ("| a | b |\n| - | - |\n| 1 | [2] |", "| a | b |\n| - | - |\n| 1 | \\[2\\] |"),
        ("a | b\n--- | ---\n1 | 2", "a | b\n--- | ---\n1 | 2"),
        ("a\n***\nb", "a\n\n---\n\nb"),
        ("", ""),
    ] {
        assert_eq!(lines(given), expected, "{given:?}");
    }
}

/// A word that starts a line must not turn the line into a list or a heading.
#[test]
fn wrapped_lines_start_no_block() {
    let filler = "word ".repeat(18);
    for word in ["-", "+", "*", "1.", "#", "> x", "===", "~~~"] {
        let text = lines(&format!("{filler}seven7 {word} and more"));
        let second = text.lines().nth(1).expect("the text is longer than a line");
        assert!(!second.starts_with(word), "{text}");
    }
    assert_eq!(lines("- - x"), "- \\- x");
    assert_eq!(lines("-"), "\\-");
}

#[test]
fn long_lines_are_wrapped() {
    let text = lines(&"word ".repeat(100));
    assert!(text.lines().all(|line| line.len() <= ITEM_WIDTH), "{text}");
    assert!(text.lines().count() == 6, "{text}");
    let code = format!("a `{}` b", "x ".repeat(80));
    assert!(lines(&code).contains(&"x ".repeat(80)), "a span is one word");
}

#[test]
fn a_span_holds_any_text() {
    for (given, expected) in [
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        (" ", "`\" \"`"),
        ("", "`\"\"`"),
        ("a\nb", "`a b`"),
    ] {
        assert_eq!(code(given), expected, "{given:?}");
    }
}

#[test]
fn the_first_sentence_is_one_line() {
    assert_eq!(sentence("Not\nfound. More."), "Not found");
    assert_eq!(sentence("A [b].\n\nc"), "A \\[b\\]");
}
