//! Values may be added, so a match needs a wildcard.

use amplitude_experiment_management::models::EvaluationMode;

fn name(mode: EvaluationMode) -> &'static str {
    match mode {
        EvaluationMode::Remote => "remote",
        EvaluationMode::Local => "local",
        EvaluationMode::Unknown(_) => "unknown",
    }
}

fn main() {}
