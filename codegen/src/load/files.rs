//! The disk: the bytes of a file, and the files that a document may refer to.

use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::MAX_BYTES;
use crate::source::SourceMap;

/// Most files of one document.
pub const MAX_FILES: usize = 2_000;

/// Why a file cannot be used, and what to do about it.
pub type Refusal = (String, String);

/// Where the files of a document may be.
#[derive(Debug)]
pub struct Disk {
    /// The document, without symbolic links.
    pub document: PathBuf,
    /// Its folder as messages name it: empty, or with a slash at its end.
    shown: String,
    /// The folders that files may be in.
    folders: Vec<PathBuf>,
}

impl Disk {
    /// The folder of a document that could be read, and one that the user names.
    pub fn new(path: &Path, name: &str, wider: Option<&Path>) -> Option<Self> {
        let document = path.canonicalize().ok()?;
        let own = document.parent()?.to_owned();
        let wider = wider.and_then(|folder| folder.canonicalize().ok());
        let shown = name.rfind('/').map_or("", |slash| &name[..=slash]).to_owned();
        Some(Self { document, shown, folders: [Some(own), wider].into_iter().flatten().collect() })
    }

    /// The file that `reference` names in a file at `from`: its path without symbolic links.
    pub fn find(&self, from: &Path, reference: &str) -> Result<PathBuf, Refusal> {
        let folder = from.parent().unwrap_or(Path::new(""));
        let meant = plain(&folder.join(reference));
        let outside = |shown: String| {
            let message = format!("`{shown}` is outside of the document's folder");
            (message, "name a wider folder with `--root DIR`".to_owned())
        };
        let shown = self.name(&meant);
        if !self.allows(&meant) {
            return Err(outside(shown));
        }
        let real = meant.canonicalize().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                (format!("`{shown}` does not exist"), "correct the name of the file".to_owned())
            }
            _ => (format!("`{shown}` cannot be read: {error}"), String::new()),
        })?;
        if !self.allows(&real) {
            return Err(outside(shown));
        }
        // Pipes and devices may never end.
        if !real.is_dir() && !real.is_file() {
            return Err((format!("`{shown}` is not a regular file"), "name a file".to_owned()));
        }
        Ok(real)
    }

    fn allows(&self, path: &Path) -> bool {
        self.folders.iter().any(|folder| path.starts_with(folder))
    }

    /// A path as messages name it: from where the document was named.
    pub fn name(&self, path: &Path) -> String {
        let own = self.document.parent().unwrap_or(Path::new(""));
        let mut up = String::new();
        for folder in own.ancestors() {
            if let Ok(below) = path.strip_prefix(folder) {
                let below = below.to_string_lossy().replace('\\', "/");
                return format!("{}{up}{below}", self.shown);
            }
            up.push_str("../");
        }
        path.to_string_lossy().replace('\\', "/")
    }
}

/// A path without `.` and `..`, as the text of a URL is resolved.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => plain.push(part),
        }
    }
    plain
}

/// The bytes of a file.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>, Refusal> {
    let failed = |error: std::io::Error| {
        (error.to_string(), "give the path of an OpenAPI document in YAML or JSON".to_owned())
    };
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if metadata.is_dir() {
        return Err(("it is a directory".to_owned(), "name the document inside it".to_owned()));
    }
    let mut bytes = Vec::new();
    // One byte more than allowed tells a file that is too large; its stated size may be wrong.
    std::fs::File::open(path)
        .map_err(failed)?
        .take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > most {
        let message = format!("it is larger than {} MiB", MAX_BYTES >> 20);
        return Err((message, "split the document or remove large examples".to_owned()));
    }
    Ok(bytes)
}

/// Bytes as text.
pub fn decode(bytes: Vec<u8>) -> Result<String, Refusal> {
    let help = "save the file as UTF-8".to_owned();
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(("it is UTF-16, not UTF-8".to_owned(), help));
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let good = String::from_utf8_lossy(&error.as_bytes()[..offset]).into_owned();
        let place = SourceMap::new("", &good).position(offset);
        (
            format!("it is not UTF-8: wrong byte at line {}, column {}", place.line, place.column),
            help,
        )
    })
}

/// Whether a file is somewhere below a folder.
pub(super) fn holds(folder: &Path, path: &Path) -> bool {
    match (folder.canonicalize(), path.canonicalize()) {
        (Ok(folder), Ok(path)) => folder.is_dir() && path.starts_with(folder),
        _ => false,
    }
}
