//! `README.md`: what each file is, and what was decided on the way from one form to the other.

use super::copies::{JSON, YAML};
use super::outline::Outline;
use super::{
    MARKER, PAGE, SUMS, Source, collection, coverage, index, markdown, schemas, workflows,
};
use crate::Files;
use crate::emit::docs::{code, sentences};

/// Its path.
pub const PATH: &str = "README.md";

/// The page about these files.
pub(super) fn files(source: &Source, outline: &Outline<'_>, files: &Files) -> Files {
    let title = sentences(outline.title);
    let version = sentences(outline.version);
    let mut text = format!(
        "{MARKER} from an OpenAPI document; do not edit. -->\n# {title} {version}\n\nMade from the OpenAPI document{}\n\n| file | what it is |\n| --- | --- |\n",
        beside(source),
    );
    let own = |path: &str| files.contains_key(path);
    let copies: Vec<String> =
        files.keys().filter(|path| path.starts_with("openapi-")).map(|path| code(path)).collect();
    let rows = [
        (YAML, format!("the document as it was written; {} hold the same", copies.join(" and "))),
        (JSON, "the same as JSON, members in the same order".to_owned()),
        (PAGE, "the reference for people: one file that needs no network".to_owned()),
        ("llms.txt", "index for agents; every operation with a link".to_owned()),
        (index::FULL, "all pages in one file".to_owned()),
        (schemas::BUNDLE, "every schema as JSON Schema 2020-12, below `$defs`".to_owned()),
        (workflows::PATH, "tasks of several calls, in the Arazzo 1.0.1 format".to_owned()),
        (coverage::PATH, "where each operation, parameter and member is known from".to_owned()),
        (collection::PATH, COLLECTION.to_owned()),
        (SUMS, "checksums: `sha256sum -c SHA256SUMS`".to_owned()),
    ];
    for (path, about) in rows.iter().filter(|(path, _)| own(path) || *path == SUMS) {
        text.push_str(&format!("| [{path}]({path}) | {about} |\n"));
    }
    for (folder, about) in FOLDERS {
        if files.keys().any(|path| path.starts_with(&format!("{folder}/"))) {
            text.push_str(&format!("| `{folder}/` | {about} |\n"));
        }
    }
    text.push_str(SCHEMAS);
    Files::from([(PATH.to_owned(), text)])
}

/// What does not come from the document.
fn beside(source: &Source) -> String {
    let Source { config, notes, workflows, .. } = source;
    let mut parts =
        vec![format!("the name {} of the Rust client in {}", code(&config.crate_name), code(PAGE))];
    parts.extend(
        config
            .key_variable
            .as_deref()
            .map(|name| format!("the name {} of the variable that holds the key", code(name))),
    );
    if !notes.is_empty() {
        let titles: Vec<String> =
            notes.iter().map(|note| format!("\"{}\"", sentences(&note.title))).collect();
        parts.push(format!(
            "the chapter{} {} of {}",
            if titles.len() == 1 { "" } else { "s" },
            titles.join(", "),
            code(PAGE)
        ));
    }
    parts.extend(workflows.as_ref().map(|_| code(workflows::PATH)));
    format!(" and, beside it: {}. The same input gives the same bytes.", parts.join("; "))
}

const COLLECTION: &str = "requests to try out, for Postman, Bruno, Insomnia and others that import the Postman 2.1 form; set the base URL and the credential in its variables";
const FOLDERS: &[(&str, &str)] = &[
    (markdown::FOLDER, "one page for each family, an overview, and the types that families share"),
    (schemas::FOLDER, "one JSON Schema for each schema of the document"),
];
const SCHEMAS: &str = "
## How the JSON Schemas were made

| in the document | in the schema |
| --- | --- |
| `nullable: true` beside `type` | `null` among the types, and among the values of `enum` |
| `nullable: true` beside `allOf`, `anyOf`, `oneOf`, `not` | `anyOf` of that and null |
| `exclusiveMinimum: true`, `exclusiveMaximum: true` | the bound itself |
| `example` | `examples` |
| `format: byte` | `contentEncoding: base64` |
| `x-also-accept` | these kinds among the types: what may arrive is right (Ajv in strict mode wants `allowUnionTypes`) |
| `x-extensible-enum` | `anyOf` of the known values and anything: editors offer them, validators refuse no other |
| references to `components` | to files beside, or into `$defs` of the bundle |
| what stands beside a reference | left out, as OpenAPI 3.0 has it |
| `discriminator`, `xml`, `externalDocs`, other `x-` keys | left out: they say nothing about values, and strict validators refuse words they do not know |

Requests and answers share schemas. `readOnly` and `writeOnly` stay as notes: a schema cannot tell which way a value
travels.
";
