//! Absent, null and value; numbers as they are written.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ship::runtime::{Date, DateTime, FlexText, Nullable, number, required_nullable};

use crate::support::json;

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Update {
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    end: Nullable<String>,
    #[serde(deserialize_with = "required_nullable")]
    owner: Option<String>,
    /// Not nullable in the document; a null is taken as absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Outer {
    #[serde(flatten)]
    inner: Update,
}

#[test]
fn absent_null_and_value_stay_apart() {
    for text in [
        r#"{"owner": null}"#,
        r#"{"owner": "x", "end": null}"#,
        r#"{"owner": "x", "end": "y", "label": "z"}"#,
    ] {
        let update: Update = serde_json::from_str(text).unwrap();
        assert_eq!(json(&serde_json::to_string(&update).unwrap()), json(text));
        let outer: Outer = serde_json::from_str(text).unwrap();
        assert_eq!(json(&serde_json::to_string(&outer).unwrap()), json(text));
    }
    assert!(serde_json::from_str::<Update>(r#"{"end": null}"#).is_err(), "owner must be there");
    let tolerant: Update = serde_json::from_str(r#"{"owner": null, "label": null}"#).unwrap();
    assert_eq!(tolerant.label, None);
}

#[test]
fn nullable_is_made_from_and_taken_apart() {
    let value: Nullable<String> = "x".into();
    assert_eq!(value.as_deref(), Some("x"));
    assert_eq!(value.as_ref().map(|text| text.len()), Nullable::Value(1));
    assert_eq!(value.value().map(String::as_str), Some("x"));
    assert_eq!(value.into_value(), Some("x".to_owned()));
    assert!(Nullable::<i32>::from(None).is_null());
    assert_eq!(Nullable::from(Some(1)), Nullable::Value(1));
    assert_eq!(Nullable::from(1), Nullable::Value(1));
    assert!(Nullable::<i32>::default().is_absent());
    assert_eq!(Nullable::<FlexText>::from("x").value().unwrap(), "x");
    assert_eq!(Nullable::<Date>::from("x").value().unwrap(), "x");
    assert_eq!(Nullable::<DateTime>::from("x").value().unwrap(), "x");
    assert_eq!(serde_json::to_string(&Nullable::<i32>::Absent).unwrap(), "null");
}

#[derive(Serialize)]
struct Numbers {
    #[serde(serialize_with = "number::serialize")]
    plain: f64,
    #[serde(serialize_with = "number::serialize", skip_serializing_if = "Option::is_none")]
    maybe: Option<f64>,
    #[serde(serialize_with = "number::serialize", skip_serializing_if = "Nullable::is_absent")]
    nullable: Nullable<f64>,
    #[serde(serialize_with = "number::serialize")]
    nested: BTreeMap<String, Vec<Option<f64>>>,
    #[serde(serialize_with = "number::serialize")]
    boxed: Option<Box<f32>>,
}

#[test]
fn whole_numbers_are_written_without_a_fraction() {
    let nested = BTreeMap::from([("a".to_owned(), vec![Some(1.0), None, Some(0.5)])]);
    let numbers = Numbers {
        plain: 50.0,
        maybe: Some(-3.0),
        nullable: Nullable::Null,
        nested,
        boxed: Some(Box::new(2.0)),
    };
    assert_eq!(
        serde_json::to_string(&numbers).unwrap(),
        r#"{"plain":50,"maybe":-3,"nullable":null,"nested":{"a":[1,null,0.5]},"boxed":2}"#
    );
}

#[test]
fn numbers_keep_their_value() {
    #[derive(Serialize)]
    struct One(#[serde(serialize_with = "number::serialize")] f64);
    let table = [
        (0.0, "0"),
        (-0.0, "-0.0"),
        (0.1, "0.1"),
        (9_007_199_254_740_991.0, "9007199254740991"),
        (-9_007_199_254_740_991.0, "-9007199254740991"),
        (1e16, "1e16"),
        (1e300, "1e300"),
        (5e-324, "5e-324"),
    ];
    for (number, text) in table {
        let written = serde_json::to_string(&One(number)).unwrap();
        assert_eq!(written.parse::<f64>().unwrap().to_bits(), number.to_bits(), "{written}");
        assert_eq!(json(&written), json(text));
    }
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(serde_json::to_string(&One(number)).is_err());
    }
}
