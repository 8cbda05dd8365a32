//! The program that uses the clients of all small documents, as Rust text.

use std::fmt::Write as _;
use std::path::Path;

use codegen::ir::{Integer, TypeRef};
use serde_json::Value;

use super::{Case, put, wire};
use crate::folder::text;

/// What the program does.
pub(super) struct Program {
    /// How many values and calls it checks.
    pub checks: usize,
}

/// Writes the program into `program/` of the folder.
pub(super) fn write(folder: &Path, cases: &[Case]) -> Program {
    let mut calls = String::new();
    let mut checks = 0;
    for case in cases {
        if let Some(file) = &case.round_trip {
            checks += round_trip(case, file, &mut calls);
        }
        if let Some(file) = &case.wire {
            checks += wire::calls(case, file, &mut calls);
        }
    }
    let dependencies: String = cases
        .iter()
        .map(|case| format!("{0} = {{ path = \"../{0}\" }}\n", case.crate_name()))
        .collect();
    let manifest = text("tests/it/cases/program/manifest.toml");
    put(&folder.join("program/Cargo.toml"), &format!("{manifest}{dependencies}"));
    put(&folder.join("program/src/check.rs"), &text("tests/it/cases/program/check.rs"));
    put(
        &folder.join("program/src/main.rs"),
        &format!(
            "#![allow(deprecated)]\nmod check;\n\n#[tokio::main]\n\
             async fn main() -> std::process::ExitCode {{\n\
             let mut report = check::Report::default();\n{calls}report.end()\n}}\n"
        ),
    );
    Program { checks }
}

/// The line that checks the values of a type.
fn round_trip(case: &Case, file: &Value, out: &mut String) -> usize {
    let schema = file["schema"].as_str().expect("a round trip names its schema");
    let found =
        case.api.types.iter().find(|ty| {
            ty.pointer == format!("/components/schemas/{schema}") && ty.name.wire == schema
        });
    let ty = found.unwrap_or_else(|| panic!("{}: no type is made from {schema}", case.name));
    let count = |list: &str| file[list].as_array().map_or(0, Vec::len);
    let filled = count("defaults");
    let checks = count("values") + count("forward") + count("reject") + filled;
    assert!(checks > 0, "{}: nothing is checked", case.name);
    let (name, module, rust) = (&case.name, case.module(), &ty.name.rust);
    if filled > 0 {
        writeln!(
            out,
            "check::defaults({name:?}, {}, {module}::models::{rust}::or_defaults, &mut report);",
            literal(file)
        )
        .expect("text can be written");
    }
    writeln!(
        out,
        "check::round_trip::<{module}::models::{rust}>({name:?}, {}, &mut report);",
        literal(file)
    )
    .expect("text can be written");
    checks
}

/// JSON as a literal of Rust.
pub(super) fn literal(value: &Value) -> String {
    format!("{:?}", value.to_string())
}

/// The type that a value is read as, as a path from outside of the client's crate.
pub(super) fn rust_type(case: &Case, ty: &TypeRef) -> String {
    let of = |inner: &TypeRef| rust_type(case, inner);
    let module = case.module();
    match ty {
        TypeRef::Boolean => "bool".to_owned(),
        TypeRef::Integer(Integer::I32) => "i32".to_owned(),
        TypeRef::Integer(Integer::I64) => "i64".to_owned(),
        TypeRef::Integer(Integer::U32) => "u32".to_owned(),
        TypeRef::Integer(Integer::U64) => "u64".to_owned(),
        TypeRef::Number => "f64".to_owned(),
        TypeRef::String => "String".to_owned(),
        TypeRef::DateTime => format!("{module}::DateTime"),
        TypeRef::Date => format!("{module}::Date"),
        TypeRef::Custom(custom) => custom.path.clone(),
        TypeRef::Bytes => "String".to_owned(),
        TypeRef::File => format!("{module}::FilePart"),
        TypeRef::Any => "serde_json::Value".to_owned(),
        TypeRef::FlexText => format!("{module}::FlexText"),
        TypeRef::FlexInteger => format!("{module}::FlexInteger"),
        TypeRef::Nullable(inner) => format!("Option<{}>", of(inner)),
        TypeRef::List(inner) => format!("Vec<{}>", of(inner)),
        TypeRef::Map(inner) => format!("std::collections::BTreeMap<String, {}>", of(inner)),
        TypeRef::Named(id) => format!("{module}::models::{}", case.api.types[id.0].name.rust),
    }
}
