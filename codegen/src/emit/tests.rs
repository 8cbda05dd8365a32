use quote::quote;
use serde_json::{Value, json};

use super::*;
use crate::ir::{
    Answer, Body, BodyFormat, Enum, Extra, Field, Info, Integer, Limits, Method, Name, Object,
    Operation, Pagination, Parameter, Place, Presence, Retry, Style, TypeId, TypeRef, Union,
    UnionVariant, Variant,
};
use crate::render::{item, render};

fn name(wire: &str, rust: &str) -> Name {
    Name { wire: wire.to_owned(), rust: rust.to_owned() }
}

fn field(wire: &str, rust: &str, ty: TypeRef, presence: Presence) -> Field {
    Field {
        name: name(wire, rust),
        setter: rust.to_owned(),
        ty,
        presence,
        required_on_write: false,
        boxed: false,
        constant: None,
        read_only: false,
        write_only: false,
        description: None,
        deprecated: false,
        limits: Limits::default(),
        default: None,
        example: None,
    }
}

fn ty(rust: &str, shape: Shape) -> Type {
    Type {
        name: name(rust, rust),
        pointer: format!("/components/schemas/{rust}"),
        input_of: None,
        description: None,
        deprecated: false,
        family: None,
        users: Vec::new(),
        written: true,
        read: true,
        example: None,
        shape,
    }
}

fn object(fields: Vec<Field>) -> Shape {
    Shape::Object(Object { fields, extra: Extra::None, open: false })
}

fn parameter(wire: &str, ty: TypeRef, required: bool) -> Parameter {
    Parameter {
        name: name(wire, wire),
        place: if required { Place::Path } else { Place::Query },
        required,
        ty,
        style: Style::Plain,
        allow_reserved: false,
        description: None,
        deprecated: false,
        limits: Limits::default(),
        example: None,
        default: None,
    }
}

fn operation(id: &str, method: &str, request: &str) -> Operation {
    Operation {
        name: name(id, method),
        request: request.to_owned(),
        constant: request.to_uppercase(),
        method: Method::Get,
        path: "/kites".to_owned(),
        summary: None,
        description: None,
        deprecated: false,
        undocumented: false,
        query: None,
        server: None,
        parameters: Vec::new(),
        body: None,
        answer: Answer::Nothing,
        headers: None,
        error_type: None,
        stream: None,
        errors: Vec::new(),
        retry: Retry::Safe,
        security: Vec::new(),
        pagination: None,
        batch: None,
    }
}

/// A type of every shape, a list that pages and an update.
fn api() -> Api {
    let id = |index| TypeRef::Named(TypeId(index));
    let mut old = field("old", "old", TypeRef::Boolean, Presence::Optional);
    old.deprecated = true;
    let kite = object(vec![
        field("id", "id", TypeRef::FlexText, Presence::Required),
        field("windSpeed", "wind_speed", TypeRef::Number, Presence::Required),
        field("mode", "mode", id(1), Presence::OptionalNullable),
        field("tags", "tags", TypeRef::List(Box::new(TypeRef::String)), Presence::Optional),
        old,
    ]);
    let mode = Shape::Enum(Enum {
        variants: ["up", "down"]
            .map(|wire| Variant { name: name(wire, &wire.to_uppercase()), description: None })
            .into(),
        unknown: "Unknown".to_owned(),
        closed: false,
    });
    let page = object(vec![
        field("kites", "kites", TypeRef::List(Box::new(id(0))), Presence::Required),
        field("next", "next", TypeRef::FlexText, Presence::Optional),
    ]);
    let variant =
        |rust: &str, ty| UnionVariant { rust: rust.to_owned(), ty, boxed: false, tags: Vec::new() };
    let union = Shape::Union(Union {
        variants: vec![
            variant("Count", TypeRef::Integer(Integer::I64)),
            variant("Word", TypeRef::String),
        ],
        tag: None,
        unknown: None,
        order: vec![0, 1],
    });
    let mut list = operation("listKites", "list", "ListKites");
    list.parameters.push(parameter("cursor", TypeRef::FlexText, false));
    list.answer = Answer::Body {
        ty: id(2),
        format: BodyFormat::Json,
        media_type: Some("application/json".to_owned()),
    };
    list.pagination = Some(Pagination {
        cursor: 0,
        limit: None,
        max: None,
        next: 1,
        items: 0,
        page: TypeId(2),
        item: id(0),
    });
    let mut update = operation("updateKite", "update", "UpdateKite");
    update.path = "/kites/{id}".to_owned();
    update.parameters.push(parameter("id", TypeRef::FlexText, true));
    update.body = Some(Body {
        required: true,
        ty: id(0),
        media_type: "application/json".to_owned(),
        format: BodyFormat::Json,
        part_types: Vec::new(),
        description: None,
        example: Some(json!({"id": "1", "windSpeed": 4, "mode": "up", "tags": ["a"]})),
    });
    Api {
        info: Info { title: "Kites".to_owned(), version: "1".to_owned(), description: None },
        servers: Vec::new(),
        schemes: Vec::new(),
        rate_limits: None,
        families: vec![Family {
            name: name("kites", "kites"),
            handle: "Kites".to_owned(),
            description: None,
            feature: None,
            operations: vec![list, update],
        }],
        types: vec![ty("Kite", kite), ty("Mode", mode), ty("KitePage", page), ty("Measure", union)],
    }
}

