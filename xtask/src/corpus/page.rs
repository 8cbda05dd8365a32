//! The page of the docs.

use std::collections::BTreeMap;

use super::check::Built;
use super::locality::Probed;
use super::measured::Measured;
use super::reading::Reading;
use super::{Outcome, Row, report};

/// What stands above the table of documents.
const COLUMNS: &str = "\
Lines are lines of Rust without the runtime, which is the same in every client. A client is clean if it compiles and
clippy, with its own settings, has no warning. Seconds (of processor time, from reading the document to the text of all
files) and megabytes (most held at once) are of the machine and the unoptimised build that made the table: they say
which documents are large, not how fast the compiler is. A figure that has not moved by more than a half is left as it
stands, so that a change of this file is a change of something else.
";

/// The page `docs/corpus.md`. `before` is its text so far.
pub fn page(rows: &[Row], before: &str) -> String {
    let mut page = "# Real documents\n\nWhat becomes of real documents. Made by `cargo xtask corpus --compile` with \
                    `OPENAPI_CORPUS` set; do not edit.\n\n| documents | |\n| --- | --- |\n"
        .to_owned();
    for (what, count) in report::counts(rows) {
        page.push_str(&format!("| {what} | {count} |\n"));
    }
    page.push_str(&promises(rows));
    page.push_str(&folders(rows));
    let tables = [
        ("What stops documents", "Errors, by their code.", report::stops(rows)),
        ("What is mended or left out", "Warnings, by their code.", report::warnings(rows)),
    ];
    for (title, prose, table) in tables {
        page.push_str(&format!(
            "\n## {title}\n\n{prose}\n\n| code | documents | times |\n| --- | --- | --- |\n"
        ));
        for (code, (documents, times)) in report::ranked(&table) {
            page.push_str(&format!("| `{code}` | {documents} | {times} |\n"));
        }
    }
    page.push_str(&refused(rows));
    page.push_str(&faults(rows));
    page.push_str(&generated(rows, before));
    page
}

/// What is asked of every document besides, and how much was looked at.
fn promises(rows: &[Row]) -> String {
    let mut all = Probed::default();
    rows.iter().for_each(|row| all.add(&row.probed));
    let Probed { schemas, files, .. } = all;
    format!(
        "\nEvery document is compiled twice, the second time in a process with another working folder, language, home and\n\
         time zone: all bytes must be the same. Then a member is added to its first, middle and last struct, one at a time:\n\
         only files that name a type made of this schema may change. {schemas} structs got a member, and {files} files changed.\n\
         What does not hold is a fault of the generator.\n"
    )
}

/// The same counts for each folder of the corpus, which is one version of OpenAPI or our own cases.
fn folders(rows: &[Row]) -> String {
    let mut by_folder: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for row in rows {
        let folder = row.name.split_once('/').map_or("", |(folder, _)| folder);
        let [all, generate, compile, clean] = by_folder.entry(folder).or_default();
        let built =
            |wanted: fn(&Built) -> bool| usize::from(row.built.as_ref().is_some_and(wanted));
        *all += 1;
        *generate += usize::from(row.generates());
        *compile += built(|built| built.error.is_none());
        *clean += built(Built::is_clean);
    }
    let mut table =
        "\n| folder | documents | generate | compile | clean |\n| --- | --- | --- | --- | --- |\n"
            .to_owned();
    for (folder, [all, generate, compile, clean]) in by_folder {
        table.push_str(&format!("| {folder} | {all} | {generate} | {compile} | {clean} |\n"));
    }
    table
}

/// The documents that are wrong themselves, or that ended in no orderly way.
fn refused(rows: &[Row]) -> String {
    let mut text = "\n## Documents that give no client\n\nEach with its first error, and how many there are in all.\n\n\
                    | document | error | place and reason | errors |\n| --- | --- | --- | --- |\n"
        .to_owned();
    for row in rows.iter().filter(|row| !row.generates()) {
        let (code, reason, count) = match &row.outcome {
            Outcome::Read(reading) => {
                let (code, reason) = reading.first.clone().unwrap_or_default();
                (format!("`{code}`"), reason, reading.errors.values().sum::<usize>().to_string())
            }
            Outcome::Panicked(reason) => ("**panics**".to_owned(), reason.clone(), String::new()),
            Outcome::TimedOut => ("**takes too long**".to_owned(), String::new(), String::new()),
        };
        text.push_str(&format!("| {} | {code} | {} | {count} |\n", row.name, cell(&reason)));
    }
    text
}

