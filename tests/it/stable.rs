//! The same document gives the same bytes, and a small change of it a small change of the client.
//! Over real documents, `cargo xtask corpus` asks the same.

use std::fs;

use codegen::{Config, Output};
use xtask::corpus::locality::{self, Probed};

use crate::folder::root;

/// Groups of documents that compile.
const GROUPS: &[&str] = &["small", "unusual", "expected"];

#[test]
fn a_second_run_gives_the_same_bytes_and_a_member_more_changes_only_what_it_belongs_to() {
    let (mut all, mut documents) = (Probed::default(), 0);
    for group in GROUPS {
        let folder = root().join("tests/cases").join(group);
        let entries = fs::read_dir(&folder).expect("a folder of cases");
        for case in entries.map(|entry| entry.expect("an entry").path()) {
            let yaml = case.join("openapi.yaml");
            let path = if yaml.exists() { yaml } else { case.join("openapi.json") };
            let config = Config::new("case", "openapi.yaml");
            let compile = || codegen::compile(&path, &config);
            // Some cases are about what is refused.
            let (Ok(one), Ok(two)) = (compile(), compile()) else { continue };
            assert_eq!(bytes(&one), bytes(&two), "{}", path.display());
            let probed = locality::probe(&path, &config, &one);
            all.add(&probed.unwrap_or_else(|failure| panic!("{}: {failure}", path.display())));
            documents += 1;
        }
    }
    assert_eq!(all.strays, [""; 0]);
    assert!(documents > 60 && all.schemas > 50 && all.files >= all.schemas, "{documents}, {all:?}");
}

fn bytes(output: &Output) -> (Vec<(&String, &String)>, String) {
    let files = output.files.iter().chain(&output.server).collect();
    (files, format!("{:#}", output.warnings))
}
