//! `pages`: drains a long list.

use crate::Outcome;

pub fn run(_: &[String]) -> Outcome {
    Ok(())
}

pub fn read(_: &[String]) -> Outcome {
    Ok(())
}
