//! The comparison as text.

use std::fmt;

use super::text::{code, visible};
use super::{Bump, Change, Comparison, Effect};

/// Places that are listed; the others are counted.
const SHOWN: usize = 10;

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "same",
            Self::Addition => "more",
            Self::Breaking => "breaks",
        })
    }
}

impl fmt::Display for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Patch => "a patch",
            Self::Minor => "a minor version",
            Self::Major => "a major version",
        })
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<8}{:<8}{} {}", self.wire, self.rust, self.place, self.what)
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(bump) = self.bump() else {
            let what = match self.unseen.is_empty() {
                true => "no change that callers could notice",
                false => "something has changed, but nothing that is compared",
            };
            writeln!(f, "{} to {}: {what}", self.old, self.new)?;
            return self.differences(f);
        };
        writeln!(f, "wire    Rust")?;
        for change in &self.changes {
            writeln!(f, "{change}")?;
        }
        writeln!(f, "\nThis is {bump}: from {} to {}.", self.old, self.advice())?;
        if !self.is_version_right() {
            writeln!(f, "The new document says {}.", self.new)?;
        }
        self.differences(f)?;
        write!(f, "\n{}", self.changelog())
    }
}

impl Comparison {
    fn differences(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.unseen.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nNot compared, so judge these differences yourself:")?;
        for pointer in self.unseen.iter().take(SHOWN) {
            writeln!(f, "  {}", visible(pointer))?;
        }
        match self.unseen.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => writeln!(f, "  and {more} more"),
        }
    }

    fn advice(&self) -> String {
        self.least_version()
            .map_or("a version of your choice".to_owned(), |least| format!("{least} or later"))
    }

    /// A draft of the entry in the change log.
    #[must_use]
    pub fn changelog(&self) -> String {
        let mut text = String::new();
        for (title, effect) in
            [("Breaking", Effect::Breaking), ("Added", Effect::Addition), ("Changed", Effect::None)]
        {
            let own = self.changes.iter().filter(|change| change.wire.max(change.rust) == effect);
            let lines: Vec<String> = own.map(entry).collect();
            if !lines.is_empty() {
                text.push_str(&format!("### {title}\n\n{}\n\n", lines.join("\n")));
            }
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }
}

fn entry(change: &Change) -> String {
    let whom = match (change.wire, change.rust) {
        (Effect::Breaking, Effect::Breaking) => "",
        (Effect::Breaking, _) => " (on the wire)",
        (_, Effect::Breaking) => " (in Rust)",
        _ => "",
    };
    format!("- {} {}{whom}.", code(&change.place), change.what)
}
