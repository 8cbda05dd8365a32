//! The reference page of our document: whole, at rest, and with samples that its languages take.

mod samples;
mod tags;

use codegen::load;

use crate::folder::root;
use tags::{attribute, tags};

/// Bytes that the page may have; it is opened on phones.
const MAX_BYTES: usize = 1_500_000;

/// The page and the tree of our document.
pub struct Reference {
    page: String,
    tree: serde_json::Value,
}

fn reference() -> Reference {
    let made = || xtask::reference::page(root()).unwrap_or_else(|failure| panic!("{failure}"));
    let page = made();
    assert_eq!(page, made(), "two pages differ");
    let document = load::load(&root().join("spec/openapi.yaml"));
    let tree = document.unwrap_or_else(|problems| panic!("{problems}")).tree;
    Reference { page, tree }
}

/// `operationId`, method and path of every operation.
fn operations(tree: &serde_json::Value) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for (path, item) in tree["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("a path item") {
            if let Some(id) = operation.get("operationId") {
                let id = id.as_str().expect("an id").to_owned();
                found.push((id, method.to_uppercase(), path.clone()));
            }
        }
    }
    assert_eq!(found.len(), 58);
    found
}

#[test]
fn every_operation_has_its_section_and_every_schema_its_own() {
    let Reference { page, tree } = reference();
    assert!(page.len() < MAX_BYTES, "{} bytes", page.len());
    for (id, method, path) in operations(&tree) {
        let section = section(&page, &format!("op-{id}"));
        let spelled = path.replace('{', "<i>{").replace('}', "}</i>").replace("</i>", "\0");
        let spelled = spelled.replace('/', "/<wbr>").replace('\0', "</i>");
        assert!(section.contains(&format!("<code>{spelled}</code>")), "{id}: {section}");
        for part in [
            &format!(">{method}</b>"),
            "Bearer token",
            "<dt>Retrying</dt>",
            "<h4>Answers</h4>",
            ">429</b>",
        ] {
            assert!(section.contains(part), "{id} lacks {part}");
        }
        for language in ["curl", "rust", "typescript", "python"] {
            assert_eq!(
                section.matches(&format!("data-lang=\"{language}\"")).count(),
                1,
                "{id}: {language}"
            );
        }
    }
    for name in tree["components"]["schemas"].as_object().expect("schemas").keys() {
        assert!(page.contains(&format!("id=\"schema-{name}\"")), "{name}");
    }
}

/// The section with this anchor.
fn section<'a>(page: &'a str, anchor: &str) -> &'a str {
    let start = page.find(&format!("id=\"{anchor}\"")).unwrap_or_else(|| panic!("no {anchor}"));
    let end = page[start..].find("</section>").expect("a section ends");
    &page[start..start + end]
}

#[test]
fn the_notes_of_the_document_and_beside_it_are_there() {
    let Reference { page, .. } = reference();
    for words in [
        "Open questions",
        "Can <code>POST /experiments</code> create web experiments?",
        "verb of editing a flag&#39;s variant",
        "Does a 429 carry",
        "https://experiment.amplitude.com/api/1",
        "https://experiment.eu.amplitude.com/api/1",
        "(assumed)",
    ] {
        assert!(page.contains(words) || page.contains(&words.replace("&#39;", "'")), "{words}");
    }
}

#[test]
fn nothing_is_loaded_and_every_link_of_the_page_leads_to_a_place() {
    let Reference { page, .. } = reference();
    let tags = tags(&page);
    assert!(tags.len() > 5000, "{}", tags.len());
    let ids: Vec<String> = tags.iter().filter_map(|tag| attribute(tag, "id")).collect();
    let mut unique = ids.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(ids.len(), unique.len(), "an anchor is given twice");
    let mut links = 0;
    for tag in &tags {
        for key in ["src", "srcset", "style", "action", "poster", "data", "ping"] {
            assert_eq!(attribute(tag, key), None, "<{tag}>");
        }
        match attribute(tag, "href") {
            Some(href) if tag.starts_with("a ") => match href.strip_prefix('#') {
                Some(anchor) => {
                    links += 1;
                    assert!(
                        unique.binary_search(&anchor.to_owned()).is_ok(),
                        "#{anchor} leads nowhere"
                    );
                }
                None => {
                    assert!(href.starts_with("https://") || href.starts_with("http://"), "{href}")
                }
            },
            Some(href) => assert_eq!(href, "data:,", "<{tag}>"),
            None => {}
        }
    }
    assert!(links > 500, "{links}");
    let (_, style) = page.split_once("<style>").expect("a style");
    let (style, _) = style.split_once("</style>").expect("its end");
    assert!(!style.contains("url(") && !style.contains("@import"));
    let (_, script) = page.split_once("<script>").expect("a script");
    for word in
        ["fetch(", "XMLHttpRequest", "import(", "WebSocket", "innerHTML", "eval(", "sendBeacon"]
    {
        assert!(!script.contains(word), "{word}");
    }
}
