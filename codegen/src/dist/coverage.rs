//! `coverage.md`: every operation, parameter and member with the word that tells where it is known
//! from.
//!
//! A description says it in words: see `Mark::words`. A fact without such a word is documented. The
//! page is written for documents that use one of them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::markdown::{cell, code_cell, members, table};
use super::outline::{Operation, Outline};
use crate::Files;
use crate::emit::docs::sentences;

/// Its path.
pub(super) const PATH: &str = "coverage.md";

/// Where a fact is known from, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Documented,
    /// Documented, but for a part that is not known at all.
    InPart,
    VendorSource,
    Observed,
    Inferred,
}

impl Mark {
    const ALL: [Self; 5] =
        [Self::Documented, Self::InPart, Self::VendorSource, Self::Observed, Self::Inferred];

    /// The words that say so, in small letters; `…` stands for any others.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Documented => &[],
            Self::InPart => &[
                "not documented",
                "undocumented",
                " no … is documented",
                " neither … is documented",
                " only … is documented",
            ],
            Self::VendorSource => &[
                "vendor's own source",
                "vendor's source",
                "vendor's own tool",
                "vendor's own tests",
            ],
            Self::Observed => {
                &["observed", "known from a", "known only from", "not confirmed", "seen in"]
            }
            Self::Inferred => &["assumed", "inferred"],
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::InPart => "documented in part",
            Self::VendorSource => "vendor source",
            Self::Observed => "observed",
            Self::Inferred => "inferred",
        }
    }

    /// What a sentence says; that something is missing counts where it says nothing else.
    fn of(sentence: &str) -> Option<Self> {
        let small = format!(" {}", sentence.to_lowercase());
        let holds = |word: &str| {
            let mut rest = small.as_str();
            word.split('…').all(|part| match rest.split_once(part) {
                Some((_, after)) => {
                    rest = after;
                    true
                }
                None => false,
            })
        };
        let said = |mark: &Self| mark.words().iter().any(|word| holds(word));
        let sources = [Self::VendorSource, Self::Observed, Self::Inferred, Self::InPart];
        sources.into_iter().find(said)
    }
}

/// A fact: where it stands, its mark, and the sentence that says so.
struct Fact {
    place: String,
    mark: Mark,
    said: String,
}

impl Fact {
    fn of(place: String, description: Option<&str>) -> Self {
        let text = sentences(description.unwrap_or_default());
        let marked = text.split_inclusive(". ").filter_map(|sentence| {
            Mark::of(sentence).map(|mark| (mark, sentence.trim().to_owned()))
        });
        let marked: Vec<(Mark, String)> = marked.collect();
        let source = marked.iter().find(|(mark, _)| *mark != Mark::InPart);
        let found = source.or_else(|| marked.first()).cloned();
        let (mark, said) = found.unwrap_or((Mark::Documented, String::new()));
        Self { place, mark, said }
    }

    fn row(&self) -> Vec<String> {
        vec![self.place.clone(), self.mark.name().to_owned(), cell(&self.said)]
    }
}

/// The page, if the document says of anything that it is not documented.
pub(super) fn files(outline: &Outline<'_>) -> Files {
    let mut all = Vec::new();
    let mut text = String::new();
    let parts = parts(outline);
    let shared = parts.iter().filter(|(_, operations)| operations.len() > 1);
    let shared = shared.map(|((name, said), operations)| {
        Fact::of(format!("{} of {} operations", code_cell(name), operations.len()), Some(said))
    });
    let shared: Vec<Fact> = shared.collect();
    for family in &outline.families {
        let facts = family.operations.iter().flat_map(|one| operation(one, &parts)).collect();
        section(family.title, "operation", facts, &mut text, &mut all);
    }
    if !shared.is_empty() {
        section("Of several operations", "parameter or answer", shared, &mut text, &mut all);
    }
    text.push_str("\n# Types\n");
    let schemas = outline.tree.pointer("/components/schemas").and_then(Value::as_object);
    for (name, schema) in schemas.into_iter().flatten() {
        section(name, "member", of_type(outline.tree, schema), &mut text, &mut all);
    }
    match all.iter().all(|mark| *mark == Mark::Documented) {
        true => Files::new(),
        false => Files::from([(PATH.to_owned(), head(outline, &all) + &text)]),
    }
}

