//! Files that are not code: manifest, readme, and what is copied as it is.

use super::docs::sentence;
use super::streams::{self, Part};
use super::{Context, File, gates};
use crate::config::Dependency;

/// Dependencies as `ship/Cargo.toml` has them, with the versions of the workspace.
const DEPENDENCIES: &str = r#"bytes = "1.12"
fastrand = "2.5"
futures-core = "0.3.34"
h2 = "0.4"
http = "1.5"
http-body = "1.0"
httpdate = "1.0"
jiff = { version = "1.0", default-features = false, features = ["std"], optional = true }
percent-encoding = "2.3"
reqwest = { version = "0.13.5", default-features = false, features = ["http2"] }
serde = { version = "1.0", features = ["derive"] }
serde_json = { version = "1.0", features = ["float_roundtrip"] }
tokio = { version = "1.54", features = ["rt", "time"] }
tracing = { version = "0.1.44", default-features = false, optional = true }
zeroize = { version = "1.9", default-features = false, features = ["alloc"] }
"#;

/// Features as `ship/Cargo.toml` has them.
const FEATURES: &str = r#"default = ["rustls", "tracing"]
rustls = ["reqwest/rustls"]
native-tls = ["reqwest/native-tls"]
tracing = ["dep:tracing"]
jiff = ["dep:jiff"]
blocking = []
"#;

/// All files that are not Rust code of ours.
pub(crate) fn files(context: &Context<'_>) -> Vec<File> {
    let mut files = vec![
        text("Cargo.toml", manifest(context)),
        text("rustfmt.toml", "disable_all_formatting = true\n".to_owned()),
    ];
    if !context.config.copies.contains_key("README.md") {
        files.push(text("README.md", readme(context)));
    }
    files.extend(context.config.copies.iter().map(|(path, copied)| text(path, copied.clone())));
    files
}

