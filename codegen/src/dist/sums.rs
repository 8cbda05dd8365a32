//! `SHA256SUMS`, in the form that `sha256sum -c` reads.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::Files;

/// Its path.
pub const PATH: &str = "SHA256SUMS";

/// One line for each of `files`, sorted by path.
pub fn files(files: &Files) -> Files {
    let mut text = String::new();
    for (path, content) in files {
        for byte in Sha256::digest(content.as_bytes()) {
            let _ = write!(text, "{byte:02x}");
        }
        let _ = writeln!(text, "  {path}");
    }
    Files::from([(PATH.to_owned(), text)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_that_of_the_standard() {
        let sums = files(&Files::from([
            ("b".to_owned(), "abc".to_owned()),
            ("a/c".to_owned(), String::new()),
        ]));
        // The second is the example of FIPS 180-4.
        let expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a/c\n\
                        ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  b\n";
        assert_eq!(sums[PATH], expected);
    }
}