/// What is wrong with the generator; nothing if nothing is.
fn faults(rows: &[Row]) -> String {
    let all: Vec<String> = rows
        .iter()
        .flat_map(|row| row.faults.iter().map(|fault| format!("- {}: {fault}\n", row.name)))
        .collect();
    match all.as_slice() {
        [] => String::new(),
        all => format!("\n## Faults of the generator\n\n{}", all.concat()),
    }
}

/// Each document that gives a client, and all of them together.
fn generated(rows: &[Row], before: &str) -> String {
    let mut text = format!(
        "\n## Each document that gives a client\n\n{COLUMNS}\n\
         | document | operations | skipped | types | warnings | lines | seconds | megabytes | clean |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
    );
    let before = Measured::of_page(before);
    let (mut sums, mut clean, mut all) = ([0; 5], 0, Measured::default());
    for row in rows.iter().filter(|row| row.generates()) {
        let Outcome::Read(reading) = &row.outcome else { continue };
        let measured = Measured::of(reading).or_as_before(before.get(row.name.as_str()));
        let counts = counts(reading);
        sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        all.add(measured);
        let state = state(row.built.as_ref());
        clean += usize::from(state == "yes");
        text.push_str(&format!("| {} | {} | {measured} | {state} |\n", row.name, cells(counts)));
    }
    text.push_str(&format!("| all | {} | {all} | {clean} |\n", cells(sums)));
    text
}

fn counts(reading: &Reading) -> [usize; 5] {
    let warnings = reading.warnings.values().sum();
    [reading.operations, reading.skipped, reading.types, warnings, reading.lines]
}

fn cells(counts: [usize; 5]) -> String {
    counts.map(|count| count.to_string()).join(" | ")
}

fn state(built: Option<&Built>) -> String {
    match built {
        None => String::new(),
        Some(built) if built.error.is_some() => "**does not compile**".to_owned(),
        Some(built) if built.is_clean() => "yes".to_owned(),
        Some(built) => report::codes(&built.lints),
    }
}

/// A text that cannot end its cell, or be taken for something else than text.
fn cell(text: &str) -> String {
    let mut cell = String::new();
    for letter in text.chars() {
        match letter {
            '|' | '<' | '*' | '[' => cell.extend(['\\', letter]),
            letter if letter.is_control() => cell.push(' '),
            letter => cell.push(letter),
        }
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, reading: Reading) -> Row {
        Row {
            name: name.to_owned(),
            crate_name: String::new(),
            outcome: Outcome::Read(reading),
            probed: Probed::default(),
            faults: Vec::new(),
            built: Some(Built::default()),
        }
    }

    #[test]
    fn a_page_made_again_keeps_what_was_measured() {
        let one = |millis| Reading {
            operations: 3,
            lines: 20,
            millis: Some(millis),
            peak: Some(50 << 20),
            ..Reading::default()
        };
        let two = Reading { operations: 1, ..one(100) };
        let first = page(&[row("a/b.yaml", one(2000)), row("a/c.yaml", two.clone())], "");
        assert!(first.contains("| a/b.yaml | 3 | 0 | 0 | 0 | 20 | 2.0 | 50 | yes |\n"), "{first}");
        assert!(first.contains("| all | 4 | 0 | 0 | 0 | 40 | 2.1 | 50 | 2 |\n"), "{first}");
        let again = page(&[row("a/b.yaml", one(2600)), row("a/c.yaml", two.clone())], &first);
        assert_eq!(again, first);
        let slower = page(&[row("a/b.yaml", one(9000)), row("a/c.yaml", two)], &first);
        assert!(slower.contains("| 20 | 9.0 | 50 | yes |\n"), "{slower}");
    }

    #[test]
    fn a_refused_document_is_told_with_its_reason() {
        let first = Some(("no-such".to_owned(), "`a|b` is nothing (3:4)".to_owned()));
        let reading =
            Reading { errors: [("no-such".to_owned(), 2)].into(), first, ..Reading::default() };
        let page = page(&[Row { built: None, ..row("a.yaml", reading) }], "");
        assert!(page.contains("| a.yaml | `no-such` | `a\\|b` is nothing (3:4) | 2 |\n"), "{page}");
    }
}
