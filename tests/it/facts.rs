//! The sample answers of the collected facts are read, and written back equal. What the service may add,
//! leave out or say differently some day does no harm.
mod news;

use amplitude_experiment_management::models::{
    BulkDeleteCohorts, BulkDeleteUsers, CohortInclusions, CreateResult, Deployment,
    DeploymentCreateResult, DeploymentList, Experiment, ExperimentList, ExposureEvent, Flag,
    FlagList, FlagUpdate, Holdout, HoldoutList, Mutex, MutexList, TargetSegment, UserInclusions,
    Variant, Version, VersionList,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::samples;

/// Reads the sample as a `T` and asserts that it is written back equal: `25` is not `25.0`, null is
/// not absent.
#[track_caller]
fn same<T: DeserializeOwned + Serialize>(sample: &Value) -> T {
    let value: T = match serde_json::from_str(&sample.to_string()) {
        Ok(value) => value,
        Err(error) => panic!("{error}: {sample:#}"),
    };
    let back = serde_json::to_value(&value).expect("what was read can be written");
    assert_eq!(back, *sample);
    value
}

/// The sample with this at the pointer.
fn with(sample: &Value, pointer: &str, value: Value) -> Value {
    let mut sample = sample.clone();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer starts with a slash");
    let parent = sample.pointer_mut(parent).expect("the sample has this place");
    parent[name] = value;
    sample
}

fn without(sample: &Value, name: &str) -> Value {
    let mut sample = sample.clone();
    let members = sample.as_object_mut().expect("samples are objects");
    members.remove(name).unwrap_or_else(|| panic!("the sample has no `{name}`"));
    sample
}

#[test]
fn samples_are_written_back_equal() {
    same::<Flag>(&samples::flag());
    same::<Flag>(&samples::least_flag());
    same::<Experiment>(&samples::experiment());
    same::<Variant>(&samples::variant());
    same::<TargetSegment>(&samples::segment());
    same::<Mutex>(&samples::mutex());
    same::<Holdout>(&samples::holdout());
    same::<Deployment>(&samples::deployment());
    same::<Version>(&samples::version());
    same::<CreateResult>(&samples::created());
    same::<DeploymentCreateResult>(&json!({ "id": "17995" }));
    same::<UserInclusions>(&json!({ "inclusions": ["a@example.com"] }));
    same::<CohortInclusions>(&json!({ "inclusions": ["x7k2p"] }));
    same::<BulkDeleteUsers>(&json!({ "users": ["a@example.com"] }));
    same::<BulkDeleteCohorts>(&json!({ "users": ["x7k2p"] }));
}

/// Facts 5, first row: what the vendor's engineer pasted as "what the API returns" in 2023, before
/// half of today's members. C20: with `state`, and with a bucketing unit of several words.
#[test]
fn the_pasted_answer_of_2023_is_written_back_equal() {
    let sample = json!({
        "id": "55741",
        "projectId": "289220",
        "deployments": ["434"],
        "key": "chart-grouping",
        "name": "Chart grouping",
        "description": "",
        "enabled": true,
        "evaluationMode": "remote",
        "bucketingKey": "group_name",
        "bucketingUnit": "chart id",
        "variants": [{ "key": "control" }, { "key": "treatment" }],
        "rolloutPercentage": 100,
        "rolloutWeights": { "control": 1, "treatment": 1 },
        "targetSegments": [],
        "state": "decision-made",
        "decision": "rollback",
        "decisionReason": "",
    });
    let experiment: Experiment = same(&sample);
    assert_eq!(experiment.decision.value().map(|decision| decision.as_str()), Some("rollback"));
    assert_eq!(experiment.decision_reason.as_deref(), Some(""));
    assert_eq!(experiment.bucketing_unit.as_deref(), Some("chart id"));
}

/// Facts 5: the fixture of the Go provider, with weights of many shapes and payloads of all kinds.
#[test]
fn the_fixture_of_the_go_provider_is_written_back_equal() {
    let variants = json!([
        { "key": "enabled" },
        { "key": "int", "payload": 5 },
        { "key": "float", "payload": 5.25 },
        { "key": "string", "payload": "text" },
        { "key": "bool", "payload": true },
        { "key": "object", "payload": { "nested": { "list": [1, "2", null, 3.5e300] } } },
        { "key": "null", "payload": null },
        { "key": "list", "payload": [] },
        { "key": "unset", "payload": {} },
    ]);
    let segment = with(&samples::segment(), "/rolloutWeights", json!({ "enabled": 100, "int": 0 }));
    let sample = with(&samples::flag(), "/variants", variants);
    let sample = with(&sample, "/targetSegments", json!([segment]));
    let flag: Flag = same(&sample);
    assert!(flag.variants[6].payload.is_null(), "null is a payload");
    assert!(flag.variants[0].payload.is_absent(), "and none is none");
    assert_eq!(flag.target_segments[0].rollout_weights["enabled"], 100.0);
}

/// C27: any JSON value, in the lists of variants as well.
#[test]
fn a_payload_is_any_json_value() {
    let payloads = [
        json!(null),
        json!(false),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1e300),
        json!(""),
        json!("{\"a\": 1}"),
        json!([]),
        json!([[], {}, null]),
        json!({}),
        json!({ "key": "payload", "": null }),
    ];
    for payload in payloads {
        let variant: Variant = same(&with(&samples::variant(), "/payload", payload.clone()));
        match payload {
            Value::Null => assert!(variant.payload.is_null()),
            payload => assert_eq!(variant.payload.into_value(), Some(payload)),
        }
    }
    let variant: Variant = same(&without(&samples::variant(), "payload"));
    assert!(variant.payload.is_absent());
}