fn config() -> Config {
    Config::new("kite-client", "kites.yaml")
}

fn file(api: &Api, path: &str) -> String {
    let files = render(emit(api, &config()), &config());
    files.get(path).unwrap_or_else(|| panic!("{path} is among {:?}", files.keys())).clone()
}

#[test]
fn the_same_model_gives_the_same_files() {
    let once = render(emit(&api(), &config()), &config());
    let twice = render(emit(&api(), &config()), &config());
    assert_eq!(once, twice);
    for (path, text) in &once {
        let first = text.lines().next().unwrap_or_default();
        assert!(first.contains("@generated by cargo xtask codegen from kites.yaml"), "{path}");
    }
}

#[test]
fn names_of_the_standard_library_are_bare() {
    let text = file(&api(), "src/shared/models/kite.rs");
    assert!(text.contains("pub tags: Option<Vec<String>>,"), "{text}");
    assert!(text.contains("use crate::models::Mode;"), "{text}");
}

#[test]
fn a_type_of_the_document_takes_its_name() {
    let mut api = api();
    api.types.push(ty("Option", object(Vec::new())));
    let text = file(&api, "src/shared/models/kite.rs");
    assert!(text.contains("pub tags: std::option::Option<Vec<String>>,"), "{text}");
    assert!(text.contains("skip_serializing_if = \"std::option::Option::is_none\""), "{text}");
    assert!(file(&api, "src/shared/models/option.rs").contains("impl Option {"));
}

#[test]
fn a_deprecated_member_is_set_without_a_warning() {
    let text = file(&api(), "src/shared/models/kite.rs");
    assert!(text.contains("#[deprecated]\n    pub old: Option<bool>,"), "{text}");
    assert_eq!(text.matches("#[allow(deprecated").count(), 2, "{text}");
}

#[test]
fn a_union_says_in_which_order_it_is_read() {
    let text = file(&api(), "src/shared/models/measure.rs");
    assert!(text.contains("in this order: `Count`, `Word`."), "{text}");
    assert!(text.contains("impl From<&str> for Measure"), "{text}");
}

#[test]
fn examples_use_what_a_caller_would_use() {
    let text = file(&api(), "src/kites/handle/mod.rs");
    assert!(text.contains("/// let mut items = client.kites().list().items();"), "{text}");
    assert!(text.contains("Kite::new(\"1\", 4.0).mode(Mode::UP).tags([\"a\"]);"), "{text}");
    assert!(text.contains("/// use kite_client::models::{Kite, Mode};"), "{text}");
}

