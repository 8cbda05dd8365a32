//! A page of flags in hand-written structs that keep what the generated ones keep: unknown members,
//! ids as text or number, unknown values of enumerations, absent apart from null.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

type Extra = BTreeMap<String, Value>;

#[derive(Debug, Deserialize)]
pub struct FlagList {
    pub flags: Vec<Flag>,
    #[serde(rename = "nextCursor", default, deserialize_with = "present")]
    pub next_cursor: Option<Option<Id>>,
    #[serde(flatten)]
    pub extra: Extra,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Flag {
    pub id: Id,
    pub project_id: Id,
    pub deployments: Vec<Id>,
    pub key: String,
    pub name: String,
    #[serde(deserialize_with = "required")]
    pub description: Option<String>,
    pub enabled: bool,
    pub evaluation_mode: EvaluationMode,
    pub bucketing_key: String,
    pub bucketing_salt: Option<String>,
    pub bucketing_unit: Option<String>,
    pub variants: Vec<Variant>,
    pub rollout_percentage: f64,
    pub rollout_weights: BTreeMap<String, f64>,
    pub target_segments: Vec<Segment>,
    #[serde(default, deserialize_with = "present")]
    pub parent_dependencies: Option<Option<ParentDependencies>>,
    pub tags: Option<Vec<String>>,
    pub deleted: Option<bool>,
    #[serde(default, deserialize_with = "present")]
    pub created_by: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    pub last_modified_by: Option<Option<String>>,
    pub created_at: Option<String>,
    pub last_modified_at: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub metadata: Option<Option<BTreeMap<String, Value>>>,
    #[serde(flatten)]
    pub extra: Extra,
}

#[derive(Debug, Deserialize)]
pub struct Variant {
    pub key: String,
    pub name: Option<String>,
    pub description: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub payload: Option<Option<Value>>,
    #[serde(flatten)]
    pub extra: Extra,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Segment {
    pub name: Option<String>,
    pub conditions: Vec<Condition>,
    pub percentage: f64,
    pub rollout_weights: BTreeMap<String, f64>,
    pub bucketing_key: Option<String>,
    #[serde(flatten)]
    pub extra: Extra,
}

#[derive(Debug, Deserialize)]
pub struct Condition {
    pub r#type: ConditionType,
    pub prop: Option<String>,
    pub op: Option<Operator>,
    pub values: Option<Vec<Id>>,
    #[serde(flatten)]
    pub extra: Extra,
}

#[derive(Debug, Deserialize)]
pub struct ParentDependencies {
    pub flags: Option<BTreeMap<String, Vec<String>>>,
    pub operator: Option<Combination>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// Text, or a number or boolean that stays one.
#[derive(Debug)]
pub enum Id {
    Text(String),
    Integer(i64),
    Large(u64),
    Float(f64),
    Boolean(bool),
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyId;

        impl Visitor<'_> for AnyId {
            type Value = Id;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a number or a boolean")
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Id, E> {
                Ok(Id::Text(value.to_owned()))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Id, E> {
                Ok(Id::Integer(value))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Id, E> {
                Ok(Id::Large(value))
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Id, E> {
                Ok(Id::Float(value))
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<Id, E> {
                Ok(Id::Boolean(value))
            }
        }

        deserializer.deserialize_any(AnyId)
    }
}

/// An enumeration that keeps a value it does not know, and needs no memory for one that it knows.
macro_rules! open_enum {
    ($name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        #[derive(Debug)]
        pub enum $name {
            $($variant,)*
            Unknown(String),
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;

                impl Visitor<'_> for Text {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a text")
                    }

                    fn visit_str<E: Error>(self, value: &str) -> Result<$name, E> {
                        Ok(match value {
                            $($text => $name::$variant,)*
                            _ => $name::Unknown(value.to_owned()),
                        })
                    }
                }

                deserializer.deserialize_str(Text)
            }
        }
    };
}

open_enum!(EvaluationMode { Remote = "remote", Local = "local" });
open_enum!(ConditionType { Property = "property" });
open_enum!(Combination { All = "all" });
open_enum!(Operator {
    Is = "is",
    IsNot = "is not",
    Contains = "contains",
    DoesNotContain = "does not contain",
    Less = "less",
    LessOrEqual = "less or equal",
    Greater = "greater",
    GreaterOrEqual = "greater or equal",
    SetIs = "set is",
    SetIsNot = "set is not",
    SetContains = "set contains",
    SetDoesNotContain = "set does not contain",
    GlobMatch = "glob match",
    GlobDoesNotMatch = "glob does not match",
});

/// A member that is there, null or not.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Null is a value, but the member must be there.
fn required<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}
