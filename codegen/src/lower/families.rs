//! Which family an operation without a tag belongs to.

use super::features::MANY;

/// The family of operations without a tag.
const UNTAGGED: &str = "api";

/// The families of the operations at these paths, none of which has a tag. Where there are many, the
/// first word that not all of the paths start with tells them apart, as a tag would.
pub(super) fn untagged(paths: &[&str]) -> Vec<String> {
    if paths.len() < MANY {
        return vec![UNTAGGED.to_owned(); paths.len()];
    }
    let split: Vec<Vec<&str>> = paths.iter().map(|path| segments(path)).collect();
    let common = split.iter().skip(1).fold(split[0].len(), |common, other| {
        let same = split[0].iter().zip(other).take_while(|(a, b)| a == b).count();
        common.min(same)
    });
    let family = |segments: &Vec<&str>| match segments.get(common) {
        Some(word) if !word.contains(['{', '}']) => (*word).to_owned(),
        _ => UNTAGGED.to_owned(),
    };
    split.iter().map(family).collect()
}

fn segments(path: &str) -> Vec<&str> {
    path.split('/').filter(|segment| !segment.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_operations_are_one_family() {
        assert_eq!(untagged(&["/v1/a", "/v1/b"]), ["api", "api"]);
        assert!(untagged(&[]).is_empty());
    }

    #[test]
    fn many_are_told_apart_by_the_first_word_that_differs() {
        let mut paths = vec!["/v1/a/x", "/v1/a/{id}", "/v1/b", "/v1/{id}", "/v1"];
        paths.extend(vec!["/v1/c"; MANY]);
        assert_eq!(untagged(&paths)[..6], ["a", "a", "b", "api", "api", "c"]);
    }
}
