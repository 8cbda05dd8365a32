//! Groups and operations.

use super::escape::text;
use super::{Printer, nav, panels, schema};
use crate::reference::model::{Answer, Body, Content, Group, Operation, Parameter};

pub(super) fn group(printer: &Printer<'_>, group: &Group) -> String {
    let operations: String =
        group.operations.iter().map(|operation| section(printer, operation)).collect();
    format!(
        "<section class=\"chapter\" id=\"{anchor}\">\n<h2>{}{}</h2>\n{}</section>\n{operations}",
        text(&group.title),
        schema::self_link(&group.anchor),
        printer.prose(group.description.as_deref(), 3),
        anchor = group.anchor,
    )
}

fn section(printer: &Printer<'_>, operation: &Operation) -> String {
    format!(
        "<section class=\"entry op\" id=\"{anchor}\">\n<div class=\"doc\">\n<h3>{}{}</h3>\n{}{}{}{}{}{}{}</div>\n<div class=\"code\"><div class=\"stick\">\n{}</div></div>\n</section>\n",
        text(&operation.title),
        schema::self_link(&operation.anchor),
        address(operation),
        warnings(operation),
        printer.prose(operation.description.as_deref(), 4),
        facts(printer, operation),
        parameters(printer, &operation.parameters),
        operation.body.as_ref().map(|sent| body(printer, sent)).unwrap_or_default(),
        answers(printer, &operation.answers),
        panels::column(printer, operation),
        anchor = operation.anchor,
    )
}

/// Method, path and id.
fn address(operation: &Operation) -> String {
    let id = operation.id.as_ref().map(|id| format!(" <span class=\"id\">{}</span>", text(id)));
    format!(
        "<p class=\"address\">{} <code>{}</code>{}</p>\n",
        nav::method(&operation.method, &operation.method),
        path(&operation.path),
        id.unwrap_or_default()
    )
}

/// The path with its parameters set apart, and places where it may be broken.
fn path(path: &str) -> String {
    let path = text(path).replace('{', "<i>{").replace('}', "}</i>");
    let balanced = path.matches("<i>").count() == path.matches("</i>").count();
    let path = if balanced { path } else { path.replace("<i>", "").replace("</i>", "") };
    // A tag that ends is no place to break.
    path.replace('/', "/<wbr>").replace("</<wbr>i>", "</i>")
}

fn warnings(operation: &Operation) -> String {
    let mut html = String::new();
    if operation.deprecated {
        html.push_str("<p class=\"note warn\">Deprecated: do not use it in new code.</p>\n");
    }
    if operation.undocumented {
        html.push_str(
            "<p class=\"note warn\">Undocumented: seen in use, promised by nobody; it may vanish without notice.</p>\n",
        );
    }
    html
}

fn facts(printer: &Printer<'_>, operation: &Operation) -> String {
    let rows: String = operation
        .facts
        .iter()
        .map(|(word, sentence)| {
            format!("<div><dt>{}</dt><dd>{}</dd></div>", text(word), printer.line(sentence))
        })
        .collect();
    format!("<dl class=\"facts\">{rows}</dl>\n")
}

fn parameters(printer: &Printer<'_>, parameters: &[Parameter]) -> String {
    if parameters.is_empty() {
        return String::new();
    }
    let rows: String = parameters.iter().map(|row| parameter(printer, row)).collect();
    format!("<h4>Parameters</h4>\n<ul class=\"members\">\n{rows}</ul>\n")
}

fn parameter(printer: &Printer<'_>, row: &Parameter) -> String {
    let mut marks = String::new();
    if !row.place.is_empty() {
        marks.push_str(&format!(" <span class=\"mark\">{}</span>", text(&row.place)));
    }
    if row.required {
        marks.push_str(" <span class=\"need\">required</span>");
    }
    if row.deprecated {
        marks.push_str(" <span class=\"warn\">deprecated</span>");
    }
    let style = row.style.as_ref().map(|style| printer.line(style));
    let style = style.map(|style| format!("<p class=\"values\">{style}</p>\n")).unwrap_or_default();
    let row_of = schema::named_row(printer, &row.schema, &schema::name(&row.name), &marks);
    format!("<li>{row_of}{style}</li>\n")
}

fn body(printer: &Printer<'_>, body: &Body) -> String {
    let need = if body.required { " <span class=\"need\">required</span>" } else { "" };
    format!(
        "<h4>Body{need}</h4>\n{}{}",
        printer.prose(body.description.as_deref(), 5),
        contents(printer, &body.contents)
    )
}

/// Media types with what they hold; equal ones stand together.
fn contents(printer: &Printer<'_>, contents: &[Content]) -> String {
    contents
        .iter()
        .map(|content| {
            let inside = content.schema.as_ref().map(|inside| schema::body(printer, inside));
            format!(
                "<div class=\"media\"><p class=\"of\"><code>{}</code></p>\n{}</div>\n",
                text(&content.media_type),
                inside.unwrap_or_default()
            )
        })
        .collect()
}

fn answers(printer: &Printer<'_>, answers: &[Answer]) -> String {
    if answers.is_empty() {
        return String::new();
    }
    let rows: String = answers.iter().map(|row| answer(printer, row)).collect();
    format!("<h4>Answers</h4>\n<div class=\"answers\">\n{rows}</div>\n")
}

fn answer(printer: &Printer<'_>, answer: &Answer) -> String {
    let class = if answer.success { "good" } else { "bad" };
    let open = if answer.success { " open" } else { "" };
    let headers = match answer.headers.is_empty() {
        true => String::new(),
        false => {
            let rows: String = answer.headers.iter().map(|row| parameter(printer, row)).collect();
            format!("<p class=\"of\">Headers</p>\n<ul class=\"members\">\n{rows}</ul>\n")
        }
    };
    let examples = if answer.success { String::new() } else { panels::answers(printer, answer) };
    format!(
        "<details class=\"answer\"{open}><summary><b class=\"{class}\">{}</b> <span>{}</span></summary>\n{}{headers}{}{examples}</details>\n",
        text(&answer.status),
        summary(answer),
        printer.prose(Some(answer.description.as_str()), 5),
        contents(printer, &answer.contents)
    )
}

/// What the status is about, in a few words.
fn summary(answer: &Answer) -> String {
    let word = match answer.status.as_str() {
        "200" => "OK",
        "201" => "Created",
        "202" => "Accepted",
        "204" => "No content",
        "400" => "Bad request",
        "401" => "Unauthorized",
        "403" => "Forbidden",
        "404" => "Not found",
        "405" => "Method not allowed",
        "409" => "Conflict",
        "413" => "Content too large",
        "415" => "Unsupported media type",
        "422" => "Unprocessable content",
        "429" => "Too many requests",
        "default" => "Any other status",
        status if status.starts_with('2') => "Success",
        status if status.starts_with('3') => "Redirect",
        status if status.starts_with('4') => "Refused",
        status if status.starts_with('5') => "Failure of the service",
        _ => "Answer",
    };
    word.to_owned()
}
