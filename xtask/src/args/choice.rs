//! `--include` and `--exclude`: settings in short, such as `tag:pets,path:/v2/*`.

use serde_json::{Map, Value, json};

use super::Document;

/// Words of the command line and the lists of the settings that they stand for.
const LISTS: [(&str, &str); 3] = [("tag", "tags"), ("path", "paths"), ("operation", "operations")];

/// The options as the text of a settings file; `None` if neither was given.
///
/// # Errors
///
/// What is wrong with a word.
pub(crate) fn settings(document: &Document) -> Result<Option<String>, String> {
    let options = [("include", &document.include), ("exclude", &document.exclude)];
    let mut settings = Map::new();
    for (option, words) in options {
        if let Some(words) = words {
            settings.insert(option.to_owned(), lists(option, words)?.into());
        }
    }
    if settings.is_empty() {
        return Ok(None);
    }
    settings.insert("crate".to_owned(), json!(document.name.as_deref().unwrap_or("client")));
    Ok(Some(Value::Object(settings).to_string()))
}

/// `tag:a,tag:b` is `{tags: [a, b]}`.
fn lists(option: &str, words: &str) -> Result<Map<String, Value>, String> {
    let mut lists: Map<String, Value> = Map::new();
    for word in words.split(',') {
        let (kind, pattern) = word.split_once(':').unwrap_or((word, ""));
        let list = LISTS.iter().find(|(known, _)| *known == kind);
        let (Some((_, list)), false) = (list, pattern.is_empty()) else {
            return Err(format!(
                "--{option} `{word}` chooses nothing: write tag:NAME, path:NAME or operation:NAME, with `*` for any text and commas between several"
            ));
        };
        let list = lists.entry(*list).or_insert_with(|| json!([]));
        if let Value::Array(list) = list {
            list.push(pattern.into());
        }
    }
    Ok(lists)
}

#[cfg(test)]
mod tests {
    use codegen::Config;

    use super::*;

    #[test]
    fn options_say_what_settings_say() {
        let document = |include: Option<&str>, exclude: Option<&str>| Document {
            spec: "p".into(),
            name: Some("pets".to_owned()),
            config: None,
            include: include.map(str::to_owned),
            exclude: exclude.map(str::to_owned),
            root: None,
        };
        assert_eq!(settings(&document(None, None)), Ok(None));
        let both = document(Some("tag:a,path:/b/{c}:d,tag:e*"), Some("operation:f"));
        let text = settings(&both).expect("it is in order").expect("there are options");
        let same = "crate: pets\ninclude: {tags: [a, 'e*'], paths: ['/b/{c}:d']}\nexclude: {operations: [f]}\n";
        let read = |text| Config::of_text("t", text).expect("it is in order");
        let given = read(&text);
        assert_eq!((given.crate_name.as_str(), given.filter), ("pets", read(same).filter));
    }
}
