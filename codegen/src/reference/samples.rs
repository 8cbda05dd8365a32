//! A call in four languages, each with its own quoting, so that a value stays a value.

mod curl;
mod python;
mod typescript;

use std::ops::Range;

use super::call::{Call, Payload};
use super::model::{Language, Sample, Server};
use super::read::Source;

/// The samples of a call; Rust where the generated client has it.
pub(super) fn all(source: &Source<'_>, call: &Call, rust: Option<&str>) -> Vec<Sample> {
    let Some(server) = source.servers.first() else { return Vec::new() };
    let sample = |language| {
        Some(match language {
            Language::Curl => curl::text(call, server).into_sample(language),
            Language::Rust => rust_sample(rust?),
            Language::TypeScript => typescript::text(call, server).into_sample(language),
            Language::Python => python::text(call, server).into_sample(language),
        })
    };
    Language::ALL.into_iter().filter_map(sample).collect()
}

/// What stands for the server in samples of a language.
pub(super) fn server(language: Language, server: &Server) -> String {
    match language {
        Language::Curl => curl::inside(&server.url),
        Language::Rust => server.rust.clone(),
        Language::TypeScript | Language::Python => inside(&server.url),
    }
}

/// The region in Rust is the last name in the argument of the builder.
fn rust_sample(text: &str) -> Sample {
    const SETTER: &str = ".region(";
    let server = text.find(SETTER).and_then(|at| {
        let start = at + SETTER.len();
        let end = start + text[start..].find(')')?;
        Some(text[start..end].rfind("::")? + start + 2..end)
    });
    Sample { language: Language::Rust, text: text.to_owned(), server }
}

/// Text under construction that knows where it names the server.
#[derive(Default)]
struct Writer {
    text: String,
    server: Option<Range<usize>>,
}

impl Writer {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn push_server(&mut self, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.server = Some(start..self.text.len());
    }

    fn into_sample(self, language: Language) -> Sample {
        Sample { language, text: self.text, server: self.server }
    }
}

/// `text` between quotes of JSON, TypeScript and Python alike.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// `text` as it stands between such quotes.
fn inside(text: &str) -> String {
    let quoted = quoted(text);
    quoted[1..quoted.len() - 1].to_owned()
}

/// All lines but the first moved to the right.
fn indented(text: &str, columns: usize) -> String {
    text.replace('\n', &format!("\n{}", " ".repeat(columns)))
}

/// The media type that a header must name: that of a body that is no form.
fn content_type(call: &Call) -> Option<&str> {
    match call.payload.as_ref()? {
        Payload::Json { media_type, .. }
        | Payload::Text { media_type, .. }
        | Payload::Bytes { media_type } => Some(media_type),
        Payload::Form(_) | Payload::Multipart(_) => None,
    }
}

/// What separates the next parameter from the address.
fn separator(call: &Call) -> &'static str {
    if call.target.contains('?') { "&" } else { "?" }
}
