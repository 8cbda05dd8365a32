//! Flags and experiments: list, create, read, edit.

use std::collections::HashSet;

use super::{reached, reached_item, segments};
use crate::call::{Call, Reply};
use crate::clock;
use crate::refusal::Refusal;
use crate::state::{AUTHOR, Item, Kind, List, State, Stored, at, random_text, text};
use amplitude_experiment_management::Nullable;
use amplitude_experiment_management::models::{
    CreateResult, DeliveryMethod, EvaluationMode, ExperimentCreate, ExperimentType,
    ExperimentUpdate, FlagConfig, Id, VariantSpec,
};

pub(super) fn list(state: &State, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    let page = call.page(match kind {
        Kind::Flag => List::Flags,
        Kind::Experiment => List::Experiments,
    })?;
    let project = call.query("projectId").map(|id| call.project(id)).transpose()?;
    let with_archived = call.query("includeArchived") == Some("true");
    let is_wanted = |item: &Item| {
        let config = &item.config;
        item.kind == kind
            && call.scope.contains(&item.project)
            && project.is_none_or(|project| project == item.project)
            && call.query("key").is_none_or(|key| key == config.key)
            && (with_archived || config.deleted != Some(true))
            && call.query("deliveryMethod").is_none_or(|method| is_delivered(config, method))
            && !item.is_guide
    };
    let items = state.newest_first(&state.items).filter(|(_, item)| is_wanted(item));
    Reply::page(&page, items.map(|(number, item)| (number, &item.config)))
}

fn is_delivered(config: &FlagConfig, method: &str) -> bool {
    matches!(&config.delivery_method, Nullable::Value(own) if own.as_str() == method)
}

pub(super) fn get(state: &State, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    Reply::json(&reached_item(state, call, kind)?.config)
}

pub(super) fn create(state: &mut State, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    let body: ExperimentCreate = call.body()?;
    let project = call.project(body.project_id.as_str())?;
    let mut problems = Vec::new();
    let deployments = body.deployments.as_deref().unwrap_or_default();
    let deployments = state.deployments_of(project, deployments, &mut problems);
    let variants = variants(kind, body.variants.as_deref(), &mut problems);
    check_weights(&body, &variants, &mut problems);
    problems.extend(state.taken(project, &body.key));
    Refusal::of(problems)?;
    state.take_key(project, &body.key);
    let id = state.next_id();
    let mut config = config(id, project, body, deployments);
    fresh(&mut config, kind, call);
    let mut item = Item { kind, project, config, variants, is_guide: false };
    item.settle();
    state.items.insert(id, item);
    state.record(id, call.now);
    let link = format!("http://app.example.com/experiment/{project}/config/{id}");
    Reply::json(&CreateResult::new(text(id).as_str(), link))
}

/// Weights are of variants that there are.
fn check_weights(body: &ExperimentCreate, variants: &[Stored], problems: &mut Vec<String>) {
    let keys: HashSet<&str> = variants.iter().map(|variant| variant.key.as_str()).collect();
    let known = |key: &str| keys.contains(key);
    for key in body.rollout_weights.iter().flat_map(|weights| weights.keys()) {
        if !known(key) {
            problems.push(format!("rolloutWeights.{key}: there is no such variant"));
        }
    }
    let segments = body.target_segments.as_deref().unwrap_or_default();
    segments::check(segments, &known, problems);
}

/// What was asked for, and what stands in for what was not.
fn config(id: u64, project: u64, body: ExperimentCreate, deployments: Vec<Id>) -> FlagConfig {
    let mode = body.evaluation_mode.unwrap_or(EvaluationMode::Remote);
    let unit_key = if mode == EvaluationMode::Local { "device_id" } else { "amplitude_id" };
    let weights = body.rollout_weights.unwrap_or_default();
    let mut config = FlagConfig::new(
        text(id).as_str(),
        text(project).as_str(),
        deployments,
        body.key.as_str(),
        body.name.unwrap_or(body.key.clone()),
        false,
        body.bucketing_key.unwrap_or_else(|| unit_key.to_owned()),
        [],
        weights.into_iter().map(|(key, weight)| (key, weight as f64)),
        body.target_segments.unwrap_or_default(),
    );
    config.description = body.description.unwrap_or_default().into();
    config.evaluation_mode = Some(mode);
    config.experiment_type = body.experiment_type.into();
    config
}

/// What a new item has without being asked.
fn fresh(config: &mut FlagConfig, kind: Kind, call: &Call) {
    config.bucketing_salt = Some(random_text(8));
    config.bucketing_unit = Some("User".to_owned());
    config.rollout_percentage = Some(0.0);
    config.parent_dependencies = Nullable::Null;
    config.tags = Some(Vec::new());
    config.deleted = Some(false);
    config.created_by = AUTHOR.into();
    config.last_modified_by = AUTHOR.into();
    config.created_at = Some(at(call.now));
    config.last_modified_at = Some(at(call.now));
    match kind {
        Kind::Flag => config.experiment_type = Nullable::Absent,
        Kind::Experiment => {
            if config.experiment_type.is_null() {
                config.experiment_type = Nullable::Value(ExperimentType::ABTest);
            }
            config.sticky_bucketing = Some(false);
            config.delivery_method = Nullable::Value(DeliveryMethod::Feature);
            config.start_date = Nullable::Null;
            config.end_date = Nullable::Null;
            config.decision = Nullable::Null;
            config.decision_reason = Nullable::Null;
            config.rolled_out_variant = Nullable::Null;
        }
    }
}

