//! Names of files: made from words of the document, safe on every platform.

use std::collections::HashSet;

/// Longest name without its ending; file systems take 255 bytes.
const LONGEST: usize = 100;
/// Names that Windows keeps for devices.
const DEVICES: &[&str] = &["aux", "con", "nul", "prn"];

/// File names of one folder: no two differ only in capitals.
#[derive(Debug, Default)]
pub struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// A name for `word` that nothing else in the folder has.
    pub fn take(&mut self, word: &str) -> String {
        let base = safe(word);
        let free = |taken: &HashSet<String>, name: &str| !taken.contains(&name.to_lowercase());
        let name = if free(&self.taken, &base) {
            base
        } else {
            let mut numbers = 2_u64..;
            // The range is longer than any list of names.
            let number = numbers.find(|number| free(&self.taken, &format!("{base}-{number}")));
            format!("{base}-{}", number.unwrap_or_default())
        };
        self.taken.insert(name.to_lowercase());
        name
    }
}

/// `word` with nothing but ASCII letters, digits, `_`, `-`, `+` and inner dots.
pub fn safe(word: &str) -> String {
    let ascii = deunicode::deunicode(word);
    let mut name = String::new();
    for c in ascii.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '.' | '+' => name.push(c),
            _ if name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    name.truncate(LONGEST);
    let name = name.trim_matches(['-', '.']);
    let stem = name.split('.').next().unwrap_or_default().to_lowercase();
    let device = DEVICES.contains(&stem.as_str())
        || ["com", "lpt"].iter().any(|port| {
            stem.strip_prefix(port).is_some_and(|rest| {
                rest.len() == 1 && rest.starts_with(|c: char| c.is_ascii_digit())
            })
        });
    match name {
        "" => "unnamed".to_owned(),
        name if device => format!("_{name}"),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_leaves_the_folder_or_is_a_device() {
        let cases = [
            ("Flag", "Flag"),
            ("1.0.0-beta+2", "1.0.0-beta+2"),
            ("../../etc/passwd", "etc-passwd"),
            ("C:\\a b", "C-a-b"),
            ("..", "unnamed"),
            ("", "unnamed"),
            (".git", "git"),
            ("CON", "_CON"),
            ("aux.b", "_aux.b"),
            ("LPT1", "_LPT1"),
            ("com10", "com10"),
            ("größe", "grosse"),
            ("a\0\nb", "a-b"),
        ];
        for (word, expected) in cases {
            assert_eq!(safe(word), expected, "{word:?}");
        }
        assert_eq!(safe(&"x".repeat(500)).len(), LONGEST);
    }

    #[test]
    fn names_differ_in_more_than_capitals() {
        let mut names = Names::default();
        let taken: Vec<String> =
            ["Pet", "pet", "PET", "pet-2", "a/b", "a b"].map(|word| names.take(word)).into();
        assert_eq!(taken, ["Pet", "pet-2", "PET-3", "pet-2-2", "a-b", "a-b-2"]);
    }
}
