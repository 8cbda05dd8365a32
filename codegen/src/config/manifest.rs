//! What cargo and crates.io accept in a manifest.

/// Names that cargo refuses for a package with a library, besides the keywords of Rust.
const RESERVED: &[&str] = &[
    "alloc",
    "build",
    "core",
    "deps",
    "examples",
    "incremental",
    "proc_macro",
    "proc-macro",
    "std",
    "test",
];

/// Why `name` cannot name a crate, if it cannot.
pub fn crate_name_problem(name: &str) -> Option<&'static str> {
    let legal = |part: char| part.is_ascii_alphanumeric() || matches!(part, '-' | '_');
    if name.is_empty() {
        Some("it is empty")
    } else if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        Some("it must start with a letter")
    } else if !name.chars().all(legal) {
        Some("only ASCII letters, digits, `-` and `_` are allowed")
    } else if name.len() > 64 {
        Some("it is longer than 64 characters")
    } else if RESERVED.contains(&name)
        || crate::keywords::is_raw(name)
        || crate::keywords::is_never(name)
    {
        Some("it is a reserved word")
    } else {
        None
    }
}

/// Why crates.io would refuse the keyword, if it would.
pub fn keyword_problem(keyword: &str) -> Option<&'static str> {
    let legal = |part: char| part.is_ascii_alphanumeric() || matches!(part, '-' | '_' | '+');
    if !keyword.starts_with(|first: char| first.is_ascii_alphanumeric())
        || !keyword.chars().all(legal)
    {
        Some(
            "a keyword is made of ASCII letters, digits, `-`, `_` and `+`, and starts with a letter or digit",
        )
    } else if keyword.len() > 20 {
        Some("a keyword has at most 20 characters")
    } else {
        None
    }
}

/// Why it is no slug of a category such as `web-programming::http-client`, if it is none.
pub fn category_problem(category: &str) -> Option<&'static str> {
    let word = |word: &str| {
        word.split('-').all(|part| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
    };
    let good = category.split("::").all(word);
    (!good).then_some(
        "a category is written as in https://crates.io/category_slugs, such as `api-bindings`",
    )
}

/// Why it is no version, if it is none.
pub fn version_problem(version: &str) -> Option<&'static str> {
    let (core, _) = version.split_once(['-', '+']).unwrap_or((version, ""));
    let number =
        |part: &str| part.parse::<u64>().is_ok() && (part == "0" || !part.starts_with(['0', '+']));
    let legal = version.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'));
    let good = legal
        && !version.ends_with(['-', '+', '.'])
        && core.split('.').count() == 3
        && core.split('.').all(number);
    (!good).then_some("a version has three numbers, such as `0.1.0`")
}

/// Why it cannot name an environment variable, if it cannot.
pub fn variable_problem(variable: &str) -> Option<&'static str> {
    let legal = |part: char| part.is_ascii_uppercase() || part.is_ascii_digit() || part == '_';
    let good = variable.starts_with(|first: char| first.is_ascii_uppercase() || first == '_')
        && variable.chars().all(legal);
    (!good)
        .then_some("a variable is made of capital letters, digits and `_`, such as `PETSTORE_KEY`")
}

/// Why it cannot be a text of the manifest, if it cannot.
pub fn text_problem(text: &str) -> Option<&'static str> {
    let good = !text.trim().is_empty() && !text.chars().any(char::is_control);
    (!good).then_some("it is one line of text and not empty")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crate_names() {
        for good in ["a", "petstore-client", "A_1", "amplitude-experiment-management"] {
            assert_eq!(crate_name_problem(good), None, "{good}");
        }
        for bad in ["", "1a", "-a", "a b", "a/b", "ä", "fn", "self", "test", "std", &"a".repeat(65)]
        {
            assert!(crate_name_problem(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn versions() {
        for good in ["0.1.0", "10.20.30", "1.0.0-rc.1", "1.0.0+build.5"] {
            assert_eq!(version_problem(good), None, "{good}");
        }
        for bad in ["", "1", "1.0", "1.0.x", "01.0.0", "1.0.0-", "v1.0.0", "1.0.0 ", "+1.0.0"] {
            assert!(version_problem(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn keywords_categories_and_variables() {
        assert_eq!(keyword_problem("feature-flags"), None);
        assert!(
            keyword_problem("two words").is_some() && keyword_problem(&"k".repeat(21)).is_some()
        );
        assert_eq!(category_problem("web-programming::http-client"), None);
        assert!(category_problem("Web Programming").is_some() && category_problem("a::").is_some());
        assert_eq!(variable_problem("PETSTORE_KEY2"), None);
        assert!(
            variable_problem("petstore").is_some()
                && variable_problem("2KEY").is_some()
                && variable_problem("").is_some()
        );
    }
}
