//! One operation: what goes in, what comes back, and how it looks.

use serde_json::Value;

use super::links::Links;
use super::shapes::{bounds, kind, members};
use super::text::{cell, code_cell, fence, line, prose, table, value_cell};
use crate::dist::outline::{
    Answer, Body, Operation, Outline, Paging, Parameter, Retry, preferred, resolve, target,
};
use crate::dist::request;
use crate::dist::samples::{self, Way};
use crate::emit::docs::{code, sentence};

/// The section of an operation.
pub(super) fn section(
    outline: &Outline<'_>,
    operation: &Operation<'_>,
    links: &Links<'_>,
) -> String {
    let Operation { method, path, .. } = operation;
    let call = code(&format!("{method} {path}"));
    let title =
        operation.summary.map(|summary| format!("**{}** · ", line(summary).replace("**", "")));
    let mut out = format!("## {}\n\n{}{call}\n\n", line(&operation.id), title.unwrap_or_default());
    if operation.deprecated {
        out.push_str("**Deprecated.** Do not use it in new code.\n\n");
    }
    if operation.undocumented {
        out.push_str(
            "**Undocumented.** Seen in use, promised by nobody: it may vanish without notice.\n\n",
        );
    }
    if let Some(description) = operation.description {
        out.push_str(&prose(description));
        out.push('\n');
    }
    out.push_str(&facts(operation));
    let tree = outline.tree;
    if !operation.parameters.is_empty() {
        out.push_str("\n**Parameters**\n\n");
        out.push_str(&parameters(tree, &operation.parameters, links));
    }
    if let Some(body) = &operation.body {
        out.push_str(&self::body(tree, body, links));
    }
    out.push_str(&answers(tree, operation, links));
    out.push_str(&examples(outline, operation));
    out
}

/// Credential, server, repetition and paging, as a list.
fn facts(operation: &Operation<'_>) -> String {
    let alternatives: Vec<String> = operation
        .security
        .iter()
        .map(|needs| match needs.as_slice() {
            [] => "none".to_owned(),
            needs => needs.iter().map(|key| code(key)).collect::<Vec<_>>().join(" with "),
        })
        .collect();
    let credential =
        if alternatives.is_empty() { "none".to_owned() } else { alternatives.join(" or ") };
    let retry = match operation.retry {
        Retry::Safe => "safe, it changes nothing",
        Retry::Idempotent => "idempotent, twice has the effect of once",
        Retry::OnRefusal => {
            "only if it was refused or never left; after a broken connection it may have been executed"
        }
    };
    let mut out = format!("- Credential: {credential}\n- Sending it again: {retry}\n");
    if let Some(server) = &operation.server {
        out.push_str(&format!("- Served at {}\n", code(&server.url)));
    }
    if let Some(paging) = &operation.paging {
        out.push_str(&format!("- Paging: {}\n", self::paging(paging)));
    }
    out
}

fn paging(paging: &Paging<'_>) -> String {
    let mut text = format!(
        "items in {}; send {} of the answer back as {} until it is null, absent or empty",
        code(paging.items),
        code(paging.next),
        code(paging.cursor)
    );
    if let Some(limit) = paging.limit {
        text.push_str(&format!("; {} sets the size of a page", code(limit)));
        if let Some(max) = paging.max {
            text.push_str(&format!(", at most {max}"));
        }
    }
    text
}

