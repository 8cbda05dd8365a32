//! The command line: `Typed` is what was typed, [`Command`] what it means.

pub(crate) mod choice;
mod typed;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::{Failure, Mode};
use typed::{Allowed, Typed, is_help, is_option, usage};

/// What a command line means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Print the help text.
    Help,
    /// Compile one document.
    Codegen(Codegen, Listing),
    /// Run all that CI runs, or only these layers.
    Ci(Vec<OsString>),
    /// Show the client at work against the fake server.
    Tour,
    /// Compare two documents.
    SpecDiff {
        /// The document as it was.
        old: PathBuf,
        /// The document as it is.
        new: PathBuf,
    },
    /// Write everything that is published.
    Dist(Dist),
    /// Compile many documents.
    Corpus {
        /// Folders besides the one that `OPENAPI_CORPUS` names.
        folders: Vec<PathBuf>,
        /// Whether the results are compiled too.
        compile: bool,
    },
    /// One document of a corpus, in a process of its own.
    CorpusDocument {
        /// The document.
        document: PathBuf,
        /// Name of the crate.
        crate_name: String,
        /// Where the crate goes, if it is wanted.
        out: Option<PathBuf>,
        /// Whether the document is changed here and there, instead of only compiled.
        probe: bool,
    },
    /// Start the package of benchmarks, which reads these words itself.
    Bench(Vec<OsString>),
    /// Measure the compiler on documents of all shapes, or of those that these words name.
    Growth(Vec<OsString>),
    /// One of those documents, in a process of its own.
    GrowthDocument(PathBuf),
}

/// How much is told of many problems of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// The first ones and a count.
    Brief,
    /// All.
    Full,
}

/// What `codegen` is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Codegen {
    /// The client of this repository.
    Client(Mode),
    /// Any other document.
    Document {
        /// What is compiled.
        document: Document,
        /// The folder of the crate.
        out: PathBuf,
        /// Write or compare.
        mode: Mode,
    },
    /// Print the model: of this document, or of our own.
    Model(Option<Document>),
}

/// A document with its settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The document as it was named.
    pub spec: PathBuf,
    /// The name of the crate; wins over the one in `config`.
    pub name: Option<String>,
    /// Settings like `spec/client/config.yaml`.
    pub config: Option<PathBuf>,
    /// The operations that the client has, instead of settings: `tag:pets,path:/v2/*`.
    pub include: Option<String>,
    /// The operations that it does not have, in the same words.
    pub exclude: Option<String>,
    /// The folder that other files may be in; that of the document if there is none.
    pub root: Option<PathBuf>,
}

/// What is published, and where it goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dist {
    /// The document; our own if there is none.
    pub spec: Option<PathBuf>,
    /// The folder that other files of it may be in; its own if there is none.
    pub root: Option<PathBuf>,
    /// The workflows on it.
    pub workflows: Option<PathBuf>,
    /// The folder; `dist/` of this repository if there is none.
    pub out: Option<PathBuf>,
}

impl Command {
    /// Reads the words behind `cargo xtask`.
    pub fn read(words: impl IntoIterator<Item = OsString>) -> Result<Self, Failure> {
        let mut words = words.into_iter();
        let Some(command) = words.next() else { return Ok(Self::Help) };
        let words: Vec<OsString> = words.collect();
        // Benchmarks have options of their own.
        let is_bench = command == "bench" && !words.first().is_none_or(|word| is_help(word));
        if words.iter().any(|word| is_help(word)) && !is_bench && command != "soak" {
            return Ok(Self::Help);
        }
        match command.to_str() {
            // There is one text for all commands.
            Some("help" | "--help" | "-h") => Ok(Self::Help),
            Some("codegen") => {
                let typed = Typed::read("codegen", words, CODEGEN)?.without_operands()?;
                let all = typed.flag("--all-problems");
                let listing = if all { Listing::Full } else { Listing::Brief };
                Ok(Self::Codegen(codegen(typed)?, listing))
            }
            Some("ci") => Ok(Self::Ci(Typed::read("ci", words, &[])?.operands)),
            Some("tour") => Typed::read("tour", words, &[])?.without_operands().map(|_| Self::Tour),
            Some("spec") => spec(Typed::read("spec", words, &[])?),
            Some("dist") => dist(Typed::read("dist", words, DIST)?.without_operands()?),
            Some("corpus") => corpus(Typed::read("corpus", words, CORPUS)?),
            Some("corpus-document") => {
                corpus_document(Typed::read("corpus-document", words, CORPUS_DOCUMENT)?)
            }
            Some("growth-document") => {
                let words = Typed::read("growth-document", words, &[])?.operands;
                match words.as_slice() {
                    [document] => Ok(Self::GrowthDocument(document.into())),
                    _ => usage("growth-document needs one document"),
                }
            }
            Some("bench") => bench(words),
            Some("soak") => match words.first().filter(|word| !is_option(word)) {
                Some(word) => usage(format!("soak takes no argument `{}`", word.display())),
                None => Ok(Command::Bench([vec![command], words].concat())),
            },
            _ => Err(Failure::Usage(format!("no command `{}`", command.display()))),
        }
    }
}

