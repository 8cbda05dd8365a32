//! Schemas: rows of members, and what can be unfolded below them.

use super::Printer;
use super::escape::text;
use super::panels;
use crate::reference::model::{Component, Member, Need, Schema, Values, Word};

/// All schemas of `components`.
pub(super) fn chapter(printer: &Printer<'_>) -> String {
    let schemas = &printer.page.schemas;
    if schemas.is_empty() {
        return String::new();
    }
    let sections: String = schemas.iter().map(|component| section(printer, component)).collect();
    format!("<section class=\"chapter\" id=\"schemas\">\n<h2>Schemas</h2>\n</section>\n{sections}")
}

fn section(printer: &Printer<'_>, component: &Component) -> String {
    let schema = &component.schema;
    let example = component.example.as_ref();
    let panel =
        example.map(|example| panels::example(printer, example, "Example")).unwrap_or_default();
    format!(
        "<section class=\"entry schema\" id=\"{anchor}\">\n<div class=\"doc\">\n<h3>{}{}</h3>\n\
         <p class=\"line\"><span class=\"type\">{}</span>{}</p>\n{}{}<div class=\"parts\">{}</div>\n</div>\n<div class=\"code\"><div class=\"stick\">{panel}</div></div>\n</section>\n",
        text(&component.name),
        self_link(&component.anchor),
        label(printer, &schema.label),
        marks(schema),
        printer.prose(schema.description.as_deref(), 4),
        details(printer, schema),
        parts(printer, schema, Some(&component.anchor)),
        anchor = component.anchor,
    )
}

/// A link of a section to itself.
pub(super) fn self_link(anchor: &str) -> String {
    format!(" <a class=\"self\" href=\"#{anchor}\" aria-label=\"Link to this section\">#</a>")
}

/// The name of a type with links.
pub(super) fn label(printer: &Printer<'_>, words: &[Word]) -> String {
    let word = |word: &Word| match word {
        Word::Text(word) => text(word),
        Word::Named(name) => match printer.components.get(name.as_str()) {
            Some(component) => format!("<a href=\"#{}\">{}</a>", component.anchor, text(name)),
            None => text(name),
        },
    };
    words.iter().map(word).collect()
}

fn marks(schema: &Schema) -> String {
    let marks = [
        (schema.deprecated, "deprecated", "warn"),
        (schema.read_only, "only in answers", "mark"),
        (schema.write_only, "only in requests", "mark"),
    ];
    let shown = marks.iter().filter(|(is, ..)| *is);
    shown.map(|(_, word, class)| format!(" <span class=\"{class}\">{word}</span>")).collect()
}

/// Bounds and known values.
fn details(printer: &Printer<'_>, schema: &Schema) -> String {
    let mut html = String::new();
    if !schema.facts.is_empty() {
        let facts: String =
            schema.facts.iter().map(|fact| format!("<li>{}</li>", printer.line(fact))).collect();
        html.push_str(&format!("<ul class=\"bounds\">{facts}</ul>\n"));
    }
    if let Some(Values { open, values }) = &schema.values {
        let word = if *open { "Known values, others may come" } else { "Values" };
        let values: Vec<String> =
            values.iter().map(|value| format!("<code>{}</code>", text(value))).collect();
        html.push_str(&format!("<p class=\"values\">{word}: {}</p>\n", values.join(" ")));
    }
    html
}

/// A schema as a row without a name: what it is, and what is below it.
pub(super) fn row(printer: &Printer<'_>, schema: &Schema) -> String {
    named_row(printer, schema, "", "")
}

/// A schema as a row: `before` and `after` are the HTML around its type.
pub(super) fn named_row(
    printer: &Printer<'_>,
    schema: &Schema,
    before: &str,
    after: &str,
) -> String {
    format!(
        "<p class=\"line\">{before}<span class=\"type\">{}</span>{after}{}</p>\n{}{}{}",
        label(printer, &schema.label),
        marks(schema),
        printer.prose(schema.description.as_deref(), 6),
        details(printer, schema),
        nested(printer, schema)
    )
}

