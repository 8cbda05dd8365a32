//! Text to [`Document`]: the only code that reads the disk.
//!
//! What makes the text unreadable stops here. What can be read but not trusted, such as a key that
//! is given twice, is kept in the document and reported by `check` together with everything else.

mod bundle;
mod cursor;
mod files;
mod json;
mod scalar;
mod tree;
mod yaml;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::diagnostic::{Collector, Diagnostics, Severity};
use crate::source::{SourceMap, Span};

/// Most bytes that are read, of all files together.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// A document as it is written.
#[derive(Debug)]
pub struct Document {
    /// The values, members in document order.
    pub tree: Value,
    /// The places of the values.
    pub source: SourceMap,
    /// What is wrong with the text although it could be read.
    pub problems: Vec<Problem>,
    /// The file, if the text came from one.
    pub path: Option<PathBuf>,
    /// Whether the tree is what the text of the one file says; false where other files were taken
    /// in or another version of the standard was translated.
    pub as_written: bool,
    /// Where references begin whose failure is among the problems already.
    pub failed: BTreeSet<u32>,
}

/// A problem of the text, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Whether the text can be used in spite of it.
    pub severity: Severity,
    /// Code of the diagnostic.
    pub code: &'static str,
    /// Where it is in the tree, as far as that is known.
    pub pointer: String,
    /// Where it is in the text.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl Problem {
    /// Adds the problem to the others of the run.
    pub fn report(&self, problems: &mut Collector) {
        problems.at(
            self.severity,
            self.code,
            &self.pointer,
            self.span,
            self.message.as_str(),
            self.help.as_str(),
        );
    }
}

/// Reads a document from a file, and the files that it refers to from that file's folder.
///
/// # Errors
///
/// The file cannot be read, or its text is neither YAML nor JSON.
pub fn load(path: &Path) -> Result<Document, Diagnostics> {
    load_within(path, None)
}

/// Reads a document from a file; the files that it refers to may be anywhere in `folder` too.
///
/// # Errors
///
/// The file cannot be read, or its text is neither YAML nor JSON. What is wrong with the files that
/// it refers to is a problem of the document.
pub fn load_within(path: &Path, folder: Option<&Path>) -> Result<Document, Diagnostics> {
    let name = path.to_string_lossy().replace('\\', "/");
    let text = files::read(path, MAX_BYTES).and_then(files::decode);
    let text = text.map_err(|(message, help)| {
        let mut problems = Collector::default();
        problems.error("unreadable-file", "", format!("cannot read `{name}`: {message}"), help);
        problems.finish(&SourceMap::new(&name, ""))
    })?;
    if let Some(folder) = folder.filter(|folder| !files::holds(folder, path)) {
        let mut problems = Collector::default();
        let message = format!("`{}` is no folder that holds `{name}`", folder.display());
        problems.error("wrong-root", "", message, "name a folder that the document is in");
        return Err(problems.finish(&SourceMap::new(&name, "")));
    }
    let document = Document { path: Some(path.to_owned()), ..read_text(&name, &text)? };
    let disk = files::Disk::new(path, &name, folder);
    Ok(bundle::whole(document, disk))
}

/// Reads a document from memory, where there are no other files; `name` stands for the file in
/// messages.
///
/// # Errors
///
/// The text is neither YAML nor JSON.
pub fn load_text(name: &str, text: &str) -> Result<Document, Diagnostics> {
    Ok(bundle::whole(read_text(name, text)?, None))
}

fn read_text(name: &str, text: &str) -> Result<Document, Diagnostics> {
    let source = SourceMap::new(name, text.strip_prefix('\u{feff}').unwrap_or(text));
    match parse(&source).and_then(tree::object) {
        Ok((tree, root, problems)) => {
            let source = source.with_root(root);
            let failed = BTreeSet::new();
            Ok(Document { tree, source, problems, path: None, as_written: true, failed })
        }
        Err(problem) => {
            let mut problems = Collector::default();
            problem.report(&mut problems);
            Err(problems.finish(&source))
        }
    }
}

fn parse(source: &SourceMap) -> Result<tree::Built, Problem> {
    let text = source.text();
    if text.len() as u64 > MAX_BYTES {
        return Err(tree::stop(
            "syntax",
            Span::default(),
            format!("the text is larger than {} MiB", MAX_BYTES >> 20),
            "split the document",
        ));
    }
    if !text.trim_start().starts_with('{') {
        return yaml::parse(source);
    }
    // A brace may also begin YAML in flow style, which a file with a name of YAML is entitled to.
    let is_yaml =
        [".yaml", ".yml"].iter().any(|end| source.name().to_ascii_lowercase().ends_with(end));
    json::parse(source).or_else(|problem| {
        if is_yaml { yaml::parse(source).map_err(|_| problem) } else { Err(problem) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(text: &str) -> String {
        load_text("a.yaml", text).err().map(|problems| problems.to_string()).unwrap_or_default()
    }

    #[test]
    fn files_that_cannot_be_read_say_why() {
        let folder = std::env::temp_dir().join(format!("codegen-load-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        let cases: [(&str, Option<&[u8]>, &str); 5] = [
            ("missing.yaml", None, "cannot read"),
            ("", None, "it is a directory"),
            ("latin1.yaml", Some(b"a: 1\nb: \xe4"), "wrong byte at line 2, column 4"),
            ("utf16.yaml", Some(b"\xff\xfea\0"), "UTF-16"),
            ("empty.yaml", Some(b"\n"), "[empty-document]"),
        ];
        for (name, bytes, expected) in cases {
            let path = folder.join(name);
            if let Some(bytes) = bytes {
                std::fs::write(&path, bytes).expect("the temporary folder can be written");
            }
            let shown = load(&path).err().map(|problems| problems.to_string()).unwrap_or_default();
            assert!(shown.contains(expected) && shown.starts_with("error["), "{name}: {shown}");
        }
        std::fs::remove_dir_all(&folder).ok();
    }

    #[test]
    fn a_byte_order_mark_counts_for_nothing() {
        for text in ["\u{feff}{\"a\": 1}", "\u{feff}a: 1"] {
            let document = load_text("x", text).expect("good text");
            assert_eq!(document.tree, serde_json::json!({"a": 1}));
            assert_eq!(document.source.place("/a").line, 1);
            assert!(document.source.place("/a").column <= 2);
        }
    }

    #[test]
    fn flow_style_at_the_top_is_yaml_only_by_name() {
        assert!(load_text("a.yaml", "{openapi: 3.0.3}").is_ok());
        assert!(load_text("a.json", "{openapi: 3.0.3}").is_err());
        assert!(failure("{\"a\": 1,, }").contains("[syntax]"));
    }
}
