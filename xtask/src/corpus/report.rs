//! What became of a corpus, for the terminal and in numbers.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::check::Built;
use super::reading::Reading;
use super::{Outcome, Row, tally};

/// One line, as soon as the document is done.
pub fn write_row(row: &Row, out: &mut dyn Write) -> io::Result<()> {
    let (word, rest) = match &row.outcome {
        Outcome::Read(reading) if reading.errors.is_empty() => {
            let Reading { operations, skipped, types, lines, .. } = reading;
            let made =
                format!("{operations} operations, {skipped} skipped, {types} types, {lines} lines");
            ("generates", made)
        }
        Outcome::Read(reading) => ("errors", codes(&reading.errors)),
        Outcome::Panicked(reason) => ("PANICKED", reason.clone()),
        Outcome::TimedOut => ("TIMED OUT", String::new()),
    };
    let used = match &row.outcome {
        Outcome::Read(reading) => used(reading),
        Outcome::Panicked(_) | Outcome::TimedOut => String::new(),
    };
    writeln!(out, "{word:<9} {used:>15}  {:<44} {rest}", row.name)?;
    for fault in &row.faults {
        writeln!(out, "FAULT     {}: {fault}", row.name)?;
    }
    Ok(())
}

/// Time and memory, where they are known.
fn used(reading: &Reading) -> String {
    match (reading.millis, reading.peak) {
        (Some(millis), Some(peak)) => {
            format!("{}.{:02} s {:>4} MB", millis / 1000, millis % 1000 / 10, peak >> 20)
        }
        _ => String::new(),
    }
}

/// How many documents ended in which way.
pub fn write_counts(rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out)?;
    for (what, count) in counts(rows) {
        writeln!(out, "{count:>5}  {what}")?;
    }
    for (title, table) in
        [("what stops documents", stops(rows)), ("what is mended or left out", warnings(rows))]
    {
        if !table.is_empty() {
            writeln!(out, "\n{title} (documents, times):")?;
        }
        for (code, (documents, times)) in ranked(&table) {
            writeln!(out, "{documents:>5} {times:>6}  {code}")?;
        }
    }
    Ok(())
}

pub(super) fn counts(rows: &[Row]) -> Vec<(&'static str, usize)> {
    let count = |wanted: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| wanted(row)).count();
    let mut counts = vec![
        ("in all", rows.len()),
        ("generate", count(&Row::generates)),
        (
            "end with errors",
            count(&|row| matches!(&row.outcome, Outcome::Read(_)) && !row.generates()),
        ),
        ("panic", count(&|row| matches!(&row.outcome, Outcome::Panicked(_)))),
        ("take too long", count(&|row| matches!(&row.outcome, Outcome::TimedOut))),
    ];
    counts.push(("have faults of the generator", count(&|row| !row.faults.is_empty())));
    if rows.iter().any(|row| row.built.is_some()) {
        let built =
            |wanted: &dyn Fn(&Built) -> bool| count(&|row| row.built.as_ref().is_some_and(wanted));
        counts.push(("compile", built(&|built| built.error.is_none())));
        counts.push(("of these without a warning of clippy", built(&Built::is_clean)));
        counts.push(("generate and do not compile", built(&|built| built.error.is_some())));
    }
    counts
}

pub(super) fn readings(rows: &[Row]) -> impl Iterator<Item = &Reading> {
    rows.iter().filter_map(|row| match &row.outcome {
        Outcome::Read(reading) => Some(reading),
        Outcome::Panicked(_) | Outcome::TimedOut => None,
    })
}

pub(super) fn stops(rows: &[Row]) -> BTreeMap<String, (usize, usize)> {
    tally(readings(rows).map(|reading| &reading.errors))
}

pub(super) fn warnings(rows: &[Row]) -> BTreeMap<String, (usize, usize)> {
    tally(readings(rows).map(|reading| &reading.warnings))
}

/// The most frequent first.
pub(super) fn ranked(table: &BTreeMap<String, (usize, usize)>) -> Vec<(&String, (usize, usize))> {
    let mut ranked: Vec<_> = table.iter().map(|(code, counts)| (code, *counts)).collect();
    ranked
        .sort_by_key(|(code, (documents, times))| (std::cmp::Reverse((*documents, *times)), *code));
    ranked
}

pub(super) fn codes(counts: &BTreeMap<String, usize>) -> String {
    let codes: Vec<String> =
        counts.iter().map(|(code, count)| format!("{code} ({count})")).collect();
    codes.join(", ")
}