/// The name of a member or a parameter, before its type.
pub(super) fn name(name: &str) -> String {
    format!("<code class=\"name\">{}</code> ", text(name))
}

/// Members and lists of a schema, unfolded; members of a component get places of their own.
pub(super) fn parts(printer: &Printer<'_>, schema: &Schema, anchor: Option<&str>) -> String {
    let mut html = String::new();
    if !schema.parts.members.is_empty() {
        let rows = schema.parts.members.iter().enumerate().map(|(index, row)| {
            // No other anchor has two dashes in a row.
            let id = anchor.map(|anchor| format!("{anchor}--{index}"));
            member(printer, row, id.as_deref())
        });
        html.push_str(&format!("<ul class=\"members\">\n{}</ul>\n", rows.collect::<String>()));
    }
    for (heading, schemas) in &schema.parts.lists {
        let rows: String =
            schemas.iter().map(|schema| format!("<li>{}</li>\n", row(printer, schema))).collect();
        html.push_str(&format!(
            "<p class=\"of\">{heading}</p>\n<ul class=\"members\">\n{rows}</ul>\n"
        ));
    }
    html
}

fn member(printer: &Printer<'_>, member: &Member, id: Option<&str>) -> String {
    let need = match member.need {
        Need::Required => " <span class=\"need\">required</span>",
        Need::RequiredInRequests => " <span class=\"need\">required in requests</span>",
        Need::Optional => "",
    };
    let id = id.map(|id| format!(" id=\"{id}\"")).unwrap_or_default();
    let row = named_row(printer, &member.schema, &name(&member.name), need);
    format!("<li{id}>{row}</li>\n")
}

/// What a row unfolds: its own parts, or those of the schemas that it names.
pub(super) fn nested(printer: &Printer<'_>, schema: &Schema) -> String {
    if !schema.parts.is_empty() {
        let word = if schema.parts.members.is_empty() { "Details" } else { "Members" };
        let inside = parts(printer, schema, None);
        return format!("<details class=\"nest\"><summary>{word}</summary>\n{inside}</details>\n");
    }
    let named = names(printer, schema).filter(|component| !component.schema.parts.is_empty());
    named.map(folded).collect()
}

/// A schema that is copied here when it is opened, and linked where there is no script.
fn folded(component: &Component) -> String {
    let (anchor, name) = (&component.anchor, text(&component.name));
    format!(
        "<details class=\"nest\" data-of=\"{anchor}\"><summary>Members of {name}</summary>\n<p><a href=\"#{anchor}\">See {name}</a></p></details>\n"
    )
}

fn names<'a>(printer: &'a Printer<'_>, schema: &'a Schema) -> impl Iterator<Item = &'a Component> {
    schema.label.iter().filter_map(|word| match word {
        Word::Named(name) => printer.components.get(name.as_str()).copied(),
        Word::Text(_) => None,
    })
}

/// The schema of a body: what it names is unfolded one step, while the page is not too long.
pub(super) fn body(printer: &Printer<'_>, schema: &Schema) -> String {
    let named = names(printer, schema).next().filter(|_| schema.parts.is_empty());
    let whole = named.map_or(schema, |component| &component.schema);
    let rows = whole.parts.members.len()
        + whole.parts.lists.iter().map(|(_, schemas)| schemas.len()).sum::<usize>();
    if rows == 0 || rows > printer.rows.get() {
        return row(printer, schema);
    }
    printer.rows.set(printer.rows.get() - rows);
    format!(
        "<p class=\"line\"><span class=\"type\">{}</span>{}</p>\n{}{}{}",
        label(printer, &schema.label),
        marks(schema),
        printer.prose(schema.description.as_deref().or(whole.description.as_deref()), 6),
        details(printer, schema),
        parts(printer, whole, None)
    )
}
