//! Words that look alike, and words of other versions of the standard.

/// Keys of other versions and of JSON Schema that documents carry over: object, key, what to say.
/// They are harmless, and some of them look like a key of ours.
const FOREIGN: &[(&str, &str, &str)] = &[
    ("Schema", "examples", "`examples` in a schema is of OpenAPI 3.1; write `example`"),
    ("Schema", "$schema", "OpenAPI 3.0 has no `$schema`"),
    ("Schema", "$id", "OpenAPI 3.0 has no `$id`"),
    ("Schema", "id", "OpenAPI 3.0 has no `id` of schemas"),
    ("Schema", "$comment", "write `description`"),
    ("Schema", "$defs", "name schemas under components.schemas"),
    ("Schema", "definitions", "name schemas under components.schemas"),
    ("Schema", "if", "conditions are of OpenAPI 3.1"),
    ("Schema", "then", "conditions are of OpenAPI 3.1"),
    ("Schema", "else", "conditions are of OpenAPI 3.1"),
    (
        "Schema",
        "patternProperties",
        "`patternProperties` is of OpenAPI 3.1; write `additionalProperties`",
    ),
    ("Schema", "propertyNames", "`propertyNames` is of OpenAPI 3.1"),
    ("Schema", "prefixItems", "`prefixItems` is of OpenAPI 3.1; write `items`"),
    ("Schema", "contains", "`contains` is of OpenAPI 3.1"),
    (
        "Schema",
        "unevaluatedProperties",
        "`unevaluatedProperties` is of OpenAPI 3.1; write `additionalProperties`",
    ),
    ("Schema", "contentMediaType", "`contentMediaType` is of OpenAPI 3.1; write `format: binary`"),
    ("Schema", "contentEncoding", "`contentEncoding` is of OpenAPI 3.1; write `format: byte`"),
    ("Schema", "dependentRequired", "`dependentRequired` is of OpenAPI 3.1"),
    ("Schema", "dependencies", "`dependencies` is of JSON Schema"),
    ("Info", "summary", "`summary` is of OpenAPI 3.1; write `description`"),
    ("License", "identifier", "`identifier` is of OpenAPI 3.1; write `url`"),
    ("Tag", "summary", "`summary` of a tag is of OpenAPI 3.2"),
    ("Tag", "parent", "`parent` of a tag is of OpenAPI 3.2"),
    ("Tag", "kind", "`kind` of a tag is of OpenAPI 3.2"),
    ("Response", "summary", "`summary` of a response is of OpenAPI 3.2; write `description`"),
    ("Media Type", "itemSchema", "`itemSchema` is of OpenAPI 3.2; write `schema`"),
    ("Components", "mediaTypes", "`mediaTypes` is of OpenAPI 3.2; write the media types out"),
    ("Server", "name", "`name` of a server is of OpenAPI 3.2; write `x-name`"),
    ("Discriminator", "defaultMapping", "`defaultMapping` is of OpenAPI 3.2"),
    ("document", "$self", "`$self` is of OpenAPI 3.2"),
    ("Components", "pathItems", "`pathItems` is of OpenAPI 3.1"),
    ("document", "webhooks", "`webhooks` is of OpenAPI 3.1"),
    ("document", "jsonSchemaDialect", "`jsonSchemaDialect` is of OpenAPI 3.1"),
    ("document", "definitions", "`definitions` is of Swagger 2.0; write components.schemas"),
    ("document", "host", "`host` is of Swagger 2.0; write `servers`"),
    ("document", "basePath", "`basePath` is of Swagger 2.0; write `servers`"),
    ("document", "schemes", "`schemes` is of Swagger 2.0; write `servers`"),
    ("document", "consumes", "`consumes` is of Swagger 2.0; write `content`"),
    ("document", "produces", "`produces` is of Swagger 2.0; write `content`"),
    ("Operation", "consumes", "`consumes` is of Swagger 2.0; write `content` in the request body"),
    ("Operation", "produces", "`produces` is of Swagger 2.0; write `content` in the responses"),
    ("Operation", "schemes", "`schemes` is of Swagger 2.0; write `servers`"),
    ("Response", "schema", "`schema` of a response is of Swagger 2.0; write `content`"),
    (
        "Response",
        "examples",
        "`examples` of a response is of Swagger 2.0; write it below `content`",
    ),
    ("Parameter", "collectionFormat", "`collectionFormat` is of Swagger 2.0; write `style`"),
    ("Parameter", "type", "`type` of a parameter is of Swagger 2.0; write it below `schema`"),
    ("Parameter", "format", "`format` of a parameter is of Swagger 2.0; write it below `schema`"),
    ("Header", "type", "`type` of a header is of Swagger 2.0; write it below `schema`"),
    ("Header", "format", "`format` of a header is of Swagger 2.0; write it below `schema`"),
];

/// What to say about a key of another version.
pub fn foreign(object: &str, key: &str) -> Option<&'static str> {
    FOREIGN.iter().find(|(of, word, _)| *of == object && *word == key).map(|(_, _, help)| *help)
}

/// The word that was probably meant.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = match word.chars().count() {
        0..=2 => 0,
        3 | 4 => 1,
        _ => 2,
    };
    let lower = word.to_lowercase();
    let ascii = lower.is_ascii();
    known
        // Most candidates fall out before anything is counted in characters.
        .filter(|candidate| {
            !ascii || !candidate.is_ascii() || candidate.len().abs_diff(lower.len()) <= allowed
        })
        .map(|candidate| (distance(&lower, &candidate.to_lowercase(), allowed), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Letters to add, remove, replace or swap with their neighbour, if not more than `limit`.
fn distance(a: &str, b: &str, limit: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut before_last = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, right) in b.iter().enumerate() {
            let changed = last[j] + usize::from(left != right);
            let mut best = changed.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *left == b[j - 1] && a[i - 1] == *right {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_that_was_meant_is_found() {
        let known = ["required", "in", "type", "allOf", "properties", "items"];
        let cases = [
            ("requierd", Some("required")),
            ("REQUIRED", Some("required")),
            ("tpye", Some("type")),
            ("propertys", Some("properties")),
            ("allof", Some("allOf")),
            ("it", None),
            ("id", None),
            ("name", None),
            ("item", Some("items")),
            ("nothingLikeIt", None),
        ];
        for (word, expected) in cases {
            assert_eq!(nearest(word, known.into_iter()), expected, "{word}");
        }
    }

    #[test]
    fn foreign_words_are_explained() {
        assert!(foreign("Schema", "examples").is_some_and(|help| help.contains("3.1")));
        assert_eq!(foreign("Schema", "example"), None);
    }
}
