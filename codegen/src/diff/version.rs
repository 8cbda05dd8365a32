//! What the version of the new document must be.

use std::cmp::Ordering;

use super::{Bump, Comparison, Effect};

impl Comparison {
    /// What the version must do at least; `None` if nothing has changed.
    #[must_use]
    pub fn bump(&self) -> Option<Bump> {
        let worst = self.changes.iter().map(|change| change.wire.max(change.rust)).max()?;
        Some(match worst {
            Effect::None => Bump::Patch,
            Effect::Addition => Bump::Minor,
            Effect::Breaking => Bump::Major,
        })
    }

    /// The least version without a `-` that the new document may have; `None` if nothing has
    /// changed, or no version of three numbers follows the old one.
    #[must_use]
    pub fn least_version(&self) -> Option<String> {
        let next = next(&self.old, self.bump()?)?;
        Some(next.map(|number| number.to_string()).join("."))
    }

    /// Whether the new document's version says what has changed.
    #[must_use]
    pub fn is_version_right(&self) -> bool {
        let Some(bump) = self.bump() else { return true };
        match (next(&self.old, bump), numbers(&self.new)) {
            (Some(least), Some(new)) => new >= least && is_later(&self.new, &self.old),
            (Some(_), None) => false,
            (None, _) => self.old != self.new,
        }
    }
}

fn next(old: &str, bump: Bump) -> Option<[u64; 3]> {
    let [major, minor, patch] = numbers(old)?;
    // What is announced as not finished promises nothing.
    if !pre_release(old).is_empty() {
        return Some([major, minor, patch]);
    }
    Some(match (bump, major) {
        (Bump::Major, 0) => [0, minor.checked_add(1)?, 0],
        (Bump::Major, _) => [major.checked_add(1)?, 0, 0],
        (Bump::Minor, 1..) => [major, minor.checked_add(1)?, 0],
        (Bump::Minor | Bump::Patch, _) => [major, minor, patch.checked_add(1)?],
    })
}

/// `1.2.3`, with or without what follows a `-` or `+`.
fn numbers(version: &str) -> Option<[u64; 3]> {
    let plain = version.split(['-', '+']).next()?.trim_start_matches('v');
    let parts: Result<Vec<u64>, _> = plain.split('.').map(str::parse).collect();
    match *parts.ok()? {
        [major, minor, patch] => Some([major, minor, patch]),
        [major, minor] => Some([major, minor, 0]),
        _ => None,
    }
}

/// `rc.1` of `1.2.3-rc.1+build`.
fn pre_release(version: &str) -> &str {
    let plain = version.split('+').next().unwrap_or_default();
    plain.split_once('-').map_or("", |(_, rest)| rest)
}

/// The order of Semantic Versioning 2.0.0, section 11.
fn is_later(new: &str, old: &str) -> bool {
    let order = numbers(new).cmp(&numbers(old));
    let (new, old) = (pre_release(new), pre_release(old));
    let order = order.then_with(|| match (new.is_empty(), old.is_empty()) {
        (false, false) => parts(new, old),
        (new, old) => new.cmp(&old),
    });
    order == Ordering::Greater
}

fn parts(new: &str, old: &str) -> Ordering {
    // A number stands before a word, and a shorter list before a longer one.
    let part = |text: &str| match text.parse::<u64>() {
        Ok(number) => (false, number, String::new()),
        Err(_) => (true, 0, text.to_owned()),
    };
    new.split('.').map(part).cmp(old.split('.').map(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_versions_are_told() {
        let rising =
            ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.b", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0"];
        for pair in rising.windows(2) {
            if let [old, new] = pair {
                assert!(is_later(new, old) && !is_later(old, new), "{old} {new}");
            }
        }
        assert!(!is_later("1.0.0+b", "1.0.0+a"));
    }

    #[test]
    fn numbers_that_end_do_not_overflow() {
        assert_eq!(next("18446744073709551615.0.0", Bump::Major), None);
        assert_eq!(next("1.0.18446744073709551615", Bump::Patch), None);
        assert_eq!(next("18446744073709551616.0.0", Bump::Major), None);
    }
}
