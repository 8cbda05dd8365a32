//! The file system below one folder. Symbolic links are never followed.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use super::Error;

/// What cargo and git keep in a crate's folder.
const SKIPPED: &[&str] = &["target", ".git"];

/// Every file below `out`, line ends normalised. What is not UTF-8 is read with substitutes: it
/// can then neither carry the marker by accident nor equal a generated text.
pub fn read(out: &Path) -> Result<BTreeMap<String, String>, Error> {
    let mut found = BTreeMap::new();
    match fs::metadata(out) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(Error::Io("read", out.to_path_buf(), error)),
        Ok(_) => read_folder(out, "", &mut found)?,
    }
    Ok(found)
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
            read_folder(&path, &format!("{relative}/"), found)?;
        } else if kind.is_file() {
            let bytes = fs::read(&path).map_err(|error| Error::Io("read", path.clone(), error))?;
            found.insert(relative, String::from_utf8_lossy(&bytes).replace("\r\n", "\n"));
        }
    }
    Ok(())
}

/// What stands where a new file or one of its folders belongs: a link, a file that stays, or a
/// folder.
pub fn obstacle(
    out: &Path,
    path: &str,
    ours: &impl Fn(&str) -> bool,
) -> Result<Option<String>, Error> {
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
            Ok(found) if end < path.len() => found.is_dir() || (found.is_file() && ours(part)),
            Ok(_) => false,
        };
        if !free {
            return Ok(Some(part.to_owned()));
        }
    }
    Ok(None)
}

/// Writes through a file beside it, so that a reader, or a power cut, sees the old or the new text.
pub fn write(out: &Path, path: &str, text: &str) -> Result<(), Error> {
    let target = out.join(path);
    let folder = target.parent().unwrap_or(out);
    fs::create_dir_all(folder).map_err(|error| Error::Io("create", folder.to_path_buf(), error))?;
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let draft = folder.join(format!(".{name}.{}.new", std::process::id()));
    let written = write_new(&draft, text).and_then(|()| fs::rename(&draft, &target));
    written.map_err(|error| {
        // The draft may not exist; the first error is the one to tell.
        let _ = fs::remove_file(&draft);
        Error::Io("write", target.clone(), error)
    })
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
