//! Packages of other languages, installed below `target/` as their lock files say.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::tools::quiet;

/// What says that a folder holds what its lock file names.
const STAMP: &str = "installed";

/// Installs the npm packages of `from` and returns the folder that holds `node_modules`.
pub(crate) fn node(root: &Path, from: &str, name: &str) -> Result<PathBuf, String> {
    let folder = root.join("target").join(name);
    let lock = read(&root.join(from).join("package-lock.json"))?;
    cached(&folder, &lock, "npm packages", || {
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        for file in ["package.json", "package-lock.json"] {
            fs::copy(root.join(from).join(file), folder.join(file))
                .map_err(|error| format!("{file}: {error}"))?;
        }
        let words =
            ["ci", "--loglevel=error", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"];
        let words = words.map(OsStr::new);
        quiet("npm".as_ref(), &[&words[..], &[folder.as_os_str()]].concat())
    })?;
    Ok(folder)
}

/// Installs the Python packages of `from` and returns the interpreter that finds them.
pub(crate) fn python(root: &Path, from: &str, name: &str) -> Result<PathBuf, String> {
    let folder = root.join("target").join(name);
    let (list, python) = (root.join(from).join("requirements.txt"), folder.join("bin/python"));
    let lock = read(&list)?;
    cached(&folder, &lock, "Python packages", || {
        let words = ["-m", "venv", "--clear"].map(OsStr::new);
        quiet("python3".as_ref(), &[&words[..], &[folder.as_os_str()]].concat())?;
        let words = ["-m", "pip", "install", "--quiet", "--no-deps", "--requirement"];
        let words = words.map(OsStr::new);
        quiet(python.as_os_str(), &[&words[..], &[list.as_os_str()]].concat())
    })?;
    Ok(python)
}

/// Installs unless the folder, which may have been moved, is as the lock file says.
fn cached(
    folder: &Path,
    lock: &str,
    what: &str,
    install: impl FnOnce() -> Result<(), String>,
) -> Result<(), String> {
    let (stamp, mark) = (folder.join(STAMP), format!("{}\n{lock}", folder.display()));
    if fs::read_to_string(&stamp).is_ok_and(|own| own == mark) {
        return Ok(());
    }
    let told = |problem| format!("{what} cannot be installed: {problem}");
    if stamp.exists() {
        fs::remove_file(&stamp).map_err(|error| told(error.to_string()))?;
    }
    install().map_err(told)?;
    fs::write(&stamp, mark).map_err(|error| told(error.to_string()))
}

/// The pinned version of an npm package, or of a Python package.
pub(crate) fn version(lock: &Path, package: &str) -> Result<String, String> {
    let text = read(lock)?;
    let found = match serde_json::from_str::<serde_json::Value>(&text) {
        Ok(lock) => lock["packages"][format!("node_modules/{package}")]["version"]
            .as_str()
            .map(str::to_owned),
        Err(_) => text.lines().find_map(|line| {
            let (name, version) = line.split_once("==")?;
            (name == package).then(|| version.trim().to_owned())
        }),
    };
    found.ok_or_else(|| format!("{} does not pin {package}", lock.display()))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}