fn spec(typed: Typed) -> Result<Command, Failure> {
    let words: Vec<&OsStr> = typed.operands.iter().map(OsString::as_os_str).collect();
    match *words.as_slice() {
        [verb, old, new] if verb == "diff" => {
            Ok(Command::SpecDiff { old: old.into(), new: new.into() })
        }
        [verb, ..] if verb == "diff" => usage("spec diff needs two documents: OLD and NEW"),
        _ => usage("spec knows diff: spec diff OLD NEW"),
    }
}

const CODEGEN: &[Allowed] = &[
    ("--check", None),
    ("--all-problems", None),
    ("--emit", Some("ir")),
    ("--spec", Some("FILE")),
    ("--out", Some("DIR")),
    ("--name", Some("CRATE")),
    ("--config", Some("FILE")),
    ("--include", Some("LIST")),
    ("--exclude", Some("LIST")),
    ("--root", Some("DIR")),
];
const DIST: &[Allowed] = &[
    ("--spec", Some("FILE")),
    ("--root", Some("DIR")),
    ("--workflows", Some("FILE")),
    ("--out", Some("DIR")),
];
/// What can be measured.
const BENCHES: [&str; 4] = ["pacing", "overhead", "decode", "pages"];
const CORPUS: &[Allowed] = &[("--compile", None)];
const CORPUS_DOCUMENT: &[Allowed] = &[
    ("--spec", Some("FILE")),
    ("--name", Some("CRATE")),
    ("--out", Some("DIR")),
    ("--probe", None),
];

fn codegen(mut typed: Typed) -> Result<Codegen, Failure> {
    let mode = if typed.flag("--check") { Mode::Check } else { Mode::Write };
    let model = emit(typed.value("--emit"))?;
    let (spec, out) = (typed.value("--spec"), typed.value("--out"));
    let (name, config) = (crate_name(typed.value("--name"))?, typed.value("--config"));
    let root = typed.value("--root");
    let (include, exclude) = (text(typed.value("--include"))?, text(typed.value("--exclude"))?);
    if model && (mode == Mode::Check || out.is_some()) {
        return usage("codegen --emit prints and writes nothing: leave out --check and --out");
    }
    let Some(spec) = spec else {
        let given = [
            ("--out", out.is_some()),
            ("--name", name.is_some()),
            ("--config", config.is_some()),
            ("--include", include.is_some()),
            ("--exclude", exclude.is_some()),
            ("--root", root.is_some()),
        ];
        return match given.iter().find(|(_, given)| *given) {
            Some((option, _)) => {
                usage(format!("codegen {option} needs --spec FILE: generated/ is made from spec/"))
            }
            None if model => Ok(Codegen::Model(None)),
            None => Ok(Codegen::Client(mode)),
        };
    };
    let nameless = name.is_none() && config.is_none();
    let (config, root) = (config.map(PathBuf::from), root.map(PathBuf::from));
    let document = Document { spec: spec.into(), name, config, include, exclude, root };
    match choice::settings(&document) {
        Err(problem) => return usage(format!("codegen {problem}")),
        Ok(Some(_)) if document.config.is_some() => {
            return usage(
                "codegen takes --include and --exclude or --config FILE: write them into the file, as docs/configuration.md says",
            );
        }
        Ok(_) => {}
    }
    match out {
        _ if model => Ok(Codegen::Model(Some(document))),
        None => usage("codegen --spec FILE needs --out DIR, the folder of the new crate"),
        Some(_) if nameless => {
            usage("codegen --spec FILE needs --name CRATE, the name of the new crate")
        }
        Some(out) => Ok(Codegen::Document { document, out: out.into(), mode }),
    }
}

fn emit(what: Option<OsString>) -> Result<bool, Failure> {
    match what {
        None => Ok(false),
        Some(what) if what == "ir" => Ok(true),
        Some(what) => usage(format!("codegen --emit knows only `ir`, not `{}`", what.display())),
    }
}