fn parameters(tree: &Value, parameters: &[Parameter<'_>], links: &Links<'_>) -> String {
    let rows: Vec<Vec<String>> = parameters
        .iter()
        .map(|one| {
            let mut notes: Vec<String> = Vec::new();
            notes.extend(one.deprecated.then(|| "deprecated".to_owned()));
            notes.extend(one.schema.map(|schema| bounds(tree, schema)).into_iter().flatten());
            notes.extend(one.example.map(|example| format!("such as {}", value_cell(example))));
            let kind = one.schema.map_or("any".to_owned(), |schema| kind(tree, schema, links));
            vec![
                code_cell(one.name),
                one.place.to_owned(),
                kind,
                yes(one.required),
                joined(one.description, &notes),
            ]
        })
        .collect();
    table(&["name", "in", "type", "required", "description"], &rows)
}

fn yes(required: bool) -> String {
    if required { "yes" } else { "no" }.to_owned()
}

/// What the document says, then what its keywords say as a sentence of its own.
fn joined(about: Option<&str>, notes: &[String]) -> String {
    let notes = notes.join("; ");
    let about = about.map(cell).unwrap_or_default();
    let mut letters = notes.chars();
    let Some(first) = letters.next() else { return about };
    let end = if about.is_empty() || about.ends_with(['.', '!', '?', ':']) { "" } else { "." };
    let space = if about.is_empty() { "" } else { " " };
    format!("{about}{end}{space}{}{}.", first.to_uppercase(), letters.as_str())
}

fn body(tree: &Value, body: &Body<'_>, links: &Links<'_>) -> String {
    let types: Vec<String> = body.contents.iter().map(|content| code(content.media_type)).collect();
    let need = if body.required { "required" } else { "optional" };
    let about = body.description.map(|text| format!(". {}", line(text))).unwrap_or_default();
    let mut out = format!("\n**Body**: {}, {need}{about}\n", types.join(" or "));
    if let Some(schema) = preferred(&body.contents).and_then(|content| content.schema) {
        out.push('\n');
        out.push_str(&shape(tree, schema, links));
    }
    out
}

/// The members of an object as a table, anything else as a line.
pub(super) fn shape(tree: &Value, schema: &Value, links: &Links<'_>) -> String {
    let (members, more) = members(tree, schema);
    let rows: Vec<Vec<String>> = members
        .iter()
        .map(|member| {
            let own = about(tree, member.schema);
            let notes = bounds(tree, member.schema);
            let required = match (member.required, member.on_write) {
                (true, _) => "yes",
                (false, true) => "when writing",
                (false, false) => "no",
            };
            let kind = kind(tree, member.schema, links);
            vec![code_cell(&member.path), kind, required.to_owned(), joined(own, &notes)]
        })
        .collect();
    if rows.is_empty() {
        let notes = [vec![kind(tree, schema, links)], bounds(tree, schema)].concat();
        return format!("{}\n", notes.join("; "));
    }
    let mut out = table(&["member", "type", "required", "description"], &rows);
    if more > 0 {
        out.push_str(&format!("\n{more} more members are in the JSON Schema.\n"));
    }
    out
}

/// The description of a member, or how that of its type begins.
fn about<'a>(tree: &'a Value, schema: &'a Value) -> Option<&'a str> {
    let text = resolve(tree, schema).get("description")?.as_str()?;
    target(schema).map_or(Some(text), |_| text.split("\n\n").next())
}

fn answers(tree: &Value, operation: &Operation<'_>, links: &Links<'_>) -> String {
    let rows: Vec<Vec<String>> = operation
        .answers
        .iter()
        .map(|answer| {
            let about = if answer.is_success() {
                cell(answer.description)
            } else {
                super::text::pipes(&sentence(answer.description))
            };
            vec![cell(answer.status), about, content(tree, answer, links)]
        })
        .collect();
    let table = table(&["status", "meaning", "body"], &rows);
    if table.is_empty() { table } else { format!("\n**Answers**\n\n{table}") }
}

fn content(tree: &Value, answer: &Answer<'_>, links: &Links<'_>) -> String {
    if answer.says_nothing {
        return "says nothing; judge by the status".to_owned();
    }
    let mut parts: Vec<String> = answer
        .contents
        .iter()
        .map(|content| {
            let kind = content.schema.map(|schema| format!(": {}", kind(tree, schema, links)));
            code_cell(content.media_type) + &kind.unwrap_or_default()
        })
        .collect();
    if !answer.headers.is_empty() {
        let names: Vec<String> = answer.headers.iter().map(|one| code_cell(one.name)).collect();
        parts.push(format!("headers {}", names.join(", ")));
    }
    if parts.is_empty() { "none".to_owned() } else { parts.join("; ") }
}

/// A call as curl, and what the first success looks like.
fn examples(outline: &Outline<'_>, operation: &Operation<'_>) -> String {
    let curl = request::curl(outline, operation);
    let mut out = format!("\n**Example**\n\n{}", fence("sh", &curl));
    let success = operation.answers.iter().find(|answer| answer.is_success());
    let shown = success.filter(|answer| !answer.says_nothing).and_then(|answer| {
        let content = preferred(&answer.contents)?;
        let value = samples::content(outline.tree, content, Way::Back)?;
        Some((answer.status, content, value))
    });
    if let Some((status, content, value)) = shown {
        let language = if content.is_json() { "json" } else { "text" };
        let text = samples::text(content.media_type, &value);
        out.push_str(&format!("\nAnswer {}:\n\n{}", line(status), fence(language, &text)));
    }
    out
}