/// C10: ids as numbers, in every place, keep their kind and all their digits.
#[test]
fn numeric_ids_stay_numbers() {
    for id in [json!(848_345), json!(9_007_199_254_740_993_u64), json!(u64::MAX), json!(0)] {
        let sample = with(&samples::flag(), "/id", id.clone());
        let sample = with(&sample, "/projectId", id.clone());
        let flag: Flag = same(&with(&sample, "/deployments", json!([id, "434"])));
        assert_eq!(flag.id, id.to_string());
        same::<Experiment>(&with(&samples::experiment(), "/id", id.clone()));
        same::<Deployment>(&with(&samples::deployment(), "/id", id.clone()));
        same::<Mutex>(&with(&samples::mutex(), "/projectId", id.clone()));
        same::<Holdout>(&with(&samples::holdout(), "/id", id.clone()));
        same::<Version>(&with(&samples::version(), "/flagConfig/id", id.clone()));
        same::<CreateResult>(&with(&samples::created(), "/id", id.clone()));
        same::<DeploymentCreateResult>(&json!({ "id": id }));
    }
    let numeric: Flag = same(&with(&samples::flag(), "/id", json!(848_345)));
    let text: Flag = same(&samples::flag());
    assert_eq!(numeric.id, text.id, "one id, two spellings");
}

/// C14: and the integers of groups may arrive as texts.
#[test]
fn members_of_groups_may_be_texts() {
    let pointer = "/slots/0/experiments";
    let mutex: Mutex = same(&with(&samples::mutex(), pointer, json!(["183980", 55741])));
    let experiments = mutex.slots[0].experiments.as_ref().expect("two");
    assert_eq!(experiments[0].as_i64(), Some(183_980));
    same::<Mutex>(&with(&samples::mutex(), "/slots/0/holdouts", json!(["612077"])));
    same::<Holdout>(&with(&samples::holdout(), "/experiments", json!(["183980"])));
}

