//! What the document's schemas cannot say of segments.

use amplitude_experiment_management::models::{ConditionType, TargetSegment};

/// Tells what is wrong with segments that are written.
pub(super) fn check(
    segments: &[TargetSegment],
    is_variant: &impl Fn(&str) -> bool,
    problems: &mut Vec<String>,
) {
    for (index, segment) in segments.iter().enumerate() {
        for key in segment.rollout_weights.keys().filter(|key| !is_variant(key)) {
            problems.push(format!(
                "targetSegments[{index}].rolloutWeights.{key}: there is no such variant"
            ));
        }
        for (place, condition) in segment.conditions.iter().enumerate() {
            let kind = &condition.r#type;
            if *kind != ConditionType::Property {
                let field = format!("targetSegments[{index}].conditions[{place}].type");
                problems.push(format!("{field}: only `property` can be written, not `{kind}`"));
            }
        }
    }
}
