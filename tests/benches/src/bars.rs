//! What this client is held to in a run.

use std::fmt;

use crate::Outcome;

/// Sentences about this client, each with whether it holds.
#[derive(Debug, Default)]
pub struct Bars(Vec<(String, bool)>);

impl Bars {
    pub fn hold(&mut self, sentence: impl Into<String>, is_met: bool) {
        self.0.push((sentence.into(), is_met));
    }

    /// Prints all of them.
    ///
    /// # Errors
    ///
    /// One is missed.
    pub fn end(self) -> Outcome {
        println!("{self}");
        match self.0.iter().filter(|(_, is_met)| !is_met).count() {
            0 => Ok(()),
            missed => Err(format!("{missed} of {} bars missed", self.0.len()).into()),
        }
    }
}

impl fmt::Display for Bars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(sentence, is_met)| {
            writeln!(f, "- {sentence}: {}", if *is_met { "met" } else { "**missed**" })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_missed_bar_is_an_error() {
        let mut bars = Bars::default();
        bars.hold("it is there", true);
        assert_eq!(bars.to_string(), "- it is there: met\n");
        bars.hold("it is fast", false);
        assert_eq!(bars.to_string(), "- it is there: met\n- it is fast: **missed**\n");
        assert_eq!(
            bars.end().map_err(|error| error.to_string()),
            Err("1 of 2 bars missed".to_owned())
        );
    }
}