/// The dependencies of a client.
fn dependencies(context: &Context<'_>) -> String {
    let is_streaming = streams::parts(context.api).contains(&Part::Streams);
    let is_needed = |line: &&str| is_streaming || !line.starts_with("http-body ");
    let own = DEPENDENCIES.lines().filter(is_needed).map(str::to_owned);
    let formats = context.config.formats.values();
    let others = formats.flat_map(|format| &format.dependencies);
    let mut lines: Vec<String> =
        own.chain(others.map(|(name, dependency)| requirement(name, dependency))).collect();
    lines.sort();
    lines.dedup();
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Whether every client depends on this crate, or may.
pub(crate) fn depends_on(name: &str) -> bool {
    let same = |line: &str| {
        line.split(' ').next().is_some_and(|own| own.replace('-', "_") == name.replace('-', "_"))
    };
    DEPENDENCIES.lines().any(same)
}

/// The line of a crate that a format needs.
fn requirement(name: &str, dependency: &Dependency) -> String {
    let Dependency { version, features, default_features } = dependency;
    if features.is_empty() && *default_features {
        return format!("{name} = {}", quoted(version));
    }
    let mut line = format!("{name} = {{ version = {}", quoted(version));
    if !default_features {
        line.push_str(", default-features = false");
    }
    if !features.is_empty() {
        line.push_str(&format!(", features = {}", list(features)));
    }
    line.push_str(" }");
    line
}

fn text(path: &str, text: String) -> File {
    File::Text { path: path.to_owned(), text }
}

fn manifest(context: &Context<'_>) -> String {
    let config = context.config;
    let mut lines = vec!["[package]".to_owned()];
    let mut line = |key: &str, value: String| lines.push(format!("{key} = {value}"));
    line("name", quoted(&config.crate_name));
    line("version", quoted(config.version.as_deref().unwrap_or("0.1.0")));
    line("edition", quoted("2024"));
    line("rust-version", quoted("1.85"));
    let about = || format!("A client of the {}", context.api.info.title.trim());
    line("description", quoted(&printable(&config.description.clone().unwrap_or_else(about))));
    if let Some(license) = &config.license {
        line("license", quoted(license));
    }
    if !config.keywords.is_empty() {
        line("keywords", list(&config.keywords));
    }
    if !config.categories.is_empty() {
        line("categories", list(&config.categories));
    }
    line("readme", quoted("README.md"));
    line("include", included(context));
    // A family may be called `bin`.
    line("autobins", "false".to_owned());
    let workspace = if config.standalone { "[workspace]\n\n" } else { "" };
    format!(
        "{package}\n\n{workspace}[package.metadata.docs.rs]\nall-features = true\n\n\
         [features]\n{features}\n[dependencies]\n{dependencies}\n\
         [dev-dependencies]\ntokio = {{ version = \"1.54\", features = [\"macros\", \"rt-multi-thread\"] }}\n",
        package = lines.join("\n"),
        features = features(context),
        dependencies = dependencies(context),
    )
}

/// The features of the runtime, and one per family where the crate has them.
fn features(context: &Context<'_>) -> String {
    let families: Vec<String> = gates::features(context.api).map(str::to_owned).collect();
    if families.is_empty() {
        return FEATURES.to_owned();
    }
    let all = gates::ALL;
    let mut text = FEATURES.replacen("default = [", &format!("default = [\"{all}\", "), 1);
    text.push_str("# The operations of one tag each, with the types that they need.\n");
    text.push_str(&format!("{all} = [\n"));
    families.iter().for_each(|family| text.push_str(&format!("    {},\n", quoted(family))));
    text.push_str("]\n");
    families.iter().for_each(|family| text.push_str(&format!("{family} = []\n")));
    text
}

/// What is packaged: code, and whatever is copied.
fn included(context: &Context<'_>) -> String {
    let mut paths = vec!["/src".to_owned(), "/README.md".to_owned()];
    for path in context.config.copies.keys() {
        let top = path.split('/').next().unwrap_or(path);
        let top = format!("/{top}");
        if !paths.contains(&top) {
            paths.push(top);
        }
    }
    list(&paths)
}

fn list(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
    format!("[{}]", items.join(", "))
}

/// A TOML string.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The longest description that a manifest gets: it is passed on as an environment variable.
const MAX_DESCRIPTION: usize = 300;

/// One line without characters that cannot be seen.
fn printable(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let clean: String = text.chars().map(|c| if hidden(c) { ' ' } else { c }).collect();
    let clean = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    clean.chars().take(MAX_DESCRIPTION).collect()
}

fn readme(context: &Context<'_>) -> String {
    let name = &context.config.crate_name;
    let title = sentence(&context.api.info.title);
    format!(
        "# {name}\n\nA client of the {title}, made from its OpenAPI document. The docs of the crate say more: `cargo doc --open`.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shipped runtime is built with one set of tables and published with another.
    #[test]
    fn tables_are_those_of_the_runtime() {
        let ship = include_str!("../../ship/Cargo.toml");
        let workspace = include_str!("../../../Cargo.toml");
        let section = |text: &'static str, name: &str| -> Vec<&'static str> {
            let lines = text.lines().skip_while(|line| *line != format!("[{name}]")).skip(1);
            lines
                .take_while(|line| !line.is_empty())
                .filter(|line| !line.starts_with('#'))
                .collect()
        };
        let features: Vec<&str> = FEATURES.lines().collect();
        assert_eq!(section(ship, "features"), features);
        let shipped = section(ship, "dependencies");
        assert_eq!(shipped.len(), DEPENDENCIES.lines().count());
        for (shipped, written) in shipped.iter().zip(DEPENDENCIES.lines()) {
            let name = written.split(" = ").next().expect("a line has a key");
            assert!(shipped.starts_with(name), "{shipped} stands where {written} is written");
            let given = section(workspace, "workspace.dependencies");
            let given = given
                .iter()
                .find(|line| line.starts_with(&format!("{name} =")))
                .expect("the workspace has it");
            let version = given.split('"').nth(1).expect("a version is quoted");
            assert!(
                written.contains(&format!("\"{version}\"")),
                "{written} is not of version {version}"
            );
        }
    }

    #[test]
    fn text_is_a_toml_string() {
        assert_eq!(quoted("a \"b\" \\ \n\t"), "\"a \\\"b\\\" \\\\ \\n\\u0009\"");
    }

    #[test]
    fn a_crate_for_a_format_is_a_line_of_the_manifest() {
        let dependency = |features: &[&str], default_features| Dependency {
            version: "1.2".to_owned(),
            features: features.iter().map(|&name| name.to_owned()).collect(),
            default_features,
        };
        for (given, line) in [
            (dependency(&[], true), "uuid = \"1.2\""),
            (
                dependency(&["serde", "v4"], true),
                "uuid = { version = \"1.2\", features = [\"serde\", \"v4\"] }",
            ),
            (dependency(&[], false), "uuid = { version = \"1.2\", default-features = false }"),
        ] {
            assert_eq!(requirement("uuid", &given), line);
        }
        assert!(depends_on("serde-json") && depends_on("jiff") && !depends_on("uuid"));
    }
}
