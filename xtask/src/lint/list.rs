//! Lists that people write in YAML.

use std::path::Path;

use serde_json::Value;

/// The items of the list of this name, which is all that the file has and not empty.
pub(crate) fn items(path: &Path, name: &str) -> Result<Vec<Value>, String> {
    match codegen::load::load(path) {
        Err(problems) => Err(problems.to_string().trim_end().to_owned()),
        Ok(document) => match document.problems.first() {
            Some(problem) => Err(format!("{}: {}", path.display(), problem.message)),
            None => match document
                .tree
                .as_object()
                .and_then(|own| Some((own.len(), own.get(name)?)))
            {
                Some((1, Value::Array(items))) if !items.is_empty() => Ok(items.clone()),
                _ => Err(format!("{}: `{name}`, a list, is all that is expected", path.display())),
            },
        },
    }
}

/// The texts of an item, which has these members and no others.
pub(crate) fn texts<const N: usize>(
    item: &Value,
    names: [&str; N],
    also: &[&str],
) -> Result<[String; N], String> {
    let members = item.as_object().ok_or_else(|| format!("{item} is no object"))?;
    let known = |name: &str| names.contains(&name) || also.contains(&name);
    if let Some(name) = members.keys().find(|name| !known(name)) {
        return Err(format!("`{name}` means nothing here"));
    }
    let mut all = [const { String::new() }; N];
    for (name, text) in names.iter().zip(&mut all) {
        let found = members.get(*name).and_then(Value::as_str).filter(|text| !text.is_empty());
        *text = found.ok_or_else(|| format!("`{name}` needs a text"))?.to_owned();
    }
    Ok(all)
}
