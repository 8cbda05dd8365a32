//! Puts the published files in place of those of an earlier run, all of them or none.
//!
//! Invariant: a folder is replaced only if it is ours, and it is ours if its `README.md` carries
//! the mark and its checksums name every file in it. The new files are complete beside it before
//! the old ones are touched; between two renamings the old ones stand beside it.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use ::codegen::Files;
use ::codegen::dist::{MARKER, README, SUMS};

use crate::Failure;
use crate::sync::{disk, stays_inside};

/// Files in the way that are named; more are counted.
const SHOWN: usize = 5;

/// What happened to the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// New, or with another text.
    pub written: usize,
    /// As they were.
    pub unchanged: usize,
    /// No longer made.
    pub removed: usize,
}

/// Makes `out` hold these files and no others.
///
/// # Errors
///
/// The folder is not ours, something else has its name, or the file system refuses; `out` is then
/// as it was, unless nothing but the removal of the old files, beside it by then, has failed.
pub fn publish(out: &Path, files: &Files) -> Result<Written, Failure> {
    if let Some(path) = files.keys().find(|path| !stays_inside(path)) {
        return Err(Failure::new(format_args!("this is a bug: `{path}` leaves the folder")));
    }
    disk::check_place(out).map_err(Failure::new)?;
    let place = place(out)?;
    let found = ours(&place, out)?;
    let same = |path: &String, text: &String| {
        found.contains(path) && fs::read(place.join(path)).is_ok_and(|old| old == text.as_bytes())
    };
    let unchanged = files.iter().filter(|(path, text)| same(path, text)).count();
    let removed = found.iter().filter(|path| !files.contains_key(*path)).count();
    let written = files.len() - unchanged;
    if written + removed > 0 {
        let beside = Beside::new(&place)?;
        beside.fill(files)?;
        beside.swap(&place)?;
    }
    Ok(Written { written, unchanged, removed })
}

/// The folder behind links, so that a link stays a link.
fn place(out: &Path) -> Result<PathBuf, Failure> {
    match fs::canonicalize(out) {
        Ok(place) => Ok(place),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            std::path::absolute(out).map_err(|error| Failure::io("find", out, &error))
        }
        Err(error) => Err(Failure::io("read", out, &error)),
    }
}

/// The files of an earlier run; refuses a folder that holds anything else.
fn ours(place: &Path, out: &Path) -> Result<BTreeSet<String>, Failure> {
    let mut found = BTreeSet::new();
    if is_empty(place)? {
        return Ok(found);
    }
    let text = |name: &str| fs::read_to_string(place.join(name)).unwrap_or_default();
    let (out, better) = (out.display(), out.join("dist"));
    // Seen before all of a folder is looked through, which may be large.
    if !text(README).starts_with(MARKER) {
        return Err(Failure::new(format_args!(
            "{out} holds files that `cargo xtask dist` did not write; name a new or empty folder, such as {}",
            better.display()
        )));
    }
    walk(place, "", &mut found)?;
    let sums = text(SUMS);
    let listed: BTreeSet<&str> =
        sums.lines().filter_map(|line| Some(line.split_once("  ")?.1)).chain([SUMS]).collect();
    let strange: Vec<&str> =
        found.iter().map(String::as_str).filter(|path| !listed.contains(path)).collect();
    if strange.is_empty() {
        return Ok(found);
    }
    let shown = strange.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    let more = strange.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Err(Failure::new(format_args!(
        "{out} holds files that its {SUMS} does not name: {shown}{more}; move or remove them, or name another folder"
    )))
}

/// Whether nothing is in the folder, or there is none.
fn is_empty(folder: &Path) -> Result<bool, Failure> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Failure::io("read", folder, &error)),
    }
}

/// Paths below a folder, links and empty folders among them; nothing where there is no folder.
fn walk(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::io("read", folder, &error);
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(failed)?,
    };
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(failed)?.is_dir() {
            let count = found.len();
            walk(&entry.path(), &format!("{path}/"), found)?;
            if found.len() == count {
                found.insert(format!("{path}/"));
            }
        } else {
            found.insert(path);
        }
    }
    Ok(())
}

/// A folder beside the one that is meant. What is left of it goes when this is dropped.
struct Beside {
    new: PathBuf,
    old: PathBuf,
    /// Folders that were made on the way, the deepest first.
    made: Vec<PathBuf>,
}

impl Beside {
    fn new(place: &Path) -> Result<Self, Failure> {
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let sibling =
            |end: &str| place.with_file_name(format!(".{name}-{}.{end}", std::process::id()));
        let (new, old) = (sibling("new"), sibling("old"));
        let missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
        let made = place.ancestors().skip(1).take_while(missing).map(Path::to_path_buf).collect();
        let beside = Self { new, old, made };
        fs::create_dir_all(&beside.new)
            .map_err(|error| Failure::io("create", &beside.new, &error))?;
        Ok(beside)
    }

    fn fill(&self, files: &Files) -> Result<(), Failure> {
        for (path, text) in files {
            let path = self.new.join(path);
            let folder = path.parent().unwrap_or(&self.new);
            fs::create_dir_all(folder).map_err(|error| Failure::io("create", folder, &error))?;
            fs::write(&path, text).map_err(|error| Failure::io("write", &path, &error))?;
        }
        Ok(())
    }

    fn swap(&self, place: &Path) -> Result<(), Failure> {
        let replaces = place.exists();
        if replaces {
            fs::rename(place, &self.old).map_err(|error| Failure::io("replace", place, &error))?;
        }
        fs::rename(&self.new, place).map_err(|error| {
            let back = if replaces { fs::rename(&self.old, place) } else { Ok(()) };
            match back {
                Ok(()) => Failure::io("create", place, &error),
                Err(_) => Failure::new(format_args!(
                    "cannot create {}: {error}; what it held is in {}",
                    place.display(),
                    self.old.display()
                )),
            }
        })?;
        match replaces {
            true => fs::remove_dir_all(&self.old).map_err(|error| {
                Failure::new(format_args!(
                    "the new files are in {}, but the old ones beside it cannot be removed: {}: {error}",
                    place.display(),
                    self.old.display()
                ))
            }),
            false => Ok(()),
        }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // Gone already after a success, and a folder that was filled stays: nothing to tell.
        let _ = fs::remove_dir_all(&self.new);
        for folder in &self.made {
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests;