/// Parameters, and answers that are not documented, by name and what is said of them: the
/// operations that have them.
type Parts<'a> = BTreeMap<(&'a str, String), Vec<&'a str>>;

fn parts<'a>(outline: &'a Outline<'_>) -> Parts<'a> {
    let mut parts = Parts::new();
    for operation in outline.operations() {
        let parameters = operation
            .parameters
            .iter()
            .map(|one| (one.name, one.description.unwrap_or_default().to_owned()));
        let answers = operation.answers.iter().filter_map(|one| {
            let fact = Fact::of(String::new(), Some(one.description));
            (fact.mark != Mark::Documented).then_some((one.status, fact.said))
        });
        for key in parameters.chain(answers) {
            let operations = parts.entry(key).or_default();
            // A name may be in two places of one call.
            if operations.last() != Some(&operation.id.as_str()) {
                operations.push(&operation.id);
            }
        }
    }
    parts
}

fn section(title: &str, what: &str, facts: Vec<Fact>, text: &mut String, all: &mut Vec<Mark>) {
    all.extend(facts.iter().map(|fact| fact.mark));
    let rows: Vec<Vec<String>> = facts.iter().map(Fact::row).collect();
    let table = table(&[what, "known from", "what is said of it"], &rows);
    text.push_str(&format!("\n## {}\n\n{table}", sentences(title)));
}

fn head(outline: &Outline<'_>, all: &[Mark]) -> String {
    let mut text = format!(
        "# Where each fact of the {} {} is known from\n\n{MARKS}",
        sentences(outline.title),
        sentences(outline.version),
    );
    let rows = Mark::ALL.map(|mark| {
        let count = all.iter().filter(|known| **known == mark).count();
        let words: Vec<String> =
            mark.words().iter().map(|word| format!("\"{}\"", word.trim())).collect();
        let words = if words.is_empty() { "none of these".to_owned() } else { words.join(", ") };
        vec![mark.name().to_owned(), words, count.to_string()]
    });
    text.push_str(&table(&["known from", "words of the description", "facts"], &rows));
    text
}

/// How the page comes about.
const MARKS: &str = "\
The marks are read from the descriptions, by the words below. The first sentence with a
word for a source decides; *documented in part* is what only says that something is missing. Without such a word a fact
counts as *documented*, also where the description is silent. *Inferred* facts, also called assumed, are conclusions and
no promises. A word may be about a part of a fact: the last column has its sentence. Operations that are marked as
undocumented and tell of no source count as observed. Parameters have a row each; of answers only those do that are not
documented as a whole.

";

/// An operation, and those of its parts that it has alone.
fn operation(operation: &Operation<'_>, parts: &Parts<'_>) -> Vec<Fact> {
    let route = format!("{} {}", operation.method, operation.path);
    let mut own = Fact::of(code_cell(&route), operation.description);
    if operation.undocumented && own.mark <= Mark::InPart {
        own.mark = Mark::Observed;
    }
    let alone = parts.iter().filter(|(_, all)| **all == [operation.id.as_str()]);
    let alone = alone.map(|((name, said), _)| {
        let place = format!("{} of {}", code_cell(name), code_cell(&operation.id));
        Fact::of(place, Some(said))
    });
    std::iter::once(own).chain(alone).collect()
}

