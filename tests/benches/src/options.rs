//! The words behind a command: `--name VALUE`, `--name=VALUE` and `--flag`.

use std::fmt;
use std::str::FromStr;

use crate::Outcome;

/// A command line that makes no sense.
#[derive(Debug)]
pub struct Usage(String);

impl Usage {
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// Somebody asked which options there are.
#[derive(Debug)]
pub struct Help(String);

impl fmt::Display for Help {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Help {}

/// What was typed; a flag has no value.
#[derive(Debug, Default)]
pub struct Options(Vec<(String, Option<String>)>);

impl Options {
    /// Reads `words`, which may name these options with a value and these flags.
    pub fn read(words: &[String], valued: &[&str], flags: &[&str]) -> Outcome<Self> {
        let mut options = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let (name, attached) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (word.as_str(), None),
            };
            if matches!(word.as_str(), "--help" | "-h") {
                let valued = valued.iter().map(|name| format!("{name} VALUE\n"));
                let flags = flags.iter().map(|name| format!("{name}\n"));
                let all: String = valued.chain(flags).collect();
                return Err(Help(format!("options, see docs/benchmarks.md:\n{all}")).into());
            }
            let value = if valued.contains(&name) {
                let value = attached.or_else(|| words.next().cloned());
                Some(value.ok_or_else(|| Usage::new(format!("{name} needs a value")))?)
            } else if flags.contains(&name) && attached.is_none() {
                None
            } else {
                let known = [valued, flags].concat().join(", ");
                return Err(Usage::new(format!("no option `{word}`: {known}")).into());
            };
            options.0.push((name.to_owned(), value));
        }
        Ok(options)
    }

    pub fn flag(&self, name: &str) -> bool {
        self.0.iter().any(|(given, _)| given == name)
    }

    pub fn number<T: FromStr>(&self, name: &str, default: T) -> Outcome<T> {
        match self.value(name) {
            Some(text) => parse(name, text),
            None => Ok(default),
        }
    }

    /// Numbers with commas between them.
    pub fn numbers(&self, name: &str) -> Outcome<Option<Vec<u64>>> {
        let Some(text) = self.value(name) else { return Ok(None) };
        text.split(',').map(|number| parse(name, number)).collect::<Outcome<_>>().map(Some)
    }

    /// Names with commas between them, or `all`.
    pub fn choices<T: Copy>(
        &self,
        name: &str,
        known: &[(&str, T)],
        default: &[T],
    ) -> Outcome<Vec<T>> {
        match self.value(name) {
            None => Ok(default.to_vec()),
            Some("all") => Ok(known.iter().map(|(_, value)| *value).collect()),
            Some(text) => text.split(',').map(|word| choice(name, known, word)).collect(),
        }
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(given, _)| given == name).and_then(|(_, value)| value.as_deref())
    }
}

fn parse<T: FromStr>(name: &str, text: &str) -> Outcome<T> {
    text.parse().map_err(|_| Usage::new(format!("{name} needs a number, not `{text}`")).into())
}

fn choice<T: Copy>(name: &str, known: &[(&str, T)], word: &str) -> Outcome<T> {
    known.iter().find(|(known, _)| *known == word).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        Usage::new(format!("{name} does not know `{word}`: {}", names.join(", "))).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Outcome<Options> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Options::read(&words, &["--tasks", "--modes"], &["--quiet"])
    }

    #[test]
    fn both_spellings_of_a_value_are_read() {
        for line in ["--tasks 5 --quiet", "--quiet --tasks=5"] {
            let options = read(line).expect("the line is right");
            assert!(options.flag("--quiet"));
            assert_eq!(options.number("--tasks", 1).ok(), Some(5));
        }
        let options = read("--tasks 5,6").expect("the line is right");
        assert_eq!(options.numbers("--tasks").ok(), Some(Some(vec![5, 6])));
        assert_eq!(read("").expect("no words are right").number("--tasks", 1).ok(), Some(1));
    }

    #[test]
    fn names_are_looked_up() {
        let known = [("one", 1), ("two", 2)];
        let chosen = |line| {
            read(line).and_then(|options| options.choices("--modes", &known, &[2])).map_err(
                |error| {
                    assert!(error.is::<Usage>());
                    error.to_string()
                },
            )
        };
        assert_eq!(chosen("--modes two,one"), Ok(vec![2, 1]));
        assert_eq!(chosen("--modes all"), Ok(vec![1, 2]));
        assert_eq!(chosen(""), Ok(vec![2]));
        assert_eq!(
            chosen("--modes three"),
            Err("--modes does not know `three`: one, two".to_owned())
        );
    }

    #[test]
    fn wrong_words_are_answered_with_what_is_wrong() {
        let cases = [
            ("--task 5", "no option `--task`: --tasks, --modes, --quiet"),
            ("--quiet=1", "no option `--quiet=1`: --tasks, --modes, --quiet"),
            ("--tasks", "--tasks needs a value"),
        ];
        for (line, sentence) in cases {
            assert_eq!(
                read(line).map_err(|error| error.to_string()).err().as_deref(),
                Some(sentence)
            );
        }
    }
}
