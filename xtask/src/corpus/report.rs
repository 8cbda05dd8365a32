//! What became of a corpus: lines for the terminal, a page for the docs.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::worker::Reading;
use super::{Outcome, Row, tally};

/// One line, as soon as the document is done.
pub fn write_row(row: &Row, out: &mut dyn Write) -> io::Result<()> {
    let (word, rest) = match &row.outcome {
        Outcome::Read(reading) if reading.errors.is_empty() => {
            ("generates", format!("{} operations, {} skipped", reading.operations, reading.skipped))
        }
        Outcome::Read(reading) => ("errors", codes(&reading.errors)),
        Outcome::Panicked(reason) => ("PANICKED", reason.clone()),
        Outcome::TimedOut => ("TIMED OUT", String::new()),
    };
    writeln!(out, "{word:<9} {:>6.2} s  {:<44} {rest}", row.time.as_secs_f64(), row.name)
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

/// The page `docs/corpus.md`: the same on every machine that has the same corpus.
pub fn page(rows: &[Row]) -> String {
    let mut page = "# Real documents\n\nWhat becomes of real documents. Made by `cargo xtask corpus --compile` with \
                    `OPENAPI_CORPUS` set; do not edit.\n\n| documents | |\n| --- | --- |\n"
        .to_owned();
    for (what, count) in counts(rows) {
        page.push_str(&format!("| {what} | {count} |\n"));
    }
    page.push_str(&folders(rows));
    let tables = [
        ("What stops documents", "Errors, by their code.", stops(rows)),
        ("What is mended or left out", "Warnings, by their code.", warnings(rows)),
    ];
    for (title, prose, table) in tables {
        page.push_str(&format!(
            "\n## {title}\n\n{prose}\n\n| code | documents | times |\n| --- | --- | --- |\n"
        ));
        for (code, (documents, times)) in ranked(&table) {
            page.push_str(&format!("| `{code}` | {documents} | {times} |\n"));
        }
    }
    page.push_str("\n## Each document\n\n| document | outcome | operations | skipped | compiles |\n| --- | --- | --- | --- | --- |\n");
    for row in rows {
        page.push_str(&page_row(row));
    }
    page
}

/// The same counts for each folder of the corpus, which is one version of OpenAPI or our own cases.
fn folders(rows: &[Row]) -> String {
    let mut by_folder: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    for row in rows {
        let folder = row.name.split_once('/').map_or("", |(folder, _)| folder);
        let (all, generate, compile) = by_folder.entry(folder).or_default();
        *all += 1;
        *generate += usize::from(row.generates());
        *compile += usize::from(matches!(row.compiles, Some(Ok(()))));
    }
    let mut table =
        "\n| folder | documents | generate | compile |\n| --- | --- | --- | --- |\n".to_owned();
    for (folder, (all, generate, compile)) in by_folder {
        table.push_str(&format!("| {folder} | {all} | {generate} | {compile} |\n"));
    }
    table
}

fn page_row(row: &Row) -> String {
    let compiles = match &row.compiles {
        None => "",
        Some(Ok(())) => "yes",
        Some(Err(_)) => "no",
    };
    let (outcome, operations, skipped) = match &row.outcome {
        Outcome::Read(Reading { operations, skipped, errors, .. }) if errors.is_empty() => {
            ("generates".to_owned(), operations.to_string(), skipped.to_string())
        }
        Outcome::Read(reading) => (codes(&reading.errors), String::new(), String::new()),
        Outcome::Panicked(_) => ("**panics**".to_owned(), String::new(), String::new()),
        Outcome::TimedOut => ("**takes too long**".to_owned(), String::new(), String::new()),
    };
    format!("| {} | {outcome} | {operations} | {skipped} | {compiles} |\n", row.name)
}

fn counts(rows: &[Row]) -> Vec<(&'static str, usize)> {
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
    if rows.iter().any(|row| row.compiles.is_some()) {
        counts.push(("compile", count(&|row| matches!(row.compiles, Some(Ok(()))))));
        counts.push((
            "generate and do not compile",
            count(&|row| matches!(row.compiles, Some(Err(_)))),
        ));
    }
    counts
}

fn readings(rows: &[Row]) -> impl Iterator<Item = &Reading> {
    rows.iter().filter_map(|row| match &row.outcome {
        Outcome::Read(reading) => Some(reading),
        Outcome::Panicked(_) | Outcome::TimedOut => None,
    })
}

fn stops(rows: &[Row]) -> BTreeMap<String, (usize, usize)> {
    tally(readings(rows).map(|reading| &reading.errors))
}

fn warnings(rows: &[Row]) -> BTreeMap<String, (usize, usize)> {
    tally(readings(rows).map(|reading| &reading.warnings))
}

/// The most frequent first.
fn ranked(table: &BTreeMap<String, (usize, usize)>) -> Vec<(&String, (usize, usize))> {
    let mut ranked: Vec<_> = table.iter().map(|(code, counts)| (code, *counts)).collect();
    ranked
        .sort_by_key(|(code, (documents, times))| (std::cmp::Reverse((*documents, *times)), *code));
    ranked
}

fn codes(counts: &BTreeMap<String, usize>) -> String {
    let codes: Vec<String> =
        counts.iter().map(|(code, count)| format!("{code} ({count})")).collect();
    codes.join(", ")
}
