//! What the reader sees: steps, lines, and bars where there is a terminal to draw them on.

use std::fmt;
use std::io::{self, Write};

use indicatif::{ProgressBar, ProgressStyle};

/// Where the story is told.
pub struct Screen {
    steps: u32,
    is_clean: bool,
}

impl Screen {
    pub fn new() -> Self {
        Self { steps: 0, is_clean: true }
    }

    /// A heading.
    pub fn step(&mut self, title: &str) {
        self.steps += 1;
        self.say(&format!("\n{}. {title}", self.steps));
    }

    /// A line below the heading.
    pub fn line(&self, text: impl fmt::Display) {
        self.say(&format!("   {text}"));
    }

    /// A closed pipe ends no story.
    pub fn say(&self, text: &str) {
        let _ = writeln!(io::stdout(), "{text}");
    }

    /// Looks whether something is as it should be.
    pub fn check(&mut self, is_right: bool, expected: &str) {
        if !is_right {
            self.is_clean = false;
            self.line(format_args!("wrong: expected {expected}"));
        }
    }

    pub fn is_clean(&self) -> bool {
        self.is_clean
    }

    /// A bar; where there is no terminal, nothing is drawn.
    pub fn bar(&self, length: u64) -> ProgressBar {
        let bar = ProgressBar::new(length);
        match ProgressStyle::with_template("   {bar:40} {pos}/{len}") {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }
    }
}
