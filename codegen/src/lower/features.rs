//! Which features the crate has, so that users of a large API compile what they use.

use super::names;
use crate::config::Features;
use crate::ir::Family;

/// From how many operations on a document is large: it takes seconds to compile.
pub(super) const MANY: usize = 150;

/// Gives each family the feature that compiles it, if the crate is to have them.
pub(super) fn decide(families: &mut [Family], features: Features) {
    let operations: usize = families.iter().map(|family| family.operations.len()).sum();
    let wanted = match features {
        Features::Auto => operations >= MANY && families.len() > 1,
        Features::Tags => true,
        Features::None => false,
    };
    if !wanted {
        return;
    }
    let mut scope = names::feature_scope();
    for family in families {
        let name = names::feature_name(&family.name.wire);
        family.feature = Some(scope.take(&name, "api", "-").rust);
    }
}
