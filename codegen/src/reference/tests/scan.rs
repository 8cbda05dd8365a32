//! Reads a page as strictly as no browser does: every tag is closed, every anchor is there once,
//! nothing is loaded and nothing runs.

use std::collections::{BTreeMap, BTreeSet};

/// Elements without an end.
const VOID: &[&str] = &["br", "hr", "input", "link", "meta", "wbr"];

/// Elements that a page has.
const KNOWN: &[&str] = &[
    "a",
    "article",
    "b",
    "blockquote",
    "body",
    "br",
    "button",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "input",
    "kbd",
    "label",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "script",
    "section",
    "select",
    "span",
    "strong",
    "style",
    "summary",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
    "wbr",
];

/// What a page is made of.
#[derive(Default)]
pub struct Scan {
    tags: Vec<(String, BTreeMap<String, String>)>,
    problems: Vec<String>,
}

impl Scan {
    pub fn of(page: &str) -> Self {
        let mut scan = Self::default();
        let mut open: Vec<String> = Vec::new();
        let mut rest = page;
        while let Some((text, after)) = rest.split_once('<') {
            if text.contains('>') && !open.iter().any(|tag| tag == "script" || tag == "style") {
                scan.problems.push(format!("a bare > in {text:?}"));
            }
            let Some((tag, end)) = after.split_once('>') else {
                scan.problems.push("a tag without an end".to_owned());
                break;
            };
            rest = end;
            if tag.starts_with('!') {
                continue;
            }
            match tag.strip_prefix('/') {
                Some(name) if open.last().is_some_and(|last| last == name) => {
                    open.pop();
                }
                Some(name) => scan.problems.push(format!("</{name}> closes {:?}", open.last())),
                None => {
                    let (name, attributes) = parts(tag);
                    if name == "script" || name == "style" {
                        let end = format!("</{name}>");
                        rest = rest.find(&end).map_or(rest, |at| &rest[at..]);
                    }
                    if !VOID.contains(&name.as_str()) {
                        open.push(name.clone());
                    }
                    scan.tags.push((name, attributes));
                }
            }
        }
        scan.problems.extend(open.iter().map(|tag| format!("<{tag}> is not closed")));
        scan
    }

    /// Everything that a page must not have.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = self.problems.clone();
        let mut ids = BTreeSet::new();
        for (_, attributes) in &self.tags {
            if let Some(id) = attributes.get("id").filter(|id| !ids.insert(id.as_str())) {
                problems.push(format!("{id} is given twice"));
            }
        }
        for (name, attributes) in &self.tags {
            if !KNOWN.contains(&name.as_str()) {
                problems.push(format!("<{name}>"));
            }
            for (key, value) in attributes {
                let bad = match key.as_str() {
                    "style" | "src" | "srcset" | "action" | "formaction" | "srcdoc" | "ping" => {
                        true
                    }
                    "href" if name == "a" => !is_good(value, &ids),
                    "href" => value != "data:,",
                    key => key.starts_with("on"),
                };
                if bad {
                    problems.push(format!("<{name} {key}={value:?}>"));
                }
            }
        }
        for (name, count) in [("script", 1), ("style", 1), ("title", 1)] {
            let found = self.tags.iter().filter(|(tag, _)| tag == name).count();
            if found != count {
                problems.push(format!("{found} times <{name}>"));
            }
        }
        problems
    }

    /// The texts of an attribute, wherever it stands.
    pub fn values(&self, key: &str) -> Vec<&str> {
        let values = self.tags.iter().filter_map(|(_, attributes)| attributes.get(key));
        values.map(String::as_str).collect()
    }
}

fn is_good(href: &str, ids: &BTreeSet<&str>) -> bool {
    match href.strip_prefix('#') {
        Some(anchor) => ids.contains(anchor),
        None => ["https://", "http://", "mailto:"].iter().any(|start| href.starts_with(start)),
    }
}

/// Name and attributes of a tag whose values are in double quotes.
fn parts(tag: &str) -> (String, BTreeMap<String, String>) {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    let mut attributes = BTreeMap::new();
    while !rest.is_empty() {
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let key = rest[..end].to_owned();
        let after = rest[end..].trim_start();
        match after.strip_prefix("=\"").and_then(|value| value.split_once('"')) {
            Some((value, after)) => {
                attributes.insert(key, unescaped(value));
                rest = after.trim_start();
            }
            None => {
                attributes.insert(key, String::new());
                rest = after;
            }
        }
    }
    (name.to_owned(), attributes)
}

/// Text of a page as a reader sees it, without tags.
pub fn unescaped(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        rest = after.split_once('>').map_or("", |(_, end)| end);
    }
    text.push_str(rest);
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    entities.iter().fold(text, |text, (entity, c)| text.replace(entity, c))
}
