//! The extensions of our own document: where they may stand and what they hold.

use serde_json::Value;

use super::scalar::a_kind_of;
use super::table::{RETRIES, TYPES};
use super::walk::Walk;
use super::words;

/// What an extension holds.
enum Shape {
    Text,
    Flag,
    /// Scalars, at least one.
    Values,
    /// Names of types.
    Types,
    /// One of these words.
    Word(&'static [&'static str]),
    /// An object with these members.
    Members(&'static [Entry]),
}

/// A member of an extension: key, whether it must be there, what it holds.
type Entry = (&'static str, bool, Leaf);

enum Leaf {
    Text,
    /// From 1.
    Count,
    /// Of a day, in UTC, such as `07:30Z`.
    Time,
}

/// Extension, objects that may have it, what it holds.
const EXTENSIONS: &[(&str, &[&str], Shape)] = &[
    ("x-extensible-enum", &["Schema"], Shape::Values),
    ("x-also-accept", &["Schema"], Shape::Types),
    ("x-required-on-write", &["Schema"], Shape::Values),
    ("x-no-content", &["Response"], Shape::Flag),
    ("x-name", &["Server"], Shape::Text),
    (
        "x-pagination",
        &["Operation"],
        Shape::Members(&[
            ("cursor", true, Leaf::Text),
            ("next", true, Leaf::Text),
            ("items", true, Leaf::Text),
            ("limit", false, Leaf::Text),
            ("max", false, Leaf::Count),
        ]),
    ),
    (
        "x-batch",
        &["Operation", "Request Body", "Schema"],
        Shape::Members(&[("property", true, Leaf::Text), ("max", true, Leaf::Count)]),
    ),
    ("x-retry", &["Operation"], Shape::Word(RETRIES)),
    (
        "x-rate-limits",
        &["document"],
        Shape::Members(&[
            ("per_second", false, Leaf::Count),
            ("per_day", false, Leaf::Count),
            ("scope", false, Leaf::Text),
            ("day_resets_at", false, Leaf::Time),
        ]),
    ),
    ("x-undocumented", &["Operation"], Shape::Flag),
];

/// Checks one extension of an object. The walk stands at the extension.
pub fn check(walk: &mut Walk<'_>, key: &str, value: &Value, object: &str) {
    let Some((_, objects, shape)) = EXTENSIONS.iter().find(|(name, _, _)| *name == key) else {
        if let Some(near) = words::nearest(key, EXTENSIONS.iter().map(|(name, _, _)| *name)) {
            let message = format!("`{key}` is not an extension of ours");
            walk.error("wrong-extension", message, format!("did you mean `{near}`?"));
        }
        return;
    };
    if objects.contains(&object) {
        return shaped(walk, value, shape);
    }
    let help = format!("move it to the {} object", objects.join(" or "));
    walk.error("wrong-extension", format!("`{key}` means nothing in the {object} object"), help);
}

fn shaped(walk: &mut Walk<'_>, value: &Value, shape: &Shape) {
    match shape {
        Shape::Text => expect(walk, value, value.is_string(), "text"),
        Shape::Flag => expect(walk, value, value.is_boolean(), "true or false"),
        Shape::Values => {
            let scalars = |items: &Vec<Value>| {
                !items.is_empty() && items.iter().all(|item| !item.is_array() && !item.is_object())
            };
            expect(walk, value, value.as_array().is_some_and(scalars), "a list of values");
        }
        Shape::Types => {
            let types = |items: &Vec<Value>| {
                !items.is_empty()
                    && items
                        .iter()
                        .all(|item| item.as_str().is_some_and(|word| TYPES.contains(&word)))
            };
            expect(
                walk,
                value,
                value.as_array().is_some_and(types),
                "a list of types, such as `[integer]`",
            );
        }
        Shape::Word(words) => {
            let fits = value.as_str().is_some_and(|word| words.contains(&word));
            expect(walk, value, fits, &format!("one of {}", words.join(", ")));
        }
        Shape::Members(entries) => members(walk, value, entries),
    }
}

fn expect(walk: &mut Walk<'_>, value: &Value, fits: bool, expected: &str) {
    if !fits {
        let found = match value {
            Value::String(text) => format!("`{text}`"),
            other => a_kind_of(other),
        };
        walk.error(
            "wrong-kind",
            format!("expected {expected}, found {found}"),
            format!("write {expected}"),
        );
    }
}

fn members(walk: &mut Walk<'_>, value: &Value, entries: &[Entry]) {
    let Some(map) = value.as_object() else { return expect(walk, value, false, "an object") };
    for (key, value) in map {
        let Some((_, _, leaf)) = entries.iter().find(|(name, _, _)| name == key) else {
            let known = entries.iter().map(|(name, _, _)| *name);
            let help = words::nearest(key, known.clone()).map_or_else(
                || format!("the members are {}", known.collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            walk.under(key, |walk| {
                walk.error(
                    "unknown-key",
                    format!("`{key}` is not a member of this extension"),
                    help,
                )
            });
            continue;
        };
        walk.under(key, |walk| match leaf {
            Leaf::Text => expect(walk, value, value.is_string(), "text"),
            Leaf::Count => expect(
                walk,
                value,
                value.as_u64().is_some_and(|count| count > 0),
                "a whole number from 1",
            ),
            Leaf::Time => {
                let fits = value.as_str().is_some_and(is_time);
                expect(walk, value, fits, "a time of day in UTC, such as \"00:00Z\"");
            }
        });
    }
    for (key, _, _) in entries.iter().filter(|(key, must, _)| *must && !map.contains_key(*key)) {
        walk.error(
            "missing-member",
            format!("the extension has no `{key}`"),
            format!("add `{key}`"),
        );
    }
}

fn is_time(text: &str) -> bool {
    let number = |part: &str, below: u32| {
        part.len() == 2 && part.parse::<u32>().is_ok_and(|number| number < below)
    };
    let parts = text.strip_suffix('Z').and_then(|time| time.split_once(':'));
    parts.is_some_and(|(hours, minutes)| number(hours, 24) && number(minutes, 60))
}
