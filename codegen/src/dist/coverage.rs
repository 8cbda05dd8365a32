//! `coverage.md`: every operation and member with the word that tells where it is known from.
//!
//! A description says it in words: *observed*, *assumed* or *inferred*, *vendor's source*. A fact
//! without such a word is documented. The page is written for documents that use one of them.

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
    VendorSource,
    Observed,
    Inferred,
}

impl Mark {
    const ALL: [Self; 4] = [Self::Documented, Self::VendorSource, Self::Observed, Self::Inferred];

    /// The words that say so, in small letters.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Documented => &[],
            Self::VendorSource => &["vendor's own source", "vendor's source"],
            Self::Observed => &["observed"],
            Self::Inferred => &["assumed", "inferred"],
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::VendorSource => "vendor source",
            Self::Observed => "observed",
            Self::Inferred => "inferred",
        }
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
        let found = text.split_inclusive(". ").find_map(|sentence| {
            let small = sentence.to_lowercase();
            let said = |mark: &Mark| mark.words().iter().any(|word| small.contains(word));
            Mark::ALL.into_iter().find(said).map(|mark| (mark, sentence.trim().to_owned()))
        });
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
    for family in &outline.families {
        let facts: Vec<Fact> = family.operations.iter().flat_map(operation).collect();
        section(family.title, "operation", facts, &mut text, &mut all);
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

fn section(title: &str, what: &str, facts: Vec<Fact>, text: &mut String, all: &mut Vec<Mark>) {
    all.extend(facts.iter().map(|fact| fact.mark));
    let rows: Vec<Vec<String>> = facts.iter().map(Fact::row).collect();
    let table = table(&[what, "known from", "what is said of it"], &rows);
    text.push_str(&format!("\n## {}\n\n{table}", sentences(title)));
}

fn head(outline: &Outline<'_>, all: &[Mark]) -> String {
    let mut text = format!(
        "# Where each fact of the {} {} is known from\n\nMade from the descriptions: a fact is *documented* unless its description has another word. *Inferred* facts, also called assumed, are conclusions and no promises. A word may be about a part of a fact: the last column has its sentence.\n\n",
        sentences(outline.title),
        sentences(outline.version),
    );
    let counts = Mark::ALL.map(|mark| {
        let count = all.iter().filter(|known| **known == mark).count();
        vec![mark.name().to_owned(), count.to_string()]
    });
    text.push_str(&table(&["known from", "operations and members"], &counts));
    text
}

/// An operation, and those of its parts that are not documented.
fn operation(operation: &Operation<'_>) -> Vec<Fact> {
    let route = format!("{} {}", operation.method, operation.path);
    let mut own = Fact::of(code_cell(&route), operation.description);
    if operation.undocumented && own.mark == Mark::Documented {
        own.mark = Mark::Observed;
    }
    let parameters = operation.parameters.iter().map(|parameter| {
        let place = format!("{} of {}", code_cell(parameter.name), code_cell(&operation.id));
        Fact::of(place, parameter.description)
    });
    let answers = operation.answers.iter().map(|answer| {
        let place = format!("{} of {}", code_cell(answer.status), code_cell(&operation.id));
        Fact::of(place, Some(answer.description))
    });
    let parts = parameters.chain(answers).filter(|fact| fact.mark != Mark::Documented);
    std::iter::once(own).chain(parts.collect::<Vec<_>>()).collect()
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
