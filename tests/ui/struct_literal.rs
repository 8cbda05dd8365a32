//! Members may be added, so a literal that names all of today's must not compile.

use amplitude_experiment_management::models::CreateResult;

fn main() {
    let _ = CreateResult { id: "1".into(), url: "u".into(), extra: Default::default() };
}