/// A value that must be text.
fn text(value: Option<OsString>) -> Result<Option<String>, Failure> {
    let text = value.map(OsString::into_string).transpose();
    text.or_else(|value| usage(format!("`{}` is no text", value.display())))
}

fn crate_name(name: Option<OsString>) -> Result<Option<String>, Failure> {
    let Some(name) = name else { return Ok(None) };
    let text = name.to_str().unwrap_or_default();
    match ::codegen::config::crate_name_problem(text) {
        None => Ok(Some(text.to_owned())),
        Some(problem) => {
            usage(format!("--name `{}` is no name for a crate: {problem}", name.display()))
        }
    }
}

fn dist(mut typed: Typed) -> Result<Command, Failure> {
    let mut path = |name| typed.value(name).map(PathBuf::from);
    let (spec, root) = (path("--spec"), path("--root"));
    let (workflows, out) = (path("--workflows"), path("--out"));
    if root.is_some() && spec.is_none() {
        return usage("dist --root needs --spec FILE: our own document is in spec/");
    }
    Ok(Command::Dist(Dist { spec, root, workflows, out }))
}

fn corpus(typed: Typed) -> Result<Command, Failure> {
    let compile = typed.flag("--compile");
    Ok(Command::Corpus {
        folders: typed.operands.into_iter().map(PathBuf::from).collect(),
        compile,
    })
}

fn corpus_document(typed: Typed) -> Result<Command, Failure> {
    let mut typed = typed.without_operands()?;
    let (out, probe) = (typed.value("--out").map(PathBuf::from), typed.flag("--probe"));
    match (typed.value("--spec"), crate_name(typed.value("--name"))?) {
        (Some(document), Some(crate_name)) => {
            Ok(Command::CorpusDocument { document: document.into(), crate_name, out, probe })
        }
        _ => usage("corpus-document needs --spec FILE and --name CRATE"),
    }
}

