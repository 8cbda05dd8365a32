//! The runtime: what goes into every client as it is, and the parts that only some of them need.
//!
//! A part has files of its own, and lines in others that stand between `// [part` and `// part]`.

use std::collections::BTreeSet;

use super::streams::{self, Part};
use super::{Context, File};

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../ship/src/runtime/", $name)))),*]
    };
}

/// Name and text of every file of `ship/src/runtime`.
const RUNTIME: &[(&str, &str)] = shipped![
    "answer.rs",
    "backoff.rs",
    "batch.rs",
    "blocking.rs",
    "blocking_streams.rs",
    "builder.rs",
    "clock.rs",
    "connections.rs",
    "core.rs",
    "cursor.rs",
    "date.rs",
    "day.rs",
    "decode.rs",
    "decode_error.rs",
    "download.rs",
    "early.rs",
    "encode.rs",
    "error.rs",
    "event_parser.rs",
    "events.rs",
    "exchange.rs",
    "failure.rs",
    "flex.rs",
    "gate.rs",
    "header.rs",
    "http_clients.rs",
    "http_streams.rs",
    "http_transport.rs",
    "incoming.rs",
    "items.rs",
    "limits.rs",
    "line.rs",
    "line_parser.rs",
    "lines.rs",
    "mod.rs",
    "multipart.rs",
    "nullable.rs",
    "number.rs",
    "observer.rs",
    "open_enum.rs",
    "operation.rs",
    "options.rs",
    "origin.rs",
    "pacer.rs",
    "pacing.rs",
    "page.rs",
    "permit.rs",
    "pieces.rs",
    "place.rs",
    "progress.rs",
    "query.rs",
    "rate_limit.rs",
    "request.rs",
    "response.rs",
    "retry.rs",
    "retrying.rs",
    "secret.rs",
    "server.rs",
    "slots.rs",
    "streaming.rs",
    "styles.rs",
    "sync.rs",
    "tokens.rs",
    "trace.rs",
    "transport.rs",
    "upload.rs",
    "verdict.rs",
];

/// Files that belong to a part.
const PARTS: &[(Part, &str, &[&str])] = &[
    (Part::Events, "events", &["event_parser.rs", "events.rs"]),
    (Part::Forms, "forms", &["multipart.rs", "pieces.rs"]),
    (Part::Lines, "lines", &["line_parser.rs", "lines.rs"]),
    (
        Part::Streams,
        "streams",
        &[
            "blocking_streams.rs",
            "download.rs",
            "http_streams.rs",
            "incoming.rs",
            "streaming.rs",
            "upload.rs",
        ],
    ),
];

/// The runtime's files.
pub(crate) fn runtime(context: &Context<'_>) -> Vec<File> {
    let parts = streams::parts(context.api);
    let is_needed = |name: &str| {
        let part = PARTS.iter().find(|(.., files)| files.contains(&name));
        part.is_none_or(|(part, ..)| parts.contains(part))
    };
    let file = |(name, text): &(&str, &str)| File::Text {
        path: format!("src/runtime/{name}"),
        text: cut(text, &parts),
    };
    RUNTIME.iter().filter(|(name, _)| is_needed(name)).map(file).collect()
}

/// The text without the marks of parts, and without what stands between those of parts that are not
/// needed.
fn cut(text: &str, parts: &BTreeSet<Part>) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut left_out = false;
    let mut was_cut = false;
    for line in text.lines() {
        let mark = line.trim().strip_prefix("// ").unwrap_or_default();
        let find = |word: &str| PARTS.iter().find(|(_, name, _)| *name == word);
        if let Some((part, ..)) = mark.strip_prefix('[').and_then(find) {
            left_out = !parts.contains(part);
            continue;
        }
        if mark.strip_suffix(']').and_then(find).is_some() {
            was_cut = left_out;
            left_out = false;
            continue;
        }
        if left_out {
            continue;
        }
        // What stood between two empty lines, or at the end of a block, leaves one too many.
        let ends = line.is_empty() || line.trim_start().starts_with('}');
        if was_cut && ends && lines.last().is_some_and(|last| last.is_empty()) {
            lines.pop();
        }
        was_cut = false;
        lines.push(line);
    }
    while lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marks of parts that a text opens and closes, in order.
    fn marks(text: &str) -> Vec<&str> {
        let words = text.lines().filter_map(|line| line.trim().strip_prefix("// "));
        words.filter(|word| !word.contains(' ') && word.contains(['[', ']'])).collect()
    }

    #[test]
    fn marks_of_parts_come_in_pairs() {
        let mut found = 0;
        for (file, text) in RUNTIME {
            for pair in marks(text).chunks(2) {
                let name = pair[0].strip_prefix('[').unwrap_or_else(|| panic!("{file}: {pair:?}"));
                assert!(PARTS.iter().any(|(_, known, _)| *known == name), "{file}: {name}");
                assert_eq!(pair.get(1).copied(), Some(format!("{name}]").as_str()), "{file}");
                found += 1;
            }
        }
        assert!(found >= 2 * PARTS.len(), "each part has its modules and its exports");
    }

    #[test]
    fn parts_are_cut_out_without_a_gap() {
        let text = "a {\n    b\n\n    // [lines\n    c\n    // lines]\n}\n\n// [lines\nd\n// lines]\n\ne\n";
        assert_eq!(cut(text, &BTreeSet::new()), "a {\n    b\n}\n\ne\n");
        let kept = "a {\n    b\n\n    c\n}\n\nd\n\ne\n";
        assert_eq!(cut(text, &BTreeSet::from([Part::Lines])), kept);
    }

    /// What is left is Rust, without a word of what was cut out.
    #[test]
    fn what_every_client_has_names_no_part() {
        let files: Vec<&str> = PARTS.iter().flat_map(|(.., files)| *files).copied().collect();
        for (name, text) in RUNTIME.iter().filter(|(name, _)| !files.contains(name)) {
            let text = cut(text, &BTreeSet::new());
            assert!(syn::parse_file(&text).is_ok(), "{name}");
            for module in files.iter().filter_map(|file| file.strip_suffix(".rs")) {
                assert!(!text.contains(&format!("{module}::")), "{name} names {module}");
            }
        }
    }

    #[test]
    fn every_file_of_the_runtime_is_shipped() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/ship/src/runtime");
        let entries = std::fs::read_dir(folder).expect("the runtime is there");
        let mut found: Vec<String> = entries
            .map(|entry| {
                entry.expect("the folder can be read").file_name().to_string_lossy().into_owned()
            })
            .collect();
        found.sort();
        let shipped: Vec<&str> = RUNTIME.iter().map(|(name, _)| *name).collect();
        assert_eq!(found, shipped);
    }
}
