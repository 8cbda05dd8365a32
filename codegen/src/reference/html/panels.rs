//! The dark column: samples of calls and examples of bodies.

use super::Printer;
use super::escape::text;
use crate::reference::model::{Answer, Content, Example, Operation, Sample};

/// Samples, then what is sent besides, then what is answered.
pub(super) fn column(printer: &Printer<'_>, operation: &Operation) -> String {
    let mut html = String::new();
    if !operation.samples.is_empty() {
        let samples: String = operation.samples.iter().map(sample).collect();
        html.push_str(&format!("<div class=\"tabs\">\n{samples}</div>\n"));
    }
    let contents = operation.body.iter().flat_map(|body| &body.contents);
    let sent: Vec<&Example> = contents.flat_map(|content| &content.examples).collect();
    // The first is in the samples.
    for shown in sent.iter().skip(1) {
        html.push_str(&example(printer, shown, "Body"));
    }
    for answer in operation.answers.iter().filter(|answer| answer.success) {
        html.push_str(&answers(printer, answer));
    }
    html
}

/// The examples of an answer, each text once.
pub(super) fn answers(printer: &Printer<'_>, answer: &Answer) -> String {
    let mut seen: Vec<&str> = Vec::new();
    let mut html = String::new();
    for (content, shown) in answer.contents.iter().flat_map(of_content) {
        if !seen.contains(&shown.text.trim_matches('"')) {
            seen.push(shown.text.trim_matches('"'));
            html.push_str(&example(
                printer,
                shown,
                &format!("Answer {} · {}", answer.status, content.media_type),
            ));
        }
    }
    html
}

fn of_content(content: &Content) -> impl Iterator<Item = (&Content, &Example)> {
    content.examples.iter().map(move |example| (content, example))
}

fn sample(sample: &Sample) -> String {
    let language = sample.language;
    let code = match &sample.server {
        Some(range) => format!(
            "{}<span class=\"base\">{}</span>{}",
            text(&sample.text[..range.start]),
            text(&sample.text[range.clone()]),
            text(&sample.text[range.end..])
        ),
        None => text(&sample.text),
    };
    format!(
        "<div class=\"panel\" data-lang=\"{}\"><p class=\"title\">{}</p><pre tabindex=\"0\"><code>{code}</code></pre></div>\n",
        language.key(),
        language.title()
    )
}

/// A value with a title.
pub(super) fn example(printer: &Printer<'_>, example: &Example, place: &str) -> String {
    let title = match example.title.as_str() {
        "Example" => place.to_owned(),
        title => format!("{place} · {title}"),
    };
    let language = if example.json { " data-lang=\"json\"" } else { "" };
    format!(
        "<div class=\"panel\"{language}><p class=\"title\">{}</p><pre tabindex=\"0\"><code>{}</code></pre></div>\n",
        text(&title),
        text(&printer.bounded(&example.text))
    )
}
