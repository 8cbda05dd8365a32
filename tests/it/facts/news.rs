//! Members and values that nobody has heard of yet.
use amplitude_experiment_management::models::{
    CreateResult, Deployment, Experiment, Flag, Holdout, Mutex, Version,
};
use serde_json::json;

use super::{same, with};
use crate::support::samples;

/// Members that nobody has heard of are kept, at every level.
#[test]
fn unknown_members_are_kept() {
    let news = json!({ "deep": [1, null, 1.5, "2", { "": true }] });
    let places = [
        "/x-new",
        "/extra",
        "/variants/0/x-new",
        "/targetSegments/0/x-new",
        "/targetSegments/0/conditions/0/x-new",
        "/parentDependencies/x-new",
        "/metadata/x-new",
    ];
    for place in places {
        same::<Flag>(&with(&samples::flag(), place, news.clone()));
    }
    for place in ["/x-new", "/slots/0/x-new", "/slots/1/extra"] {
        same::<Mutex>(&with(&samples::mutex(), place, news.clone()));
    }
    for place in ["/x-new", "/flagConfig/x-new", "/flagConfig/variants/0/x-new"] {
        same::<Version>(&with(&samples::version(), place, news.clone()));
    }
    same::<Experiment>(&with(&samples::experiment(), "/x-new", news.clone()));
    same::<Holdout>(&with(&samples::holdout(), "/x-new", news.clone()));
    same::<Deployment>(&with(&samples::deployment(), "/x-new", news.clone()));
    same::<CreateResult>(&with(&samples::created(), "/x-new", news.clone()));
    let flag: Flag = same(&with(&samples::flag(), "/x-new", news.clone()));
    assert_eq!(flag.extra["x-new"], news);
}

/// Values of lists that nobody has heard of are kept, and can be asked for.
#[test]
fn unknown_values_are_kept() {
    for text in ["nobody-heard-of", "", "Remote", "it's \"quoted\"\n", "\u{1f680}"] {
        let value = json!(text);
        let flag: Flag = same(&with(&samples::flag(), "/evaluationMode", value.clone()));
        assert_eq!(flag.evaluation_mode.as_str(), text);
        for member in ["type", "op"] {
            let place = format!("/targetSegments/0/conditions/0/{member}");
            same::<Flag>(&with(&samples::flag(), &place, value.clone()));
        }
        same::<Flag>(&with(&samples::flag(), "/parentDependencies/operator", value.clone()));
        for member in ["state", "experimentType", "decision", "deliveryMethod"] {
            same::<Experiment>(&with(&samples::experiment(), &format!("/{member}"), value.clone()));
        }
        same::<Deployment>(&with(&samples::deployment(), "/type", value));
    }
}

/// The documented values of the lists are values, and stay what they are.
#[test]
fn known_values_are_read() {
    for state in ["planning", "running", "analyzing", "decision-made"] {
        let experiment: Experiment = same(&with(&samples::experiment(), "/state", json!(state)));
        assert_eq!(experiment.state.value().map(|state| state.as_str()), Some(state));
    }
    for kind in ["a-b-test", "multi-arm-bandit", "hypothesis-testing", "no-harm"] {
        same::<Experiment>(&with(&samples::experiment(), "/experimentType", json!(kind)));
    }
    for decision in ["rollout", "rollback", "continue-running"] {
        same::<Experiment>(&with(&samples::experiment(), "/decision", json!(decision)));
    }
    let operators = [
        "is",
        "is not",
        "contains",
        "does not contain",
        "less",
        "less or equal",
        "greater",
        "greater or equal",
        "set is",
        "set is not",
        "set contains",
        "set does not contain",
        "glob match",
        "glob does not match",
    ];
    for operator in operators {
        let place = "/targetSegments/0/conditions/0/op";
        let flag: Flag = same(&with(&samples::flag(), place, json!(operator)));
        let condition = &flag.target_segments[0].conditions[0];
        assert_eq!(condition.op.as_ref().map(|op| op.as_str()), Some(operator));
    }
}