/// Facts 1.5 and C8: text, number, null, absent, in all six envelopes.
#[test]
fn a_cursor_is_text_number_null_or_absent() {
    fn envelope<T: DeserializeOwned + Serialize>(plural: &str, item: &Value) {
        for cursor in
            [json!("26397"), json!(3003), json!(u64::MAX), json!(null), json!(""), json!(0)]
        {
            same::<T>(&json!({ plural: [item], "nextCursor": cursor }));
        }
        same::<T>(&json!({ plural: [item, item] }));
        same::<T>(&json!({ plural: [], "nextCursor": "1", "total": 1052 }));
    }
    envelope::<FlagList>("flags", &samples::flag());
    envelope::<ExperimentList>("experiments", &samples::experiment());
    envelope::<MutexList>("mutexes", &samples::mutex());
    envelope::<HoldoutList>("holdouts", &samples::holdout());
    envelope::<DeploymentList>("deployments", &samples::deployment());
    envelope::<VersionList>("versions", &samples::version());
}

/// C26: the days of answers, the instants of requests, and what is neither.
#[test]
fn a_date_is_a_day_or_an_instant() {
    let texts = ["2024-02-22", "2024-02-22T00:00:00Z", "2024-02-22T00:00:00.000+01:00", "soon", ""];
    for text in texts {
        for name in ["startDate", "endDate"] {
            let sample = with(&samples::experiment(), &format!("/{name}"), json!(text));
            let experiment: Experiment = same(&sample);
            let dates = [experiment.start_date.as_deref(), experiment.end_date.as_deref()];
            assert!(dates.contains(&Some(text)));
        }
        // Instants of the service are kept as they came, too.
        let flag: Flag = same(&with(&samples::flag(), "/createdAt", json!(text)));
        assert_eq!(flag.created_at.expect("it is there").as_str(), text);
    }
}

/// C25: values are texts, and scalars of other kinds keep theirs.
#[test]
fn values_of_conditions_keep_their_kind() {
    let values = json!(["(none)", "1", 1, 1.5, -2, true, "true", 9_007_199_254_740_993_u64]);
    let pointer = "/targetSegments/0/conditions/0/values";
    let flag: Flag = same(&with(&samples::flag(), pointer, values));
    let values = flag.target_segments[0].conditions[0].values.as_ref().expect("they are there");
    assert_eq!(values[2], "1");
    assert_eq!(values[5], "true");
}

