//! The small documents of `tests/cases`, to begin with. Shared with the targets in `fuzz/`.

use std::fs;
use std::path::Path;

use codegen::load;
use serde_json::Value;

/// The texts of all documents below `cases`, in the order of their paths.
pub fn texts(cases: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(cases, &mut found);
    found.sort();
    assert!(found.len() > 50, "{} holds only {} documents", cases.display(), found.len());
    found
}

/// Those that can be read, as values.
pub fn values(cases: &Path) -> Vec<Value> {
    let read = |(name, text): (String, String)| load::load_text(&name, &text).ok();
    texts(cases).into_iter().filter_map(read).map(|document| document.tree).collect()
}

fn collect(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("the folder of cases can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else if ["openapi.yaml", "openapi.json"].iter().any(|name| path.ends_with(name)) {
            let text = fs::read(&path).expect("a case can be read");
            let name = path.to_string_lossy().into_owned();
            found.push((name, String::from_utf8_lossy(&text).into_owned()));
        }
    }
}