fn bench(words: Vec<OsString>) -> Result<Command, Failure> {
    match words.first() {
        Some(what) if what == "codegen" => Ok(Command::Growth(words[1..].to_vec())),
        Some(what) if BENCHES.iter().any(|known| what == known) => Ok(Command::Bench(words)),
        Some(what) => {
            usage(format!("bench knows {}, codegen, not `{}`", BENCHES.join(", "), what.display()))
        }
        None => usage(format!("bench needs one of {}, codegen", BENCHES.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Command, String> {
        Command::read(line.split_whitespace().map(OsString::from)).map_err(
            |failure| match failure {
                Failure::Usage(sentence) => sentence,
                other => format!("not about usage: {other:?}"),
            },
        )
    }

    #[test]
    fn good_lines_are_understood() {
        let pets = |name: Option<&str>, config: Option<&str>| Document {
            spec: "pets.yaml".into(),
            name: name.map(str::to_owned),
            config: config.map(PathBuf::from),
            include: None,
            exclude: None,
            root: None,
        };
        let document = |document, mode| Codegen::Document { document, out: "o".into(), mode };
        let cases = [
            ("codegen", Codegen::Client(Mode::Write)),
            ("codegen --check", Codegen::Client(Mode::Check)),
            ("codegen --emit ir", Codegen::Model(None)),
            (
                "codegen --spec pets.yaml --out o --name pets",
                document(pets(Some("pets"), None), Mode::Write),
            ),
            (
                "codegen --check --name=pets --out=o --spec=pets.yaml",
                document(pets(Some("pets"), None), Mode::Check),
            ),
            (
                "codegen --spec pets.yaml --out o --config c",
                document(pets(None, Some("c")), Mode::Write),
            ),
            (
                "codegen --spec pets.yaml --emit ir --root ..",
                Codegen::Model(Some(Document { root: Some("..".into()), ..pets(None, None) })),
            ),
            (
                "codegen --spec pets.yaml --out o --name pets --include tag:a,path:/b/* --exclude operation:c",
                document(
                    Document {
                        include: Some("tag:a,path:/b/*".to_owned()),
                        exclude: Some("operation:c".to_owned()),
                        ..pets(Some("pets"), None)
                    },
                    Mode::Write,
                ),
            ),
            ("codegen --spec pets.yaml --emit=ir", Codegen::Model(Some(pets(None, None)))),
        ];
        for (line, job) in cases {
            assert_eq!(read(line), Ok(Command::Codegen(job, Listing::Brief)), "{line}");
        }
        assert_eq!(
            read("codegen --all-problems --check"),
            Ok(Command::Codegen(Codegen::Client(Mode::Check), Listing::Full))
        );
        for line in ["", "help", "--help", "-h", "codegen --help", "help codegen"] {
            assert_eq!(read(line), Ok(Command::Help), "{line}");
        }
        assert_eq!(read("ci"), Ok(Command::Ci(Vec::new())));
        assert_eq!(read("ci fmt doc"), Ok(Command::Ci(vec!["fmt".into(), "doc".into()])));
        assert_eq!(
            read("corpus a b --compile"),
            Ok(Command::Corpus { folders: vec!["a".into(), "b".into()], compile: true })
        );
        assert_eq!(read("dist"), Ok(Command::Dist(Dist::default())));
        let dist = Dist {
            spec: Some("p.yaml".into()),
            root: Some("r".into()),
            workflows: Some("w.yaml".into()),
            out: Some("o".into()),
        };
        assert_eq!(
            read("dist --out o --spec=p.yaml --root r --workflows w.yaml"),
            Ok(Command::Dist(dist))
        );
        assert_eq!(
            read("spec diff old.yaml new.yaml"),
            Ok(Command::SpecDiff { old: "old.yaml".into(), new: "new.yaml".into() })
        );
        let bench = |words: &[&str]| Ok(Command::Bench(words.iter().map(OsString::from).collect()));
        assert_eq!(read("bench pacing --tasks 5"), bench(&["pacing", "--tasks", "5"]));
        assert_eq!(read("soak --only pages"), bench(&["soak", "--only", "pages"]));
    }

    #[test]
    fn wrong_lines_are_answered_with_what_is_wrong() {
        let cases = [
            ("codgen", "no command `codgen`"),
            ("codegen --chek", "codegen has no option `--chek`"),
            ("codegen --check --check", "codegen --check was given twice"),
            ("codegen --check=yes", "codegen --check takes no value"),
            ("codegen --spec", "codegen --spec needs a value: --spec FILE"),
            ("codegen --spec --out o", "codegen --spec needs a value: --spec FILE"),
            ("codegen --spec=", "codegen --spec needs a value: --spec FILE"),
            ("codegen pets.yaml", "codegen takes no argument `pets.yaml`"),
            ("codegen --out o", "codegen --out needs --spec FILE: generated/ is made from spec/"),
            (
                "codegen --spec p --name x",
                "codegen --spec FILE needs --out DIR, the folder of the new crate",
            ),
            (
                "codegen --spec p --out o",
                "codegen --spec FILE needs --name CRATE, the name of the new crate",
            ),
            (
                "codegen --spec p --out o --name 1x",
                "--name `1x` is no name for a crate: it must start with a letter",
            ),
            (
                "codegen --spec p --out o --name gen",
                "--name `gen` is no name for a crate: it is a reserved word",
            ),
            ("codegen --emit json", "codegen --emit knows only `ir`, not `json`"),
            (
                "codegen --emit ir --check",
                "codegen --emit prints and writes nothing: leave out --check and --out",
            ),
            ("bench", "bench needs one of pacing, overhead, decode, pages, codegen"),
            ("bench speed", "bench knows pacing, overhead, decode, pages, codegen, not `speed`"),
            ("dist --root r", "dist --root needs --spec FILE: our own document is in spec/"),
            ("codegen --root r", "codegen --root needs --spec FILE: generated/ is made from spec/"),
            (
                "codegen --include tag:a",
                "codegen --include needs --spec FILE: generated/ is made from spec/",
            ),
            (
                "codegen --spec p --out o --name x --exclude tag:a,b",
                "codegen --exclude `b` chooses nothing: write tag:NAME, path:NAME or operation:NAME, with `*` for any text and commas between several",
            ),
            (
                "codegen --spec p --out o --config c --include tag:a",
                "codegen takes --include and --exclude or --config FILE: write them into the file, as docs/configuration.md says",
            ),
            ("dist now", "dist takes no argument `now`"),
            ("dist --out", "dist --out needs a value: --out DIR"),
            ("spec", "spec knows diff: spec diff OLD NEW"),
            ("spec lint a", "spec knows diff: spec diff OLD NEW"),
            ("spec diff a", "spec diff needs two documents: OLD and NEW"),
            ("tour fast", "tour takes no argument `fast`"),
        ];
        for (line, sentence) in cases {
            assert_eq!(read(line), Err(sentence.to_owned()), "{line}");
        }
    }
}
