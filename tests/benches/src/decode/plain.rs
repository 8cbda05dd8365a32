//! A page of flags in structs as one writes them in a hurry: what is not declared is lost, ids are
//! text, absent and null are the same.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FlagList {
    pub flags: Vec<Flag>,
    pub next_cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Flag {
    pub id: String,
    pub project_id: String,
    pub deployments: Vec<String>,
    pub key: String,
    pub name: String,
    pub description: Option<String>,
    pub enabled: bool,
    pub evaluation_mode: String,
    pub bucketing_key: String,
    pub bucketing_salt: Option<String>,
    pub bucketing_unit: Option<String>,
    pub variants: Vec<Variant>,
    pub rollout_percentage: f64,
    pub rollout_weights: BTreeMap<String, f64>,
    pub target_segments: Vec<Segment>,
    pub parent_dependencies: Option<ParentDependencies>,
    pub tags: Option<Vec<String>>,
    pub deleted: Option<bool>,
    pub created_by: Option<String>,
    pub last_modified_by: Option<String>,
    pub created_at: Option<String>,
    pub last_modified_at: Option<String>,
    pub metadata: Option<BTreeMap<String, Value>>,
}

#[derive(Debug, Deserialize)]
pub struct Variant {
    pub key: String,
    pub name: Option<String>,
    pub description: Option<String>,
    pub payload: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Segment {
    pub name: Option<String>,
    pub conditions: Vec<Condition>,
    pub percentage: f64,
    pub rollout_weights: BTreeMap<String, f64>,
    pub bucketing_key: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Condition {
    pub r#type: String,
    pub prop: Option<String>,
    pub op: Option<String>,
    pub values: Option<Vec<Value>>,
}

#[derive(Debug, Deserialize)]
pub struct ParentDependencies {
    pub flags: Option<BTreeMap<String, Vec<String>>>,
    pub operator: Option<String>,
}
