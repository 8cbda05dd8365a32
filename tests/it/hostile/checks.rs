//! What must hold for any text whatever. Shared with the targets in `fuzz/`.

use codegen::load::{self, Document};
use codegen::source::{Children, Node, SourceMap, Span};
use codegen::{Config, Files, compile_document, reference};
use serde_json::Value;

/// The part of a client that is the same in all.
const RUNTIME: &str = "src/runtime/";
/// Longest name of a file that every usual system takes.
const MAX_NAME: usize = 255;

/// Compiles a text as a document and looks at all that comes out.
pub fn pipeline(name: &str, text: &str) {
    let document = match load::load_text(name, text) {
        Ok(document) => document,
        Err(problems) => {
            assert!(problems.has_errors(), "a text is refused without a word");
            let _ = format!("{problems}{problems:#}");
            return;
        }
    };
    let config = Config::new("made", name);
    match compile_document(&document, &config) {
        Ok(output) => {
            let _ = format!("{}{:#}", output.warnings, output.warnings);
            files(&output.files);
            files(&output.server);
            let _ = reference::page(&document.tree, &output.api, &config, &[]);
        }
        Err(problems) => {
            assert!(problems.has_errors(), "a document is refused without a word");
            let _ = format!("{problems}{problems:#}");
        }
    }
}

/// Every file stays below its folder, and what is called Rust is Rust.
fn files(files: &Files) {
    for (path, text) in files {
        for segment in path.split('/') {
            let is_plain = segment
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
            assert!(
                is_plain && !matches!(segment, "" | "." | "..") && segment.len() <= MAX_NAME,
                "a file is called {path:?}"
            );
        }
        if path.ends_with(".rs")
            && !path.starts_with(RUNTIME)
            && let Err(error) = syn::parse_file(text)
        {
            panic!("{path} is not Rust: {error}\n{text}");
        }
    }
}

/// Reads a text and compares the places of its values with what stands there.
pub fn places(name: &str, text: &str) {
    let Ok(document) = load::load_text(name, text) else { return };
    let root = document.source.root();
    within(root, document.source.bytes());
    // Where things were moved, or came through an alias, a key may be written otherwise.
    if document.as_written {
        keys(&document, root, &document.tree);
    }
}

fn within(node: &Node, bytes: usize) {
    let inside = |span: Span| span.start <= span.end && span.end as usize <= bytes;
    assert!(inside(node.value), "{:?} of {bytes} bytes", node.value);
    assert!(node.key.is_none_or(inside), "{:?} of {bytes} bytes", node.key);
    match &node.children {
        Children::None => {}
        Children::List(items) => items.iter().for_each(|item| within(item, bytes)),
        Children::Map(members) => members.values().for_each(|member| within(member, bytes)),
    }
}

fn keys(document: &Document, node: &Node, value: &Value) {
    match (&node.children, value) {
        (Children::Map(nodes), Value::Object(members)) => {
            let (known, given): (Vec<_>, Vec<_>) =
                (nodes.keys().collect(), members.keys().collect());
            assert_eq!(known, given, "the members have other places");
            for (key, value) in members {
                let node = &nodes[key];
                let span = node.key.expect("a member has a key");
                reads_back(&document.source, span, key);
                keys(document, node, value);
            }
        }
        (Children::List(nodes), Value::Array(items)) => {
            assert_eq!(nodes.len(), items.len(), "the items have other places");
            nodes.iter().zip(items).for_each(|(node, value)| keys(document, node, value));
        }
        _ => {}
    }
}

/// The text of the key, read alone, is the key.
fn reads_back(source: &SourceMap, span: Span, key: &str) {
    let piece = source.piece(span);
    let place = source.place_of(span).expect("there is text");
    assert_eq!(source.position(span.start as usize), place);
    // Anchors, aliases and merges stand for other text; a key of several lines needs its
    // indentation.
    if piece == "<<" || piece.starts_with(['*', '&', '!', '?']) || piece.contains(['\n', '\r']) {
        return;
    }
    let alone = load::load_text("key.yaml", &format!("{piece}: 1"));
    let read = alone.ok().and_then(|alone| alone.tree.as_object()?.keys().next().cloned());
    assert_eq!(read.as_deref(), Some(key), "{piece:?} at {place:?}");
}