/// Nobody knows what a condition of a cohort is made of, and old segments have no name: one such
/// flag must not make the whole list unreadable.
#[test]
fn a_condition_of_an_unknown_type_and_a_segment_without_a_name_can_be_read() {
    let conditions = json!([{ "type": "cohort", "cohortId": "abc", "negate": null }]);
    let mut sample = with(&samples::flag(), "/targetSegments/0/conditions", conditions);
    sample["targetSegments"][0].as_object_mut().expect("a segment is an object").remove("name");
    let list: FlagList = same(&json!({ "flags": [sample, samples::flag()] }));
    let segment = &list.flags[0].target_segments[0];
    assert_eq!(segment.name, None);
    assert_eq!(segment.conditions[0].r#type.as_str(), "cohort");
    assert_eq!(segment.conditions[0].extra["cohortId"], "abc");
}

/// What is read is sent back as it came: C21 (`bucketingKey`), C25 and unknown members alike.
#[test]
fn segments_survive_a_read_and_a_write() {
    let known = samples::segment()["conditions"][0].clone();
    let unknown =
        json!({ "type": "cohort", "prop": "x7k2p", "op": "in", "values": [7], "since": null });
    let conditions = json!([known, unknown]);
    let sample = with(&samples::flag(), "/targetSegments/0/conditions", conditions);
    let sample = with(&sample, "/targetSegments/0/x-note", json!([{}]));
    let flag: Flag = same(&sample);
    let update = FlagUpdate::new().target_segments(flag.target_segments);
    let body = serde_json::to_value(&update).expect("an update can be written");
    assert_eq!(body, json!({ "targetSegments": sample["targetSegments"] }));
}

/// Facts 8, question 6: e-mail, number or null.
#[test]
fn people_are_texts_numbers_or_null() {
    for person in [json!("dev@example.com"), json!(1017), json!(null)] {
        same::<Version>(&with(&samples::version(), "/createdBy", person.clone()));
        same::<Holdout>(&with(&samples::holdout(), "/createdBy", person.clone()));
        same::<Holdout>(&with(&samples::holdout(), "/lastModifiedBy", person.clone()));
        same::<Mutex>(&with(&samples::mutex(), "/createdBy", person));
    }
}

/// Weights and shares are numbers, whole or not (facts 3.1, 3.3).
#[test]
fn numbers_keep_their_form() {
    for number in [json!(0), json!(1), json!(100), json!(0.5), json!(33.333_333), json!(1e-9)] {
        same::<Flag>(&with(&samples::flag(), "/rolloutPercentage", number.clone()));
        same::<Flag>(&with(&samples::flag(), "/rolloutWeights", json!({ "a": number, "b": 1 })));
        same::<Flag>(&with(&samples::flag(), "/targetSegments/0/percentage", number.clone()));
        same::<Variant>(&with(&samples::variant(), "/rolloutWeight", number));
    }
}

/// C12 and C13: the only documented sample of a filter, and a null key.
#[test]
fn an_exposure_event_is_written_back_equal() {
    let filter = json!({
        "group_type": null,
        "subprop_key": null,
        "subprop_op": "is",
        "subprop_type": "day_time_prop",
        "subprop_value": ["Monday"],
    });
    let event = json!({ "event_type": "_active", "filters": [filter] });
    same::<ExposureEvent>(&event);
    let named = with(&event, "/filters/0/subprop_key", json!("weekday"));
    let event: ExposureEvent = same(&without_group_type(&named));
    assert_eq!(event.filters[0].subprop_key.as_deref(), Some("weekday"));
    let sample = with(&samples::experiment(), "/exposureEvent", named);
    assert!(same::<Experiment>(&sample).exposure_event.value().is_some());
    let none = with(&samples::experiment(), "/exposureEvent", Value::Null);
    assert!(same::<Experiment>(&none).exposure_event.is_null());
}

fn without_group_type(event: &Value) -> Value {
    with(event, "/filters", json!([without(&event["filters"][0], "group_type")]))
}

/// Section 3 names for each object what every sample has; all else may be missing.
#[test]
fn only_what_every_sample_has_is_required() {
    fn lacking<T: DeserializeOwned + Serialize>(sample: &Value, required: &[&str]) {
        let members = sample.as_object().expect("samples are objects");
        for name in required {
            assert!(members.contains_key(*name), "`{name}` is no member of the sample");
        }
        for name in members.keys().filter(|name| !required.contains(&name.as_str())) {
            same::<T>(&without(sample, name));
        }
        let least = members.iter().filter(|(name, _)| required.contains(&name.as_str()));
        same::<T>(&Value::Object(
            least.map(|(name, value)| (name.clone(), value.clone())).collect(),
        ));
    }
    let item = [
        "id",
        "projectId",
        "deployments",
        "key",
        "name",
        "description",
        "enabled",
        "evaluationMode",
        "bucketingKey",
        "variants",
        "rolloutPercentage",
        "rolloutWeights",
        "targetSegments",
    ];
    lacking::<Flag>(&samples::flag(), &item);
    lacking::<Experiment>(&samples::experiment(), &item);
    lacking::<Variant>(&samples::variant(), &["key"]);
    lacking::<Deployment>(&samples::deployment(), &["id", "projectId", "label", "key", "deleted"]);
    lacking::<Mutex>(&samples::mutex(), &["id", "projectId", "name", "key", "slots"]);
    let holdout = ["id", "projectId", "name", "key", "holdoutPercentage"];
    lacking::<Holdout>(&samples::holdout(), &holdout);
    lacking::<Version>(&samples::version(), &["createdAt", "createdBy", "version", "flagConfig"]);
}

/// A snapshot has the members of flags or of experiments (facts 3.7).
#[test]
fn a_version_holds_a_flag_or_an_experiment() {
    let flag: Version = same(&with(&samples::version(), "/flagConfig", samples::flag()));
    assert!(flag.flag_config.experiment_type.is_absent());
    let whole: Version = same(&with(&samples::version(), "/flagConfig", samples::experiment()));
    assert!(whole.flag_config.experiment_type.value().is_some());
}
