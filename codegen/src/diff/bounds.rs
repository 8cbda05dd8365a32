//! How far values may go.

use super::Effect::None as Nothing;
use super::{Side, Walk, Width};
use crate::ir::Limits;

impl Walk<'_> {
    /// Bounds are documented, and those of parameters are checked; types do not change with them.
    pub(super) fn limits(&mut self, place: &str, old: &Limits, new: &Limits, side: Side) {
        let lower = |old: Option<f64>, new: Option<f64>| bound(old, new, |old, new| new < old);
        let upper = |old: Option<f64>, new: Option<f64>| bound(old, new, |old, new| new > old);
        let count = |count: Option<u64>| count.map(|count| count as f64);
        let widths = [
            lower(old.minimum, new.minimum),
            upper(old.maximum, new.maximum),
            lower(count(old.min_length), count(new.min_length)),
            upper(count(old.max_length), count(new.max_length)),
            lower(count(old.min_items), count(new.min_items)),
            upper(count(old.max_items), count(new.max_items)),
            match (&old.pattern, &new.pattern) {
                (None, None) => Width::Same,
                (None, Some(_)) => Width::Narrower,
                (Some(_), None) => Width::Wider,
                (Some(old), Some(new)) => {
                    if old == new {
                        Width::Same
                    } else {
                        Width::Other
                    }
                }
            },
        ];
        let width = widths.into_iter().fold(Width::Same, Width::and);
        let what = match width {
            Width::Same => return,
            Width::Wider => "has wider bounds",
            Width::Narrower => "has narrower bounds",
            Width::Other => "has other bounds",
        };
        // Who reads does not look at bounds.
        let wire = if side == Side::Request { side.effect(width) } else { Nothing };
        self.tell(place, what, wire, Nothing);
    }
}

/// A bound that was moved.
fn bound(old: Option<f64>, new: Option<f64>, is_wider: impl Fn(f64, f64) -> bool) -> Width {
    match (old, new) {
        (None, None) => Width::Same,
        (None, Some(_)) => Width::Narrower,
        (Some(_), None) => Width::Wider,
        (Some(old), Some(new)) => Width::of(is_wider(old, new), is_wider(new, old)),
    }
}
