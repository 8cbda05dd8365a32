//! The features of the client: each set builds, and with the TLS that it names and no other.

use std::collections::BTreeSet;
use std::env;
use std::path::Path;
use std::process::Command;

use crate::{Console, Failure};

/// A choice of features.
#[derive(Debug, Clone, Copy)]
pub struct Set {
    /// As cargo is told of it.
    pub words: &'static [&'static str],
    /// The libraries for TLS and for its arithmetic that come with it.
    pub tls: &'static [&'static str],
}

/// Each feature by itself, and those that come together.
pub const SETS: &[Set] = &[
    Set { words: &[], tls: &["aws-lc-rs", "rustls"] },
    Set { words: &["--no-default-features"], tls: &[] },
    Set {
        words: &["--no-default-features", "--features", "rustls"],
        tls: &["aws-lc-rs", "rustls"],
    },
    Set { words: &["--no-default-features", "--features", "native-tls"], tls: &["native-tls"] },
    Set { words: &["--no-default-features", "--features", "tracing"], tls: &[] },
    Set { words: &["--no-default-features", "--features", "jiff"], tls: &[] },
    Set { words: &["--no-default-features", "--features", "blocking"], tls: &[] },
    Set { words: &["--features", "blocking,jiff"], tls: &["aws-lc-rs", "rustls"] },
    // As on docs.rs. Who asks for both libraries gets both.
    Set { words: &["--all-features"], tls: &["aws-lc-rs", "native-tls", "rustls"] },
];

/// Libraries of which a client has one at most: those that speak TLS, and those that calculate for
/// rustls.
const TLS: &[&str] = &["aws-lc-rs", "boring", "native-tls", "ring", "rustls"];

/// Checks every set, and ends at the first that fails.
pub fn run(root: &Path, console: &mut Console<'_>) -> Result<(), Failure> {
    for set in SETS {
        let words = set.words.join(" ");
        writeln!(console.out, "-- {}", if words.is_empty() { "default features" } else { &words })?;
        console.out.flush()?;
        let status = cargo("check", set, root).status();
        if !status.is_ok_and(|status| status.success()) {
            return Err(Failure::new(format_args!("the client does not build with `{words}`")));
        }
        let found = tls(set, root)?;
        if found != set.tls {
            return Err(Failure::new(format_args!(
                "with `{words}` the client has {found:?} for TLS, and not {:?}",
                set.tls
            )));
        }
    }
    Ok(())
}

/// The libraries for TLS in the tree of the client, by name; one that is there in two versions comes
/// twice.
pub fn tls(set: &Set, root: &Path) -> Result<Vec<String>, Failure> {
    let mut tree = cargo("tree", set, root);
    let output = tree.args(["--edges", "normal", "--prefix", "none"]).output();
    let output = output.map_err(|error| Failure::new(format_args!("cargo tree: {error}")))?;
    if !output.status.success() {
        let problem = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format_args!("cargo tree: {}", problem.trim_end())));
    }
    Ok(tls_of(&String::from_utf8_lossy(&output.stdout)))
}

/// Reads lines such as `rustls v0.23.46 (*)`.
fn tls_of(tree: &str) -> Vec<String> {
    let package = |line: &str| {
        let (name, rest) = line.split_once(' ')?;
        let version = rest.split(' ').next()?;
        TLS.contains(&name).then(|| (name.to_owned(), version.to_owned()))
    };
    let packages: BTreeSet<_> = tree.lines().filter_map(package).collect();
    packages.into_iter().map(|(name, _)| name).collect()
}

fn cargo(command: &str, set: &Set, root: &Path) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.arg(command).args(["--manifest-path", "generated/Cargo.toml"]).args(set.words);
    cargo.current_dir(root);
    cargo
}

#[cfg(test)]
mod tests {
    use super::tls_of;

    #[test]
    fn a_library_counts_once_for_each_of_its_versions() {
        let tree = "a v1.0.0 (/a)\nreqwest v0.13.5\nrustls v0.23.46\nrustls-pki-types v1.1.0\n\
                    rustls v0.23.46 (*)\nrustls v0.24.0\nring v0.17.14\n\n";
        assert_eq!(tls_of(tree), ["ring", "rustls", "rustls"]);
    }
}