/// A type and each of its members.
fn of_type(tree: &Value, schema: &Value) -> Vec<Fact> {
    let description =
        |schema: &Value| schema.get("description").and_then(Value::as_str).map(str::to_owned);
    let own = Fact::of("the type".to_owned(), description(schema).as_deref());
    let members = members(tree, schema).0;
    let members = members
        .iter()
        .map(|member| Fact::of(code_cell(&member.path), description(member.schema).as_deref()));
    std::iter::once(own).chain(members).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn page(tree: &Value) -> Option<String> {
        files(&Outline::of(tree)).remove(PATH)
    }

    #[test]
    fn each_fact_has_the_mark_that_its_description_tells() {
        let tree = json!({
            "openapi": "3.0.3",
            "info": { "title": "Kites", "version": "1" },
            "paths": { "/kites": { "get": {
                "operationId": "listKites",
                "tags": ["kites"],
                "description": "All kites.",
                "parameters": [{ "name": "color", "in": "query", "description": "A color. Case does not matter (observed | once).", "schema": { "type": "string" } }, { "name": "limit", "in": "query", "description": "Most kites. The default is not documented." }, { "name": "wind", "in": "query" }, { "name": "wind", "in": "header" }, { "name": "id", "in": "query", "description": "Its id." }],
                "responses": { "200": { "description": "Kites." }, "404": { "description": "None (assumed)." }, "429": { "description": "Wait. Of headers, no name of one is documented." } }
            }, "delete": {
                "operationId": "dropKites",
                "tags": ["kites"],
                "x-undocumented": true,
                "parameters": [{ "name": "id", "in": "query", "description": "Its id." }],
                "responses": { "404": { "description": "None (assumed)." } }
            } } },
            "components": { "schemas": { "Kite": {
                "type": "object",
                "properties": {
                    "id": { "type": "string", "description": "Its name." },
                    "wind": { "type": "object", "description": "Known only from the vendor's source code.", "properties": { "speed": { "type": "number", "description": "In knots; inferred." } } }
                }
            } } }
        });
        let page = page(&tree).expect("not all is documented");
        for row in [
            "| `GET /kites` | documented |  |",
            "| `color` of `listKites` | observed | Case does not matter (observed \\| once). |",
            "| `limit` of `listKites` | documented in part | The default is not documented. |",
            "| `wind` of `listKites` | documented |  |",
            "| `id` of 2 operations | documented |  |",
            "| `429` of `listKites` | documented in part | Of headers, no name of one is documented. |",
            "| `DELETE /kites` | observed |  |",
            "| `404` of 2 operations | inferred | None (assumed). |",
            "| `id` | documented |  |",
            "| `wind` | vendor source | Known only from the vendor's source code. |",
            "| `wind.speed` | inferred | In knots; inferred. |",
            "| inferred | \"assumed\", \"inferred\" | 2 |",
            "| documented | none of these | 5 |",
        ] {
            assert!(page.contains(row), "{row}\n{page}");
        }
    }

    #[test]
    fn words_of_a_sentence_tell_the_source() {
        let cases = [
            ("Known only from the vendor's source code.", Mark::VendorSource),
            ("The vendor's own tool picks `id`.", Mark::VendorSource),
            ("Ended; known only from an early client.", Mark::Observed),
            ("Older name, seen in kites of 2024.", Mark::Observed),
            ("Names are not confirmed: they are known from a client.", Mark::Observed),
            ("Only the status is documented; `OK` was observed.", Mark::Observed),
            ("The body is not documented. No name works (assumed).", Mark::Inferred),
            ("Only the status is documented.", Mark::InPart),
            ("What is known is documented.", Mark::Documented),
            ("Counts who has seen the kite.", Mark::Documented),
        ];
        for (text, mark) in cases {
            assert_eq!(Fact::of(String::new(), Some(text)).mark, mark, "{text}");
        }
    }

    #[test]
    fn document_that_tells_of_no_source_has_no_page() {
        let tree = json!({ "openapi": "3.0.3", "info": { "title": "Kites", "version": "1" }, "paths": {} });
        assert_eq!(page(&tree), None);
    }
}
