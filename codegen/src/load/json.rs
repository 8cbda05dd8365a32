//! JSON to values, with the place of each and every key that is given twice.
//!
//! `serde_json` knows neither, and for YAML parsers a surrogate pair in escapes is an error.

use serde_json::{Number, Value};

use super::Problem;
use super::tree::{Builder, Built, stop};
use crate::source::{SourceMap, Span};

/// Parses one JSON document.
pub fn parse(source: &SourceMap) -> Result<Built, Problem> {
    let mut scanner = Scanner { text: source.text(), at: 0, builder: Builder::new(source) };
    let mut after_value = false;
    loop {
        scanner.skip_blanks();
        after_value = if after_value {
            if scanner.builder.is_complete() {
                break;
            }
            scanner.after_value()?
        } else {
            scanner.value()?
        };
    }
    if scanner.at < scanner.text.len() {
        return Err(scanner.unexpected("the end of the file"));
    }
    scanner.builder.finish()
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    builder: Builder<'a>,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Reads a value up to its end, or into the first member or item; tells which.
    fn value(&mut self) -> Result<bool, Problem> {
        let start = self.at;
        let here = Span::new(start, start + 1);
        match self.peek() {
            Some(b'{') => {
                self.builder.open_map(here)?;
                self.at += 1;
                self.skip_blanks();
                if self.peek() == Some(b'}') { self.close() } else { self.key() }
            }
            Some(b'[') => {
                self.builder.open_list(here)?;
                self.at += 1;
                self.skip_blanks();
                if self.peek() == Some(b']') { self.close() } else { Ok(false) }
            }
            Some(b'"') => {
                let text = self.string()?;
                self.builder.scalar(Value::String(text), Span::new(start, self.at))?;
                Ok(true)
            }
            _ => {
                let value = self.word()?;
                self.builder.scalar(value, Span::new(start, self.at))?;
                Ok(true)
            }
        }
    }

    fn close(&mut self) -> Result<bool, Problem> {
        self.at += 1;
        self.builder.close(Span::new(self.at - 1, self.at), false)?;
        Ok(true)
    }

    fn key(&mut self) -> Result<bool, Problem> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a key in double quotes"));
        }
        let key = self.string()?;
        self.builder.key(key, Span::new(start, self.at));
        self.skip_blanks();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("`:`"));
        }
        self.at += 1;
        Ok(false)
    }

    /// A comma or an end; tells whether a value is complete again.
    fn after_value(&mut self) -> Result<bool, Problem> {
        let (end, wanted) =
            if self.builder.wants_key() { (b'}', "`,` or `}`") } else { (b']', "`,` or `]`") };
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.skip_blanks();
                if self.peek() == Some(end) {
                    let help = "remove the comma before it";
                    return Err(self.problem(
                        self.at,
                        1,
                        format!("this is not JSON: `{}` after a comma", char::from(end)),
                        help,
                    ));
                }
                if end == b'}' { self.key() } else { Ok(false) }
            }
            Some(byte) if byte == end => self.close(),
            _ => Err(self.unexpected(wanted)),
        }
    }

    fn word(&mut self) -> Result<Value, Problem> {
        let rest = &self.text[self.at..];
        let end = rest
            .find(|found: char| !(found.is_ascii_alphanumeric() || "+-.".contains(found)))
            .unwrap_or(rest.len());
        let word = &rest[..end];
        let value = match word {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ if word.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
                match serde_json::from_str::<Number>(word) {
                    Ok(number) => Value::Number(number),
                    Err(_) => {
                        let help = "write it with digits, one point and one exponent at most, in the range of a double";
                        return Err(self.problem(
                            self.at,
                            end,
                            format!("this is not JSON: `{}` is not a number", shorten(word)),
                            help,
                        ));
                    }
                }
            }
            _ => return Err(self.unexpected("a value")),
        };
        self.at += end;
        Ok(value)
    }

    fn string(&mut self) -> Result<String, Problem> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest
                .find(|found: char| found == '"' || found == '\\' || found < ' ')
                .unwrap_or(rest.len());
            text.push_str(&rest[..plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                None | Some(b'\n' | b'\r') => {
                    return Err(self.problem(
                        start,
                        1,
                        "this is not JSON: the text that starts here does not end on its line",
                        "close the quote, and write line ends as `\\n`",
                    ));
                }
                Some(_) => {
                    return Err(self.problem(
                        self.at,
                        1,
                        "this is not JSON: control characters must be escaped",
                        "write `\\t` for a tab, `\\u0001` for others",
                    ));
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Problem> {
        let start = self.at;
        let known = match self.text.as_bytes().get(start + 1) {
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
            Some(b'u') => return self.unicode(),
            _ => {
                return Err(self.problem(
                    start,
                    2,
                    "this is not JSON: unknown escape",
                    "write a backslash as `\\\\`",
                ));
            }
        };
        self.at += 2;
        Ok(known)
    }

    /// `\uXXXX`, two of them for characters beyond 16 bits.
    fn unicode(&mut self) -> Result<char, Problem> {
        let start = self.at;
        let wrong = |scanner: &Self| {
            let message = "this is not JSON: this escape is not a character";
            scanner.problem(
                start,
                6,
                message,
                "write four hexadecimal digits, or a surrogate pair such as `\\ud83d\\ude00`",
            )
        };
        let high = self.unit(start).ok_or_else(|| wrong(self))?;
        self.at += 6;
        if !(0xD800..0xE000).contains(&high) {
            return char::from_u32(high).ok_or_else(|| wrong(self));
        }
        let low = self
            .unit(self.at)
            .filter(|low| high < 0xDC00 && (0xDC00..0xE000).contains(low))
            .ok_or_else(|| wrong(self))?;
        self.at += 6;
        char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
            .ok_or_else(|| wrong(self))
    }

    fn unit(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
        let hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u32::from_str_radix(digits, 16).ok().filter(|_| hexadecimal)
    }

    fn unexpected(&self, wanted: &str) -> Problem {
        let found = match self.text[self.at..].chars().next() {
            None => "the end of the file".to_owned(),
            Some(found) => format!("`{found}`"),
        };
        let help = match found.as_str() {
            "`/`" | "`#`" => "remove the comment, JSON has none",
            "`'`" => "use double quotes",
            _ => "check the quotes, commas and brackets before this place",
        };
        self.problem(
            self.at,
            1,
            format!("this is not JSON: expected {wanted}, found {found}"),
            help,
        )
    }

    fn problem(
        &self,
        start: usize,
        width: usize,
        message: impl Into<String>,
        help: &str,
    ) -> Problem {
        let mut end = (start + width).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        Problem {
            pointer: self.builder.pointer(),
            ..stop("syntax", Span::new(start, end), message, help)
        }
    }
}

fn shorten(word: &str) -> String {
    if word.len() > 40 { format!("{}…", &word[..40]) } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn built(text: &str) -> Result<Built, Problem> {
        parse(&SourceMap::new("a.json", text))
    }

    #[test]
    fn values_are_those_of_serde_json() {
        let cases = [
            r#"{}"#,
            r#"{"a": [1, -2.5e3, 18446744073709551615, 1e300, true, false, null, "", [], {}]}"#,
            r#"{"\u00e9\ud83d\ude00": "\"\\\/\b\f\n\r\t", "b": {"c": {"d": [[[]]]}}}"#,
            "\r\n{ \"a\"\t:\r\n1 ,\"b\":2}\n",
        ];
        for text in cases {
            let expected: Value = serde_json::from_str(text).expect("the case is JSON");
            let (value, _, problems) = built(text).expect("the case is JSON");
            assert_eq!((value.to_string(), problems), (expected.to_string(), Vec::new()), "{text}");
        }
    }

    #[test]
    fn every_value_has_its_place() {
        let text = "{\"é\": {\"a\": [1,\r\n  {\"b\": \"x\"}]}}";
        let source = SourceMap::new("a.json", text);
        let (_, root, _) = parse(&source).expect("good text");
        let source = source.with_root(root);
        let places = [
            ("", 1, 1),
            ("/é", 1, 2),
            ("/é/a", 1, 8),
            ("/é/a/0", 1, 14),
            ("/é/a/1", 2, 3),
            ("/é/a/1/b", 2, 4),
            ("/é/a/1/c", 2, 3),
        ];
        for (pointer, line, column) in places {
            let place = source.place(pointer);
            assert_eq!((place.line, place.column), (line, column), "{pointer}");
        }
        assert_eq!(source.raw("/é/a/1/b"), Some("\"x\""));
    }

    #[test]
    fn mistakes_are_named_at_their_place() {
        let cases = [
            ("{\"a\": 1,}", 8, "`}` after a comma"),
            ("{\"a\": [1,]}", 9, "`]` after a comma"),
            ("{\"a\" 1}", 5, "expected `:`"),
            ("{\"a\": 1 \"b\": 2}", 8, "expected `,` or `}`"),
            ("{\"a\": [1 2]}", 9, "expected `,` or `]`"),
            ("{a: 1}", 1, "a key in double quotes"),
            ("{\"a\": 'x'}", 6, "expected a value"),
            ("{\"a\": 01}", 6, "not a number"),
            ("{\"a\": 1e999}", 6, "not a number"),
            ("{\"a\": nul}", 6, "expected a value"),
            ("{\"a\": \"x\n\"}", 6, "does not end on its line"),
            ("{\"a\": \"x", 6, "does not end on its line"),
            ("{\"a\": \"\t\"}", 7, "control characters"),
            ("{\"a\": \"\\x\"}", 7, "unknown escape"),
            ("{\"a\": \"\\ud800\"}", 7, "not a character"),
            ("{\"a\": \"\\udc00\\ud800\"}", 7, "not a character"),
            ("{\"a\": \"\\u00é\"}", 7, "not a character"),
            ("{\"a\": 1", 7, "the end of the file"),
            ("{\"a\": 1} x", 9, "expected the end of the file"),
            ("{\"a\": // x\n 1}", 6, "expected a value"),
        ];
        for (text, at, message) in cases {
            let problem = built(text).expect_err(text);
            assert!(problem.message.contains(message), "{text}: {}", problem.message);
            assert_eq!((problem.code, problem.span.start), ("syntax", at), "{text}");
        }
    }

    #[test]
    fn keys_given_twice_are_all_kept_as_problems() {
        let (value, _, problems) =
            built("{\"a\": 1,\n \"b\": {\"c\": 1, \"c\": 2},\n \"a\": {\"x\": 3}}")
                .expect("good text");
        assert_eq!(value, json!({"a": 1, "b": {"c": 1}}));
        let found: Vec<_> = problems
            .iter()
            .map(|problem| (problem.code, problem.pointer.as_str(), problem.span.start))
            .collect();
        assert_eq!(found, [("duplicate-key", "/b/c", 24), ("duplicate-key", "/a", 34)]);
        assert!(problems.iter().all(|problem| problem.message.contains("the first is on line")));
    }

    #[test]
    fn depth_is_bounded() {
        let text = format!("{{\"a\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(built(&text).expect_err("too deep").code, "too-deep");
    }
}
