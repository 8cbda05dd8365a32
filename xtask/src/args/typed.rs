//! Words as they were typed: options, their values, operands.

use std::ffi::{OsStr, OsString};

use crate::Failure;

/// An option: its name and, if it takes a value, what that is.
pub(super) type Allowed = (&'static str, Option<&'static str>);

/// What was typed behind the command, word by word.
#[derive(Debug)]
pub(super) struct Typed {
    command: &'static str,
    options: Vec<(&'static str, Option<OsString>)>,
    pub(super) operands: Vec<OsString>,
}

impl Typed {
    pub(super) fn read(
        command: &'static str,
        words: Vec<OsString>,
        allowed: &[Allowed],
    ) -> Result<Self, Failure> {
        let mut typed = Self { command, options: Vec::new(), operands: Vec::new() };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            if !is_option(&word) {
                typed.operands.push(word);
                continue;
            }
            let (name, attached) = split(&word);
            let Some(&(name, takes)) = allowed.iter().find(|(known, _)| OsStr::new(known) == name)
            else {
                return usage(format!("{command} has no option `{}`", name.display()));
            };
            if typed.options.iter().any(|(seen, _)| *seen == name) {
                return usage(format!("{command} {name} was given twice"));
            }
            let value = match (takes, attached) {
                (None, None) => None,
                (None, Some(_)) => return usage(format!("{command} {name} takes no value")),
                (Some(what), attached) => {
                    Some(value(command, name, what, attached.or_else(|| words.next()))?)
                }
            };
            typed.options.push((name, value));
        }
        Ok(typed)
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.options.iter().any(|(given, _)| *given == name)
    }

    pub(super) fn value(&mut self, name: &str) -> Option<OsString> {
        self.options
            .iter_mut()
            .find(|(given, _)| *given == name)
            .and_then(|(_, value)| value.take())
    }

    pub(super) fn without_operands(self) -> Result<Self, Failure> {
        match self.operands.first() {
            Some(word) => usage(format!("{} takes no argument `{}`", self.command, word.display())),
            None => Ok(self),
        }
    }
}

/// A value that is empty or looks like the next option was forgotten.
fn value(
    command: &str,
    name: &str,
    what: &str,
    given: Option<OsString>,
) -> Result<OsString, Failure> {
    match given {
        Some(value) if !value.is_empty() && !value.as_encoded_bytes().starts_with(b"--") => {
            Ok(value)
        }
        _ => usage(format!("{command} {name} needs a value: {name} {what}")),
    }
}

/// `--name=value` in two.
fn split(word: &OsStr) -> (&OsStr, Option<OsString>) {
    match word.to_str().and_then(|text| text.split_once('=')) {
        Some((name, value)) => (OsStr::new(name), Some(value.into())),
        None => (word, None),
    }
}

pub(super) fn is_option(word: &OsStr) -> bool {
    word.as_encoded_bytes().starts_with(b"-")
}

pub(super) fn is_help(word: &OsStr) -> bool {
    word == "--help" || word == "-h"
}

pub(super) fn usage<T>(sentence: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Usage(sentence.into()))
}
