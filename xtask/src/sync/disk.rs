//! The file system below one folder. Symbolic links are never followed.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

use super::{Error, LIST, MANIFEST};

/// What cargo and git keep in a crate's folder.
const SKIPPED: &[&str] = &["target", ".git"];

/// Refuses a path that cannot be a folder, or become one, and says why.
pub fn check_place(out: &Path) -> Result<(), Error> {
    // Without a `/` at its end, which would follow a link.
    let out: PathBuf = out.components().collect();
    let mut parts = out.ancestors().filter(|part| !part.as_os_str().is_empty());
    let part = parts.find(|part| fs::symlink_metadata(part).is_ok());
    let missing = part.and_then(|part| out.strip_prefix(part).ok()).unwrap_or(&out);
    if missing.components().any(|part| part == Component::ParentDir) {
        return Err(Error::Upwards(out));
    }
    let Some(part) = part else { return Ok(()) };
    match fs::metadata(part) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(Error::NoFolder(part.to_path_buf())),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(Error::DeadLink(part.to_path_buf()))
        }
        Err(error) => Err(Error::Io("read", part.to_path_buf(), error)),
    }
}

/// Whether nothing is in the folder, apart from what cargo and git keep there.
pub fn is_empty(out: &Path) -> Result<bool, Error> {
    let failed = |error| Error::Io("read", out.to_path_buf(), error);
    let entries = match fs::read_dir(out) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        entries => entries.map_err(failed)?,
    };
    for entry in entries {
        let name = entry.map_err(failed)?.file_name();
        if !SKIPPED.iter().any(|skipped| name == *skipped) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The text of a file of the folder, if it is there and no link.
pub fn text(out: &Path, name: &str) -> Result<Option<String>, Error> {
    let path = out.join(name);
    match fs::symlink_metadata(&path) {
        Ok(found) if found.is_file() => read_text(&path).map(Some),
        Ok(_) => Ok(None),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::Io("read", path, error)),
    }
}

/// Line ends normalised. What is not UTF-8 is read with substitutes: it can then neither carry the
/// marker by accident nor equal a generated text.
fn read_text(path: &Path) -> Result<String, Error> {
    let bytes = fs::read(path).map_err(|error| Error::Io("read", path.to_path_buf(), error))?;
    Ok(String::from_utf8_lossy(&bytes).replace("\r\n", "\n"))
}

/// Every file below `out` that does not belong to a crate of its own.
pub fn read(out: &Path) -> Result<BTreeMap<String, String>, Error> {
    let mut found = BTreeMap::new();
    match fs::metadata(out) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(Error::Io("read", out.to_path_buf(), error)),
        Ok(_) => read_folder(out, "", &mut found)?,
    }
    Ok(found)
}

/// The file that makes a folder below ours a crate of its own.
fn root_of_another(folder: &Path) -> Option<&'static str> {
    [MANIFEST, LIST].into_iter().find(|name| fs::symlink_metadata(folder.join(name)).is_ok())
}

fn read_folder(
    folder: &Path,
    prefix: &str,
    found: &mut BTreeMap<String, String>,
) -> Result<(), Error> {
    let failed = |error| Error::Io("read", folder.to_path_buf(), error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if prefix.is_empty() && SKIPPED.contains(&name.as_str()) {
            continue;
        }
        let (path, relative) = (entry.path(), format!("{prefix}{name}"));
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() {
            if root_of_another(&path).is_none() {
                read_folder(&path, &format!("{relative}/"), found)?;
            }
        } else if kind.is_file() {
            found.insert(relative, read_text(&path)?);
        }
    }
    Ok(())
}

/// What stands where a new file or one of its folders belongs: a link, a file that stays, a folder,
/// or the root of another crate.
pub fn obstacle(
    out: &Path,
    path: &str,
    ours: &impl Fn(&str) -> bool,
) -> Result<Option<String>, Error> {
    // Asked for the whole path first: of a name below a folder that is missing, nothing else tells.
    match fs::symlink_metadata(out.join(path)) {
        Err(error) if error.kind() == ErrorKind::InvalidFilename => {
            return Err(Error::Io("write", out.join(path), error));
        }
        _ => {}
    }
    let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
    for end in ends {
        let part = &path[..end];
        let on_disk = out.join(part);
        let free = match fs::symlink_metadata(&on_disk) {
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(Error::Io("read", on_disk, error)),
            Ok(found) if end < path.len() && found.is_dir() => match root_of_another(&on_disk) {
                Some(root) => return Ok(Some(format!("{part}/{root}"))),
                None => true,
            },
            Ok(found) if end < path.len() => found.is_file() && ours(part),
            Ok(_) => false,
        };
        if !free {
            return Ok(Some(part.to_owned()));
        }
    }
    Ok(None)
}

/// New texts in a folder of their own, inside the one they are for: a full disk or a folder that
/// may not be written shows before any file of the crate is touched, and moving a text to its place
/// shows a reader, or a power cut, the old or the new one. The folder goes when this is dropped.
pub struct Drafts {
    folder: PathBuf,
    /// The folders that were made, the deepest first.
    made: Vec<PathBuf>,
}

impl Drafts {
    pub fn write<'a>(out: &Path, texts: impl Iterator<Item = &'a str>) -> Result<Self, Error> {
        let folder = out.join(format!(".generated-{}.new", std::process::id()));
        let is_new = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
        let made = out.ancestors().take_while(is_new).map(Path::to_path_buf).collect();
        let drafts = Self { folder, made };
        for (index, text) in texts.enumerate() {
            let draft = drafts.path(index);
            if index == 0 {
                fs::create_dir_all(&drafts.folder)
                    .map_err(|error| Error::Io("create", drafts.folder.clone(), error))?;
            }
            write_new(&draft, text).map_err(|error| Error::Io("write", draft, error))?;
        }
        Ok(drafts)
    }

    fn path(&self, index: usize) -> PathBuf {
        self.folder.join(index.to_string())
    }

    /// Moves a text to its place.
    pub fn place(&self, index: usize, target: &Path) -> Result<(), Error> {
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)
                .map_err(|error| Error::Io("create", folder.to_path_buf(), error))?;
        }
        fs::rename(self.path(index), target)
            .map_err(|error| Error::Io("write", target.to_path_buf(), error))
    }
}

impl Drop for Drafts {
    fn drop(&mut self) {
        // Neither may exist, and a folder that was filled stays: no failure here is one to tell.
        let _ = fs::remove_dir_all(&self.folder);
        for folder in &self.made {
            let _ = fs::remove_dir(folder);
        }
    }
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(text.as_bytes())
}

/// Removes a file and the folders that are empty without it.
pub fn remove(out: &Path, path: &str) -> Result<(), Error> {
    let target = out.join(path);
    fs::remove_file(&target).map_err(|error| Error::Io("remove", target.clone(), error))?;
    for folder in target.ancestors().skip(1).take_while(|folder| *folder != out) {
        // Fails where something is left in it: then it stays.
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}