#[test]
fn values_of_the_document_become_arguments() {
    let api = api();
    let config = config();
    let context = Context::new(&api, &config);
    let list = |ty| TypeRef::List(Box::new(ty));
    let map = |ty| TypeRef::Map(Box::new(ty));
    let cases: [(TypeRef, Value, Option<&str>); 12] = [
        (TypeRef::Integer(Integer::I64), json!(-3), Some("-3")),
        (TypeRef::Integer(Integer::U32), json!(-3), None),
        (TypeRef::Number, json!(3), Some("3.0")),
        (TypeRef::String, json!("a\"b"), Some("\"a\\\"b\"")),
        (TypeRef::String, json!(3), None),
        (TypeRef::FlexText, json!(3), Some("3")),
        (TypeRef::Any, json!({"a": null}), Some("serde_json::json!({ \"a\" : null })")),
        (list(TypeRef::String), json!(["a"]), Some("[\"a\"]")),
        (list(TypeRef::String), json!([]), Some("prelude::Vec::<prelude::String>::new()")),
        (map(TypeRef::Number), json!({"on": 1}), Some("[(\"on\", 1.0)]")),
        (TypeRef::Named(TypeId(1)), json!("new"), Some("\"new\"")),
        (TypeRef::Named(TypeId(3)), json!("a"), Some("models::Measure::Word(\"a\".to_owned())")),
    ];
    for (ty, value, expected) in cases {
        let found = samples::argument(&context, &ty, &value)
            .map(|tokens| item(quote!(const X: X = #tokens;)))
            .map(|text| {
                text.trim_start_matches("const X: X = ").trim_end_matches(";\n").to_owned()
            });
        assert_eq!(found.as_deref(), expected, "{ty:?} {value}");
    }
}

/// Two families, a type of each, one that both use and one that none does.
#[test]
fn families_and_what_they_share_stand_behind_features() {
    let mut api = api();
    let mut second = api.families[0].clone();
    second.name = name("birds", "birds");
    second.handle = "Birds".to_owned();
    let mut third = second.clone();
    third.name = name("clouds", "clouds");
    third.handle = "Clouds".to_owned();
    api.families.extend([second, third]);
    for family in &mut api.families {
        family.operations.clear();
        family.feature = Some(family.name.wire.clone());
    }
    api.types = vec![
        Type { family: Some(0), users: vec![0], ..ty("Own", object(Vec::new())) },
        Type { users: vec![0, 1], ..ty("Both", object(Vec::new())) },
        Type { users: vec![0, 1, 2], ..ty("Every", object(Vec::new())) },
        Type { users: Vec::new(), ..ty("Idle", object(Vec::new())) },
    ];
    let config = config();
    let files = render(emit(&api, &config), &config);
    let manifest = &files["Cargo.toml"];
    assert!(manifest.contains("default = [\"all\", \"rustls\", \"tracing\"]"), "{manifest}");
    assert!(
        manifest.contains("all = [\n    \"kites\",\n    \"birds\",\n    \"clouds\",\n]"),
        "{manifest}"
    );
    assert!(manifest.contains("\nbirds = []\n"), "{manifest}");
    assert!(files["src/lib.rs"].contains("#[cfg(feature = \"birds\")]\npub mod birds;"));
    assert!(files["src/client.rs"].contains("#[cfg(feature = \"birds\")]\n    pub fn birds"));
    let shared = &files["src/shared/mod.rs"];
    let group =
        "#[cfg(any(feature = \"kites\", feature = \"birds\"))]\npub(crate) mod kites_and_birds;";
    assert!(shared.contains(group), "{shared}");
    assert!(shared.contains("\npub(crate) mod models;"), "{shared}");
    assert!(shared.contains("#[cfg(feature = \"all\")]\npub(crate) mod unused;"), "{shared}");
    for path in [
        "kites/models/own",
        "shared/models/every",
        "shared/kites_and_birds/models/both",
        "shared/unused/models/idle",
    ] {
        assert!(files.contains_key(&format!("src/{path}.rs")), "{path}");
    }
    let flat = &files["src/models.rs"];
    assert!(flat.contains("pub use crate::shared::models::Every;"), "{flat}");
    let gated = "feature = \"birds\"))]\npub use crate::shared::kites_and_birds::models::Both;";
    assert!(flat.contains(gated), "{flat}");
}
