//! `cargo xtask bench codegen`: what compiling takes, in documents of growing size.

mod page;
mod shapes;
mod worst;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use ::codegen::{Config, load};

use crate::corpus::process::{self, Ended};
use crate::corpus::usage;
use crate::{Console, Failure, root};
use page::{Ending, Row};
use shapes::Shape;

/// Where the table is kept.
const PAGE: &str = "docs/speed.md";
/// Time that one document may take.
const LIMIT: Duration = Duration::from_secs(300);

/// Measures all shapes and writes the page, or only shows those whose name holds one of the words.
pub fn run(words: &[OsString], console: &mut Console<'_>) -> Result<(), Failure> {
    if cfg!(debug_assertions) {
        return again_in_release(words, console);
    }
    let root = root::find()?;
    let words: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let is_asked =
        |shape: &Shape| words.is_empty() || words.iter().any(|word| shape.name.contains(word));
    let folder = root.join("target/growth");
    let mut rows = Vec::new();
    for shape in shapes::shapes().into_iter().filter(is_asked) {
        for size in shape.sizes {
            let row = measure(&folder, &shape, *size)?;
            writeln!(console.out, "{row}")?;
            console.out.flush()?;
            rows.push(row);
        }
    }
    if rows.is_empty() {
        return Err(Failure::Usage("no shape has a name like that".to_owned()));
    }
    if words.is_empty() {
        let path = root.join(PAGE);
        fs::write(&path, page::text(&rows)).map_err(|error| Failure::io("write", &path, &error))?;
    }
    match rows.iter().find_map(Row::fault) {
        Some(fault) => Err(Failure::new(fault)),
        None => Ok(()),
    }
}

/// Figures of a program that is not optimized tell nothing.
fn again_in_release(words: &[OsString], console: &mut Console<'_>) -> Result<(), Failure> {
    console.out.flush()?;
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["run", "--quiet", "--release", "--package", "xtask", "--", "bench", "codegen"])
        .args(words)
        .current_dir(root::find()?)
        .status()
        .map_err(|error| Failure::new(format_args!("cargo cannot be started: {error}")))?;
    match status.success() {
        true => Ok(()),
        false => Err(Failure::new(format_args!("the measurement ended with {status}"))),
    }
}

/// Compiles one document in a process of its own, so that its memory is its own.
fn measure(folder: &Path, shape: &Shape, size: usize) -> Result<Row, Failure> {
    let folder = folder.join(format!("{}-{size}", shape.name.replace([' ', ',', '$'], "-")));
    let (document, bytes) = write(&folder, &(shape.make)(size))?;
    let program = env::current_exe()
        .map_err(|error| Failure::new(format_args!("cannot find this program: {error}")))?;
    let ended = process::run(Command::new(program).arg("growth-document").arg(&document), LIMIT)
        .map_err(|error| Failure::new(format_args!("cannot start a process: {error}")))?;
    let ending = match ended {
        Ended::Success(line) => Ending::read(&line)
            .ok_or_else(|| Failure::new(format_args!("this is a bug: `{line}`")))?,
        Ended::Failure { reason, .. } => Ending::Fault(reason),
        Ended::TimedOut => Ending::Fault(format!("took more than {} s", LIMIT.as_secs())),
    };
    Ok(Row { name: shape.name, unit: shape.unit, size, bytes, ending })
}

/// Writes the files of a document; gives its path and the bytes of all.
fn write(folder: &Path, files: &[(String, String)]) -> Result<(PathBuf, usize), Failure> {
    fs::create_dir_all(folder).map_err(|error| Failure::io("make", folder, &error))?;
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| Failure::io("write", &path, &error))?;
    }
    let first = files.first().map_or("", |(name, _)| name);
    Ok((folder.join(first), files.iter().map(|(_, text)| text.len()).sum()))
}

/// What the child does: compiles, and prints a line of figures and how it ended.
pub fn document(path: &Path, console: &mut Console<'_>) -> Result<(), Failure> {
    let config = Config::new("made", "openapi.yaml");
    let compiled = load::load(path).and_then(|read| ::codegen::compile_document(&read, &config));
    let told = match &compiled {
        Ok(output) => {
            // To tell of them is part of the work.
            let _ = output.warnings.to_string();
            let bytes: usize = output.files.values().map(String::len).sum();
            format!("made\t{bytes}\t{}", output.warnings.warning_count())
        }
        Err(problems) => {
            let _ = problems.to_string();
            let first = problems.iter().next().map_or("", |problem| problem.code);
            format!("refused\t{first}\t{}", problems.error_count())
        }
    };
    let millis = usage::processor().map_or(0, |time| time.as_millis());
    let peak = usage::peak().unwrap_or(0);
    Ok(writeln!(console.out, "{millis}\t{peak}\t{told}")?)
}