/// The variants that are asked for, or those that every item starts with.
fn variants(kind: Kind, specs: Option<&[VariantSpec]>, problems: &mut Vec<String>) -> Vec<Stored> {
    let Some(specs) = specs.filter(|specs| !specs.is_empty()) else {
        return match kind {
            Kind::Flag => vec![Stored::named("on")],
            Kind::Experiment => vec![Stored::named("control"), Stored::named("treatment")],
        };
    };
    let mut variants: Vec<Stored> = Vec::new();
    let mut keys = HashSet::new();
    for (index, spec) in specs.iter().enumerate() {
        if !keys.insert(&spec.key) {
            problems.push(format!("variants[{index}].key: `{}` is given twice", spec.key));
        }
        variants.push(Stored {
            key: spec.key.clone(),
            name: spec.name.clone(),
            description: spec.description.clone(),
            payload: spec.payload.clone().into_value(),
            ..Stored::default()
        });
    }
    variants
}

pub(super) fn update(state: &mut State, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    let id = reached(state, call, kind)?;
    let body: ExperimentUpdate = call.body()?;
    state.edit(kind, id, call.now, |_, item| {
        if item.is_guide {
            return Err(Refusal::NotEditable("an experiment of Guides and Surveys"));
        }
        if is_delivered(&item.config, "web") {
            return Err(Refusal::NotEditable("a web experiment"));
        }
        let mut problems = Vec::new();
        let keys: HashSet<&str> = item.variants.iter().map(|own| own.key.as_str()).collect();
        let known = |key: &str| keys.contains(key);
        if let Some(segments) = &body.target_segments {
            segments::check(segments, &known, &mut problems);
        }
        common(&mut item.config, &body);
        if kind == Kind::Experiment {
            experiment(item, body, &mut problems);
        }
        Refusal::of(problems)
    })?;
    Ok(Reply::Ok)
}

/// What flags and experiments have in common. Lists replace lists.
fn common(config: &mut FlagConfig, body: &ExperimentUpdate) {
    fn set<T: Clone>(member: &mut T, value: Option<&T>) {
        if let Some(value) = value {
            member.clone_from(value);
        }
    }
    fn set_optional<T: Clone>(member: &mut Option<T>, value: Option<&T>) {
        if let Some(value) = value {
            *member = Some(value.clone());
        }
    }
    set(&mut config.name, body.name.as_ref());
    set(&mut config.bucketing_key, body.bucketing_key.as_ref());
    set(&mut config.target_segments, body.target_segments.as_ref());
    set(&mut config.enabled, body.enabled.as_ref());
    set_optional(&mut config.bucketing_salt, body.bucketing_salt.as_ref());
    set_optional(&mut config.bucketing_unit, body.bucketing_unit.as_ref());
    set_optional(&mut config.evaluation_mode, body.evaluation_mode.as_ref());
    set_optional(&mut config.rollout_percentage, body.rollout_percentage.as_ref());
    set_optional(&mut config.deleted, body.archive.as_ref());
    set_optional(&mut config.tags, body.tags.as_ref());
    if let Some(description) = &body.description {
        config.description = description.clone().into();
    }
}

/// What only experiments have. Absent leaves a member, null removes it, a value replaces it.
fn experiment(item: &mut Item, body: ExperimentUpdate, problems: &mut Vec<String>) {
    let config = &mut item.config;
    if let Some(kind) = body.experiment_type {
        config.experiment_type = Nullable::Value(kind);
    }
    if let Some(is_sticky) = body.sticky_bucketing {
        config.sticky_bucketing = Some(is_sticky);
    }
    if let Some(start) = body.start_date {
        config.start_date = read_day("startDate", &start, problems);
    }
    match body.end_date {
        Nullable::Absent => {}
        Nullable::Null => config.end_date = Nullable::Null,
        Nullable::Value(end) => config.end_date = read_day("endDate", &end, problems),
    }
    match body.exposure_event {
        Nullable::Absent => {}
        Nullable::Null => config.exposure_event = Nullable::Absent,
        event => config.exposure_event = event,
    }
    if let Some(decision) = body.decision {
        config.decision = Nullable::Value(decision);
    }
    if let Some(reason) = body.decision_reason {
        config.decision_reason = reason.into();
    }
    if let Some(named) = body.rolled_out_variant {
        let is_named =
            |variant: &&Stored| variant.key == named || variant.name.as_ref() == Some(&named);
        match item.variants.iter().find(is_named) {
            Some(variant) => config.rolled_out_variant = variant.key.as_str().into(),
            None => problems.push(format!("rolledOutVariant: there is no variant `{named}`")),
        }
    }
}

/// Instants are written and days are read.
fn read_day(member: &str, value: &str, problems: &mut Vec<String>) -> Nullable<String> {
    let day = clock::day(value);
    if day.is_none() {
        problems.push(format!("{member}: `{value}` is not an ISO 8601 instant"));
    }
    day.into()
}
