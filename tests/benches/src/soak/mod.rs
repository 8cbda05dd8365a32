//! `soak`: the long forms.

use crate::Outcome;

pub fn run(_: &[String]) -> Outcome {
    Ok(())
}
